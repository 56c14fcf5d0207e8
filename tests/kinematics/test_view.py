"""From where the camera looks, for a body whose direction is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.kinematics.view import OTHER_WAY, View, ViewLabel, doubted, estimate_view
from formcheck.pose.cleaning import trunk_length
from formcheck.pose.landmarks import SIDES, index
from tests.helpers.skeleton import (
    HINGED,
    SQUAT_BOTTOM,
    STANDING,
    Camera,
    Posture,
    clock,
    even_set,
    film,
    mix,
    share_of,
    squat,
    with_noise,
    without,
)

if TYPE_CHECKING:
    from formcheck.pose.track import PoseTrack

MOVES = even_set(2)
VIEWS = [
    # azimuth, label, near side, facing, yaw
    (90, ViewLabel.SIDE_LEFT, "left", -1, 0),
    (270, ViewLabel.SIDE_RIGHT, "right", 1, 0),
    (75, ViewLabel.SIDE_LEFT, "left", -1, 15),
    (105, ViewLabel.SIDE_LEFT, "left", -1, 15),
    (285, ViewLabel.SIDE_RIGHT, "right", 1, 15),
    (45, ViewLabel.OBLIQUE_FRONT, "left", -1, 45),
    (315, ViewLabel.OBLIQUE_FRONT, "right", 1, 45),
    (135, ViewLabel.OBLIQUE_BACK, "left", -1, 45),
    (225, ViewLabel.OBLIQUE_BACK, "right", 1, 45),
]
ENDS = [(0, ViewLabel.FRONT), (12, ViewLabel.FRONT), (180, ViewLabel.BACK), (170, ViewLabel.BACK)]


def seen(track: PoseTrack) -> View:
    return estimate_view(track, trunk_px=trunk_length(track))


@pytest.mark.parametrize("noise_px", [0.0, 2.0])
@pytest.mark.parametrize(("azimuth", "label", "near", "facing", "yaw"), VIEWS)
def test_side_and_oblique(
    azimuth: float, label: ViewLabel, near: str, facing: int, yaw: float, noise_px: float
) -> None:
    view = seen(with_noise(squat(MOVES, camera=Camera(azimuth)), noise_px))
    assert (view.label, view.near_side, view.facing) == (label, near, facing)
    assert view.yaw_deg == pytest.approx(yaw, abs=3.0)
    assert view.is_side == (label in (ViewLabel.SIDE_LEFT, ViewLabel.SIDE_RIGHT))


@pytest.mark.parametrize("noise_px", [0.0, 2.0])
@pytest.mark.parametrize(("azimuth", "label"), ENDS)
def test_front_and_back(azimuth: float, label: ViewLabel, noise_px: float) -> None:
    view = seen(with_noise(squat(MOVES, camera=Camera(azimuth)), noise_px))
    assert view.label is label
    assert not view.is_side
    off_axis = min(azimuth, abs(180 - azimuth))
    assert abs(view.yaw_deg - (90 - off_axis)) <= view.yaw_error_deg


def test_narrow_shoulders_do_not_turn_a_front_view() -> None:
    """With the arms overhead shoulders look narrow: near a front view depth decides."""
    track = squat(MOVES, camera=Camera(8.0))
    marks = [index("shoulder", side) for side in SIDES]
    xy = track.xy_px.copy()
    middle = xy[:, marks].mean(axis=1, keepdims=True)
    xy[:, marks, 0] = (middle + 0.65 * (xy[:, marks] - middle))[..., 0]
    assert seen(track.with_arrays(xy_px=xy)).yaw_deg == pytest.approx(82.0, abs=5.0)


@pytest.mark.parametrize("azimuth", range(0, 360, 15))
@pytest.mark.parametrize("posture", [STANDING, SQUAT_BOTTOM, HINGED])
def test_yaw_is_within_two_of_its_errors(posture: Posture, azimuth: float) -> None:
    view = seen(film(clock(2.0), posture, Camera(azimuth)))
    yaw = abs(abs(azimuth % 180) - 90.0)
    assert abs(view.yaw_deg - yaw) <= 2 * view.yaw_error_deg


def test_clear_views_are_surer_than_those_at_the_edge() -> None:
    clear = seen(squat(MOVES, camera=Camera(90.0))).confidence
    edge = seen(squat(MOVES, camera=Camera(90.0 - 26.0))).confidence
    assert 0.0 <= edge < clear <= 1.0


def test_a_walk_to_the_camera_afterwards_does_not_count() -> None:
    """Filmed from the side; then the lifter turns to the camera to stop it."""
    t_s = clock(MOVES[-1].end_s + 2.5)
    side = film(t_s, mix(STANDING, SQUAT_BOTTOM, share_of(t_s, MOVES)), Camera(90.0))
    front = film(t_s, STANDING, Camera(0.0))
    turned = t_s > MOVES[-1].end_s + 0.5
    both = side.with_arrays(
        xy_px=np.where(turned[:, None, None], front.xy_px, side.xy_px),
        world_m=np.where(turned[:, None, None], front.world_m, side.world_m),
    )
    view = seen(both)
    assert view.label is ViewLabel.SIDE_LEFT
    assert view.yaw_deg < 10.0


def test_missing_frames_change_nothing() -> None:
    whole = squat(MOVES, camera=Camera(60.0))
    assert seen(without(whole, 1.0, 2.0)).label is seen(whole).label


def test_nobody() -> None:
    view = seen(without(squat(MOVES), 0.0, 99.0))
    assert view.label is ViewLabel.UNKNOWN
    assert view.confidence == 0.0
    assert not view.is_side


@pytest.mark.parametrize("azimuth", [45, 225])
def test_a_body_that_faces_both_ways_is_doubted(azimuth: float) -> None:
    """Half of it seen from behind, as a network flips what it sees badly."""
    track = squat(MOVES, camera=Camera(azimuth))
    view = seen(track)
    assert not doubted(track, view)
    for share, expected in ((OTHER_WAY - 0.05, False), (OTHER_WAY + 0.05, True)):
        world = track.world_m.copy()
        world[: int(share * len(track)), :, 0] *= -1.0
        flipped = track.with_arrays(world_m=world)
        assert seen(flipped).label is view.label
        assert doubted(flipped, view) is expected
        assert not doubted(flipped, seen(squat(MOVES, camera=Camera(90))))  # from the side
