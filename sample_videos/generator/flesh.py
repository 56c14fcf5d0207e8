"""Tubes that make up the body of the figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_videos.generator.body import SIDES, Skeleton, eye_height
from sample_videos.generator.surface import Tube, ball
from sample_videos.generator.vec import FORWARD, LEFT, UP, Array, vec

if TYPE_CHECKING:
    from sample_videos.generator.spec import BodySpec


@dataclass(frozen=True)
class Girth:
    """Thickness factors of one build (1 = average)."""

    torso: float
    belly: float
    chest: float
    arm: float
    leg: float


def girth_of(spec: BodySpec) -> Girth:
    """Thickness factors for a build."""
    muscle, weight, female = spec.muscle - 0.5, spec.weight - 0.4, spec.female
    return Girth(
        torso=1 + 0.28 * weight + 0.06 * muscle - 0.05 * female,
        belly=1 + 0.75 * weight - 0.04 * muscle - 0.06 * female,
        chest=1 + 0.20 * weight + 0.22 * muscle - 0.10 * female,
        arm=1 + 0.25 * weight + 0.36 * muscle - 0.14 * female,
        leg=1 + 0.25 * weight + 0.20 * muscle + 0.01 * female,
    )


@dataclass(frozen=True)
class Flesh:
    """Tubes by body part; dictionaries are keyed by side."""

    torso: Tube
    neck: Tube
    traps: list[Tube]
    head: list[Tube]
    upper_arm: dict[str, Tube]
    forearm: dict[str, Tube]
    hand: dict[str, list[Tube]]
    thigh: dict[str, Tube]
    seat: dict[str, Tube]
    shank: dict[str, Tube]
    foot: dict[str, Tube]

    def all_tubes(self) -> list[Tube]:
        """Everything, trunk first."""
        tubes = [self.torso, self.neck, *self.traps, *self.head]
        for side, _ in SIDES:
            tubes += [self.upper_arm[side], self.forearm[side], *self.hand[side]]
            tubes += [self.thigh[side], self.seat[side], self.shank[side], self.foot[side]]
        return tubes


def build_flesh(skeleton: Skeleton) -> Flesh:
    """Body of a skeleton."""
    girth = girth_of(skeleton.spec)
    limbs = {
        side: _arm_tubes(skeleton, girth, side, sign) | _leg_tubes(skeleton, girth, side, sign)
        for side, sign in SIDES
    }
    return Flesh(
        torso=_torso(skeleton, girth),
        neck=_neck(skeleton),
        traps=[_trap(skeleton, side) for side, _ in SIDES],
        head=_head(skeleton),
        upper_arm={side: limbs[side]["upper_arm"] for side, _ in SIDES},
        forearm={side: limbs[side]["forearm"] for side, _ in SIDES},
        hand={side: _hand(skeleton, side) for side, _ in SIDES},
        thigh={side: limbs[side]["thigh"] for side, _ in SIDES},
        seat={side: limbs[side]["seat"] for side, _ in SIDES},
        shank={side: limbs[side]["shank"] for side, _ in SIDES},
        foot={side: limbs[side]["foot"] for side, _ in SIDES},
    )


def _torso(skeleton: Skeleton, girth: Girth) -> Tube:
    j, k, female = skeleton.joints, skeleton.scale, skeleton.spec.female
    hip, top = j["pelvis"][1], j["shoulder_l"][1]
    broad = j["shoulder_l"][0] / (0.184 * k)
    rows = (  # share of hip-shoulder height, z, half width, half depth
        (-0.155, -0.020, 0.118 * girth.torso, 0.088),
        (0.0, -0.022, (0.157 + 0.014 * female) * girth.torso, 0.110 * girth.belly),
        (0.185, -0.008, (0.150 + 0.004 * female) * girth.torso, 0.104 * girth.belly),
        (0.37, -0.002, (0.145 - 0.016 * female) * girth.torso, 0.100 * girth.belly),
        (0.63, -0.004, 0.156 * girth.chest, 0.112 * girth.chest),
        (0.82, -0.008, 0.170 * girth.chest * broad, 0.112 * girth.chest),
        (0.98, -0.016, 0.146 * broad, 0.084),
        (1.07, -0.020, 0.085, 0.058),
    )
    return Tube(
        [vec(0, hip + share * (top - hip), z * k) for share, z, _, _ in rows],
        [row[2] * k for row in rows],
        [row[3] * k for row in rows],
        blend=0.03 * k,
    )


def _neck(skeleton: Skeleton) -> Tube:
    k, height = skeleton.scale, skeleton.spec.stature_m
    thick = k * (1 + 0.25 * (skeleton.spec.muscle - 0.5) - 0.12 * skeleton.spec.female)
    centres = [vec(0, 0.80 * height, -0.024 * k), vec(0, 0.85 * height, -0.010 * k)]
    return Tube(
        [*centres, vec(0, 0.90 * height, 0.006 * k)],
        [0.066 * thick, 0.056 * thick, 0.053 * thick],
        [0.062 * thick, 0.056 * thick, 0.056 * thick],
        blend=0.035 * k,
    )


def _trap(skeleton: Skeleton, side: str) -> Tube:
    k = skeleton.scale
    start = vec(0, 0.85 * skeleton.spec.stature_m, -0.022 * k)
    end = skeleton.joints["shoulder" + side] + vec(0, 0.030 * k, -0.006 * k)
    size = k * (1 + 0.3 * (skeleton.spec.muscle - 0.5))
    return Tube([start, end], [0.035 * size, 0.037 * k], [0.035 * size, 0.037 * k], blend=0.03 * k)


def _head(skeleton: Skeleton) -> list[Tube]:
    k, eye = skeleton.scale, eye_height(skeleton.joints)
    middle = skull_centre(skeleton)

    def at(y: float, z: float, x: float = 0.0) -> Array:
        return vec(x * k, eye + y * k, z * k)

    tubes = [
        ball(middle + vec(0, 0.012 * k, -0.008 * k), (0.075 * k, 0.098 * k)),
        ball(middle + vec(0, -0.010 * k, 0.028 * k), (0.066 * k, 0.074 * k)),
        Tube(
            [at(-0.060, 0.050), at(-0.092, 0.062)],
            [0.057 * k, 0.042 * k],
            [0.052 * k, 0.034 * k],
            blend=0.022,
        ),
        Tube(
            [at(0.004, 0.094), at(-0.036, 0.111)],
            [0.008 * k, 0.013 * k],
            [0.010 * k, 0.012 * k],
            blend=0.012,
        ),
        ball(at(-0.066, 0.096), (0.024 * k, 0.010 * k), blend=0.012),
        Tube(
            [at(0.016, 0.088, -0.034), at(0.016, 0.088, 0.034)],
            [0.007 * k] * 2,
            [0.008 * k] * 2,
            lateral=UP,
            blend=0.014,
        ),
        ball(at(-0.105, 0.085), (0.020 * k, 0.014 * k), blend=0.018),
    ]
    for _, sign in SIDES:
        ear = [at(-0.028, 0.004, sign * 0.077), at(0.012, -0.002, sign * 0.081)]
        tubes.append(Tube(ear, [0.006 * k, 0.007 * k], [0.014 * k, 0.018 * k], blend=0.008))
    return tubes


def skull_centre(skeleton: Skeleton) -> Array:
    """Middle of the skull, m."""
    return vec(0, 0.945 * skeleton.spec.stature_m, 0.012 * skeleton.scale)


def _mix(a: Array, b: Array, share: float, z: float = 0.0) -> Array:
    """Point on the way from `a` to `b`, moved forward by `z` (m)."""
    mixed: Array = a + share * (b - a) + vec(0, 0, z)
    return mixed


def _arm_tubes(skeleton: Skeleton, girth: Girth, side: str, sign: float) -> dict[str, Tube]:
    j, k = skeleton.joints, skeleton.scale
    shoulder, elbow, wrist = j["shoulder" + side], j["elbow" + side], j["wrist" + side]
    arm = girth.arm * k

    return {
        "upper_arm": Tube(
            [
                shoulder + vec(sign * 0.002, 0.01, 0) * k,
                _mix(shoulder, elbow, 0.3),
                _mix(shoulder, elbow, 0.6),
                elbow,
            ],
            [0.058 * arm, 0.053 * arm, 0.048 * arm, 0.039 * k],
            [0.062 * arm, 0.056 * arm, 0.049 * arm, 0.040 * k],
            blend=0.022 * k,
        ),
        "forearm": Tube(
            [elbow, _mix(elbow, wrist, 0.25), _mix(elbow, wrist, 0.65), wrist],
            [0.041 * k, 0.046 * arm, 0.036 * k, 0.028 * k],
            [0.041 * k, 0.043 * arm, 0.032 * k, 0.023 * k],
            lateral=vec(0, 0.3, 1),
            blend=0.02 * k,
        ),
    }


def _leg_tubes(skeleton: Skeleton, girth: Girth, side: str, sign: float) -> dict[str, Tube]:
    j, k = skeleton.joints, skeleton.scale
    hip, knee, ankle = j["hip" + side], j["knee" + side], j["ankle" + side]
    leg = girth.leg * k

    def mix(a: Array, b: Array, share: float, z: float = 0.0) -> Array:
        return _mix(a, b, share, z * k)

    return {
        "thigh": Tube(
            [
                hip + vec(sign * 0.008, 0.02, -0.012) * k,
                mix(hip, knee, 0.22, -0.004),
                mix(hip, knee, 0.55, 0.006),
                mix(hip, knee, 0.85, 0.004),
                knee,
            ],
            [0.083 * leg, 0.085 * leg, 0.075 * leg, 0.060 * leg, 0.056 * k],
            [0.098 * leg, 0.096 * leg, 0.083 * leg, 0.064 * leg, 0.060 * k],
            blend=0.03 * k,
        ),
        "seat": ball(
            hip + vec(-sign * 0.004, 0.005, -0.062) * k, (0.078 * leg, 0.070 * leg), 0.03 * k
        ),
        "shank": Tube(
            [
                mix(knee, ankle, 0, 0.006),
                mix(knee, ankle, 0.1),
                mix(knee, ankle, 0.3, -0.018),
                mix(knee, ankle, 0.55, -0.008),
                mix(knee, ankle, 0.88),
                ankle,
            ],
            [0.053 * k, 0.052 * k, 0.058 * leg, 0.046 * leg, 0.034 * k, 0.036 * k],
            [0.058 * k, 0.056 * k, 0.062 * leg, 0.050 * leg, 0.038 * k, 0.040 * k],
            blend=0.024 * k,
        ),
        "foot": foot_tube(skeleton, side, 0.0),
    }


def foot_tube(skeleton: Skeleton, side: str, thicker: float) -> Tube:
    """Foot, or a shoe around it when `thicker` (m) is positive."""
    j, k = skeleton.joints, skeleton.scale
    x, height = j["ankle" + side][0], j["ankle" + side][1]
    centres = [vec(x, height - 0.035 * k, -0.032 * k), vec(x, 0.034 * k, 0.02 * k)]
    centres += [vec(x, 0.026 * k, 0.10 * k), vec(x, 0.022 * k, 0.155 * k)]
    return Tube(
        centres,
        [size * k + thicker for size in (0.033, 0.038, 0.045, 0.036)],
        [size * k + thicker for size in (0.033, 0.032, 0.022, 0.016)],
        blend=0.02 * k,
    )


def _hand(skeleton: Skeleton, side: str) -> list[Tube]:
    j, k = skeleton.joints, skeleton.scale
    wrist, knuckles = j["wrist" + side], j["knuckles" + side]
    across = j["hand_across" + side]
    palm = [wrist, 0.45 * wrist + 0.55 * knuckles, knuckles]
    tubes = [
        Tube(
            palm,
            [0.026 * k, 0.040 * k, 0.041 * k],
            [0.021 * k, 0.017 * k, 0.014 * k],
            lateral=across,
            blend=0.012 * k,
        )
    ]
    middle, tip = j["finger_mid" + side], j["finger_tip" + side]
    for place, length in ((-0.030, 0.92), (-0.010, 1.0), (0.010, 0.94), (0.029, 0.76)):
        base = knuckles + place * k * across
        bend, end = (base + length * (point - knuckles) for point in (middle, tip))
        sizes = [0.0112 * k, 0.0100 * k, 0.0080 * k]
        tubes.append(Tube([base, bend, end], sizes, sizes, lateral=across, blend=0.006))
    thumb = [j["thumb" + side], j["thumb_tip" + side]]
    tubes.append(
        Tube(thumb, [0.015 * k, 0.010 * k], [0.015 * k, 0.010 * k], lateral=FORWARD, blend=0.01)
    )
    return tubes


def inside(tube: Tube, points: Array, margin: float) -> Array:
    """Mask of the points deeper in a tube than `margin` (m, positive = outside)."""
    mask: Array = tube.distance(points) < margin
    return mask


def side_of(points: Array, sign: float) -> Array:
    """Mask of the points on one side of the body."""
    mask: Array = np.asarray(points @ LEFT * sign > 0)
    return mask
