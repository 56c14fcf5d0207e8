"""Joint centres of the figure in its rest pose, from published body proportions.

The rest pose stands upright with the arms hanging a little outwards. Heights
are shares of the stature; the sources are listed in ``sample_videos/README.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_videos.generator.vec import Array, unit, vec

if TYPE_CHECKING:
    from sample_videos.generator.spec import BodySpec

SIDES = (("_l", 1.0), ("_r", -1.0))
SPINE = ("lumbar_low", "lumbar_high", "thorax_low", "thorax_mid", "thorax_top")
NECK = ("neck_low", "neck_high", "head")
_LIMBS = (
    "clavicle",
    "upper_arm_top",
    "upper_arm",
    "forearm_top",
    "forearm",
    "hand",
    "fingers",
    "fingertips",
    "thumb",
    "thigh",
    "shank",
    "foot",
    "toes",
)
BONES = ("pelvis", *SPINE, *NECK, *(limb + side for side, _ in SIDES for limb in _LIMBS))
BONE_INDEX = {bone: number for number, bone in enumerate(BONES)}

ANKLE, KNEE, HIP, SHOULDER = 0.039, 0.285, 0.530, 0.800
UPPER_ARM, FOREARM = 0.170, 0.150
HIP_HALF, SHOULDER_HALF = 0.050, 0.105
_REFERENCE_STATURE = 1.75


@dataclass(frozen=True)
class Skeleton:
    """Rest pose.

    Attributes
    ----------
    spec
        Build it was made from.
    joints
        Joint centres, m.
    marks
        Points fixed to a bone: name -> (bone, rest position in m).
    scale
        Stature over 1.75 m: scales everything not given as a share.
    """

    spec: BodySpec
    joints: dict[str, Array]
    marks: dict[str, tuple[str, Array]]
    scale: float

    def length(self, a: str, b: str) -> float:
        """Distance of two joint centres, m."""
        return float(np.linalg.norm(self.joints[a] - self.joints[b]))


def build_skeleton(spec: BodySpec) -> Skeleton:
    """Joint centres and surface points for a build."""
    height = spec.stature_m
    scale = height / _REFERENCE_STATURE
    joints = _trunk(spec, scale)
    for side, sign in SIDES:
        joints |= _leg(spec, side, sign, scale)
        joints |= _arm(spec, side, sign, scale)
    return Skeleton(spec, joints, _marks(joints, scale), scale)


def _trunk(spec: BodySpec, scale: float) -> dict[str, Array]:
    height = spec.stature_m
    hip = HIP * spec.leg_ratio * height + _longer_thigh(spec)
    top = SHOULDER * height

    def at(share: float, z: float) -> Array:
        return vec(0, hip + share * (top - hip), z * scale)

    return {
        "pelvis": vec(0, hip, 0),
        "lumbar_low": at(0.06, -0.010),
        "lumbar_high": at(0.20, -0.018),
        "thorax_low": at(0.37, -0.020),
        "thorax_mid": at(0.57, -0.026),
        "thorax_top": at(0.80, -0.036),
        "neck_low": vec(0, 0.838 * height, -0.014 * scale),
        "neck_high": vec(0, 0.868 * height, -0.002 * scale),
        "head": vec(0, 0.900 * height, 0.012 * scale),
        "crown": vec(0, height, 0.015 * scale),
    }


def _longer_thigh(spec: BodySpec) -> float:
    """Length of the thigh beyond the average, m."""
    return (HIP - KNEE) * (spec.thigh_ratio - 1) * spec.leg_ratio * spec.stature_m


def _leg(spec: BodySpec, side: str, sign: float, scale: float) -> dict[str, Array]:
    height, ratio = spec.stature_m, spec.leg_ratio
    half = HIP_HALF * height * (1 + 0.03 * spec.female)
    return {
        "hip" + side: vec(sign * half, HIP * ratio * height + _longer_thigh(spec), 0),
        "knee" + side: vec(sign * half * 1.04, KNEE * ratio * height, 0.004 * scale),
        "ankle" + side: vec(sign * half * 1.08, ANKLE * height, -0.010 * scale),
        "ball" + side: vec(sign * half * 1.08, 0.020 * scale, 0.112 * scale),
    }


def _arm(spec: BodySpec, side: str, sign: float, scale: float) -> dict[str, Array]:
    height = spec.stature_m
    half = SHOULDER_HALF * height * spec.shoulder_ratio * (1 - 0.07 * spec.female)
    shoulder = vec(sign * half, SHOULDER * height, -0.010 * scale)
    down = unit([sign * 0.55, -0.84, -0.02])
    elbow = shoulder + UPPER_ARM * height * spec.arm_ratio * down
    on = unit([sign * 0.45, -0.84, 0.30])
    wrist = elbow + FOREARM * height * spec.arm_ratio * on
    back = unit(vec(0, -0.3, -1) - (vec(0, -0.3, -1) @ on) * on)
    palm = unit(np.cross(on, back)) * sign
    palm = palm if palm @ vec(-sign, -1, 0) > 0 else -palm
    knuckles = wrist + 0.086 * scale * on
    thumb = wrist + scale * (0.030 * on - 0.026 * back + 0.008 * palm)
    return {
        "clavicle" + side: vec(sign * 0.014 * height, 0.822 * height, 0.018 * scale),
        "shoulder" + side: shoulder,
        "elbow" + side: elbow,
        "wrist" + side: wrist,
        "knuckles" + side: knuckles,
        "finger_mid" + side: knuckles + 0.044 * scale * on,
        "finger_tip" + side: knuckles + 0.088 * scale * on,
        "thumb" + side: thumb,
        "thumb_tip" + side: thumb + 0.062 * scale * unit(on - 0.7 * back + 0.25 * palm),
        "hand_across" + side: back,
        "hand_palm" + side: palm,
    }


def _marks(joints: dict[str, Array], scale: float) -> dict[str, tuple[str, Array]]:
    """Landmarks on the surface, as the pose model names them."""
    eye = eye_height(joints)
    marks = {
        "nose": ("head", vec(0, eye - 0.035 * scale, 0.119 * scale)),
        "mouth": ("head", vec(0, eye - 0.067 * scale, 0.101 * scale)),
        "chin": ("head", vec(0, eye - 0.112 * scale, 0.088 * scale)),
    }
    for side, sign in SIDES:
        x = joints["ankle" + side][0]
        marks["ear" + side] = (
            "head",
            vec(sign * 0.079 * scale, eye - 0.010 * scale, 0.004 * scale),
        )
        marks["heel" + side] = ("foot" + side, vec(x, 0.016 * scale, -0.066 * scale))
        marks["toe" + side] = ("toes" + side, vec(x + sign * 0.004, 0.020 * scale, 0.178 * scale))
    return marks


def eye_height(joints: dict[str, Array]) -> float:
    """Height of the eyes above the floor, m."""
    return float(0.938 * joints["crown"][1])
