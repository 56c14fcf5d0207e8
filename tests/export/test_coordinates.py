"""Coordinates: OpenSim's signs, the near side only, and nothing that the view hides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.export.coordinates import coordinates
from formcheck.kinematics.motion import measure_motion
from formcheck.pose.cleaning import clean
from tests.helpers import skeleton as sk

MOVES = sk.even_set(2)


@pytest.mark.parametrize(("azimuth", "side"), [(90, "l"), (-90, "r")])
def test_a_squat_from_the_side(azimuth: float, side: str) -> None:
    found = coordinates(measure_motion(clean(sk.squat(MOVES, camera=sk.Camera(azimuth)))))
    posture = sk.mix(sk.STANDING, sk.SQUAT_BOTTOM, sk.share_of(found.t_s, MOVES))
    arm = np.asarray(posture.arm) + np.asarray(posture.trunk)  # against the leaning trunk
    expected = {
        "pelvis_tilt": -np.asarray(posture.trunk),
        f"hip_flexion_{side}": posture.hip,
        f"knee_angle_{side}": posture.knee,
        f"arm_flex_{side}": arm,
        f"elbow_flex_{side}": np.asarray(posture.elbow),
    }
    assert list(found.columns) == list(expected)
    for name, values in expected.items():
        assert np.abs(found.columns[name] - values).max() < 1.5, name


def test_at_an_angle_both_sides_right_first() -> None:
    found = coordinates(measure_motion(clean(sk.squat(MOVES, camera=sk.Camera(45)))))
    posture = sk.mix(sk.STANDING, sk.SQUAT_BOTTOM, sk.share_of(found.t_s, MOVES))
    names = ("hip_flexion", "knee_angle", "arm_flex", "elbow_flex")
    assert list(found.columns) == ["pelvis_tilt", *(f"{n}_{s}" for s in "rl" for n in names)]
    for side in "rl":
        assert np.abs(found.columns[f"knee_angle_{side}"] - posture.knee).max() < 5
        assert np.abs(found.columns[f"hip_flexion_{side}"] - posture.hip).max() < 5


@pytest.mark.parametrize("azimuth", [0, 180])
def test_from_front_or_back_only_the_elbows(azimuth: float) -> None:
    found = coordinates(measure_motion(clean(sk.pull_up(MOVES, camera=sk.Camera(azimuth)))))
    assert set(found.columns) == {"elbow_flex_l", "elbow_flex_r"}


def test_an_arm_overhead_does_not_jump_over_the_half_turn() -> None:
    t_s = sk.clock(4.0)
    swing = replace(sk.STANDING, arm=180.0 + 12.0 * np.sin(3.0 * t_s))
    found = coordinates(measure_motion(clean(sk.film(t_s, swing, sk.SIDE))))
    arm = found.columns["arm_flex_l"]
    assert np.abs(np.diff(arm)).max() < 3
    assert np.abs(arm - 183.0 - 12.0 * np.sin(3.0 * found.t_s)).max() < 1.5


def test_a_fit_that_failed_leaves_nothing_to_tell() -> None:
    motion = measure_motion(clean(sk.squat(MOVES[:1], camera=sk.Camera(45))))
    short = measure_motion(clean(sk.squat(MOVES, camera=sk.Camera(45)).select(slice(0, 6))))
    assert coordinates(motion).columns
    assert short.fit is None
    assert not coordinates(short).columns
