"""From a report to the movement behind it: kept track, clip, or a reason why not."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck import analyze
from formcheck.errors import UsageError, VideoError
from formcheck.export.source import angles_beside, source_behind
from formcheck.pose.cache import TrackCache, track_bytes
from formcheck.report.build import build_report
from formcheck.report.files import read_report, write_report
from formcheck.report.model import FilesPart
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.export.source import Tracked
    from formcheck.kinematics.motion import Motion
    from formcheck.pose.model import Quality
    from formcheck.pose.tracker import TrackSettings

CLIP = "squat_side_good.mp4"


@pytest.fixture
def reported(tmp_path: Path, shared_cache: Path) -> Path:
    """A clip in a folder, and its report in a folder within."""
    clip = shutil.copy(SAMPLES / CLIP, tmp_path)
    done = analyze(clip, cache=TrackCache(shared_cache))
    folder = tmp_path / "squat_formcheck"
    report = build_report(done, FilesPart(angles_csv="angles.csv"))
    write_report(report, done.analysis.motion, folder)
    return folder / "report.json"


@pytest.fixture
def track(shared_cache: Path) -> Tracked:
    def tracked(clip: Path, settings: TrackSettings, model: Path | Quality) -> Motion:
        cache = TrackCache(shared_cache)
        return analyze(clip, settings=settings, model=model, cache=cache).analysis.motion

    return tracked


def never(clip: Path, settings: TrackSettings, model: Path | Quality) -> Motion:
    raise AssertionError(f"tracked {clip} with {settings} and {model}")


def edited(file: Path, **changes: object) -> None:
    told = json.loads(file.read_text())
    for key, value in changes.items():
        told[key] |= value
    file.write_text(json.dumps(told))


def test_the_clip_is_found_where_it_was(reported: Path, track: Tracked) -> None:
    found = source_behind(reported, track)
    assert found.warnings == ()
    assert found.movement("it").angles["trunk_lean"].max() > 35


def test_clip_and_report_may_have_moved_together(
    reported: Path, tmp_path: Path, track: Tracked
) -> None:
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    shutil.move(tmp_path / CLIP, moved)
    shutil.move(reported.parent, moved)
    found = source_behind(moved / reported.parent.name / reported.name, track)
    assert found.motion is not None


def test_settings_are_the_reports(reported: Path) -> None:
    edited(reported, formcheck={"settings": {"rate_hz": 15.0, "start_s": 2.0, "end_s": 5.5}})
    asked = []

    def track(clip: Path, settings: TrackSettings, model: Path | Quality) -> Motion:  # noqa: ARG001
        asked.append((clip.name, settings.rate_hz, settings.start_s, settings.end_s))
        raise VideoError("enough")

    with pytest.raises(VideoError, match="enough"):
        source_behind(reported, track)
    assert asked == [(CLIP, 15.0, 2.0, 5.5)]


def test_settings_that_make_no_sense(reported: Path) -> None:
    edited(reported, formcheck={"settings": {"rate_hz": "often"}})
    with pytest.raises(UsageError, match="is not a formcheck report"):
        source_behind(reported, never)


def test_another_clip_of_the_same_name_is_not_taken(reported: Path, tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "squat_side_lean.mp4", tmp_path / CLIP)
    found = source_behind(reported, never)
    assert found.motion is None
    with pytest.raises(VideoError, match=r"^A TRC file cannot be made .* is not the clip any more"):
        found.movement("A TRC file")


def test_a_kept_track_needs_no_clip(reported: Path, tmp_path: Path, shared_cache: Path) -> None:
    tracked = analyze(tmp_path / CLIP, cache=TrackCache(shared_cache)).tracked
    (reported.parent / "track.npz").write_bytes(track_bytes(tracked, "any"))
    edited(reported, files={"pose": "track.npz"})
    (tmp_path / CLIP).unlink()
    found = source_behind(reported, never)
    assert np.array_equal(found.movement("it").t_s, tracked.track.t_s)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no track"])
def test_a_damaged_track_is_passed_over(reported: Path, content: bytes, track: Tracked) -> None:
    (reported.parent / "track.npz").write_bytes(content)
    edited(reported, files={"pose": "track.npz"})
    assert source_behind(reported, track).motion is not None


def test_a_track_of_another_clip_is_passed_over(
    reported: Path, tmp_path: Path, shared_cache: Path
) -> None:
    other = analyze(SAMPLES / "squat_oblique_good.mp4", cache=TrackCache(shared_cache)).tracked
    (reported.parent / "track.npz").write_bytes(track_bytes(other, "any"))
    edited(reported, files={"pose": "track.npz"})
    (tmp_path / CLIP).unlink()
    found = source_behind(reported, never)
    assert found.motion is None
    assert str(found.missing).endswith("is not there any more.")


def test_another_version_or_model_is_told(reported: Path, track: Tracked) -> None:
    edited(reported, formcheck={"version": "0.0.1", "model": {"name": "old", "sha256": "0" * 64}})
    version, model = source_behind(reported, track).warnings
    assert "made by formcheck 0.0.1" in version
    assert "another pose model" in model


def test_angles_are_left_when_the_clip_is_gone(reported: Path, tmp_path: Path) -> None:
    (tmp_path / CLIP).unlink()
    found = source_behind(reported, never)
    table = angles_beside(reported, found.report, found.missing or "")
    names = [column.name for column in table.columns]
    assert names[:4] == ["t_s", "rep", "phase", "trunk_lean_deg"]
    assert names[-1] == "visibility"
    lean = np.asarray(table.columns[3].values, dtype=float)
    assert 35 < lean.max() < 50


@pytest.mark.parametrize("content", [None, "", "a,b\n1,2\n", "t_s,x_deg,visibility\n1,2\n"])
def test_without_angles_beside_it_there_is_nothing(reported: Path, content: str | None) -> None:
    beside = reported.parent / "angles.csv"
    beside.unlink()
    if content is not None:
        beside.write_text(content)
    with pytest.raises(VideoError, match="and its clip is gone"):
        angles_beside(reported, read_report(reported), "its clip is gone.")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema_version": "1.0"}'])
def test_what_is_no_report_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "report.json"
    file.write_text(content)
    with pytest.raises(UsageError, match=r"report\.json is not a formcheck report\.$"):
        source_behind(file, never)
    with pytest.raises(UsageError, match=r"^Cannot read "):
        source_behind(tmp_path / "none.json", never)
