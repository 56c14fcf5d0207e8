"""The one scale of severities: order, edges, sign and word of each grade."""

from __future__ import annotations

from enum import StrEnum

from formcheck.words.language import _, later
from formcheck.words.text import in_small


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
    Severity.OK: later("fine"),
    Severity.MILD: later("mild"),
    Severity.MODERATE: later("moderate"),
    Severity.SEVERE: later("severe"),
    Severity.NOT_ASSESSED: later("not assessed"),
}
NO_VERDICT = later("no verdict")
CLOSE_OR_UNSEEN = later("too close to call, or not judged where it stands alone")
"""A value beside which there is no verdict was measured, but is too close to call."""
_AS_VERDICT = {
    Severity.OK: later("no fault"),
    Severity.MILD: later("! mild fault"),
    Severity.MODERATE: later("!! moderate fault"),
    Severity.SEVERE: later("!!! severe fault"),
    Severity.NOT_ASSESSED: WORDS[Severity.NOT_ASSESSED],
}


def grade_words(grade: str, /) -> str:
    """A grade.

    >>> grade_words("not_assessed")
    'not assessed'
    """
    return _(WORDS[Severity(grade)])


def legend() -> str:
    """What the signs mean.

    >>> legend().split(", ", 4)[:3]
    ['ok = fine', '! = mild', '!! = moderate']
    """
    words = {grade: WORDS[grade] for grade in GRADES} | {Severity.NOT_ASSESSED: CLOSE_OR_UNSEEN}
    return ", ".join(f"{SIGNS[grade]} = {_(said)}" for grade, said in words.items())


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
        return _("none found")
    words = grade_words(grade)
    told = words if fault is None else f"{_(fault)}, {words}"
    return f"{told} ({in_small(_(lift))})" if lift else told


def verdict_words(grade: Severity, /) -> str:
    """A grade as the verdict on a repetition.

    >>> verdict_words(Severity.OK), verdict_words(Severity.MODERATE)
    ('no fault', '!! moderate fault')
    """
    return _(_AS_VERDICT[grade])
