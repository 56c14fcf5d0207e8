"""A look before judging as read in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from formcheck.filming import Mark
from formcheck.present.terminal import heading, line
from formcheck.words.filming import MARKS
from formcheck.words.terms import filmed
from formcheck.words.text import clock, counted, full_sentence, joined, some

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
    parts += [heading(f"What can be judged {filmed(report.view.label)}")]
    named = report.exercise is not None
    if not named and report.recognised is not None:
        title = next(one.title for one in report.good_for if one.exercise == report.recognised)
        parts.append(line(f"Looked at as {some(title)}; name another with --exercise."))
    for one in report.good_for:
        parts += _named(one) if named else [line(_enough(one))]
    return Group(*parts, Text(f"\n{_looked_at(report)}", style="dim"))


def _points(report: InspectionReport) -> Table:
    grid = Table.grid(padding=(0, 2))
    for point in report.filming.points:
        text = _point(point, told=report.filming.headline)
        grid.add_row(Text(MARKS[point.mark], style=STYLES[point.mark]), Text(text))
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
    points = counted(len(one.judged) + len(one.unjudged), "{n} point", "{n} points")
    score = "" if one.score else ", too few of the key ones for a score"
    return f"{one.title}: {len(one.judged)} of {points}{score}."


def _named(one: GoodForPart) -> Iterator[RenderableType]:
    yield line(_enough(one))
    by_film: dict[str, list[str]] = {}
    for rule in one.unjudged:
        by_film.setdefault(rule.film, []).append(rule.title)
    for film, titles in by_film.items():
        yield line(f"Not from here: {joined(titles)}. {full_sentence(film)}".rstrip())


def _looked_at(report: InspectionReport) -> str:
    spans = report.looked_at
    if len(spans) == 1:
        return f"Looked at {clock(spans[0].start_s)} to {clock(spans[0].end_s)} of the clip."
    lasts_s = sum(span.end_s - span.start_s for span in spans) / len(spans)
    whole = "" if report.duration_s is None else f", spread over {clock(report.duration_s)}"
    return f"Looked at {len(spans)} parts of {lasts_s:.0f} seconds each{whole}."
