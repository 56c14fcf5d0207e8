"""How many repetitions there are, and why that is not sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.reasons import ReasonCode
from formcheck.words.language import _, later, plural
from formcheck.words.reasons import sentence
from formcheck.words.text import counted, either, joined, reps_named, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from formcheck.reasons import Reason

CUT_OFF: Mapping[str, str] = {
    "first": later("one more before the first is cut off"),
    "last": later("one more after the last is cut off"),
    "": later("one more in between is cut off"),
}


def reps_told(low: int, high: int, /) -> str:
    """A count, or what it may be.

    >>> reps_told(8, 8), reps_told(8, 9), reps_told(0, 1), reps_told(5, 8)
    ('8 reps', '8 or 9 reps', '0 or 1 rep', '5 to 8 reps')
    """
    if low == high:
        return counted(low, "{n} rep", "{n} reps")
    return plural("{n} rep", "{n} reps", high).format(n=_range(low, high))


def count_cell(count: int, spanned: tuple[int, int] | None, /) -> str:
    """As `count_told`, for a column that says what is counted.

    >>> count_cell(1, (1, 3)), count_cell(2, None), count_cell(8, (8, 8))
    ('1 to 3', '2', '8')
    """
    if spanned is None or not count or spanned[0] == spanned[1]:
        return str(count)
    return _range(*spanned)


def _range(low: int, high: int) -> str:
    return either([str(low), str(high)]) if high == low + 1 else span(low, high)


def count_told(count: int, spanned: tuple[int, int] | None, /) -> str:
    """A count, or the span in which it may lie; that of a clip without one is not in doubt.

    >>> count_told(1, (1, 3)), count_told(2, None), count_told(0, (0, 1))
    ('1 to 3 reps', '2 reps', '0 reps')
    """
    if spanned is None or not count:
        return counted(count, "{n} rep", "{n} reps")
    return reps_told(*spanned)


def not_analysed(files: int, folders: int = 0, /) -> str:
    """What a batch could not do; empty where it did everything.

    >>> not_analysed(2), not_analysed(1, 1)
    ('2 files could not be analysed', '1 file and 1 folder could not be analysed')
    """
    found = [counted(files, "{n} file", "{n} files")] * bool(files)
    found += [counted(folders, "{n} folder", "{n} folders")] * bool(folders)
    if not found:
        return ""
    told = plural("{what} could not be analysed", "{what} could not be analysed", files + folders)
    return told.format(what=joined(found))


def why_unsure(doubts: Sequence[Reason], /) -> str:
    """Why a count is not sure, as part of a sentence; empty where it is.

    >>> from formcheck.reasons import Reason
    >>> last, seen = Reason(ReasonCode.CUT_OFF, when="last"), Reason(ReasonCode.COUNT_UNSURE)
    >>> why_unsure([last])
    'one more after the last is cut off'
    >>> why_unsure([last, seen])
    'one more after the last is cut off and formcheck is not sure of every rep'
    >>> why_unsure([Reason(ReasonCode.COUNT_UNSURE, reps=(5,))])
    'formcheck is not sure of rep 5'
    >>> why_unsure([Reason(ReasonCode.EXCLUDED, text="the feet stepped")])
    'one was left out because the feet stepped'
    """
    return joined([_doubt(reason) for reason in doubts]) if doubts else ""


def _doubt(reason: Reason) -> str:
    if reason.code is ReasonCode.CUT_OFF:
        return _(CUT_OFF[reason.when])
    if reason.code is ReasonCode.NO_PICTURES:
        return _("one has a part without pictures")
    if reason.code is ReasonCode.OTHER_PACE:
        return _("one is too slow to count as one")
    if reason.code is ReasonCode.EXCLUDED:
        return _("one was left out because {reason}").format(reason=_(reason.text))
    if not reason.reps:
        return sentence(reason)
    if reason.code is ReasonCode.VIEW_CHANGED:
        told = plural(
            "{reps} was filmed from another angle",
            "{reps} were filmed from another angle",
            len(reason.reps),
        )
    else:
        told = _("formcheck is not sure of {reps}")
    return told.format(reps=reps_named(reason.reps))
