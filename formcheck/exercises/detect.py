"""Which exercise is it? Judged on whole repetitions, not on single frames.

Each definition's own signal is searched for cycles, and every cycle is held
against that definition's conditions. The exercise whose conditions are met
best, over the longest time, is the candidate; when none is met well enough,
the exercise is unknown and nothing is scored. Its variant is told the same way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.lifter import Bar
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.engine import all_cycles, cycle_score, excluded, other_pace, working_arms
from formcheck.reps.features import fulfilment
from formcheck.reps.trace import series_doubt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formcheck.exercises.schema import Exercise, Variant
    from formcheck.kinematics.motion import Motion
    from formcheck.lifter import Lifter
    from formcheck.reps.cycles import Cycle

    Floats = NDArray[np.float64]

ACCEPT = 0.78
"""Smallest mean score of an accepted exercise."""
PURE = 0.30
"""Smallest purity of an accepted exercise."""
MIXED = 0.25
"""The more of the movement is something else, the better the rest must fit: by so much more
than `ACCEPT` if nearly all of it is."""
ALONE = 0.05
"""One repetition alone must fit so much better."""
HALF = 0.5
"""A condition that holds less does not hold."""
SURE, CLOSE_COSTS, IMPURE_COSTS = 3.2, 1.2, 5.6
"""Log odds that a lift that is named is the right one, and what they lose with a runner-up that
fits as well and with movement that is all something else: fitted to parts of 3 to 12 s of the
developed half's clips (docs/repetitions.md has how they hold on the other half)."""
CLOSE = 0.3
"""A runner-up whose score is lower by this is not close."""
GOOD_CYCLE = 0.60
"""A cycle below this score is not counted for an exercise."""

GUESSED = 0.6
"""A lift is not told from cycles whose own landmarks are off by more than this share of them."""


@dataclass(frozen=True)
class Candidate:
    """An exercise considered.

    Attributes
    ----------
    id
        Identifier.
    score
        0..1: how well the cycles that fit meet the definition's conditions; without any, how
        well the best cycle does that is not excluded.
    explained_s
        Seconds of movement in cycles that fit.
    purity
        0..1: their share of the time of all cycles of the exercise's signal.
        Noise and other movements give some cycles that fit among many that do
        not.
    cycles
        How many cycles fit.
    likeness
        0..1: how well the best cycle meets the conditions, were it not excluded.
    why_not
        What speaks against most of the movement that does not fit, if anything does.
    """

    id: str
    score: float
    explained_s: float
    purity: float
    cycles: int = 0
    likeness: float = 0.0
    why_not: Reason | None = None

    @property
    def fits(self) -> bool:
        """Whether it is met well enough to be the exercise of a clip."""
        least = ACCEPT + MIXED * (1 - self.purity) + (ALONE if self.cycles == 1 else 0.0)
        return self.purity >= PURE and self.score >= least


@dataclass(frozen=True)
class Detection:
    """The exercise found.

    Attributes
    ----------
    id
        Identifier, or "unknown".
    confidence
        0..1: how likely it is the right one; lower when another one fits nearly as well or much
        of the movement is something else. Of an unknown one, how little the best fits.
    candidates
        All exercises, best first.
    """

    id: str
    confidence: float
    candidates: tuple[Candidate, ...]


def rate_exercise(motion: Motion, exercise: Exercise, /) -> Candidate:
    """Score of one exercise on a whole clip; where arms take turns, on each one's repetitions."""
    cycles = _whole_cycles(motion, exercise)
    if not cycles:
        return Candidate(exercise.id, 0.0, 0.0, 0.0)
    seconds = np.array([arm.t_s[c.end] - arm.t_s[c.start] for arm, c in cycles])
    scores = np.array([cycle_score(arm, cycle, exercise) for arm, cycle in cycles])
    reasons = [excluded(arm, cycle, exercise) for arm, cycle in cycles]
    passed = np.array([reason is None for reason in reasons])
    seen = np.array([_seen(arm, cycle, exercise) for arm, cycle in cycles])
    good = passed & seen & (scores >= GOOD_CYCLE)
    likeness = float(scores.max())
    against = [
        _against(arm, cycle, reason, exercise)
        for (arm, cycle), reason in zip(cycles, reasons, strict=True)
    ]
    why_not = _most_of(against, seconds)
    if not good.any():
        best = float(scores[passed].max()) if passed.any() else 0.0
        return Candidate(exercise.id, best, 0.0, 0.0, 0, likeness, why_not)
    mean = float(np.average(scores[good], weights=seconds[good]))
    explained = float(seconds[good].sum())
    purity = explained / float(seconds.sum())
    return Candidate(exercise.id, mean, explained, purity, int(good.sum()), likeness, why_not)


def _whole_cycles(motion: Motion, exercise: Exercise) -> list[tuple[Motion, Cycle]]:
    """Cycles seen from rest to rest that are no jerks, each with the movement of its arm."""
    sides = working_arms(motion, exercise)
    return [
        (arm, cycle)
        for arm in (motion if side is None else motion.of_arm(side) for side in sides)
        for cycle in all_cycles(arm, exercise)
        if cycle.start < cycle.turn < cycle.end and not _jerk(arm, cycle, exercise)
    ]


def _jerk(motion: Motion, cycle: Cycle, exercise: Exercise) -> bool:
    """Whether a cycle is faster than the exercise is done; a slow one still shows which it is."""
    reason = other_pace(motion, cycle, exercise)
    return reason is not None and reason.pace == "fast"


def _against(
    motion: Motion, cycle: Cycle, excluded_as: Reason | None, exercise: Exercise
) -> Reason | None:
    """What speaks against a cycle in words: an exclusion, or a condition that does not hold."""
    if excluded_as is not None and excluded_as.code is ReasonCode.EXCLUDED:
        return excluded_as
    failed = (
        condition.reason
        for condition in exercise.detect
        if condition.reason and fulfilment(motion, cycle, condition) < HALF
    )
    text = next(failed, None)
    return None if text is None else Reason(ReasonCode.EXCLUDED, text=text)


def _most_of(reasons: Sequence[Reason | None], seconds: Floats) -> Reason | None:
    """What speaks for the longest time."""
    lasts: dict[Reason, float] = {}
    for reason, lasting in zip(reasons, seconds, strict=True):
        if reason is not None:
            lasts[reason] = lasts.get(reason, 0.0) + float(lasting)
    return max(lasts, key=lambda reason: lasts[reason], default=None)


def _seen(motion: Motion, cycle: Cycle, exercise: Exercise) -> bool:
    """Whether a cycle is the signal's own, and not made of what moves along with it."""
    doubt = series_doubt(motion, exercise.signal.series)[cycle.start : cycle.end + 1]
    return float(np.median(doubt)) <= GUESSED * cycle.amplitude


def detect_exercise(motion: Motion, exercises: Sequence[Exercise], /) -> Detection:
    """The exercise of a clip, or "unknown".

    Parameters
    ----------
    motion
        The clip's movement.
    exercises
        Definitions to choose from.
    """
    rated = [rate_exercise(motion, exercise) for exercise in exercises]
    longest = max((c.explained_s for c in rated), default=0.0)

    def weight(candidate: Candidate) -> float:
        share = candidate.explained_s / longest if longest else 0.0
        return candidate.score**2 * (0.5 + 0.5 * share)

    ranked = tuple(sorted(rated, key=weight, reverse=True))
    best = ranked[0]
    if not best.fits or any(_rather(other, best) for other in ranked):
        return Detection("unknown", 1 - best.score, ranked)
    return Detection(best.id, _confidence(ranked), ranked)


def _confidence(ranked: Sequence[Candidate]) -> float:
    """How likely the best of some candidates is the right one, 0..1."""
    best = ranked[0]
    behind = best.score - max((one.score for one in ranked[1:]), default=0.0)
    close = max(0.0, 1 - max(0.0, behind) / CLOSE)
    odds = SURE - CLOSE_COSTS * close - IMPURE_COSTS * (1 - best.purity)
    return 1 / (1 + math.exp(-odds))


def _rather(other: Candidate, best: Candidate) -> bool:
    """Whether a clip is more like another exercise, were it not something else.

    A jump squat that leans is a squat that is none, and no row.
    """
    return other.cycles == 0 and other.why_not is not None and other.likeness > best.likeness


LEAST_REPS, LEAST_SHARE = 2, 0.25
"""Another lift is named from so many repetitions on, which last this share of all (judgement)."""


@dataclass(frozen=True)
class OtherLift:
    """Repetitions of another exercise beside those of the set, seconds of the clip."""

    exercise: Exercise
    reps: int
    start_s: float
    end_s: float


def other_lift(
    motion: Motion, exercises: Sequence[Exercise], spans: Sequence[tuple[int, int]], /
) -> OtherLift | None:
    """The exercise that fills a good part of a clip beside its set; None where none does.

    Parameters
    ----------
    motion
        The clip's movement.
    exercises
        Those that the set is not of.
    spans
        First and last frames of the set's repetitions.
    """
    t_s = motion.t_s
    set_s = sum(float(t_s[end] - t_s[start]) for start, end in spans)
    longest: OtherLift | None = None
    longest_s = 0.0
    for exercise in exercises:
        free = [
            cycle
            for arm, cycle in _whole_cycles(motion, exercise)
            if not any(cycle.start < end and start < cycle.end for start, end in spans)
            and cycle_score(arm, cycle, exercise) >= ACCEPT
            and excluded(arm, cycle, exercise) is None
            and _seen(arm, cycle, exercise)
        ]
        free.sort(key=lambda cycle: cycle.start)
        lasts_s = sum(float(t_s[c.end] - t_s[c.start]) for c in free)
        enough = len(free) >= LEAST_REPS and lasts_s >= LEAST_SHARE * (set_s + lasts_s)
        if enough and lasts_s > longest_s:
            start_s, end_s = float(t_s[free[0].start]), float(t_s[free[-1].end])
            longest, longest_s = OtherLift(exercise, len(free), start_s, end_s), lasts_s
    return longest


VARIANT_ACCEPT = 0.8
"""Smallest share of a variant's conditions that must hold, median over the repetitions."""


def find_variant(
    motion: Motion, exercise: Exercise, cycles: Sequence[Cycle], lifter: Lifter, /
) -> Variant | None:
    """The variant that the lifter told or that the repetitions show; None when unclear.

    Parameters
    ----------
    motion, exercise
        The clip and its exercise.
    cycles
        The repetitions that count.
    lifter
        What the user told: a bar position decides, and who lifts a weight has one.
    """
    if lifter.bar is not None:
        return next((v for v in exercise.variant if lifter.bar in v.bars), None)
    for variant in exercise.variant:
        if lifter.lifts_weight and set(variant.bars) == {Bar.NONE}:
            continue
        fits = [_fit(motion, cycle, variant) for cycle in cycles]
        if fits and float(np.median(fits)) >= VARIANT_ACCEPT:
            return variant
    return None


def _fit(motion: Motion, cycle: Cycle, variant: Variant) -> float:
    """Weighted share of the conditions that hold; what is not seen does not hold."""
    shares = [fulfilment(motion, cycle, condition) for condition in variant.detect]
    weights = [condition.weight for condition in variant.detect]
    return float(np.average(np.nan_to_num(shares), weights=weights))
