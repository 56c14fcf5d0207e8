"""Subtract one clip from another: B - A, with the error of the difference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.analysis import UNKNOWN
from formcheck.compare.curves import Curve, average_reps, set_median
from formcheck.errors import UsageError
from formcheck.reasons import Reason, ReasonCode
from formcheck.rules.evaluate import view_problem
from formcheck.shown import key_series
from formcheck.words.language import _
from formcheck.words.terms import filmed
from formcheck.words.text import some

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formcheck.analysis import Analysis, RepAnalysis
    from formcheck.exercises.schema import Exercise
    from formcheck.rules.schema import Measurement

    Floats = NDArray[np.float64]

NOT_MEASURED = Reason(ReasonCode.NOT_MEASURED)
CLEAR = 2.0
"""A difference is called one when it is larger than this many of its standard errors."""


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two clips: its analysis and the repetitions that are compared."""

    analysis: Analysis
    reps: tuple[RepAnalysis, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the repetitions."""
        return tuple(r.rep.index for r in self.reps)

    def curve(self, series: str) -> Curve:
        """The mean of a series over the repetitions."""
        return average_reps(self.analysis.motion, [r.rep for r in self.reps], series)


@dataclass(frozen=True, eq=False)
class CurvePair:
    """A series over the mean repetition of both clips."""

    a: Curve
    b: Curve

    @property
    def series(self) -> str:
        """Name of the series."""
        return self.a.series

    @property
    def unit(self) -> str:
        """Unit of the series."""
        return self.a.unit

    @property
    def difference(self) -> Floats:
        """Shape (101,): B - A."""
        return self.b.mean - self.a.mean

    @property
    def error(self) -> Floats:
        """Shape (101,): one standard error of the difference."""
        return np.asarray(np.hypot(self.a.mean_error, self.b.mean_error))

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Shape (101,): where the difference is larger than twice its error."""
        difference = self.difference
        known = np.isfinite(difference)
        return known & (np.abs(np.where(known, difference, 0.0)) > CLEAR * self.error)

    @property
    def largest_at(self) -> int | None:
        """Point of the axis with the largest difference; None when none is known."""
        size = np.abs(self.difference)
        return int(np.nanargmax(size)) if np.isfinite(size).any() else None


@dataclass(frozen=True)
class MeasuredPair:
    """A measurement of both clips: the median of the repetitions, and the difference B - A.

    Attributes
    ----------
    name, title, unit
        As in the rule file.
    a, b
        Medians; NaN when not measured.
    a_error, b_error
        One standard error of each, measuring and scatter together.
    missing
        Why it was not measured, by the label of the clip in which it was not.
    """

    name: str
    title: str
    short: str
    unit: str
    a: float
    a_error: float
    b: float
    b_error: float
    missing: tuple[tuple[str, Reason], ...] = ()

    @property
    def difference(self) -> float:
        """B - A."""
        return self.b - self.a

    @property
    def error(self) -> float:
        """One standard error of the difference."""
        return math.hypot(self.a_error, self.b_error)

    @property
    def clear(self) -> bool:
        """Whether the difference is larger than twice its error."""
        return not self.missing and abs(self.difference) > CLEAR * self.error


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two clips of one exercise.

    Attributes
    ----------
    definition
        The exercise of both.
    a, b
        The clips.
    curves
        Series over the mean repetition.
    measurements
        What the rule file measures, as far as the view allows it.
    notes
        What the reader should know, in sentences.
    """

    definition: Exercise
    a: Side
    b: Side
    curves: tuple[CurvePair, ...]
    measurements: tuple[MeasuredPair, ...]
    notes: tuple[str, ...]

    @property
    def differences(self) -> tuple[MeasuredPair, ...]:
        """Measurements that differ by more than twice the error."""
        return tuple(pair for pair in self.measurements if pair.clear)


def compare(
    a: Analysis,
    b: Analysis,
    /,
    *,
    rep_a: int | None = None,
    rep_b: int | None = None,
    series: Sequence[str] | None = None,
) -> Comparison:
    """Compare two analysed clips of the same exercise.

    Parameters
    ----------
    a, b
        The clips; differences are B - A.
    rep_a, rep_b
        Number of one repetition; None for all that count.
    series
        Which curves; None for the angles that tell most about the two clips.

    Raises
    ------
    UsageError
        If the exercises differ or are unknown, or a repetition does not exist.
    """
    definition = _same_exercise(a, b)
    sides = Side(a, _chosen(a, rep_a, "A")), Side(b, _chosen(b, rep_b, "B"))
    if series is None:
        series = key_series(a, b, angles=True)
    curves = tuple(CurvePair(sides[0].curve(name), sides[1].curve(name)) for name in series)
    return Comparison(
        definition,
        *sides,
        curves,
        tuple(_pair(sides, m) for m in _comparable(a, b)),
        tuple(_notes(*sides)),
    )


def _same_exercise(a: Analysis, b: Analysis) -> Exercise:
    for label, analysis in (("A", a), ("B", b)):
        if analysis.exercise == UNKNOWN:
            raise UsageError(
                f"The exercise of clip {label} was not recognised; name it with --exercise."
            )
    if a.exercise != b.exercise or a.definition is None or b.definition is None:
        titles = [some(x.definition.title) for x in (a, b) if x.definition is not None]
        raise UsageError(
            f"Clip A is {titles[0]} and clip B {titles[-1]}: only clips of one exercise can "
            "be compared (use --exercise if they are the same)."
        )
    return a.definition


def _chosen(analysis: Analysis, number: int | None, label: str) -> tuple[RepAnalysis, ...]:
    counted = tuple(r for r in analysis.reps if r.rep.counts)
    if not counted:
        raise UsageError(f"No reps were found in clip {label}.")
    if number is None:
        return counted
    chosen = tuple(r for r in counted if r.rep.index == number)
    if not chosen:
        known = ", ".join(str(r.rep.index) for r in counted)
        raise UsageError(f"Clip {label} has no rep {number} that counts; it has {known}.")
    return chosen


def _comparable(a: Analysis, b: Analysis) -> list[Measurement]:
    """Measurements that no rule needs another view for."""
    kept = []
    for measurement in () if a.rules is None else a.rules.measurement:
        judging = [r for r in a.rules.rule if r.measurement == measurement.name] if a.rules else []
        seen = [all(view_problem(r, x.motion.view) is None for x in (a, b)) for r in judging]
        if not seen or any(seen):
            kept.append(measurement)
    return kept


def _pair(sides: tuple[Side, Side], what: Measurement) -> MeasuredPair:
    (a, a_error), (b, b_error) = (_median(side, what.name) for side in sides)
    missing = tuple(
        (label, _why(side, what.name))
        for label, side, value in (("A", sides[0], a), ("B", sides[1], b))
        if not math.isfinite(value)
    )
    return MeasuredPair(
        what.name, what.title, what.named_short, what.unit, a, a_error, b, b_error, missing
    )


def _why(side: Side, name: str) -> Reason:
    """Why a measurement is missing in a clip."""
    reasons = [r.measured[name].reason for r in side.reps if name in r.measured]
    return next((reason for reason in reasons if reason is not None), NOT_MEASURED)


def _median(side: Side, name: str) -> tuple[float, float]:
    """Median of the valid repetitions, with the scatter between them in its error."""
    found = [r.measured[name] for r in side.reps if name in r.measured and r.measured[name].valid]
    return set_median([m.value for m in found], [m.error for m in found])


def _notes(a: Side, b: Side) -> list[str]:
    notes = []
    views = [side.analysis.motion.view.label for side in (a, b)]
    if views[0].group != views[1].group:
        notes.append(
            _(
                "A was filmed {a} and B {b}: their angles are worked out differently, which alone "
                "can make small differences."
            ).format(a=filmed(views[0]), b=filmed(views[1]))
        )
    variants = [x.analysis.variant.title for x in (a, b) if x.analysis.variant is not None]
    if len(variants) == 2 and variants[0] != variants[1]:
        told = _("A is {a} and B {b}.")
        notes.append(told.format(a=some(variants[0]), b=some(variants[1])))
    notes += [
        _(
            "Clip {label} has only one rep to compare, so there's no telling how much others "
            "would differ."
        ).format(label=label)
        for label, side in (("A", a), ("B", b))
        if len(side.reps) == 1
    ]
    return notes
