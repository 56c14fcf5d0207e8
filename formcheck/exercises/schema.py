"""What an exercise definition file (TOML) may say. Checked with pydantic."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from formcheck.kinematics.motion import SERIES

Stat = Literal["at_start", "at_turn", "at_end", "min", "max", "median", "range", "net"]
"""How a series becomes one number over a stretch of time.

``range`` is the 95th minus the 5th percentile; ``net`` the last minus the
first value; the ``at_`` statistics average a tenth of a second.
"""
Window = Literal["rep", "out", "back", "turn", "rest"]
"""Which part of a repetition: all, start to turn, turn to end, around the turn,
or the two ends."""


class Strict(BaseModel):
    """Unknown keys are refused; values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Feature(Strict):
    """One number of a repetition: a statistic of a series over a window."""

    series: str
    stat: Stat
    window: Window = "rep"

    @field_validator("series")
    @classmethod
    def _known_series(cls, name: str) -> str:
        if name not in SERIES:
            raise ValueError(f"unknown series {name!r}; known: {', '.join(sorted(SERIES))}")
        return name


class Condition(Feature):
    """A feature with limits. `slack` is how far outside it may be to count half."""

    min: float | None = None
    max: float | None = None
    slack: Annotated[float, Field(gt=0)]
    weight: Annotated[float, Field(gt=0)] = 1.0
    reason: str = ""

    @model_validator(mode="after")
    def _has_limit(self) -> Condition:
        if self.min is None and self.max is None:
            raise ValueError("expected min, max or both")
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise ValueError(f"expected min < max, got {self.min} and {self.max}")
        return self


class Signal(Strict):
    """The series whose cycles are repetitions.

    `rest` tells whether it is high or low between repetitions; `min_travel` is
    the smallest movement that can be one, `full_travel` what a whole one has.
    """

    series: str
    rest: Literal["high", "low"]
    min_travel: Annotated[float, Field(gt=0)]
    full_travel: Annotated[float, Field(gt=0)]

    @field_validator("series")
    @classmethod
    def _known_series(cls, name: str) -> str:
        return Feature(series=name, stat="min").series


class Durations(Strict):
    """Shortest and longest times of a repetition's two halves, seconds."""

    out_min: float
    out_max: float
    back_min: float
    back_max: float


class Exercise(Strict):
    """An exercise: how to recognise it, how to count it, what its phases are called."""

    id: str
    title: str
    order: int
    signal: Signal
    durations: Durations
    out_phase: str
    turn_phase: str
    back_phase: str
    gate: tuple[Condition, ...]
    detect: tuple[Condition, ...]
