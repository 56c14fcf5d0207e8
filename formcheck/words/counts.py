"""How many repetitions there are, and why that is not sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.reasons import ReasonCode
from formcheck.words.text import counted, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.reasons import Reason


def reps_told(low: int, high: int, /) -> str:
    """A count, or what it may be.

    >>> reps_told(8, 8), reps_told(8, 9), reps_told(0, 1), reps_told(5, 8)
    ('8 reps', '8 or 9 reps', '0 or 1 rep', '5 to 8 reps')
    """
    if low == high:
        return counted(low, "rep")
    return f"{low} {_between(low, high)} {counted(high, 'rep')}"


def count_cell(count: int, span: tuple[int, int] | None, /) -> str:
    """As `count_told`, for a column that says what is counted.

    >>> count_cell(1, (1, 3)), count_cell(2, None), count_cell(8, (8, 8))
    ('1 to 3', '2', '8')
    """
    if span is None or not count or span[0] == span[1]:
        return str(count)
    return f"{span[0]} {_between(*span)} {span[1]}"


def _between(low: int, high: int) -> str:
    return "or" if high == low + 1 else "to"


def count_told(count: int, span: tuple[int, int] | None, /) -> str:
    """A count, or the span in which it may lie; that of a clip without one is not in doubt.

    >>> count_told(1, (1, 3)), count_told(2, None), count_told(0, (0, 1))
    ('1 to 3 reps', '2 reps', '0 reps')
    """
    return counted(count, "rep") if span is None or not count else reps_told(*span)


def not_analysed(files: int, folders: int = 0, /) -> str:
    """What a batch could not do; empty where it did everything.

    >>> not_analysed(2), not_analysed(1, 1)
    ('2 files could not be analysed', '1 file and 1 folder could not be analysed')
    """
    found = [counted(n, one) for n, one in ((files, "file"), (folders, "folder")) if n]
    return f"{joined(found)} could not be analysed" if found else ""


def why_unsure(doubts: Sequence[Reason], /) -> str:
    """Why a count is not sure, as part of a sentence; empty where it is.

    >>> from formcheck.reasons import Reason
    >>> last, seen = Reason(ReasonCode.CUT_OFF, when="last"), Reason(ReasonCode.COUNT_UNSURE)
    >>> why_unsure([last])
    'the last one is cut off'
    >>> why_unsure([last, seen])
    'the last one is cut off and some are seen too badly to tell'
    >>> why_unsure([Reason(ReasonCode.EXCLUDED, text="the feet stepped")])
    'one was left out because the feet stepped'
    """
    return joined([_doubt(reason) for reason in doubts]) if doubts else ""


def _doubt(reason: Reason) -> str:
    if reason.code is ReasonCode.CUT_OFF:
        return f"the {reason.when} one is cut off" if reason.when else "one is cut off"
    if reason.code is ReasonCode.OTHER_PACE:
        return "one is too slow to count as one"
    if reason.code is ReasonCode.EXCLUDED:
        return f"one was left out because {reason.text}"
    return "some are seen too badly to tell"
