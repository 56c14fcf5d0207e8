"""The one scale of severities: order, edges, sign and word of each grade."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """Grades of the report contract."""

    OK = "ok"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    NOT_ASSESSED = "not_assessed"

    @property
    def is_fault(self) -> bool:
        """Whether the rule is flagged."""
        return self in FAULTS


GRADES = (Severity.OK, Severity.MILD, Severity.MODERATE, Severity.SEVERE)
ORDER = GRADES.index
"""Key that sorts grades from fine to severe."""
FAULTS = (Severity.SEVERE, Severity.MODERATE, Severity.MILD)
"""The worst first."""
SHARES = {Severity.OK: 0.0, Severity.MILD: 0.34, Severity.MODERATE: 0.67, Severity.SEVERE: 1.0}
"""Continuous severity at the far end of each grade."""
SIGNS = {
    Severity.OK: "ok",
    Severity.MILD: "!",
    Severity.MODERATE: "!!",
    Severity.SEVERE: "!!!",
    Severity.NOT_ASSESSED: "?",
}
WORDS = {
    Severity.OK: "fine",
    Severity.MILD: "mild",
    Severity.MODERATE: "moderate",
    Severity.SEVERE: "severe",
    Severity.NOT_ASSESSED: "not assessed",
}
LEGEND = ", ".join(
    [
        *(f"{SIGNS[grade]} = {WORDS[grade]}" for grade in GRADES),
        f"{SIGNS[Severity.NOT_ASSESSED]} = no verdict",
    ]
)
"""A value beside which there is no verdict was measured, but is too close to call."""


def grade_of(share: float, /) -> Severity:
    """The grade of a continuous severity.

    >>> [str(grade_of(share)) for share in (0.0, 0.34, 0.5, 0.9)]
    ['ok', 'mild', 'moderate', 'severe']
    """
    return next((grade for grade in GRADES if share <= SHARES[grade]), Severity.SEVERE)


def worst_words(grade: str, fault: str | None, lift: str, /) -> str:
    """The worst fault, by its title, and in which lift.

    >>> worst_words("moderate", "Depth", "Squat"), worst_words("ok", None, "Squat")
    ('Depth, moderate (squat)', 'none found')
    """
    if grade == Severity.OK:
        return "none found"
    words = WORDS[Severity(grade)]
    told = words if fault is None else f"{fault}, {words}"
    return f"{told} ({lift.lower()})" if lift else told


def verdict_words(grade: Severity, /) -> str:
    """A grade as the verdict on a repetition.

    >>> verdict_words(Severity.OK), verdict_words(Severity.MODERATE)
    ('no fault', '!! moderate fault')
    """
    if grade is Severity.OK:
        return "no fault"
    return f"{SIGNS[grade]} {WORDS[grade]} fault" if grade.is_fault else WORDS[grade]
