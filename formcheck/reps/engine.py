"""From an exercise definition and a movement to repetitions, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.cycles import Cycle, find_cycles
from formcheck.reps.features import fulfilment

if TYPE_CHECKING:
    from formcheck.exercises.schema import Exercise
    from formcheck.kinematics.motion import Motion
    from formcheck.reps.cycles import Half


class RepKind(StrEnum):
    """Kinds of the report contract; full and partial repetitions count."""

    FULL = "full"
    PARTIAL = "partial"
    FAILED = "failed"
    INVALID = "invalid"

    @property
    def counts(self) -> bool:
        """Whether such a repetition is part of the repetition count."""
        return self in (RepKind.FULL, RepKind.PARTIAL)


class Contraction(StrEnum):
    """What happens to the weight: it goes down, stays, or goes up."""

    ECCENTRIC = "eccentric"
    TURN = "turn"
    CONCENTRIC = "concentric"


SIMILAR = 0.45
"""Before the first and after the last larger one, a cycle with less than this
share of the set's usual amplitude is set-up or re-rack, not a repetition."""
LOOKS_LIKE = 0.40
"""A cycle that fits the exercise worse than this is something else."""
FLOOR = 0.02
"""What a condition that fails entirely counts."""
UNSEEN = 0.6
"""What a condition on body parts that are not seen counts: rather yes than no."""


@dataclass(frozen=True)
class Phase:
    """A named part of a repetition, seconds."""

    name: str
    start_s: float
    end_s: float
    contraction: Contraction


@dataclass(frozen=True)
class Rep:
    """One repetition with its own start, turn and end.

    `cycle` holds the frame numbers; `reason` says why a repetition is not full.
    """

    index: int
    cycle: Cycle
    start_s: float
    turn_s: float
    end_s: float
    kind: RepKind
    reason: Reason | None
    phases: tuple[Phase, ...]

    @property
    def counts(self) -> bool:
        """Whether it is part of the repetition count."""
        return self.kind.counts


def rep_signal(motion: Motion, exercise: Exercise, /) -> np.ndarray:
    """The exercise's signal with rest high, shape (T,)."""
    series = motion.series(exercise.signal.series)
    return series if exercise.signal.rest == "high" else -series


def timed_cycles(motion: Motion, exercise: Exercise, /) -> list[Cycle]:
    """Cycles of the exercise's signal whose halves last as long as they may."""
    cycles = find_cycles(
        motion.t_s,
        rep_signal(motion, exercise),
        min_amplitude=exercise.signal.min_amplitude,
        starts=exercise.starts,
        breaks=motion.clean.breaks,
    )
    limits = exercise.durations

    def lasts(cycle: Cycle, half: Half, least_s: float, most_s: float) -> bool:
        first, last = cycle.half(half)
        return bool(least_s <= motion.t_s[last] - motion.t_s[first] <= most_s)

    return [
        cycle
        for cycle in cycles
        if lasts(cycle, "eccentric", limits.eccentric_min, limits.eccentric_max)
        and lasts(cycle, "concentric", limits.concentric_min, limits.concentric_max)
    ]


def excluded(motion: Motion, cycle: Cycle, exercise: Exercise, /) -> Reason | None:
    """Why a cycle is not a repetition: the first exclusion that clearly applies; None if it may."""
    for exclusion in exercise.exclusion:
        if fulfilment(motion, cycle, exclusion) < 0.5:  # NaN, not seen, excludes nothing
            return Reason(ReasonCode.EXCLUDED, text=exclusion.reason)
    if cycle_score(motion, cycle, exercise) < LOOKS_LIKE:
        return Reason(ReasonCode.OTHER_MOVEMENT, exercise=exercise.title)
    return None


def cycle_score(motion: Motion, cycle: Cycle, exercise: Exercise, /) -> float:
    """How well one cycle fits an exercise, 0..1.

    The weighted geometric mean of its conditions, so that one that fails
    entirely is not made up for by many that hold. Conditions on body parts that
    are not seen count `UNSEEN`.
    """
    shares = np.array([fulfilment(motion, cycle, condition) for condition in exercise.detect])
    shares = np.where(np.isnan(shares), UNSEEN, np.maximum(shares, FLOOR))
    weights = [condition.weight for condition in exercise.detect]
    return float(np.exp(np.average(np.log(shares), weights=weights)))


def find_reps(motion: Motion, exercise: Exercise, /) -> list[Rep]:
    """The repetitions of an exercise, in order.

    Excluded movements are left out when they lie before the first or
    after the last repetition (set-up, re-rack), and are listed as invalid with
    the reason when they lie in between.
    """
    cycles = timed_cycles(motion, exercise)
    why_not = {c.turn: excluded(motion, c, exercise) for c in cycles}
    valid = [c for c in cycles if why_not[c.turn] is None]
    if not valid:
        return []
    usual = float(np.median([c.amplitude for c in valid]))
    large = [c for c in valid if c.amplitude >= SIMILAR * usual]
    first, last = large[0].start, large[-1].end
    valid = [c for c in valid if first <= c.turn <= last]
    reps: list[Rep] = []
    for cycle in cycles:
        reason = why_not[cycle.turn]
        if cycle in valid:
            kind, reason = _kind(cycle, exercise)
        elif first < cycle.turn < last and reason is not None:
            kind = RepKind.INVALID
        else:
            continue
        reps.append(_rep(motion, exercise, cycle, len(reps) + 1, kind, reason))
    return reps


def _kind(cycle: Cycle, exercise: Exercise) -> tuple[RepKind, Reason | None]:
    if cycle.amplitude >= exercise.signal.full_amplitude:
        return RepKind.FULL, None
    share = cycle.amplitude / exercise.signal.full_amplitude
    return RepKind.PARTIAL, Reason(ReasonCode.SHORT_TRAVEL, share=share)


def _rep(
    motion: Motion,
    exercise: Exercise,
    cycle: Cycle,
    index: int,
    kind: RepKind,
    reason: Reason | None,
) -> Rep:
    start, turn, end = (float(motion.t_s[n]) for n in (cycle.start, cycle.turn, cycle.end))
    begin_turn, end_turn = _stay_at_turn(motion, exercise, cycle)
    first, last = Contraction.CONCENTRIC, Contraction.ECCENTRIC
    if exercise.starts_down:
        first, last = last, first
    times = pairwise((start, begin_turn, end_turn, end))
    kinds = (first, Contraction.TURN, last)
    phases = tuple(
        Phase(name, begin, stop, kind)
        for name, (begin, stop), kind in zip(exercise.phases, times, kinds, strict=True)
    )
    return Rep(index, cycle, start, turn, end, kind, reason, phases)


def _stay_at_turn(motion: Motion, exercise: Exercise, cycle: Cycle) -> tuple[float, float]:
    """When the signal is within 5 % of its amplitude of the turn."""
    signal = rep_signal(motion, exercise)[cycle.start : cycle.end + 1]
    turn = cycle.turn - cycle.start
    away = np.flatnonzero(signal > signal[turn] + 0.05 * cycle.amplitude)
    before, after = away[away < turn], away[away > turn]
    first = int(before[-1]) if len(before) else 0
    last = int(after[0]) if len(after) else len(signal) - 1
    return float(motion.t_s[cycle.start + first]), float(motion.t_s[cycle.start + last])
