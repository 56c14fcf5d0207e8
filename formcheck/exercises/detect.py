"""Which exercise is it? Judged on whole repetitions, not on single frames.

Each definition's own signal is searched for cycles, and every cycle is held
against that definition's conditions. The exercise whose conditions are met
best, over the longest time, is the candidate; when none is met well enough,
the exercise is unknown and nothing is scored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.reps.engine import candidate_cycles, cycle_score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.exercises.schema import Exercise
    from formcheck.kinematics.motion import Motion

ACCEPT = 0.75
"""Smallest mean score of an accepted exercise."""
GOOD_CYCLE = 0.60
"""A cycle below this score is not counted for an exercise."""


@dataclass(frozen=True)
class Candidate:
    """An exercise with its score (0..1) and the seconds of movement it explains."""

    id: str
    score: float
    explained_s: float


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
    cycles = candidate_cycles(motion, exercise)
    scores = np.array([cycle_score(motion, cycle, exercise) for cycle in cycles])
    if not len(scores):
        return Candidate(exercise.id, 0.0, 0.0)
    seconds = np.array([motion.t_s[c.end] - motion.t_s[c.start] for c in cycles])
    good = scores >= GOOD_CYCLE
    if not good.any():
        return Candidate(exercise.id, float(scores.max()), 0.0)
    mean = float(np.average(scores[good], weights=seconds[good]))
    return Candidate(exercise.id, mean, float(seconds[good].sum()))


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
        return candidate.score * (0.5 + 0.5 * share)

    ranked = tuple(sorted(rated, key=weight, reverse=True))
    best, second = ranked[0], ranked[1]
    if best.score < ACCEPT or best.explained_s == 0:
        return Detection("unknown", 1 - best.score, ranked)
    margin = weight(best) - weight(second)
    return Detection(best.id, float(best.score * min(1.0, 0.6 + 2 * margin)), ranked)
