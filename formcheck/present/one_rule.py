"""What is said of one rule: where it shows a fault, what is typical, what is worst and when.

Pure functions of the report, shared by the terminal, the page and notebooks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.present.which_reps import flagged_reps, judged_in
from formcheck.words.language import _, later, plural
from formcheck.words.severity import FAULTS
from formcheck.words.text import amount, clock, full_sentence, lower_first, of_part, reps_named

if TYPE_CHECKING:
    from formcheck.report.model import (
        LimitsPart,
        RepCheckPart,
        Report,
        SecondPart,
        SetCheckPart,
    )

_AIMS = {
    "low": later("aim for {value} or less"),
    "high": later("aim for {value} or more"),
    "zero": later("aim for {value} or less, to either side"),
}
_CHANGES = {
    (False, True): later("{what} {value} more than at the start of the set"),
    (False, False): later("{what} {value} less than at the start of the set"),
    (True, True): later("{what} {value} more than in the best rep"),
    (True, False): later("{what} {value} less than in the best rep"),
}
"""Of a fall from the best repetition or another change over the set, and whether it is more."""


def column_heading(check: SetCheckPart) -> str:
    """What a rule measures, with the body part that is its unit."""
    return of_part(check.measures, check.unit)


def when(report: Report, check: SetCheckPart) -> str:
    """Which repetitions show a fault, what is typical, and the worst with its moment."""
    reps = flagged_reps(report, check)
    worst = worst_of(report, check)
    if worst is None or worst.value is None:
        return f"{reps}: {lower_first(change_words(check))}."
    what, most = lower_first(check.measures), amount(worst.value, worst.unit, worst.error)
    at_s, index = moment_of(report, worst)
    at = clock(at_s)
    aim = aim_words(worst.limits, check.better, worst.unit)
    if check.reps_assessed == 1 or check.value is None:
        return _("{reps} at {time}: {what} {value} ({aim}).").format(
            reps=reps, time=at, what=what, value=most, aim=aim
        )
    typical = amount(check.value, check.unit, check.error)
    if typical == most:
        return _("{reps}: {what} {value}, as in rep {rep} at {time} ({aim}).").format(
            reps=reps, what=what, value=most, rep=index, time=at, aim=aim
        )
    # A larger value that is less sure may have a milder grade.
    told = (
        _("{reps}: {what} typically {typical}, most in rep {rep} at {time}: {value} ({aim}).")
        if _badness(check, worst.value) >= _badness(check, check.value)
        else _(
            "{reps}: {what} typically {typical}, clearest in rep {rep} at {time}: {value} ({aim})."
        )
    )
    return told.format(
        reps=reps, what=what, typical=typical, rep=index, time=at, value=most, aim=aim
    )


def exception(report: Report, check: SetCheckPart) -> str:
    """Of a rule without a fault in the set: the few repetitions that are not known to be fine.

    Empty where every repetition is fine.
    """
    worst = worst_of(report, check)
    if check.severity in FAULTS:
        return ""
    if check.over_set == "loss" and (partial := [r.index for r in report.reps if r.is_partial]):
        return plural(
            "As far at the end as at the start, but {reps} is partial.",
            "As far at the end as at the start, but {reps} are partial.",
            len(partial),
        ).format(reps=reps_named(partial))
    if worst is None or worst.value is None:
        return full_sentence(judged_in(report, check))
    reps = lower_first(flagged_reps(report, check))
    most = amount(worst.value, worst.unit, worst.error)
    at = clock(moment_of(report, worst)[0])
    aim = aim_words(worst.limits, check.better, worst.unit)
    return _("Only in {reps}: {what} {value} at {time} ({aim}).").format(
        reps=reps, what=lower_first(check.measures), value=most, time=at, aim=aim
    )


def moment_of(report: Report, check: RepCheckPart) -> tuple[float, int]:
    """When a repetition's verdict was measured, clip seconds, and in which repetition."""
    rep = next(rep for rep in report.reps if check in rep.checks)
    return (rep.turn_s if check.at_s is None else check.at_s), rep.index


def aim_words(limits: LimitsPart, better: str, unit: str) -> str:
    """What to aim for, with the first limit."""
    return _(_AIMS[better]).format(value=amount(limits.mild, unit, with_part=False))


def second_words(second: SecondPart) -> str:
    """A second condition that made a verdict milder, with what it was."""
    value = amount(second.value, second.unit, second.error, with_part=False)
    return f"{lower_first(second.measures)} {value}"


def second_notes(report: Report) -> list[str]:
    """Of each rule with a second condition that decided somewhere: what it was, and where."""
    return [note for check in report.checks if (note := second_note(report, check))]


def second_note(report: Report, check: SetCheckPart) -> str:
    """Why a verdict is milder than its value says; empty where no second condition decided."""
    own = [
        (rep.index, c.decided_by)
        for rep in report.reps
        for c in rep.checks
        if c.rule == check.rule and c.decided_by is not None
    ]
    if not own:
        return ""
    index, second = own[0]
    return _(
        "Milder than {what} alone would be, because the other half of that check is less "
        "far off: {value} in rep {rep} ({aim})."
    ).format(
        what=lower_first(check.measures),
        value=second_words(second),
        rep=index,
        aim=aim_words(second.limits, second.better, second.unit),
    )


def change_words(check: SetCheckPart) -> str:
    """How a measurement changed over the set; what a rule calls a loss is a gain below 0."""
    if check.value is None:
        return lower_first(check.measures)
    size = amount(abs(check.value), check.unit, check.error)
    more = (check.over_set == "growth") == (check.value > 0)
    told = _(_CHANGES[check.over_set == "fall", more])
    return told.format(what=lower_first(check.measures), value=size)


def worst_of(report: Report, check: SetCheckPart) -> RepCheckPart | None:
    """The worst repetition's verdict of a rule, by grade and then by value; None without one."""
    own = [
        c
        for rep in report.reps
        for c in rep.checks
        if c.rule == check.rule and c.severity in FAULTS and c.value is not None
    ]
    return min(
        own, key=lambda c: (FAULTS.index(c.severity), -_badness(check, c.value)), default=None
    )


def _badness(check: SetCheckPart, value: float | None) -> float:
    """A value so that more of it is worse."""
    value = value or 0.0
    return {"low": value, "high": -value, "zero": abs(value)}[check.better]
