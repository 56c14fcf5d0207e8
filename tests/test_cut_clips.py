"""Rendered clips that are cut together, moved or darkened, through the whole pipeline."""

from __future__ import annotations

import io
import math
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from rich.console import Console

from formcheck import analyze, build_report
from formcheck.pose.cache import TrackCache
from formcheck.pose.tracker import TrackSettings
from formcheck.present.terminal.report import terminal_report
from formcheck.video import VideoReader
from tests.conftest import SAMPLES
from tests.helpers.clips import Encoding, encode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from formcheck import ClipAnalysis

    Image = NDArray[np.uint8]

FPS = 25
GOOD = Encoding(fps=FPS, options={"crf": "20"})


@cache
def filmed(name: str) -> list[Image]:
    with VideoReader(SAMPLES / f"{name}.mp4") as reader:
        return [picture.rgb() for picture in reader.pictures(rate_hz=FPS)]


def in_turn(one: str, other: str, seconds: float) -> list[Image]:
    """Two clips that run at the same time, shown in turn."""
    each = round(seconds * FPS)
    pairs = enumerate(zip(filmed(one), filmed(other), strict=False))
    return [pair[number // each % 2] for number, pair in pairs]


def analysed(path: Path, images: Sequence[Image], exercise: str | None = None) -> ClipAnalysis:
    cache = TrackCache(path.parent / "tracks")
    if not path.exists():
        encode(path, images, GOOD)
    return analyze(path, exercise=exercise, cache=cache)


def codes(clip: ClipAnalysis) -> set[str]:
    return {warning.code for warning in build_report(clip).warnings}


def test_two_lifters_in_turn_are_not_one_lift(tmp_path: Path) -> None:
    images = in_turn("squat_side_good", "squat_side_shallow", 1.0)
    clip = analysed(tmp_path / "turns.mp4", images)
    whole = len(images) // FPS + (len(images) % FPS > 0)
    assert clip.tracked.track.cuts_s == pytest.approx(range(1, whole))
    assert (clip.exercise, clip.analysis.rep_count, clip.score) == ("unknown", 0, None)
    assert "short_shots" in codes(clip)
    assert not {"exercise_unknown", "hidden", "picture_jumps"} & codes(clip)
    told = analysed(tmp_path / "turns.mp4", images, exercise="squat")
    assert told.score is None
    assert {check.severity for check in told.analysis.checks} == {"not_assessed"}
    assert not told.analysis.speeds
    assert "short shots" in _printed(told)


@pytest.mark.parametrize("lift", [None, "bent_over_row", "squat"])
def test_another_lift_in_the_clip_is_told(tmp_path: Path, lift: str | None) -> None:
    """Three rows and three squats: what is judged is fine, and is not all there is."""
    images = filmed("row_side_good") + filmed("squat_side_good")
    clip = analysed(tmp_path / "both.mp4", images, exercise=lift)
    assert clip.analysis.rep_count == 3
    assert clip.score == 100.0
    other = clip.analysis.other
    assert other is not None
    assert {clip.exercise, other.exercise.id} == {"bent_over_row", "squat"}
    assert other.reps == 3
    before = _printed(clip).partition("Rep ")[0]
    assert f"looks like another lift ({other.exercise.title.lower()}, 3 reps)" in before
    alone = analyze(SAMPLES / "row_side_good.mp4", cache=TrackCache(tmp_path / "tracks"))
    assert alone.analysis.other is None


def _printed(clip: ClipAnalysis) -> str:
    console = Console(width=400, file=io.StringIO(), record=True)
    console.print(terminal_report(build_report(clip)))
    return console.export_text()


def test_nothing_crosses_a_cut_in_mid_set(tmp_path: Path) -> None:
    """The same lifter from the side, then, in the middle of a repetition, from the front."""
    at = 3 * FPS
    images = filmed("squat_side_lean")[:at] + filmed("squat_front_knees_in")[at:]
    clip = analysed(tmp_path / "cut.mp4", images)
    track = clip.tracked.track
    assert track.cuts_s == pytest.approx([3.0])
    assert clip.analysis.motion.clean.breaks == (at,)
    own = analyze(SAMPLES / "squat_side_lean.mp4", cache=TrackCache(tmp_path / "tracks"))
    before = np.linalg.norm(track.xy_px[:at] - own.tracked.track.xy_px[:at], axis=2)
    assert np.percentile(before[at - 5 :], 90) < 0.1 * clip.analysis.motion.trunk_px
    assert not any(rep.rep.start_s < 3.0 < rep.rep.end_s for rep in clip.analysis.reps)
    assert "picture_jumps" in codes(clip)


def test_a_camera_that_pans_zooms_or_meets_a_flash_cuts_nothing(tmp_path: Path) -> None:
    images = filmed("squat_side_good")
    height, width = images[0].shape[:2]
    moved: list[Image] = []
    for number, image in enumerate(images):
        zoom = 1.2 + 0.2 * number / len(images)
        across, down = round(width / zoom), round(height / zoom)
        left = round((width - across) / 2 * (1 + np.sin(2 * np.pi * number / len(images) * 2)))
        top = (height - down) // 2
        part = cv2.resize(image[top : top + down, left : left + across], (width, height))
        moved.append(part.astype(np.uint8))
    for number in (75, 76):
        moved[number] = np.clip(moved[number].astype(int) + 120, 0, 255).astype(np.uint8)
    clip = analysed(tmp_path / "moved.mp4", moved)
    assert clip.tracked.track.cuts_s == ()
    assert clip.analysis.motion.clean.breaks == ()
    assert (clip.exercise, clip.analysis.rep_count) == ("squat", 3)


def test_in_the_dark_nothing_false_is_said(tmp_path: Path) -> None:
    """A sixth of the light, and a sensor's noise: a sound squat stays one, or is not judged."""
    random = np.random.default_rng(0)
    dark = [
        np.clip(0.15 * image + random.normal(0, 6, image.shape), 0, 255).astype(np.uint8)
        for image in filmed("squat_side_good")
    ]
    clip = analysed(tmp_path / "dark.mp4", dark)
    assert clip.exercise in ("squat", "unknown")
    assert clip.analysis.rep_count <= 3
    assert [c.rule.id for c in clip.analysis.checks if c.severity.is_fault] == []
    assert clip.analysis.belief.trust != "good"


@pytest.mark.parametrize(
    ("part_s", "half"),
    [((1.5, 3.4), "descent"), ((1.4, math.inf), "descent"), ((0.0, 7.4), "ascent")],
)
def test_a_half_that_the_clip_cuts_off_is_not_timed(part_s: tuple[float, float], half: str) -> None:
    """A squat that goes down and up in a second each; what is left of a half says nothing."""
    settings = TrackSettings(start_s=part_s[0], end_s=part_s[1])
    report = build_report(analyze(SAMPLES / "squat_side_good.mp4", settings=settings))
    rep = report.reps[0 if half == "descent" else -1]
    timed = rep.measurements[f"{half}_s"]
    assert (timed.valid, timed.reason_code) == (False, "half_cut")
    assert rep.counts
    assert not [c for c in report.checks if c.severity in ("mild", "moderate", "severe")]
