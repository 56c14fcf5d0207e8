from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.pose.blazepose.smooth import (
    PICTURE_EDGE_HZ,
    PICTURE_RISE,
    one_euro,
    smooth,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Filter = Callable[[Floats, Floats], Floats]

T_S = np.arange(120) / 30
UNEVEN_S = np.cumsum(np.random.default_rng(1).uniform(0.02, 0.06, 120))
MIDDLE = slice(40, 80)


def forwards(t_s: Floats, values: Floats, unit: float = 1.0) -> Floats:
    """With MediaPipe's constants for the picture."""
    return one_euro(t_s, values, edge_hz=PICTURE_EDGE_HZ, rise=PICTURE_RISE, unit=unit)


def both_ways(t_s: Floats, values: Floats, unit: float = 1.0) -> Floats:
    return smooth(t_s, values, edge_hz=PICTURE_EDGE_HZ, rise=PICTURE_RISE, unit=unit)


FILTERS = pytest.mark.parametrize("run", [forwards, both_ways])


@FILTERS
@pytest.mark.parametrize("t_s", [T_S, UNEVEN_S], ids=["even", "uneven"])
def test_what_rests_stays(run: Filter, t_s: Floats) -> None:
    values = np.broadcast_to(np.arange(6.0).reshape(3, 2), (len(t_s), 3, 2))
    np.testing.assert_allclose(run(t_s, values), values, rtol=0, atol=1e-12)


@pytest.mark.parametrize("t_s", [T_S, UNEVEN_S], ids=["even", "uneven"])
def test_even_motion_lags_forwards_but_not_both_ways(t_s: Floats) -> None:
    """A first-order low-pass lags by 1 / (2 pi edge); the edge is as high as the speed says."""
    speed = 0.1
    lag_s = 1 / (2 * np.pi * (PICTURE_EDGE_HZ + PICTURE_RISE * speed))
    values = speed * t_s
    late = (values - forwards(t_s, values)) / speed
    assert late[MIDDLE] == pytest.approx(np.full(40, lag_s), rel=0.02)
    still_late = (values - both_ways(t_s, values)) / speed
    assert np.abs(still_late[MIDDLE]).max() < 0.05 * lag_s


def test_what_is_fast_lags_less() -> None:
    slow, fast = (np.abs(forwards(T_S, v * T_S) - v * T_S)[MIDDLE].max() / v for v in (0.1, 1.0))
    assert fast < 0.2 * slow


def test_a_sudden_step_is_followed_as_far_as_its_speed_is_believed() -> None:
    """The speed goes through a low-pass of 1 Hz of its own; by hand."""
    step_s, far = 1 / 30, 0.02
    speed = (2 * np.pi * step_s / (2 * np.pi * step_s + 1)) * far / step_s
    turn = 2 * np.pi * (PICTURE_EDGE_HZ + PICTURE_RISE * speed) * step_s
    found = forwards(T_S[:2], np.array([0.0, far]))
    assert found == pytest.approx([0.0, far * turn / (turn + 1)])


def test_noise_at_rest_is_reduced() -> None:
    noise = np.random.default_rng(2).normal(0, 0.0005, len(T_S))
    assert forwards(T_S, noise)[20:].std() < 0.5 * noise.std()
    assert both_ways(T_S, noise)[20:-20].std() < 0.5 * noise.std()


def test_speed_is_counted_in_units_of_the_body() -> None:
    path = np.cumsum(np.random.default_rng(3).normal(0, 0.01, (len(T_S), 33, 2)), axis=0)
    for run in (forwards, both_ways):
        np.testing.assert_allclose(run(T_S, 500 * path, 500.0), 500 * run(T_S, path), rtol=1e-9)
    assert not np.allclose(forwards(T_S, 500 * path), 500 * forwards(T_S, path), rtol=1e-3)


def test_time_has_no_direction_both_ways() -> None:
    path = np.cumsum(np.random.default_rng(4).normal(0, 0.01, (len(UNEVEN_S), 4)), axis=0)
    path[50:53] = np.nan
    mirrored = both_ways(-UNEVEN_S[::-1], path[::-1])[::-1]
    np.testing.assert_array_equal(mirrored, both_ways(UNEVEN_S, path))


@FILTERS
def test_after_a_gap_it_begins_anew(run: Filter) -> None:
    path = np.random.default_rng(5).normal(0, 0.01, (60, 3, 2))
    path[30:] += 5.0
    path[28:30] = np.nan
    found = run(T_S[:60], path)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(path))
    parts = [run(T_S[part], path[part]) for part in (slice(0, 28), slice(30, 60))]
    np.testing.assert_allclose(found[:28], parts[0])
    np.testing.assert_allclose(found[30:], parts[1])


def test_a_body_of_which_a_part_is_missing_is_a_gap() -> None:
    path = np.random.default_rng(6).normal(0, 0.01, (20, 3))
    path[10, 1] = np.nan
    found = forwards(T_S[:20], path)
    np.testing.assert_array_equal(found[10], path[10])
    np.testing.assert_array_equal(found[11], path[11])


@FILTERS
@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_pictures(run: Filter, count: int) -> None:
    values = np.full((count, 33, 2), 7.0)
    np.testing.assert_array_equal(run(T_S[:count], values), values)


@FILTERS
def test_what_is_given_is_not_changed(run: Filter) -> None:
    path = np.random.default_rng(7).normal(0, 0.01, (20, 3))
    before = path.copy()
    run(T_S[:20], path)
    np.testing.assert_array_equal(path, before)
