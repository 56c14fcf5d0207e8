"""Repetitions whose times somebody gave, made into what is otherwise found."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import UsageError
from formcheck.reps.cycles import Cycle
from formcheck.reps.edges import stay
from formcheck.reps.engine import RepKind, kind_of, rep_of, rep_signal, working_arms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formcheck.edits import RepTimes
    from formcheck.exercises.schema import Exercise
    from formcheck.kinematics.motion import Motion
    from formcheck.reps.engine import Rep

    Floats = NDArray[np.float64]

OFF_FRAMES = 2
"""So many pictures before the first or after the last one a time is still of the clip, which
lasts longer than its last picture's time."""


def reps_by_hand(motion: Motion, exercise: Exercise, times: Sequence[RepTimes], /) -> list[Rep]:
    """Repetitions with given times, at the pictures nearest to them.

    Whether one is full or partial is told as of one that is found, but it always counts.
    Where arms take turns, it is of the one that goes further.

    Parameters
    ----------
    motion
        The movement.
    exercise
        Which lift it is.
    times
        When each begins and ends, in order; where it turns, unless that is told, is looked
        for in the exercise's signal.

    Raises
    ------
    UsageError
        If the clip does not reach as far, a repetition has less than three pictures, or its
        turn is not seen.
    """
    sides = working_arms(motion, exercise)
    movements = [motion if side is None else motion.of_arm(side) for side in sides]
    signals = [rep_signal(one, exercise) for one in movements]
    found = [_found(motion.t_s, signals, one, exercise) for one in times]
    known = [cycle.amplitude for _, cycle in found if math.isfinite(cycle.amplitude)]
    usual = float(np.median(known)) if known else 0.0
    reps = []
    for number, (arm, cycle) in enumerate(found, 1):
        unseen = math.isnan(cycle.amplitude)
        kind, reason = (RepKind.FULL, None) if unseen else kind_of(cycle, exercise, usual)
        reps.append(rep_of(movements[arm], exercise, cycle, number, kind, reason, sides[arm]))
    return reps


def _found(
    t_s: Floats, signals: Sequence[Floats], one: RepTimes, exercise: Exercise
) -> tuple[int, Cycle]:
    """The cycle of a repetition, in the signal that goes furthest in it, and which one that is."""
    start, end = _frames(t_s, one)
    cycles = []
    for number, signal in enumerate(signals):
        turn = _turn(t_s, signal, one, start, end)
        if turn is not None:
            amplitude = _amplitude(signal, start, turn, end)
            cycles.append((number, Cycle(start, turn, end, amplitude, exercise.starts)))
    if not cycles:
        raise UsageError(
            f"reps: where {one} turns is not seen, so say it as well: start, turn and end."
        )
    return max(cycles, key=lambda pair: np.nan_to_num(pair[1].amplitude))


def _frames(t_s: Floats, one: RepTimes) -> tuple[int, int]:
    """First and last picture of a repetition."""
    slack_s = OFF_FRAMES * float(np.median(np.diff(t_s))) if len(t_s) > 1 else 0.0
    if one.start_s < t_s[0] - slack_s or one.end_s > t_s[-1] + slack_s:
        raise UsageError(
            f"reps: expected times in the clip, {t_s[0]:.1f} to {t_s[-1]:.1f} s, got {one}."
        )
    start, end = _nearest(t_s, one.start_s), _nearest(t_s, one.end_s)
    if end - start < 2:
        raise UsageError(f"reps: expected three pictures or more in each, got {one}.")
    return start, end


def _nearest(t_s: Floats, time_s: float) -> int:
    return int(np.argmin(np.abs(t_s - time_s)))


def _turn(t_s: Floats, signal: Floats, one: RepTimes, start: int, end: int) -> int | None:
    """Where a repetition turns: as told, else the middle of the stay at the extreme, if seen."""
    if one.turn_s is not None:
        return min(max(_nearest(t_s, one.turn_s), start + 1), end - 1)
    inside = signal[start + 1 : end]
    if not np.isfinite(inside).any():
        return None
    lowest = int(np.nanargmin(inside))
    amplitude = _amplitude(signal, start, start + 1 + lowest, end)
    return start + 1 + sum(stay(inside, lowest, amplitude)) // 2


def _amplitude(signal: Floats, start: int, turn: int, end: int) -> float:
    """From the lower one of both ways' highest values to the turn; NaN where that is not seen."""
    ways = signal[start : turn + 1], signal[turn : end + 1]
    if not all(np.isfinite(way).any() for way in ways):
        return math.nan
    return float(min(np.nanmax(way) for way in ways) - signal[turn])
