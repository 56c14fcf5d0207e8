"""What the lifter tells beyond the video: nothing of it can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formcheck.errors import UsageError


class Bar(StrEnum):
    """Where the weight of a squat is held."""

    HIGH = "high"
    LOW = "low"
    FRONT = "front"
    GOBLET = "goblet"
    NONE = "none"

    @classmethod
    def _missing_(cls, value: object) -> Bar | None:
        """Whatever the case: ``Bar("High")`` is `Bar.HIGH`."""
        name = str(value).strip().casefold()
        return next((bar for bar in cls if bar.value == name), None)


HEIGHTS_M = (1.0, 2.5)
"""Body heights that are taken for metres: others are centimetres, or feet."""
LOADS_KG = (0.0, 600.0)
"""Weights that somebody lifts."""


@dataclass(frozen=True)
class Lifter:
    """Facts given by the user; None where nothing was said.

    Attributes
    ----------
    bar
        Where the weight of a squat is held: a `Bar`, or its value ("high").
    load_kg, bodyweight_kg
        Weight lifted, bar included, and body weight.
    height_m
        Body height.
    rpe
        Rating of the effort, 1 to 10.
    pain
        Whether something hurts: then no exercise is recommended.

    Raises
    ------
    UsageError
        If the bar is none of `Bar`, or none although a weight is lifted, or the height is not
        one of an adult in metres.
    """

    bar: Bar | None = None
    load_kg: float | None = None
    bodyweight_kg: float | None = None
    height_m: float | None = None
    rpe: float | None = None
    pain: bool = False

    def __post_init__(self) -> None:
        lowest, highest = HEIGHTS_M
        if self.height_m is not None and not lowest <= self.height_m <= highest:
            raise UsageError(
                f"height_m: expected {lowest:g} to {highest:g} metres, got {self.height_m:g}."
            )
        if self.bar is None:
            return
        try:
            object.__setattr__(self, "bar", Bar(self.bar))
        except ValueError:
            known = ", ".join(Bar)
            raise UsageError(f"bar: expected one of {known}, got {self.bar!r}.") from None
        if self.bar is Bar.NONE and self.lifts_weight:
            raise UsageError(
                f"bar: expected where the weight is held, as load is {self.load_kg:g} kg, got none."
            )

    @property
    def lifts_weight(self) -> bool:
        """Whether a weight was told: then it is held somewhere."""
        return bool(self.load_kg)

    @property
    def load_share(self) -> float | None:
        """Weight lifted over body weight; None when either is unknown."""
        if self.load_kg is None or self.bodyweight_kg is None:
            return None
        return self.load_kg / self.bodyweight_kg


NOBODY_ASKED = Lifter()
"""Nothing was said."""
