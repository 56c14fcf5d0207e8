"""The 33 landmarks of the pose model: numbers, names and left/right pairs.

Left and right are the lifter's own.
"""

from __future__ import annotations

from typing import Final

NAMES: Final = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
COUNT: Final = len(NAMES)
INDEX: Final = {name: number for number, name in enumerate(NAMES)}


def _mirror(name: str) -> str:
    """The same body part on the other side ("nose" is its own mirror)."""
    if "left" in name:
        return name.replace("left", "right")
    return name.replace("right", "left")


MIRROR: Final = tuple(INDEX[_mirror(name)] for name in NAMES)
"""Permutation that swaps every left landmark with its right one."""

NOSE: Final = 0
MOUTH: Final = (9, 10)
SIDES: Final = ("left", "right")


def index(name: str, side: str | None = None) -> int:
    """Landmark number of `name`, or of its left or right instance.

    Examples
    --------
    >>> index("nose"), index("hip", "left"), index("hip", "right")
    (0, 23, 24)
    """
    return INDEX[name if side is None else f"{side}_{name}"]
