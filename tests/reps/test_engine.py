"""Repetitions of stick figures: how many, of which kind, from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.kinematics.motion import measure_motion
from formcheck.pose.cleaning import clean
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.engine import Rep, RepKind, find_reps, find_set
from formcheck.rules.book import built_in_book
from tests.helpers.skeleton import (
    BACK,
    FRONT,
    LIFTS,
    SIDE,
    SQUAT_BOTTOM,
    STANDING,
    Camera,
    Move,
    clock,
    eased,
    even_set,
    film,
    mix,
    moved,
    squat,
    uneven_clock,
    walk,
    with_noise,
    with_swaps,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.pose.track import PoseTrack

NOISE_PX = 1.0
"""Half a centimetre on every landmark."""


def reps_of(track: PoseTrack, exercise: str = "squat", *, noise_px: float = NOISE_PX) -> list[Rep]:
    motion = measure_motion(clean(with_noise(track, noise_px)))
    return find_reps(motion, built_in_book().exercise(exercise))


def check_turns(reps: Sequence[Rep], moves: Sequence[Move]) -> None:
    assert [r.turn_s for r in reps] == pytest.approx([m.turn_s for m in moves], abs=0.15)
    assert [r.index for r in reps] == list(range(1, len(moves) + 1))


def check(reps: Sequence[Rep], moves: Sequence[Move], ends_s: float = 0.35) -> None:
    """Starts and ends are less sharp than turns: the hips barely sink at first."""
    check_turns(reps, moves)
    assert [r.start_s for r in reps] == pytest.approx([m.start_s for m in moves], abs=ends_s)
    assert [r.end_s for r in reps] == pytest.approx([m.end_s for m in moves], abs=ends_s)


@pytest.mark.parametrize("camera", [SIDE, Camera(270.0)])
@pytest.mark.parametrize("exercise", LIFTS)
def test_an_even_set(exercise: str, camera: Camera) -> None:
    moves = even_set(4)
    reps = reps_of(LIFTS[exercise](moves, camera=camera), exercise)
    check(reps, moves)
    assert {r.kind for r in reps} == {RepKind.FULL}
    assert all(r.reason is None for r in reps)


@pytest.mark.parametrize("camera", [FRONT, BACK])
@pytest.mark.parametrize("exercise", ["squat", "pull_up"])
def test_an_even_set_from_front_and_back(exercise: str, camera: Camera) -> None:
    moves = even_set(4)
    check(reps_of(LIFTS[exercise](moves, camera=camera), exercise), moves)


@pytest.mark.parametrize("exercise", LIFTS)
def test_without_noise(exercise: str) -> None:
    moves = even_set(3)
    reps = reps_of(LIFTS[exercise](moves), exercise, noise_px=0.0)
    check(reps, moves, ends_s=0.2)
    assert [r.turn_s for r in reps] == pytest.approx([m.turn_s for m in moves], abs=0.05)


def test_phases_follow_one_another() -> None:
    for rep in reps_of(squat(even_set(3, hold_s=0.8))):
        out, turn, back = rep.phases
        assert [p.name for p in rep.phases] == ["descent", "bottom", "ascent"]
        assert rep.start_s == out.start_s < out.end_s == turn.start_s
        assert turn.start_s <= rep.turn_s <= turn.end_s
        assert turn.end_s == back.start_s < back.end_s == rep.end_s
        assert turn.end_s - turn.start_s == pytest.approx(1.0, abs=0.35)


TEMPOS = {
    "fast": {"first_half_s": 0.5, "hold_s": 0.0, "second_half_s": 0.45, "rest_s": 0.15},
    "without a pause": {"hold_s": 0.0, "rest_s": 0.0},
    "long rests": {"rest_s": 8.0},
}


@pytest.mark.parametrize("tempo", TEMPOS)
def test_tempo(tempo: str) -> None:
    moves = even_set(5, **TEMPOS[tempo])
    check(reps_of(squat(moves)), moves)


@pytest.mark.parametrize(
    "noise_px",
    [0.0, NOISE_PX],
)
def test_the_turn_is_the_middle_of_a_pause(noise_px: float) -> None:
    moves = even_set(5, hold_s=3.0)
    check(reps_of(squat(moves), noise_px=noise_px), moves)


@pytest.mark.parametrize("t_s", [clock(11.0, 15.0), clock(11.0, 60.0), uneven_clock(11.0)])
def test_frame_rates(t_s: np.ndarray) -> None:
    moves = even_set(3)
    check(reps_of(squat(moves, t_s=t_s)), moves)


def test_a_single_repetition() -> None:
    moves = even_set(1)
    check(reps_of(squat(moves)), moves)


def test_nothing_but_standing() -> None:
    assert reps_of(film(clock(8.0), STANDING)) == []


@pytest.mark.parametrize("dip", [0.25, 0.5])
@pytest.mark.parametrize("camera", [Camera(90.0, 150.0), Camera(0.0, 150.0)])
def test_unrack_walk_out_and_rerack_do_not_count(dip: float, camera: Camera) -> None:
    """Under the bar, up, back, three squats, forward, down into the hooks."""
    moves = even_set(3, first_s=6.5)
    end = moves[-1].end_s
    t_s = clock(end + 6.0)
    knots = [(0.0, 0.0), (1.0, 0.0), (1.6, dip), (2.2, 0.0)]
    for move in moves:
        low = move.start_s + move.first_half_s
        knots += [(move.start_s, 0.0), (low, 1.0), (low + move.hold_s, 1.0), (move.end_s, 0.0)]
    knots += [(end + 4.0, 0.0), (end + 4.6, dip), (end + 5.2, 0.0)]
    place = eased(t_s, [(0, 0.8), (2.5, 0.8), (5, 0), (end + 0.8, 0), (end + 3, 0.8)])
    body = walk(t_s, place, mix(STANDING, SQUAT_BOTTOM, eased(t_s, knots)))
    check(reps_of(film(t_s, body, camera, place_m=place)), moves)


@pytest.mark.parametrize("cut_s", [0.0, 0.15])
@pytest.mark.parametrize("exercise", LIFTS)
def test_the_last_one_ends_with_the_clip(exercise: str, cut_s: float) -> None:
    moves = even_set(3)
    track = LIFTS[exercise](moves, t_s=clock(moves[-1].end_s - cut_s))
    check(reps_of(track, exercise), moves)


@pytest.mark.parametrize("exercise", LIFTS)
def test_the_first_one_begins_with_the_clip(exercise: str) -> None:
    moves = even_set(3, first_s=0.05)
    check(reps_of(LIFTS[exercise](moves), exercise), moves)


def test_a_descent_in_steps_is_one_repetition() -> None:
    """Stops of 0.4 s a third and two thirds of the way down, in the second of three."""
    t_s = clock(14.0)
    knots: list[tuple[float, float]] = [(0, 0), (1, 0), (2, 1), (3, 0)]
    knots += [(5, 0), (5.6, 0.6), (6.0, 0.6), (6.4, 0.8), (6.8, 0.8), (7.2, 1), (8.2, 0)]
    knots += [(10, 0), (11, 1), (12, 0)]
    reps = reps_of(film(t_s, mix(STANDING, SQUAT_BOTTOM, eased(t_s, knots))))
    check(reps, [Move(1, 1, 0, 1), Move(5, 2.2, 0, 1), Move(10, 1, 0, 1)])


@pytest.mark.parametrize("bounce_m", [0.05, 0.10])
def test_two_bounces_at_the_bottom_are_one_repetition(bounce_m: float) -> None:
    share = 1 - np.degrees(np.arcsin(bounce_m / 0.43)) / 89  # thigh angle that lifts the hips so
    t_s = clock(13.0)
    knots: list[tuple[float, float]] = [(0, 0)]
    for start in (1.0, 5.0, 9.0):
        knots += [(start, 0), (start + 1, 1), (start + 1.25, share), (start + 1.5, 0.99)]
        knots += [(start + 1.75, share), (start + 2, 0.98), (start + 3, 0)]
    reps = reps_of(film(t_s, mix(STANDING, SQUAT_BOTTOM, eased(t_s, knots))))
    assert len(reps) == 3
    assert {r.kind for r in reps} == {RepKind.FULL}
    for rep, start in zip(reps, (1.0, 5.0, 9.0), strict=True):
        assert start + 0.9 <= rep.turn_s <= start + 2.1
        assert rep.end_s == pytest.approx(start + 3.0, abs=0.25)


def test_shallow_ones_are_partial() -> None:
    """Thighs stop 35 degrees above level: nine tenths of the least that is full."""
    moves = even_set(4, size=0.61)
    reps = reps_of(squat(moves))
    check_turns(reps, moves)
    assert {r.kind for r in reps} == {RepKind.PARTIAL}
    assert {r.reason.code for r in reps if r.counts and r.reason} == {ReasonCode.SHORT_TRAVEL}
    assert all(r.reason and r.reason.share and 0.8 < r.reason.share < 1 for r in reps)


@pytest.mark.parametrize(
    ("size", "kind"),
    [
        (1.0, RepKind.FULL),
        (0.64, RepKind.PARTIAL),
        (0.55, RepKind.PARTIAL),
    ],
)
def test_one_shallow_among_full_ones(size: float, kind: RepKind) -> None:
    """Hips sink by 0.56, 0.27 and 0.20 leg lengths; from 0.15 on it is a repetition."""
    moves = even_set(5)
    moves[2] = Move(moves[2].start_s, size=size)
    reps = reps_of(squat(moves))
    check_turns(reps, moves)
    assert reps[2].kind is kind
    assert reps[2].counts


def test_one_that_is_never_finished_does_not_count() -> None:
    """The clip ends at the bottom of the third."""
    moves = even_set(3)
    check(reps_of(squat(moves, t_s=clock(moves[-1].turn_s))), moves[:2])


def test_one_that_fails_half_way_up() -> None:
    """Down, up by two thirds of the way, stuck for a second, down again and no more."""
    t_s = clock(14.0)
    knots: list[tuple[float, float]] = [(0, 0), (1, 0), (2, 1), (3, 0), (4, 0), (5, 1), (6, 0)]
    knots += [(7, 0), (8, 1), (9, 0.55), (10, 0.55), (11, 1), (99, 1)]
    reps = reps_of(film(t_s, mix(STANDING, SQUAT_BOTTOM, eased(t_s, knots))))
    assert [r.kind for r in reps if r.counts] == [RepKind.FULL, RepKind.FULL]
    assert [r.kind for r in reps[2:]] == [RepKind.FAILED]


def test_something_else_between_repetitions_is_listed_as_invalid() -> None:
    """Between two sets of squats the lifter steps aside and bends to the floor."""
    moves = [*even_set(2, first_s=1.0), *even_set(2, first_s=14.0)]
    t_s = clock(moves[-1].end_s + 1.0)
    knots = [(0.0, 0.0)]
    for move in moves:
        low = move.start_s + move.first_half_s
        knots += [(move.start_s, 0.0), (low, 1.0), (low + move.hold_s, 1.0), (move.end_s, 0.0)]
    place = eased(t_s, [(0, 0), (7.5, 0), (10.0, 0.9), (11.0, 0.9), (13.0, 0), (99, 0)])
    knots[9:9] = [(7.5, 0.0), (9.0, 0.9), (10.5, 0.0)]  # bends while walking
    body = walk(t_s, place, mix(STANDING, SQUAT_BOTTOM, eased(t_s, knots)))
    reps = reps_of(film(t_s, body, Camera(90.0, 150.0), place_m=place))
    counted = [r for r in reps if r.counts]
    assert [r.turn_s for r in counted] == pytest.approx([m.turn_s for m in moves], abs=0.2)
    others = [r for r in reps if not r.counts]
    assert [r.kind for r in others] == [RepKind.INVALID]
    assert others[0].reason == Reason(ReasonCode.EXCLUDED, text="the lifter walked")


@pytest.mark.parametrize("gap_s", [0.1, 0.2])
def test_short_gaps_lose_nothing(gap_s: float) -> None:
    moves = even_set(3)
    track = squat(moves)
    for at_s in (1.8, moves[1].turn_s, 8.9):
        track = without(track, at_s, at_s + gap_s)
    check(reps_of(track), moves)


def test_a_long_gap_loses_only_its_own_repetition() -> None:
    moves = even_set(3)
    motion = measure_motion(clean(with_noise(without(squat(moves), 4.9, 5.6), NOISE_PX)))
    found = find_set(motion, built_in_book().exercise("squat"))
    check(found.reps, [moves[0], moves[2]])
    (lost,) = found.passed
    assert lost.reason == Reason(ReasonCode.CUT_OFF)
    assert (lost.start_s, lost.end_s) == pytest.approx((moves[1].start_s, moves[1].end_s), abs=0.3)


def test_left_right_swaps_change_nothing() -> None:
    moves = even_set(3)
    legs = ("hip", "knee", "ankle", "heel", "foot_index")
    frames = [*range(60, 75), 100, 101, *range(150, 153), 200]
    check(reps_of(with_swaps(squat(moves), frames, legs)), moves)


def test_a_cut_between_repetitions() -> None:
    moves = even_set(3, rest_s=1.5)
    check(reps_of(moved(squat(moves), moves[0].end_s + 0.7, 250.0)), moves)


@pytest.mark.parametrize("seed", range(3))
def test_camera_shake(seed: int) -> None:
    """A hand-held phone: the whole picture wanders by a few centimetres."""
    moves = even_set(4)
    track = squat(moves)
    random = np.random.default_rng(seed)
    knots = np.arange(0.0, track.t_s[-1] + 1.0, 0.4)
    drift = np.stack(
        [np.interp(track.t_s, knots, random.normal(0.0, 8.0, len(knots))) for _ in range(2)],
        axis=-1,
    )
    check(reps_of(track.with_arrays(xy_px=track.xy_px + drift[:, None])), moves)
