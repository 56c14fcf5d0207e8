"""A coach's notes as HTML or without marks: of Markdown, only what makes text is known.

Paragraphs, lists, quotes, emphasis and headings; a link, a picture or HTML stays the text that
was typed, so that a note can neither ask the network for anything nor run.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

KNOWN = ("emphasis", "list", "heading", "blockquote", "newline", "backticks", "escape")
MOST_NESTED = 20


def note_html(text: str, /) -> Markup:
    r"""A note as a part of a page.

    >>> note_html("**Knees** out, <b>slow</b>")
    Markup('<p><strong>Knees</strong> out, &lt;b&gt;slow&lt;/b&gt;</p>\n')
    """
    parser = _parser()
    tokens = [_without_heading(token) for token in parser.parse(text)]
    return Markup(_rendered(parser, tokens))


def note_text(text: str, /) -> str:
    r"""A note without the marks of Markdown, for a terminal or a single line.

    >>> note_text("**No** jumping\n\n- knees *out*\n- slower")
    'No jumping\n- knees out\n- slower'
    """
    lines, lead = [], ""
    for token in _parser().parse(text):
        if token.type == "list_item_open":
            lead = f"{token.info}{token.markup} "
        elif token.type == "inline":
            lines.append(lead + "".join(map(_plain, token.children or ())))
            lead = ""
    return "\n".join(lines)


def _plain(token: Token) -> str:
    return "\n" if token.type in ("softbreak", "hardbreak") else token.content


def _rendered(parser: MarkdownIt, tokens: Sequence[Token]) -> str:
    return str(parser.renderer.render(tokens, parser.options, {}))


@cache
def _parser() -> MarkdownIt:
    options = {"html": False, "linkify": False, "breaks": True, "maxNesting": MOST_NESTED}
    return MarkdownIt("zero", options).enable(list(KNOWN))


def _without_heading(token: Token) -> Token:
    """Headings as paragraphs: those of the page are its own."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = "p"
        if token.nesting > 0:
            token.attrSet("class", "note-heading")
    return token
