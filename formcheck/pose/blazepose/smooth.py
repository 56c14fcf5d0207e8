"""MediaPipe's smoothing of landmarks over time, without its lag.

The One-Euro filter (Casiez, Roussel, Vogel 2012) is a low-pass whose edge rises with
speed, so that what rests is steady and what moves hardly lags: by 0.017 s with
MediaPipe's constants. Of a film the end is known as well, so it is filtered forwards
and backwards, and the mean of both lags by nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PICTURE_EDGE_HZ, PICTURE_RISE = 0.05, 80.0
"""Edge at rest, and its rise with speed in sides of the body's region a second, for the
picture's landmarks (measured on MediaPipe 1.2.3, as are the next three)."""
WORLD_EDGE_HZ, WORLD_RISE = 0.1, 40.0
"""The same for world landmarks, metres a second."""
SPEED_EDGE_HZ = 1.0
"""Edge of the low-pass of the speed."""


def one_euro(
    t_s: Floats,
    values: Floats,
    *,
    edge_hz: float,
    rise: float,
    unit: float = 1.0,
) -> Floats:
    """Smooth values over time, each from what came before.

    Parameters
    ----------
    t_s
        Shape (T,), seconds, increasing.
    values
        Shape (T, ...). NaN where missing: the filter begins anew after it.
    edge_hz
        Edge of the low-pass at rest.
    rise
        Hz by which the edge rises for each unit of speed.
    unit
        One unit of length for the speed.

    Returns
    -------
    ndarray
        Same shape as `values`.
    """
    smooth = values.copy()
    last = speed = None
    for number in range(len(t_s)):
        now = values[number]
        if not np.isfinite(now).all():
            last = speed = None
            continue
        if last is None or speed is None:
            last, speed = now, np.zeros_like(now)
            continue
        step = float(t_s[number] - t_s[number - 1])
        raw_speed = (now - values[number - 1]) / unit / step
        speed = speed + _share(SPEED_EDGE_HZ, step) * (raw_speed - speed)
        last = last + _share(edge_hz + rise * np.abs(speed), step) * (now - last)
        smooth[number] = last
    return smooth


def smooth(
    t_s: Floats, values: Floats, *, edge_hz: float, rise: float, unit: float = 1.0
) -> Floats:
    """The mean of `one_euro` forwards and backwards in time; parameters are the same."""
    forwards = one_euro(t_s, values, edge_hz=edge_hz, rise=rise, unit=unit)
    backwards = one_euro(-t_s[::-1], values[::-1], edge_hz=edge_hz, rise=rise, unit=unit)[::-1]
    forwards += backwards
    forwards /= 2
    return forwards


def _share(edge_hz: float | Floats, step_s: float) -> Floats:
    """How much of a step a first-order low-pass of that edge follows."""
    turn = 2 * math.pi * np.asarray(edge_hz) * step_s
    return np.asarray(turn / (turn + 1))
