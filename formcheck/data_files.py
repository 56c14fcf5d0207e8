"""Definition files: TOML, checked against a pydantic schema; what is wrong is told with its line.

``tomllib`` reads values only, so where a key stands is read here, from text that ``tomllib``
has found to be valid: only what decides where keys and values end is looked at.
"""

from __future__ import annotations

import json
import re
import tomllib
from difflib import get_close_matches
from importlib import resources
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeGuard, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from formcheck.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from pydantic_core import ErrorDetails

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
TOO_DEEP = "tables or arrays are nested too deeply"


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


Model = TypeVar("Model", bound=BaseModel)


class DataText:
    """The text of a data file, which can say on which line something is wrong.

    Parameters
    ----------
    text
        TOML.
    name
        File name for messages.

    Raises
    ------
    RuleError
        If it is not TOML.
    """

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
            self._json = json.dumps(self.data, default=str)
            self._lines = line_numbers(text)
        except tomllib.TOMLDecodeError as error:
            raise RuleError(f"{name}: not valid TOML ({error}).") from error
        except ValueError as error:  # a number with thousands of digits
            reason = str(error).partition(";")[0]
            raise RuleError(f"{name}: not valid TOML ({reason}).") from error
        except RecursionError as error:
            raise RuleError(f"{name}: {TOO_DEEP}.") from error

    def refusal(self, place: Sequence[str | int], reason: str, /) -> RuleError:
        """The error that says in one sentence what is wrong at a place.

        A reason that begins with a key of the place is about that key.
        """
        key = re.split(r"\W", reason, maxsplit=1)[0]
        if place and (*place, key) in self._lines:
            place, reason = (*place, key), reason.removeprefix(f"{key}: ")
        line = line_of(self._lines, place)
        where = self.name if line is None else f"{self.name}, line {line}"
        words = " ".join(reason.split())
        return RuleError(": ".join(filter(None, [where, place_name(place), f"{words}."])))

    def check(self, model: type[Model], /) -> Model:
        """The content, checked against a schema; types are not converted.

        Raises
        ------
        RuleError
            If it does not fit; the message names line, place and what was expected.
        """
        try:
            return model.model_validate_json(self._json, strict=True)
        except ValidationError as error:
            # A misspelt key is also a missing one: what was written is the better hint.
            first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
            if first["type"] == "json_invalid":  # it is, but pydantic gives up sooner
                raise RuleError(f"{self.name}: {TOO_DEEP}.") from error
            raise self.refusal(first["loc"], _reason(first, model)) from error


def parse_data(text: str, name: str, model: type[Model], /) -> Model:
    """Check the text of a data file.

    Parameters
    ----------
    text
        TOML.
    name
        File name for messages.
    model
        The schema.

    Raises
    ------
    RuleError
        If it is not TOML or does not fit the schema; the message names line,
        place and what was expected.
    """
    return DataText(text, name).check(model)


def read_data(file: Traversable, model: type[Model], /) -> Model:
    """Read and check a data file.

    Raises
    ------
    RuleError
        As `parse_data`, also when the file is not text.
    """
    return parse_data(decoded(file.read_bytes(), file.name), file.name, model)


def decoded(data: bytes, name: str, /) -> str:
    """The text of a file's bytes.

    Raises
    ------
    RuleError
        If they are not UTF-8.
    """
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise RuleError(f"{name}: not valid TOML ({error}).") from error


def built_in(package: str, name: str, /) -> Traversable:
    """A file in the ``data`` folder of one of formcheck's packages."""
    return resources.files(f"formcheck.{package}") / "data" / name


def place_name(place: Sequence[str | int], /) -> str:
    """A place as TOML writes it.

    >>> place_name(("change", "squat.depth", "limits"))
    'change."squat.depth".limits'
    """
    parts = (str(part) for part in place)
    bare = re.compile(r"[A-Za-z0-9_-]+")
    return ".".join(p if bare.fullmatch(p) else json.dumps(p, ensure_ascii=False) for p in parts)


def one_of(known: Collection[str], wrong: str, /) -> str:
    """Words that name what comes close to a wrong name, or everything known.

    >>> one_of(["limits", "title"], "limit")
    "perhaps 'limits' is meant"
    >>> one_of(["limits", "title"], "colour")
    'expected one of limits, title'
    """
    close = get_close_matches(wrong, known, n=3)
    if close:
        return f"perhaps {' or '.join(map(repr, close))} is meant"
    return f"expected one of {', '.join(known)}" if known else "expected none"


def _reason(error: ErrorDetails, model: type[BaseModel]) -> str:
    """What pydantic found, in plain words."""
    kind, given = error["type"], error["input"]
    if kind == "extra_forbidden":
        return _not_permitted(error["loc"], model)
    if kind == "missing":
        return "required, but missing"
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
    expected = _expected(error, model)
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return expected
    return f"{expected}, got {given!r}"


def _not_permitted(place: Sequence[str | int], model: type[BaseModel]) -> str:
    """What is wrong with a key that the schema does not have."""
    *outer, key = place
    around = _model_at(model, outer)
    if around is None:
        return "not permitted here"
    renamed: Mapping[str, str] = getattr(around, "renamed", {})
    if key in renamed:
        return f"expected {renamed[str(key)]}"
    return f"not permitted here, {one_of(list(around.model_fields), str(key))}"


TABLES = ("model_type", "model_attributes_type", "dict_type")
IN_TOML = {
    **dict.fromkeys(TABLES, "a table, as in { key = value }"),
    "tuple_type": 'a list, as in ["one", "other"]',
    "list_type": 'a list, as in ["one", "other"]',
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "float_type": "a number",
    "int_type": "a whole number",
}
"""What was expected, by pydantic's name of the error, as somebody who writes TOML calls it."""


def _expected(error: ErrorDetails, model: type[BaseModel]) -> str:
    """What would have been right."""
    kind, place = error["type"], error["loc"]
    header = place_name([part for part in place if isinstance(part, str)])
    if kind == "tuple_type" and _model_at(model, (*place, 0)) is not None:
        return f"expected double brackets, as in [[{header}]]"
    if kind in TABLES and isinstance(error["input"], list) and isinstance(place[-1], str):
        return f"expected single brackets, as in [{header}]"
    if error["type"] in IN_TOML:
        return f"expected {IN_TOML[error['type']]}"
    said = error["msg"].removeprefix("Input should be ")
    return said if said == error["msg"] else f"expected {said}"


def _model_at(model: type[BaseModel], place: Sequence[str | int]) -> type[BaseModel] | None:
    """The schema of a table inside another; None when its keys are free."""
    kind: Any = model
    for part in place:
        kind = _inside(_plain(kind), part)
    kind = _plain(kind)
    return kind if _is_model(kind) else None


def _inside(kind: Any, part: str | int) -> Any:
    """Type of a model's field or of a container's elements; None if it has none."""
    if _is_model(kind):
        field = kind.model_fields.get(str(part))
        return None if field is None else field.annotation
    arguments = get_args(kind)
    if not arguments:
        return None
    return arguments[-1] if get_origin(kind) is dict else arguments[0]


def _plain(kind: Any) -> Any:
    """A type without its annotations and without None."""
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = next(a for a in get_args(kind) if a is not type(None))
    return kind


def _is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
