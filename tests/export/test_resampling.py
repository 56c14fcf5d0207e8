"""Even times: right between pictures, nothing made up where one is missing."""

from __future__ import annotations

import numpy as np

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
