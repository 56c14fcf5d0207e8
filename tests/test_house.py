"""How the house is built: who may use whom, and that lifts are known to their files alone."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import formcheck
from formcheck.kinematics.series import SERIES
from formcheck.rules.book import built_in_book
from formcheck.rules.computed import COMPUTED
from formcheck.upper_back.cues import cue_table

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(formcheck.__file__).parent
ROOMS = (
    (
        "errors",
        "reasons",
        "lifter",
        "edits",
        "edits_file",
        "notes",
        "words",
        "signals",
        "machine",
        "data_files",
        "files",
        "tables",
    ),
    ("video",),
    ("pose",),
    ("kinematics",),
    ("lean",),
    ("reps",),
    ("exercises",),
    ("rules",),
    ("upper_back",),
    ("filming",),
    ("analysis", "pipeline", "shown"),
    ("report",),
    ("compare",),
    ("history",),
    ("export",),
    ("storage",),
    ("present",),
    ("clip", "inspection", "schemas"),
    ("batch",),
    ("cli",),
)
"""From the ground up: a room uses those above it in this list, and its neighbours."""
FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}
DOORS = {"__init__", "__main__"}
"""The package itself: what it gives to its users comes from everywhere."""
DATA = ("lifts",)
"""Rooms without code."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(HOUSE.rglob("*.py")):
        name = file.relative_to(HOUSE).with_suffix("").as_posix()
        yield name, ast.parse(file.read_text(encoding="utf-8"))


def imported(module: ast.Module) -> Iterator[str]:
    """What a module uses when it runs, not only to name types."""
    typing = {
        id(inner)
        for node in ast.walk(module)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(module):
        if id(node) in typing:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("formcheck."):
            yield str(node.module).split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("formcheck."))


def test_every_room_has_its_floor() -> None:
    rooms = {name.split("/", maxsplit=1)[0] for name, _ in modules()}
    assert rooms - DOORS - set(DATA) == set(FLOOR)


def test_nobody_uses_what_stands_above() -> None:
    up = [
        f"{name} uses {room}"
        for name, module in modules()
        for room in imported(module)
        if (own := name.split("/", maxsplit=1)[0]) not in DOORS and FLOOR[room] > FLOOR[own]
    ]
    assert up == []


def named_twice(module: ast.Module) -> list[str]:
    """Constants, classes and functions that a module has twice: the first is lost."""
    names = [node.name for node in module.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        names += [target.id for target in targets if isinstance(target, ast.Name)]
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return sorted({name for name in names if names.count(name) > 1})


def test_nothing_is_defined_twice_in_a_module() -> None:
    twice = {name: found for name, module in modules() if (found := named_twice(module))}
    assert twice == {}


def names_from_lifts() -> set[str]:
    book = built_in_book()
    rules = {rule.id for lift in book.rules for rule in book.rules_of(lift)}
    measured = {m.name for found in book.rules.values() for m in found.measurement}
    plain = {name for name in measured if "_" not in name}  # words that mean other things, too
    formulas = {*COMPUTED, *SERIES, *cue_table().sides, *plain}
    return {exercise.id for exercise in book.exercises} | rules | (measured - formulas)


def test_no_engine_names_a_lift_a_rule_or_a_measurement() -> None:
    names = names_from_lifts()
    named = [
        f"{name}, line {node.lineno}: {node.value}"
        for name, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert named == [], "\n".join(named)
