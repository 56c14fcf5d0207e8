"""The committed sample clips agree with their ground truth (no rendering)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from sample_videos.generator.measures import SINCE_FIRST
from sample_videos.generator.truth import JOINTS, Truth, angles_of, load_truth

CLIPS = Path(__file__).resolve().parents[2] / "sample_videos" / "clips"
SPECS = CLIPS.parent / "specs"
NAMES = sorted(path.stem for path in CLIPS.glob("*.mp4"))
GOOD = [
    name for name in NAMES if name.endswith(("_good", "_big_plates")) or name.startswith("strong_")
]
SIDES = ("left", "right")
BONES = (
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("hip", "knee"),
    ("knee", "ankle"),
    ("ankle", "heel"),
)
MAX_CLIP_BYTES = 250_000
MAX_TOTAL_BYTES = 6_500_000

# what a rep with the fault reaches, and what a good rep stays away from
LIMITS: dict[str, dict[str, tuple[str, float, float]]] = {
    "squat": {
        "lean": (">", 55, 46),
        "lean_growth": (">", 1, 3),
        "depth": (">", 25, 12),
        "hips_first": (">", 8, 3),
        "knees_in": ("<", 0.8, 0.88),
        "heel_rise": (">", 0.03, 0.005),
    },
    "bent_over_row": {
        "heave": (">", 18, 8),
        "hinge_angle": ("<", 40, 55),
        "top_range": ("<", 0.25, 0.4),
        "shrug": (">", 0.03, 0.01),
        "range_loss": (">", 0.02, 0.05),
    },
    "pull_up": {
        "chin": ("<", -0.05, 0.02),
        "hang": (">", 35, 15),
        "kip": (">", 20, 8),
        "top_stall": ("<", 0.4, 0.5),
        "asymmetry": (">", 6, 2),
    },
}

pytestmark = pytest.mark.skipif(not NAMES, reason="no sample clips in this copy")


def _truth(name: str) -> Truth:
    return load_truth(CLIPS / f"{name}.json")


def _decoded(name: str) -> tuple[np.ndarray, tuple[int, int], int]:
    """Frame times (s), stored size (px) and rotation (degrees) of a clip."""
    times = []
    with av.open(str(CLIPS / f"{name}.mp4")) as container:
        for frame in container.decode(video=0):
            times.append(frame.time)
            size, rotation = (frame.width, frame.height), int(frame.rotation)
    return np.array(times, dtype=float), size, rotation


def _shows(kind: str, value: float, limit: float) -> bool:
    return value > limit if kind == ">" else value < limit


def _reps(name: str) -> list[dict[str, Any]]:
    reps: list[dict[str, Any]] = _truth(name).document["reps"]
    return reps


def test_every_clip_has_spec_and_truth() -> None:
    stems = {path.stem for path in CLIPS.glob("*.json")}
    assert stems == set(NAMES)
    assert {path.stem for path in SPECS.glob("*.toml")} == set(NAMES)


def test_clips_are_small() -> None:
    sizes = [path.stat().st_size for path in CLIPS.iterdir()]
    assert max(sizes) < MAX_CLIP_BYTES
    assert sum(sizes) < MAX_TOTAL_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_frames_match_the_video(name: str) -> None:
    truth = _truth(name)
    times, (width, height), rotation = _decoded(name)
    assert len(times) == truth.document["frames"] == len(truth.t_s)
    assert times[0] == pytest.approx(0, abs=1e-3)
    np.testing.assert_allclose(times, truth.t_s, atol=1e-3)
    camera = truth.document["camera"]
    shown = (height, width) if rotation % 180 else (width, height)
    assert shown == (camera["width_px"], camera["height_px"])
    assert bool(rotation % 180) == truth.document["video"]["rotated"]


@pytest.mark.parametrize("name", NAMES)
def test_bones_keep_their_length(name: str) -> None:
    joints = _truth(name).joints
    assert set(joints) == set(JOINTS)
    for side in SIDES:
        for a, b in BONES:
            length = np.linalg.norm(joints[f"{side}_{a}"] - joints[f"{side}_{b}"], axis=1)
            assert np.ptp(length) < 1e-3, (side, a, b)
    hips = np.linalg.norm(joints["left_hip"] - joints["right_hip"], axis=1)
    assert np.ptp(hips) < 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_angles_follow_from_the_joints(name: str) -> None:
    truth = _truth(name)
    again = angles_of(truth.joints)
    assert set(again) == set(truth.angles)
    for column, values in again.items():
        np.testing.assert_allclose(values, truth.angles[column], atol=0.15, err_msg=column)


@pytest.mark.parametrize("name", NAMES)
def test_pixels_follow_from_the_camera(name: str) -> None:
    truth = _truth(name)
    camera = truth.document["camera"]
    view = np.array(camera["view_matrix"])
    for joint, points in truth.joints.items():
        seen = points @ view[:3, :3].T + view[:3, 3]
        u = camera["width_px"] / 2 - camera["focal_px"] * seen[:, 0] / seen[:, 2]
        v = camera["height_px"] / 2 + camera["focal_px"] * seen[:, 1] / seen[:, 2]
        np.testing.assert_allclose(np.stack([u, v], axis=1), truth.pixels[joint], atol=0.15)


@pytest.mark.parametrize("name", NAMES)
def test_reps_are_in_order(name: str) -> None:
    truth, last = _truth(name), 0.0
    reps = truth.document["reps"]
    assert 3 <= len(reps) <= 6
    for rep in reps:
        assert last <= rep["start_s"] < rep["turn_s"] < rep["end_s"] <= truth.t_s[-1]
        last = rep["end_s"]
    assert reps[0]["start_s"] >= 0.7
    assert truth.t_s[-1] - last >= 0.7


@pytest.mark.parametrize("name", NAMES)
def test_faults_are_measurable(name: str) -> None:
    limits = LIMITS.get(_truth(name).document["exercise"], {})
    for rep in _reps(name):
        for fault, size in rep["faults"].items():
            kind, limit, _ = limits[fault]
            assert _shows(kind, size, limit), (fault, size)
            assert size == rep["measures"][fault]


@pytest.mark.parametrize("name", GOOD)
def test_good_clips_have_no_fault(name: str) -> None:
    for rep in _reps(name):
        assert rep["faults"] == {}
        for fault, (kind, _, limit) in LIMITS[_truth(name).document["exercise"]].items():
            assert not _shows(kind, rep["measures"][fault], limit), (fault, rep["measures"])


def test_long_thighs_lean_far_and_deep_without_a_fault() -> None:
    for rep in _reps("long_thighs_squat"):
        assert rep["faults"] == {}
        measures = rep["measures"]
        assert measures["lean"] > 46
        assert measures["depth"] < 5
        assert abs(measures["hips_first"]) < 3


def test_weak_upper_back_shows_in_all_three_lifts() -> None:
    squat, row, pull_up = (_reps(f"weak_upper_back_{name}") for name in ("squat", "row", "pull_up"))
    assert squat[-1]["measures"]["lean_growth"] > 8
    assert max(rep["measures"]["top_range"] for rep in row) < -0.1
    assert sum(rep["measures"]["chin"] < 0 for rep in pull_up) == len(pull_up) - 1


def test_every_fault_is_shown_by_some_clip() -> None:
    shown = {
        (_truth(name).document["exercise"], fault)
        for name in NAMES
        for rep in _reps(name)
        for fault in rep["faults"]
    }
    assert shown == {(exercise, fault) for exercise, faults in LIMITS.items() for fault in faults}


def test_measures_against_the_first_rep_start_at_zero() -> None:
    for name in NAMES:
        first = _reps(name)[0]
        compared = set(SINCE_FIRST) & set(first["measures"]) - {"speed_loss"}
        assert {first["measures"][measure] for measure in compared} <= {0}, name
        assert not set(SINCE_FIRST) & set(first["faults"]), name


def test_tiring_row_loses_range_rep_by_rep() -> None:
    losses = [rep["measures"]["range_loss"] for rep in _reps("row_side_tiring")]
    assert losses == sorted(losses)
    assert losses[-1] > 0.2


@pytest.mark.parametrize("name", [n for n in NAMES if "pull_up" not in n])
def test_feet_stay_where_they_are(name: str) -> None:
    joints = _truth(name).joints
    for side in SIDES:
        assert np.ptp(joints[f"{side}_toe"], axis=0).max() < 1e-3
        if "heel_rise" not in name:
            assert np.ptp(joints[f"{side}_heel"], axis=0).max() < 1e-3


@pytest.mark.parametrize("name", [n for n in NAMES if "pull_up" in n or "row" in n])
def test_hands_hold_the_bar(name: str) -> None:
    truth = _truth(name)
    assert truth.bar is not None
    for side in SIDES:
        across = truth.joints[f"{side}_wrist"] - truth.bar
        across[:, 0] = 0
        assert np.linalg.norm(across, axis=1).max() < 0.12
