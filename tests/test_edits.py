"""What can be set by hand, and the file that says it."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

import pytest

from formcheck.edits import NO_EDITS, Edits, RepTimes, Spot
from formcheck.edits_file import EDITS_SUFFIX, edits_beside, edits_of
from formcheck.errors import UsageError
from formcheck.lifter import Bar, Lifter

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
exercise = "Back squat"   # as somebody writes it
reps = [[3.1, 5], [5.4, 6.2, 7.2]]
lifter = [640, 360.5, 2]
bar = "low"
load = 100
"""
KNOWN = [("squat", "Back squat"), ("pull_up", "Pull-up")]


def test_a_file_says_everything() -> None:
    assert edits_of(WHOLE.encode(), "edits", KNOWN) == Edits(
        exercise="squat",
        reps=(RepTimes(3.1, 5.0), RepTimes(5.4, 7.2, 6.2)),
        lifter_at=Spot(640, 360.5, 2.0),
        bar=Bar.LOW,
        load_kg=100.0,
    )


def test_an_empty_file_and_no_file_set_nothing(tmp_path: Path) -> None:
    assert edits_of(b"# later\n", "edits") == NO_EDITS
    assert edits_beside(tmp_path / "squat.mp4") == NO_EDITS


def test_each_clip_has_its_own_file(tmp_path: Path) -> None:
    (tmp_path / f"squat.mp4{EDITS_SUFFIX}").write_text("load = 80")
    assert edits_beside(str(tmp_path / "squat.mp4")).load_kg == 80
    assert edits_beside(tmp_path / "squat.mov") == NO_EDITS


@pytest.mark.parametrize(
    ("text", "load_kg"),
    [('load = "225lb"', 102.058283), ('load = "102,5"', 102.5), ("load = 60.5", 60.5)],
)
def test_a_load_may_be_written_as_on_the_command_line(text: str, load_kg: float) -> None:
    assert edits_of(text.encode(), "edits").load_kg == load_kg


def test_where_the_bar_is_may_be_written_in_any_case() -> None:
    assert edits_of(b'bar = "Low"', "edits").bar is Bar.LOW
    assert Edits(bar=Bar(" HIGH ")).bar is Bar.HIGH


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rep = [[1, 2]]", "line 1: rep: not permitted here, perhaps 'reps' is meant."),
        ("\nreps = [[3, 1]]", "line 2: reps: expected a start before the end, in seconds, got 3-1"),
        ("reps = [[1, 3, 2]]", "line 1: reps: expected a start before the end"),
        ("reps = [[1, 3], [2, 4]]", "expected one after the other, got 2-4 after 1-3."),
        ("reps = [[4, 6], [1, 3]]", "expected one after the other, got 1-3 after 4-6."),
        ("reps = [[-1, 3]]", "expected a start before the end, in seconds, got -1-3."),
        ("reps = [[1]]", "reps: expected start and end, or start, turn and end, got 1."),
        ("reps = [[1, nan]]", "reps.0.1: expected a finite number, got nan."),
        ("reps = []", "line 1: reps: expected one or more; without the line they are found."),
        ("reps = [[1, 2]", "not valid TOML"),
        ('reps = "1-2"', "line 1: reps: expected a list"),
        ("lifter = [1]", "line 1: lifter: expected [x, y] or [x, y, second], got [1]."),
        ("lifter = [1, inf]", "lifter.1: expected a finite number"),
        ("lifter = [1, -2]", "lifter: expected pixels and seconds from 0 on, got 1,-2@0."),
        ('bar = "top"', "bar: expected 'high', 'low', 'front', 'goblet' or 'none', got 'top'."),
        ("load = 5000", "line 1: load: expected kilograms, 0 to 600, got 5000."),
        ('load = "heavy"', "load: expected kilograms, or pounds as in 225lb, got 'heavy'."),
        ("load = true", "line 1: load: expected a number."),
        ('exercise = "sqat"', "exercise: expected one of squat, pull_up, got 'sqat' (did you mean"),
        ("exercise = 3", "line 1: exercise: expected text in quotes, got 3."),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_place(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        edits_of(text.encode(), "edits", KNOWN)
    said = str(caught.value)
    assert said.startswith("edits")
    assert message in said
    assert said.endswith(".")
    assert "\n" not in said


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / f"squat.mp4{EDITS_SUFFIX}").mkdir()
    with pytest.raises(UsageError, match=r"^Cannot read .*squat\.mp4\.edits\.toml: is a directory"):
        edits_beside(tmp_path / "squat.mp4")
    os.mkfifo(tmp_path / f"pipe.mp4{EDITS_SUFFIX}")
    with pytest.raises(UsageError, match=r"^Cannot read .*pipe.*: it is not a file\.$"):
        edits_beside(tmp_path / "pipe.mp4")
    (tmp_path / f"row.mp4{EDITS_SUFFIX}").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not valid TOML"):
        edits_beside(tmp_path / "row.mp4")


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -1.0])
def test_python_is_refused_as_well(wrong: float) -> None:
    for make in (
        lambda: RepTimes(wrong, 3.0),
        lambda: RepTimes(1.0, wrong),
        lambda: Spot(wrong, 1.0),
        lambda: Spot(1.0, 1.0, wrong),
        lambda: Edits(load_kg=wrong),
    ):
        with pytest.raises(UsageError):
            make()


def test_repetitions_may_touch() -> None:
    assert len(Edits(reps=(RepTimes(1, 3), RepTimes(3, 5))).reps) == 2


def test_what_is_nearer_wins_and_the_rest_stays() -> None:
    file = Edits(exercise="squat", reps=(RepTimes(1, 3),), bar=Bar.LOW, load_kg=100)
    option = Edits(reps=(RepTimes(2, 4),), lifter_at=Spot(1, 2))
    both = option.over(file)
    assert both == Edits("squat", (RepTimes(2, 4),), Spot(1, 2), Bar.LOW, 100)
    told = both.told("pull_up", Lifter(bar=Bar.HIGH, load_kg=0.0))
    assert told == Edits("pull_up", (RepTimes(2, 4),), Spot(1, 2), Bar.HIGH, 0.0)
    assert both.told(None, Lifter()) == both


def test_what_is_set_has_the_names_of_options() -> None:
    assert NO_EDITS.names == ()
    assert Edits(load_kg=0.0).names == ("load",)
    every = Edits("squat", (RepTimes(2, 4),), Spot(1, 2), Bar.LOW, 100)
    assert every.names == ("exercise", "reps", "lifter", "bar", "load")
