"""Where the hands are held and whether both work: what tells variants apart.

Places are mostly from the world landmarks, because from no single view the picture
shows forward, up and across; they are only good for clear differences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.angles import AngleSource, sagittal_points
from formcheck.kinematics.series.registry import body_sides, over_sides, series
from formcheck.pose import landmarks
from formcheck.signals import known_median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

ARM_CHAIN = ("shoulder", "elbow", "wrist")


@series("wrist_ahead", "trunk", "hands in front of their shoulders, from world landmarks")
def _wrist_ahead(motion: Motion) -> Floats:
    points = sagittal_points(motion.track, motion.view, AngleSource.WORLD)[..., 0]

    def ahead(side: str) -> Floats:
        wrist, shoulder = (points[:, landmarks.index(n, side)] for n in ("wrist", "shoulder"))
        return np.asarray(wrist - shoulder)

    return over_sides(body_sides(motion), ahead) / _world_trunk(motion)


@series("wrist_over_shoulder", "trunk", "hands above their shoulders in the picture")
def _wrist_over_shoulder(motion: Motion) -> Floats:
    def above(side: str) -> Floats:
        reach = motion.track.point("wrist", side) - motion.track.point("shoulder", side)
        return np.asarray(-reach[:, 1] / motion.trunk_px)

    return over_sides(body_sides(motion), above)


@series("wrist_away", "trunk", "distance of the hands from their shoulders, from world landmarks")
def _wrist_away(motion: Motion) -> Floats:
    def distance(side: str) -> Floats:
        return _world_distance(motion, ("wrist", side), ("shoulder", side))

    return over_sides(body_sides(motion), distance) / _world_trunk(motion)


@series("wrist_separation", "ratio", "hands apart over shoulders apart, from world landmarks")
def _wrist_separation(motion: Motion) -> Floats:
    hands = _world_distance(motion, ("wrist", "left"), ("wrist", "right"))
    shoulders = _world_distance(motion, ("shoulder", "left"), ("shoulder", "right"))
    return hands / max(1e-3, known_median(shoulders))


@series("arm_seen", "ratio", "how well the better seen arm is seen over the clip")
def _arm_seen(motion: Motion) -> Floats:
    best = max(motion.seen(ARM_CHAIN, side) for side in body_sides(motion))
    return np.full(len(motion.t_s), best)


@series("one_arm", "ratio", "1 when only one hand moves over the clip, else 0")
def _one_arm(motion: Motion) -> Floats:
    return np.full(len(motion.t_s), 0.0 if motion.arm == "both" else 1.0)


def _world_distance(motion: Motion, first: tuple[str, str], second: tuple[str, str]) -> Floats:
    world = motion.track.world_m
    span = world[:, landmarks.index(*first)] - world[:, landmarks.index(*second)]
    return np.asarray(np.linalg.norm(span, axis=1))


def _world_trunk(motion: Motion) -> float:
    """Median trunk of the world landmarks, metres."""
    sides = [_world_distance(motion, ("shoulder", s), ("hip", s)) for s in landmarks.SIDES]
    return max(0.1, known_median(np.concatenate(sides)))
