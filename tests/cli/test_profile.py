"""``formcheck profile``: several clips or reports of one lifter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formcheck.report.files import write_report
from formcheck.report.model import Profile, Report

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck import ClipAnalysis
    from tests.cli.conftest import CommandLine, Here


@pytest.fixture(scope="module")
def reported(
    squat: ClipAnalysis, squat_report: Report, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    out = tmp_path_factory.mktemp("reported")
    write_report(squat_report, squat.analysis.motion, out)
    return out / "report.json"


def test_a_clip_and_its_report_say_the_same(
    formcheck: CommandLine, squat_clip: Path, reported: Path, tmp_path: Path
) -> None:
    found = []
    for source in (squat_clip, reported):
        out = tmp_path / f"{source.suffix[1:]}.json"
        done = formcheck.run("profile", source, "--out", out)
        assert done.returncode == 0, done.stderr
        assert "Upper back" in done.stdout
        assert done.stdout.endswith(f"Written: {out}, {out.with_suffix('.html')}\n")
        found.append(Profile.model_validate_json(out.read_bytes()))
    assert found[0].upper_back == found[1].upper_back


def test_the_same_clip_given_twice_counts_once(
    here: Here, squat_clip: Path, reported: Path, tmp_path: Path
) -> None:
    out = tmp_path / "profile.json"
    done = here("profile", reported, squat_clip, "--out", out)
    assert done.returncode == 0, done.stderr
    single = Report.model_validate_json(reported.read_bytes()).upper_back.observations
    both = Profile.model_validate_json(out.read_bytes())
    assert len(both.clips) == 1
    assert both.upper_back.observations == single != []
    assert "counted once" in " ".join(done.stdout.split())


def test_two_clips_are_counted_together(here: Here, reported: Path, tmp_path: Path) -> None:
    """Another video with the same verdicts."""
    report = Report.model_validate_json(reported.read_bytes())
    video = report.video.model_copy(update={"sha256": "0" * 64, "path": "other.mp4"})
    other = tmp_path / "other.json"
    other.write_text(report.model_copy(update={"video": video}).model_dump_json())
    out = tmp_path / "profile.json"
    done = here("profile", reported, other, "--out", out)
    both = Profile.model_validate_json(out.read_bytes())
    assert [c.path for c in both.clips][1] == "other.mp4"
    assert len(both.upper_back.observations) == 2 * len(report.upper_back.observations)
    for title in ("Clips", "Upper back", "Still missing", "Film next"):
        assert f"\n{title}\n" in done.stdout


def test_a_clip_whose_exercise_is_unknown_is_named(
    here: Here, reported: Path, tmp_path: Path
) -> None:
    report = Report.model_validate_json(reported.read_bytes())
    unknown = report.exercise.model_copy(update={"id": "unknown"})
    (tmp_path / "other.json").write_text(
        report.model_copy(update={"exercise": unknown}).model_dump_json()
    )
    done = here("profile", tmp_path / "other.json", "--out", tmp_path / "profile.json")
    assert done.stderr == f"{report.video.path}: exercise not recognised.\n"
    quiet = here("profile", tmp_path / "other.json", "-o", tmp_path / "profile.json", "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


@pytest.mark.parametrize("text", ["", "{}", "not json"])
def test_not_a_report(here: Here, tmp_path: Path, text: str) -> None:
    source, out = tmp_path / "other.json", tmp_path / "profile.json"
    source.write_text(text)
    done = here("profile", source, "--out", out)
    assert done.returncode == 2
    assert done.stderr.strip() == f"{source} is not a formcheck report."
    assert not out.exists()


def test_a_missing_report(here: Here, tmp_path: Path) -> None:
    done = here("profile", tmp_path / "gone.json", "--out", tmp_path / "profile.json")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
