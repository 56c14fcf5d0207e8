"""What is printed in a terminal, of headings and indented lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from formcheck.words.terms import with_options

if TYPE_CHECKING:
    from rich.console import RenderableType

INDENT = 2


def plain(text: str, /, style: str = "") -> Text:
    """Words without markup, which name options where a page says what to tell."""
    return Text(with_options(text), style=style)


def heading(text: str, /) -> Text:
    """A heading with an empty line before it."""
    return Text(f"\n{text}", style="bold")


def line(content: str | RenderableType, /, indent: int = INDENT) -> Padding:
    """Something indented; a string is a paragraph without markup."""
    return Padding(plain(content) if isinstance(content, str) else content, (0, 0, 0, indent))
