"""Exercises by the names that people use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from formcheck.cli.exercise import analysed_as, named, with_rules
from formcheck.errors import UsageError
from formcheck.rules.book import built_in_book
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import CommandLine


@pytest.mark.parametrize(
    "name", ["bent_over_row", "bent over row", "Bent-over row", "BENT OVER ROW", " bentoverrow "]
)
def test_spelling_does_not_matter(name: str) -> None:
    assert analysed_as(name, built_in_book()) == "bent_over_row"


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
    [("sqat", " (did you mean squat?)"), ("pull-ups", " (did you mean pull_up?)"), ("yoga", "")],
)
def test_what_is_close_is_suggested(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        analysed_as(name, built_in_book())
    known = ", ".join(exercise.id for exercise in built_in_book().exercises)
    assert str(caught.value) == f"--exercise: expected one of {known}, got {name!r}{hint}."


def test_the_command_line_understands_a_title(formcheck: CommandLine, tmp_path: Path) -> None:
    clip, named_so = SAMPLES / "row_side_good.mp4", ("--exercise", "Bent over row")
    done = formcheck.run("analyze", clip, "--out", tmp_path, "--json", "-", *named_so)
    assert done.returncode == 0, done.stderr
    exercise = json.loads(done.stdout)["exercise"]
    assert (exercise["id"], exercise["source"]) == ("bent_over_row", "given")
