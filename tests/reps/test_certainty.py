"""What a count may be, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from formcheck.kinematics.motion import Motion, measure_motion
from formcheck.pose.cleaning import clean
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.certainty import CountRange, count_range, unsure_reps
from formcheck.reps.engine import RepKind, find_set
from formcheck.rules.book import built_in_book
from tests.helpers.skeleton import (
    SQUAT_BOTTOM,
    STANDING,
    Camera,
    clock,
    even_set,
    film,
    mix,
    share_of,
    squat,
    with_noise,
)

if TYPE_CHECKING:
    from formcheck.exercises.schema import Exercise

MOVES = even_set(4)
SURE = [4] * 8
UNSURE = Reason(ReasonCode.COUNT_UNSURE)


def squats(end_s: float | None = None, *, begin_s: float = 0.0) -> Motion:
    track = squat(MOVES, t_s=clock(MOVES[-1].end_s + 1.0 if end_s is None else end_s))
    return measure_motion(clean(with_noise(track.select(track.t_s >= begin_s), 1.0)))


def lift() -> Exercise:
    return built_in_book().exercise("squat")


def ranged(motion: Motion, drawn: list[int]) -> CountRange:
    return count_range(motion, lift(), find_set(motion, lift()), drawn)


def test_a_clear_set_is_one_number() -> None:
    assert ranged(squats(), SURE) == CountRange(4, 4)


def test_the_last_one_is_cut_off() -> None:
    found = ranged(squats(MOVES[-1].turn_s + 0.2), [3] * 8)
    assert found == CountRange(3, 4, (Reason(ReasonCode.CUT_OFF, when="last"),))


def test_the_first_one_is_cut_off() -> None:
    found = ranged(squats(begin_s=MOVES[0].turn_s), [3] * 8)
    assert found == CountRange(3, 4, (Reason(ReasonCode.CUT_OFF, when="first"),))


def test_what_is_cut_off_long_after_the_set_is_not_of_it() -> None:
    t_s = clock(MOVES[-1].end_s + 9.0)
    again = even_set(1, first_s=t_s[-1] - 1.4)
    path = share_of(t_s, MOVES) + share_of(t_s, again)
    track = film(t_s, mix(STANDING, SQUAT_BOTTOM, path))
    assert ranged(measure_motion(clean(with_noise(track, 1.0))), SURE) == CountRange(4, 4)


@pytest.mark.parametrize(
    ("drawn", "wanted"),
    [
        ([4, 4, 4, 4, 4, 4, 3, 5], CountRange(4, 4)),
        ([4, 4, 4, 4, 4, 0, 0, 9], CountRange(4, 4)),
        ([4, 4, 4, 4, 4, 3, 3, 3], CountRange(3, 4, (UNSURE,))),
        ([4, 4, 6, 5, 5, 3, 2, 3], CountRange(3, 5, (UNSURE,))),
        ([], CountRange(4, 4)),
    ],
)
def test_three_of_eight_drawn_counts_differ(drawn: list[int], wanted: CountRange) -> None:
    assert ranged(squats(), drawn) == wanted


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        (Reason(ReasonCode.EXCLUDED, text="the feet stepped"), 4),
        (Reason(ReasonCode.OTHER_PACE, pace="slow", when="eccentric"), 4),
        (Reason(ReasonCode.OTHER_PACE, pace="fast", when="eccentric"), 3),
        (Reason(ReasonCode.OTHER_MOVEMENT, exercise="Squat"), 3),
    ],
)
def test_one_that_does_not_count_but_is_like_the_others(reason: Reason, wanted: int) -> None:
    motion = squats()
    found = find_set(motion, lift())
    reps = [
        replace(rep, kind=RepKind.INVALID, reason=reason) if n == 1 else rep
        for n, rep in enumerate(found.reps)
    ]
    told = count_range(motion, lift(), replace(found, reps=tuple(reps)), [3] * 8)
    assert (told.low, told.high) == (3, wanted)
    assert told.doubts == ((reason,) if wanted > 3 else ())


def test_nothing_found_is_nothing_counted() -> None:
    still = measure_motion(clean(film(clock(5.0), STANDING, Camera(90.0))))
    assert ranged(still, []) == CountRange(0, 0)


def test_a_repetition_that_three_of_eight_drawn_movements_lack_is_unsure() -> None:
    reps = find_set(squats(), lift()).reps
    without = [rep for rep in reps if rep.index != 2]
    partly = [replace(rep, kind=RepKind.PARTIAL) if rep.index == 3 else rep for rep in reps]
    failed = [replace(rep, kind=RepKind.FAILED) if rep.index == 4 else rep for rep in reps]
    drawn = [*[without] * 3, *[partly] * 3, *[failed] * 2]
    assert [rep.index for rep in unsure_reps(reps, drawn)] == [2]
    assert [rep.index for rep in unsure_reps(reps, [*drawn, failed])] == [2, 4]
