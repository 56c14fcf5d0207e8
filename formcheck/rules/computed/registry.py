"""The registry of computed measurements."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from formcheck.reps.features import window_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from numpy.typing import NDArray

    from formcheck.exercises.schema import Exercise, Window
    from formcheck.kinematics.motion import Motion
    from formcheck.lifter import Lifter
    from formcheck.reasons import Reason
    from formcheck.reps.engine import Rep

T = TypeVar("T")


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
    _found: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, key: Hashable, find: Callable[[], T], /) -> T:
        """What `find` gives; when several formulas need it, it is called only once."""
        if key not in self._found:
            self._found[key] = find()
        found: T = self._found[key]
        return found

    def of(self, rep: Rep, /) -> SetContext:
        """The same set at the arm that does a repetition, where arms take turns."""
        side = rep.side
        if side is None or side == self.motion.arm:
            return self

        def at_arm() -> SetContext:
            own = [other for other in self.reps if other.side == side]
            return replace(self, motion=self.motion.of_arm(side), reps=own)

        return self.once(("arm", side), at_arm)

    def frames(self, window: Window, /) -> NDArray[np.intp]:
        """Frame numbers of a part of every repetition."""
        return self.once(("frames", window), lambda: self._all_frames(window))

    def _all_frames(self, window: Window) -> NDArray[np.intp]:
        parts = [window_frames(rep.cycle, window) for rep in self.reps]
        return np.concatenate(parts) if parts else np.arange(0)


@dataclass(frozen=True)
class Computed:
    """Result of a formula: value and one standard error, in the registered unit.

    `value` is NaN when it could not be measured, `reason` then says why; `at` is
    the frame that it is read at, None for the turn.
    """

    value: float
    error: float
    at: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class ComputedInfo:
    """A computed measurement that rule files may name.

    The unit is None where it is that of the exercise's signal. `rests_on` names the series
    that it is made of, or whose landmarks it uses, in which window of the repetition.
    `shown_by` is the series whose curve shows it, None for no curve. `SIGNAL` and `SPEED`
    stand for the exercise's own series.
    """

    unit: str | None
    meaning: str
    formula: Callable[[SetContext, Rep], Computed]
    rests_on: tuple[str, ...]
    window: Window
    shown_by: str | None = None


SIGNAL, SPEED = "signal", "speed"
COMPUTED: dict[str, ComputedInfo] = {}


def computed(
    name: str,
    unit: str | None,
    meaning: str,
    *,
    rests_on: tuple[str, ...],
    window: Window = "rep",
    shown_by: str | None = None,
) -> Callable[[Callable[[SetContext, Rep], Computed]], Callable[[SetContext, Rep], Computed]]:
    """Register a formula under a name that rule files may use."""

    def register(
        formula: Callable[[SetContext, Rep], Computed],
    ) -> Callable[[SetContext, Rep], Computed]:
        COMPUTED[name] = ComputedInfo(unit, meaning, formula, rests_on, window, shown_by)
        return formula

    return register
