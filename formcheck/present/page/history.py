"""The page of an athlete over time, its plots drawn as SVG: it needs no script.

They are drawn here and not by matplotlib: they take the page's colours, dark ones too, every
dot says what it is, and they are a third to a half as large and made in milliseconds.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import numpy as np

from formcheck.history.trend import FEWEST
from formcheck.present.page.render import rendered
from formcheck.report.files import PAGE_FILE
from formcheck.upper_back.advice import safety_text
from formcheck.upper_back.summary import finding_words
from formcheck.words import history as words
from formcheck.words.counts import count_cell
from formcheck.words.language import _
from formcheck.words.quantities import weight
from formcheck.words.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.history.model import AthleteHistory, LiftPart, TrendPart

WIDTH, HEIGHT = 380.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 372.0, 12.0, 164.0
"""The plot in the picture, in its units: about the pixels of a phone."""
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
TICKS = 5.0
FEWEST_DRAWN = 3
LIMIT_NEAR = 0.5
"""The first limit of a rule is drawn when it lies within this share of the span beyond it."""


@dataclass(frozen=True)
class Dot:
    """A clip in a plot: place, error bar and what it says when pointed at."""

    x: float
    y: float
    low: float
    high: float
    title: str


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Plot:
    """A trend, ready to draw; lines are (x1, y1, x2, y2).

    `band` is its upper edge and its height. `limit` is the height of the rule's first
    limits. `label` says in words what the picture shows.
    """

    dots: tuple[Dot, ...]
    band: tuple[float, float] | None
    centre: float | None
    line: tuple[float, float, float, float] | None
    limits: tuple[float, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    label: str


@dataclass(frozen=True)
class Row:
    """A clip in the table; `link` leads to its report."""

    day: str
    name: str
    link: str | None
    view: str
    load: str
    reps: str
    score: str
    finding: str


def history_page(
    found: AthleteHistory, file: Path, /, *, week: str = "", profile: str | None = None
) -> str:
    """The page of an athlete.

    Parameters
    ----------
    found
        The athlete over time.
    file
        Where the page will be: links to reports are relative to it.
    week, profile
        What to do this week, where that is known, and address of the page that says why.
    """
    lifts = [
        (lift, [(trend, _picture(trend, lift)) for trend in _shown(lift)], _rows(lift, file))
        for lift in found.lifts
    ]
    changes = sum(bool(trend.changes) for lift in found.lifts for trend in lift.trends)
    return rendered(
        "history.html.jinja",
        scripts=[],
        disclaimer=" ".join(safety_text()),
        found=found,
        lifts=lifts,
        summary=_summary(found, changes),
        week=week,
        profile=profile,
        by_file=any(c.date_source == "file" for lift in found.lifts for c in lift.clips),
        words=words,
        fewest=FEWEST,
        frame={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "bottom": BOTTOM},
    )


def _shown(lift: LiftPart) -> list[TrendPart]:
    """What has a course: a single value says no more than the clip's own report."""
    return [trend for trend in lift.trends if len(trend.sessions) > 1]


def _picture(trend: TrendPart, lift: LiftPart) -> Plot | None:
    """The plot; none of two sessions, which two values tell better."""
    return plot(trend, lift) if len(trend.sessions) >= FEWEST_DRAWN else None


def _summary(found: AthleteHistory, changes: int) -> str:
    if not found.lifts:
        return _("No clips of a known exercise in this period.")
    if not found.tests:
        return _("Not enough sessions yet to tell a change from noise.")
    if not changes:
        return _("No measurement changed by more than its noise.")
    return counted(
        changes,
        "{n} measurement changed by more than its noise.",
        "{n} measurements changed by more than their noise.",
    )


def _rows(lift: LiftPart, file: Path) -> list[Row]:
    return [
        Row(
            _day(clip.recorded_at) + (words.FILE_MARK if clip.date_source == "file" else ""),
            clip.path.replace("\\", "/").rsplit("/", 1)[-1],
            report_link(clip.result, file),
            clip.view,
            "" if clip.load_kg is None else weight(clip.load_kg),
            count_cell(clip.rep_count, clip.count_range),
            words.score_words(clip),
            finding_words(clip.finding),
        )
        for clip in reversed(lift.clips)
    ]


def report_link(result: str | None, page: Path, /) -> str | None:
    """Address of a clip's report relative to a page; None when there is none here.

    The folder of the result may be told as seen from the page's.
    """
    if not result or "://" in result:
        return None
    report = page.parent / result / PAGE_FILE
    if not report.is_file():
        return None
    way = os.path.relpath(report.resolve(), page.absolute().parent.resolve())
    return quote(Path(way).as_posix())


def plot(trend: TrendPart, lift: LiftPart, /) -> Plot:
    """Where everything lies in the picture of a trend."""
    moments = [datetime.fromisoformat(lift.clips[p.clip].recorded_at) for p in trend.points]
    every = [datetime.fromisoformat(clip.recorded_at).date().toordinal() for clip in lift.clips]
    first, last = min(every), max(every)
    low, high = _reach(trend)

    def across(day: float) -> float:
        share = 0.5 if first == last else (day - first) / (last - first)
        return round(LEFT + 10 + share * (RIGHT - LEFT - 20), 1)

    def up(value: float) -> float:
        return round(BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP), 1)

    dots = tuple(
        Dot(
            across(moment.date().toordinal()),
            up(point.value),
            up(point.value - point.error),
            up(point.value + point.error),
            f"{words.day_words(moment.date(), year=True)}: "
            f"{words.quantity(point.value, trend.unit, point.error)}",
        )
        for moment, point in zip(moments, trend.points, strict=True)
    )
    band, edges = None, _noise(trend)
    if edges is not None:
        top = up(edges[1])
        band = top, round(up(edges[0]) - top, 1)
    line = None
    if trend.line is not None and any(change.kind == "trend" for change in trend.changes):
        ends = [across(_ordinal(trend.sessions[place].day)) for place in (0, -1)]
        line = ends[0], up(trend.line[0]), ends[1], up(trend.line[1])
    return Plot(
        dots,
        band,
        None if trend.centre is None else up(trend.centre),
        line,
        tuple(up(value) for value in _limits(trend) if low <= value <= high),
        _dates(first, last, across),
        tuple(Tick(up(v), words.tick(v, trend.unit)) for v in _steps(low, high, trend.unit)),
        _label(trend),
    )


def _label(trend: TrendPart) -> str:
    values = [f"{_day(s.day)}: {words.quantity(s.value, trend.unit)}" for s in trend.sessions]
    return _("{title} over time: {verdict}. {values}.").format(
        title=trend.heading, verdict=trend.verdict, values="; ".join(values)
    )


def _limits(trend: TrendPart) -> list[float]:
    if trend.limits is None:
        return []
    mild = trend.limits.mild
    return [mild, -mild] if trend.better == "zero" else [mild]


def _noise(trend: TrendPart) -> tuple[float, float] | None:
    """Edges of the noise band; none where few sessions that vary would make it hide them."""
    if trend.band is None or trend.centre is None:
        return None
    values = [session.value for session in trend.sessions]
    if trend.band_from == "scatter" and trend.band > max(values) - min(values):
        return None
    return trend.centre - trend.band, trend.centre + trend.band


def _reach(trend: TrendPart) -> tuple[float, float]:
    """Lowest and highest value of the picture: points, band, and a limit that is near."""
    ends = [p.value + sign * p.error for p in trend.points for sign in (-1, 1)]
    ends += _noise(trend) or ()
    span = (max(ends) - min(ends)) or 1.0
    reach = min(ends) - LIMIT_NEAR * span, max(ends) + LIMIT_NEAR * span
    ends += [value for value in _limits(trend) if reach[0] <= value <= reach[1]]
    edge = 0.12 * (max(ends) - min(ends) or 1.0)
    return min(ends) - edge, max(ends) + edge


def _steps(low: float, high: float, unit: str) -> list[float]:
    """Round values for the axis."""
    least = words.least_step(unit)
    wanted = max(least, (high - low) / TICKS)
    step = next((s for s in STEPS if s >= wanted - 1e-9), STEPS[-1])
    return [float(v) for v in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step]


def _dates(first: int, last: int, across: Callable[[float], float]) -> tuple[Tick, ...]:
    days = sorted({first, (first + last) // 2, last} if last - first > 1 else {first, last})
    anchors = ["middle"] if len(days) == 1 else ["start", *["middle"] * (len(days) - 2), "end"]
    return tuple(
        Tick(across(day), words.short_day(date.fromordinal(day)), anchor)
        for day, anchor in zip(days, anchors, strict=True)
    )


def _ordinal(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def _day(iso: str) -> str:
    return words.day_words(datetime.fromisoformat(iso).date(), year=True)
