"""Values at even times, for formats that know only a rate.

A clip's pictures come when they come. Between two neighbours values are joined by
a straight line; where a picture is missing, or the picture cuts, nothing is made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose.cleaning import MAX_GAP_S
from formcheck.signals import around, at_times

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SAME_SHARE = 0.02
"""A time this near to a picture's, in steps between pictures, is that picture's:
time stamps are rounded."""
FULL_TURN_DEG = 360.0
SINGLE = 0.6
"""An interval off by less than this share of the median has no picture missing in it."""
OFF_BEAT = 0.25
"""Pictures keep one beat if each is this near to it, in steps; then it can be counted through."""
USUAL_SHARE = 0.1
"""Where they keep none, intervals this near to the median are the usual ones."""
AS_WELL = 1.25
"""A rate that cameras have tells the times as well if it is off by no more than this, times
what the best rate is off by."""
NAMED_SHARE = 5e-4
"""Without a beat a rate this near to one that cameras have is that one."""
BROADCAST = 1000 / 1001
"""29.97 and its kin, as a share of a whole rate."""


def even_rate(t_s: Floats, /) -> float:
    """The usual rate of some times, in Hz, to a thousandth; 1 for a single picture.

    Many containers round times (Matroska to 1 ms), so one interval says little of the
    rate: pictures are counted through the whole clip, those that are missing as well.

    >>> even_rate(np.array([0.0, 0.04, 0.08, 0.2]))
    25.0
    >>> even_rate(np.array([0.0, 0.033, 0.067, 0.1, 0.133, 0.2]))
    30.0
    """
    if len(t_s) < 2:
        return 1.0
    gaps = np.diff(t_s)
    usual = float(np.median(gaps))
    step = float(gaps[np.abs(gaps - usual) < SINGLE * usual].mean())
    numbers = np.concatenate([[0.0], np.cumsum(np.maximum(1.0, np.rint(gaps / step)))])
    fitted = float(np.polyfit(numbers, t_s - t_s[0], 1)[0])
    off = _off_beat(t_s, numbers, 1 / fitted)
    if off < OFF_BEAT * fitted:
        return _named(1 / fitted, lambda rate: _off_beat(t_s, numbers, rate) <= AS_WELL * off)
    rate_hz = 1 / float(gaps[np.abs(gaps - usual) <= USUAL_SHARE * usual].mean())
    return _named(rate_hz, lambda rate: abs(rate / rate_hz - 1) < NAMED_SHARE)


def _off_beat(t_s: Floats, numbers: Floats, rate_hz: float) -> float:
    """How far numbered pictures are at most from a beat, laid as well as can be; seconds."""
    return float(np.ptp(t_s - numbers / rate_hz)) / 2


def _named(rate_hz: float, tells: Callable[[float], bool]) -> float:
    """The whole or broadcast rate beside a rate if that tells the times; else the rate itself."""
    whole = max(1, round(rate_hz))
    beside = (float(whole), max(1, round(rate_hz / BROADCAST)) * BROADCAST)
    return round(next((rate for rate in beside if tells(rate)), rate_hz), 3)


def even_times(t_s: Floats, rate_hz: float, /) -> Floats:
    """Shape (K,), seconds: the first of some times, and steps of `rate_hz` up to the last."""
    count = int(np.floor((t_s[-1] - t_s[0]) * rate_hz + SAME_SHARE)) + 1
    return np.asarray(t_s[0] + np.arange(count) / rate_hz)


def resample(t_s: Floats, values: Floats, times_s: Floats, /, breaks: Sequence[int] = ()) -> Floats:
    """Values at other times, by straight lines between neighbouring pictures.

    Parameters
    ----------
    t_s
        Shape (T,), seconds, increasing.
    values
        Shape (T, ...), NaN where missing.
    times_s
        Shape (K,), seconds, within `t_s`.
    breaks
        Pictures that follow a cut or a jump.

    Returns
    -------
    ndarray
        Shape (K, ...). NaN beside a missing value, across a break and between
        pictures more than `MAX_GAP_S` apart.
    """
    if len(t_s) < 2:
        return np.asarray(values[: len(times_s)])
    made = at_times(t_s, values, times_s)
    after, share = around(t_s, times_s)
    apart = np.diff(t_s)[after - 1] > MAX_GAP_S
    made[apart | np.isin(after, breaks)] = np.nan
    first, last = share < SAME_SHARE, share > 1 - SAME_SHARE
    made[first], made[last] = values[after[first] - 1], values[after[last]]
    return made


def resample_turns(
    t_s: Floats, degrees: Floats, times_s: Floats, /, breaks: Sequence[int] = ()
) -> Floats:
    """As `resample`, for an angle (T,) that may pass from 180 to -180 degrees.

    The straight line then goes the short way round; values are not wrapped again.
    """
    known = np.isfinite(degrees)
    turned = degrees.copy()
    turned[known] = np.unwrap(degrees[known], period=FULL_TURN_DEG)
    return resample(t_s, turned, times_s, breaks)
