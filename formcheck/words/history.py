"""Trends in words, the same in the terminal and on the page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from formcheck.words.comparison import plus_minus
from formcheck.words.terms import TELL_DATE
from formcheck.words.text import PLAIN_UNITS, amount, counted, joined, lower_first
from formcheck.words.tracking import SIGNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from formcheck.history.model import (
        AthleteHistory,
        ChangePart,
        ClipPart,
        Direction,
        TrendPart,
    )

FINDINGS = {
    "none": "no clear sign",
    "watch": "watch",
    "likely": "likely",
    "insufficient": "not enough",
}
"""What a clip says of the upper back, in a table's cell."""
Course = Literal["worse", "better", "open"]
"""Where an athlete is going, as far as it can be told from noise."""
FILE_MARK = "*"
FILE_DATE = f"{FILE_MARK} This is only the file's date, which copying can change; {TELL_DATE}."
METHOD = (
    "Each session is the median of its reps; ± is one standard error. A change only counts when "
    "neither measurement error nor your usual variation between sessions explains it."
)
CAUTION = (
    "A different weight, tempo, outfit or camera position can also change a measurement. "
    "The more often you check, the more likely a change is just chance."
)


def score_words(clip: ClipPart, /) -> str:
    """A clip's score in a list; a mark where its tracking cannot be relied on."""
    if clip.trust == "poor":
        return SIGNS["poor"]
    return "-" if clip.score is None else f"{clip.score:.0f}"


def level_words(level: float, tests: int, fewest: int, /) -> str:
    """How sure a reported change is."""
    if not tests:
        return f"Changes are looked for once there are {fewest} sessions."
    return (
        f"The noise band is wide enough that, with no real change, all {tests} tests together "
        f"report one by chance in at most {level:.0%} of histories."
    )


def day_words(day: date, /, *, year: bool = False) -> str:
    """A day as it is read.

    >>> day_words(date(2026, 3, 3)), day_words(date(2026, 3, 3), year=True)
    ('3 March', '3 March 2026')
    """
    return f"{day.day} {day:%B}{f' {day.year}' if year else ''}"


def span_words(first: datetime | date, last: datetime | date, /) -> str:
    """From when to when.

    >>> span_words(date(2026, 3, 3), date(2026, 5, 1))
    '3 March to 1 May 2026'
    """
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return day_words(last, year=True)
    return f"{day_words(first, year=first.year != last.year)} to {day_words(last, year=True)}"


def heading_words(heading: str, unit: str, /) -> str:
    """A measurement with the body part that is its unit, or with that of a speed.

    >>> heading_words("Lifting speed", "arm/s"), heading_words("Shrug", "trunk")
    ('Lifting speed, arm lengths a second', 'Shrug, of trunk')
    """
    if "/" in unit:
        part = unit.partition("/")[0]
        return f"{heading}, {unit if part == 'm' else f'{part} lengths a second'}"
    return heading if unit in PLAIN_UNITS else f"{heading}, of {unit}"


def quantity(value: float, unit: str, error: float | None = None, /) -> str:
    """A measurement with its error.

    >>> quantity(52.3, "deg", 4.1), quantity(0.4, "arm/s", 0.03)
    ('52° ±4', '0.40 ±0.03 arm/s')
    """
    if "/" in unit:
        return f"{plus_minus(value, error)} {unit}"
    return amount(value, unit, error, with_part=False)


def plus_minus_only(size: float, unit: str, /) -> str:
    """The half width of a band.

    >>> plus_minus_only(6.2, "deg"), plus_minus_only(0.031, "ratio")
    ('±6°', '±3%')
    """
    return f"±{quantity(size, unit)}"


def tick(value: float, unit: str, /) -> str:
    """A value at an axis.

    >>> tick(-10, "deg"), tick(0.25, "foot"), tick(0.5, "s"), tick(0.1, "m/s")
    ('-10°', '25%', '0.5 s', '0.1')
    """
    return f"{value:g}" if "/" in unit else amount(value, unit, with_part=False)


def least_step(unit: str, /) -> float:
    """Smallest step of an axis that `tick` can tell apart."""
    return {"deg": 1.0, "s": 0.1}.get(unit, 0.01)


def short_day(day: date, /) -> str:
    """A day at an axis.

    >>> short_day(date(2026, 3, 3))
    '3 Mar 26'
    """
    return f"{day.day} {day:%b %y}"


def too_few(trends: Sequence[TrendPart], fewest: int, /) -> str:
    """Why some measurements have no verdict, once for all; empty where all have one."""
    have = [len(trend.sessions) for trend in trends if trend.band is None]
    if not have:
        return ""
    if max(len(trend.sessions) for trend in trends) == 1:
        return f"One session so far; changes are looked for from {fewest} sessions on."
    whose = "" if len(have) == len(trends) else " for the rest"
    return f"Changes are looked for{whose} once there are {fewest} sessions; now {max(have)}."


def course(found: AthleteHistory, fewest: int, /) -> tuple[Course, str]:
    """What an athlete's history comes to: the change to know of first, whatever got worse."""
    changes = [
        (lift, trend, change)
        for lift in found.lifts
        for trend in lift.trends
        for change in trend.changes
    ]
    for way in ("worse", "better"):
        told = [one for one in changes if one[2].direction == way]
        if told:
            lift, trend, change = told[0]
            more = f"; {len(told) - 1} more {_WAYS[0][way]}" if len(told) > 1 else ""
            title = lower_first(lift.title.partition(",")[0])
            said = f"{lower_first(trend.heading)} {_change(change, trend, noise=False)}"
            return way, f"{title}: {said}{more}"
    most = max((len(t.sessions) for lift in found.lifts for t in lift.trends), default=0)
    if found.tests:
        return "open", f"no change beyond noise ({counted(most, 'session')})"
    return "open", f"too few sessions to tell ({most} of {fewest})"


def left_out_as_old(clips: int, /) -> str:
    """That clips of a folder are not in its profile."""
    verb = "is" if clips == 1 else "are"
    return f"{counted(clips, 'older clip')} {verb} in what changed over time only."


def verdict(trend: TrendPart, fewest: int, /) -> str:
    """What a trend comes to, in few words."""
    if trend.band is None:
        return f"needs {fewest} sessions, has {len(trend.sessions)}"
    if not trend.changes:
        return f"no change beyond the error ({plus_minus_only(trend.band, trend.unit)})"
    shown = [c for c in trend.changes if c.size * trend.changes[0].size < 0]
    return joined([_change(c, trend) for c in (trend.changes[0], *shown)])


def _change(change: ChangePart, trend: TrendPart, *, noise: bool = True) -> str:
    since, last = (date.fromisoformat(d) for d in (change.since, trend.sessions[-1].day))
    from_when = f"since {day_words(since, year=since.year != last.year)}"
    when = from_when if change.kind == "trend" else "in the latest session"
    size = quantity(abs(change.size), trend.unit, change.error)
    said = f"{_WAYS[trend.unit == 's'][change.direction]} by {size} {when}"
    if not noise:
        return said
    unjudged = change.direction in ("more", "less") and trend.limits is not None
    basis = f"noise {plus_minus_only(change.needed, trend.unit)}"
    return f"{said} ({f'{basis}; within the limits' if unjudged else basis})"


_WAYS: tuple[dict[Direction, str], dict[Direction, str]] = (
    {"better": "improved", "worse": "got worse", "more": "higher", "less": "lower"},
    {"better": "improved", "worse": "got worse", "more": "longer", "less": "shorter"},
)
"""For everything, and for times."""
