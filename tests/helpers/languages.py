"""Languages that no one speaks: they show what is not translated."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from babel.messages.catalog import Catalog

from formcheck.words import language
from tools.messages import messages, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAME = "en_GB"
"""Numbers, plurals and dates are those of English, so that only the words differ."""
PLACE = re.compile(r"(\{\w+\})")
LETTERS = {chr(ord(a) + n): chr(start + n) for a, start in (("A", 0x1D5A0), ("a", 0x1D5BA))
           for n in range(26)}  # fmt: skip
"""Letters as mathematicians write them: readable, but none of them is an English one."""
OPENS, CLOSES = "⟦", "⟧"
HIDDEN = {"style", "script", "code", "bdi"}
"""Elements whose text is no words, or a user's own."""
SPOKEN = ("alt", "aria-label", "title")


def in_other_letters(message: str) -> str:
    """A message in letters that no English word has."""
    parts = PLACE.split(message)
    plain = parts[::2], parts[1::2]
    told = ["".join(LETTERS.get(c, c) for c in part) for part in plain[0]]
    return "".join(a + b for a, b in zip(told, [*plain[1], ""], strict=True))


def in_brackets(message: str) -> str:
    """A message whose beginning and end are seen."""
    return f"{OPENS}{message}{CLOSES}"


@cache
def _found() -> Catalog:
    return messages()


@contextmanager
def spoken(how: Callable[[str], str], folder: Path) -> Iterator[None]:
    """Speak a language that says every message that the tool finds in another way.

    What is only marked to be found is said so; what is no message at all stays English.
    """
    catalog = Catalog(locale=NAME, fuzzy=False)
    for message in _found():
        if not message.id:
            continue
        forms = [message.id] if isinstance(message.id, str) else [*message.id]
        switch = message.context is not None and "number" in message.context
        switch = switch or message.context == SMALL
        told: Any = tuple(forms) if switch else tuple(map(how, forms))
        catalog.add(message.id, told if len(forms) > 1 else told[0], context=message.context)
    folder.mkdir(exist_ok=True)
    write(catalog, folder / f"{NAME}.po")
    before, language.FOLDER = language.FOLDER, folder
    language._words.cache_clear()
    try:
        with language.speaking(NAME):
            yield
    finally:
        language.FOLDER = before
        language._words.cache_clear()


SMALL = "first letter of titles within a sentence: small or kept"


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._within.append(tag)
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_startendtag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            while self._within.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not HIDDEN & {*self._within}:
            self.found.append(" ".join(data.split()))


VOID = {"meta", "link", "img", "input", "br"}


def texts_of(page: str) -> list[str]:
    """What a page says: texts, and what is read aloud of pictures and buttons."""
    parser = _Texts()
    parser.feed(page)
    return parser.found
