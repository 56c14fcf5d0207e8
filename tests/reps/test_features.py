"""Statistics of a series over the parts of a repetition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.exercises.schema import Condition, Feature
from formcheck.kinematics.motion import Motion, measure_motion
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from formcheck.reps.cycles import Cycle
from formcheck.reps.features import around, feature_value, fulfilment, window_frames
from tests.helpers.skeleton import Move, Posture, clock, eased, film, without

if TYPE_CHECKING:
    from formcheck.exercises.schema import Stat, Window

MOVE = Move(1.0, first_half_s=2.0, hold_s=0.4, second_half_s=1.0)
T_S = clock(5.5)
START, TURN, END = (int(np.argmin(np.abs(T_S - s))) for s in (1.0, MOVE.turn_s, MOVE.end_s))
CYCLE = Cycle(START, TURN, END, 1.0, "eccentric")


@pytest.fixture(scope="module")
def motion() -> Motion:
    """The trunk leans from 10 to 50 degrees and comes back only as far as 20."""
    lean = eased(T_S, [(0, 10), (1, 10), (3, 50), (3.4, 50), (4.4, 20), (9, 20)])
    return measure_motion(clean(film(T_S, Posture(trunk=lean))))


@pytest.mark.parametrize(
    ("stat", "window", "value"),
    [
        ("at_start", "rep", 10),
        ("at_turn", "rep", 50),
        ("at_end", "rep", 20),
        ("min", "rep", 10),
        ("max", "rep", 50),
        ("min", "concentric", 20),
        ("median", "turn", 50),
        ("net", "rep", 10),
        ("net", "eccentric", 40),
        ("net", "concentric", -30),
    ],
)
def test_statistics(motion: Motion, stat: Stat, window: Window, value: float) -> None:
    feature = Feature(series="trunk_lean", stat=stat, window=window)
    assert feature_value(motion, CYCLE, feature) == pytest.approx(value, abs=1.0)


def test_range_leaves_out_the_extremes(motion: Motion) -> None:
    feature = Feature(series="trunk_lean", stat="range", window="eccentric")
    low, high = np.percentile(motion.series("trunk_lean")[START : TURN + 1], [5, 95])
    assert feature_value(motion, CYCLE, feature) == pytest.approx(high - low)
    assert 36 < high - low < 40.5


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [("rep", START, END), ("eccentric", START, TURN), ("concentric", TURN, END)],
)
def test_windows_include_both_ends(window: Window, first: int, last: int) -> None:
    frames = window_frames(CYCLE, window)
    assert frames.tolist() == list(range(first, last + 1))


def test_a_lift_that_starts_upwards_has_its_halves_the_other_way_round() -> None:
    pull = replace(CYCLE, starts="concentric")
    assert window_frames(pull, "concentric").tolist() == list(range(START, TURN + 1))
    assert window_frames(pull, "eccentric").tolist() == list(range(TURN, END + 1))


def test_windows_around_the_turn_and_at_rest() -> None:
    turn = window_frames(CYCLE, "turn")
    assert turn.min() < TURN < turn.max()
    assert len(turn) == pytest.approx(0.3 * (END - START), abs=2)
    rest = window_frames(CYCLE, "rest")
    assert {START, END} <= set(rest.tolist())
    assert set(rest.tolist()).isdisjoint(turn.tolist())


@pytest.mark.parametrize(
    "cycle",
    [
        Cycle(0, 1, 2, 1.0, "eccentric"),
        Cycle(3, 3, 3, 1.0, "eccentric"),
        Cycle(10, 11, 40, 1.0, "eccentric"),
    ],
)
@pytest.mark.parametrize("window", ["rep", "eccentric", "concentric", "turn", "rest"])
def test_windows_stay_inside_the_repetition(cycle: Cycle, window: Window) -> None:
    frames = window_frames(cycle, window)
    assert len(frames) > 0
    assert frames.min() >= cycle.start
    assert frames.max() <= cycle.end


@pytest.mark.parametrize(("rate_hz", "frames"), [(10.0, 1), (30.0, 3), (50.0, 5)])
def test_an_instant_is_a_tenth_of_a_second(rate_hz: float, frames: int) -> None:
    t_s = clock(1.0, rate_hz)
    middle = len(t_s) // 2
    spike = np.zeros(len(t_s))
    spike[middle] = 1.0
    assert around(t_s, spike, middle) == pytest.approx(1 / frames)


def test_an_instant_skips_what_is_missing() -> None:
    t_s = clock(1.0)
    values = np.arange(30.0)
    values[15] = np.nan
    assert around(t_s, values, 15) == pytest.approx(15.0)
    values[10:20] = np.nan
    assert np.isnan(around(t_s, values, 15))


@pytest.mark.parametrize(
    ("low", "high", "holds"),
    [
        # the lean at the turn is 50; the tolerance is 10
        (40, None, 1.0),
        (50, 60, 1.0),
        (55, None, 0.75),
        (60, None, 0.5),
        (70, None, 0.0),
        (90, None, 0.0),
        (None, 50.5, 1.0),
        (None, 40, 0.5),
        (None, 35, 0.25),
        (10, 30, 0.0),
    ],
)
def test_conditions(motion: Motion, low: float | None, high: float | None, holds: float) -> None:
    condition = Condition(series="trunk_lean", stat="at_turn", min=low, max=high, tolerance=10)
    assert fulfilment(motion, CYCLE, condition) == pytest.approx(holds, abs=0.02)


def test_what_is_not_seen_is_nan() -> None:
    arms = [landmarks.index(name, s) for name in ("elbow", "wrist") for s in landmarks.SIDES]
    hidden = measure_motion(clean(without(film(T_S, Posture()), 0.0, 99.0, arms)))
    stats: tuple[Stat, ...] = ("at_turn", "min", "max", "median", "range", "net")
    for stat in stats:
        value = feature_value(hidden, CYCLE, Feature(series="arm_drop", stat=stat))
        assert np.isnan(value), stat
    condition = Condition(series="arm_drop", stat="max", min=0.0, tolerance=1.0)
    assert np.isnan(fulfilment(hidden, CYCLE, condition))
