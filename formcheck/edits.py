"""What somebody set by hand about a clip, instead of what would be found or guessed."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from formcheck.errors import UsageError
from formcheck.lifter import LOADS_KG, Bar, Lifter

if TYPE_CHECKING:
    from typing import Self


@dataclass(frozen=True)
class RepTimes:
    """When a repetition begins and ends, seconds of the clip.

    Attributes
    ----------
    start_s, end_s
        From rest to rest.
    turn_s
        The bottom of a squat, the top of a pull; None for where the movement turns between.

    Raises
    ------
    UsageError
        If the times are not in order.
    """

    start_s: float
    end_s: float
    turn_s: float | None = None

    def __post_init__(self) -> None:
        known = self.as_given
        ordered = all(a < b for a, b in pairwise(known))
        if not (ordered and known[0] >= 0 and known[-1] < math.inf):
            raise UsageError(f"reps: expected a start before the end, in seconds, got {self}.")

    @classmethod
    def of(cls, *times_s: float) -> Self:
        """A repetition from its start, its turn if that is known, and its end.

        Raises
        ------
        UsageError
            If these are not two or three times in order.

        Examples
        --------
        >>> RepTimes.of(3.1, 5.0), RepTimes.of(3.1, 4.2, 5.0).turn_s
        (RepTimes(start_s=3.1, end_s=5.0, turn_s=None), 4.2)
        """
        if len(times_s) not in (2, 3):
            given = "-".join(f"{time_s:g}" for time_s in times_s)
            raise UsageError(f"reps: expected start and end, or start, turn and end, got {given}.")
        start_s, *turn_s, end_s = times_s
        return cls(start_s, end_s, *turn_s)

    def __str__(self) -> str:
        return "-".join(f"{time_s:g}" for time_s in self.as_given)

    @property
    def as_given(self) -> tuple[float, ...]:
        """Start, turn if it was given, and end."""
        turn = () if self.turn_s is None else (self.turn_s,)
        return (self.start_s, *turn, self.end_s)


@dataclass(frozen=True)
class Spot:
    """A point of the picture as it is shown, at a time.

    Attributes
    ----------
    x_px, y_px
        Pixels from the left and from the top.
    t_s
        Seconds of the clip; what is before the first picture counts as that.

    Raises
    ------
    UsageError
        If a number makes no sense.
    """

    x_px: float
    y_px: float
    t_s: float = 0.0

    def __post_init__(self) -> None:
        if not all(0 <= value < math.inf for value in (self.x_px, self.y_px, self.t_s)):
            raise UsageError(f"lifter: expected pixels and seconds from 0 on, got {self}.")

    def __str__(self) -> str:
        return f"{self.x_px:g},{self.y_px:g}@{self.t_s:g}"


@dataclass(frozen=True)
class Edits:
    """What somebody set by hand; None, or nothing, is left to formcheck.

    Attributes
    ----------
    exercise
        Its identifier.
    reps
        All repetitions of the clip, in order; none to have them found.
    lifter_at
        Where whom to follow is seen.
    bar, load_kg
        As in `Lifter`.

    Raises
    ------
    UsageError
        If repetitions overlap, or a value makes no sense; the sentence begins with its name.
    """

    exercise: str | None = None
    reps: tuple[RepTimes, ...] = ()
    lifter_at: Spot | None = None
    bar: Bar | None = None
    load_kg: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "reps", tuple(self.reps))
        object.__setattr__(self, "bar", Lifter(bar=self.bar).bar)
        for before, after in pairwise(self.reps):
            if after.start_s < before.end_s:
                raise UsageError(f"reps: expected one after the other, got {after} after {before}.")
        low, high = LOADS_KG
        if self.load_kg is not None and not low <= self.load_kg <= high:
            raise UsageError(
                f"load: expected kilograms, {low:g} to {high:g}, got {self.load_kg:g}."
            )

    @property
    def names(self) -> tuple[str, ...]:
        """What is set: some of "exercise", "reps", "lifter", "bar" and "load"."""
        values = (self.exercise, self.reps or None, self.lifter_at, self.bar, self.load_kg)
        named = zip(NAMES, values, strict=True)
        return tuple(name for name, value in named if value is not None)

    def over(self, other: Edits, /) -> Self:
        """These, and of the other ones what these leave open."""
        kept = {
            field.name: getattr(other, field.name)
            for field in fields(self)
            if getattr(self, field.name) in (None, ())
        }
        return replace(self, **kept)

    def told(self, exercise: str | None, lifter: Lifter, /) -> Edits:
        """With what was told otherwise, which wins."""
        return Edits(exercise=exercise, bar=lifter.bar, load_kg=lifter.load_kg).over(self)


NAMES = ("exercise", "reps", "lifter", "bar", "load")
"""What can be set by hand, as options, files and reports call it."""
NO_EDITS = Edits()
"""Nothing was set by hand."""
