"""Durations and travel of a repetition."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.kinematics.errors import series_error, time_error
from formcheck.rules.computed.registry import SIGNAL, Computed, computed

if TYPE_CHECKING:
    from formcheck.reps.engine import Rep
    from formcheck.rules.computed.registry import SetContext


@computed("out_s", "s", "duration of the first half, start to turn")
def _out_s(context: SetContext, rep: Rep) -> Computed:
    return Computed(rep.turn_s - rep.start_s, math.sqrt(2) * time_error(context.motion))


@computed("back_s", "s", "duration of the second half, turn to end")
def _back_s(context: SetContext, rep: Rep) -> Computed:
    return Computed(rep.end_s - rep.turn_s, math.sqrt(2) * time_error(context.motion))


@computed(
    "travel",
    None,
    "travel of the exercise's signal from rest to turn, in its unit",
    shown_by=SIGNAL,
)
def _travel(context: SetContext, rep: Rep) -> Computed:
    series = context.exercise.signal.series
    return Computed(rep.cycle.travel, series_error(context.motion, series, change=True))
