"""A clip is done again when the file of edits beside it has changed, without tracking."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from formcheck.batch.clips import find_clips
from formcheck.batch.job import TRACK_FILE, work
from formcheck.batch.record import record_key
from formcheck.batch.settings import RunSettings
from formcheck.edits_file import EDITS_SUFFIX
from formcheck.lifter import Lifter
from formcheck.notes import NOTES_FILE, NOTES_SUFFIX
from formcheck.pose.model import load_model
from formcheck.report.model import Report
from formcheck.storage import Folder
from tests.conftest import SAMPLES
from tests.helpers.batch_run import jobs_of
from tests.helpers.remux import remux

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from formcheck.batch.record import Record

    Look = Callable[..., list[Record]]

CLIP = "squat.mp4"
TWO = 'exercise = "Squat"\nreps = [[0.2, 0.6], [0.6, 1.1]]'


@pytest.fixture
def edits(tmp_path: Path) -> Path:
    """The file of edits beside a short clip; it is not there yet."""
    remux(SAMPLES / "squat_side_good.mp4", tmp_path / "clips" / CLIP, seconds=1.2)
    return tmp_path / "clips" / f"{CLIP}{EDITS_SUFFIX}"


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Does what is to be done, in this process."""
    monkeypatch.setenv("FORMCHECK_CACHE", str(tmp_path / "cache"))
    clips, results = Folder(str(tmp_path / "clips")), Folder(str(tmp_path / "results"))

    def run(**settings: object) -> list[Record]:
        how = RunSettings(model_sha256=load_model().sha256, **settings)  # type: ignore[arg-type]
        return [work(job) for job in jobs_of(clips, results, how)]

    return run


def test_changed_edits_are_noticed_and_scored_without_tracking(
    look: Look, edits: Path, tmp_path: Path
) -> None:
    track = tmp_path / "results" / "clips" / CLIP / TRACK_FILE
    (plain,) = look()
    kept = track.read_bytes(), track.stat().st_mtime_ns
    assert look() == []
    edits.write_text(TWO)
    (two,) = look()
    assert (len(two.rows) - 1, two.rows[0]["by_hand"]) == (2, "exercise reps")
    assert look() == []
    edits.write_text(TWO.replace(", [0.6, 1.1]", ""))
    (one,) = look()
    assert len(one.rows) - 1 == 1
    edits.unlink()
    (again,) = look()
    assert again == plain
    assert len({plain.key, two.key, one.key}) == 3
    assert track.read_bytes() == kept[0]
    assert [*(tmp_path / "cache").glob("*")] == []  # what is tracked is kept with the results


def test_touched_edits_are_not_scored_again(look: Look, edits: Path, tmp_path: Path) -> None:
    edits.write_text(TWO)
    (first,) = look()
    report = tmp_path / "results" / "clips" / CLIP / "report.json"
    written = report.stat().st_mtime_ns
    os.utime(edits, (1, 1))
    (touched,) = look()
    assert touched.stamp != first.stamp
    assert touched.model_copy(update={"stamp": first.stamp}) == first
    assert report.stat().st_mtime_ns == written


def test_bad_edits_fail_the_clip_but_keep_its_track(
    look: Look, edits: Path, tmp_path: Path
) -> None:
    look()
    track = tmp_path / "results" / "clips" / CLIP / TRACK_FILE
    kept = track.read_bytes()
    for text, reason in {
        "rep = 1": f"{CLIP}.edits.toml, line 1: rep: not permitted here, perhaps 'reps' is meant.",
        "exercise = 'squat'\nreps = [[0.2, 99]]": "reps: expected times in what was looked at",
    }.items():
        edits.write_text(text)
        (failed,) = look()
        assert (failed.status, failed.exit_code) == ("failed", 2)
        assert (failed.reason or "").startswith(reason)
        assert track.read_bytes() == kept
    edits.write_text(TWO)
    assert [record.status for record in look()] == ["done"]
    assert track.read_bytes() == kept


def test_nobody_at_the_point_is_final(look: Look, edits: Path) -> None:
    edits.write_text("lifter = [1, 1]")
    (failed,) = look()
    assert (failed.exit_code, failed.final) == (4, True)
    assert look() == []


def test_what_holds_for_all_clips_wins(look: Look, edits: Path) -> None:
    edits.write_text("load = 50")
    look()
    (record,) = look(lifter=Lifter(load_kg=70))
    assert record.rows[0]["by_hand"] == "load"


def test_notes_go_into_the_report_from_the_kept_track(
    look: Look, edits: Path, tmp_path: Path
) -> None:
    look()
    folder, results = edits.parent, tmp_path / "results" / "clips" / CLIP
    kept = (results / TRACK_FILE).read_bytes()
    own, shared = folder / f"{CLIP}{NOTES_SUFFIX}", folder / NOTES_FILE
    shared.write_text("Back from holiday.")
    (first,) = look()
    assert first.rows[0]["folder_note"] == "Back from holiday."
    own.write_text("Third set <b>.")
    (second,) = look()
    report = Report.model_validate_json((results / "report.json").read_bytes())
    assert (report.notes.clip, report.notes.folder) == ("Third set <b>.", "Back from holiday.")
    assert "<p>Third set &lt;b&gt;.</p>" in (results / "report.html").read_text(encoding="utf-8")
    assert (results / TRACK_FILE).read_bytes() == kept
    assert look() == []
    shared.write_text("x" * 5000)
    (failed,) = look()
    assert (failed.status, failed.exit_code) == ("failed", 2)
    shared.unlink()
    own.unlink()
    (again,) = look()
    assert "note" not in again.rows[0]
    assert len({first.key, second.key, failed.key, again.key}) == 4


def test_edits_are_no_clips_and_of_one_clip_only(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4", f"b.mp4{EDITS_SUFFIX}", f"gone.mp4{EDITS_SUFFIX}"):
        (tmp_path / name).write_text("x")
    clips = Folder(str(tmp_path))
    found = find_clips(clips, results=Folder(str(tmp_path / "out"))).clips
    assert [file.name for file in found] == ["a.mp4", "b.mp4"]
    assert ["edits" in file.stamp for file in found] == [False, True]


def test_records_of_earlier_versions_keep_their_keys() -> None:
    """The hash of content and settings alone, as it was before there were edits."""
    key = record_key("abc", None, None, {"version": "1"})
    assert key == "93d16341bddd0368d6f2f8d5c2e48917f53f3e2a83b13ebd4a18d3957e199cd9"
    assert record_key("abc", "def", None, {"version": "1"}) != key
    assert record_key("abc", None, "def", {"version": "1"}) != key
