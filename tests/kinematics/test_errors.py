"""Stated errors: their parts, and whether real errors are as large as stated."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.kinematics.errors import series_error, time_error
from formcheck.kinematics.motion import Motion, measure_motion
from formcheck.kinematics.series import SERIES
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
