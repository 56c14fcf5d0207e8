"""Angles of a fitted body, named and defined as in `formcheck.kinematics.angles`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.fit.skeleton import joint
from formcheck.kinematics.geometry import angle_between, flexion, lean, middle, signed_angle
from formcheck.pose import landmarks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def body_angles(joints: Floats, axes: Floats) -> dict[str, Floats]:
    """Angles in degrees; NaN in gives NaN out.

    Parameters
    ----------
    joints
        Shape (..., J, 3), camera axes.
    axes
        Shape (..., 3, 3) or (3, 3): rows left, up and forward of the lifter.

    Returns
    -------
    dict
        Name -> shape (...).
    """
    plane = in_plane(joints, axes)
    trunk = middle(plane, "shoulder", joint) - middle(plane, "hip", joint)
    found = {"trunk_lean": lean(trunk)}
    for side in landmarks.SIDES:
        shoulder, elbow, wrist, hip, knee, ankle = (
            joints[..., joint(name, side), :]
            for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
        )
        flat = {name: plane[..., joint(name, side), :] for name in _FLAT}
        side_line = flat["shoulder"] - flat["hip"]
        thigh = flat["hip"] - flat["knee"]
        found |= {
            f"knee_flexion_{side}": flexion(hip, knee, ankle),
            f"hip_flexion_{side}": -signed_angle(thigh, trunk),
            f"elbow_flexion_{side}": flexion(shoulder, elbow, wrist),
            f"shoulder_elevation_{side}": angle_between(elbow - shoulder, hip - shoulder),
            f"shin_inclination_{side}": lean(flat["knee"] - flat["ankle"]),
            f"thigh_elevation_{side}": np.degrees(np.arctan2(thigh[..., 1], np.abs(thigh[..., 0]))),
            f"upper_arm_to_trunk_{side}": -signed_angle(
                -side_line, flat["elbow"] - flat["shoulder"]
            ),
        }
    return found


_FLAT = ("shoulder", "elbow", "hip", "knee", "ankle")


def in_plane(points: Floats, axes: Floats) -> Floats:
    """Points (..., M, 3) in the lifter's sagittal plane (..., M, 2): x forward, y up."""
    return np.asarray(np.einsum("...md,...kd->...mk", points, axes[..., [2, 1], :]))
