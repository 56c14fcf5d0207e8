"""Which exercise is it? Judged on whole repetitions, not on single frames.

Each definition's own signal is searched for cycles, and every cycle is held
against that definition's conditions. The exercise whose conditions are met
best, over the longest time, is the candidate; when none is met well enough,
the exercise is unknown and nothing is scored. Its variant is told the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.reps.engine import cycle_score, excluded, timed_cycles
from formcheck.reps.features import fulfilment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.exercises.schema import Exercise, Variant
    from formcheck.kinematics.motion import Motion
    from formcheck.lifter import Lifter
    from formcheck.reps.cycles import Cycle

ACCEPT = 0.78
"""Smallest mean score of an accepted exercise."""
PURE = 0.30
"""Smallest purity of an accepted exercise."""
GOOD_CYCLE = 0.60
"""A cycle below this score is not counted for an exercise."""


@dataclass(frozen=True)
class Candidate:
    """An exercise considered.

    Attributes
    ----------
    id
        Identifier.
    score
        0..1: how well the cycles that fit meet the definition's conditions.
    explained_s
        Seconds of movement in cycles that fit.
    purity
        0..1: their share of the time of all cycles of the exercise's signal.
        Noise and other movements give some cycles that fit among many that do
        not.
    """

    id: str
    score: float
    explained_s: float
    purity: float


@dataclass(frozen=True)
class Detection:
    """The exercise found.

    Attributes
    ----------
    id
        Identifier, or "unknown".
    confidence
        0..1: the score, lowered when the runner-up is close.
    candidates
        All exercises, best first.
    """

    id: str
    confidence: float
    candidates: tuple[Candidate, ...]


def rate_exercise(motion: Motion, exercise: Exercise, /) -> Candidate:
    """Score of one exercise on a whole clip."""
    cycles = [c for c in timed_cycles(motion, exercise) if c.start < c.turn < c.end]
    if not cycles:
        return Candidate(exercise.id, 0.0, 0.0, 0.0)
    seconds = np.array([motion.t_s[c.end] - motion.t_s[c.start] for c in cycles])
    scores = np.array([cycle_score(motion, cycle, exercise) for cycle in cycles])
    passed = np.array([excluded(motion, cycle, exercise) is None for cycle in cycles])
    good = passed & (scores >= GOOD_CYCLE)
    if not good.any():
        best = float(scores[passed].max()) if passed.any() else 0.0
        return Candidate(exercise.id, best, 0.0, 0.0)
    mean = float(np.average(scores[good], weights=seconds[good]))
    explained = float(seconds[good].sum())
    return Candidate(exercise.id, mean, explained, explained / float(seconds.sum()))


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
    runner_up = weight(ranked[1]) if len(ranked) > 1 else 0.0
    if best.score < ACCEPT or best.purity < PURE:
        return Detection("unknown", 1 - best.score, ranked)
    margin = weight(best) - runner_up
    return Detection(best.id, float(best.score * min(1.0, 0.6 + 2 * margin)), ranked)


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
        What the user told: a bar position decides.
    """
    if lifter.bar is not None:
        return next((v for v in exercise.variant if lifter.bar in v.bars), None)
    for variant in exercise.variant:
        fits = [_fit(motion, cycle, variant) for cycle in cycles]
        if fits and float(np.median(fits)) >= VARIANT_ACCEPT:
            return variant
    return None


def _fit(motion: Motion, cycle: Cycle, variant: Variant) -> float:
    """Weighted share of the conditions that hold; what is not seen does not hold."""
    shares = [fulfilment(motion, cycle, condition) for condition in variant.detect]
    weights = [condition.weight for condition in variant.detect]
    return float(np.average(np.nan_to_num(shares), weights=weights))
