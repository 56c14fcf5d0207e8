"""In which repetitions a rule shows a fault, of those that could be judged.

Pure functions of the report, shared by the terminal and the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.reasons import ReasonCode
from formcheck.words.severity import FAULTS
from formcheck.words.text import counted, joined, numbers, reps_named

if TYPE_CHECKING:
    from formcheck.report.model import RepCheckPart, Report, SetCheckPart


def flagged_reps(report: Report, check: SetCheckPart, /) -> str:
    """The repetitions that show a fault, and how many of the others are not known to be fine."""
    flagged = check.reps_flagged
    judged, close = _judged(report, check)
    if check.over_set is not None or judged == report.rep_count:
        return numbers(flagged, report.rep_count)
    named = reps_named(flagged).partition(" ")[2]
    told = f"{named}{_borderline(report.rep_count - judged, close)}"
    if len(flagged) < judged:
        return f"{len(flagged)} of the {judged} reps that could be judged ({told})"
    if judged == 1:
        return f"The one rep that could be judged ({told})"
    who = "Both" if judged == 2 else f"All {judged}"
    return f"{who} reps that could be judged ({told})"


def judged_in(report: Report, check: SetCheckPart, /) -> str:
    """How many repetitions a rule without a fault could be judged in; empty where in all."""
    judged, close = _judged(report, check)
    others = report.rep_count - judged
    if check.over_set is not None or not others:
        return ""
    told = _borderline(others, close).removeprefix("; ")
    return f"judged in {judged} of {counted(report.rep_count, 'rep')}{f' ({told})' * bool(told)}"


def grade_told(report: Report, check: SetCheckPart, /) -> str:
    """The grade of a rule in the set, and the repetitions in which a fault is worse."""
    if check.severity not in FAULTS:
        return str(check.severity)
    own = _own(report, check)
    order = FAULTS.index
    worst = min((c.severity for _, c in own if c.severity in FAULTS), key=order, default=None)
    if worst is None or order(worst) >= order(check.severity):
        return str(check.severity)
    where = [number for number, c in own if c.severity == worst]
    return f"{check.severity} over the set, {worst} in {reps_named(where)}"


def close_call(check: SetCheckPart, /) -> str:
    """Where a rule is a fault although that of the set is too close to call; empty without."""
    clear = check.reason_code == ReasonCode.TOO_CLOSE and check.reps_flagged
    return f" (clear only in {reps_named(check.reps_flagged)})" if clear else ""


def _borderline(others: int, close: int) -> str:
    """Of so many repetitions without a verdict, those that were measured: no word of the rest."""
    if not close:
        return ""
    if close == others:
        told = "the other one" if close == 1 else f"the other {close}"
    else:
        told = f"{close} of the others"
    return f"; {told} {'is' if close == 1 else 'are'} too close to call"


def _judged(report: Report, check: SetCheckPart) -> tuple[int, int]:
    """Repetitions with a verdict, and those that are too close to call."""
    own = [c for _, c in _own(report, check)]
    close = sum(c.reason_code == ReasonCode.TOO_CLOSE for c in own)
    return sum(c.severity != "not_assessed" for c in own), close


def _own(report: Report, check: SetCheckPart) -> list[tuple[int, RepCheckPart]]:
    return [(r.index, c) for r in report.reps for c in r.checks if c.rule == check.rule]


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
    parts = [f"{points or 'under 1'} for {_lower(c.title)}" for c, points in costs(report)]
    less = f"100 less {joined(parts)}" if parts else "the faults cost more than 100 points"
    return f"Score {report.score:.0f}: {less}. {COUNTS}"


COUNTS = "How far a fault goes counts, not in how many reps it shows."


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def points_of(report: Report, check: SetCheckPart, /) -> str:
    """What a fault costs, in words; empty where that is not known."""
    own = next((points for one, points in costs(report) if one.rule == check.rule), None)
    if own is None:
        return ""
    return "costs less than 1 point" if own == 0 else f"costs {counted(own, 'point')}"
