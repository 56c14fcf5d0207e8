"""On which line of a TOML text a key stands: ``tomllib`` reads values only.

The text must be valid TOML (``tomllib`` has read it), so only what decides where
keys and values end is looked at.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Place = tuple[str | int, ...]
"""Keys and positions in arrays that lead to a value; empty for the whole text."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'",
    re.DOTALL,
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]*")


def line_numbers(text: str, /) -> dict[Place, int]:
    r"""Line of every key and array element, counted from 1.

    A table has the line of its header, an element of an array the one it begins on.

    >>> line_numbers('[a]\nb = [1,\n  2]\n')
    {('a',): 1, ('a', 'b'): 2, ('a', 'b', 0): 2, ('a', 'b', 1): 3}
    """
    return _Scanner(text).lines


def line_of(lines: Mapping[Place, int], place: Sequence[str | int], /) -> int | None:
    """Line of a place, or of the nearest place around it; None for the whole text."""
    for length in range(len(place), 0, -1):
        line = lines.get(tuple(place[:length]))
        if line is not None:
            return line
    return None


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[Place, int] = {}
        self.counts: dict[Place, int] = {}
        table: Place = ()
        self._skip(_BLANK)
        while self.at < len(text):
            if text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(f"expected valid TOML at character {self.at}")
        self.at = match.end()
        return match[0]

    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _header(self) -> Place:
        """``[a.b]`` or ``[[a.b]]``: the table that the lines after it belong to."""
        line = self._line()
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        *outer, last = self._key()
        self.at += brackets
        place: Place = ()
        for part in outer:
            place = (*place, part)
            self.lines.setdefault(place, line)
            if place in self.counts:  # of the array's last table
                place = (*place, self.counts[place] - 1)
        place = (*place, last)
        if brackets == 1:
            self.lines[place] = line
            return place
        number = self.counts.get(place, 0)
        self.counts[place] = number + 1
        self.lines.setdefault(place, line)
        self.lines[*place, number] = line
        return (*place, number)

    def _key(self) -> list[str]:
        """A key, its dotted parts apart."""
        parts = []
        while True:
            self._skip(_SPACE)
            quoted = self.text[self.at] in "\"'"
            part = self._skip(_STRING if quoted else _BARE)
            parts.append(tomllib.loads(f"key = {part}")["key"] if quoted else part)
            self._skip(_SPACE)
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def _pair(self, table: Place) -> None:
        line = self._line()
        *outer, last = self._key()
        place = table
        for part in outer:
            place = (*place, part)
            self.lines.setdefault(place, line)
        place = (*place, last)
        self.lines[place] = line
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(place)

    def _value(self, place: Place) -> None:
        first = self.text[self.at]
        if first == "[":
            self._array(place)
        elif first == "{":
            self._inline_table(place)
        else:
            self._skip(_STRING if first in "\"'" else _SCALAR)

    def _array(self, place: Place) -> None:
        self.at += 1
        number = 0
        while self._next("]"):
            self.lines[*place, number] = self._line()
            self._value((*place, number))
            number += 1

    def _inline_table(self, place: Place) -> None:
        self.at += 1
        while self._next("}"):
            self._pair(place)

    def _next(self, end: str) -> bool:
        """Go to the next element of an array or inline table; False behind its end."""
        self._skip(_BLANK)
        if self.text[self.at] == ",":
            self.at += 1
            self._skip(_BLANK)
        if self.text[self.at] != end:
            return True
        self.at += 1
        return False
