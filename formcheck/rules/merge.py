"""How the user's rule files change the exercises and rules there are.

The files are taken in order; a later one may change what an earlier one added.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import ValidationError

from formcheck.data_files import one_of, place_name
from formcheck.kinematics.series import SERIES
from formcheck.rules.schema import Change, Measurement, Rule, RuleSet, UserFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.data_files import DataText, Place
    from formcheck.exercises.schema import Exercise
    from formcheck.rules.schema import OwnMeasurement, OwnRule

STANDING = "posture"
"""Rules for standing still: no exercise, so nothing detects or counts it."""
RESERVED = ("unknown", STANDING)
"""What no exercise may be called: reports say it of exercises that were not recognised."""
COLUMNS = ("rep", "kind", "reason", "score", "start", "turn", "end")
"""Columns of every table of repetitions, without their units: no measurement is called so."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def judged_unit(rule: Rule, measurement: Measurement, /) -> str:
    """Unit of a rule's limits: that of what it measures, or of a share of it."""
    return "ratio" if rule.over_set in ("loss", "fall") else measurement.unit


class Merge:
    """Exercises and rules, changed file by file.

    At first there is only standing still (`STANDING`), which is no exercise.

    Attributes
    ----------
    exercises
        Definitions by identifier.
    measurements
        Of each exercise, by name.
    rules
        By identifier, those that are switched off as well.
    off
        Identifiers of the rules that are switched off.
    """

    def __init__(self) -> None:
        self.exercises: dict[str, Exercise] = {}
        self.measurements: dict[str, dict[str, Measurement]] = {STANDING: {}}
        self.rules: dict[str, Rule] = {}
        self.off: set[str] = set()

    def copy(self) -> Merge:
        """Another one that starts from what this one has."""
        other = Merge()
        other.exercises = dict(self.exercises)
        other.measurements = {name: dict(found) for name, found in self.measurements.items()}
        other.rules = dict(self.rules)
        other.off = set(self.off)
        return other

    def add(self, text: DataText, /) -> None:
        """Take in a file.

        Raises
        ------
        RuleError
            If it does not fit the schema or what there is; the message names
            file, line and what was expected.
        """
        _check_quotes(text)
        file = text.check(UserFile)
        if file.exercise is not None:
            self._add_exercise(text, file.exercise)
        for number, measurement in enumerate(file.measurement):
            self._add_measurement(text, number, measurement, file.exercise)
        for number, rule in enumerate(file.rule):
            self._add_rule(text, number, rule)
        for identifier, change in file.change.items():
            self._change(text, identifier, change)

    def rule_set(self, exercise: str, /) -> RuleSet:
        """Measurements and active rules of an exercise."""
        active = [rule for rule in self.rules.values() if rule.id not in self.off]
        return RuleSet(
            exercise=exercise,
            measurement=tuple(self.measurements[exercise].values()),
            rule=tuple(rule for rule in active if exercise_of(rule.id) == exercise),
        )

    def _add_exercise(self, text: DataText, exercise: Exercise) -> None:
        place = ("exercise", "id")
        if not _NAME.fullmatch(exercise.id) or exercise.id in RESERVED:
            raise text.refusal(
                place,
                "expected a name of small letters, digits and _ other than "
                f"{', '.join(RESERVED)}, got {exercise.id!r}",
            )
        if exercise.id in self.exercises:
            raise text.refusal(
                place, f"expected a new identifier, there is an exercise {exercise.id!r} already"
            )
        self.exercises[exercise.id] = exercise
        self.measurements[exercise.id] = {}

    def _add_measurement(
        self, text: DataText, number: int, own: OwnMeasurement, exercise: Exercise | None
    ) -> None:
        place = ("measurement", number)
        identifier = own.exercise or (None if exercise is None else exercise.id)
        if identifier is None:
            raise text.refusal((*place, "exercise"), "required where the file defines no exercise")
        if identifier not in self.measurements:
            raise text.refusal(
                (*place, "exercise"),
                f"there is no exercise {identifier!r}, {one_of(self.exercises, identifier)}",
            )
        if not _NAME.fullmatch(own.name) or own.name in COLUMNS or own.name.endswith("_error"):
            raise text.refusal(
                (*place, "name"),
                "expected a name of small letters, digits and _ other than those of tables "
                f"({', '.join(COLUMNS)}, ..._error), got {own.name!r}",
            )
        if own.name in self.measurements[identifier]:
            raise text.refusal(
                (*place, "name"),
                f"expected a new name, {identifier} has a measurement {own.name!r} already",
            )
        unit = own.own_unit or self._signal_unit(identifier)
        if own.scale == 1 and own.unit != unit:
            raise text.refusal((*place, "unit"), f"expected {unit!r}, got {own.unit!r}")
        values = own.model_dump(exclude={"exercise"})
        self.measurements[identifier][own.name] = Measurement.model_validate(values)

    def _add_rule(self, text: DataText, number: int, own: OwnRule) -> None:
        place = ("rule", number)
        problem = self._problem_of_id(own.id)
        if problem is not None:
            raise text.refusal((*place, "id"), problem)
        exercise = exercise_of(own.id)
        self._check_measurement(text, (*place, "measurement"), exercise, own.measurement)
        for key in ("also", "unless"):
            extra = getattr(own, key)
            if extra is not None:
                self._check_measurement(
                    text, (*place, key, "measurement"), exercise, extra.measurement
                )
        known = self.exercises.get(exercise)
        variants = [] if known is None else [variant.id for variant in known.variant]
        for position, variant in enumerate(own.variants):
            if variant not in variants:
                raise text.refusal(
                    (*place, "variants", position),
                    f"{exercise} has no variant {variant!r}, {one_of(variants, variant)}",
                )
        rule = Rule.model_validate(own.model_dump(exclude={"unit"}))
        self._check_unit(text, (*place, "unit"), rule, own.unit)
        self.rules[rule.id] = rule
        if rule.off:
            self.off.add(rule.id)

    def _signal_unit(self, exercise: str) -> str | None:
        known = self.exercises.get(exercise)
        return None if known is None else SERIES[known.signal.series].unit

    def _problem_of_id(self, identifier: str) -> str | None:
        """Why a new rule may not be called so."""
        exercise, _, name = identifier.partition(".")
        if not _NAME.fullmatch(name):
            return (
                f"expected an exercise, a point and a name, as in squat.my_rule, got {identifier!r}"
            )
        if exercise not in self.measurements:
            return f"there is no exercise {exercise!r}, {one_of(self.exercises, exercise)}"
        if identifier in self.rules:
            header = place_name(("change", identifier))
            return (
                f"expected a new identifier, there is a rule {identifier!r} already, "
                f"which [{header}] changes"
            )
        return None

    def _change(self, text: DataText, identifier: str, change: Change) -> None:
        place = ("change", identifier)
        rule = self.rules.get(identifier)
        if rule is None:
            known = close_rules(self.rules, identifier)
            raise text.refusal(place, f"there is no such rule, {known}")
        self._check_unit(text, (*place, "unit"), rule, change.unit)
        try:
            changed = Rule.model_validate({**rule.model_dump(), **change.new_values})
        except ValidationError as error:
            reason = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise text.refusal(place, reason) from error
        self.rules[identifier] = changed
        if change.enabled is False:
            self.off.add(identifier)
        elif change.enabled:
            self.off.discard(identifier)

    def _check_measurement(self, text: DataText, place: Place, exercise: str, name: str) -> None:
        known = self.measurements[exercise]
        if name not in known:
            raise text.refusal(
                place, f"{exercise} has no measurement {name!r}, {one_of(known, name)}"
            )

    def _check_unit(self, text: DataText, place: Place, rule: Rule, unit: str | None) -> None:
        measurement = self.measurements[exercise_of(rule.id)][rule.measurement]
        expected = judged_unit(rule, measurement)
        if unit not in (None, expected):
            raise text.refusal(place, f"expected {expected!r}, got {unit!r}")


def close_rules(known: Iterable[str], wrong: str, /) -> str:
    """Words that name the rules that come close to a wrong identifier."""
    words = one_of(list(known), wrong)
    return words if words.startswith("perhaps") else "formcheck rules list shows all"


def exercise_of(rule: str, /) -> str:
    """The exercise in a rule's identifier."""
    return rule.partition(".")[0]


def _check_quotes(text: DataText) -> None:
    """Tell those who forget the quotes of ``[change."squat.depth"]``."""
    changes = text.data.get("change", {})
    for outer, table in changes.items() if isinstance(changes, dict) else ():
        if "." in outer or not isinstance(table, dict):
            continue
        inner = next((key for key, value in table.items() if isinstance(value, dict)), None)
        if inner is not None and inner not in Change.model_fields:
            header = place_name(("change", f"{outer}.{inner}"))
            raise text.refusal(
                ("change", outer, inner), f"expected quotes around the rule, as in [{header}]"
            )
