"""``formcheck inspect``: the verdict first, its exit code, and the same in JSON."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

import formcheck as package
from formcheck.filming import Verdict
from formcheck.report.build import filming_of
from formcheck.report.inspection import InspectionReport
from formcheck.video import VideoReader
from formcheck.words.filming import headline
from tests.conftest import SAMPLES
from tests.helpers.clips import Encoding, encode

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck import ClipAnalysis
    from tests.cli.conftest import CommandLine, Here

FINE = "Filmed well: nothing to change."
FRONT = SAMPLES / "squat_front_knees_in.mp4"


@pytest.fixture(scope="module")
def cut(squat_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The squat from the knees down out of the picture."""
    with VideoReader(squat_clip) as reader:
        rate = round(reader.rate_hz)
        images = [frame.image for frame in reader.frames()]
    height = round(0.6 * images[0].shape[0]) // 2 * 2
    place = tmp_path_factory.mktemp("cut") / "cut.mp4"
    return encode(place, [image[:height] for image in images], Encoding(fps=rate))


def test_a_clear_clip(formcheck: CommandLine, squat_clip: Path) -> None:
    done = formcheck.run("inspect", squat_clip)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == FINE
    assert any("ok" in line and "Filmed from the left side." in line for line in lines)
    assert any("Squat: 8 of 10 points." in line for line in lines)
    assert not (squat_clip.parent / "squat_side_good_formcheck").exists()


def test_a_clip_without_feet_is_to_be_filmed_again(here: Here, cut: Path, tmp_path: Path) -> None:
    file = tmp_path / "look.json"
    done = here("inspect", cut, "--json", file)
    assert done.returncode == 7
    assert done.stdout.startswith("Film it again. Change first: move the camera back")
    assert done.stdout.lower().count("move the camera back") == 1  # and not again in the list
    found = InspectionReport.model_validate_json(file.read_text(encoding="utf-8"))
    assert found.filming.verdict is Verdict.AGAIN
    frame = next(point for point in found.filming.points if point.mark == "change")
    assert (frame.topic, set(frame.parts) >= {"ankle", "foot"}) == ("frame", True)
    assert {one.part for one in found.hidden} >= {"ankle", "foot"}
    assert " ".join(done.stdout.split()).startswith(found.filming.headline)


def test_json_alone_with_the_exercise(here: Here) -> None:
    done = here("inspect", FRONT, "--exercise", "Squat", "--json", "-")
    found = InspectionReport.model_validate(json.loads(done.stdout))
    assert (done.returncode, found.exercise) == (0, "squat")
    assert (found.filming.verdict, found.view.label) == (Verdict.PARTLY, "front")
    assert found.filming.headline.endswith("film from the side or at about 45 degrees.")
    (squat,) = found.good_for
    assert not squat.score
    assert "Knees over the feet" in squat.judged
    assert "Depth" in [rule.title for rule in squat.unjudged]
    assert found.rate_hz == pytest.approx(25.0, abs=0.01)
    assert found.looked_at[0].start_s == 0.0


def test_quiet_says_it_by_the_exit_code_alone(here: Here, cut: Path) -> None:
    done = here("inspect", cut, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "")


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--exercise", "sqat"], 2), (["--rules", "none.toml"], 2), (["--json", "/dev/null/x"], 6)],
)
def test_wrong_options(here: Here, squat_clip: Path, options: list[str], code: int) -> None:
    done = here("inspect", squat_clip, *options)
    assert (done.returncode, done.stdout) == (code, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_nobody_and_no_clip(here: Here, tmp_path: Path) -> None:
    blank = encode(tmp_path / "blank.mp4", [np.full((96, 96, 3), 90, np.uint8)] * 30)
    assert here("inspect", blank).returncode == 4
    assert here("inspect", tmp_path / "none.mp4").returncode == 3


def test_analyze_says_the_same(squat: ClipAnalysis, squat_clip: Path, cut: Path) -> None:
    assert headline(filming_of(squat)) == FINE == str(package.inspect(squat_clip))
    look, whole = package.inspect(cut), package.analyze(cut, cache=None)
    assert whole.report().filming is not None
    assert (look.filming.verdict, str(look)) == (Verdict.AGAIN, headline(filming_of(whole)))


@pytest.mark.parametrize("clip", ["row_oblique_shrug", "squat_front_knees_in", "pull_up_side_kip"])
def test_analyze_says_the_same_of_what_is_hidden(clip: str) -> None:
    video = SAMPLES / f"{clip}.mp4"
    look, whole = package.inspect(video), package.analyze(video)
    assert look.filming.verdict is not Verdict.GOOD
    assert str(look) == headline(filming_of(whole))
    assert look.recognised == whole.analysis.exercise


def test_the_exercise_in_the_file_beside_the_clip_counts(here: Here, tmp_path: Path) -> None:
    clip = tmp_path / FRONT.name
    shutil.copy(FRONT, clip)
    beside = tmp_path / f"{FRONT.name}.edits.toml"
    beside.write_text('exercise = "pull-up"', encoding="utf-8")
    found = json.loads(here("inspect", clip, "--json", "-").stdout)
    assert (found["exercise"], [one["exercise"] for one in found["good_for"]]) == (
        "pull_up",
        ["pull_up"],
    )
    found = json.loads(here("inspect", clip, "--exercise", "squat", "--json", "-").stdout)
    assert found["exercise"] == "squat"  # what is said wins
    beside.write_text('exercise = "jump"', encoding="utf-8")
    done = here("inspect", clip)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)


def test_analyze_begins_with_it(here: Here, cut: Path, tmp_path: Path) -> None:
    done = here("analyze", cut, "--out", tmp_path / "out", "--no-html")
    before_numbers = " ".join(done.stdout.partition("\nIn short\n")[0].split())
    assert "Film it again. Change first: move the camera back" in before_numbers
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["filming"]["verdict"] == "again"
