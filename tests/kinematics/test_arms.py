"""The series of the hands against the stick figure's own geometry."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.kinematics.motion import measure_motion
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from tests.helpers.skeleton import (
    BACK,
    FOREARM,
    FRONT,
    SHOULDER_HALF,
    SIDE,
    TRUNK,
    UPPER_ARM,
    Camera,
    Posture,
    clock,
    film,
    without,
)

T_S = clock(2.0)
CAMERAS = [SIDE, Camera(270.0), Camera(45.0), FRONT, BACK]


def value(name: str, posture: Posture, camera: Camera) -> float:
    series = measure_motion(clean(film(T_S, posture, camera))).series(name)
    assert series.shape == T_S.shape
    return float(np.median(series))


@pytest.mark.parametrize("camera", CAMERAS)
def test_arms_straight_ahead(camera: Camera) -> None:
    ahead = Posture(arm=90.0, elbow=0.0)
    reach = (UPPER_ARM + FOREARM) / TRUNK
    assert value("wrist_ahead", ahead, camera) == pytest.approx(reach, rel=0.03)
    assert value("wrist_away", ahead, camera) == pytest.approx(reach, rel=0.03)
    assert value("wrist_over_shoulder", ahead, camera) == pytest.approx(0.0, abs=0.02)
    assert value("wrist_separation", ahead, camera) == pytest.approx(1.0, rel=0.03)


@pytest.mark.parametrize("camera", CAMERAS)
def test_arms_hanging(camera: Camera) -> None:
    hanging = Posture(arm=0.0, elbow=0.0)
    assert value("wrist_over_shoulder", hanging, camera) == pytest.approx(
        -(UPPER_ARM + FOREARM) / TRUNK, rel=0.03
    )
    assert value("wrist_ahead", hanging, camera) == pytest.approx(0.0, abs=0.03)


def test_hands_behind_are_negative() -> None:
    assert value("wrist_ahead", Posture(arm=-40.0, elbow=0.0), SIDE) < -0.5


def test_arms_out_to_the_sides() -> None:
    wide = Posture(arm=90.0, elbow=0.0, arm_plane=90.0)
    apart = 1 + (UPPER_ARM + FOREARM) / SHOULDER_HALF
    assert value("wrist_separation", wide, FRONT) == pytest.approx(apart, rel=0.03)


@pytest.mark.parametrize(
    "name", ["wrist_ahead", "wrist_over_shoulder", "wrist_away", "wrist_separation"]
)
def test_hidden_hands_have_no_place(name: str) -> None:
    marks = [landmarks.index("wrist", side) for side in landmarks.SIDES]
    motion = measure_motion(clean(without(film(T_S, Posture()), 0.0, 9.0, marks)))
    assert np.isnan(motion.series(name)).all()


def test_how_well_they_are_seen() -> None:
    track = film(T_S, Posture(), SIDE)
    assert measure_motion(clean(track)).series("arm_seen")[0] == pytest.approx(0.98, abs=0.01)
    dim = track.with_arrays(visibility=np.full_like(track.visibility, 0.4))
    assert measure_motion(clean(dim)).series("arm_seen")[0] == pytest.approx(0.4, abs=0.01)
