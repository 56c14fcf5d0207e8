"""Even times: right between pictures, nothing made up where one is missing."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.export.resampling import even_rate, even_times, resample, resample_turns
from tests.helpers.skeleton import uneven_clock


def test_a_straight_line_stays_one_at_uneven_times() -> None:
    t_s = uneven_clock(6.0)
    values = np.stack([3.0 * t_s - 1.0, -t_s], axis=1)
    times = even_times(t_s, 50.0)
    assert np.allclose(np.diff(times), 0.02)
    assert times[0] == t_s[0]
    assert t_s[-1] - 0.02 < times[-1] <= t_s[-1]
    assert np.allclose(resample(t_s, values, times), np.stack([3.0 * times - 1.0, -times], 1))


def test_even_pictures_are_kept_as_they_are() -> None:
    t_s = np.round(np.arange(300) / 30 * 90000) / 90000  # a container's clock
    t_s = t_s + np.where(np.arange(300) % 2, 1e-4, 0.0)
    values = np.random.default_rng(1).normal(size=(300, 4))
    rate = even_rate(t_s[::2]) * 2
    times = even_times(t_s, rate)
    assert len(times) == 300
    assert np.array_equal(resample(t_s, values, times), values)


@pytest.mark.parametrize("rate", [12.5, 15.0, 23.976, 24.0, 25.0, 29.97, 30.0, 48.0, 50.0, 60.0])
@pytest.mark.parametrize("per_second", [600, 1000, 90000, 10**9])
@pytest.mark.parametrize("missing", [0, 10], ids=["all", "some missing"])
def test_a_rate_is_found_behind_rounded_stamps(rate: float, per_second: int, missing: int) -> None:
    exact = {23.976: 24000 / 1001, 29.97: 30000 / 1001}.get(rate, rate)
    numbers = np.arange(200)
    gone = np.random.default_rng(missing).choice(numbers[1:-1], missing, replace=False)
    t_s = np.round(np.delete(numbers, gone) / exact * per_second) / per_second
    assert even_rate(t_s) == rate
    assert len(even_times(t_s, rate)) == 200


def test_a_rate_that_no_camera_names_stays_what_it_is() -> None:
    t_s = np.round(np.arange(600) / 29.83 * 1000) / 1000
    assert even_rate(t_s) == pytest.approx(29.83, abs=2e-3)
    assert even_rate(np.arange(600) / 29.985) == 29.985


def test_of_several_rates_the_usual_one() -> None:
    t_s = np.concatenate([np.arange(300) / 30, 10 + np.arange(100) / 15])
    assert even_rate(np.round(t_s, 3)) == 30.0
    shaken = np.cumsum(1 / 30 + np.random.default_rng(2).normal(0, 0.002, 500))
    assert even_rate(shaken) == pytest.approx(30, abs=0.2)


def test_nothing_is_made_up() -> None:
    t_s = np.array([0.0, 0.1, 0.2, 0.3, 0.8, 0.9, 1.0, 1.1])
    values = np.arange(8.0)
    values[1] = np.nan
    times = np.array([0.0, 0.05, 0.15, 0.2, 0.25, 0.3, 0.5, 0.8, 0.85, 0.95, 1.05])
    found = resample(t_s, values, times, breaks=[6])
    missing, cut = np.nan, np.nan
    expected = [0.0, missing, missing, 2.0, 2.5, 3.0, missing, 4.0, 4.5, cut, 6.5]
    assert np.allclose(found, expected, equal_nan=True)


def test_an_angle_passes_over_the_half_turn_the_short_way() -> None:
    t_s = np.array([0.0, 0.1, 0.2])
    found = resample_turns(t_s, np.array([176.0, -180.0, -176.0]), np.array([0.05, 0.15]))
    assert np.allclose(found % 360, [178.0, 182.0])


def test_a_single_picture() -> None:
    t_s = np.array([2.5])
    assert even_rate(t_s) == 1.0
    assert even_times(t_s, 1.0).tolist() == [2.5]
    assert resample(t_s, np.array([[7.0]]), t_s).tolist() == [[7.0]]
