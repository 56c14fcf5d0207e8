"""Keep it in proportion: upper against lower back, left against right (reference 4.4)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from formcheck.reasons import Reason, ReasonCode
from formcheck.upper_back.cues import CueTable, LowerPart, SideVariable, cue_table
from formcheck.upper_back.evidence import USABLE_QUALITY
from formcheck.words.language import _, in_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import ArrayLike, NDArray

    from formcheck.upper_back.evidence import Evidence
    from formcheck.upper_back.observations import CueObservation

MAX_LOWER = 2.5
LEAD = 1.0
"""Points by which one part must lead to be named."""
BOTH = 1.5
MAX_OFF_FRONT_DEG = 15.0
NEARER_THE_SIDE_DEG = 45.0
"""Sides are compared only this close to a true front or back view."""
MIN_VISIBILITY = 0.6
MIN_REPS = 5
SAME_SIGN = 0.7
"""Share of the repetitions that must differ in the same direction."""
STANDARD_ERRORS = 2.0
MEDIAN_FACTOR = math.sqrt(math.pi / 2)
"""Standard error of a median over that of a mean, for normal values."""


OTHER = {"left": "right", "right": "left"}
_SIDES = {
    "left": lambda: in_context("your ... hand, your ... arm", "left"),
    "right": lambda: in_context("your ... hand, your ... arm", "right"),
}


class Part(StrEnum):
    """Which part gave way first in the clips."""

    UPPER = "upper"
    LOWER = "lower"
    BOTH = "both"
    LEVEL = "level"


@dataclass(frozen=True)
class UpperLower:
    """Points of the upper back, of the lower back and hips, and which leads."""

    upper: float
    lower: float
    part: Part


class SideGrade(StrEnum):
    """Grades of a left-right comparison."""

    OK = "ok"
    WATCH = "watch"
    CLEAR = "clear"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True)
class SideDifference:
    """The verdict of a left-right comparison.

    Attributes
    ----------
    variable
        What was compared, with its unit and limits.
    grade
        The verdict.
    value, error
        Median of right minus left over the repetitions and its standard error,
        in the variable's unit; NaN when not assessed.
    side
        The side with the smaller value, "left" or "right"; None unless flagged.
    same_way, reps
        Repetitions that differ in the median's direction, and all of them.
    reason
        Why it was not assessed, else None.
    """

    variable: SideVariable
    grade: SideGrade
    value: float
    error: float
    side: str | None
    same_way: int
    reps: int
    reason: Reason | None

    @property
    def message(self) -> str | None:
        """The finding in words, in the language that is spoken; None unless flagged."""
        if self.side is None:
            return None
        return _(self.variable.message).format(
            side=_SIDES[self.side](),
            other=_SIDES[OTHER[self.side]](),
            count=self.same_way,
            reps=self.reps,
        )

    @property
    def is_flagged(self) -> bool:
        """Whether the sides differ by more than chance and the first limit."""
        return self.grade in (SideGrade.WATCH, SideGrade.CLEAR)


def lower_points(
    observations: Iterable[CueObservation], /, table: CueTable | None = None
) -> float | None:
    """Points of the lower back and hips on the scale of the evidence, 0..2.5.

    None when no cue that tests them was measured well: then nothing can be said
    about the proportion.
    """
    table = table or cue_table()
    seen = {o.cue: o for o in observations if o.quality > 0}
    tests = [seen[p.id] for p in table.lower if p.test and p.id in seen]
    if all(o.quality < USABLE_QUALITY for o in tests):
        return None
    return min(MAX_LOWER, sum(_lower_part(p, seen) for p in table.lower))


def _lower_part(part: LowerPart, seen: Mapping[str, CueObservation]) -> float:
    own = seen.get(part.id)
    shown = any(c in seen and seen[c].severity > 0 for c in part.unless)
    clean = all(c in seen and seen[c].severity == 0 for c in part.clean)
    if own is None or shown or not clean:
        return 0.0
    return part.weight * own.severity * own.effective_persistence * own.quality


def upper_lower(upper: float, lower: float, /) -> UpperLower:
    """Compare the two scores.

    Parameters
    ----------
    upper
        `Evidence.points`.
    lower
        `lower_points`.
    """
    if upper - lower >= LEAD:
        part = Part.UPPER
    elif lower - upper >= LEAD:
        part = Part.LOWER
    elif min(upper, lower) >= BOTH:
        part = Part.BOTH
    else:
        part = Part.LEVEL
    return UpperLower(upper, lower, part)


def compare_upper_lower(
    evidence: Evidence,
    observations: Iterable[CueObservation],
    /,
    table: CueTable | None = None,
) -> UpperLower | None:
    """Upper against lower back, None when either was not tested.

    Parameters
    ----------
    evidence
        The combined cues.
    observations
        The same cues, and those of the lower back.
    table
        The cues; None for those that come with formcheck.
    """
    lower = lower_points(observations, table)
    if lower is None or not evidence.exercises:
        return None
    return upper_lower(evidence.points, lower)


def asymmetry_index(right: ArrayLike, left: ArrayLike, /) -> NDArray[np.float64]:
    """Right minus left in percent of the larger, per repetition.

    NaN where both are zero or one is missing.

    Examples
    --------
    >>> asymmetry_index([1.0, 0.8], [0.8, 1.0]).round(1).tolist()
    [20.0, -20.0]
    """
    r, l_ = np.asarray(right, dtype=float), np.asarray(left, dtype=float)
    larger = np.maximum(np.abs(r), np.abs(l_))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(larger > 0, 100.0 * (r - l_) / larger, np.nan))


def judge_sides(  # noqa: PLR0913 - each is one fact about the set
    variable: str,
    differences: ArrayLike,
    /,
    *,
    off_front_deg: float,
    visibility: float,
    offset: float = 0.0,
    error: float = 0.0,
    floor: float = 0.0,
    of: int = 0,
    problem: Reason | None = None,
    table: CueTable | None = None,
) -> SideDifference:
    """Judge a left-right difference over a set.

    Parameters
    ----------
    variable
        Identifier in the table's `side` list.
    differences
        Right minus left per repetition, in the variable's unit
        (`asymmetry_index` for percent); missing values are NaN.
    off_front_deg
        How far the camera is from a true front or back view; NaN when unknown.
    visibility
        Mean visibility of the worse side, 0..1.
    offset
        The difference that stays while standing or hanging still (rolled camera,
        grip off the middle); it is subtracted.
    error
        Standard error of one repetition's difference, as far as known.
    floor
        Part of the standard error that is the same in all repetitions.
    of
        Repetitions of the set, where differences are not given of all; 0 where they are.
    problem
        Why the sides cannot be compared, when the caller knows.
    table
        The cues; None for those that come with formcheck.
    """
    limits = (table or cue_table()).sides[variable]
    values = np.asarray(differences, dtype=float) - offset
    of = max(of, len(values))
    values = values[np.isfinite(values)]
    reason = _side_problem(off_front_deg, visibility, len(values), problem, of)
    if reason is None:
        return _judged(limits, values, error, floor)
    unknown, grade = math.nan, SideGrade.NOT_ASSESSED
    return SideDifference(limits, grade, unknown, unknown, None, 0, len(values), reason)


def _judged(
    limits: SideVariable, values: NDArray[np.float64], error: float, floor: float
) -> SideDifference:
    reps, middle = len(values), float(np.median(values))
    spread = MEDIAN_FACTOR * max(float(np.std(values, ddof=1)), error) / math.sqrt(reps)
    spread = math.hypot(spread, floor)
    same_way = int(np.sum(np.sign(values) == np.sign(middle))) if middle else 0
    steady = same_way >= SAME_SIGN * reps
    grade = _side_grade(abs(middle), STANDARD_ERRORS * spread, limits) if steady else SideGrade.OK
    if grade is SideGrade.OK:
        return SideDifference(limits, grade, middle, spread, None, same_way, reps, None)
    side = "left" if middle > 0 else "right"
    return SideDifference(limits, grade, middle, spread, side, same_way, reps, None)


def _side_problem(
    off_front_deg: float, visibility: float, reps: int, problem: Reason | None, of: int
) -> Reason | None:
    if problem is not None:  # then no other view helps
        return problem
    if not off_front_deg <= MAX_OFF_FRONT_DEG:
        nearly = off_front_deg < NEARER_THE_SIDE_DEG
        return Reason(ReasonCode.NOT_FRONTAL, aside_deg=off_front_deg if nearly else None)
    if not visibility >= MIN_VISIBILITY:
        return Reason(ReasonCode.SIDE_HIDDEN)
    if reps < min(MIN_REPS, of):
        return Reason(ReasonCode.TOO_FEW_MEASURED, needed=MIN_REPS, got=reps, of=of)
    if reps < MIN_REPS:
        return Reason(ReasonCode.TOO_FEW_REPS, needed=MIN_REPS, got=reps)
    return None


def _side_grade(size: float, noise: float, limits: SideVariable) -> SideGrade:
    if size > max(limits.clear, noise):
        return SideGrade.CLEAR
    return SideGrade.WATCH if size > max(limits.watch, noise) else SideGrade.OK
