"""A comparison in words, the same in the terminal and on the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.words.language import _, decimal, later, plural
from formcheck.words.reasons import sentence
from formcheck.words.text import PLAIN_UNITS, counted, joined, lower_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.compare.model import ComparisonReport, DifferencePart
    from formcheck.reasons import Reason

MINUS = "\N{MINUS SIGN}"
METHOD = later(
    "Every rep is stretched to 100 %: it starts at 0, turns at 50 and ends at 100, so tempo alone "
    "never makes two curves differ. A difference counts when it is more than twice its standard "
    "error, which covers measuring, timing and the scatter between reps in both clips."
)
CAUTION = later(
    "Two clips of one lifter from the same spot may share the same tracking errors. We don't "
    "count on that, so a small real difference can go unnoticed."
)


def plus_minus(value: float | None, error: float | None, /, *, signed: bool = False) -> str:
    """A number with its error, in digits that mean something.

    >>> plus_minus(41.41, 4.06), plus_minus(0.148, 0.06), plus_minus(None, None)
    ('41 ±4', '0.15 ±0.06', '-')
    >>> plus_minus(0.32, 0.13, signed=True)
    '+0.32 ±0.13'
    """
    if value is None:
        return "-"
    size = abs(value) if error is None or math.isnan(error) else error
    digits = 0 if size >= 2 else 1 if size >= 0.25 else 2
    text = decimal(value, digits, signed=signed)
    return text if error is None else f"{text} ±{decimal(error, digits)}"


_IN_LENGTHS = {
    "foot": later("{title} (foot lengths)"),
    "arm": later("{title} (arm lengths)"),
    "trunk": later("{title} (trunk lengths)"),
    "stance": later("{title} (stance lengths)"),
    "upper arm": later("{title} (upper arm)"),
    "arm/s": later("{title} (arm/s)"),
    "deg": later("{title} (deg)"),
    "ratio": later("{title} (ratio)"),
}


def heading_of(part: DifferencePart, /) -> str:
    """A measurement in few words, with its unit."""
    unit = part.unit
    plain = unit in PLAIN_UNITS or "/" in unit or " " in unit
    other = f"{{title}} ({unit})" if plain else f"{{title}} ({unit} lengths)"
    return _(_IN_LENGTHS.get(unit, other)).format(title=_(part.short))


def told(report: ComparisonReport, /) -> list[DifferencePart]:
    """Measurements that could be compared, those that differ first."""
    known = [m for m in report.measurements if m.reason is None]
    return sorted(known, key=lambda m: not m.clear)


def untold(report: ComparisonReport, /) -> list[str]:
    """Measurements that could not be compared, each with the reason."""
    return [f"{_(m.short)}: {m.reason}." for m in report.measurements if m.reason is not None]


def why_missing(missing: Sequence[tuple[str, Reason]], /) -> str:
    """Why a measurement is missing in one clip or in both; empty where it is not.

    >>> from formcheck.reasons import Reason, ReasonCode
    >>> why_missing([("A", Reason(ReasonCode.NO_SPEED)), ("B", Reason(ReasonCode.NO_SPEED))])
    'speed means nothing in this exercise'
    >>> why_missing([("B", Reason(ReasonCode.SIDE_HIDDEN))])
    'clip B: formcheck could not follow one side well enough for most of the time'
    """
    if len({reason for _, reason in missing}) == 1 < len(missing):
        return sentence(missing[0][1])
    told = _("clip {label}: {reason}")
    return "; ".join(told.format(label=label, reason=sentence(r)) for label, r in missing)


def verdict(report: ComparisonReport, /) -> str:
    """What differs, in one sentence."""
    clear = [lower_first(_(m.short)) for m in report.measurements if m.clear]
    if not clear:
        return _("No measurement differs by more than twice its error.")
    told = plural(
        "{n} measurement differs by more than twice the error: {measurements}.",
        "{n} measurements differ by more than twice the error: {measurements}.",
        len(clear),
    )
    return told.format(n=len(clear), measurements=joined(clear))


def curve_verdicts(report: ComparisonReport, /) -> list[str]:
    """For each curve, where it differs."""
    found = []
    for curve in report.curves:
        spans = _spans(curve.clear, report.phase_percent)
        told = (
            _("{curve}: differs at {spans} of the rep.")
            if spans
            else _("{curve}: no clear difference.")
        )
        found.append(told.format(curve=curve.title, spans=joined(spans) if spans else ""))
    return found


def _spans(clear: Sequence[bool], percent: Sequence[float]) -> list[str]:
    """Runs of points as ranges."""
    runs: list[list[float]] = []
    for number, (here, at) in enumerate(zip(clear, percent, strict=True)):
        if here and number and clear[number - 1]:
            runs[-1][1] = at
        elif here:
            runs.append([at, at])
    return [
        f"{a:.0f} %" if a == b else _("{start} to {end} %").format(start=f"{a:.0f}", end=f"{b:.0f}")
        for a, b in runs
    ]


def reps_of(numbers_used: Sequence[int], /) -> str:
    """Which repetitions stand for a clip.

    >>> reps_of([3]), reps_of([1, 2, 3])
    ('rep 3', 'average of 3 reps')
    """
    if len(numbers_used) == 1:
        return _("rep {reps}").format(reps=numbers_used[0])
    return counted(len(numbers_used), "average of {n} rep", "average of {n} reps")
