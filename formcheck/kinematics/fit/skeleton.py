"""The body that is fitted: joints, bones, proportions and angles, and what of it stays in place."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

import numpy as np

from formcheck.kinematics.geometry import angle_between, flexion, lean, middle, signed_angle
from formcheck.pose import landmarks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]


class Contacts(Enum):
    """Joints that stay where they are while the lifter works."""

    FEET = ("ankle", "heel", "foot_index")
    HANDS = ("wrist",)
    NONE = ()


NAMES: Final = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
JOINTS: Final = tuple(landmarks.index(name, side) for name in NAMES for side in landmarks.SIDES)
"""Landmark numbers of the fitted joints: left and right of each of `NAMES` in turn."""
COUNT: Final = len(JOINTS)


def joint(name: str, side: str) -> int:
    """Number of a joint within the fitted ones."""
    return 2 * NAMES.index(name) + landmarks.SIDES.index(side)


STATURE_M: Final = 1.74
"""Only proportions matter for angles; metres follow from this stature."""
_KINDS: Final[dict[str, tuple[float, float, tuple[tuple[str, str], ...], bool]]] = {
    # kind: length over stature, its relative error, ends, whether the ends are on different sides
    "trunk": (0.288, 0.04, (("shoulder", "hip"),), False),
    "diagonal": (0.324, 0.03, (("shoulder", "hip"),), True),
    "shoulders": (0.210, 0.06, (("shoulder", "shoulder"),), True),
    "hips": (0.103, 0.05, (("hip", "hip"),), True),
    "thigh": (0.245, 0.03, (("hip", "knee"),), False),
    "shank": (0.246, 0.03, (("knee", "ankle"),), False),
    "upper_arm": (0.165, 0.05, (("shoulder", "elbow"),), False),
    "forearm": (0.146, 0.05, (("elbow", "wrist"),), False),
    "heel": (0.044, 0.15, (("ankle", "heel"),), False),
    "instep": (0.110, 0.15, (("ankle", "foot_index"),), False),
    "foot": (0.138, 0.15, (("heel", "foot_index"),), False),
}
KINDS: Final = tuple(_KINDS)


def _bones() -> list[tuple[int, int, int]]:
    found = []
    for kind, (_, _, ends, crossed) in enumerate(_KINDS.values()):
        for first, second in ends:
            for side, other in (("left", "right"), ("right", "left")):
                if first == second and side == "right":
                    continue
                found.append((joint(first, side), joint(second, other if crossed else side), kind))
    return found


BONES: Final = np.array(_bones())
"""Shape (B, 3): two joints and the kind of every bone; left and right share a kind."""
LENGTH_M: Final = np.array([STATURE_M * value[0] for value in _KINDS.values()])
LENGTH_ERROR: Final = np.array([value[1] for value in _KINDS.values()])
_TIMES_TOLD: Final = dict.fromkeys(("trunk", "diagonal", "shoulders", "hips"), 6 / 3) | (
    dict.fromkeys(("heel", "instep", "foot"), 3 / 2)
)
TIMES_TOLD: Final = np.array([_TIMES_TOLD.get(kind, 1.0) for kind in KINDS])
"""How often the depth along a bone is told: six bones join the four joints of the trunk, which
have three differences of depth, and three bones those of a foot, which have two."""

HANGING = 0.6
"""Share of the pictures with both hands above the nose in which a lifter hangs."""
STEADY_TRUNKS = 0.35
"""Feet that move less than this against each other, in trunk lengths, stand."""


def guess_contacts(track: PoseTrack, /, *, trunk_px: float) -> Contacts:
    """Hands on a bar, feet on the floor, or neither.

    The feet are held against each other, not against the picture, so that a
    moving camera does not matter.
    """
    hands = np.max([track.point("wrist", side)[:, 1] for side in landmarks.SIDES], axis=0)
    nose = track.point("nose")[:, 1]
    known = np.isfinite(hands) & np.isfinite(nose)
    if known.any() and float(np.mean(hands[known] < nose[known])) >= HANGING:
        return Contacts.HANDS
    spread = track.point("ankle", "left") - track.point("ankle", "right")
    spread = spread[np.isfinite(spread).all(axis=1)]
    if not len(spread):
        return Contacts.NONE
    low, high = np.percentile(spread, [10, 90], axis=0)
    return Contacts.FEET if float((high - low).max()) < STEADY_TRUNKS * trunk_px else Contacts.NONE


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
