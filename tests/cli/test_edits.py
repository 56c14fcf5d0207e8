"""What is set by hand: by options, or in the file beside a clip, which all commands respect."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from formcheck.edits_file import EDITS_SUFFIX
from tests.batch.conftest import short_clips
from tests.cli.test_batch import ONE, record
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Here

__all__ = ["short_clips"]

TWO = "1.0-3.2,3.6-4.5-5.8"
FILE = """
exercise = "Squat"
reps = [[1.0, 3.2], [3.6, 4.5, 5.8], [6.0, 8.0]]
bar = "low"
load = 100
"""


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A squat in a folder of its own, three repetitions."""
    return Path(shutil.copy(SAMPLES / "squat_side_good.mp4", tmp_path / "squat.mp4"))


@pytest.fixture
def report(here: Here, clip: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def run(*options: str) -> dict[str, Any]:
        done = here("analyze", clip, "--json", "-", "--out", tmp_path / "out", *options)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


def beside(clip: Path, text: str) -> Path:
    file = clip.with_name(clip.name + EDITS_SUFFIX)
    file.write_text(text)
    return file


def test_without_anything_nothing_is_set(report: Callable[..., dict[str, Any]]) -> None:
    found = report()
    assert (found["by_hand"], found["rep_count"]) == ([], 3)
    assert found["formcheck"]["settings"]["reps"] is None


def test_options_set_repetitions(report: Callable[..., dict[str, Any]]) -> None:
    found = report("--reps", TWO, "--bar", "high")
    times = [(r["start_s"], r["turn_s"], r["end_s"]) for r in found["reps"]]
    assert times[0] == pytest.approx((1.0, 2.1, 3.2), abs=0.15)
    assert times[1] == pytest.approx((3.6, 4.5, 5.8), abs=0.02)
    assert found["rep_count"] == len(times) == 2
    assert found["by_hand"] == ["reps", "bar"]
    assert found["formcheck"]["settings"]["reps"] == [[1.0, 3.2], [3.6, 4.5, 5.8]]
    assert found["exercise"]["source"] == "detected"


def test_times_may_be_written_as_in_the_report(report: Callable[..., dict[str, Any]]) -> None:
    first, second = (report("--reps", text) for text in ("0:01.0-0:03.2, 3.6-5.8", "1-3.2,3.6-5.8"))
    assert first["reps"] == second["reps"]


def test_the_file_is_respected_and_options_win(
    clip: Path, report: Callable[..., dict[str, Any]]
) -> None:
    beside(clip, FILE)
    found = report()
    assert found["by_hand"] == ["exercise", "reps", "bar", "load"]
    assert (found["rep_count"], found["exercise"]["source"]) == (3, "given")
    settings = found["formcheck"]["settings"]
    assert (settings["bar"], settings["load_kg"], settings["exercise"]) == ("low", 100, "squat")
    found = report("--reps", TWO, "--load", "80", "--exercise", "squat")
    settings = found["formcheck"]["settings"]
    assert (settings["bar"], settings["load_kg"], found["rep_count"]) == ("low", 80, 2)


def test_terminal_and_page_say_it(here: Here, clip: Path, tmp_path: Path) -> None:
    beside(clip, FILE)
    done = here("analyze", clip, "--out", tmp_path / "out")
    for sentence in (
        "Set by hand: the exercise, the reps and where the weight is held.",
        "As told: weight 100 kg (220 lb).",
    ):
        assert sentence in " ".join(done.stdout.split())
        assert sentence in (tmp_path / "out" / "report.html").read_text()
    (clip.with_name(clip.name + EDITS_SUFFIX)).unlink()
    done = here("analyze", clip, "--out", tmp_path / "out")
    assert "by hand" not in done.stdout + (tmp_path / "out" / "report.html").read_text()


def test_other_commands_respect_the_file(here: Here, clip: Path, tmp_path: Path) -> None:
    beside(clip, "reps = [[1.0, 3.2]]")
    table = tmp_path / "reps.csv"
    done = here("export", clip, "--format", "csv", "--table", "reps", "--out", table)
    assert done.returncode == 0, done.stderr
    assert len(table.read_text().splitlines()) == 2


def test_a_report_is_exported_as_it_was_made(here: Here, clip: Path, tmp_path: Path) -> None:
    """With the repetitions that it tells, whatever the file beside the clip says now."""
    out = tmp_path / "out"
    assert here("analyze", clip, "--out", out, "--reps", TWO).returncode == 0
    beside(clip, "reps = [[1, 2")
    table = tmp_path / "angles.csv"
    done = here("export", out / "report.json", "--format", "csv", "--out", table)
    assert done.returncode == 0, done.stderr


def test_repetitions_need_an_exercise(here: Here, tmp_path: Path) -> None:
    clip = SAMPLES / "squat_side_good.mp4"
    end = ("--end", "1.0", "--out", tmp_path, "--reps", "0.1-0.9", "--json", "-")
    done = here("analyze", clip, *end)
    assert done.returncode == 5
    found = json.loads(done.stdout)
    assert (found["rep_count"], found["by_hand"]) == (0, [])
    assert "reps_not_used" in {warning["code"] for warning in found["warnings"]}


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--reps", "3-1", "--reps: expected a start before the end, in seconds, got 3-1."),
        ("--reps", "1-3,2-4", "--reps: expected one after the other, got 2-4 after 1-3."),
        ("--reps", "nan-3", "--reps: expected a start before the end, in seconds, got nan-3."),
        ("--reps", "", "--reps: expected times in seconds, as in 3.1-5.0,5.4-7.2, got ''."),
        ("--reps", "1;2", "--reps: expected times in seconds, as in 3.1-5.0,5.4-7.2, got '1;2'."),
        ("--reps", "1-2-3-4", "--reps: expected start and end, or start, turn and end"),
        ("--reps", "1-30", "--reps: expected times in what was looked at, 0.0 to 8.8 s, got 1-30."),
        ("--reps", "1-1.01", "reps: expected three pictures or more in each, got 1-1.01."),
        ("--lifter", "640", "--lifter: expected a point in pixels, as in 640,360"),
        ("--lifter", "1,2,3", "--lifter: expected a point in pixels, as in 640,360"),
        ("--lifter", "nan,2", "--lifter: expected pixels and seconds from 0 on, got nan,2@0."),
        ("--lifter", "9,9@x", "--lifter: expected a point in pixels, as in 640,360"),
    ],
)
def test_what_makes_no_sense_is_refused(
    option: str, value: str, sentence: str, here: Here, clip: Path
) -> None:
    done = here("analyze", clip, option, value)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (clip.parent / "squat_formcheck").exists()


def test_a_bad_file_is_refused_with_its_line(here: Here, clip: Path) -> None:
    beside(clip, "load = 100\nrep = [[1, 2]]\n")
    done = here("analyze", clip)
    assert done.returncode == 2
    assert done.stderr.strip().endswith(
        "squat.mp4.edits.toml, line 2: rep: not permitted here, perhaps 'reps' is meant."
    )
    beside(clip, "reps = [[1, 30]]\n")  # which only the clip tells
    done = here("analyze", clip)
    assert done.returncode == 2
    assert "squat.mp4.edits.toml: reps: expected times in what was looked at" in done.stderr


# --- batch ---------------------------------------------------------------------------------


def test_a_batch_and_the_history_respect_each_clips_file(
    here: Here, short_clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips, out, db = tmp_path / "clips", tmp_path / "out", tmp_path / "history.sqlite"
    squat = "anna/squat_side_good.mp4"
    shutil.copytree(short_clips / "anna", clips / "anna", ignore=shutil.ignore_patterns("broken*"))

    def run() -> str:
        done = here("batch", clips, "--out", out, "--by-folder", "--history", db, *ONE)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run()
    row = record(out, "anna/row_side_good.mp4")
    monkeypatch.setenv("FORMCHECK_CACHE", str(tmp_path / "empty"))
    beside(clips / squat, 'exercise = "squat"\nreps = [[0.2, 0.6], [0.6, 1.1]]\nload = 60')
    assert "2 clips; 1 analysed now." in run()
    assert record(out, squat)["rows"][0]["by_hand"] == "exercise reps load"
    assert record(out, "anna/row_side_good.mp4") == row
    assert not (tmp_path / "empty").exists()  # nothing was tracked, so nothing was kept
    shown = json.loads(here("history", "anna", "--history", db, "--json", "-").stdout)
    (lift,) = [lift for lift in shown["lifts"] if lift["exercise"] == "squat"]
    assert [clip["rep_count"] for clip in lift["clips"]] == [0]  # nothing moves yet in it
