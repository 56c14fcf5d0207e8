"""Exercise files: what is refused, with file, place and what was expected."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from formcheck.data_files import read_data
from formcheck.errors import RuleError
from formcheck.rules.book import built_in_book
from formcheck.rules.schema import UserFile

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.exercises.schema import Exercise

WHOLE = (resources.files("formcheck.lifts") / "squat.toml").read_text(encoding="utf-8")
SQUAT = WHOLE.partition("[[measurement]]")[0]


def loaded(folder: Path, text: str) -> Exercise:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    exercise = read_data(file, UserFile).exercise
    assert exercise is not None
    return exercise


def changed(old: str, new: str) -> str:
    assert SQUAT.count(old) >= 1
    return SQUAT.replace(old, new, 1)


def test_the_built_in_file_loads_from_anywhere(tmp_path: Path) -> None:
    assert loaded(tmp_path, SQUAT) == built_in_book().exercise("squat")


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        (
            changed('series = "hip_height"', 'series = "hip_hight"'),
            "signal.series",
            "unknown series",
        ),
        (changed('rest = "high"', 'rest = "up"'), "signal.rest", "'high' or 'low'"),
        (
            changed("min_amplitude = 0.15", "min_amplitude = 0"),
            "signal.min_amplitude",
            "greater than 0",
        ),
        (
            changed("min_amplitude = 0.15", "min_amplitude = -1"),
            "signal.min_amplitude",
            "greater than 0",
        ),
        (changed("min_amplitude = 0.15", 'min_amplitude = "a"'), "signal.min_amplitude", "number"),
        (changed("min_amplitude = 0.15\n", ""), "signal.min_amplitude", "required"),
        (
            changed("[exercise.signal]", "[exercise.signal]\nfilter = 3"),
            "signal.filter",
            "not permitted",
        ),
        (changed("eccentric_max = 10.0\n", ""), "durations.eccentric_max", "required"),
        (changed("order = 1", 'order = "first"'), "order", "whole number"),
        (changed('title = "Squat"\n', ""), "title", "required"),
        (changed('title = "Squat"', 'title = "Squat"\nweight = 3'), "weight", "not permitted"),
        (changed('stat = "net"', 'stat = "mean"'), "exclusion.0.stat", "'at_start'"),
        (changed("min = -0.30\nmax = 0.30", ""), "exclusion.0", "expected min, max or both"),
        (changed("min = -0.30\nmax", "min = 0.50\nmax"), "exclusion.0", "expected min < max"),
        (changed("tolerance = 0.10", "tolerance = 0"), "exclusion.0.tolerance", "greater than 0"),
        (changed("tolerance = 0.10", "tolerance = nan"), "exclusion.0.tolerance", "finite number"),
        (
            changed('series = "knee_flexion_3d"', 'series = "knee"'),
            "detect.0.series",
            "expected one of ankle_level, ",
        ),
        (changed('window = "turn"', 'window = "top"'), "exclusion.6.window", "'rest'"),
        (changed("weight = 2", "weight = 0"), "detect.0.weight", "greater than 0"),
        ("[exercise]", "id", "required"),
        (changed('trail = "hip"', 'trail = "tail"'), "trail", "unknown landmark"),
        (
            changed('series = "shoulder_level"', 'series = "speed"'),
            "speed.series",
            "unknown series",
        ),
    ],
)
def test_refused_with_file_place_and_expectation(
    tmp_path: Path, text: str, place: str, expected: str
) -> None:
    with pytest.raises(RuleError) as caught:
        loaded(tmp_path, text)
    message = str(caught.value)
    assert re.match(rf"mine\.toml(, line \d+)?: exercise\.{place}: ", message)
    assert expected in message
    assert "\n" not in message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        (
            changed('eccentric_phase = "descent"', 'out_phase = "descent"'),
            "out_phase",
            "expected eccentric_phase or concentric_phase, whichever half that is",
        ),
        (
            changed('concentric_phase = "ascent"', 'back_phase = "ascent"'),
            "back_phase",
            "expected eccentric_phase or concentric_phase, whichever half that is",
        ),
        (
            changed('turning_point = "bottom"', 'turn_phase = "bottom"'),
            "turn_phase",
            "expected turning_point",
        ),
        (
            changed('starts = "eccentric"', 'concentric = "back"'),
            "concentric",
            'expected starts = "eccentric" or "concentric", whichever half comes first',
        ),
        (
            changed("eccentric_min = 0.15", "out_min = 0.30"),
            "durations.out_min",
            "expected eccentric_min or concentric_min, whichever half that is",
        ),
        (
            changed("concentric_max = 8.0", "back_max = 8.0"),
            "durations.back_max",
            "expected eccentric_max or concentric_max, whichever half that is",
        ),
        (
            changed("min_amplitude = 0.15", "min_travel = 0.15"),
            "signal.min_travel",
            "expected min_amplitude",
        ),
        (
            changed("[[exercise.detect]]", "[[exercise.detect]]\nslack = 0.1"),
            "detect.0.slack",
            "expected tolerance",
        ),
        (
            changed("[[exercise.detect]]", "[exercise.gate]\n[[exercise.detect]]"),
            "gate",
            "expected exclusion",
        ),
    ],
)
def test_a_key_of_an_earlier_version_is_met_with_its_new_name(
    tmp_path: Path, text: str, place: str, expected: str
) -> None:
    key = place.rpartition(".")[2]
    number = 1 + next(
        n for n, line in enumerate(text.splitlines()) if re.match(rf"{key} =|.*\.{key}\]", line)
    )
    with pytest.raises(RuleError) as caught:
        loaded(tmp_path, text)
    assert str(caught.value) == f"mine.toml, line {number}: exercise.{place}: {expected}."


@pytest.mark.parametrize("text", ["[signal", "id = ", "id = 'a'\nid = 'b'", "\x00"])
def test_not_toml(tmp_path: Path, text: str) -> None:
    with pytest.raises(RuleError, match=r"^mine\.toml: not valid TOML \(.+\)\."):
        loaded(tmp_path, text)


def test_not_text(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b'id = "\xff\xfe"')
    with pytest.raises(RuleError, match=r"^mine\.toml: "):
        read_data(file, UserFile)


@pytest.mark.parametrize(
    "text",
    [
        changed("full_amplitude = 0.28", "full_amplitude = 0.10"),
        changed("eccentric_min = 0.15", "eccentric_min = 20.0"),
        changed("concentric_max = 8.0", "concentric_max = -1.0"),
        changed("min = -0.30\n", "min = nan\n"),
        changed("min_amplitude = 0.15", "min_amplitude = inf"),
        SQUAT.partition("[[exercise.exclusion]]")[0].replace(
            'id = "squat"', 'id = "squat"\nexclusion = []\ndetect = []'
        ),
    ],
    ids=["partial over full", "min over max", "negative", "nan limit", "inf", "empty"],
)
def test_contradictions_are_refused(tmp_path: Path, text: str) -> None:
    tomllib.loads(text)
    with pytest.raises(RuleError):
        loaded(tmp_path, text)


def test_built_in_exercises() -> None:
    ids = [e.id for e in built_in_book().exercises]
    assert ids[:3] == ["squat", "bent_over_row", "pull_up"]
    assert len(set(ids)) == len(ids)
    orders = [e.order for e in built_in_book().exercises]
    assert orders == sorted(set(orders))
    for exercise in built_in_book().exercises:
        assert exercise.signal.min_amplitude < exercise.signal.full_amplitude, exercise.id
        times = exercise.durations
        assert 0 < times.eccentric_min < times.eccentric_max, exercise.id
        assert 0 < times.concentric_min < times.concentric_max, exercise.id
        assert all(exclusion.reason for exclusion in exercise.exclusion), exercise.id
        assert exercise.detect, exercise.id
        assert built_in_book().rules[exercise.id].exercise == exercise.id


@pytest.mark.parametrize("name", ["deadlift", "", "ow"])
def test_unknown_exercise(name: str) -> None:
    with pytest.raises(RuleError, match="squat, bent_over_row, pull_up") as caught:
        built_in_book().exercise(name)
    assert repr(name) in str(caught.value)
