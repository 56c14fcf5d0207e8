"""Files as people really have them give what the clip that they were made from gives."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from formcheck import analyze, build_report
from formcheck.errors import VideoError
from formcheck.pose.cache import TrackCache
from formcheck.present.counting import why_none
from formcheck.report.model import FilesPart
from tests.helpers.recordings import NEAR_S, RECORDINGS, SETTINGS, TURNS_S, recording

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck import Report

INTERRUPTED = "no_pictures_for_1s.mp4"
WHOLE = [name for name in RECORDINGS if name != INTERRUPTED]
SAID = {
    "android_slow_motion_4x.mp4": "Slow motion, 4 times as slow as the lift",
    "clock_jumps_10h.ts": "clock leaps ahead by 10 hours at 0:04.6",
    "clock_jumps_to_epoch.mkv": "clock leaps ahead by 19676 days at 0:00.2",
    "clock_restarts_other_rate.ts": "clock goes back by 5 seconds at 0:04.6",
    "h264_bframes.avi": "times go back and forth",
    "mp4_without_ctts.mp4": "times go back and forth",
    "sideways_no_mark.mp4": "lies on its side",
    "two_fps.mp4": "reps may be missed",
    "upside_down_no_mark.mp4": "stands on its head",
}
"""What each report has to say of the file; the others have nothing to say of it."""
OF_FILES = {
    "clock_jumps",
    "no_pictures",
    "one_picture",
    "slow_motion",
    "timestamps_ignored",
    "timestamps_rebuilt",
    "timestamps_reordered",
    "turned",
    "video_damaged",
    "video_ends_early",
}
LENGTHS_S = {"two_fps.mp4": 9.5, "clock_restarts_other_rate.ts": 9.32, "mp4_without_ctts.mp4": 9.32}


@pytest.fixture(scope="module")
def report_of(shared_cache: Path) -> dict[str, Report]:
    return {
        name: build_report(
            analyze(recording(name), settings=SETTINGS, cache=TrackCache(shared_cache)),
            FilesPart(),
        )
        for name in RECORDINGS
    }


@pytest.mark.parametrize("name", WHOLE)
def test_it_is_the_same_set(report_of: dict[str, Report], name: str) -> None:
    report = report_of[name]
    assert report.exercise.id == "squat"
    assert report.view.label == "side_left"
    near_s = 0.6 if name == "two_fps.mp4" else NEAR_S
    assert [rep.turn_s for rep in report.reps] == pytest.approx(TURNS_S, abs=near_s)
    assert report.video.duration_s == pytest.approx(LENGTHS_S.get(name, 9.36), abs=0.05)


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_wrong_with_the_file_is_said_and_nothing_else(
    report_of: dict[str, Report], name: str
) -> None:
    warnings = report_of[name].warnings
    told = [w.message for w in warnings if w.code in OF_FILES or "missed" in w.message]
    assert len(told) == (name in SAID)
    assert SAID.get(name, "") in " ".join(told)


def test_nothing_is_judged_across_a_time_without_pictures(report_of: dict[str, Report]) -> None:
    report = report_of[INTERRUPTED]
    assert report.rep_count == 2
    assert report.count_range == (2, 3)
    second = report.reps[1]
    assert (second.kind, second.reason_code) == ("invalid", "no_pictures")
    assert second.checks == []
    assert not any(one.valid for one in second.measurements.values())
    [told] = [one.message for one in report.warnings if one.code == "no_pictures"]
    assert "for 1.0 s at 0:04." in told


@pytest.mark.parametrize("name", ["still_track_first_not_default.mp4", "thumbnail_track_first.mp4"])
def test_the_track_with_the_pictures_is_the_clip(report_of: dict[str, Report], name: str) -> None:
    video = report_of[name].video
    assert (video.codec, video.width, video.height, video.frames) == ("h264", 360, 640, 234)


def test_even_stamps_are_even(report_of: dict[str, Report]) -> None:
    video = report_of["h264_bframes.avi"].video
    assert video.mean_fps == pytest.approx(25, abs=0.01)
    assert not video.variable_frame_rate


def test_slow_motion_is_told_by_hand_as_well(shared_cache: Path) -> None:
    clip = analyze(
        recording("video_3s_after_sound.mp4"),
        settings=replace(SETTINGS, rate_hz=30.0, slow_motion=2.0),
        cache=TrackCache(shared_cache),
    )
    turns_s = [rep.turn_s for rep in build_report(clip).reps]
    assert turns_s == pytest.approx([t / 2 for t in TURNS_S], abs=NEAR_S / 2)


def test_a_video_that_is_replaced_meanwhile_is_refused(tmp_path: Path) -> None:
    file, other = tmp_path / "clip.mp4", tmp_path / "other.mp4"
    shutil.copy(recording("two_fps.mp4"), file)
    shutil.copy(recording("thumbnail_track_first.mp4"), other)

    def replaced(_done: float, _total: float | None) -> None:
        if other.exists():
            other.replace(file)

    with pytest.raises(VideoError, match="was changed while it was read"):
        analyze(file, cache=None, progress=replaced)


def test_a_named_lift_without_repetitions_says_why(shared_cache: Path) -> None:
    clip = analyze(
        recording("two_fps.mp4"),
        exercise="pull_up",
        settings=SETTINGS,
        cache=TrackCache(shared_cache),
    )
    report = build_report(clip)
    assert report.rep_count == 0
    assert why_none(report) == "Nothing in the clip moves as far as a rep of this lift does."
