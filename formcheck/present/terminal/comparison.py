"""A comparison as read in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from formcheck.present.terminal import INDENT, heading, line
from formcheck.words.comparison import (
    CAUTION,
    MINUS,
    curve_verdicts,
    heading_of,
    plus_minus,
    reps_of,
    told,
    untold,
    verdict,
)
from formcheck.words.language import _
from formcheck.words.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from formcheck.compare.model import ComparisonReport

GAP = 2


def terminal_comparison(
    report: ComparisonReport, /, *, folder: Path | None = None
) -> RenderableType:
    """What to print for a comparison; `folder` is where its files were written."""
    parts: list[RenderableType] = [
        Text(_("{lift}: two clips").format(lift=report.title), style="bold")
    ]
    for label, clip in (("A", report.a), ("B", report.b)):
        parts.append(line(f"{label}: {printable(clip.path)} ({reps_of(clip.reps)})"))
    parts += [heading(_("What differs")), line(verdict(report)), _table(report)]
    parts += [heading(_("Curves over the rep")), *map(line, curve_verdicts(report))]
    missing = untold(report)
    if missing:
        parts += [heading(_("Not assessed")), *map(line, missing)]
    parts += [heading(_("Notes")), *map(line, [*report.notes, _(CAUTION)])]
    if folder is not None:
        parts.append(Text("\n" + _("Files: {place}").format(place=printable(str(folder)))))
    return Group(*parts)


def _table(report: ComparisonReport) -> Padding:
    table = Table(box=None, padding=(0, GAP, 0, 0), header_style="bold", pad_edge=False)
    table.add_column(_("Median of the reps"))
    for name in ("A", "B", f"B {MINUS} A"):
        table.add_column(name, no_wrap=True)
    table.add_column("", no_wrap=True)
    for part in told(report):
        table.add_row(
            Text(heading_of(part)),
            plus_minus(part.a, part.a_error),
            plus_minus(part.b, part.b_error),
            plus_minus(part.difference, part.error, signed=True),
            _("differs") if part.clear else "",
            style="bold" if part.clear else None,
        )
    return Padding(table, (1, 0, 0, INDENT))
