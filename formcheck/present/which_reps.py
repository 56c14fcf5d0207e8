"""In which repetitions a rule shows a fault, of those that could be judged.

Pure functions of the report, shared by the terminal and the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.reasons import ReasonCode
from formcheck.words.language import _, later, plural
from formcheck.words.severity import FAULTS, grade_words
from formcheck.words.text import amount, counted, joined, lower_first, numbers, reps_named, runs

if TYPE_CHECKING:
    from formcheck.report.model import RepCheckPart, Report, SetCheckPart


MOST_DIGITS = 2
"""An error of more than so many of the last digit makes one more mean nothing (judgement)."""


def flagged_reps(report: Report, check: SetCheckPart, /) -> str:
    """The repetitions that show a fault, and how many of the others are not known to be fine."""
    flagged = check.reps_flagged
    judged, close = _judged(report, check)
    if check.over_set is not None or judged == report.rep_count:
        return numbers(flagged, report.rep_count)
    told = "; ".join(filter(None, [runs(flagged), _borderline(report.rep_count - judged, close)]))
    if len(flagged) < judged:
        said = _("{n} of the {judged} reps that could be judged ({reps})")
    elif judged == 2:
        said = _("Both reps that could be judged ({reps})")
    else:
        said = plural(
            "The one rep that could be judged ({reps})",
            "All {judged} reps that could be judged ({reps})",
            judged,
        )
    return said.format(n=len(flagged), judged=judged, reps=told)


def judged_in(report: Report, check: SetCheckPart, /) -> str:
    """How many repetitions a rule without a fault could be judged in; empty where in all."""
    judged, close = _judged(report, check)
    others = report.rep_count - judged
    if check.over_set is not None or not others:
        return ""
    said = plural(
        "judged in {judged} of {n} rep", "judged in {judged} of {n} reps", report.rep_count
    ).format(judged=judged, n=report.rep_count)
    told = _borderline(others, close)
    return f"{said} ({told})" if told else said


def grade_told(report: Report, check: SetCheckPart, /) -> str:
    """The grade of a rule in the set, and the repetitions in which a fault is worse."""
    if check.severity not in FAULTS:
        return grade_words(check.severity)
    worse = worse_in(report, check)
    if not worse:
        return grade_words(check.severity)
    return _("{grade} on the whole, {worse}").format(grade=grade_words(check.severity), worse=worse)


def worse_in(report: Report, check: SetCheckPart, /) -> str:
    """The repetitions in which a fault is worse than in the set; empty where it is in none."""
    own = _own(report, check.rule)
    order = FAULTS.index
    grades = [c.severity for _number, c in own if c.severity in FAULTS]
    worst = min(grades, key=order, default=None)
    if check.severity not in FAULTS or worst is None or order(worst) >= order(check.severity):
        return ""
    where = [number for number, c in own if c.severity == worst]
    return _("{grade} in {reps}").format(grade=grade_words(worst), reps=reps_named(where))


def close_call(check: SetCheckPart, /) -> str:
    """Where a rule is a fault although that of the set is too close to call; empty without."""
    clear = check.reason_code == ReasonCode.TOO_CLOSE and check.reps_flagged
    if not clear:
        return ""
    return " " + _("(a fault for sure only in {reps})").format(reps=reps_named(check.reps_flagged))


def _borderline(others: int, close: int) -> str:
    """Of so many repetitions without a verdict, those that were measured: no word of the rest."""
    if not close:
        return ""
    if close == others:
        return counted(
            close, "the other one is too close to call", "the other {n} are too close to call"
        )
    return counted(
        close, "{n} of the others is too close to call", "{n} of the others are too close to call"
    )


def _judged(report: Report, check: SetCheckPart) -> tuple[int, int]:
    """Repetitions with a verdict, and those that are too close to call."""
    own = [c for _number, c in _own(report, check.rule)]
    close = sum(c.reason_code == ReasonCode.TOO_CLOSE for c in own)
    return sum(c.severity != "not_assessed" for c in own), close


def _own(report: Report, rule: str) -> list[tuple[int, RepCheckPart]]:
    return [(r.index, c) for r in report.reps for c in r.checks if c.rule == rule]


def look_alike(report: Report, rule: str, /) -> bool:
    """Whether repetitions with different verdicts show the same number: it needs a digit more.

    Not where the errors are so large that the digit would mean nothing.
    """
    verdicts: dict[str, set[str]] = {}
    for _number, check in _own(report, rule):
        digit = {"s": 0.1, "deg": 1.0}.get(check.unit, 0.01)
        if check.value is None or (check.error or 0.0) > MOST_DIGITS * digit:
            continue
        told = amount(check.value, check.unit, with_part=False)
        verdicts.setdefault(told, set()).add(check.severity)
    return any(len(found) > 1 for found in verdicts.values())


# --- the score ------------------------------------------------------------------------


def costs(report: Report, /) -> list[tuple[SetCheckPart, int]]:
    """What each fault costs, the most first, in whole points that add up to what is missing.

    Empty without a score, or where the faults cost more than there is.
    """
    found = sorted((c for c in report.checks if c.cost > 0), key=lambda c: -c.cost)
    if not report.score:
        return []
    missing = 100 - round(report.score)
    whole = [int(check.cost) for check in found]
    rests = sorted(range(len(found)), key=lambda i: whole[i] - found[i].cost)
    for i in rests[: max(0, missing - sum(whole))]:
        whole[i] += 1
    return list(zip(found, whole, strict=True))


def score_told(report: Report, /) -> str:
    """What the score is made of, as a sentence; empty where nothing was taken off."""
    if report.score is None:
        return ""
    if not any(check.cost > 0 for check in report.checks):
        return ""
    parts = [
        (_("{points} for {fault}") if points else _("under 1 for {fault}")).format(
            points=points, fault=lower_first(check.title)
        )
        for check, points in costs(report)
    ]
    told = (
        _("Score {score}: 100 less {costs}.")
        if parts
        else _("Score {score}: the faults cost more than 100 points.")
    )
    said = told.format(score=f"{report.score:.0f}", costs=joined(parts) if parts else "")
    return f"{said} {_(COUNTS)}"


FEW_REPS = 2
"""A score of so few says little of a set (judgement)."""


def score_scope(report: Report, /) -> str:
    """What the score is of, as a sentence; empty where that is most of the lift, in a set."""
    weighed = [check for check in report.checks if check.weight > 0]
    judged = [check for check in weighed if check.severity != "not_assessed"]
    reps = max((check.reps_assessed for check in judged), default=0)
    partly = report.filming is not None and report.filming.verdict != "good"
    if report.score is None or not (partly or reps <= FEW_REPS):
        return ""
    return plural(
        "The score rests on {judged} of {total} checks, from {n} rep.",
        "The score rests on {judged} of {total} checks, from {n} reps.",
        reps,
    ).format(judged=len(judged), total=len(weighed), n=reps)


COUNTS = later(
    "How far a fault goes and how much its check weighs count, not in how many reps it shows."
)


def points_of(report: Report, check: SetCheckPart, /) -> str:
    """What a fault costs, in words; empty where that is not known."""
    own = next((points for one, points in costs(report) if one.rule == check.rule), None)
    if own is None:
        return ""
    if own == 0:
        return _("costs less than 1 point")
    return counted(own, "costs {n} point", "costs {n} points")
