"""What is printed in a terminal, of headings and indented lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from formcheck.words.terms import with_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType

INDENT = 2
SPACE = 2
NARROW = 70
"""Characters in a line below which a table would drop what it has no room for."""


def plain(text: str, /, style: str = "") -> Text:
    """Words without markup, which name options where a page says what to tell."""
    return Text(with_options(text), style=style)


def heading(text: str, /) -> Text:
    """A heading with an empty line before it."""
    return Text(f"\n{text}", style="bold")


def line(content: str | RenderableType, /, indent: int = INDENT) -> Padding:
    """Something indented; a string is a paragraph without markup."""
    return Padding(plain(content) if isinstance(content, str) else content, (0, 0, 0, indent))


@dataclass(frozen=True)
class Sheet:
    """Rows under headings; on a narrow screen a block for each row, so that nothing is left out.

    Attributes
    ----------
    headings
        Of the columns, the first of which names the row.
    rows
        Cells, as many as there are headings.
    bold
        Whether each row stands out; none does where it is empty.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    bold: Sequence[bool] = ()

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """As rich asks for it."""
        yield from self._blocks() if options.max_width < NARROW else [self._table()]

    def _table(self) -> Table:
        table = Table(box=None, padding=(0, SPACE, 0, 0), header_style="bold", pad_edge=False)
        for number, name in enumerate(self.headings):
            last = number == len(self.headings) - 1
            table.add_column(name, no_wrap=number > 0 and not last, ratio=1 if last else None)
        for row, bold in zip(self.rows, self._stands_out(), strict=True):
            table.add_row(*map(Text, row), style="bold" if bold else None)
        return table

    def _blocks(self) -> Iterator[RenderableType]:
        for (name, *cells), bold in zip(self.rows, self._stands_out(), strict=True):
            yield Text(name, style="bold" if bold else "")
            told = zip(self.headings[1:], cells, strict=True)
            yield line(", ".join(f"{what}: {cell}" for what, cell in told if cell))

    def _stands_out(self) -> Sequence[bool]:
        return self.bold or [False] * len(self.rows)
