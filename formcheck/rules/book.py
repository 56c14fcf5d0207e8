"""All exercises and their rules, as one value that an analysis is given."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.data_files import DataText, decoded
from formcheck.errors import RuleError, UsageError, reason_of
from formcheck.rules.merge import STANDING, Merge, close_rules, exercise_of, judged_unit
from formcheck.words.naming import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from formcheck.exercises.schema import Exercise
    from formcheck.rules.schema import Measurement, Rule, RuleSet


class Origin(StrEnum):
    """Where a rule comes from."""

    BUILT_IN = "built-in"
    CHANGED = "changed"
    OWN = "own"


@dataclass(frozen=True, eq=False)
class RuleBook:
    """The exercises known and the rules they are judged by.

    Attributes
    ----------
    exercises
        Definitions, in the order in which they are listed.
    rules
        Rule set of each, by the exercise's identifier, and that of standing still
        (`STANDING`).
    sha256
        Changes when a verdict or an advice may change.
    off
        Rules that do not judge: the user switched them off, or did not switch
        on what is off as it comes.
    origins
        Of rules that are not built in, or not as they were, by identifier.
    """

    exercises: tuple[Exercise, ...]
    rules: Mapping[str, RuleSet]
    sha256: str
    off: tuple[Rule, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def exercise(self, name: str, /) -> Exercise:
        """An exercise by its identifier, or another name that people have for it.

        Raises
        ------
        RuleError
            If there is no such exercise, or several may be meant.
        """
        by_id = {exercise.id: exercise for exercise in self.exercises}
        try:
            return by_id[name] if name in by_id else by_id[named(name, self.names(), "exercise")]
        except UsageError as error:
            raise RuleError(str(error)) from error

    def names(self) -> list[tuple[str, str]]:
        """Identifier and name of every exercise, as often as it has names."""
        return [(exercise.id, name) for exercise in self.exercises for name in exercise.names]

    def headings(self, exercise: str | None = None, /) -> list[tuple[str, str]]:
        """Identifier and title of what there are rules for, or of one of them.

        Raises
        ------
        RuleError
            If there is no such exercise.
        """
        every = [(e.id, e.title) for e in self.exercises] + [(STANDING, "Standing posture")]
        if exercise in (None, STANDING):
            return [pair for pair in every if exercise in (None, pair[0])]
        known = self.exercise(exercise)
        return [(known.id, known.title)]

    def rules_of(self, exercise: str, /) -> tuple[Rule, ...]:
        """All rules of an exercise, those that are switched off last."""
        off = tuple(rule for rule in self.off if rule.id.startswith(f"{exercise}."))
        return self.rules[exercise].rule + off

    def rule(self, identifier: str, /) -> Rule:
        """A rule by its identifier, also when it is switched off.

        Raises
        ------
        RuleError
            If there is no such rule.
        """
        every = {rule.id: rule for name in self.rules for rule in self.rules_of(name)}
        if identifier not in every:
            raise RuleError(f"There is no rule {identifier!r}: {close_rules(every, identifier)}.")
        return every[identifier]

    def measured_by(self, rule: Rule, /) -> Measurement:
        """What a rule judges."""
        return self.rules[exercise_of(rule.id)].named(rule.measurement)

    def unit(self, rule: Rule, /) -> str:
        """Unit of a rule's limits."""
        return judged_unit(rule, self.measured_by(rule))

    def origin(self, rule: Rule, /) -> Origin:
        """Where a rule comes from."""
        return self.origins.get(rule.id, Origin.BUILT_IN)


@lru_cache(maxsize=1)
def built_in_book() -> RuleBook:
    """The exercises and rules that come with formcheck."""
    merge, sha256 = _built_in()
    return _book(merge, sha256, {})


@lru_cache(maxsize=1)
def _built_in() -> tuple[Merge, str]:
    """All files of `formcheck.lifts`, and a hash of what may change a verdict or an advice."""
    merge = Merge()
    digest = hashlib.sha256()
    for package, folder in (("formcheck.lifts", ""), ("formcheck.upper_back", "data")):
        place = resources.files(package).joinpath(folder)
        files = sorted(place.iterdir(), key=lambda f: f.name)
        for file in (f for f in files if f.name.endswith(".toml")):
            data = file.read_bytes()
            digest.update(file.name.encode() + data)
            if package == "formcheck.lifts":
                merge.add(DataText(decoded(data, file.name), file.name))
    return merge, digest.hexdigest()


def _book(merge: Merge, sha256: str, origins: Mapping[str, Origin]) -> RuleBook:
    exercises = tuple(sorted(merge.exercises.values(), key=lambda e: e.order))
    off = tuple(rule for rule in merge.rules.values() if rule.id in merge.off)
    return RuleBook(
        exercises, {n: merge.rule_set(n) for n in merge.measurements}, sha256, off, origins
    )


def load_book(paths: Iterable[str | Path] | str | Path = (), /) -> RuleBook:
    """The built-in exercises and rules, changed by rule files of the user.

    Parameters
    ----------
    paths
        TOML files (``docs/rules.md``); later ones win over earlier ones.

    Raises
    ------
    RuleError
        If a file cannot be read or used; the message names file, line and what
        was expected.
    """
    files = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    built_in = built_in_book()
    if not files:
        return built_in
    merge = _built_in()[0].copy()
    digest = hashlib.sha256(built_in.sha256.encode())
    for file in files:
        data = _content(file)
        digest.update(hashlib.sha256(data).digest())
        text = DataText(decoded(data, str(file)), str(file))
        if not text.data:
            raise RuleError(f"{file}: expected rules, changes or an exercise, got nothing.")
        merge.add(text)
    return _book(merge, digest.hexdigest(), _origins(merge.rules))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise RuleError(f"Cannot read {file}: {reason_of(error)}.") from error


def _origins(rules: Mapping[str, Rule]) -> dict[str, Origin]:
    known = _built_in()[0].rules
    return {
        identifier: Origin.CHANGED if identifier in known else Origin.OWN
        for identifier, rule in rules.items()
        if rule != known.get(identifier)
    }
