"""Clip seconds from stamps: known answers."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.video.clock import Clock

STEP_S = 0.04


def times(
    stamps: list[float | None], pace: float = 1.0, step_s: float = STEP_S
) -> tuple[list[float], Clock]:
    clock = Clock(step_s, pace)
    return [t_s for t_s, _ in clock.timed((stamp, None) for stamp in stamps)], clock


def even(count: int, start_s: float = 0.0, step_s: float = STEP_S) -> list[float | None]:
    return [start_s + number * step_s for number in range(count)]


@pytest.mark.parametrize("leap_s", [601.0, 3600.0, 36_000.0, 1.7e9])
def test_a_leap_is_one_joint(leap_s: float) -> None:
    found, clock = times(even(20) + even(20, leap_s))
    assert found == pytest.approx(STEP_S * np.arange(40), abs=1e-6)
    assert [piece.t_s for piece in clock.pieces] == pytest.approx([0, 0.8])
    assert [piece.file_s for piece in clock.pieces] == pytest.approx([0, leap_s])
    assert clock.rebuilt == 0


def test_several_leaps_and_restarts_are_a_joint_each() -> None:
    found, clock = times(even(20) + even(20, 5000.0) + even(40, 3.0) + even(20, 9e8))
    assert found == pytest.approx(STEP_S * np.arange(100), abs=1e-6)
    assert len(clock.pieces) == 4


def test_a_restart_keeps_the_files_own_intervals() -> None:
    found, clock = times(even(50, 3.0) + even(20, 0.0, 2 * STEP_S))
    assert found[:50] == pytest.approx(STEP_S * np.arange(50))
    assert found[50:] == pytest.approx(2.0 + 2 * STEP_S * np.arange(20))
    assert clock.step_s == pytest.approx(2 * STEP_S)


def test_a_time_without_pictures_is_kept() -> None:
    found, clock = times(even(20) + even(20, 60.0))
    assert found == pytest.approx([*(STEP_S * np.arange(20)), *(60 + STEP_S * np.arange(20))])
    assert len(clock.pieces) == 1


def test_a_clip_with_a_picture_every_quarter_of_an_hour_does_not_leap() -> None:
    found, clock = times(even(9, 0.0, 900.0), step_s=900.0)
    assert found == pytest.approx(900.0 * np.arange(9))
    assert len(clock.pieces) == 1


@pytest.mark.parametrize("astray_s", [-5000.0, 0.0, 5.0, 5000.0])
def test_one_stamp_that_goes_astray_moves_nothing(astray_s: float) -> None:
    stamps = even(40, 10.0)
    stamps[20] = astray_s
    found, clock = times(stamps)
    assert found == pytest.approx(STEP_S * np.arange(40))
    assert (clock.rebuilt, len(clock.pieces)) == (1, 1)


def test_steps_are_not_learned_from_rebuilt_times() -> None:
    _, clock = times([0.0, 0.5, 1.0, *[None] * 50])
    assert clock.step_s == 0.5
    assert clock.intervals == [0.5, 0.5]


def test_stamps_out_of_order_take_as_long_as_in_order() -> None:
    shown: list[float | None] = [
        0.0,
        0.16,
        0.12,
        0.2,
        0.08,
        0.32,
        0.28,
        0.36,
        0.24,
        0.48,
        0.44,
        0.52,
        0.4,
        0.56,
    ]
    found, _ = times(shown)
    assert found[-1] == pytest.approx(0.56, abs=2 * STEP_S)
    assert min(np.diff(found)) > 0


def test_slow_motion_runs_faster() -> None:
    found, clock = times(even(8, 5.0) + even(8, 50_000.0), pace=4.0)
    assert found == pytest.approx(STEP_S / 4 * np.arange(16), abs=1e-6)
    assert clock.duration_s == pytest.approx(STEP_S * 4)
