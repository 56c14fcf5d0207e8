"""Which variant of the exercise is it? Judged on the repetitions that count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.reps.features import fulfilment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.exercises.schema import Exercise, Variant
    from formcheck.kinematics.motion import Motion
    from formcheck.lifter import Lifter
    from formcheck.reps.cycles import Cycle

ACCEPT = 0.8
"""Smallest share of the conditions that must hold, median over the repetitions."""


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
        if fits and float(np.median(fits)) >= ACCEPT:
            return variant
    return None


def _fit(motion: Motion, cycle: Cycle, variant: Variant) -> float:
    """Weighted share of the conditions that hold; what is not seen does not hold."""
    shares = [fulfilment(motion, cycle, condition) for condition in variant.detect]
    weights = [condition.weight for condition in variant.detect]
    return float(np.average(np.nan_to_num(shares), weights=weights))
