"""What rules say of a repetition and of a set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formcheck.reasons import Reason
    from formcheck.rules.schema import Better, Limits, Rule
    from formcheck.words.severity import Severity


@dataclass(frozen=True)
class Second:
    """A rule's second condition, where it makes the verdict milder than the value does.

    Attributes
    ----------
    title
        What it measures.
    value, error, unit
        What was measured, and one standard error.
    limits, better
        What is expected of it.
    """

    title: str
    value: float
    error: float
    unit: str
    limits: Limits
    better: Better


@dataclass(frozen=True)
class Check:
    """The verdict of one rule on one repetition.

    Attributes
    ----------
    rule, severity
        The verdict.
    value, error, unit
        What was measured, and one standard error.
    at_s
        When, seconds of the clip; None where it is of the whole repetition.
    reason
        Why there is no verdict.
    scatter
        The part of the error that comes from landmarks that are not seen well.
    decided_by
        The second condition, where it decided.
    """

    rule: Rule
    severity: Severity
    value: float
    error: float
    unit: str
    at_s: float | None
    reason: Reason | None
    scatter: float = 0.0
    decided_by: Second | None = None


@dataclass(frozen=True)
class SetCheck:
    """The verdict of one rule on the whole set.

    Attributes
    ----------
    rule, severity
        The verdict.
    value, error, unit
        The median repetition, or the change over the set, and one standard error.
    reps_flagged, reps_assessed
        Numbers of the repetitions that show a fault; how many could be judged.
    reason
        Why there is no verdict.
    decided_by
        The second condition, where it decided.
    of_flagged
        Whether the value is the median of the flagged repetitions alone, because that of all is
        fine.
    """

    rule: Rule
    severity: Severity
    value: float
    error: float
    unit: str
    reps_flagged: tuple[int, ...]
    reps_assessed: int
    reason: Reason | None
    decided_by: Second | None = None
    of_flagged: bool = False
