"""Repetitions whose times somebody gave, made into what is otherwise found."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import EditsError
from formcheck.kinematics.errors import series_error
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.cycles import Cycle
from formcheck.reps.edges import stay
from formcheck.reps.engine import RepKind, kind_of, rep_of, rep_signal, working_arms
from formcheck.reps.trace import series_doubt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formcheck.edits import RepTimes
    from formcheck.exercises.schema import Exercise
    from formcheck.kinematics.motion import Motion
    from formcheck.reps.cycles import Half
    from formcheck.reps.engine import Rep

    Floats = NDArray[np.float64]

OFF_FRAMES = 2
"""So many pictures before the first or after the last one a time is still of the clip, which
lasts longer than its last picture's time."""
STILL = 2.0
"""What moves by less than so many standard errors of a change does not move (judgement)."""
LACKING = 0.25
"""A half that goes less than this share of the other half's way is not in the given time: a
repetition that was named whole comes back further (judgement)."""
BEYOND_S = 0.5
"""So near to it the movement is looked at for a turn that lies outside of the given time."""


def reps_by_hand(motion: Motion, exercise: Exercise, times: Sequence[RepTimes], /) -> list[Rep]:
    """Repetitions with given times, at the pictures nearest to them.

    Whether one is full or partial is told as of one that is found, and both count; one in
    which the lift's signal stays where it is does not. Where arms take turns, it is of the
    one that goes further.

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
    EditsError
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
    for number, (one, (arm, cycle)) in enumerate(zip(times, found, strict=True), 1):
        kind, reason = _kind(movements[arm], cycle, exercise, usual)
        if reason is not None and one.turn_s is not None:
            own, other = _found(motion.t_s, signals, replace(one, turn_s=None), exercise)
            if _kind(movements[own], other, exercise, usual)[0] is not kind:
                reason = Reason(ReasonCode.OTHER_TURN, at_s=float(motion.t_s[other.turn]))
        reps.append(rep_of(movements[arm], exercise, cycle, number, kind, reason, sides[arm]))
    return reps


def _kind(
    motion: Motion, cycle: Cycle, exercise: Exercise, usual: float
) -> tuple[RepKind, Reason | None]:
    """What a repetition is; one that is not seen is taken as it was given."""
    if math.isnan(cycle.amplitude):
        return RepKind.FULL, None
    series = exercise.signal.series
    least = STILL * series_error(motion, series, change=True)
    doubt = float(np.median(series_doubt(motion, series)[cycle.start : cycle.end + 1]))
    if cycle.amplitude < least and doubt < least:  # what is a guess does not stand still
        return RepKind.INVALID, Reason(ReasonCode.NO_MOVEMENT)
    return kind_of(cycle, exercise, usual)


def _found(
    t_s: Floats, signals: Sequence[Floats], one: RepTimes, exercise: Exercise
) -> tuple[int, Cycle]:
    """The cycle of a repetition, in the signal that goes furthest in it, and which one that is."""
    start, end = _frames(t_s, one)
    cycles = []
    for number, signal in enumerate(signals):
        turn = _turn(t_s, signal, one, start, end)
        if turn is not None:
            missing = _missing(t_s, signal, start, turn, end, exercise.starts)
            ways = _ways(signal, start, turn, end)
            amplitude = max(ways) if missing else min(ways)
            cycle = Cycle(start, turn, end, amplitude, exercise.starts, missing=missing, given=True)
            cycles.append((number, cycle))
    if not cycles:
        raise EditsError(
            f"reps: where {one} turns is not seen, so say it as well: start, turn and end."
        )
    return max(cycles, key=lambda pair: np.nan_to_num(pair[1].amplitude))


def _missing(
    t_s: Floats, signal: Floats, start: int, turn: int, end: int, starts: Half
) -> tuple[Half, ...]:
    """The halves that a given time does not hold; both if the movement turns outside of it."""
    halves: tuple[Half, Half] = ("eccentric", "concentric")
    if starts != halves[0]:
        halves = halves[::-1]
    ways = _ways(signal, start, turn, end)
    short = int(np.argmin(ways))
    if not ways[short] < LACKING * max(ways):  # nor where one of them is not seen
        return ()
    outside = (t_s < t_s[start], t_s > t_s[end])[short] & (np.abs(t_s - t_s[turn]) < BEYOND_S)
    goes_on = signal[outside] < signal[turn] - LACKING * max(ways)
    return halves if goes_on.any() else (halves[short],)


def _frames(t_s: Floats, one: RepTimes) -> tuple[int, int]:
    """First and last picture of a repetition."""
    slack_s = OFF_FRAMES * float(np.median(np.diff(t_s))) if len(t_s) > 1 else 0.0
    if one.start_s < t_s[0] - slack_s or one.end_s > t_s[-1] + slack_s:
        raise EditsError(
            f"reps: expected times in what was looked at, {t_s[0]:.1f} to {t_s[-1]:.1f} s, "
            f"got {one}."
        )
    start, end = _nearest(t_s, one.start_s), _nearest(t_s, one.end_s)
    if end - start < 2:
        raise EditsError(f"reps: expected three pictures or more in each, got {one}.")
    return start, end


def _nearest(t_s: Floats, time_s: float) -> int:
    return int(np.argmin(np.abs(t_s - time_s)))


def _turn(t_s: Floats, signal: Floats, one: RepTimes, start: int, end: int) -> int | None:
    """Where a repetition turns: as told, else the middle of the stay at the extreme, if seen."""
    if one.turn_s is not None:
        return min(max(_nearest(t_s, one.turn_s), start + 1), end - 1)
    times, inside = t_s[start + 1 : end], signal[start + 1 : end]
    known = np.isfinite(inside)
    if not known.any():
        return None
    lowest = int(np.nanargmin(inside))
    amplitude = min(_ways(signal, start, start + 1 + lowest, end))
    filled = np.interp(times, times[known], inside[known])
    return start + 1 + sum(stay(times, filled, lowest, amplitude)) // 2


def _ways(signal: Floats, start: int, turn: int, end: int) -> tuple[float, float]:
    """From both halves' highest values to the turn; NaN both where one of them is not seen."""
    halves = signal[start : turn + 1], signal[turn : end + 1]
    if not all(np.isfinite(half).any() for half in halves):
        return math.nan, math.nan
    first, second = (float(np.nanmax(half) - signal[turn]) for half in halves)
    return first, second
