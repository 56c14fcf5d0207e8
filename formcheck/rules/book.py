"""All exercises and their rules, as one value that an analysis is given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from formcheck.errors import RuleError
from formcheck.exercises.library import built_in_exercises
from formcheck.rules.library import built_in_rules, rules_sha256

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.exercises.schema import Exercise
    from formcheck.rules.schema import RuleSet


@dataclass(frozen=True, eq=False)
class RuleBook:
    """The exercises known and the rules they are judged by.

    Attributes
    ----------
    exercises
        Definitions, in the order in which they are listed.
    rules
        Rule set of each, by the exercise's identifier.
    sha256
        Changes when a verdict or an advice may change.
    """

    exercises: tuple[Exercise, ...]
    rules: Mapping[str, RuleSet]
    sha256: str

    def exercise(self, identifier: str, /) -> Exercise:
        """An exercise by its identifier.

        Raises
        ------
        RuleError
            If there is no such exercise.
        """
        for exercise in self.exercises:
            if exercise.id == identifier:
                return exercise
        known = ", ".join(exercise.id for exercise in self.exercises)
        raise RuleError(f"There is no exercise {identifier!r}: expected one of {known}.")


@lru_cache(maxsize=1)
def built_in_book() -> RuleBook:
    """The exercises and rules that come with formcheck."""
    exercises = built_in_exercises()
    return RuleBook(exercises, {e.id: built_in_rules(e.id) for e in exercises}, rules_sha256())
