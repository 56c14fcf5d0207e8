"""What the lifter tells beyond the video: nothing of it can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Bar(StrEnum):
    """Where the weight of a squat is held."""

    HIGH = "high"
    LOW = "low"
    FRONT = "front"
    GOBLET = "goblet"
    NONE = "none"


@dataclass(frozen=True)
class Lifter:
    """Facts given by the user; None where nothing was said.

    Attributes
    ----------
    bar
        Where the weight of a squat is held.
    load_kg, bodyweight_kg
        Weight lifted, bar included, and body weight.
    height_m
        Body height.
    rpe
        Rating of the effort, 1 to 10.
    pain
        Whether something hurts: then no exercise is recommended.
    """

    bar: Bar | None = None
    load_kg: float | None = None
    bodyweight_kg: float | None = None
    height_m: float | None = None
    rpe: float | None = None
    pain: bool = False

    @property
    def load_share(self) -> float | None:
        """Weight lifted over body weight; None when either is unknown."""
        if self.load_kg is None or self.bodyweight_kg is None:
            return None
        return self.load_kg / self.bodyweight_kg


NOBODY_ASKED = Lifter()
"""Nothing was said."""
