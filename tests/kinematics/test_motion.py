"""Every series against the stick figure's own geometry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.errors import UnknownSeriesError
from formcheck.kinematics.motion import Motion, measure_motion
from formcheck.kinematics.series import SERIES
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from tests.helpers.skeleton import (
    ANKLE_HEIGHT,
    ARM,
    BACK,
    FOOT,
    FOREARM,
    FRONT,
    HAND,
    HANGING,
    HINGED,
    HIP_HALF,
    LEG,
    LIFTS,
    PULLED_UP,
    ROW_TOP,
    SHANK,
    SIDE,
    SQUAT_BOTTOM,
    STANDING,
    THIGH,
    TRUNK,
    UPPER_ARM,
    Camera,
    Move,
    Posture,
    clock,
    eased,
    even_set,
    film,
    mix,
    moved,
    share_of,
    squat,
    without,
)

if TYPE_CHECKING:
    from formcheck.pose.track import PoseTrack

T_S = clock(2.0)
RAMP = eased(T_S, [(0.0, 0.0), (0.4, 0.0), (1.6, 1.0)])
OTHER_SIDE = Camera(270.0)


def motion_of(track: PoseTrack) -> Motion:
    return measure_motion(clean(track))


def held(posture: Posture, camera: Camera = SIDE, *, from_bar: bool = False) -> Motion:
    """A body that stays as it is for two seconds, after standing upright for two.

    The upright part shows all segments at their full length.
    """
    t_s = clock(4.0)
    straight = Posture(shin=0.0, thigh=90.0, trunk=0.0, arm=180.0 if from_bar else 0.0, elbow=0.0)
    return motion_of(
        film(t_s, mix(straight, posture, np.where(t_s > 2.0, 1.0, 0.0)), camera, from_bar=from_bar)
    )


def at_the_end(motion: Motion, name: str) -> float:
    values = motion.series(name)[-30:]
    assert np.ptp(values) < 1e-3
    return float(values.mean())


@pytest.mark.parametrize(
    ("thigh", "shin", "height"),
    [
        # reference, appendix A: hip above ankle over the leg's length
        (60, 20, 0.90),
        (60, 30, 0.87),
        (45, 30, 0.79),
        (30, 20, 0.72),
        (30, 40, 0.63),
        (15, 30, 0.56),
        (0, 20, 0.47),
        (0, 30, 0.43),
        (-10, 30, 0.35),
    ],
)
def test_hip_height_follows_from_thigh_and_shin(thigh: float, shin: float, height: float) -> None:
    motion = held(Posture(shin=shin, thigh=thigh))
    assert at_the_end(motion, "hip_height") == pytest.approx(height, abs=0.01)


@pytest.mark.parametrize("camera", [SIDE, OTHER_SIDE])
@pytest.mark.parametrize("posture", [SQUAT_BOTTOM, HINGED, ROW_TOP, replace(STANDING, neck=20.0)])
def test_angles_of_the_near_side(posture: Posture, camera: Camera) -> None:
    motion = held(posture, camera)
    known = {
        "trunk_lean": posture.trunk,
        "knee_flexion": posture.knee,
        "hip_flexion": posture.hip,
        "thigh_elevation": posture.thigh,
        "shin_inclination": posture.shin,
        "elbow_flexion": posture.elbow,
        "neck": posture.neck,
    }
    for name, degrees in known.items():
        assert at_the_end(motion, name) == pytest.approx(float(np.asarray(degrees)), abs=0.01), name
        if name in ("trunk_lean", "knee_flexion", "thigh_elevation"):
            assert at_the_end(motion, f"{name}_3d") == pytest.approx(
                float(np.asarray(degrees)), abs=0.01
            )


@pytest.mark.parametrize("camera", [SIDE, OTHER_SIDE])
@pytest.mark.parametrize("past", [-30.0, 0.0, 25.0])
def test_elbow_past_the_trunk(past: float, camera: Camera) -> None:
    """Positive with the elbow behind the line from shoulder to hip."""
    motion = held(Posture(trunk=60.0, arm=-60.0 - past, elbow=80.0), camera)
    assert at_the_end(motion, "upper_arm_to_trunk") == pytest.approx(past, abs=0.01)
    assert at_the_end(motion, "elbow_past_trunk") == pytest.approx(
        np.sin(np.radians(past)), abs=1e-3
    )


@pytest.mark.parametrize("camera", [SIDE, OTHER_SIDE, FRONT, BACK])
def test_lengths_in_units_of_the_body(camera: Camera) -> None:
    """Heights do not change with the direction of a level camera."""
    motion = held(Posture(shin=25.0, thigh=20.0, trunk=35.0, arm=30.0, elbow=70.0), camera)
    shank, thigh = SHANK * np.cos(np.radians(25)), THIGH * np.sin(np.radians(20))
    drop = UPPER_ARM * np.cos(np.radians(30)) + FOREARM * np.cos(np.radians(100))
    trunk = TRUNK * np.cos(np.radians(35))
    known = {
        "hip_height": (shank + thigh) / LEG,
        "hip_over_knee": thigh / LEG,
        "shoulder_over_hip": trunk / TRUNK,
        "arm_drop": drop / ARM,
        "arm_rise": -drop / ARM,
        "wrist_over_hip": (trunk - drop) / TRUNK,
        "elbow_over_shoulder": -UPPER_ARM * np.cos(np.radians(30)) / ARM,
        "elbow_over_wrist": FOREARM * np.cos(np.radians(100)) / ARM,
        "hip_height_3d": (shank + thigh) / LEG,
    }
    for name, value in known.items():
        assert at_the_end(motion, name) == pytest.approx(value, abs=2e-3), name


@pytest.mark.parametrize(("camera", "sign"), [(SIDE, -1), (OTHER_SIDE, 1)])
def test_positions_along_the_picture_are_positive_forward(camera: Camera, sign: int) -> None:
    place = 0.4 * T_S
    motion = motion_of(film(T_S, STANDING, camera, place_m=place))
    assert motion.view.facing == sign
    for name in ("hip_x", "ankle_x"):
        moved_by = motion.series(name)[-1] - motion.series(name)[0]
        assert moved_by == pytest.approx(0.4 * (T_S[-1] - T_S[0]) / LEG, abs=0.01), name


def test_chin_and_hands_at_the_bar() -> None:
    """From the front: chin 1.5 mouth-to-nose heights below the mouth, bar at the fingers."""
    motion = held(replace(PULLED_UP, trunk=0.0), FRONT, from_bar=True)
    reach = UPPER_ARM * np.cos(np.radians(50)) + FOREARM * np.cos(np.radians(178))
    nose, mouth = 0.20, 0.20 - 0.06
    chin = mouth - 1.5 * (nose - mouth)
    fingers = -reach - HAND * np.cos(np.radians(178))
    assert at_the_end(motion, "chin_over_bar") == pytest.approx((chin - fingers) / TRUNK, abs=2e-3)
    assert at_the_end(motion, "wrist_over_head") == pytest.approx((-reach - nose) / TRUNK, abs=2e-3)


def test_hands_overhead_half_a_second_ahead() -> None:
    press = [Move(1.0, 0.5, 0.5, 0.5)]
    t_s = clock(4.0)
    body = mix(Posture(arm=60.0, elbow=130.0), Posture(arm=178.0, elbow=2.0), share_of(t_s, press))
    overhead = measure_motion(clean(film(t_s, body))).series("overhead")
    assert overhead.max() > 0.5
    assert (overhead[t_s < 0.5] == 0).all()
    assert overhead[np.argmin(np.abs(t_s - 1.0))] > 0.3


@pytest.mark.parametrize("camera", [SIDE, FRONT, BACK])
def test_a_leaning_trunk_from_every_side(camera: Camera) -> None:
    motion = measure_motion(clean(film(clock(2.0), Posture(trunk=60.0), camera)))
    assert at_the_end(motion, "shoulder_over_hip_3d") == pytest.approx(0.5, abs=0.02)


def test_a_camera_that_stays_tells_no_size() -> None:
    assert measure_motion(clean(squat(even_set(3)))).size is None


def test_lengths_hold_while_the_picture_grows() -> None:
    track = film(clock(12.0), STANDING, Camera(90.0, px_per_m=150.0))
    growth = (1 + track.t_s / 12.0)[:, None, None]
    centre = np.array(track.frame_wh) / 2
    nearer = track.with_arrays(xy_px=centre + (track.xy_px - centre) * growth)
    motion = measure_motion(clean(nearer))
    assert motion.size is not None
    assert motion.size[-1] / motion.size[0] == pytest.approx(2.0, rel=0.2)
    height = motion.series("hip_height")
    assert np.ptp(height) < 0.15 * height.mean()


@pytest.mark.parametrize("inwards", [-0.03, 0.0, 0.04, 0.08])
@pytest.mark.parametrize("camera", [FRONT, BACK])
def test_knee_separation(inwards: float, camera: Camera) -> None:
    motion = motion_of(film(T_S, replace(SQUAT_BOTTOM, knee_in=inwards), camera))
    ratio = (HIP_HALF - inwards) / HIP_HALF
    np.testing.assert_allclose(motion.series("knee_separation"), ratio, atol=1e-6)


@pytest.mark.parametrize("camera", [SIDE, OTHER_SIDE])
@pytest.mark.parametrize("rise_m", [0.0, 0.03, 0.06])
def test_heel_rise_over_the_length_of_the_foot(rise_m: float, camera: Camera) -> None:
    rises = np.where(T_S > 1.5, rise_m, 0.0)
    motion = motion_of(film(T_S, Posture(heel=rises), camera))
    rise = motion.series("heel_rise")
    assert rise[-1] - rise[0] == pytest.approx(rise_m / FOOT, abs=5e-3)


def test_one_foot_ahead() -> None:
    legs = np.array([[12.0], [-12.0]])
    stride = 2 * LEG * np.sin(np.radians(12.0))
    split = motion_of(film(T_S, Posture(shin=-legs, thigh=90.0 - legs), Camera(0.0)))
    np.testing.assert_allclose(split.series("ankle_stride"), stride / LEG, atol=1e-3)
    shown = LEG * np.cos(np.radians(12.0))  # the legs as the camera in front sees them
    np.testing.assert_allclose(split.series("ankle_spread"), 2 * HIP_HALF / shown, atol=1e-3)
    np.testing.assert_allclose(split.series("ankle_step"), 0.0, atol=1e-6)
    even = motion_of(film(T_S, STANDING, Camera(0.0)))
    np.testing.assert_allclose(even.series("ankle_stride"), 0.0, atol=1e-3)


def test_knees_bent_differently() -> None:
    legs = np.array([[40.0], [10.0]])
    motion = motion_of(film(T_S, Posture(shin=0.0, thigh=90.0 - legs), Camera(15.0)))
    np.testing.assert_allclose(motion.series("knee_difference"), 30.0, atol=0.01)


@pytest.mark.parametrize("camera", [SIDE, Camera(270.0), FRONT, BACK])
@pytest.mark.parametrize("raised_m", [0.0, 0.03, 0.06])
def test_shoulders_towards_the_ears(raised_m: float, camera: Camera) -> None:
    motion = motion_of(film(T_S, Posture(trunk=0.0, shrug=raised_m * RAMP), camera))
    reach = motion.series("shoulder_to_ear") * motion.trunk_px / camera.px_per_m
    np.testing.assert_allclose(reach, 0.20 - raised_m * RAMP, atol=0.002)


def test_shoulders_towards_the_ears_of_a_bent_trunk() -> None:
    """Measured along the trunk, whatever its lean."""
    motion = motion_of(film(T_S, Posture(trunk=5.0 + 65.0 * RAMP), SIDE))
    np.testing.assert_allclose(motion.series("shoulder_to_ear"), 0.4, atol=0.004)


@pytest.mark.parametrize("camera", [FRONT, BACK])
@pytest.mark.parametrize("shift_m", [-0.04, 0.0, 0.03])
def test_hips_to_the_side(shift_m: float, camera: Camera) -> None:
    """Positive to the lifter's left, whichever way the camera looks."""
    motion = motion_of(film(T_S, Posture(shift=shift_m * RAMP), camera))
    expected = shift_m * RAMP / (2 * HIP_HALF)
    np.testing.assert_allclose(motion.series("hip_shift"), expected, atol=0.005)


@pytest.mark.parametrize(
    ("left", "right", "arm"), [(1.0, 1.0, "both"), (1.0, 0.1, "left"), (0.1, 1.0, "right")]
)
def test_the_arm_that_works(left: float, right: float, arm: str) -> None:
    """A row with one hand, put together from two bodies."""
    moves = even_set(2)
    t_s = clock(moves[-1].end_s + 1.0)
    share = share_of(t_s, moves)
    sides = {
        side: film(t_s, mix(HINGED, ROW_TOP, size * share))
        for side, size in (("left", left), ("right", right))
    }
    of_right = np.array([name.startswith("right_") for name in landmarks.NAMES])[:, None]
    track = sides["left"].with_arrays(
        xy_px=np.where(of_right, sides["right"].xy_px, sides["left"].xy_px),
        world_m=np.where(of_right, sides["right"].world_m, sides["left"].world_m),
    )
    assert motion_of(track).arm == arm


@pytest.mark.parametrize("side", landmarks.SIDES)
def test_a_hidden_hand_that_jumps_does_not_work(side: str) -> None:
    """Behind the body and the bar on the back a wrist is guessed, now here and now there."""
    track = film(T_S, mix(STANDING, SQUAT_BOTTOM, RAMP), Camera(45.0))
    wrist, shoulder = (landmarks.index(name, side) for name in ("wrist", "shoulder"))
    xy = np.array(track.xy_px)
    hands, roots = ([landmarks.index(n, s) for s in landmarks.SIDES] for n in ("wrist", "shoulder"))
    xy[:, hands] = xy[:, roots]
    jumps = np.random.default_rng(1).normal(0.0, 0.25 * TRUNK, (len(T_S), 2))
    xy[:, wrist] = xy[:, shoulder] + jumps * Camera(45.0).px_per_m
    assert motion_of(track.with_arrays(xy_px=xy)).arm == "both"


@pytest.mark.parametrize("azimuth", [0.0, 90.0, 200.0])
@pytest.mark.parametrize("name", LIFTS)
def test_distance_and_place_in_the_picture_do_not_matter(name: str, azimuth: float) -> None:
    """All series are in the body's own units; levels are meant to be compared in time only."""
    moves = even_set(1)
    near = motion_of(LIFTS[name](moves, camera=Camera(azimuth, 250.0, (1000, 1000))))
    far = motion_of(LIFTS[name](moves, camera=Camera(azimuth, 110.0, (700, 500))))
    for series, info in SERIES.items():
        a, b = near.series(series), far.series(series)
        assert a.shape == near.t_s.shape
        if info.unit != "stance":  # a stance has no width from the side
            assert np.isfinite(a).all(), series
        tolerance = 0.01 if info.unit == "deg" else 1e-4
        np.testing.assert_allclose(a - a[0], b - b[0], atol=tolerance, err_msg=series)


def test_units_and_meanings_are_given() -> None:
    assert {info.unit for info in SERIES.values()} <= {
        *("deg", "leg", "arm", "trunk", "foot", "ratio", "stance", "upper arm")
    }
    assert all(info.meaning for info in SERIES.values())


def test_unknown_series() -> None:
    motion = motion_of(film(T_S, STANDING))
    with pytest.raises(UnknownSeriesError, match="There is no series 'nose_length'; `formcheck"):
        motion.series("nose_length")
    with pytest.raises(KeyError, match=r"similar: knee_flexion, knee_flexion_3d and"):
        motion.series("knee_flexion_left")
    with pytest.raises(UnknownSeriesError, match="it is called wrist_over_shoulder now"):
        motion.series("hands_up")


def test_series_cannot_be_written_to() -> None:
    motion = motion_of(film(T_S, STANDING))
    lean = motion.series("trunk_lean")
    with pytest.raises(ValueError, match="read-only"):
        lean[0] = 90.0
    assert motion.series("trunk_lean") is lean


def test_hidden_legs_give_no_leg_angles() -> None:
    legs = [landmarks.index(name, s) for name in ("knee", "ankle") for s in landmarks.SIDES]
    track = film(T_S, HINGED)
    visibility = np.array(track.visibility)
    visibility[:, legs] = 0.2
    motion = motion_of(track.with_arrays(visibility=visibility))
    for name in ("knee_flexion", "shin_inclination", "thigh_elevation", "ankle_step"):
        assert np.isnan(motion.series(name)).all(), name
    for name in ("trunk_lean", "elbow_flexion"):
        assert np.isfinite(motion.series(name)).all(), name


def test_legs_beyond_the_edge_of_the_picture_give_no_leg_angles() -> None:
    """The model is sure of ankles that it cannot see at all."""
    track = film(T_S, STANDING)
    below = 640 - 40 - 200 * (ANKLE_HEIGHT + SHANK / 2)
    cut = replace(track, frame_wh=(640, round(below)))
    motion = motion_of(cut)
    assert np.isnan(motion.series("shin_inclination")).all()
    assert np.isnan(motion.series("knee_flexion")).all()
    assert np.isfinite(motion.series("thigh_elevation")).all()


def test_missing_feet_are_no_error() -> None:
    feet = [landmarks.index(name, s) for name in ("heel", "foot_index") for s in landmarks.SIDES]
    motion = motion_of(without(film(T_S, STANDING), 0.0, 99.0, feet))
    assert np.isnan(motion.series("heel_rise")).all()


@pytest.mark.parametrize(
    "by_px",
    [
        400.0,
        150.0,
    ],
)
def test_a_cut_is_a_break(by_px: float) -> None:
    """The body is about 160 px large; `subject.jump_frames` finds both in the raw track."""
    track = film(clock(4.0), HANGING, BACK, from_bar=True)
    assert motion_of(track).clean.breaks == ()
    cut = motion_of(moved(track, 2.0, by_px))
    assert len(cut.clean.breaks) > 0
    assert np.abs(cut.t_s[list(cut.clean.breaks)] - 2.0).max() <= 0.1
