"""Stated errors: their parts, and whether real errors are as large as stated."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.kinematics.draws import SEEN_TRUNKS, TAIL
from formcheck.kinematics.errors import angle_errors, series_error, time_error
from formcheck.kinematics.motion import Motion, measure_motion
from formcheck.kinematics.series import SERIES
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from formcheck.pose.model import Quality
from tests.helpers.skeleton import (
    FRONT,
    SIDE,
    STANDING,
    Camera,
    Posture,
    clock,
    even_set,
    film,
    squat,
    with_noise,
)

if TYPE_CHECKING:
    from formcheck.pose.track import PoseTrack

MOVES = even_set(3)


def motion_of(track: PoseTrack) -> Motion:
    return measure_motion(clean(track))


@pytest.mark.parametrize("camera", [SIDE, FRONT])
def test_every_series_has_an_error(camera: Camera) -> None:
    motion = motion_of(with_noise(squat(MOVES, camera=camera), 1.0))
    for name in SERIES:
        value, change = (series_error(motion, name, change=c) for c in (False, True))
        assert 0 < change < value < math.inf, name


@pytest.mark.parametrize("camera", [SIDE, Camera(45.0)])
def test_a_smaller_network_is_less_sure_of_angles(camera: Camera) -> None:
    cleaned = clean(with_noise(squat(MOVES[:1], camera=camera), 1.0))  # fitted four times
    usual, small, large, other = (
        measure_motion(cleaned, network=network)
        for network in (Quality.STANDARD, Quality.FAST, Quality.BEST, None)
    )
    for name in ("trunk_lean", "knee_flexion"):
        sure = series_error(usual, name, change=False)
        assert 1.2 * sure < series_error(small, name, change=False) <= 1.4 * sure
        assert series_error(large, name, change=False) == sure
        assert series_error(other, name, change=False) == sure


def test_a_quiet_clip_keeps_a_floor() -> None:
    motion = motion_of(squat(MOVES))
    assert motion.clean.noise_px < 0.1
    for name in ("trunk_lean", "knee_flexion", "elbow_flexion", "thigh_elevation"):
        assert series_error(motion, name, change=False) > 2.0
    for name in ("hip_height", "arm_drop", "knee_separation"):
        assert series_error(motion, name, change=False) > 0.02


@pytest.mark.parametrize("name", ["trunk_lean", "knee_flexion", "thigh_elevation"])
def test_the_guess_of_depth_is_less_sure_than_the_picture(name: str) -> None:
    side, front = motion_of(squat(MOVES)), motion_of(squat(MOVES, camera=FRONT))
    picture = series_error(side, name, change=False)
    assert series_error(side, f"{name}_3d", change=False) > 1.5 * picture
    assert series_error(front, name, change=False) > 1.5 * picture


@pytest.mark.parametrize("noise_px", [1.0, 4.0])
def test_noise_adds_to_the_floor(noise_px: float) -> None:
    """One landmark's noise s at both ends of a segment L: 57.3 * sqrt(2) * s / L degrees."""
    quiet, noisy = motion_of(squat(MOVES)), motion_of(with_noise(squat(MOVES), noise_px))
    for name, length_m in (("trunk_lean", 0.50), ("knee_flexion", 0.43)):
        added = math.degrees(math.sqrt(2) * noisy.clean.noise_px / (200 * length_m))
        floor, total = (series_error(motion, name, change=False) for motion in (quiet, noisy))
        assert total == pytest.approx(math.hypot(floor, added), rel=0.03), name


@pytest.mark.parametrize("noise_px", [1.0, 3.0])
def test_stated_errors_cover_what_noise_does(noise_px: float) -> None:
    """Without the floors, the noise of the clip explains the scatter of a still body."""
    still = film(clock(20.0), Posture(shin=20.0, thigh=40.0, trunk=30.0), SIDE)
    quiet, noisy = motion_of(still), motion_of(with_noise(still, noise_px))
    for name in ("trunk_lean", "shin_inclination", "thigh_elevation", "hip_height"):
        scatter = float(np.std(noisy.series(name)))
        floor, total = (series_error(motion, name, change=False) for motion in (quiet, noisy))
        from_noise = math.sqrt(total**2 - floor**2)
        assert 0.5 * from_noise < scatter < 1.3 * from_noise, name


@pytest.mark.parametrize(("rate_hz", "seconds"), [(30.0, 0.05), (60.0, 0.025), (10.0, 0.15)])
def test_events_are_known_to_one_and_a_half_frames(rate_hz: float, seconds: float) -> None:
    motion = motion_of(squat(MOVES, t_s=clock(5.0, rate_hz)))
    assert time_error(motion) == pytest.approx(seconds)


def test_one_frame_has_no_time_error() -> None:
    assert math.isnan(time_error(motion_of(film(clock(0.02), STANDING))))


def with_errors(motion: Motion, trunks: float, *names: str) -> Motion:
    """With landmarks of both sides that may be off by so much, the others by nothing."""
    error_px = np.zeros_like(motion.clean.error_px)
    for name in names:
        for side in landmarks.SIDES:
            error_px[:, landmarks.index(name, side)] = trunks * motion.trunk_px
    return replace(motion, clean=replace(motion.clean, error_px=error_px))


def test_an_angle_has_its_usual_error_where_all_is_seen_well() -> None:
    motion = with_errors(motion_of(squat(MOVES)), 0.03, "hip", "knee", "ankle", "shoulder")
    for name, error in angle_errors(motion).items():
        base = name.removesuffix("_left").removesuffix("_right")
        usual = series_error(motion, base, change=False)
        assert np.nanmin(error) == pytest.approx(usual), name
        assert np.nanmax(error) == pytest.approx(usual), name


def test_an_angle_takes_the_errors_of_its_ends_across_the_segment() -> None:
    plain = motion_of(squat(MOVES))
    motion = with_errors(plain, 0.1, "knee")
    side = motion.view.near_side
    knee, ankle = (motion.track.point(name, side)[0] for name in ("knee", "ankle"))
    off_px = TAIL * math.sqrt(0.1**2 - SEEN_TRUNKS**2) * motion.trunk_px
    turn = math.degrees(off_px / float(np.linalg.norm(knee - ankle)))
    usual = series_error(motion, "shin_inclination", change=False)
    errors = angle_errors(motion)
    shin = errors[f"shin_inclination_{side}"][0]
    assert shin == pytest.approx(math.hypot(usual, turn), rel=0.03)
    assert errors["trunk_lean"][0] == pytest.approx(
        series_error(motion, "trunk_lean", change=False)
    )
    both = with_errors(plain, 0.1, "knee", "ankle")
    more = angle_errors(both)[f"shin_inclination_{side}"][0]
    assert more == pytest.approx(math.hypot(usual, math.sqrt(2) * turn), rel=0.03)


def test_a_middle_of_two_is_off_by_less_than_each() -> None:
    motion = with_errors(motion_of(squat(MOVES)), 0.1, "shoulder")
    off = TAIL * math.sqrt(0.1**2 - SEEN_TRUNKS**2) / math.sqrt(2)
    usual = series_error(motion, "trunk_lean", change=False)
    lean = angle_errors(motion)["trunk_lean"][0]
    assert lean == pytest.approx(math.hypot(usual, math.degrees(off)), rel=0.05)


def test_angles_of_a_fitted_body_have_the_errors_of_the_fit() -> None:
    motion = motion_of(with_noise(squat(MOVES[:1], camera=Camera(45.0)), 1.0))
    assert motion.fit is not None
    errors = angle_errors(motion)
    expected = np.hypot(motion.fit.errors["trunk_lean"], motion.fit.doubts["trunk_lean"])
    np.testing.assert_array_equal(errors["trunk_lean"], expected)
    assert np.isnan(motion.angles["trunk_lean"]).sum() == np.isnan(errors["trunk_lean"]).sum()


def test_errors_of_angles_are_the_same_each_time() -> None:
    motion = motion_of(with_noise(squat(MOVES), 1.0))
    first, second = angle_errors(motion), angle_errors(motion)
    for name, error in first.items():
        np.testing.assert_array_equal(error, second[name])
