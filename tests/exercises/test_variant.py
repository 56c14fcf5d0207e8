"""Variants of the squat, told by where the hands are held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.exercises.detect import find_variant
from formcheck.kinematics.motion import measure_motion
from formcheck.lifter import NOBODY_ASKED, Bar, Lifter
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from formcheck.reps.engine import find_reps
from formcheck.rules.book import built_in_book
from tests.helpers.skeleton import (
    SIDE,
    Camera,
    Posture,
    clock,
    even_set,
    film,
    mix,
    row,
    share_of,
    with_noise,
)

if TYPE_CHECKING:
    from formcheck.kinematics.motion import Motion
    from formcheck.pose.track import PoseTrack
    from formcheck.reps.cycles import Cycle

MOVES = even_set(3)
T_S = clock(MOVES[-1].end_s + 1.0)
OBLIQUE = Camera(45.0)
ARMS = {
    "straight": {"arm": 125.0, "elbow": 5.0, "arm_plane": 0.0},
    "at the chest": {"arm": 55.0, "elbow": 95.0, "arm_plane": -40.0},
    "in front": {"arm": 65.0, "elbow": 125.0, "arm_plane": 5.0},
    "on the back": {"arm": 5.0, "elbow": 140.0, "arm_plane": 100.0},
    "hanging": {"arm": 20.0, "elbow": 40.0, "arm_plane": 60.0},
}
SEEN = {
    "straight": "bodyweight",
    "at the chest": "goblet",
    "in front": "front",
    "on the back": "back",
    "hanging": None,
}


def squatting(arms: str, camera: Camera = SIDE) -> PoseTrack:
    held = ARMS[arms]
    standing = Posture(shin=3.0, thigh=89.0, trunk=3.0, **held)
    bottom = Posture(shin=30.0, thigh=0.0, trunk=35.0, **held)
    return with_noise(film(T_S, mix(standing, bottom, share_of(T_S, MOVES)), camera), 0.05)


def found(track: PoseTrack, lifter: Lifter = NOBODY_ASKED) -> str | None:
    motion, cycles = measured(track)
    variant = find_variant(motion, built_in_book().exercise("squat"), cycles, lifter)
    return None if variant is None else variant.id


def measured(track: PoseTrack) -> tuple[Motion, list[Cycle]]:
    motion = measure_motion(clean(track))
    reps = find_reps(motion, built_in_book().exercise("squat"))
    return motion, [rep.cycle for rep in reps if rep.counts]


@pytest.mark.parametrize("camera", [SIDE, OBLIQUE])
@pytest.mark.parametrize("arms", ARMS)
def test_by_the_hands(arms: str, camera: Camera) -> None:
    assert found(squatting(arms, camera)) == SEEN[arms]


@pytest.mark.parametrize("arms", ["straight", "at the chest", "in front"])
def test_hidden_hands_are_no_variant(arms: str) -> None:
    """Behind plates the model guesses, and says so by its visibility."""
    track = squatting(arms)
    visibility = track.visibility.copy()
    marks = [landmarks.index(n, s) for n in ("elbow", "wrist") for s in landmarks.SIDES]
    visibility[:, marks] = 0.5
    assert found(track.with_arrays(visibility=visibility)) is None


@pytest.mark.parametrize(
    ("bar", "variant"),
    [
        (Bar.HIGH, "back"),
        (Bar.LOW, "back"),
        (Bar.FRONT, "front"),
        (Bar.GOBLET, "goblet"),
        (Bar.NONE, "bodyweight"),
    ],
)
def test_what_the_lifter_says_decides(bar: Bar, variant: str) -> None:
    assert found(squatting("straight"), Lifter(bar=bar)) == variant
    assert found(squatting("hanging"), Lifter(bar=bar)) == variant


def test_who_lifts_a_weight_holds_one() -> None:
    told = Lifter(load_kg=102.0)
    assert found(squatting("straight"), told) is None
    assert found(squatting("at the chest"), told) == "goblet"
    assert found(squatting("straight"), Lifter(load_kg=0.0)) == "bodyweight"


def test_hands_near_the_chest_may_hold_a_bar_behind_it() -> None:
    """Seen from the side, both are beside the shoulders: it is not said which."""
    track = squatting("on the back")
    points = track.world_m.copy()
    left, right = (landmarks.index("wrist", side) for side in landmarks.SIDES)
    middle = points[:, [left, right]].mean(axis=1)
    for hand in (left, right):
        points[:, hand] = middle + 0.25 * (points[:, hand] - middle)
    assert found(track.with_arrays(world_m=points)) is None


def test_without_repetitions_nothing_is_said() -> None:
    motion, _ = measured(squatting("straight"))
    assert find_variant(motion, built_in_book().exercise("squat"), [], NOBODY_ASKED) is None


def test_the_middle_repetition_decides() -> None:
    """One repetition with the arms elsewhere changes nothing, two do."""
    for others, variant in ((1, "bodyweight"), (2, None)):
        share = share_of(T_S, MOVES)
        hanging = MOVES[3 - others].start_s - 0.3 < T_S
        values = {
            name: np.where(hanging, ARMS["hanging"][name], ARMS["straight"][name])
            for name in ARMS["straight"]
        }
        standing, bottom = (
            Posture(shin=s, thigh=t, trunk=u, **values)
            for s, t, u in ((3.0, 89.0, 3.0), (30.0, 0.0, 35.0))
        )
        assert found(with_noise(film(T_S, mix(standing, bottom, share)), 0.05)) == variant


def test_every_bar_has_a_variant() -> None:
    variants = built_in_book().exercise("squat").variant
    assert {bar for variant in variants for bar in variant.bars} == set(Bar)


@pytest.mark.parametrize(("still", "variant"), [("right", "one_arm"), (None, None)])
def test_a_row_with_one_arm(still: str | None, variant: str | None) -> None:
    track = row(even_set(3))
    points = track.xy_px.copy()
    if still is not None:
        for name in ("elbow", "wrist", "pinky", "index", "thumb"):
            mark, shoulder = landmarks.index(name, still), landmarks.index("shoulder", still)
            points[:, mark] = points[:, shoulder] + (points[0, mark] - points[0, shoulder])
    motion = measure_motion(clean(with_noise(track.with_arrays(xy_px=points), 0.05)))
    exercise = built_in_book().exercise("bent_over_row")
    cycles = [rep.cycle for rep in find_reps(motion, exercise) if rep.counts]
    assert len(cycles) == 3
    seen = find_variant(motion, exercise, cycles, NOBODY_ASKED)
    assert (seen.id if seen else None) == variant


def test_a_far_arm_that_is_not_seen_is_not_said_to_rest() -> None:
    """The body may cover it, and both hands hold a weight."""
    track = row(even_set(3))
    points, visibility = track.xy_px.copy(), track.visibility.copy()
    for name in ("elbow", "wrist", "pinky", "index", "thumb"):
        mark, shoulder = landmarks.index(name, "right"), landmarks.index("shoulder", "right")
        points[:, mark] = points[:, shoulder] + (points[0, mark] - points[0, shoulder])
        visibility[:, mark] = 0.1
    unseen = track.with_arrays(xy_px=points, visibility=visibility)
    for far, arm in ((track.with_arrays(xy_px=points), "left"), (unseen, "both")):
        motion = measure_motion(clean(with_noise(far, 0.05)))
        assert (motion.view.near_side, motion.view.is_side, motion.arm) == ("left", True, arm)
