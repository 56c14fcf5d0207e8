"""Read the package's data files: TOML, checked against a schema."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from formcheck.errors import RuleError

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


def read_data(name: str, model: type[Model], /) -> Model:
    """Read and check a data file that comes with the package."""
    file = resources.files("formcheck.upper_back") / "data" / name
    return parse_data(file.read_text(encoding="utf-8"), name, model)
