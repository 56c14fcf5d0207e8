"""Who lifts, when several people are in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.pose.subject import (
    Person,
    Sighting,
    choose_lifter,
    follow,
    jump_frames,
    link,
    significant_people,
)
from tests.helpers.skeleton import (
    BACK,
    FRONT,
    LIFTS,
    SIDE,
    STANDING,
    Camera,
    clock,
    even_set,
    film,
    moved,
    squat,
    walk,
    with_noise,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.pose.track import PoseTrack

MOVES = even_set(3)
LENGTH_S = MOVES[-1].end_s + 1.0
T_S = clock(LENGTH_S)
LOOK_EVERY = 22
"""Frames between two looks: about 0.75 s, as the tracker does."""


def person(track: PoseTrack, frame: int) -> Person:
    return Person(track.xy_px[frame], track.world_m[frame], track.visibility[frame])


def looks(*tracks: PoseTrack, every: int = LOOK_EVERY, shuffled: bool = True) -> list[Sighting]:
    """What is seen of all of them together, in an order that means nothing."""
    random = np.random.default_rng(4)
    found = []
    for frame in range(0, len(tracks[0]), every):
        people = [person(t, frame) for t in tracks if t.tracked[frame]]
        if shuffled:
            random.shuffle(people)
        found.append(Sighting(float(tracks[0].t_s[frame]), tuple(people)))
    return found


def beside(track: PoseTrack, by_px: float) -> PoseTrack:
    return track.with_arrays(xy_px=track.xy_px + np.array([by_px, 0.0]))


def onlooker(scale: float, by_px: float, camera: Camera = FRONT) -> PoseTrack:
    """Somebody who stands there; 1.6 is much nearer to the camera than the lifter."""
    big = Camera(camera.azimuth_deg, camera.px_per_m * scale, camera.frame_wh)
    return beside(with_noise(film(T_S, STANDING, big), 2.0), by_px)


def passer_by(scale: float, from_s: float, to_s: float) -> PoseTrack:
    """Somebody who walks through the whole picture and is seen only meanwhile."""
    place = np.interp(T_S, [from_s, to_s], [-2.5, 2.5])
    track = film(T_S, walk(T_S, place), Camera(90.0, 200.0 * scale), place_m=place)
    return without(without(track, 0.0, from_s), to_s, 99.0)


def chosen(*tracks: PoseTrack) -> int:
    """Which of the tracks the chosen path belongs to."""
    path = choose_lifter(link(looks(*tracks)))
    belongs = []
    for number, seen in path.seen.items():
        frame = number * LOOK_EVERY
        belongs += [n for n, t in enumerate(tracks) if np.array_equal(seen.xy_px, t.xy_px[frame])]
    assert len(set(belongs)) == 1, "the path mixes people"
    return belongs[0]


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.6])
@pytest.mark.parametrize("camera", [SIDE, FRONT, Camera(45.0)])
@pytest.mark.parametrize("lift", LIFTS)
def test_one_who_stands_and_watches(lift: str, camera: Camera, scale: float) -> None:
    lifter = with_noise(LIFTS[lift](MOVES, camera=camera, t_s=T_S), 2.0)
    assert chosen(lifter, onlooker(scale, 200.0)) == 0
    assert chosen(onlooker(scale, -200.0), lifter) == 1


@pytest.mark.parametrize("scale", [0.8, 1.0, 1.6])
@pytest.mark.parametrize("lift", LIFTS)
def test_one_who_walks_through(lift: str, scale: float) -> None:
    lifter = with_noise(LIFTS[lift](MOVES, t_s=T_S), 2.0)
    assert chosen(lifter, passer_by(scale, 3.0, 6.0)) == 0


def test_one_who_comes_and_stays() -> None:
    lifter = with_noise(squat(MOVES, t_s=T_S), 2.0)
    coach = without(onlooker(1.5, 220.0), 0.0, 5.0)
    assert chosen(coach, lifter) == 1


def test_two_lifters_the_larger_one_is_meant() -> None:
    near = beside(squat(MOVES, t_s=T_S), -160.0)
    far = beside(squat(even_set(3, first_s=1.7), t_s=T_S, camera=Camera(90.0, 110.0)), 180.0)
    assert chosen(far, near) == 1


def test_a_lifter_lost_for_a_while_stays_the_same_person() -> None:
    lifter = squat(MOVES, t_s=T_S)
    gone = without(lifter, 4.0, 6.5)
    paths = link(looks(gone, onlooker(1.0, 220.0)))
    assert len(paths) == 2
    longest = max(paths, key=lambda path: len(path.seen))
    assert len(longest.seen) == len(looks(lifter))


def test_one_person_alone_is_one_path() -> None:
    (path,) = link(looks(with_noise(squat(MOVES, t_s=T_S), 2.0)))
    assert len(path.seen) == len(range(0, len(T_S), LOOK_EVERY))


def test_nobody_seen_gives_no_path() -> None:
    assert link([Sighting(0.0, ()), Sighting(1.0, ())]) == []
    assert significant_people([]) == 0
    assert significant_people([Sighting(0.0, ())]) == 0


@pytest.mark.parametrize(
    ("others", "count"),
    [
        ([], 1),
        ([(1.0, 200.0)], 2),
        ([(0.3, 200.0)], 1),  # far in the background
        ([(1.0, 200.0), (0.9, -200.0)], 3),
        ([(1.0, 200.0), (0.3, -200.0)], 2),
    ],
)
def test_people_that_count(others: Sequence[tuple[float, float]], count: int) -> None:
    lifter = squat(MOVES, t_s=T_S)
    assert significant_people(looks(lifter, *(onlooker(*o) for o in others))) == count


def test_one_glimpse_of_a_second_person_does_not_count() -> None:
    glimpse = without(without(onlooker(1.0, 200.0), 0.0, 2.9), 3.0, 99.0)
    assert significant_people(looks(squat(MOVES, t_s=T_S), glimpse)) == 1


@pytest.mark.parametrize("lift", LIFTS)
def test_following_keeps_only_the_lifter(lift: str) -> None:
    """The path is known every 0.75 s, the pictures in between have two people."""
    lifter = with_noise(LIFTS[lift](MOVES, t_s=T_S), 2.0)
    other = onlooker(1.3, 170.0)
    path = choose_lifter(link(looks(lifter, other)))
    followed = follow(looks(lifter, other, every=1), path)
    assert [s.t_s for s in followed] == T_S.tolist()
    for frame, sighting in enumerate(followed):
        (kept,) = sighting.people
        np.testing.assert_array_equal(kept.xy_px, lifter.xy_px[frame])


def test_following_keeps_nobody_rather_than_somebody_else() -> None:
    lifter, other = squat(MOVES, t_s=T_S), onlooker(1.0, 260.0)
    path = choose_lifter(link(looks(lifter, other)))
    gone = without(lifter, 4.1, 4.6)
    followed = follow(looks(gone, other, every=1), path)
    hidden = (T_S >= 4.1) & (T_S < 4.6)
    np.testing.assert_array_equal([not s.people for s in followed], hidden)


# --- jumps ---------------------------------------------------------------------------


@pytest.mark.parametrize("by_px", [150.0, -300.0])
def test_a_jump_is_found_where_it_is(by_px: float) -> None:
    track = with_noise(squat(MOVES), 2.0)
    at = int(np.flatnonzero(track.t_s >= 4.0)[0])
    assert jump_frames(moved(track, 4.0, by_px)) == [at]
    assert len(jump_frames(moved(moved(track, 4.0, by_px), 6.0, -by_px))) == 2


@pytest.mark.parametrize("camera", [SIDE, FRONT, BACK, Camera(45.0)])
@pytest.mark.parametrize("lift", LIFTS)
def test_lifting_is_no_jump(lift: str, camera: Camera) -> None:
    fast = even_set(4, first_half_s=0.35, second_half_s=0.35, hold_s=0.0)
    assert jump_frames(with_noise(LIFTS[lift](fast, camera=camera), 3.0)) == []


def test_movement_during_a_long_gap_is_no_jump() -> None:
    """Nobody was seen for a second; where the body is afterwards says nothing."""
    track = without(moved(squat(MOVES), 4.0, 200.0), 3.5, 4.5)
    assert jump_frames(track) == []


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_no_jump_in_a_still_picture(frames: int) -> None:
    assert jump_frames(squat(MOVES).select(slice(0, frames))) == []
