"""How many repetitions a report tells, which arm did them, and what was left out.

Pure functions of the report, shared by the terminal, the page and notebooks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.reasons import ReasonCode
from formcheck.words.counts import count_told
from formcheck.words.language import _, later, percent, plural
from formcheck.words.terms import REP_KINDS
from formcheck.words.text import counted, from_to, full_sentence, reps_named, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.report.model import ProfileClip, Report, RepPart

SAID = frozenset(
    {ReasonCode.CUT_OFF, ReasonCode.NO_PICTURES, ReasonCode.NOT_OF_SET, ReasonCode.OTHER_PACE}
)
"""Why a movement that is worth telling does not count: it could have been a repetition."""
ALONE = {
    "left": later("Your left arm works alone."),
    "right": later("Your right arm works alone."),
}
FAR = {
    "left": later(
        "Your left arm is on the far side: what your body hides of it is not assessed. Film a "
        "second set from the left for it."
    ),
    "right": later(
        "Your right arm is on the far side: what your body hides of it is not assessed. Film a "
        "second set from the right for it."
    ),
}
OTHER = {"left": "right", "right": "left"}


def how_many(report: Report, /) -> str:
    """The count, or what it may be and why."""
    told = count_of(report)
    return f"{told} ({report.count_unsure})" if report.count_unsure and report.rep_count else told


def count_of(clip: Report | ProfileClip, /) -> str:
    """The count, or what it may be."""
    return count_told(clip.rep_count, clip.count_range)


def rep_notes(report: Report, /) -> list[str]:
    """Which arm did how many, why a repetition is not a full one, and what was left out."""
    notes = arm_notes(report)
    notes += _not_full(report)
    notes += [
        _("Not counted, {time}: {reason}.").format(
            time=from_to(one.start_s, one.end_s), reason=one.reason
        )
        for one in report.not_counted
        if one.reason_code in SAID
    ]
    return notes


MOST_REASONS = 2
"""More movements than this that were no repetitions are not told one by one."""


def why_none(report: Report, /) -> str:
    """Why no repetition was found, as a sentence: what moved most like one, and what it lacks."""
    others = [(one.start_s, one.end_s, one.reason) for one in report.not_counted]
    others += [(rep.start_s, rep.end_s, rep.reason) for rep in report.reps if rep.reason]
    if not others:
        return _("Nothing in the clip moves as far as a rep of this lift does.")
    longest = sorted(others, key=lambda one: one[0] - one[1])[:MOST_REASONS]
    return " ".join(
        _("Not counted, {time}: {reason}.").format(time=from_to(start_s, end_s), reason=reason)
        for start_s, end_s, reason in sorted(longest)
    )


def _not_full(report: Report) -> list[str]:
    """Repetitions that are not full ones, those of a kind in one sentence."""
    kinds: dict[tuple[str, str], list[RepPart]] = {}
    for rep in report.reps:
        if rep.kind in REP_KINDS:
            code = "" if rep.reason_code is None else str(rep.reason_code)
            kinds.setdefault((rep.kind, code), []).append(rep)
    notes = []
    for (kind, _code), reps in kinds.items():
        told = plural(*REP_KINDS[kind], len(reps)).format(
            reps=reps_named([rep.index for rep in reps])
        )
        why = list(dict.fromkeys(rep.reason for rep in reps if rep.reason))
        notes.append(full_sentence(f"{told}: {_reasons(reps, why)}" if why else told))
    return notes


def _reasons(reps: Sequence[RepPart], why: Sequence[str]) -> str:
    """Why they are not; of those that are too short, how short in one go."""
    shares = [rep.share for rep in reps if rep.share is not None]
    if len(why) == 1 or len(shares) < len(reps):
        return "; ".join(why)
    most = max(reps, key=lambda rep: rep.share or 0.0)
    return span(percent(min(shares)), most.reason)


def arm_notes(report: Report, /) -> list[str]:
    """Which arm did how many where not both work at once; which one the camera hardly sees."""
    sides = {rep.side for rep in report.reps} - {None}
    if not sides:
        return []
    left, right = (
        counted(sum(r.side == side for r in report.reps if r.counts), "{n} rep", "{n} reps")
        for side in ("left", "right")
    )
    if len(sides) > 1:
        told = _("Your arms take turns: {left} with the left, {right} with the right one.")
        notes = [told.format(left=left, right=right)]
    else:
        notes = [_(ALONE[side]) for side in sides if side is not None]
    near = report.view.label.removeprefix("side_")
    if near in OTHER and OTHER[near] in sides:
        notes.append(_(FAR[OTHER[near]]))
    return notes
