"""The whole way, on the rendered sample clips against their exact truth, and on stick figures.

What formcheck does not get right yet is marked as such, with what it does instead.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from formcheck import analyze, analyze_track
from formcheck.analysis import UNKNOWN
from formcheck.errors import RuleError
from formcheck.pipeline import OTHER_SHOT
from formcheck.pose.cache import TrackCache
from formcheck.pose.track import PoseTrack
from formcheck.reasons import ReasonCode
from formcheck.words.severity import Severity
from sample_videos.generator.truth import Truth, load_truth
from tests.helpers.skeleton import (
    SIDE,
    STANDING,
    Camera,
    clock,
    even_set,
    film,
    moved,
    pull_up,
    row,
    squat,
    with_noise,
    without,
)
from tests.helpers.tracking import track_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.analysis import Analysis


CLIPS = Path(__file__).resolve().parents[1] / "sample_videos" / "clips"
NAMES = [
    "pull_up_back_good",
    "pull_up_front_low",
    "row_side_good",
    "row_side_swing",
    "row_side_tiring",  # stored sideways
    "squat_front_knees_in",
    "squat_side_good",
    "squat_side_hips_first",
    "squat_side_shallow",  # 60 frames a second
]
if os.environ.get("FORMCHECK_ALL_SAMPLES"):  # a minute more
    NAMES += [
        "pull_up_back_no_hang",
        "pull_up_side_kip",
        "reverse_fly_oblique",  # somebody stands in the picture
        "row_side_short_range",  # variable frame rate
        "row_side_upright",
        "squat_oblique_good",
        "squat_side_heel_rise",
        "squat_side_lean",
        "upright_row_front",  # somebody walks past behind the lifter
    ]
TURN_S = 0.15
MEDIAN_ERROR_DEG = 4.0
SIDE_ANGLES = ("trunk_lean", "knee_flexion", "thigh_elevation", "shin_inclination")

on_clips = pytest.mark.skipif(not any(CLIPS.glob("*.mp4")), reason="no sample clips in this copy")


def not_yet(name: str, *others: str, reason: str) -> Any:
    return pytest.param(name, *others, marks=pytest.mark.xfail(reason=reason))


@pytest.fixture(scope="session")
def analysed(request: pytest.FixtureRequest, shared_cache: Path) -> Callable[[str], Analysis]:
    """Analysis of a sample clip by name; all clips of this run are tracked first."""
    asked = [
        name for name in NAMES if any(f"[{name}" in item.name for item in request.session.items)
    ]
    track_all([CLIPS / f"{name}.mp4" for name in asked], shared_cache)

    @cache
    def analysis(name: str) -> Analysis:
        return analyze(CLIPS / f"{name}.mp4", cache=TrackCache(shared_cache)).analysis

    return analysis


def truth_of(name: str) -> Truth:
    return load_truth(CLIPS / f"{name}.json")


# --- sample clips ------------------------------------------------------------------------


@on_clips
@pytest.mark.parametrize("name", NAMES)
def test_exercise_and_count(name: str, analysed: Callable[[str], Analysis]) -> None:
    truth, found = truth_of(name).document, analysed(name)
    assert found.exercise == truth["exercise"]
    assert found.rep_count == len(truth["reps"])
    assert not found.given


@on_clips
@pytest.mark.parametrize("name", NAMES)
def test_view(name: str, analysed: Callable[[str], Analysis]) -> None:
    truth, view = truth_of(name).document["view"], analysed(name).motion.view
    assert view.label == truth["label"]
    assert abs(view.yaw_deg - truth["yaw_deg"]) <= 2 * view.yaw_error_deg


@on_clips
@pytest.mark.parametrize(
    "name",
    [
        not_yet(name, reason="up to 0.21 s off") if name == "pull_up_side_kip" else name
        for name in NAMES
    ],
)
def test_turns(name: str, analysed: Callable[[str], Analysis]) -> None:
    truth, found = truth_of(name).document, analysed(name)
    turns = [r.rep.turn_s for r in found.reps if r.rep.counts]
    assert turns == pytest.approx([r["turn_s"] for r in truth["reps"]], abs=TURN_S)


@on_clips
@pytest.mark.parametrize("name", NAMES)
def test_starts_and_ends(name: str, analysed: Callable[[str], Analysis]) -> None:
    truth, found = truth_of(name).document, analysed(name)
    for rep, true in zip(found.reps, truth["reps"], strict=True):
        assert rep.rep.start_s == pytest.approx(true["start_s"], abs=0.35)
        assert rep.rep.end_s == pytest.approx(true["end_s"], abs=0.35)


SIDE_CLIPS = [name for name in NAMES if "_side_" in name]


@on_clips
@pytest.mark.parametrize("angle", SIDE_ANGLES)
@pytest.mark.parametrize("name", SIDE_CLIPS)
def test_angles_from_the_side(name: str, angle: str, analysed: Callable[[str], Analysis]) -> None:
    truth, motion = truth_of(name), analysed(name).motion
    column = angle if angle == "trunk_lean" else f"{angle}_{motion.view.near_side}"
    true = np.interp(motion.t_s, truth.t_s, truth.angles[f"{column}_deg"])
    assert np.nanmedian(np.abs(motion.angles[column] - true)) <= MEDIAN_ERROR_DEG
    assert np.isfinite(motion.angles[column]).mean() > 0.98


FAULTS = {
    "pull_up_back_no_hang": "pull_up.hang",
    "pull_up_front_low": "pull_up.chin",
    "pull_up_side_kip": "pull_up.kip",
    "row_side_short_range": "bent_over_row.top_range",
    "row_side_swing": "bent_over_row.heave",
    "row_side_tiring": "bent_over_row.range_loss",
    "row_side_upright": "bent_over_row.hinge_angle",
    "squat_front_knees_in": "squat.knees_in",
    "squat_side_heel_rise": "squat.heel_rise",
    "squat_side_hips_first": "squat.hips_first",
    "squat_side_lean": "squat.parallel",
    "squat_side_shallow": "squat.depth",
}
AS_WELL = {
    "squat_side_hips_first": {"squat.knees_back"},
    "squat_side_shallow": {"squat.parallel"},
}
"""What else the truth of a clip shows, because one fault brings the other."""
MISSED = {
    "pull_up_back_no_hang": "measured 38 degrees, limit 30: too close to call",
    "row_side_short_range": "too close to call: the clip's elbows end level with the trunk",
    "squat_side_heel_rise": "too close to call: planted heels seem to rise almost as much",
}


@on_clips
@pytest.mark.parametrize(
    "name",
    [
        not_yet(name, reason=MISSED[name]) if name in MISSED else name
        for name in NAMES
        if name in FAULTS
    ],
)
def test_faults_are_flagged(name: str, analysed: Callable[[str], Analysis]) -> None:
    verdicts = {check.rule.id: check for check in analysed(name).checks}
    verdict = verdicts[FAULTS[name]]
    assert verdict.severity.is_fault, (verdict.severity, verdict.value, verdict.reason)


@on_clips
@pytest.mark.parametrize(
    "name",
    [name for name in NAMES if not name.startswith("upright_row")],
)
def test_no_other_fault_is_more_than_mild(name: str, analysed: Callable[[str], Analysis]) -> None:
    """Good clips show none at all; the others none but their own."""
    serious = {
        check.rule.id
        for check in analysed(name).checks
        if check.severity in (Severity.MODERATE, Severity.SEVERE)
    }
    assert serious <= {FAULTS.get(name), *AS_WELL.get(name, set())}


# --- stick figures -------------------------------------------------------------------------

MOVES = even_set(4)


@pytest.mark.parametrize(
    ("track", "exercise"),
    [(squat(MOVES), "squat"), (row(MOVES), "bent_over_row"), (pull_up(MOVES), "pull_up")],
)
def test_from_a_track_alone(track: PoseTrack, exercise: str) -> None:
    found = analyze_track(with_noise(track, 1.0))
    assert (found.exercise, found.rep_count, found.given) == (exercise, 4, False)
    assert found.rules is not None
    assert found.rules.exercise == exercise
    assert [c.rule.id for c in found.checks] == [r.id for r in found.rules.rule]
    for rep in found.reps:
        assert set(rep.measured) == {m.name for m in found.rules.measurement}
        assert {c.rule.id for c in rep.checks} == {
            r.id for r in found.rules.rule if r.over_set is None
        }


def test_a_sound_set_scores_full_marks() -> None:
    """Thighs ten degrees below level: clear of the first limit and its error."""
    low = even_set(4, size=1.1)
    found = analyze_track(with_noise(squat(low), 1.0))
    assert found.score == 100.0
    assert [r.score for r in found.reps] == [100.0] * 4


def test_the_user_may_name_the_exercise() -> None:
    found = analyze_track(with_noise(squat(MOVES), 1.0), exercise="squat")
    assert (found.exercise, found.given, found.detection.confidence) == ("squat", True, 1.0)
    other = analyze_track(with_noise(squat(MOVES), 1.0), exercise="pull_up")
    assert (other.exercise, other.given, other.rep_count, other.score) == ("pull_up", True, 0, None)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(RuleError, match="deadlift"):
        analyze_track(squat(MOVES), exercise="deadlift")


def test_an_unknown_movement_is_not_judged() -> None:
    found = analyze_track(film(clock(6.0), STANDING))
    assert (found.exercise, found.rules, found.reps, found.checks) == (UNKNOWN, None, (), ())
    assert found.score is None


def test_no_score_from_a_view_that_shows_too_little() -> None:
    found = analyze_track(with_noise(squat(MOVES, camera=Camera(0.0)), 1.0))
    assert (found.exercise, found.rep_count, found.score) == ("squat", 4, None)
    reasons = {c.rule.id: c.reason for c in found.checks if c.severity is Severity.NOT_ASSESSED}
    depth = reasons["squat.depth"]
    assert depth is not None
    assert depth.code is ReasonCode.WRONG_VIEW


@pytest.mark.parametrize("frames", [1, 2, 3, 5, 8, 13, 31])
@pytest.mark.parametrize("exercise", [None, "squat", "bent_over_row", "pull_up"])
def test_very_short_clips(frames: int, exercise: str | None) -> None:
    found = analyze_track(squat(MOVES).select(slice(0, frames)), exercise=exercise)
    assert found.rep_count == 0
    assert found.score is None


@pytest.mark.parametrize("exercise", [None, "squat", "bent_over_row", "pull_up"])
def test_nobody_ever_seen(exercise: str | None) -> None:
    found = analyze_track(without(squat(MOVES), 0.0, 99.0), exercise=exercise)
    assert (found.rep_count, found.score) == (0, None)


@pytest.mark.parametrize("seed", range(3))
def test_rough_clips_are_survived(seed: int) -> None:
    """Noise, holes and a cut, wherever they fall."""
    random = np.random.default_rng(seed)
    track = with_noise(squat(MOVES, camera=Camera(90.0 * seed)), 6.0, seed=seed)
    for _ in range(5):
        begin = float(random.uniform(0.0, 12.0))
        track = without(track, begin, begin + float(random.uniform(0.1, 1.0)))
    track = moved(track, float(random.uniform(2.0, 10.0)), 300.0)
    for exercise in (None, "squat", "bent_over_row", "pull_up", "upright_row", "reverse_fly"):
        found = analyze_track(track, exercise=exercise)
        assert found.score is None or 0.0 <= found.score <= 100.0


@pytest.mark.parametrize("camera", [SIDE, Camera(270.0)])
def test_both_sides_of_the_body_are_judged_alike(camera: Camera) -> None:
    found = analyze_track(with_noise(squat(MOVES, camera=camera), 1.0))
    depth = next(c for c in found.checks if c.rule.id == "squat.depth")
    assert depth.value == pytest.approx(0.0, abs=1.0)


def one_after_the_other(*shots: PoseTrack) -> PoseTrack:
    starts_s = np.cumsum([0.0] + [shot.t_s[-1] + 1 / 30 for shot in shots])
    return PoseTrack(
        np.concatenate([shot.t_s + start for shot, start in zip(shots, starts_s, strict=False)]),
        np.concatenate([shot.xy_px for shot in shots]),
        np.concatenate([shot.world_m for shot in shots]),
        np.concatenate([shot.visibility for shot in shots]),
        shots[0].frame_wh,
    )


def test_a_cut_to_another_camera() -> None:
    """What is seen from another side than most of the clip is not judged by its angles."""
    joined = one_after_the_other(
        squat(even_set(3), camera=SIDE), squat(even_set(1), camera=Camera(10.0))
    )
    found = analyze_track(with_noise(joined, 0.5), exercise="squat")
    depth = [next(c for c in rep.checks if c.rule.id == "squat.depth") for rep in found.reps]
    assert [c.severity is Severity.NOT_ASSESSED for c in depth] == [False, False, False, True]
    assert depth[3].reason == OTHER_SHOT
    (verdict,) = [c for c in found.checks if c.rule.id == "squat.depth"]
    assert verdict.reps_assessed == 3


def test_the_lean_of_a_set_is_of_the_shot_that_is_judged() -> None:
    """Seen from the other side a lean has the other sign: a median over both is of nobody."""
    shots = squat(even_set(3), camera=SIDE), squat(even_set(3), camera=Camera(270.0))
    found = analyze_track(with_noise(one_after_the_other(*shots), 0.5), exercise="squat")
    assert (found.rep_count, len(found.speeds)) == (6, 6)
    alone = analyze_track(with_noise(shots[0], 0.5), exercise="squat")
    assert found.lean is not None
    assert alone.lean is not None
    assert found.lean.lean_deg == pytest.approx(40.0, abs=2.0)
    assert found.lean.needed.high_deg == pytest.approx(alone.lean.needed.high_deg, abs=2.0)
