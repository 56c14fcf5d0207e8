"""What the lifter tells on the command line, and exercises by the names that people use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from formcheck.cli.options import LifterAndSetOptions, LifterOptions, analysed_as, with_rules
from formcheck.edits_file import edits_of
from formcheck.errors import UsageError
from formcheck.lifter import NOBODY_ASKED, Bar, Lifter
from formcheck.report.model import Report
from formcheck.rules.book import built_in_book
from formcheck.words.naming import named
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Here


def test_nothing_told() -> None:
    assert LifterOptions().told() == LifterAndSetOptions().told() == NOBODY_ASKED


def test_everything_told() -> None:
    options = LifterAndSetOptions(
        bar="low", load="120", bodyweight="80", height="183", rpe="8.5", pain=True
    )
    lifter = options.told()
    assert lifter == Lifter(Bar.LOW, 120, 80, 1.83, 8.5, pain=True)
    assert lifter.load_share == 1.5


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("height", "1.80", "--height: expected centimetres, 120 to 230, got 1.80."),
        ("height", "119.9", "--height: expected centimetres, 120 to 230, got 119.9."),
        ("height", "231", "--height: expected centimetres, 120 to 230, got 231."),
        ("height", "nan", "--height: expected centimetres, 120 to 230, got nan."),
        ("rpe", "0", "--rpe: expected a rating, 1 to 10, got 0."),
        ("rpe", "11", "--rpe: expected a rating, 1 to 10, got 11."),
        ("load", "-5", "--load: expected kilograms, 0 to 600, got -5."),
        ("load", "inf", "--load: expected kilograms, 0 to 600, got inf."),
        ("bodyweight", "0", "--bodyweight: expected kilograms, 20 to 350, got 0."),
        ("rir", "10", "--rir: expected repetitions left in reserve, 0 to 9, got 10."),
        ("load", "heavy", "--load: expected kilograms, or pounds as in 225lb, got 'heavy'."),
        (
            "load",
            "225 stone",
            "--load: expected kilograms, or pounds as in 225lb, got '225 stone'.",
        ),
        (
            "height",
            "tall",
            "--height: expected centimetres, or feet and inches as in 5'10, got 'tall'.",
        ),
        (
            "height",
            "5'12",
            "--height: expected centimetres, or feet and inches as in 5'10, got \"5'12\".",
        ),
        ("load", "1,000", "--load: expected kilograms, or pounds as in 225lb, got '1,000'."),
        ("load", "1.000", "--load: expected kilograms, or pounds as in 225lb, got '1.000'."),
        ("load", "1,000lb", "--load: expected kilograms, or pounds as in 225lb, got '1,000lb'."),
        ("bar", "Top", "--bar: expected high, low, front, goblet or none, got 'Top'."),
        ("bar", "", "--bar: expected high, low, front, goblet or none, got ''."),
    ],
)
def test_refused_in_one_sentence(option: str, value: Any, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        LifterAndSetOptions(**{option: value}).told()
    assert str(caught.value) == expected
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("value", ["120", "230"])
def test_the_ends_are_accepted(value: str) -> None:
    assert LifterOptions(height=value).told().height_m == float(value) / 100


@pytest.mark.parametrize(
    ("text", "load_kg"),
    [
        ("100", 100.0),
        ("102,5", 102.5),
        ("102.5kg", 102.5),
        (" 60 KG ", 60.0),
        ("225lb", 102.058283),
        ("225 lbs", 102.058283),
        ("225 pounds", 102.058283),
        ("100kgs", 100.0),
        ("0", 0.0),
    ],
)
def test_weights_as_people_write_them(text: str, load_kg: float) -> None:
    assert LifterOptions(load=text).told().load_kg == pytest.approx(load_kg, abs=1e-5)


@pytest.mark.parametrize(
    "text",
    [
        "178",
        "178 cm",
        "1.78m",
        "1,78 m",
        "5'10.08\"",
        "5ft 10.08",
        "5 Ft 10.08",
        "70.08in",
        "5\u201910.08\u201d",
    ],
)
def test_heights_as_people_write_them(text: str) -> None:
    height_m = LifterOptions(height=text).told().height_m
    assert height_m == pytest.approx(1.78, abs=1e-4)


def test_what_was_left_in_reserve_is_an_effort() -> None:
    assert LifterAndSetOptions(rir="2").told().rpe == 8
    with pytest.raises(UsageError, match="--rir: expected it without --rpe"):
        LifterAndSetOptions(rir="2", rpe="8").told()


def test_an_effort_may_have_a_comma() -> None:
    assert LifterAndSetOptions(rir="2,5").told().rpe == 7.5
    assert LifterAndSetOptions(rpe="8,5").told().rpe == 8.5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (LifterAndSetOptions(rpe="hard"), "--rpe: expected a rating, 1 to 10, got 'hard'."),
        (LifterAndSetOptions(rir="2kg"), "--rir: expected repetitions left in reserve, 0 to 9,"),
        (LifterAndSetOptions(rir="nan"), "--rir: expected repetitions left in reserve, 0 to 9,"),
    ],
)
def test_an_effort_that_makes_no_sense(options: LifterAndSetOptions, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        options.told()
    assert str(caught.value).startswith(said)


def test_where_the_bar_is_in_any_case() -> None:
    assert LifterOptions(bar="High").told().bar is Bar.HIGH


@pytest.mark.parametrize("command", ["analyze", "profile"])
def test_refused_before_the_clip_is_read(here: Here, command: str, tmp_path: Path) -> None:
    done = here(command, tmp_path / "no.mp4", "--height", "1.80")
    assert done.returncode == 2
    assert done.stderr.strip() == "--height: expected centimetres, 120 to 230, got 1.80."


def test_what_was_told_is_in_the_report(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    told = ("--bar", "high", "--load", "100", "--bodyweight", "80", "--height", "176")
    done = here("analyze", squat_clip, "--out", tmp_path, *told, "--rpe", "8", "--pain")
    assert done.returncode == 0, done.stderr
    report = Report.model_validate_json((tmp_path / "report.json").read_text())
    settings = report.formcheck.settings
    assert settings["bar"] == "high"
    assert (settings["load_kg"], settings["bodyweight_kg"]) == (100, 80)
    assert (settings["height_m"], settings["rpe"], settings["pain"]) == (1.76, 8, True)
    assert report.exercise.variant == "back"
    assert report.lean is not None
    assert report.lean.bars == ["high"]
    assert report.lean.load_share == 1.25
    assert report.lean.bar_told
    assert report.speed is not None
    assert report.speed.unit == "m/s"
    assert all(value is not None and 0.3 < value < 1.2 for value in report.speed.values)
    assert all(rep.measurements["mean_velocity"].valid for rep in report.reps)
    text = " ".join(done.stdout.split())
    assert "with the bar high on the back" in text
    assert "m/s" in text


def test_nothing_told_is_no_metres(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    assert here("analyze", squat_clip, "--out", tmp_path, "--quiet").returncode == 0
    report = Report.model_validate_json((tmp_path / "report.json").read_text())
    assert report.exercise.variant == "bodyweight"
    assert report.lean is not None
    assert report.lean.bars == ["none"]
    assert not report.lean.bar_told
    velocity = report.reps[0].measurements["mean_velocity"]
    assert not velocity.valid
    assert "tell formcheck your height" in (velocity.reason or "")
    assert report.speed is not None
    assert report.speed.unit == "arm/s"
    assert report.speed.read_at == "shoulders"


@pytest.mark.parametrize(
    "name", ["bent_over_row", "bent over row", "Bent-over row", "BENT OVER ROW", " bentoverrow "]
)
def test_spelling_does_not_matter(name: str) -> None:
    assert analysed_as(name, built_in_book()) == "bent_over_row"


@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("row", "bent_over_row"),
        ("Rows", "bent_over_row"),
        ("T-bar row", "bent_over_row"),
        ("pullup", "pull_up"),
        ("pull-ups", "pull_up"),
        ("chin-up", "pull_up"),
        ("fly", "reverse_fly"),
        ("upright", "upright_row"),
        ("squats", "squat"),
        ("back squat", "squat"),
        ("Front squats", "squat"),
    ],
)
def test_everyday_names_are_understood(name: str, exercise: str) -> None:
    """By options, files beside clips, and from Python."""
    book = built_in_book()
    assert analysed_as(name, book) == book.exercise(name).id == exercise
    file = f'exercise = "{name}"'.encode()
    assert edits_of(file, "x.edits.toml", book.names()).exercise == exercise


def test_a_name_of_several_is_asked_back() -> None:
    known = [("bent_over_row", "Row"), ("seal_row", "Row"), ("squat", "Squat")]
    with pytest.raises(UsageError) as caught:
        named("row", known)
    assert str(caught.value) == (
        "--exercise: 'row' may be bent_over_row or seal_row: name one of them."
    )
    with pytest.raises(UsageError, match="'bench' may be press or seal: name one of them"):
        named("bench", [("press", "Bench press"), ("seal", "Bench row"), ("dip", "Dip")])


def test_every_identifier_and_title_is_understood() -> None:
    book = built_in_book()
    for exercise in book.exercises:
        assert analysed_as(exercise.id, book) == analysed_as(exercise.title, book) == exercise.id
    for identifier, title in book.headings():
        assert with_rules(title, book) == identifier


def test_nothing_named_is_nothing_named() -> None:
    assert analysed_as(None, built_in_book()) is None
    with pytest.raises(UsageError, match=r"--exercise: expected one of .*, got ''\."):
        analysed_as("", built_in_book())


def test_an_identifier_goes_before_the_title_of_another() -> None:
    known = [("press", "Press"), ("bench", "Press!"), ("dip", "Bench")]
    assert named("bench", known) == "bench"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("sqat", " (did you mean squat?)"), ("pul-ups", " (did you mean pull_up?)"), ("yoga", "")],
)
def test_what_is_close_is_suggested(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        analysed_as(name, built_in_book())
    known = ", ".join(exercise.id for exercise in built_in_book().exercises)
    assert str(caught.value) == f"--exercise: expected one of {known}, got {name!r}{hint}."


def test_the_command_line_understands_a_title(here: Here, tmp_path: Path) -> None:
    clip, named_so = SAMPLES / "row_side_good.mp4", ("--exercise", "Bent over row")
    done = here("analyze", clip, "--out", tmp_path, "--json", "-", *named_so)
    assert done.returncode == 0, done.stderr
    exercise = json.loads(done.stdout)["exercise"]
    assert (exercise["id"], exercise["source"]) == ("bent_over_row", "given")
