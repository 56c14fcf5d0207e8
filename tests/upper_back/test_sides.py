"""Left against right, on stick figures whose arms are told what to do."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.kinematics.motion import measure_motion
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.engine import find_reps
from formcheck.rules.book import built_in_book
from formcheck.upper_back.balance import SideGrade
from formcheck.upper_back.cues import cue_table
from formcheck.upper_back.sides import HOW, ONE_ARM, compare_sides, off_front
from tests.helpers import skeleton as s
from tests.helpers.skeleton import (
    BACK,
    FRONT,
    HINGED,
    ROW_TOP,
    SIDE,
    Camera,
    Posture,
    clock,
    even_set,
    film,
    mix,
    pull_up,
    row,
    squat,
    with_noise,
)

if TYPE_CHECKING:
    from formcheck.kinematics.motion import Motion
    from formcheck.pose.track import PoseTrack
    from formcheck.reps.cycles import Cycle
    from formcheck.upper_back.balance import SideDifference

MOVES = even_set(6, hold_s=0.3)
T_S = clock(MOVES[-1].end_s + 1.0)
ARM_MARKS = ("elbow", "wrist", "pinky", "index", "thumb")


def arm_of(whole: PoseTrack, other: PoseTrack, side: str) -> PoseTrack:
    """The first track with one arm of the second, hung from its own shoulder."""
    xy, world = np.array(whole.xy_px), np.array(whole.world_m)
    shoulder = landmarks.index("shoulder", side)
    for name in ARM_MARKS:
        mark = landmarks.index(name, side)
        xy[:, mark] = xy[:, shoulder] + other.xy_px[:, mark] - other.xy_px[:, shoulder]
        world[:, mark] = world[:, shoulder] + other.world_m[:, mark] - other.world_m[:, shoulder]
    return whole.with_arrays(xy_px=xy, world_m=world)


def uneven_row(side: str, size: float, camera: Camera = FRONT, delay_s: float = 0.0) -> PoseTrack:
    """Rows in which one arm does only a share of the way, or comes later."""
    whole = row(MOVES, t_s=T_S, camera=camera)
    moves = [replace(m, start_s=m.start_s + delay_s, size=size) for m in MOVES]
    return arm_of(whole, row(moves, t_s=T_S, camera=camera), side)


def rolled(track: PoseTrack, degrees: float) -> PoseTrack:
    """The picture of a camera that is not level."""
    angle, middle = math.radians(degrees), np.array(track.frame_wh) / 2
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return track.with_arrays(xy_px=(track.xy_px - middle) @ turn.T + middle)


def measured(track: PoseTrack, exercise: str) -> tuple[Motion, list[Cycle]]:
    motion = measure_motion(clean(with_noise(track, 0.2)))
    return motion, [
        r.cycle for r in find_reps(motion, built_in_book().exercise(exercise)) if r.counts
    ]


def compared(track: PoseTrack, exercise: str = "bent_over_row") -> dict[str, SideDifference]:
    motion, cycles = measured(track, exercise)
    assert len(cycles) == len(MOVES)
    return {d.variable.id: d for d in compare_sides(motion, exercise, cycles)}


def travel_lost(size: float) -> float:
    """Per cent by which the hand of an arm that does a share of the way travels less."""
    ways = []
    for share in (1.0, size):
        posture = mix(HINGED, ROW_TOP, np.array([0.0, share]))
        track = film(np.array([0.0, 1.0]), posture, FRONT)
        drop = track.point("wrist", "left")[:, 1] - track.point("shoulder", "left")[:, 1]
        ways.append(float(drop[0] - drop[1]))
    return 100 * (1 - ways[1] / ways[0])


@pytest.mark.parametrize("camera", [FRONT, BACK])
@pytest.mark.parametrize("side", landmarks.SIDES)
def test_an_arm_that_travels_less_is_named(side: str, camera: Camera) -> None:
    """The lifter's own side, from in front and from behind."""
    size = 0.877
    expected = travel_lost(size)
    assert expected == pytest.approx(20, abs=1)
    found = compared(uneven_row(side, size, camera))["range"]
    assert found.grade is SideGrade.CLEAR
    assert found.side == side
    assert abs(found.value) == pytest.approx(expected, abs=3.0)
    assert found.message is not None
    assert found.message.startswith(f"Your {side} arm travels less")


@pytest.mark.parametrize("size", [0.99, 1.0])
def test_arms_that_do_the_same_are_level(size: float) -> None:
    found = compared(uneven_row("left", size))
    assert {d.grade for d in found.values()} == {SideGrade.OK}


WIDE_PULL = (
    s.Posture(shin=-10.0, thigh=88.0, trunk=0.0, arm=178.0, elbow=4.0, arm_plane=90.0),
    s.Posture(shin=-10.0, thigh=88.0, trunk=0.0, arm=75.0, elbow=95.0, arm_plane=90.0),
)
"""A pull-up whose arms move in the picture's plane, so that a rolled camera mixes up
and sideways the most."""


@pytest.mark.parametrize("camera", [FRONT, BACK])
@pytest.mark.parametrize("roll", [-6.0, 6.0])
def test_a_camera_that_is_not_level_cancels(roll: float, camera: Camera) -> None:
    hang, top = WIDE_PULL
    rows = compared(rolled(row(MOVES, t_s=T_S, camera=camera), roll))
    pulls = compared(rolled(pull_up(MOVES, camera=camera, hang=hang, top=top), roll), "pull_up")
    for found in (rows, pulls):
        assert {d.grade for d in found.values()} == {SideGrade.OK}
        assert abs(found["shoulder_tilt"].value) < 0.5
        assert abs(found["range"].value) < 2.0


def test_what_differs_at_rest_already_is_no_difference() -> None:
    """One shoulder sits a tenth of a trunk lower all the time."""
    track = row(MOVES, t_s=T_S, camera=FRONT)
    xy = np.array(track.xy_px)
    xy[:, landmarks.index("shoulder", "left"), 1] += 0.1 * s.TRUNK * FRONT.px_per_m
    found = compared(track.with_arrays(xy_px=xy))
    assert found["shoulder_tilt"].value == pytest.approx(0.0, abs=0.5)


def test_a_rolled_camera_does_not_hide_a_difference() -> None:
    found = compared(rolled(uneven_row("right", 0.72), 5.0))["range"]
    assert (found.grade, found.side) == (SideGrade.CLEAR, "right")


def test_a_late_arm_is_told_with_its_time() -> None:
    found = compared(uneven_row("right", 1.0, delay_s=0.25))["lag"]
    assert found.value == pytest.approx(0.25, abs=0.04)
    assert found.message is not None
    assert found.message.startswith("Your right arm reaches the top later than your left arm")


def test_a_low_elbow_is_told() -> None:
    found = compared(uneven_row("left", 0.72))["elbow_height"]
    assert (found.is_flagged, found.side) == (True, "left")


@pytest.mark.parametrize("azimuth", [90.0, 60.0, 110.0, 30.0])
def test_other_views_are_never_judged(azimuth: float) -> None:
    track = uneven_row("left", 0.72, Camera(azimuth))
    two = slice(0, int(np.searchsorted(T_S, MOVES[2].start_s)))  # a body is fitted to each frame
    motion, cycles = measured(track.select(two), "bent_over_row")
    assert len(cycles) == 2
    for found in compare_sides(motion, "bent_over_row", cycles):
        assert found.grade is SideGrade.NOT_ASSESSED
        assert found.reason is not None
        assert found.reason.code is ReasonCode.NOT_FRONTAL


@pytest.mark.parametrize(("azimuth", "off"), [(0.0, 0.0), (170.0, 10.0), (25.0, 25.0)])
def test_how_far_the_camera_is_off_the_front(azimuth: float, off: float) -> None:
    motion, cycles = measured(row(MOVES, t_s=T_S, camera=Camera(azimuth)), "bent_over_row")
    assert off_front(motion, cycles) == pytest.approx(off, abs=1.5)


def test_a_hidden_arm_is_not_judged() -> None:
    track = uneven_row("left", 0.72)
    visibility = np.array(track.visibility)
    visibility[:, landmarks.index("wrist", "left")] = 0.4
    found = compared(track.with_arrays(visibility=visibility))
    assert found["range"].reason == Reason(ReasonCode.SIDE_HIDDEN)
    assert found["shoulder_tilt"].grade is SideGrade.OK


def test_too_few_repetitions_are_not_judged() -> None:
    motion, cycles = measured(uneven_row("left", 0.72), "bent_over_row")
    found = compare_sides(motion, "bent_over_row", cycles[:4])
    assert {d.reason for d in found} == {Reason(ReasonCode.TOO_FEW_REPS, needed=5, got=4)}


def test_one_arm_at_a_time_is_not_judged() -> None:
    motion, cycles = measured(uneven_row("left", 0.0), "bent_over_row")
    assert motion.arm == "right"
    assert {d.reason for d in compare_sides(motion, "bent_over_row", cycles)} == {ONE_ARM}


def test_squats_have_no_sides_to_compare() -> None:
    motion, cycles = measured(squat(MOVES, camera=FRONT), "squat")
    assert compare_sides(motion, "squat", cycles) == ()


def test_no_repetition_is_not_judged() -> None:
    standing = film(clock(4.0), Posture(), FRONT)
    motion = measure_motion(clean(with_noise(standing, 0.2)))
    assert all(d.grade is SideGrade.NOT_ASSESSED for d in compare_sides(motion, "pull_up", []))


def test_every_comparison_of_the_cue_file_can_be_measured() -> None:
    assert set(HOW) == set(cue_table().sides)


def test_from_the_side_sound_rows_are_not_judged_either() -> None:
    found = compared(row(MOVES, t_s=T_S, camera=SIDE))
    assert all(math.isnan(d.value) for d in found.values())
