"""Repetitions with given times, on stick figures whose turns are known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck import Edits, RepTimes, analyze_track
from formcheck.analysis import UNKNOWN
from formcheck.errors import UsageError
from formcheck.kinematics.draws import DRAWS
from formcheck.kinematics.motion import measure_motion
from formcheck.lifter import NOBODY_ASKED
from formcheck.pipeline import _drawn
from formcheck.pose.cleaning import clean
from formcheck.reasons import ReasonCode
from formcheck.reps.by_hand import reps_by_hand
from formcheck.reps.engine import RepKind, find_reps
from formcheck.rules.book import built_in_book
from formcheck.rules.computed import SetContext
from tests.helpers.skeleton import (
    STANDING,
    Camera,
    clock,
    even_set,
    film,
    pull_up,
    row,
    squat,
    with_noise,
)
from tests.reps.test_sets import PULL_S, REST_S, taken_in_turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck import PoseTrack
    from formcheck.kinematics.motion import Motion
    from formcheck.reps.engine import Rep

MOVES = even_set(4)
TIMES = tuple(RepTimes(move.start_s, move.end_s) for move in MOVES)
FRAME_S = 1 / 30


def motion_of(track: PoseTrack) -> Motion:
    return measure_motion(clean(with_noise(track, 1.0)))


def by_hand(track: PoseTrack, times: Sequence[RepTimes], exercise: str = "squat") -> list[Rep]:
    return reps_by_hand(motion_of(track), built_in_book().exercise(exercise), times)


@pytest.mark.parametrize(
    ("track", "exercise"),
    [(squat(MOVES), "squat"), (row(MOVES), "bent_over_row"), (pull_up(MOVES), "pull_up")],
)
def test_the_turn_is_found_between_the_given_ends(track: PoseTrack, exercise: str) -> None:
    reps = by_hand(track, TIMES, exercise)
    assert [r.index for r in reps] == [1, 2, 3, 4]
    assert [r.start_s for r in reps] == pytest.approx([m.start_s for m in MOVES], abs=FRAME_S)
    assert [r.end_s for r in reps] == pytest.approx([m.end_s for m in MOVES], abs=FRAME_S)
    assert [r.turn_s for r in reps] == pytest.approx([m.turn_s for m in MOVES], abs=0.1)
    assert {r.kind for r in reps} == {RepKind.FULL}
    for rep in reps:
        phases = [(p.start_s, p.end_s) for p in rep.phases]
        assert phases[0][0] == rep.start_s
        assert phases[1][0] <= rep.turn_s <= phases[1][1]
        assert phases[-1][1] == rep.end_s


def test_arms_that_take_turns_have_their_side() -> None:
    sides = "lrrl"
    starts_s = [1.0 + number * (PULL_S + REST_S) for number in range(len(sides))]
    motion = taken_in_turns(sides, Camera(45.0))
    times = [RepTimes(start_s, start_s + PULL_S) for start_s in starts_s]
    reps = reps_by_hand(motion, built_in_book().exercise("bent_over_row"), times)
    assert "".join(str(rep.side)[0] for rep in reps) == sides
    assert [rep.turn_s for rep in reps] == pytest.approx([s + 1.0 for s in starts_s], abs=0.15)


def test_a_given_turn_is_where_it_was_given() -> None:
    times = [RepTimes(m.start_s, m.end_s, m.turn_s + 0.3) for m in MOVES]
    reps = by_hand(squat(MOVES), times)
    assert [r.turn_s for r in reps] == pytest.approx([t.turn_s for t in times], abs=FRAME_S)


@pytest.mark.parametrize("late", [False, True])
def test_a_turn_at_the_wrong_time_is_named(late: bool) -> None:
    """At rest, where nothing has moved yet; and halfway down, where a full one looks partial."""
    first, second, *_ = MOVES
    at_rest = first.end_s - 0.05 if late else first.start_s + 0.05
    way = (second.end_s if late else second.start_s) - second.turn_s
    times = [
        RepTimes(first.start_s, first.end_s, at_rest),
        RepTimes(second.start_s, second.end_s, second.turn_s + 0.5 * way),
        *TIMES[2:],
    ]
    reps = by_hand(squat(MOVES), times)
    assert [r.kind for r in reps[:2]] == [RepKind.INVALID, RepKind.PARTIAL]
    for rep, move in zip(reps[:2], MOVES, strict=False):
        assert rep.reason is not None
        assert rep.reason.code == ReasonCode.OTHER_TURN
        assert rep.reason.at_s == pytest.approx(move.turn_s, abs=0.1)
    assert [r.reason for r in reps[2:]] == [None, None]


def test_the_middle_of_a_pause_is_the_turn() -> None:
    moves = even_set(2, hold_s=1.0)
    times = [RepTimes(m.start_s, m.end_s) for m in moves]
    for track, exercise in ((squat(moves), "squat"), (row(moves), "bent_over_row")):
        turns = [r.turn_s for r in by_hand(track, times, exercise)]
        assert turns == pytest.approx([m.turn_s for m in moves], abs=0.3)


def test_repetitions_may_be_left_out_and_joined() -> None:
    """What is found is four repetitions; by hand the second is none, the others are one."""
    motion, exercise = motion_of(squat(MOVES)), built_in_book().exercise("squat")
    assert len(find_reps(motion, exercise)) == 4
    times = [TIMES[0], RepTimes(TIMES[2].start_s, TIMES[3].end_s)]
    reps = reps_by_hand(motion, exercise, times)
    assert [r.start_s for r in reps] == pytest.approx([t.start_s for t in times], abs=FRAME_S)


def test_what_nobody_would_find_counts_all_the_same() -> None:
    shallow = even_set(2, size=0.25)
    assert find_reps(motion_of(squat(shallow)), built_in_book().exercise("squat")) == []
    reps = by_hand(squat(shallow), [RepTimes(m.start_s, m.end_s) for m in shallow])
    assert [r.kind for r in reps] == [RepKind.PARTIAL] * 2
    assert all(r.counts and r.reason and r.reason.code == ReasonCode.SHORT_TRAVEL for r in reps)


def test_a_half_by_hand_is_judged_by_what_it_holds() -> None:
    """Down only, up only, and from the middle of the way up: no half is timed that is not there."""
    first, second, third, _ = MOVES
    times = (
        RepTimes(first.start_s, first.turn_s),
        RepTimes(second.turn_s, second.end_s),
        RepTimes((third.turn_s + third.end_s) / 2, third.end_s),
    )
    found = analyze_track(with_noise(squat(MOVES), 1.0), edits=Edits("squat", times))
    down, up, part = (
        {c.rule.measurement: c.reason and c.reason.code for c in r.checks} for r in found.reps
    )
    lowering, depth, chest = "descent_s", "thigh_elevation_bottom", "lean_gain_ascent"
    assert [r.rep.cycle.missing for r in found.reps] == [
        ("concentric",),
        ("eccentric",),
        ("eccentric", "concentric"),
    ]
    assert (down[lowering], up[lowering]) == (None, ReasonCode.HALF_GIVEN)
    assert (down[chest], up[chest]) == (ReasonCode.HALF_GIVEN,) * 2
    assert ReasonCode.HALF_GIVEN not in (down[depth], up[depth])  # the bottom is in both
    assert {part[name] for name in (lowering, depth, chest)} == {ReasonCode.HALF_GIVEN}
    assert not any(c.severity.is_fault for r in found.reps for c in r.checks)


def test_who_stands_still_makes_no_repetition() -> None:
    still = RepTimes(0.1, MOVES[0].start_s - 0.2)
    for track, lift in ((squat(MOVES), "squat"), (row(MOVES), "bent_over_row")):
        found = analyze_track(with_noise(track, 1.0), edits=Edits(lift, (still, TIMES[0])))
        (stood, _), (moved, _) = ((r.rep.reason, r.rep) for r in found.reps)
        assert stood is not None
        assert stood.code is ReasonCode.NO_MOVEMENT
        assert moved is None
        assert (found.rep_count, found.reps[0].checks) == (1, ())


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ((RepTimes(1, 99),), "expected times in what was looked at, 0.0 to "),
        ((RepTimes(50, 99),), "expected times in what was looked at"),
        ((RepTimes(1, 1.03),), "expected three pictures or more in each, got 1-1.03."),
    ],
)
def test_times_that_do_not_fit_the_clip_are_refused(
    times: tuple[RepTimes, ...], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        by_hand(squat(MOVES), times)


def test_the_last_repetition_may_end_with_the_clip() -> None:
    track = squat(MOVES)
    last_s = float(track.t_s[-1])
    (rep,) = by_hand(track, [RepTimes(last_s - 2, last_s + FRAME_S)])
    assert rep.end_s == last_s


def blind(track: PoseTrack, from_s: float, to_s: float) -> Motion:
    """The movement, without the squat's signal for a while."""
    motion = motion_of(track)
    name = built_in_book().exercise("squat").signal.series
    values = motion.series(name).copy()
    values[(motion.t_s >= from_s) & (motion.t_s <= to_s)] = np.nan
    hidden = replace(motion)
    hidden._cache[name] = values
    return hidden


def test_a_turn_that_is_not_seen_has_to_be_given() -> None:
    motion, exercise = blind(squat(MOVES), 0.0, 99.0), built_in_book().exercise("squat")
    with pytest.raises(UsageError, match="say it as well: start, turn and end"):
        reps_by_hand(motion, exercise, TIMES[:1])
    given = RepTimes(TIMES[0].start_s, TIMES[0].end_s, MOVES[0].turn_s)
    (rep,) = reps_by_hand(motion, exercise, [given])
    assert rep.turn_s == pytest.approx(MOVES[0].turn_s, abs=FRAME_S)
    assert (rep.kind, rep.reason) == (RepKind.FULL, None)  # nothing speaks against it


def test_half_of_a_turn_that_is_seen_is_enough() -> None:
    motion = blind(squat(MOVES), MOVES[0].turn_s + 0.1, MOVES[0].end_s)
    (rep,) = reps_by_hand(motion, built_in_book().exercise("squat"), TIMES[:1])
    assert rep.turn_s == pytest.approx(MOVES[0].turn_s, abs=0.15)


# --- the whole way --------------------------------------------------------------------------


def test_given_repetitions_are_measured_and_judged_as_found_ones() -> None:
    track = with_noise(squat(MOVES), 1.0)
    found = analyze_track(track)
    times = tuple(RepTimes(r.rep.start_s, r.rep.end_s, r.rep.turn_s) for r in found.reps)
    given = analyze_track(track, edits=Edits(reps=times))
    assert given.exercise == "squat"
    assert not given.given
    assert given.score == found.score
    for one, other in zip(given.reps, found.reps, strict=True):
        assert replace(one.rep, cycle=other.rep.cycle, phases=other.rep.phases) == other.rep
        for own, its in zip(one.rep.phases, other.rep.phases, strict=True):
            assert own.name == its.name
            assert own.start_s == pytest.approx(its.start_s, abs=3 * FRAME_S)
        values = {n: m.value for n, m in one.measured.items()}
        assert values == pytest.approx(
            {n: m.value for n, m in other.measured.items()}, rel=0.02, nan_ok=True
        )


def test_draws_have_the_given_repetitions_too() -> None:
    """Ends that were given do not scatter, though nobody would find them there."""
    motion, exercise = motion_of(squat(MOVES)), built_in_book().exercise("squat")
    rules = built_in_book().rules["squat"]
    late = tuple(RepTimes(m.start_s + 0.3, m.end_s - 0.3) for m in MOVES)
    turned = tuple(replace(one, turn_s=m.turn_s) for one, m in zip(late, MOVES, strict=True))
    for times in (late, turned):
        reps = reps_by_hand(motion, exercise, times)
        context = SetContext(motion, exercise, reps, NOBODY_ASKED)
        drawn, sets = _drawn(context, reps, rules, Edits(reps=times))
        assert [sum(rep.counts for rep in found) for found in sets] == [len(MOVES)] * DRAWS
        for rep, own in zip(reps, drawn, strict=True):
            lasted_s = [one["descent_s"].value + one["ascent_s"].value for one in own]
            assert lasted_s == pytest.approx([rep.end_s - rep.start_s] * DRAWS)
            if times is turned:
                down_s = [one["descent_s"].value for one in own]
                assert down_s == pytest.approx([rep.turn_s - rep.start_s] * DRAWS)


def test_the_lifter_and_the_exercise_may_be_set_with_them() -> None:
    track = with_noise(squat(MOVES), 1.0)
    edits = Edits(exercise="squat", reps=TIMES[:2], bar="low", load_kg=80)  # type: ignore[arg-type]
    found = analyze_track(track, edits=edits)
    assert (found.given, found.rep_count) == (True, 2)
    assert (found.lifter.bar, found.lifter.load_kg) == ("low", 80)
    assert found.variant is not None
    assert found.edits == edits
    other = analyze_track(track, exercise="pull_up", edits=edits)
    assert other.exercise == other.edits.exercise == "pull_up"


def test_repetitions_of_an_unknown_movement_are_not_counted() -> None:
    still = film(clock(6.0), STANDING)
    assert analyze_track(still, edits=Edits(reps=(RepTimes(1, 3),))).exercise == UNKNOWN
    named = analyze_track(still, edits=Edits(exercise="squat", reps=(RepTimes(1, 3),)))
    assert (named.exercise, named.rep_count) == ("squat", 0)  # nothing moves in it
