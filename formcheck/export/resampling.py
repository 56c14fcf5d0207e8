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
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SAME_SHARE = 0.02
"""A time this near to a picture's, in steps between pictures, is that picture's:
time stamps are rounded."""
FULL_TURN_DEG = 360.0


def even_rate(t_s: Floats, /) -> float:
    """The usual rate of some times, in Hz, to a thousandth; 1 for a single picture.

    >>> even_rate(np.array([0.0, 0.04, 0.08, 0.2]))
    25.0
    """
    return round(float(1 / np.median(np.diff(t_s))), 3) if len(t_s) > 1 else 1.0


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
