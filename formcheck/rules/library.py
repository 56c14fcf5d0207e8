"""Load rule sets from TOML."""

from __future__ import annotations

import hashlib
import tomllib
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from pydantic import ValidationError

from formcheck.errors import RuleError
from formcheck.rules.schema import RuleSet

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def parse_rules(text: str, name: str) -> RuleSet:
    """Check the text of a rule file.

    Parameters
    ----------
    text
        TOML.
    name
        File name for messages.

    Raises
    ------
    RuleError
        If it is not TOML or does not fit the schema; the message names the
        place and what was expected.
    """
    try:
        return RuleSet.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{name}: not valid TOML ({error}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RuleError(f"{name}: {place}: {first['msg']}.") from error


def _file(exercise: str) -> Traversable:
    return resources.files("formcheck.rules") / "data" / f"{exercise}.toml"


@lru_cache(maxsize=16)
def built_in_rules(exercise: str) -> RuleSet:
    """The rules that come with formcheck for one exercise.

    Raises
    ------
    RuleError
        If there are none.
    """
    file = _file(exercise)
    if not file.is_file():
        raise RuleError(f"There are no rules for the exercise {exercise!r}.")
    return parse_rules(file.read_text(encoding="utf-8"), file.name)


@lru_cache(maxsize=1)
def rules_sha256() -> str:
    """Hash of all built-in definition files: it changes when a verdict or an advice may."""
    digest = hashlib.sha256()
    for package in ("formcheck.exercises", "formcheck.rules", "formcheck.upper_back"):
        folder = resources.files(package) / "data"
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            if file.name.endswith(".toml"):
                digest.update(file.name.encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
