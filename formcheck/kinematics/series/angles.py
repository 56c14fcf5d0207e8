"""Angles as series: of the near side, or of both sides weighted by how they are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.series.registry import (
    SEEN,
    SERIES,
    SeriesInfo,
    body_sides,
    series,
    working_arms,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.kinematics.angles import Angles
    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

_CHAIN = {
    "knee_flexion": ("hip", "knee", "ankle"),
    "hip_flexion": ("shoulder", "hip", "knee"),
    "shin_inclination": ("knee", "ankle"),
    "thigh_elevation": ("hip", "knee"),
    "neck": ("ear", "shoulder"),
    "elbow_flexion": ("shoulder", "elbow", "wrist"),
    "shoulder_elevation": ("shoulder", "elbow"),
    "upper_arm_to_trunk": ("shoulder", "elbow"),
}
_AGAINST_TRUNK = frozenset({"neck", "shoulder_elevation", "upper_arm_to_trunk"})
"""Angles between a limb and the trunk, which need the hip as well."""


def _seen_angle(motion: Motion, angles: Angles, name: str, *, arm: bool) -> Floats:
    """An angle over the sides that count, each as much as it is seen; NaN if none is."""
    sides = working_arms(motion) if arm else body_sides(motion)
    weights = np.array([motion.seen(_CHAIN[name], side) for side in sides])
    if weights.max() < SEEN:
        return np.full(len(motion.t_s), np.nan)
    columns = np.array([angles[f"{name}_{side}"] for side in sides])
    return np.asarray(np.average(columns, axis=0, weights=weights**2))


def _register_angles() -> None:
    """Angles of the near side (side views) or the mean of both, and their 3D twins."""
    names = {
        "knee_flexion": "0 = straight",
        "hip_flexion": "0 = straight",
        "shin_inclination": "positive with the knee in front of the ankle",
        "thigh_elevation": "90 = standing, 0 = hip level with the knee",
        "neck": "ear in front of the trunk line",
    }
    arm_names = {
        "elbow_flexion": "0 = straight",
        "shoulder_elevation": "upper arm away from the trunk",
        "upper_arm_to_trunk": "positive with the elbow behind the trunk line",
    }

    def add(name: str, meaning: str, *, arm: bool) -> None:
        def plain(motion: Motion) -> Floats:
            return _seen_angle(motion, motion.angles, name, arm=arm)

        def solid(motion: Motion) -> Floats:
            return _seen_angle(motion, motion.world_angles, name, arm=arm)

        chain = ("head" if mark == "ear" else mark for mark in _CHAIN[name])
        parts = (*chain, *(("hip",) if name in _AGAINST_TRUNK else ()))
        SERIES[name] = SeriesInfo("deg", meaning, plain, parts)
        solid_meaning = f"{meaning}; from world landmarks"
        SERIES[f"{name}_3d"] = SeriesInfo("deg", solid_meaning, solid, parts)

    for name, meaning in names.items():
        add(name, meaning, arm=False)
    for name, meaning in arm_names.items():
        add(name, meaning, arm=True)


_register_angles()


@series("trunk_lean", "deg", "trunk from the vertical, positive forward", parts=("shoulder", "hip"))
def _trunk_lean(motion: Motion) -> Floats:
    return motion.angles["trunk_lean"]


@series(
    "trunk_lean_3d",
    "deg",
    "trunk from the vertical, from world landmarks",
    parts=("shoulder", "hip"),
)
def _trunk_lean_3d(motion: Motion) -> Floats:
    return motion.world_angles["trunk_lean"]


@series(
    "knee_difference",
    "deg",
    "left and right knee flexion apart, from world landmarks",
    parts=("hip", "knee", "ankle"),
)
def _knee_difference(motion: Motion) -> Floats:
    columns = motion.world_angles
    return np.abs(columns["knee_flexion_left"] - columns["knee_flexion_right"])
