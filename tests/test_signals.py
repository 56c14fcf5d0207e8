"""Each against SciPy, which is too slow to load for every analysis, or NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import maximum_filter1d
from scipy.signal import butter, find_peaks, medfilt, sosfiltfilt
from scipy.stats import theilslopes

from formcheck.signals import (
    PADDING,
    RunningMedian,
    butterworth,
    known_median,
    known_quantiles,
    peaks,
    robust_slope,
    running_maximum,
    running_median,
    smooth_curve,
)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.mark.parametrize("edge", [0.01, 0.1, 0.2, 0.4])
@pytest.mark.parametrize("length", [PADDING + 1, 40, 700])
def test_the_low_pass_is_scipys(random: np.random.Generator, edge: float, length: int) -> None:
    values = random.normal(size=(length, 3, 2)).cumsum(axis=0)
    expected = sosfiltfilt(butter(2, edge, fs=1, output="sos"), values, axis=0)
    np.testing.assert_allclose(butterworth(values, edge=edge), expected, atol=1e-9)


@pytest.mark.parametrize("window", [3, 7])
def test_the_running_median_is_scipys_away_from_the_ends(
    random: np.random.Generator, window: int
) -> None:
    values = random.normal(size=50)
    half = window // 2
    expected = medfilt(np.pad(values, half, mode="edge"), window)[half:-half]
    np.testing.assert_array_equal(running_median(values, window), expected)


@pytest.mark.parametrize("window", [1, 2, 5, 6])
def test_the_running_maximum_is_scipys(random: np.random.Generator, window: int) -> None:
    values = random.normal(size=50)
    for before in range(window):
        shift = before - window // 2
        expected = maximum_filter1d(values, window, origin=shift, mode="nearest")
        np.testing.assert_array_equal(running_maximum(values, window, before=before), expected)


@pytest.mark.parametrize("prominence", [0.0, 0.5, 2.0])
def test_peaks_are_scipys(random: np.random.Generator, prominence: float) -> None:
    for _ in range(50):
        values = random.normal(size=80).cumsum()
        expected, _facts = find_peaks(values, prominence=prominence)
        np.testing.assert_array_equal(peaks(values, prominence=prominence), expected)


def test_level_tops_are_one_peak_each(random: np.random.Generator) -> None:
    for _ in range(50):
        values = random.integers(0, 4, size=60).astype(float)
        expected, _facts = find_peaks(values, prominence=1.0)
        np.testing.assert_array_equal(peaks(values, prominence=1.0), expected)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [3.0, 3.0, 3.0], [1.0, 2.0, 2.0]])
def test_what_has_no_peak(values: list[float]) -> None:
    assert len(peaks(np.array(values), prominence=0.0)) == 0


def test_the_median_runs_along_the_first_axis(random: np.random.Generator) -> None:
    values = random.normal(size=(30, 4, 2))
    found = running_median(values, 5)
    np.testing.assert_array_equal(found[:, 3, 1], running_median(values[:, 3, 1], 5))


def test_a_smooth_curve_is_met_between_its_samples() -> None:
    step = 0.1
    at = np.linspace(0, 39, 400)
    curve = smooth_curve(np.sin(2 * np.pi * 0.8 * step * np.arange(40)), at)
    off = np.abs(curve - np.sin(2 * np.pi * 0.8 * step * at))
    inside = (at >= 2) & (at <= 37)
    assert off[inside].max() < 0.001
    assert off.max() < 0.02


def test_a_smooth_curve_goes_through_its_samples(random: np.random.Generator) -> None:
    for length in (3, 4, 5, 9):
        values = random.normal(size=(length, 2))
        np.testing.assert_allclose(smooth_curve(values, np.arange(float(length))), values)
        beyond = smooth_curve(values, np.array([-3.0, length + 5.0]))
        np.testing.assert_allclose(beyond, values[[0, -1]])


def test_the_slope_is_scipys(random: np.random.Generator) -> None:
    for length in (2, 3, 9):
        values = random.normal(size=length)
        expected = theilslopes(values, np.arange(length)).slope
        assert robust_slope(values) == pytest.approx(expected)


@pytest.mark.parametrize("length", [1, 2, 5, 38])
def test_medians_and_quantiles_of_what_is_known_are_numpys(
    random: np.random.Generator, length: int
) -> None:
    values = random.normal(size=length)
    shares = (0.0, 0.05, 0.3, 0.5, 0.95, 1.0)
    with_gaps = np.insert(values, [0, length // 2, length], np.nan)
    assert known_median(with_gaps) == np.median(values)
    assert known_quantiles(with_gaps, *shares) == tuple(np.quantile(values, shares))


def test_of_nothing_there_is_no_quantile() -> None:
    assert np.isnan([known_median(np.full(3, np.nan)), *known_quantiles(np.array([]), 0.1)]).all()


def test_the_median_so_far(random: np.random.Generator) -> None:
    median = RunningMedian()
    assert np.isnan(median.value)
    numbers = [*random.normal(size=50), *[0.5] * 20, *random.normal(size=50)]
    for count, number in enumerate(numbers, 1):
        median.add(float(number))
        assert median.value == np.median(numbers[:count])
