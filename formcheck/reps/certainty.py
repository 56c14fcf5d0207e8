"""How sure a count is: what else it might be, and why."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.engine import AS_DEEP, BELONGS_S, cycle_score

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from formcheck.exercises.schema import Exercise
    from formcheck.kinematics.motion import Motion
    from formcheck.reps.cycles import Cycle
    from formcheck.reps.engine import FoundSet, Rep

VERY_LIKE = 0.78
"""A movement that fits the exercise so well, and is as deep as the others, could be one of
them for all that excludes it."""
LEFT_OUT = 2
"""Of the counts in drawn movements, so many at either end are left out: a count is unsure when
three of eight differ. On real clips fewer do where it is right."""


@dataclass(frozen=True)
class CountRange:
    """What a set's count may be.

    Attributes
    ----------
    low, high
        Fewest and most repetitions.
    doubts
        Why it is not one number; empty where it is.
    """

    low: int
    high: int
    doubts: tuple[Reason, ...] = ()


NOTHING_COUNTED = CountRange(0, 0)


def count_range(
    motion: Motion, exercise: Exercise, found: FoundSet, drawn: Sequence[int], /
) -> CountRange:
    """What the count of a set may be.

    Parameters
    ----------
    motion, exercise
        The clip and its exercise.
    found
        Its repetitions.
    drawn
        How many there are in each movement that the clip may show as well.
    """
    counting = [rep for rep in found.reps if rep.counts]
    count = low = high = len(counting)
    doubts: list[Reason] = []
    for reason in _could_count(motion, exercise, found, counting):
        high += 1
        doubts += [] if reason in doubts else [reason]
    order = sorted(drawn)[LEFT_OUT : len(drawn) - LEFT_OUT]
    if order and (order[0] < count or order[-1] > high):
        low, high = min(low, order[0]), max(high, order[-1])
        doubts.append(Reason(ReasonCode.COUNT_UNSURE))
    return CountRange(low, high, tuple(doubts))


def same_rep(rep: Rep, found: Sequence[Rep], /) -> Rep | None:
    """A repetition among those of a drawn movement: the one that turns at the same time."""
    other = min(found, key=lambda one: abs(one.turn_s - rep.turn_s), default=None)
    if other is None or abs(other.turn_s - rep.turn_s) > (rep.end_s - rep.start_s) / 4:
        return None
    return other


def unsure_reps(reps: Sequence[Rep], drawn: Sequence[Sequence[Rep]], /) -> list[Rep]:
    """Those repetitions that are not found, or do not count, in too many drawn movements."""
    return [rep for rep in reps if rep.counts and _missing(rep, drawn) > LEFT_OUT]


def _missing(rep: Rep, drawn: Sequence[Sequence[Rep]]) -> int:
    others = [same_rep(rep, found) for found in drawn]
    return sum(other is None or not other.counts for other in others)


def _could_count(
    motion: Motion, exercise: Exercise, found: FoundSet, counting: Sequence[Rep]
) -> Iterator[Reason]:
    """Why movements in and beside a set do not count that are much like its repetitions."""
    if not counting:
        return
    cycles = [rep.cycle for rep in counting]
    usual = float(np.median([cycle.amplitude for cycle in cycles]))
    gaps_s = [float(motion.t_s[b.start] - motion.t_s[a.end]) for a, b in pairwise(cycles)]
    most_s = BELONGS_S + (float(np.median(gaps_s)) if gaps_s else 0.0)
    others = [(one.cycle, one.reason) for one in found.passed]
    others += [(rep.cycle, rep.reason) for rep in found.reps if rep.reason and not rep.counts]
    for cycle, reason in others:
        if _beside_s(motion, cycle, cycles) > most_s:
            continue
        if reason.code is ReasonCode.CUT_OFF:
            yield Reason(ReasonCode.CUT_OFF, when=_which(cycle, cycles))
        elif reason.code is ReasonCode.NO_PICTURES:
            yield reason
        elif cycle.outcome == "done" and cycle.amplitude >= AS_DEEP * usual:
            slow = reason.code is ReasonCode.OTHER_PACE and reason.pace == "slow"
            alike = cycle_score(motion, cycle, exercise) >= VERY_LIKE
            if slow or (reason.code is ReasonCode.EXCLUDED and alike):
                yield reason


def _which(cycle: Cycle, cycles: Sequence[Cycle]) -> str:
    """Whether a cycle is before the first or after the last of others."""
    if cycle.turn <= cycles[0].turn:
        return "first"
    return "last" if cycle.turn >= cycles[-1].turn else ""


def _beside_s(motion: Motion, cycle: Cycle, cycles: Sequence[Cycle]) -> float:
    """Seconds from a cycle to the nearest of others; 0 between them."""
    return min(
        max(
            0.0,
            float(motion.t_s[cycle.start] - motion.t_s[one.end]),
            float(motion.t_s[one.start] - motion.t_s[cycle.end]),
        )
        for one in cycles
    )
