"""Read definition files: TOML, checked against a pydantic schema."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from formcheck.errors import RuleError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Model = TypeVar("Model", bound=BaseModel)


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
        If it is not TOML or does not fit the schema; the message names the
        place and what was expected.
    """
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{name}: not valid TOML ({error}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RuleError(f"{name}: {place + ': ' if place else ''}{first['msg']}.") from error


def read_data(file: Traversable, model: type[Model], /) -> Model:
    """Read and check a data file.

    Raises
    ------
    RuleError
        As `parse_data`, also when the file is not text.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RuleError(f"{file.name}: not valid TOML ({error}).") from error
    return parse_data(text, file.name, model)


def built_in(package: str, name: str, /) -> Traversable:
    """A file in the ``data`` folder of one of formcheck's packages."""
    return resources.files(f"formcheck.{package}") / "data" / name
