"""Angles of a body whose angles are known, from every side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.kinematics.angles import AngleSource, best_angles, compute_angles
from formcheck.kinematics.view import View, ViewLabel, estimate_view
from formcheck.pose import landmarks
from tests.helpers.skeleton import (
    BACK,
    FRONT,
    HANGING,
    HINGED,
    ROW_TOP,
    SIDE,
    SQUAT_BOTTOM,
    STANDING,
    Camera,
    Posture,
    clock,
    film,
    without,
)

T_S = clock(1.5)
TRUNK_PX = 100.0
POSTURES = {
    "standing": STANDING,
    "squat": SQUAT_BOTTOM,
    "below parallel": Posture(shin=38.0, thigh=-12.0, trunk=48.0, arm=20.0, elbow=120.0),
    "half squat": Posture(shin=25.0, thigh=42.0, trunk=25.0, arm=35.0, elbow=60.0),
    "leaning back": Posture(shin=-4.0, thigh=86.0, trunk=-6.0, arm=10.0, elbow=20.0),
    "hinged": HINGED,
    "row top": ROW_TOP,
    "head forward": replace(HINGED, neck=25.0),
    "head back": replace(STANDING, neck=-15.0),
}


def wrapped(degrees: float) -> float:
    return (degrees + 180) % 360 - 180


def expected(posture: Posture) -> dict[str, float]:
    """Angles by their definition (reference 2.1), from the posture's own."""
    arm, trunk = float(np.asarray(posture.arm)), float(np.asarray(posture.trunk))
    return {
        "knee_flexion": float(posture.knee),
        "hip_flexion": float(posture.hip),
        "shin_inclination": float(np.asarray(posture.shin)),
        "thigh_elevation": float(np.asarray(posture.thigh)),
        "elbow_flexion": float(np.asarray(posture.elbow)),
        "shoulder_elevation": abs(wrapped(arm + trunk)),
        "upper_arm_to_trunk": wrapped(-arm - trunk),
        "neck": float(np.asarray(posture.neck)),
    }


def view_of(azimuth_deg: float) -> View:
    """The true view, so that these tests do not depend on its estimate."""
    yaw = abs(wrapped(azimuth_deg)) - 90.0
    label = ViewLabel.SIDE_LEFT if azimuth_deg < 180 else ViewLabel.SIDE_RIGHT
    near, facing = ("left", -1) if azimuth_deg < 180 else ("right", 1)
    return View(label, abs(yaw), 8.0, 1.0, near, facing)


@pytest.mark.parametrize("azimuth", [90.0, 270.0])
@pytest.mark.parametrize("name", POSTURES)
def test_picture_from_the_side(name: str, azimuth: float) -> None:
    posture = POSTURES[name]
    angles = compute_angles(
        film(T_S, posture, Camera(azimuth)), view_of(azimuth), AngleSource.IMAGE
    )
    np.testing.assert_allclose(angles["trunk_lean"], float(np.asarray(posture.trunk)), atol=1e-6)
    for side in landmarks.SIDES:
        for column, degrees in expected(posture).items():
            np.testing.assert_allclose(
                angles[f"{column}_{side}"], degrees, atol=1e-5, err_msg=column
            )


@pytest.mark.parametrize("azimuth", [0.0, 20.0, 45.0, 90.0, 135.0, 180.0, 225.0, 300.0])
@pytest.mark.parametrize("name", POSTURES)
def test_world_landmarks_from_anywhere(name: str, azimuth: float) -> None:
    posture = POSTURES[name]
    angles = compute_angles(
        film(T_S, posture, Camera(azimuth)), view_of(azimuth), AngleSource.WORLD
    )
    np.testing.assert_allclose(angles["trunk_lean"], float(np.asarray(posture.trunk)), atol=1e-6)
    in_space = expected(posture)
    del in_space["shoulder_elevation"]  # shoulders are wider than hips: not the plane's angle
    for side in landmarks.SIDES:
        for column, degrees in in_space.items():
            np.testing.assert_allclose(
                angles[f"{column}_{side}"], degrees, atol=1e-5, err_msg=column
            )


@pytest.mark.parametrize("arch", [10.0, 20.0])
def test_an_arched_hip_is_not_a_bent_one(arch: float) -> None:
    """Reference A5: hip flexion = 90 - thigh elevation + trunk lean, here negative."""
    arched = compute_angles(
        film(T_S, Posture(thigh=90.0, trunk=-arch)), view_of(90.0), AngleSource.IMAGE
    )
    np.testing.assert_allclose(arched["hip_flexion_left"], -arch, atol=1e-6)


@pytest.mark.parametrize(
    ("yaw", "lean", "seen"),
    [
        # reference, appendix A
        (20.0, 40.0, 38.26),
        (30.0, 40.0, 36.01),
        (40.0, 40.0, 32.73),
        # reference 2.3: what is lost
        (10.0, 50.0, 50 - 0.4),
        (20.0, 30.0, 30 - 1.5),
        (30.0, 60.0, 60 - 3.7),
        (45.0, 50.0, 50 - 9.9),
        (60.0, 20.0, 20 - 9.7),
    ],
)
def test_picture_is_foreshortened_as_derived(yaw: float, lean: float, seen: float) -> None:
    track = film(T_S, Posture(trunk=lean), Camera(90.0 - yaw))
    view = view_of(90.0 - yaw)
    flat = compute_angles(track, view, AngleSource.IMAGE)["trunk_lean"]
    np.testing.assert_allclose(flat, seen, atol=0.05)
    solid = compute_angles(track, view, AngleSource.WORLD)["trunk_lean"]
    np.testing.assert_allclose(solid, lean, atol=1e-6)


@pytest.mark.parametrize(
    ("camera", "image_arms", "image_legs"),
    [(SIDE, True, True), (FRONT, True, False), (BACK, True, False), (Camera(45.0), False, False)],
)
def test_best_source_without_a_fitted_body(
    camera: Camera, image_arms: bool, image_legs: bool
) -> None:
    track = film(T_S, HANGING, camera, from_bar=True)
    view = estimate_view(track, trunk_px=TRUNK_PX)
    world = compute_angles(track, view, AngleSource.WORLD)
    angles = best_angles(track, view, world, None)
    for side in landmarks.SIDES:
        elbow, knee = f"elbow_flexion_{side}", f"knee_flexion_{side}"
        assert angles.sources[elbow] is (AngleSource.IMAGE if image_arms else AngleSource.WORLD)
        assert angles.sources[knee] is (AngleSource.IMAGE if image_legs else AngleSource.WORLD)
        for column in (elbow, knee):
            source = compute_angles(track, view, angles.sources[column])
            np.testing.assert_array_equal(angles[column], source[column])


def test_missing_landmark_takes_only_its_own_angles() -> None:
    ankle = landmarks.index("ankle", "left")
    track = without(film(T_S, SQUAT_BOTTOM), 0.5, 1.0, [ankle])
    angles = compute_angles(track, view_of(90.0), AngleSource.IMAGE)
    gone = (T_S >= 0.5) & (T_S < 1.0)
    lost = {name for name, values in angles.columns.items() if np.isnan(values).any()}
    assert lost == {"knee_flexion_left", "shin_inclination_left"}
    for name in lost:
        np.testing.assert_array_equal(np.isnan(angles[name]), gone)
