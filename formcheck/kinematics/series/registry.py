"""The registry of series, and what their formulas share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose import landmarks

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

SEEN = 0.35
"""Limbs seen less than this give no angle."""


@dataclass(frozen=True)
class SeriesInfo:
    """A series that definition files may name; `parts` of the body tell what it rests on."""

    unit: str
    meaning: str
    formula: Callable[[Motion], Floats]
    parts: tuple[str, ...]


SERIES: dict[str, SeriesInfo] = {}
RENAMED_SERIES = {
    "hands_over_head": "wrist_over_head",
    "hands_ahead": "wrist_ahead",
    "hands_up": "wrist_over_shoulder",
    "hands_away": "wrist_away",
    "hands_apart": "wrist_separation",
    "hands_seen": "arm_seen",
}
"""Series of earlier versions, and what they are called now."""


def series(
    name: str, unit: str, meaning: str, *, parts: tuple[str, ...]
) -> Callable[[Callable[[Motion], Floats]], Callable[[Motion], Floats]]:
    """Register a formula under a name that definition files may use."""

    def register(formula: Callable[[Motion], Floats]) -> Callable[[Motion], Floats]:
        SERIES[name] = SeriesInfo(unit, meaning, formula, parts)
        return formula

    return register


def height_px(motion: Motion, name: str) -> Floats:
    """Height of the middle of a landmark pair, pixels, up."""
    return np.asarray(-motion.steady.middle(name)[:, 1])


def working_arms(motion: Motion) -> tuple[str, ...]:
    """The arms that count: the one that works, in side views the near one, else both."""
    if motion.arm != "both":
        return (motion.arm,)
    return (motion.view.near_side,) if motion.view.is_side else landmarks.SIDES


def over_sides(sides: tuple[str, ...], formula: Callable[[str], Floats]) -> Floats:
    """Mean of a formula over sides, shape (T,); NaN where one is missing."""
    return np.asarray(np.mean([formula(side) for side in sides], axis=0))


def body_sides(motion: Motion) -> tuple[str, ...]:
    """The sides that count for legs and trunk: in side views the near one, else both."""
    return (motion.view.near_side,) if motion.view.is_side else landmarks.SIDES
