"""What an exercise definition file (TOML) may say. Checked with pydantic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from formcheck.data_files import one_of
from formcheck.kinematics.series import RENAMED_SERIES, SERIES
from formcheck.lifter import Bar
from formcheck.pose.landmarks import NAMES
from formcheck.reps.cycles import Half
from formcheck.words.language import _

Stat = Literal["at_start", "at_turn", "at_end", "min", "max", "median", "range", "net"]
"""How a series becomes one number over a stretch of time.

``range`` is the 95th minus the 5th percentile; ``net`` the last minus the
first value; the ``at_`` statistics average a tenth of a second.
"""
Window = Literal["rep", "eccentric", "concentric", "turn", "rest"]
"""Which part of a repetition: all, while the weight goes down or up, around the turn,
or the two ends."""


class Strict(BaseModel):
    """Unknown keys are refused; values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    renamed: ClassVar[Mapping[str, str]] = {}
    """Keys of earlier versions, and what is expected instead."""


def _known_series(name: str) -> str:
    if name in RENAMED_SERIES:
        raise ValueError(f"expected {RENAMED_SERIES[name]!r}, got {name!r}")
    if name not in SERIES:
        raise ValueError(f"unknown series {name!r}, {one_of(sorted(SERIES), name)}")
    return name


SeriesName = Annotated[str, AfterValidator(_known_series)]
"""A name of `formcheck.kinematics.series.SERIES`."""


def _known_landmark(name: str) -> str:
    known = sorted({mark.removeprefix("left_") for mark in NAMES if mark.startswith("left_")})
    if name not in known:
        raise ValueError(f"unknown landmark {name!r}; known: {', '.join(known)}")
    return name


LandmarkName = Annotated[str, AfterValidator(_known_landmark)]
"""A landmark that there is on both sides, without the side."""


class Feature(Strict):
    """One number of a repetition: a statistic of a series over a window."""

    series: SeriesName
    stat: Stat
    window: Window = "rep"

    @model_validator(mode="after")
    def _no_window_of_an_instant(self) -> Self:
        if self.stat.startswith("at_") and self.window != "rep":
            raise ValueError(f"{self.stat} is an instant: expected no window, got {self.window!r}")
        return self


class Condition(Feature):
    """A feature with limits. `tolerance` is how far outside it may be to count half."""

    renamed = {"slack": "tolerance"}

    min: float | None = None
    max: float | None = None
    tolerance: Annotated[float, Field(gt=0)]
    weight: Annotated[float, Field(gt=0)] = 1.0
    reason: str = ""

    @model_validator(mode="after")
    def _has_limit(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("expected min, max or both")
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise ValueError(f"expected min < max, got {self.min} and {self.max}")
        return self


class Signal(Strict):
    """The series whose cycles are repetitions.

    `rest` tells whether it is high or low between repetitions; `min_amplitude` is
    the smallest movement that can be one, `full_amplitude` what a whole one has. Where
    `each_arm` is true, arms may take turns, and each one's repetitions are counted. `also`
    are series that move along with it: they tell where its landmarks are hidden.
    """

    renamed = {"min_travel": "min_amplitude", "full_travel": "full_amplitude"}

    series: SeriesName
    rest: Literal["high", "low"]
    min_amplitude: Annotated[float, Field(gt=0)]
    full_amplitude: Annotated[float, Field(gt=0)]
    each_arm: bool = False
    also: tuple[SeriesName, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.full_amplitude < self.min_amplitude:
            raise ValueError(
                f"expected full_amplitude of at least min_amplitude, got {self.full_amplitude} "
                f"and {self.min_amplitude}"
            )
        return self


class Durations(Strict):
    """Shortest and longest times of a repetition's two halves, seconds."""

    renamed = {
        f"{half}_{end}": f"eccentric_{end} or concentric_{end}, whichever half that is"
        for half in ("out", "back")
        for end in ("min", "max")
    }

    eccentric_min: Annotated[float, Field(ge=0)]
    eccentric_max: float
    concentric_min: Annotated[float, Field(ge=0)]
    concentric_max: float

    def of(self, half: Half, /) -> tuple[float, float]:
        """Shortest and longest time of a half, seconds."""
        if half == "eccentric":
            return self.eccentric_min, self.eccentric_max
        return self.concentric_min, self.concentric_max

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.eccentric_min < self.eccentric_max:
            raise ValueError("expected eccentric_min < eccentric_max")
        if not self.concentric_min < self.concentric_max:
            raise ValueError("expected concentric_min < concentric_max")
        return self


class Variant(Strict):
    """A way of doing the exercise, recognised like the exercise itself.

    `bars` is where its weight may be held (`formcheck.lifter.Bar`), which a lifter may
    say instead; conditions are judged on every repetition that counts.
    """

    id: str
    title: str
    bars: tuple[Bar, ...] = ()
    detect: Annotated[tuple[Condition, ...], Field(min_length=1)]


class Speed(Strict):
    """What stands for the bar when speed is told.

    `series` rises with it in the concentric half; `read_at` says where, in words.
    """

    series: SeriesName
    read_at: Annotated[str, Field(min_length=1)]


class UpperBackRole(Strict):
    """What the lift tells about the upper back.

    Attributes
    ----------
    pull
        Whether it loads the upper back directly, so that a clean set speaks
        against a weak one.
    film_next
        What to tell somebody who has not filmed it yet; None: it is not asked for.
    film_rank
        Which of the lifts that are missing is asked for first.
    """

    pull: bool = False
    film_next: Annotated[str, Field(min_length=1)] | None = None
    film_rank: int = 100


class Exercise(Strict):
    """An exercise: how to recognise it, how to count it, what its phases are called.

    Attributes
    ----------
    called
        Its name inside a sentence; the title in small letters if left out.
    aliases
        Other names that people have for it, besides `called`.
    order
        Place among the exercises where they are listed.
    starts
        What a repetition begins with: the weight goes down (eccentric) or up (concentric).
    eccentric_phase, turning_point, concentric_phase
        What the report calls the parts of a repetition.
    trail
        Landmark whose path an annotated video shows.
    speed
        What its speed is read from; None when speed means nothing.
    unseen
        What a coach looks at and no view shows formcheck; every report names it.
    variant
        Ways of doing it; the first that fits well enough is named.
    """

    renamed = {
        "out_phase": "eccentric_phase or concentric_phase, whichever half that is",
        "back_phase": "eccentric_phase or concentric_phase, whichever half that is",
        "turn_phase": "turning_point",
        "gate": "exclusion",
        "concentric": 'starts = "eccentric" or "concentric", whichever half comes first',
    }

    id: str
    title: str
    order: int = 100
    called: str | None = None
    aliases: tuple[str, ...] = ()
    starts: Half
    trail: LandmarkName = "hip"
    speed: Speed | None = None
    unseen: tuple[str, ...] = ()
    upper_back: UpperBackRole = UpperBackRole()
    signal: Signal
    durations: Durations
    eccentric_phase: str
    turning_point: str
    concentric_phase: str
    exclusion: tuple[Condition, ...] = ()
    detect: Annotated[tuple[Condition, ...], Field(min_length=1)]
    variant: tuple[Variant, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What people call it, in the language that is spoken, too."""
        called = tuple(filter(None, [self.called]))
        return (self.title, *called, *self.aliases, *map(_, (self.title, *called)))

    @property
    def in_words(self) -> str:
        """Its name inside a sentence."""
        return self.called or self.title.lower()

    @property
    def starts_down(self) -> bool:
        """Whether the weight goes down first."""
        return self.starts == "eccentric"

    @property
    def phases(self) -> tuple[str, str, str]:
        """Names of the parts of a repetition, in order of time."""
        first, last = self.eccentric_phase, self.concentric_phase
        if not self.starts_down:
            first, last = last, first
        return first, self.turning_point, last
