"""Trends in words, the same in the terminal and on the page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from formcheck.words.comparison import plus_minus
from formcheck.words.language import _, day_text, later, later_plural, plain_number, plural
from formcheck.words.quantities import weight
from formcheck.words.text import amount, counted, joined, lower_first, of_part, span
from formcheck.words.tracking import SIGNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from formcheck.history.model import (
        AthleteHistory,
        ChangePart,
        ClipPart,
        Direction,
        TrendPart,
    )

Course = Literal["worse", "better", "open"]
"""Where an athlete is going, as far as it can be told from noise."""
FILE_MARK = "*"
FILE_DATE = later(
    "* This is only the file's date, which copying can change; tell formcheck the real one."
)
METHOD = later(
    "Each session is the median of its reps; ± is one standard error. A change only counts when "
    "neither measurement error nor your usual variation between sessions explains it."
)
CAUTION = later(
    "A different weight, tempo, outfit or camera position can also change a measurement. "
    "The more often you check, the more likely a change is just chance."
)


def score_words(clip: ClipPart, /) -> str:
    """A clip's score in a list; a mark where its tracking cannot be relied on."""
    if clip.trust == "poor":
        return SIGNS["poor"]
    return "-" if clip.score is None else f"{clip.score:.0f}"


def not_yet(fewest: int, /) -> str:
    """From when on changes are looked for."""
    return _("Changes are looked for once there are {fewest} sessions.").format(fewest=fewest)


def day_words(day: date, /, *, year: bool = False) -> str:
    """A day as it is read.

    >>> day_words(date(2026, 3, 3)), day_words(date(2026, 3, 3), year=True)
    ('3 March', '3 March 2026')
    """
    return day_text(day, "d MMMM y" if year else "d MMMM")


def span_words(first: datetime | date, last: datetime | date, /) -> str:
    """From when to when.

    >>> span_words(date(2026, 3, 3), date(2026, 5, 1))
    '3 March to 1 May 2026'
    """
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return day_words(last, year=True)
    return span(day_words(first, year=first.year != last.year), day_words(last, year=True))


def heading_words(heading: str, unit: str, /) -> str:
    """A measurement with the body part that is its unit, or with that of a speed.

    >>> heading_words("Velocity", "arm/s"), heading_words("Shrug", "trunk")
    ('Velocity, arm lengths a second', 'Shrug, of trunk')
    """
    if unit == "arm/s":
        return _("{title}, arm lengths a second").format(title=heading)
    return f"{heading}, {unit}" if "/" in unit else of_part(heading, unit)


SPEED_UNITS = {"arm/s": later("arm/s"), "m/s": "m/s"}


def quantity(value: float, unit: str, error: float | None = None, /) -> str:
    """A measurement with its error.

    >>> quantity(52.3, "deg", 4.1), quantity(0.4, "arm/s", 0.03)
    ('52° ±4', '0.40 ±0.03 arm/s')
    """
    if "/" in unit:
        return f"{plus_minus(value, error)} {_(SPEED_UNITS.get(unit, unit))}"
    return amount(value, unit, error, with_part=False)


def session_words(trend: TrendPart, which: int, /) -> str:
    """What was measured on one day."""
    session = trend.sessions[which]
    return quantity(session.value, trend.unit, session.error)


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
    return plain_number(value) if "/" in unit else amount(value, unit, with_part=False)


def least_step(unit: str, /) -> float:
    """Smallest step of an axis that `tick` can tell apart."""
    return {"deg": 1.0, "s": 0.1}.get(unit, 0.01)


def short_day(day: date, /) -> str:
    """A day at an axis.

    >>> short_day(date(2026, 3, 3))
    '3 Mar 26'
    """
    return day_text(day, "d MMM yy")


def too_few(trends: Sequence[TrendPart], fewest: int, /) -> str:
    """Why some measurements have no verdict, once for all; empty where all have one."""
    have = [len(trend.sessions) for trend in trends if trend.band is None]
    if not have:
        return ""
    if max(len(trend.sessions) for trend in trends) == 1:
        return _("One session so far; changes are looked for from {fewest} sessions on.").format(
            fewest=fewest
        )
    told = (
        _("Changes are looked for once there are {fewest} sessions; now {have}.")
        if len(have) == len(trends)
        else _("For the rest, changes are looked for once there are {fewest} sessions; now {have}.")
    )
    return told.format(fewest=fewest, have=max(have))


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
            said = _("{lift}: {measurement} {change}").format(
                lift=lower_first(lift.title.partition(",")[0]),
                measurement=lower_first(trend.heading.partition(", ")[0]),  # its unit is told
                change=_change(change, trend, noise=False),
            )
            others = len(told) - 1
            more = plural(*_MORE[way], others).format(n=others)
            return way, f"{said}; {more}" if others else said
    most = max((len(t.sessions) for lift in found.lifts for t in lift.trends), default=0)
    if found.tests:
        return "open", counted(
            most,
            "no change beyond noise ({n} session)",
            "no change beyond noise ({n} sessions)",
        )
    days = {clip.recorded_at[:10] for lift in found.lifts for clip in lift.clips}
    few = (
        _("too few sessions of one lift filmed alike to tell ({have} of {fewest})")
        if len(days) > most > 0
        else _("too few sessions to tell ({have} of {fewest})")
    )
    return "open", few.format(have=most, fewest=fewest)


_MORE = {
    "worse": later_plural("{n} more got worse", "{n} more got worse"),
    "better": later_plural("{n} more improved", "{n} more improved"),
}


def put_right(found: AthleteHistory, /) -> list[str]:
    """Faults that are none any more: what was beyond the rule's first limit at first, and is now.

    Only of measurements that changed by more than noise.
    """
    told = _("{lift}, {measurement}: fixed. It was {first} on {day} and is {latest} now.")
    return [
        told.format(
            lift=lift.title.partition(",")[0],
            measurement=lower_first(trend.heading.partition(", ")[0]),
            first=quantity(trend.sessions[0].value, trend.unit),
            day=day_words(date.fromisoformat(trend.sessions[0].day)),
            latest=quantity(trend.sessions[-1].value, trend.unit),
        )
        for lift in found.lifts
        for trend in lift.trends
        if any(change.direction == "better" for change in trend.changes)
        and within(trend, trend.sessions[-1].value)
        and not within(trend, trend.sessions[0].value)
    ]


def within(trend: TrendPart, value: float, /) -> bool:
    """Whether a value lies on the good side of the rule's first limit."""
    if trend.limits is None:
        return False
    reached = abs(value) if trend.better == "zero" else value
    mild = trend.limits.mild
    return reached >= mild if trend.better == "high" else reached <= mild


def worse_with_weight(
    headings: Sequence[str], first_kg: float, last_kg: float, fine_kg: float | None, /
) -> str:
    """What got worse while the weight went up, and until which weight it was fine."""
    told = _("Got worse while the weight went from {first} to {last}: {what}.").format(
        first=weight(first_kg),
        last=weight(last_kg),
        what=joined([lower_first(heading.partition(", ")[0]) for heading in headings]),
    )
    if fine_kg is None:
        return told
    still = _("Up to {weight} it was within its limits.")
    return f"{told} {still.format(weight=weight(fine_kg))}"


def left_out_as_old(clips: int, /) -> str:
    """That clips of a folder are not in its profile."""
    return counted(
        clips,
        "{n} older clip is in what changed over time only.",
        "{n} older clips are in what changed over time only.",
    )


def verdict(trend: TrendPart, fewest: int, /) -> str:
    """What a trend comes to, in few words."""
    if trend.band is None:
        return _("needs {fewest} sessions, has {have}").format(
            fewest=fewest, have=len(trend.sessions)
        )
    if not trend.changes:
        if trend.band_from == "scatter":  # a band so wide that its width says nothing
            return _("no clear change: it varies from session to session")
        none = _("no change beyond the error ({band})")
        return none.format(band=plus_minus_only(trend.band, trend.unit))
    shown = [c for c in trend.changes if c.size * trend.changes[0].size < 0]
    return joined([_change(c, trend) for c in (trend.changes[0], *shown)])


def _change(change: ChangePart, trend: TrendPart, *, noise: bool = True) -> str:
    since, last = (date.fromisoformat(d) for d in (change.since, trend.sessions[-1].day))
    kind = "trend" if change.kind == "trend" else "latest"
    told = _(_CHANGES[kind][trend.unit == "s"][change.direction]).format(
        size=quantity(abs(change.size), trend.unit, change.error),
        day=day_words(since, year=since.year != last.year),
    )
    if not noise:
        return told
    unjudged = change.direction in ("more", "less") and trend.limits is not None
    basis = _("noise {band}; within the limits") if unjudged else _("noise {band}")
    return f"{told} ({basis.format(band=plus_minus_only(change.needed, trend.unit))})"


_BOTH: Mapping[str, dict[Direction, str]] = {
    "trend": {
        "better": later("improved by {size} since {day}"),
        "worse": later("got worse by {size} since {day}"),
    },
    "latest": {
        "better": later("improved by {size} in the latest session"),
        "worse": later("got worse by {size} in the latest session"),
    },
}
_CHANGES: Mapping[str, tuple[dict[Direction, str], dict[Direction, str]]] = {
    "trend": (
        _BOTH["trend"]
        | {
            "more": later("higher by {size} since {day}"),
            "less": later("lower by {size} since {day}"),
        },
        _BOTH["trend"]
        | {
            "more": later("longer by {size} since {day}"),
            "less": later("shorter by {size} since {day}"),
        },
    ),
    "latest": (
        _BOTH["latest"]
        | {
            "more": later("higher by {size} in the latest session"),
            "less": later("lower by {size} in the latest session"),
        },
        _BOTH["latest"]
        | {
            "more": later("longer by {size} in the latest session"),
            "less": later("shorter by {size} in the latest session"),
        },
    ),
}
"""A change over all sessions or in the latest; for everything, and for times."""
