"""``formcheck analyze`` on a real clip, from the outside."""

from __future__ import annotations

import csv
import json
import math
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck.report.model import Report

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine, Here


@pytest.fixture(scope="module")
def written(
    formcheck: CommandLine, squat_clip: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """Output folder and terminal report of the sample squat."""
    folder = tmp_path_factory.mktemp("out") / "new" / "folder"
    done = formcheck.run("analyze", squat_clip, "--out", folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder, done.stdout


def refuse_constant(name: str) -> float:
    raise AssertionError(f"{name} is not JSON")


def test_report_file(written: tuple[Path, str]) -> None:
    folder, _ = written
    text = (folder / "report.json").read_text()
    json.loads(text, parse_constant=refuse_constant)
    report = Report.model_validate_json(text)
    assert report.exercise.id == "squat"
    assert report.rep_count == 3
    assert report.files.angles_csv == "angles.csv"
    assert sorted(file.name for file in folder.iterdir()) == [
        "angles.csv",
        "report.html",
        "report.json",
    ]


def test_angles_file(written: tuple[Path, str]) -> None:
    folder, _ = written
    report = Report.model_validate_json((folder / "report.json").read_text())
    with (folder / "angles.csv").open(newline="") as file:
        head, *rows = csv.reader(file)
    assert head[0] == "t_s"
    assert head[-1] == "visibility"
    assert all(name.endswith("_deg") for name in head[1:-1])
    both_sides = ("knee_flexion", "hip_flexion", "elbow_flexion", "shin_inclination")
    for name in (*both_sides, "thigh_elevation", "shoulder_elevation"):
        assert {f"{name}_left_deg", f"{name}_right_deg"} <= set(head)
    assert "trunk_lean_deg" in head
    assert len(rows) == report.tracking.frames_sampled
    cells = [float(cell) for row in rows for cell in row if cell]
    assert all(math.isfinite(cell) for cell in cells)
    times = [float(row[0]) for row in rows]
    assert times == sorted(set(times))


def test_terminal_report(written: tuple[Path, str]) -> None:
    folder, printed = written
    lines = [line.rstrip() for line in printed.splitlines()]
    assert lines[0].startswith("Bodyweight squat, filmed from the left side: 3 reps")
    assert f"    {folder / 'report.html'}" in lines  # on a line of its own, however long
    assert all(len(line) <= 80 for line in lines if str(folder) not in line)
    assert "\x1b" not in printed  # no colour in a file or pipe


def test_json_to_standard_output(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    done = here("analyze", squat_clip, "--out", tmp_path, "--json", "-")
    assert done.returncode == 0
    assert done.stderr == ""
    printed = Report.model_validate_json(done.stdout)
    assert printed == Report.model_validate_json((tmp_path / "report.json").read_text())


def test_json_to_a_file(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    file = tmp_path / "copy.json"
    done = here("analyze", squat_clip, "--out", tmp_path, "--json", file, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert file.read_text() == (tmp_path / "report.json").read_text()


def test_a_cached_track_gives_the_same_report(
    here: Here, squat_clip: Path, written: tuple[Path, str], tmp_path: Path
) -> None:
    here("analyze", squat_clip, "--out", tmp_path)
    for name in ("report.json", "angles.csv"):
        assert (tmp_path / name).read_text() == (written[0] / name).read_text()


def test_odd_file_names_and_the_default_folder(
    formcheck: CommandLine, squat_clip: Path, tmp_path: Path
) -> None:
    clip = tmp_path / '[bold]set\'s "1" ü🏋.mp4'
    shutil.copyfile(squat_clip, clip)
    done = formcheck.run("analyze", clip)
    assert done.returncode == 0, done.stderr
    folder = clip.with_name('[bold]set\'s "1" ü🏋_formcheck')
    assert (folder / "report.json").is_file()
    assert str(folder) in done.stdout


def test_unknown_exercise(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    done = here("analyze", squat_clip, "--out", tmp_path, "--end", "0.9")
    assert done.returncode == 5
    assert "--exercise" in done.stdout
    assert json.loads((tmp_path / "report.json").read_text())["exercise"]["id"] == "unknown"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_interrupted(formcheck: CommandLine, squat_clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = formcheck.start("analyze", squat_clip, "--out", out, "--no-cache")
    maps = Path(f"/proc/{process.pid}/maps")
    while "ai_edge_litert" not in maps.read_text():  # tracking is about to begin
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    printed, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (printed, error) == ("", "")
    assert not out.exists()


def test_a_sheet_to_hand_out(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    done = here("analyze", squat_clip, "--out", tmp_path, "--pdf", "--paper", "letter")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    report = Report.model_validate_json((tmp_path / "report.json").read_text())
    assert report.files.pdf == "report.pdf"


def test_paper_without_a_sheet_is_a_mistake(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    done = here("analyze", squat_clip, "--out", tmp_path / "out", "--paper", "a4")
    assert done.returncode == 2
    assert done.stderr == "--paper says what --pdf is printed on; there is no --pdf.\n"
    assert not (tmp_path / "out").exists()


def test_without_a_browser_nothing_is_tracked(
    here: Here, squat_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = here("analyze", squat_clip, "--out", tmp_path / "out", "--pdf")
    assert done.returncode == 1
    assert done.stderr.startswith("A PDF needs a browser to print with")
    assert not (tmp_path / "out").exists()
