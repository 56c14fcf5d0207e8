"""Sets as lifters really do them, with what a coach would count."""

from __future__ import annotations

import functools
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.exercises.detect import detect_exercise
from formcheck.kinematics.motion import measure_motion
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.cycles import find_cycles
from formcheck.reps.engine import FoundSet, RepKind, find_set, rep_signal
from formcheck.rules.book import built_in_book
from tests.helpers.skeleton import (
    HANGING,
    HINGED,
    PULLED_UP,
    ROW_TOP,
    SQUAT_BOTTOM,
    STANDING,
    Camera,
    Posture,
    clock,
    eased,
    even_set,
    film,
    mix,
    share_of,
    with_noise,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

Knots = list[tuple[float, float]]
"""Times, and how far the body is from rest (0) to the turn of a full repetition (1)."""
POSTURES = {
    "squat": (STANDING, SQUAT_BOTTOM),
    "bent_over_row": (HINGED, ROW_TOP),
    "pull_up": (HANGING, PULLED_UP),
}
ARM_MARKS = ("shoulder", "elbow", "wrist", "pinky", "index", "thumb")
FULL, PARTIAL, FAILED = RepKind.FULL, RepKind.PARTIAL, RepKind.FAILED


def found(knots: Knots, lift: str = "squat", *, end_s: float | None = None) -> FoundSet:
    t_s = clock(knots[-1][0] + 1.5 if end_s is None else end_s)
    depth = eased(t_s, [(0, 0), *knots, (9999, knots[-1][1])])
    motion = measured(mix(*POSTURES[lift], share_for(lift)(depth)), lift, t_s)
    return find_set(motion, built_in_book().exercise(lift))


def measured(body: Posture, lift: str, t_s: Floats, noise_px: float = 1.0) -> Motion:
    camera = Camera(180.0) if lift == "pull_up" else Camera(90.0)
    track = film(t_s, body, camera, from_bar=lift == "pull_up")
    return measure_motion(clean(with_noise(track, noise_px)))


@functools.cache
def share_for(lift: str) -> Callable[[Floats], Floats]:
    """The share of the way of all angles that brings the lift's signal a share of its way."""
    share = np.linspace(0, 1, 101)
    motion = measured(mix(*POSTURES[lift], share), lift, share, noise_px=0.0)
    signal = rep_signal(motion, built_in_book().exercise(lift))
    depth = (signal[0] - signal) / (signal[0] - signal[-1])
    return lambda wanted: np.interp(wanted, np.maximum.accumulate(depth), share)


def kinds(one: FoundSet) -> list[RepKind]:
    return [rep.kind for rep in one.reps]


def chain(*parts: Sequence[tuple[float, float]], first_s: float = 1.0) -> Knots:
    """Parts of a set one after the other: each gives seconds and where the body is then."""
    knots: Knots = [(first_s, 0.0)]
    for part in parts:
        for seconds, place in part:
            knots.append((knots[-1][0] + seconds, place))
    return knots


def full(down_s: float = 1.0, up_s: float = 1.0, hold_s: float = 0.1, size: float = 1.0) -> Knots:
    return [(down_s, size), (hold_s, size), (up_s, 0.0)]


def wait(seconds: float) -> Knots:
    return [(seconds, 0.0)]


ONE_AND_A_HALF: Knots = [(1.0, 1.0), (0.7, 0.5), (0.7, 1.0), (1.0, 0.0), (0.5, 0.0)]
BOUNCED: Knots = [(1.0, 1.0), (0.3, 0.6), (0.3, 1.0), (1.0, 0.0), (0.5, 0.0)]
USUAL: Knots = [*full(), *wait(0.6)]

SETS: dict[str, tuple[Knots, list[RepKind]]] = {
    "dips of the knees before": (
        chain([(0.4, 0.15), (0.4, 0), (0.4, 0.12), (0.4, 0), (1.0, 0)], *[USUAL] * 4),
        [FULL] * 4,
    ),
    "paused": (chain(*[[*full(hold_s=3.0), *wait(0.8)]] * 4), [FULL] * 4),
    "rest-pause": (
        chain(*[USUAL] * 5, wait(15), *[USUAL] * 3, wait(20), *[USUAL] * 2),
        [FULL] * 10,
    ),
    "drop set": (
        chain(*[USUAL] * 5, wait(4), *[[*full(0.7, 0.6, 0.0, 0.9), *wait(0.2)]] * 6),
        [FULL] * 11,
    ),
    "tempo": (chain(*[[*full(5.0, 1.0, 0.0), *wait(0.5)]] * 3), [FULL] * 3),
    "ground out at the end": (chain(*[USUAL] * 4, full(1.0, 7.0, 0.0)), [FULL] * 5),
    "eight seconds each way": (chain(*[[*full(8.0, 7.5, 0.5), *wait(0.5)]] * 3), [FULL] * 3),
    "slow both ways": (chain(*[[*full(4.0, 4.0, 1.0), *wait(0.5)]] * 3), [FULL] * 3),
    "one and a half": (chain(*[ONE_AND_A_HALF] * 4), [FULL] * 4),
    "one and a half, once": (chain(USUAL, ONE_AND_A_HALF, USUAL, USUAL), [FULL] * 4),
    "bounced every time": (chain(*[BOUNCED] * 4), [FULL] * 4),
    "bounced once": (chain(USUAL, BOUNCED, USUAL, USUAL), [FULL] * 4),
    "onto pins": (
        chain(*[[(1, 1.0), (0.15, 0.94), (0.15, 1), (1.0, 1), (1, 0), (0.6, 0)]] * 4),
        [FULL] * 4,
    ),
    "touch and go": (chain(*[full(0.8, 0.7, 0.0)] * 7), [FULL] * 7),
    "fast": (chain(*[full(0.3, 0.28, 0.0)] * 8), [FULL] * 8),
    "not locked out in between": (
        chain([(1, 1)], *[[(0.7, 0.15), (0.7, 1.0)]] * 4, [(1, 0)]),
        [FULL] * 5,
    ),
    "constant tension": (
        chain([(1, 1)], *[[(0.6, 0.25), (0.6, 1.0)]] * 5, [(1, 0)]),
        [FULL] * 6,
    ),
    "halves last": (
        chain(*[USUAL] * 4, *[[*full(0.7, 0.7, size=0.5), *wait(0.5)]] * 3),
        [FULL] * 4 + [PARTIAL] * 3,
    ),
    "halves first": (
        chain(*[[*full(0.7, 0.7, size=0.5), *wait(0.5)]] * 2, *[USUAL] * 4),
        [PARTIAL] * 2 + [FULL] * 4,
    ),
    "every other one half": (
        chain(*[[*full(), *wait(0.5), *full(0.7, 0.7, size=0.5), *wait(0.5)]] * 3),
        [FULL, PARTIAL] * 3,
    ),
    "grinding": (
        chain(*[USUAL] * 3, [(1, 1.0), (0.8, 0.5), (1.5, 0.5), (1.0, 0)]),
        [FULL] * 4,
    ),
    "grinding and sinking a little": (
        chain(*[USUAL] * 3, [(1, 1.0), (0.8, 0.5), (0.8, 0.6), (1.2, 0)]),
        [FULL] * 4,
    ),
    "failing at once": (
        chain(*[USUAL] * 3, [(1, 1.0), (0.6, 0.75), (0.6, 1.0), (5.0, 1.0)]),
        [FULL] * 3 + [FAILED],
    ),
    "failing half-way": (
        chain(*[USUAL] * 3, [(1, 1.0), (1.0, 0.45), (1.0, 1.0), (3.0, 1.0)]),
        [FULL] * 3 + [FAILED],
    ),
    "failing twice": (
        chain(*[USUAL] * 3, [(1, 1), (1, 0.5), (0.8, 1), (1, 0.7), (0.8, 1), (4, 1.0)]),
        [FULL] * 3 + [FAILED],
    ),
    "failing, then standing up without the bar": (
        chain(*[USUAL] * 3, [(1, 1), (1, 0.5), (0.8, 1), (3.5, 1), (1.2, 0), (2, 0)]),
        [FULL] * 3 + [FAILED],
    ),
    "slower and slower": (
        chain(*[[*full(1 + 0.2 * n, 0.8 + 0.4 * n), *wait(0.5 + 0.4 * n)] for n in range(7)]),
        [FULL] * 7,
    ),
    "shallower and shallower": (
        chain(*[[*full(size=1 - 0.05 * n), *wait(0.5)] for n in range(6)]),
        [FULL] * 6,
    ),
    "single": (chain(USUAL), [FULL]),
}


@pytest.mark.parametrize("lift", POSTURES)
@pytest.mark.parametrize("name", SETS)
def test_what_a_coach_counts(name: str, lift: str) -> None:
    knots, wanted = SETS[name]
    one = found(knots, lift)
    assert kinds(one) == wanted
    assert not [p for p in one.passed if p.reason.code is not ReasonCode.EXCLUDED]


@pytest.mark.parametrize("noise_px", [1.0, 4.0])
@pytest.mark.parametrize("hold_s", [0.2, 2.0])
@pytest.mark.parametrize("lift", POSTURES)
def test_a_pause_turns_in_its_middle_however_noisy(
    lift: str, hold_s: float, noise_px: float
) -> None:
    moves = even_set(3, hold_s=hold_s)
    t_s = clock(moves[-1].end_s + 1.0)
    motion = measured(mix(*POSTURES[lift], share_of(t_s, moves)), lift, t_s, noise_px)
    reps = find_set(motion, built_in_book().exercise(lift)).reps
    assert [rep.turn_s for rep in reps] == pytest.approx([m.turn_s for m in moves], abs=0.1)


def test_a_failed_one_ends_where_it_came_back_down() -> None:
    knots = chain(*[USUAL] * 3, [(1, 1.0), (1.0, 0.45), (1.0, 1.0), (3.0, 1.0)])
    failed = found(knots).reps[-1]
    assert failed.turn_s == pytest.approx(knots[-4][0], abs=0.2)
    assert failed.end_s == pytest.approx(knots[-2][0], abs=0.3)
    assert failed.reason is not None
    assert failed.reason.code is ReasonCode.NOT_FINISHED
    assert not failed.counts


@pytest.mark.parametrize("lift", POSTURES)
@pytest.mark.parametrize("share", [0.8, 1.0])
def test_what_the_clip_cuts_off_is_told_and_not_counted(lift: str, share: float) -> None:
    """It ends on the way to the third turn, or at it."""
    knots = chain(*[USUAL] * 2, [(1.0, 1.0)])
    one = found(knots, lift, end_s=knots[-2][0] + share)
    assert kinds(one) == [FULL] * 2
    assert [p.reason.code for p in one.passed] == [ReasonCode.CUT_OFF]
    assert one.passed[0].start_s == pytest.approx(knots[-2][0], abs=0.25)


def test_what_the_clip_begins_in_is_told_and_not_counted() -> None:
    t_s = clock(8.0)
    path = eased(t_s, [(0, 1), (1, 0), (2, 0), (3, 1), (4, 0), (5, 0), (6, 1), (7, 0), (9, 0)])
    body = mix(STANDING, SQUAT_BOTTOM, path)
    one = find_set(measured(body, "squat", t_s), built_in_book().exercise("squat"))
    assert kinds(one) == [FULL] * 2
    assert [p.reason.code for p in one.passed] == [ReasonCode.CUT_OFF]
    assert one.passed[0].end_s == pytest.approx(1.0, abs=0.25)


def test_letting_go_of_the_bar_is_no_repetition() -> None:
    """After the last one the hands come down to the sides."""
    t_s = clock(16.0)
    pulled = eased(t_s, [(0, 0), (1, 0), (2, 1), (3, 0), (4, 0), (5, 1), (6, 0), (7, 0), (99, 0)])
    body = mix(HANGING, PULLED_UP, pulled)
    let_go = eased(t_s, [(0, 0), (9, 0), (9.8, 1), (99, 1)])
    one = find_set(
        measured(mix(body, STANDING, let_go), "pull_up", t_s), built_in_book().exercise("pull_up")
    )
    assert kinds(one) == [FULL] * 2


@pytest.mark.parametrize("at", ["in between", "last"])
@pytest.mark.parametrize("lift", POSTURES)
def test_what_is_too_slow_is_told_and_not_counted(lift: str, at: str) -> None:
    slow = [*full(1.0, 20.0, 0.0), *wait(0.6)]
    after = [USUAL] * 2 if at == "in between" else []
    one = found(chain(*[USUAL] * 3, slow, *after), lift)
    assert kinds(one) == [FULL] * (3 + len(after))
    (passed,) = one.passed
    half = "concentric" if lift == "squat" else "eccentric"
    assert passed.reason == Reason(ReasonCode.OTHER_PACE, pace="slow", when=half)


def test_a_lift_that_is_too_slow_to_count_is_still_recognised() -> None:
    t_s = clock(70.0)
    path = eased(t_s, [(0, 0), *chain(*[[*full(14.0, 14.0), *wait(1.0)]] * 2), (999, 0)])
    motion = measured(mix(STANDING, SQUAT_BOTTOM, path), "squat", t_s)
    assert detect_exercise(motion, built_in_book().exercises).id == "squat"
    assert not find_set(motion, built_in_book().exercise("squat")).reps


PUT_DOWNS = {
    "knees and trunk bend": Posture(shin=15.0, thigh=50.0, trunk=80.0, arm=-50.0, elbow=95.0),
    "the trunk bends": Posture(shin=8.0, thigh=62.0, trunk=80.0, arm=-45.0, elbow=85.0),
    "to the front": Posture(shin=15.0, thigh=50.0, trunk=60.0, arm=45.0, elbow=80.0),
}
"""Hands on the floor, the shoulders come down to them."""


@pytest.mark.parametrize("name", PUT_DOWNS)
@pytest.mark.parametrize("gap_s", [0.0, 0.6, 1.4])
def test_putting_the_weight_down_is_no_repetition(name: str, gap_s: float) -> None:
    knots = chain(*[USUAL] * 3)
    last_s = knots[-1][0] + gap_s
    t_s = clock(last_s + 4.0)
    rows = mix(HINGED, ROW_TOP, share_for("bent_over_row")(eased(t_s, [(0, 0), *knots, (99, 0)])))
    down = eased(t_s, [(0, 0), (last_s, 0), (last_s + 0.8, 1), (99, 1)])
    up = eased(t_s, [(0, 0), (last_s + 1.2, 0), (last_s + 2.2, 1), (99, 1)])
    body = mix(mix(rows, PUT_DOWNS[name], down), STANDING, up)
    one = find_set(measured(body, "bent_over_row", t_s), built_in_book().exercise("bent_over_row"))
    assert kinds(one) == [FULL] * 3


PULL_S, REST_S = 2.0, 0.4
"""Of arms that take turns."""


def taken_in_turns(sides: str, camera: Camera) -> Motion:
    """Rows with the arms one after the other, as the letters say, from the first second on."""
    knots = {"l": [(0.0, 0.0)], "r": [(0.0, 0.0)]}
    for number, side in enumerate(sides):
        start = 1.0 + number * (PULL_S + REST_S)
        knots[side] += [(start, 0), (start + 0.9, 1), (start + 1.1, 1), (start + PULL_S, 0)]
    t_s = clock(2.0 + len(sides) * (PULL_S + REST_S))
    tracks = {
        side: film(t_s, mix(HINGED, ROW_TOP, eased(t_s, [*path, (999, 0)])), camera)
        for side, path in knots.items()
    }
    right = [landmarks.index(name, "right") for name in ARM_MARKS]
    xy, world = tracks["l"].xy_px.copy(), tracks["l"].world_m.copy()
    xy[:, right], world[:, right] = tracks["r"].xy_px[:, right], tracks["r"].world_m[:, right]
    track = with_noise(tracks["l"].with_arrays(xy_px=xy, world_m=world), 1.0)
    return measure_motion(clean(track))


def alternating(sides: str, camera: Camera) -> FoundSet:
    return find_set(taken_in_turns(sides, camera), built_in_book().exercise("bent_over_row"))


@pytest.mark.parametrize("azimuth_deg", [90.0, 45.0, 315.0])
@pytest.mark.parametrize("sides", ["lrlrlrlr", "llllrrrr", "lrrllr"])
def test_arms_that_take_turns_are_counted_each(sides: str, azimuth_deg: float) -> None:
    one = alternating(sides, Camera(azimuth_deg))
    assert "".join(str(rep.side)[0] for rep in one.reps) == sides
    assert kinds(one) == [FULL] * len(sides)
    assert [rep.index for rep in one.reps] == list(range(1, len(sides) + 1))


def test_one_arm_alone_has_its_side() -> None:
    one = alternating("rrrr", Camera(45.0))
    assert [rep.side for rep in one.reps] == ["right"] * 4


def test_both_arms_have_no_side() -> None:
    assert {rep.side for rep in found(SETS["paused"][0], "bent_over_row").reps} == {None}


def test_ten_minutes_take_no_longer_than_their_length() -> None:
    """Nothing in it grows with the square of the length."""
    exercise = built_in_book().exercise("squat")
    took = []
    for minutes in (1, 10):
        t_s = clock(60.0 * minutes)
        signal = 0.7 + 0.3 * np.cos(2 * np.pi * t_s / 3) + 0.01 * np.sin(29 * t_s)
        begun = time.process_time()
        cycles = find_cycles(t_s, signal, min_amplitude=0.15, starts=exercise.starts)
        took.append(time.process_time() - begun)
        assert len(cycles) == 20 * minutes
    assert took[1] < 30 * took[0]
