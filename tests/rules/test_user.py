"""The user's rule files: what is refused, and that the sentence names line and expectation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from formcheck.errors import RuleError
from formcheck.kinematics.series import RENAMED_SERIES, SERIES
from formcheck.rules.book import load_book

if TYPE_CHECKING:
    from pathlib import Path

COACH = """\
# A coach's file.
[change."squat.depth"]
title = "Deep"
limits = { mild = 0, moderate = 8, severe = 16 }
unit = "deg"
views = ["side"]
min_reps = 2
critical = false
weight = 0.25

[[measurement]]
exercise = "squat"
name = "start_lean"
title = "Lean before the descent"
unit = "deg"
feature = { series = "trunk_lean", stat = "at_start" }

[[rule]]
id = "squat.tall_start"
title = "Stand tall"
measurement = "start_lean"
unit = "deg"
better = "low"
limits = { mild = 12, moderate = 18, severe = 25 }
message = "Stand up straight."
"""
PRESS = """\
[exercise]
id = "press"
title = "Press"
starts = "concentric"
concentric_phase = "press"
turning_point = "top"
eccentric_phase = "lowering"

[exercise.signal]
series = "arm_rise"
rest = "low"
min_amplitude = 0.3
full_amplitude = 0.6

[exercise.durations]
concentric_min = 0.3
concentric_max = 8.0
eccentric_min = 0.3
eccentric_max = 8.0

[[exercise.detect]]
series = "wrist_level"
stat = "range"
min = 0.5
tolerance = 0.1

[[measurement]]
name = "reach"
title = "Reach"
unit = "arm"
built_in = "amplitude"

[[rule]]
id = "press.reach"
title = "Reach"
measurement = "reach"
better = "high"
limits = { mild = 0.6, moderate = 0.5, severe = 0.4 }
message = "Higher."
"""
LEAN = '"trunk_lean", stat = "at_start"'
SECOND = (
    'name = "start_lean"\ntitle = "Lean"\nunit = "deg"\nconcentric_minus_eccentric = "trunk_lean"\n'
)


def coach(old: str, new: str) -> str:
    assert COACH.count(old) >= 1
    return COACH.replace(old, new, 1)


def press(old: str, new: str) -> str:
    assert PRESS.count(old) >= 1
    return PRESS.replace(old, new, 1)


def refused(folder: Path, *texts: str) -> str:
    files = []
    for number, text in enumerate(texts):
        files.append(folder / f"{number or 'coach'}.toml")
        files[-1].write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_book(files)
    assert caught.value.exit_code == 2
    sentence = str(caught.value).replace(f"{folder}/", "")
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert not sentence.endswith("..")
    assert "Value error" not in sentence
    return sentence


def test_the_examples_are_accepted(tmp_path: Path) -> None:
    for name, text in (("coach.toml", COACH), ("press.toml", PRESS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    book = load_book([tmp_path / "coach.toml", tmp_path / "press.toml"])
    assert book.rule("squat.tall_start").source == "own rule"
    assert book.rule("squat.tall_start").evidence == "own"
    assert book.exercise("press").title == "Press"


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        # unknown keys
        (
            coach("limits = { mild = 0", "limit = { mild = 0"),
            'line 4: change."squat.depth".limit: not permitted',
            "perhaps 'limits' is meant",
        ),
        (
            coach('title = "Deep"', 'colour = "red"'),
            'line 3: change."squat.depth".colour: not permitted',
            "expected one of enabled, title, limits",
        ),
        (
            coach("severe = 16", "severe = 16, fatal = 30"),
            'line 4: change."squat.depth".limits.fatal: not permitted',
            "mild, moderate, severe",
        ),
        ("[rules]\nx = 1\n", "line 1: rules: not permitted", "'rule'"),
        (coach('message = "Stand', 'mesage = "Stand'), "line 25: rule.0.mesage", "'message'"),
        # wrong types and values
        (coach("mild = 0", 'mild = "0"'), 'line 4: change."squat.depth".limits.mild', "number"),
        (coach("mild = 0", "mild = true"), 'line 4: change."squat.depth".limits.mild', "number"),
        (coach("mild = 0", "mild = nan"), 'line 4: change."squat.depth".limits.mild', "finite"),
        (coach("min_reps = 2", "min_reps = 2.5"), "line 7: ", "whole number"),
        (coach("min_reps = 2", "min_reps = 0"), "line 7: ", "greater than or equal to 1, got 0"),
        (coach("critical = false", 'critical = "no"'), "line 8: ", "true or false"),
        (coach("weight = 0.25", "weight = 2"), "line 9: ", "less than or equal to 1, got 2"),
        (coach('views = ["side"]', 'views = ["left"]'), "line 6: ", "'side', 'oblique' or 'front'"),
        (coach('views = ["side"]', "views = []"), "line 6: ", "at least 1 item"),
        ('change = "all"\n', "line 1: change: ", "a table"),
        ('[change]\n"squat.depth" = 3\n', 'line 2: change."squat.depth": ', "a table"),
        # limits
        (
            coach("mild = 0, moderate = 8, severe = 16", "mild = 20, moderate = 10, severe = 5"),
            'line 4: change."squat.depth".limits: limits must rise from mild to severe, got 20, 10',
            "5.",
        ),
        (
            coach("mild = 12", "mild = 18"),
            "line 24: rule.0.limits: limits must rise from mild to severe, got 18, 18, 25",
            "",
        ),
        # units
        (
            coach('unit = "deg"', 'unit = "cm"'),
            "line 5: change.\"squat.depth\".unit: expected 'deg', got 'cm'.",
            "",
        ),
        (
            coach('descent"\nunit = "deg"', 'descent"\nunit = "cm"'),
            "line 15: measurement.0.unit: expected 'deg', got 'cm'.",
            "",
        ),
        (
            coach('start_lean"\nunit = "deg"', 'start_lean"\nunit = "s"'),
            "line 22: rule.0.unit: expected 'deg', got 's'.",
            "",
        ),
        (press('unit = "arm"', 'unit = "leg"'), "line 30: measurement.0.unit: expected 'arm'", ""),
        (
            '[change."pull_up.range_loss"]\nunit = "arm"\n',
            "line 2: change.\"pull_up.range_loss\".unit: expected 'ratio', got 'arm'.",
            "",
        ),
        # names
        (
            '\n\n[change."squat.dept"]\nenabled = false\n',
            'line 3: change."squat.dept": there is no such rule',
            "'squat.depth'",
        ),
        ('[change."xyzzy"]\n', "line 1: change.xyzzy: there is no such rule", "rules list"),
        (
            "[change.squat.depth]\nenabled = false\n",
            "line 1: change.squat.depth: expected quotes",
            '[change."squat.depth"]',
        ),
        (
            coach(LEAN, LEAN.replace("lean", "leen")),
            "line 16: measurement.0.feature.series",
            "leen",
        ),
        (coach('exercise = "squat"\n', ""), "line 11: measurement.0.exercise: required", ""),
        (coach('exercise = "squat"', 'exercise = "squad"'), "line 12: ", "'squat'"),
        (coach('"start_lean"', '"trunk_lean_max"'), "line 13: measurement.0.name", "already"),
        (
            COACH + '\n[[measurement]]\nexercise = "squat"\n' + SECOND,
            "line 29: measurement.1.name: expected a new name",
            "'start_lean'",
        ),
        (
            coach('"squat.tall_start"', '"squat.depth"'),
            "line 19: rule.0.id",
            'change."squat.depth"',
        ),
        (coach('"squat.tall_start"', '"tall_start"'), "line 19: rule.0.id", "squat.my_rule"),
        (coach('"squat.tall_start"', '"squad.tall"'), "line 19: rule.0.id", "'squat'"),
        (
            coach('= "start_lean"\nunit', '= "start_leen"\nunit'),
            "line 21: rule.0.measurement: squat has no measurement 'start_leen'",
            "'start_lean'",
        ),
        (
            COACH + 'variants = ["sideways"]\n',
            "line 26: rule.0.variants.0: squat has no variant 'sideways'",
            "",
        ),
        (
            COACH + 'also = { measurement = "x", better = "low", '
            "limits = { mild = 1, moderate = 2, severe = 3 } }\n",
            "line 26: rule.0.also.measurement: squat has no measurement 'x'",
            "",
        ),
        # exercises
        (press('id = "press"', 'id = "squat"'), "line 2: exercise.id: ", "'squat' already"),
        (press('id = "press"', 'id = "unknown"'), "line 2: exercise.id: ", "other than unknown"),
        (press('id = "press"', 'id = "My press"'), "line 2: exercise.id: ", "small letters"),
        (press('"arm_rise"', '"arm_raise"'), "line 10: exercise.signal.series", "unknown series"),
        (
            press("full_amplitude = 0.6", "full_amplitude = 0.1"),
            "line 9: exercise.signal",
            "min_amplitude",
        ),
        (
            press("tolerance = 0.1", "tolerance = 0"),
            "line 25: exercise.detect.0.tolerance",
            "greater than 0",
        ),
        (press('"press.reach"', '"pres.reach"'), "line 34: rule.0.id", "'press'"),
        # not TOML
        ("[change\n", "not valid TOML", "line 1"),
        ("a = 1\nb = = 2\n", "not valid TOML", "line 2"),
    ],
)
def test_refused_with_line_and_expectation(
    tmp_path: Path, text: str, start: str, words: str
) -> None:
    sentence = refused(tmp_path, text)
    assert re.match(r"coach\.toml[,:] ", sentence)
    assert start in sentence
    assert words in sentence


def test_names_of_an_earlier_file_are_taken(tmp_path: Path) -> None:
    assert refused(tmp_path, COACH, COACH).startswith("1.toml, line 13: measurement.0.name: ")
    assert refused(tmp_path, PRESS, PRESS).startswith("1.toml, line 2: exercise.id: ")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = '\xe9'"])
def test_not_utf8(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "coach.toml"
    file.write_bytes(content)
    with pytest.raises(RuleError, match=r"coach\.toml: not valid TOML"):
        load_book(file)


def test_a_file_of_another_system(tmp_path: Path) -> None:
    file = tmp_path / "coach.toml"
    file.write_bytes(b"\xef\xbb\xbf" + COACH.replace("\n", "\r\n").encode())
    assert load_book(file).rule("squat.depth").title == "Deep"


def test_nested_without_end(tmp_path: Path) -> None:
    assert "nested too deeply" in refused(tmp_path, "a = " + "[" * 100_000 + "]" * 100_000)
    assert "nested too deeply" in refused(tmp_path, "a = " + "{a = " * 200 + "1" + "}" * 200)


@pytest.mark.parametrize("number", ["1" * 5000, "0x" + "f" * 5000])
def test_a_number_without_end(tmp_path: Path, number: str) -> None:
    assert refused(tmp_path, f"a = {number}").startswith("coach.toml: not valid TOML (")


@pytest.mark.parametrize("name", ["gone.toml", "."])
def test_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(RuleError, match=r"^Cannot read .+: .+\.$"):
        load_book(tmp_path / name)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('views = "side"', 'expected a list, as in ["one", "other"], got \'side\''),
        ("limits = 3", "expected a table, as in { key = value }, got 3"),
        ("weight = true", "expected a number"),
        ("critical = 1", "expected true or false, got 1"),
        ("title = 3", "expected text in quotes, got 3"),
    ],
)
def test_a_wrong_type_is_told_as_toml_calls_it(tmp_path: Path, written: str, expected: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(f'[change."squat.depth"]\n{written}\n', encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_book(file)
    assert "line 2" in str(caught.value)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[rule]", "rule: expected double brackets, as in [[rule]]"),
        ("rule = 3", "rule: expected double brackets, as in [[rule]], got 3"),
        ("[[exercise]]", "exercise: expected single brackets, as in [exercise]"),
        (
            '[[change."squat.depth".limits]]',
            'change."squat.depth".limits: expected single brackets, '
            'as in [change."squat.depth".limits]',
        ),
        (
            '[change."squat.depth".views]',
            'change."squat.depth".views: expected a list, as in ["one", "other"]',
        ),
    ],
)
def test_wrong_brackets_are_told(tmp_path: Path, written: str, expected: str) -> None:
    assert refused(tmp_path, f"{written}\n") == f"coach.toml, line 1: {expected}."


def test_wrong_brackets_inside_an_exercise(tmp_path: Path) -> None:
    sentence = refused(tmp_path, press("[[exercise.detect]]", "[exercise.detect]"))
    assert sentence.endswith("expected double brackets, as in [[exercise.detect]].")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            '"wrist_level"\nstat',
            '"hands_up"\nstat',
            "expected 'wrist_over_shoulder', got 'hands_up'",
        ),
        ('built_in = "amplitude"', 'built_in = "travel"', "expected 'amplitude', got 'travel'"),
        (
            'built_in = "amplitude"',
            'built_in = "out_s"',
            "expected 'eccentric_s' or 'concentric_s', whichever half that is, got 'out_s'",
        ),
    ],
)
def test_a_name_of_an_earlier_version_is_met_with_its_new_one(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    sentence = refused(tmp_path, press(old, new))
    assert re.match(r"coach\.toml, line \d+: (exercise|measurement)\.", sentence)
    assert sentence.endswith(f": {expected}.")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            '"wrist_level"\nstat',
            '"wrist_levl"\nstat',
            "unknown series 'wrist_levl', perhaps 'wrist_level'",
        ),
        (
            'built_in = "amplitude"',
            'built_in = "amplitud"',
            "unknown measurement 'amplitud', perhaps 'amplitude'",
        ),
    ],
)
def test_a_misspelt_name_is_met_with_what_comes_close(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    sentence = refused(tmp_path, press(old, new))
    assert expected in sentence
    assert sentence.endswith(" is meant.")


@pytest.mark.parametrize("new", RENAMED_SERIES.values())
def test_new_names_of_series_are_there(new: str) -> None:
    assert new in SERIES


def test_a_file_without_anything_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("# nothing yet\n", encoding="utf-8")
    with pytest.raises(RuleError, match="got nothing"):
        load_book(file)


@pytest.mark.parametrize(
    "name", ["", "Big", "a b", "=cmd|x", "start", "end", "score", "mine_error"]
)
def test_a_measurement_is_not_called_like_a_column(tmp_path: Path, name: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        f'[[measurement]]\nexercise = "squat"\nname = "{name}"\ntitle = "T"\n'
        'unit = "s"\nbuilt_in = "eccentric_s"\n',
        encoding="utf-8",
    )
    with pytest.raises(RuleError, match=r"line 3: .*expected a name of small letters"):
        load_book(file)
