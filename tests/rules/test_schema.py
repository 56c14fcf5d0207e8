"""Rule files: what is refused, with file, place and what was expected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from formcheck.data_files import parse_data
from formcheck.errors import RuleError
from formcheck.kinematics.series import SERIES
from formcheck.rules.book import built_in_book, load_book
from formcheck.rules.schema import RuleSet

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
exercise = "squat"

[[measurement]]
name = "lean"
title = "Trunk lean"
unit = "deg"
feature = { series = "trunk_lean", stat = "at_turn" }

[[measurement]]
name = "gap"
title = "Knees apart"
unit = "ratio"
feature = { series = "knee_separation", stat = "min", window = "turn" }
over = { series = "knee_separation", stat = "median", window = "rest" }

[[rule]]
id = "squat.lean"
title = "Lean"
measurement = "lean"
better = "low"
limits = { mild = 40, moderate = 50, severe = 60 }
views = ["side"]
message = "Chest up."
source = "judgement"
evidence = "J"

[[rule]]
id = "squat.gap"
title = "Knees"
measurement = "gap"
better = "high"
limits = { mild = 0.9, moderate = 0.8, severe = 0.7 }
message = "Knees out."
source = "judgement"
evidence = "J"
"""


def parse_rules(text: str, name: str) -> RuleSet:
    return parse_data(text, name, RuleSet)


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_the_example_is_accepted() -> None:
    rules = parse_rules(GOOD, "mine.toml")
    assert [r.id for r in rules.rule] == ["squat.lean", "squat.gap"]
    assert rules.rule[1].views == ("side", "oblique", "front")
    assert rules.rule[0].min_reps == 1
    assert not rules.rule[0].critical


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        (
            changed('exercise = "squat"', 'exercise = "squat"\nversion = 2'),
            "version",
            "not permitted",
        ),
        (
            changed('unit = "deg"', 'unit = "deg"\ncolour = "red"'),
            "measurement.0.colour",
            "not permitted",
        ),
        (
            changed('stat = "at_turn"', 'stat = "at_turn", of = 2'),
            "measurement.0.feature.of",
            "not permitted",
        ),
        (changed('"squat.lean"', '"squat.lean"\nlevel = 3'), "rule.0.level", "not permitted"),
        (changed("severe = 60", "severe = 60, fatal = 90"), "rule.0.limits.fatal", "not permitted"),
        (changed('unit = "deg"\n', ""), "measurement.0.unit", "required"),
        (changed('source = "judgement"\n', ""), "rule.0.source", "required"),
        (changed('evidence = "J"\n', ""), "rule.0.evidence", "required"),
        (changed('message = "Chest up."\n', ""), "rule.0.message", "required"),
        (changed("moderate = 50, ", ""), "rule.0.limits.moderate", "required"),
        (
            changed('"trunk_lean"', '"trunk_leen"'),
            "measurement.0.feature.series",
            "unknown series 'trunk_leen'",
        ),
        (
            changed('median", window = "rest"', 'median", window = "end"'),
            "measurement.1.over.window",
            "'rest'",
        ),
        (changed('stat = "at_turn"', 'stat = "mean"'), "measurement.0.feature.stat", "'at_start'"),
        (changed("mild = 40, moderate = 50", "mild = 50, moderate = 40"), "rule.0", "must rise"),
        (changed("severe = 60", "severe = 50"), "rule.0", "must rise"),
        (
            changed("mild = 0.9, moderate = 0.8", "mild = 0.8, moderate = 0.9"),
            "rule.1",
            "must fall",
        ),
        (changed('better = "low"', 'better = "high"'), "rule.0", "must fall"),
        (changed('better = "low"', 'better = "lower"'), "rule.0.better", "'low', 'high'"),
        (changed("mild = 40", 'mild = "forty"'), "rule.0.limits.mild", "number"),
        (changed('views = ["side"]', 'views = ["left"]'), "rule.0.views.0", "'side'"),
        (
            changed('views = ["side"]', "min_reps = 0"),
            "rule.0.min_reps",
            "greater than or equal to 1",
        ),
        (changed('views = ["side"]', "weight = 1.5"), "rule.0.weight", "less than or equal to 1"),
        (
            changed('views = ["side"]', "weight = -0.1"),
            "rule.0.weight",
            "greater than or equal to 0",
        ),
        (changed('views = ["side"]', 'over_set = "gain"'), "rule.0.over_set", "'loss'"),
        (
            changed('feature = { series = "trunk_lean", stat = "at_turn" }\n', ""),
            "measurement.0",
            "exactly one of",
        ),
        (
            changed('unit = "deg"', 'unit = "deg"\nbuilt_in = "amplitude"'),
            "measurement.0",
            "exactly one of",
        ),
        (
            changed('unit = "deg"', 'unit = "deg"\nconcentric_minus_eccentric = "trunk_lean"'),
            "measurement.0",
            "exactly one of",
        ),
        (
            changed("over = {", 'minus = { series = "hip_x", stat = "net" }\nover = {'),
            "measurement.1",
            "minus or over",
        ),
        (
            changed(
                'feature = { series = "trunk_lean", stat = "at_turn" }',
                'concentric_minus_eccentric = "trunk_leen"',
            ),
            "measurement.0",
            "unknown series 'trunk_leen'",
        ),
        (
            changed('feature = { series = "trunk_lean", stat = "at_turn" }', 'built_in = "hold_s"'),
            "measurement.0.built_in",
            "eccentric_s",
        ),
        ("", "exercise", "required"),
    ],
)
def test_refused_with_file_place_and_expectation(text: str, place: str, expected: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rules(text, "mine.toml")
    message = str(caught.value)
    assert re.match(rf"mine\.toml(, line \d+)?: {place}", message)
    assert expected in message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (changed('name = "gap"', 'name = "lean"'), "'lean' is defined twice"),
        (changed('"squat.gap"', '"squat.lean"'), "'squat.lean' is defined twice"),
        (changed('measurement = "gap"', 'measurement = "gaps"'), "unknown measurement 'gaps'"),
        (changed('"squat.gap"', '"row.gap"'), "starts with squat."),
        (changed('exercise = "squat"', 'exercise = "row"'), "starts with row."),
    ],
)
def test_names_must_fit_together(text: str, named: str) -> None:
    with pytest.raises(RuleError, match=r"^mine\.toml") as caught:
        parse_rules(text, "mine.toml")
    assert named in str(caught.value)


@pytest.mark.parametrize("text", ["[[rule]", "a = = 1", "exercise = 'a'\nexercise = 'b'"])
def test_not_toml(text: str) -> None:
    with pytest.raises(RuleError, match=r"^mine\.toml: not valid TOML \(.+\)\."):
        parse_rules(text, "mine.toml")


@pytest.mark.parametrize(
    "text",
    [
        changed("mild = 40", "mild = nan"),
        changed("severe = 60", "severe = inf"),
        changed('views = ["side"]', "views = []"),
        changed('unit = "deg"', 'unit = "deg"\nscale = 0'),
        changed(
            'feature = { series = "knee_separation", stat = "min", window = "turn" }',
            'built_in = "amplitude"',
        ),
        changed(
            'feature = { series = "knee_separation", stat = "min", window = "turn" }',
            'concentric_minus_eccentric = "trunk_lean"',
        ),
        changed('stat = "at_turn"', 'stat = "at_turn", window = "eccentric"'),
    ],
    ids=[
        "nan limit",
        "infinite limit",
        "no view",
        "scale 0",
        "built_in with over",
        "both halves with over",
        "instant with a window",
    ],
)
def test_contradictions_are_refused(text: str) -> None:
    with pytest.raises(RuleError):
        parse_rules(text, "mine.toml")


@pytest.mark.parametrize("exercise", [e.id for e in built_in_book().exercises])
def test_built_in_rules(exercise: str) -> None:
    rules = built_in_book().rules[exercise]
    assert rules.rule
    assert any(r.critical for r in rules.rule)
    units = {m.name: m.unit for m in rules.measurement}
    for measurement in rules.measurement:
        assert measurement.short, measurement.name
        plain = measurement.feature and measurement.over is None and measurement.scale == 1.0
        if measurement.feature and plain:
            assert measurement.unit == SERIES[measurement.feature.series].unit, measurement.name
        if measurement.over:
            assert measurement.unit == "ratio"
    for rule in rules.rule:
        assert units[rule.measurement]
        assert rule.views
        assert rule.message.endswith(".")
        assert rule.source
        if set(rule.views) != {"side", "oblique", "front"}:
            assert rule.film, rule.id


def test_fingerprint_of_all_definitions(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[change."squat.depth"]\nenabled = false\n', encoding="utf-8")
    built_in = built_in_book().sha256
    assert re.fullmatch(r"[0-9a-f]{64}", built_in)
    assert load_book().sha256 == built_in
    assert load_book(own).sha256 != built_in
