"""The registry of computed measurements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formcheck.exercises.schema import Exercise
    from formcheck.kinematics.motion import Motion
    from formcheck.lifter import Lifter
    from formcheck.reps.engine import Rep


@dataclass(frozen=True, eq=False)
class SetContext:
    """What a measurement may look at beside its repetition.

    Attributes
    ----------
    motion, exercise
        The clip and its exercise.
    reps
        All repetitions that count, for what a set needs (own reference values).
    lifter
        What the user told.
    variant
        Variant of the exercise; None when unknown.
    """

    motion: Motion
    exercise: Exercise
    reps: Sequence[Rep]
    lifter: Lifter
    variant: str | None = None


@dataclass(frozen=True)
class Computed:
    """Result of a formula: value and one standard error, in the registered unit.

    `value` is NaN when it could not be measured, `reason` then says why; `at` is
    the frame that it is read at, None for the turn.
    """

    value: float
    error: float
    at: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ComputedInfo:
    """A computed measurement that rule files may name.

    The unit is None where it is that of the exercise's signal.
    """

    unit: str | None
    meaning: str
    formula: Callable[[SetContext, Rep], Computed]


COMPUTED: dict[str, ComputedInfo] = {}


def computed(
    name: str, unit: str | None, meaning: str
) -> Callable[[Callable[[SetContext, Rep], Computed]], Callable[[SetContext, Rep], Computed]]:
    """Register a formula under a name that rule files may use."""

    def register(
        formula: Callable[[SetContext, Rep], Computed],
    ) -> Callable[[SetContext, Rep], Computed]:
        COMPUTED[name] = ComputedInfo(unit, meaning, formula)
        return formula

    return register
