"""Load exercise definitions from TOML."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from formcheck.data_files import read_data
from formcheck.errors import RuleError
from formcheck.exercises.schema import Exercise

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@lru_cache(maxsize=1)
def built_in_exercises() -> tuple[Exercise, ...]:
    """The exercises that come with formcheck, in order of preference."""
    folder = resources.files("formcheck.exercises") / "data"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(sorted((load_exercise(f) for f in files), key=lambda e: e.order))


def load_exercise(file: Traversable) -> Exercise:
    """Read and check one definition.

    Raises
    ------
    RuleError
        If the file is not TOML or does not fit the schema; the message names
        file, place and what was expected.
    """
    return read_data(file, Exercise)


def exercise_ids() -> tuple[str, ...]:
    """Identifiers of the built-in exercises."""
    return tuple(exercise.id for exercise in built_in_exercises())


def get_exercise(identifier: str) -> Exercise:
    """A built-in exercise by its identifier.

    Raises
    ------
    RuleError
        If there is no such exercise.
    """
    for exercise in built_in_exercises():
        if exercise.id == identifier:
            return exercise
    raise RuleError(
        f"There is no exercise {identifier!r}: expected one of {', '.join(exercise_ids())}."
    )
