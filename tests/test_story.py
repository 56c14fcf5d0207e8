"""What formcheck is for, on rendered lifters: their clips in, one finding out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck import analyze
from formcheck.pipeline import analyze_track
from formcheck.pose import landmarks
from formcheck.pose.cache import TrackCache
from formcheck.report.build import build_report
from formcheck.report.build_upper_back import build_profile
from formcheck.upper_back.library import library

if TYPE_CHECKING:
    from formcheck.report.model import Profile, Report

CLIPS = Path(__file__).resolve().parents[1] / "sample_videos" / "clips"
LIFTS = ("squat", "row", "pull_up")
HIDDEN_CERTAINTY = 0.1
"""Of a landmark that a plate hides."""


@pytest.fixture(scope="module")
def report(shared_cache: Path) -> dict[str, Report]:
    cache = TrackCache(shared_cache)
    names = [f"weak_upper_back_{lift}" for lift in LIFTS]
    names += ["long_thighs_squat", "strong_row", "strong_pull_up"]
    return {n: build_report(analyze(CLIPS / f"{n}.mp4", cache=cache)) for n in names}


def profile_of(report: dict[str, Report], *names: str) -> Profile:
    return build_profile([report[name] for name in names])


def test_three_lifts_that_agree_are_likely(report: dict[str, Report]) -> None:
    found = profile_of(report, *(f"weak_upper_back_{lift}" for lift in LIFTS)).upper_back
    assert found.finding == "likely"
    assert found.confidence == "medium"  # never high: no labelled lifters stand behind it


def test_a_plate_before_the_shoulder_says_less(
    report: dict[str, Report], shared_cache: Path
) -> None:
    """The same squat whose near shoulder does not stand out in the network's heat map."""
    clip = analyze(CLIPS / "weak_upper_back_squat.mp4", cache=TrackCache(shared_cache))
    certainty = np.array(clip.tracked.track.certainty)
    certainty[:, landmarks.index("shoulder", "left")] = HIDDEN_CERTAINTY
    analysis = analyze_track(clip.tracked.track.with_arrays(certainty=certainty))
    squat = build_report(replace(clip, analysis=analysis))
    pitch = next(check for check in squat.checks if check.rule == "squat.hips_first")
    assert (pitch.severity, pitch.reason_code) == ("not_assessed", "hidden")
    pulls = [report[f"weak_upper_back_{lift}"] for lift in ("row", "pull_up")]
    assert build_profile([squat, *pulls]).upper_back.finding == "watch"


def test_pitches_falls_short_and_stalls(report: dict[str, Report]) -> None:
    """Signs in three lifts, with exercises for upper and lower back."""
    profile = profile_of(report, *(f"weak_upper_back_{lift}" for lift in LIFTS))
    found = profile.upper_back
    assert {cue.id for cue in found.cues} >= {"SQ_PITCH", "RW_TOP", "PU_TOP"}
    things = [advice for advice in found.advice if advice.kind == "exercise"]
    by_name = {movement.name: movement for movement in library().movement}
    trained = {part for thing in things for part in by_name[thing.name].trains}
    assert trained >= {"upper_back", "lower_back"}
    assert len([advice for advice in found.advice if advice.kind != "filming"]) <= 3
    assert found.leading_alternative is not None
    assert "diagnose" in found.disclaimer


@pytest.mark.parametrize("lift", LIFTS)
def test_no_single_lift_is_enough(report: dict[str, Report], lift: str) -> None:
    assert report[f"weak_upper_back_{lift}"].upper_back.finding in ("none", "watch")


def test_long_thighs_are_no_weakness(report: dict[str, Report]) -> None:
    """A build that has to lean, and clean pulls: nothing is found, and nothing is flagged."""
    squat = report["long_thighs_squat"]
    lean = next(c for c in squat.checks if c.rule == "squat.lean")
    assert lean.severity == "ok"
    assert squat.lean is not None
    assert squat.reps[0].measurements["trunk_lean_bottom"].value is not None
    assert squat.reps[0].measurements["trunk_lean_bottom"].value > 40.0
    found = profile_of(report, "long_thighs_squat", "strong_row", "strong_pull_up").upper_back
    assert found.finding == "none"
    assert found.cues == []


def test_the_same_squat_with_strong_pulls(report: dict[str, Report]) -> None:
    """Pitching in the squat alone is not blamed on an upper back that pulls well."""
    found = profile_of(report, "weak_upper_back_squat", "strong_row", "strong_pull_up").upper_back
    assert found.finding == "none"
