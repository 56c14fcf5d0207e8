"""Parameter files of the sample clips are checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from sample_videos.generator.body import build_skeleton
from sample_videos.generator.exercises import movement
from sample_videos.generator.measures import rep_measures
from sample_videos.generator.spec import FAULTS, BodySpec, ClipSpec, load_spec
from sample_videos.generator.truth import Recording, angles_of, joint_columns

SPECS = sorted((Path(__file__).resolve().parents[2] / "sample_videos" / "specs").glob("*.toml"))


DOSES: dict[str, dict[str, float]] = {
    "squat": {
        "lean": 60,
        "lean_growth": 15,
        "depth": 90,
        "hips_first": 15,
        "knees_in": 13,
        "heel_rise": 20,
        "upper_trunk": 30,
        "head": 45,
        "elbows_lift": 30,
        "elbows_drop": 30,
        "shift": 0.15,
        "balance": 0.2,
    },
    "bent_over_row": {
        "heave": 20,
        "hinge_angle": 40,
        "hinge_loss": 15,
        "top_range": 0.5,
        "shrug": 30,
        "range_loss": 0.3,
        "leg_drive": 15,
        "neck": 40,
        "asymmetry": 0.25,
        "upper_trunk": 30,
    },
    "pull_up": {
        "chin": 115,
        "hang": 50,
        "kip": 25,
        "top_stall": 1.0,
        "shrug": 1.0,
        "rounding": 40,
        "range_loss": 0.3,
        "speed_loss": 0.5,
        "asymmetry": 8,
    },
    "upright_row": {"height": 0.7, "sway": 15, "lead": 60},
    "reverse_fly": {
        "hinge": 40,
        "hinge_loss": 15,
        "height": 40,
        "elbows": 35,
        "heave": 15,
        "shrug": 30,
    },
}


ARMS = {"elbows_lift": "barbell", "elbows_drop": "front_rack"}


def _measures(exercise: str, faults: dict[str, float], arms: str) -> dict[str, float]:
    """Measures of the last of two quick repetitions."""
    motion = {
        "reps": 2,
        "tempo": {"out": 0.5, "hold": 0.1, "back": 0.5, "rest": 0.05},
        "lead_s": 0.05,
        "faults": faults,
        "arms": arms,
        "knee_deg": 120 if exercise == "squat" else 40,
    }
    spec = ClipSpec.model_validate({"exercise": exercise, "motion": motion})
    moves = movement(spec, build_skeleton(spec.body))
    times = np.arange(0, moves.timeline.duration, 1 / 10)
    shots = [moves.shot(t) for t in times]
    joints = joint_columns([shot.posed.points for shot in shots])
    bars = [shot.bar for shot in shots if shot.bar is not None]
    reps = [
        {"start_s": rep.start, "turn_s": (rep.far + rep.leave) / 2, "end_s": rep.end}
        for rep in moves.timeline.reps
    ]
    recording = Recording(times, joints, {}, np.array(bars) if bars else None, reps, [])
    return rep_measures(exercise, recording, angles_of(joints))[-1]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_committed_specs_are_valid(path: Path) -> None:
    spec = load_spec(path)
    assert spec.name == path.stem
    assert spec.note


@pytest.mark.parametrize(
    "wrong",
    [
        {"exercise": "squat", "colour": "red"},
        {"exercise": "squat", "motion": {"repetitions": 3}},
        {"exercise": "squat", "body": {"outfit": {"top_color": "blue"}}},
        {"exercise": "squat", "motion": {"faults": {"chin": 100.0}}},
        {"exercise": "squat", "video": {"width": 361}},
        {"exercise": "deadlift"},
    ],
    ids=["key", "nested_key", "colour", "fault_of_another_exercise", "odd_width", "exercise"],
)
def test_mistakes_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ClipSpec.model_validate(wrong)


@pytest.mark.parametrize("exercise", FAULTS)
def test_every_fault_has_a_measure_and_shows_it(exercise: str) -> None:
    """A large dose changes the measure of that name in the last repetition."""
    sound = {arms: _measures(exercise, {}, arms) for arms in ("chest", *ARMS.values())}
    assert set(sound["chest"]) >= FAULTS[exercise]
    for fault in FAULTS[exercise]:
        arms = ARMS.get(fault, "chest")
        shown = _measures(exercise, {fault: DOSES[exercise][fault]}, arms)
        assert abs(shown[fault] - sound[arms][fault]) > 0.01, fault


def test_longer_thighs_leave_the_stature() -> None:
    plain, long = (build_skeleton(BodySpec(thigh_ratio=ratio)) for ratio in (1.0, 1.12))
    assert long.length("hip_l", "knee_l") == pytest.approx(
        1.12 * plain.length("hip_l", "knee_l"), rel=1e-3
    )
    assert long.length("knee_l", "ankle_l") == plain.length("knee_l", "ankle_l")
    assert long.joints["crown"][1] == plain.joints["crown"][1]


def test_spec_cannot_be_changed() -> None:
    spec = ClipSpec(exercise="squat")
    with pytest.raises(ValidationError):
        spec.exercise = "pull_up"  # type: ignore[misc]
