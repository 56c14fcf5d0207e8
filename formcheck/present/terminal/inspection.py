"""A look before judging as read in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from formcheck.filming import Mark
from formcheck.present.terminal import heading, line
from formcheck.words.filming import MARKS
from formcheck.words.language import _, plural
from formcheck.words.terms import filmed
from formcheck.words.text import clock, from_to, full_sentence, joined, some

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from formcheck.report.filming import PointPart
    from formcheck.report.inspection import GoodForPart, InspectionReport

STYLES: Mapping[Mark, str] = {Mark.OK: "green", Mark.NOTE: "yellow", Mark.CHANGE: "bold red"}


def terminal_inspection(report: InspectionReport, /) -> RenderableType:
    """What to print for a look before judging: the verdict, what was looked at, what it is for."""
    parts: list[RenderableType] = [Text(report.filming.headline, style="bold")]
    if report.filming.why is not None:
        parts.append(Text(report.filming.why))
    parts += [Text(""), line(_points(report))]
    parts += [heading(_("What can be judged {view}").format(view=filmed(report.view.label)))]
    named = report.exercise is not None
    if not named and report.recognised is not None:
        title = next(one.title for one in report.good_for if one.exercise == report.recognised)
        parts.append(
            line(
                _("Looked at as {exercise}; name another with --exercise.").format(
                    exercise=some(title)
                )
            )
        )
    for one in report.good_for:
        parts += _named(one) if named else [line(_enough(one))]
    return Group(*parts, Text(f"\n{_looked_at(report)}", style="dim"))


def _points(report: InspectionReport) -> Table:
    grid = Table.grid(padding=(0, 2))
    for point in report.filming.points:
        text = _point(point, told=report.filming.headline)
        grid.add_row(Text(_(MARKS[point.mark]), style=STYLES[point.mark]), Text(text))
    return grid


def _point(point: PointPart, *, told: str) -> str:
    """What was seen and when, and what to do about it if it was not told already."""
    said = [point.finding]
    if point.times:
        said[0] = f"{point.finding.removesuffix('.')}: {point.times}."
    if point.advice is not None and point.advice not in told:
        said.append(full_sentence(point.advice))
    return " ".join(said)


def _enough(one: GoodForPart) -> str:
    points = len(one.judged) + len(one.unjudged)
    told = (
        plural("{lift}: {judged} of {n} point.", "{lift}: {judged} of {n} points.", points)
        if one.score
        else plural(
            "{lift}: {judged} of {n} point, too few of the key ones for a score.",
            "{lift}: {judged} of {n} points, too few of the key ones for a score.",
            points,
        )
    )
    return told.format(lift=one.title, judged=len(one.judged), n=points)


def _named(one: GoodForPart) -> Iterator[RenderableType]:
    yield line(_enough(one))
    by_film: dict[str, list[str]] = {}
    for rule in one.unjudged:
        by_film.setdefault(rule.film, []).append(rule.title)
    for film, titles in by_film.items():
        yield line(
            f"{_('Not from here: {titles}.').format(titles=joined(titles))} "
            f"{full_sentence(film)}".rstrip()
        )


def _looked_at(report: InspectionReport) -> str:
    spans = report.looked_at
    if len(spans) == 1:
        return _("Looked at {time} of the clip.").format(
            time=from_to(spans[0].start_s, spans[0].end_s)
        )
    lasts_s = sum(span.end_s - span.start_s for span in spans) / len(spans)
    told = (
        _("Looked at {parts} parts of {seconds} seconds each.")
        if report.duration_s is None
        else _("Looked at {parts} parts of {seconds} seconds each, spread over {whole}.")
    )
    return told.format(
        parts=len(spans), seconds=f"{lasts_s:.0f}", whole=clock(report.duration_s or 0.0)
    )
