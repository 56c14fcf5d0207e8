"""The athletes of a batch in a terminal, who needs attention first.

A block for each and no table: nothing has to be left out where the screen is narrow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from formcheck.present.terminal import INDENT, heading, line
from formcheck.upper_back.summary import finding_words
from formcheck.words.language import _
from formcheck.words.severity import worst_words
from formcheck.words.terms import NOTES
from formcheck.words.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from formcheck.batch.attention import AthleteLine
    from formcheck.rules.book import RuleBook

MOST = 12
"""Athletes that are shown; the page of all clips has the others."""


def athlete_lines(athletes: Sequence[AthleteLine], book: RuleBook, /) -> RenderableType:
    """What to print for the athletes of a batch.

    Parameters
    ----------
    athletes
        In order.
    book
        The rules that their clips were judged by: for titles.
    """
    titles = {exercise.id: exercise.title for exercise in book.exercises}
    parts: list[RenderableType] = [heading(_("Athletes, who needs attention first"))]
    for athlete in athletes[:MOST]:
        parts += _block(athlete, titles)
    if len(athletes) > MOST:
        parts.append(
            line(_("{n} more are on the page of all clips.").format(n=len(athletes) - MOST))
        )
    return Group(*parts, Text(""))


def _block(athlete: AthleteLine, titles: dict[str, str]) -> Iterator[RenderableType]:
    outlook = athlete.outlook
    clips = counted(athlete.clips, "{n} clip", "{n} clips")
    name = f"{printable(athlete.name)} ({clips})"
    yield line(Text(name, style="bold"))
    worst = worst_words(athlete.severity, athlete.fault, titles.get(athlete.lift or "", ""))
    told = {
        _("Upper back"): finding_words(outlook.finding),
        _("Worst fault now"): worst,
        _("Left against right"): outlook.uneven,
        _("Over time"): outlook.trend,
        _("This week"): outlook.week,
        _("Film next"): outlook.film,
        _(NOTES): athlete.note,
    }
    for what, words in told.items():
        if words:
            yield line(f"{what}: {printable(words)}", 2 * INDENT)
