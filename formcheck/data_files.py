"""Read definition files: TOML, checked against a pydantic schema."""

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
from formcheck.toml_lines import line_numbers, line_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from pydantic_core import ErrorDetails


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
        except RecursionError as error:
            raise RuleError(f"{name}: tables or arrays are nested too deeply.") from error

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
        *outer, key = error["loc"]
        around = _model_at(model, outer)
        if around is None:
            return "not permitted here"
        renamed: Mapping[str, str] = getattr(around, "renamed", {})
        if key in renamed:
            return f"expected {renamed[str(key)]}"
        return f"not permitted here, {one_of(list(around.model_fields), str(key))}"
    if kind == "missing":
        return "required, but missing"
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
    expected = _expected(error)
    return f"{expected}, got {given!r}" if isinstance(given, str | int | float) else expected


IN_TOML = {
    "model_type": "a table, as in { key = value }",
    "model_attributes_type": "a table, as in { key = value }",
    "dict_type": "a table, as in { key = value }",
    "tuple_type": 'a list, as in ["one", "other"]',
    "list_type": 'a list, as in ["one", "other"]',
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "float_type": "a number",
    "int_type": "a whole number",
}
"""What was expected, by pydantic's name of the error, as somebody who writes TOML calls it."""


def _expected(error: ErrorDetails) -> str:
    """What would have been right."""
    if (
        error["type"] == "tuple_type"
        and len(error["loc"]) == 1
        and isinstance(error["input"], dict)
    ):
        return f"expected double brackets, as in [[{error['loc'][0]}]]"
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
