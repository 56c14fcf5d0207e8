"""Where a repetition starts, turns and ends, to the frame, and how sure that is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FIRST, THEN = 0.06, 0.25
"""Shares of the way at which a movement is timed; where it began follows from both."""
BACK = 1.2
"""From `FIRST` back to the start, in times from `FIRST` to `THEN`: for a half-cosine 0.9, for
the smoothest movement (minimum jerk) 1.3, for an even speed 0.3."""
ERROR_SHARE, ERROR_FRAMES = 0.7, 1.5
"""Error of a start or end: by the way back to it, and by frames. On rendered clips two in
three of them then lie within one error."""
LONGEST_S = 0.4
"""No start is put further back than this."""
NEAR = 0.18
"""Nearer to rest than this share of the way, the movement may be over."""
REST_S, REST_WAIT, REST_SHARE = 1.0, 0.4, 0.75
"""Rest is the level that the signal has from there on, for this long and this share of the
movement at most: a high quantile of it, because the highest value of all is noise."""
TURN_BAND, TURN_LEFT = 0.03, 0.10
"""The stay at the turn is where the signal is within the first share of the amplitude of it,
and has not left it by the second."""
SIGMA = 1.48
"""A standard deviation in medians."""
NOISY, MOST_NOISY = 2.0, 0.08
"""Both shares grow with the signal's noise, by so many times its share of the amplitude, up to
the second: wider ones would turn early where it comes slowly and leaves fast."""
STRAYS_S = 0.2
"""Who leaves for no longer than this stays."""
NOISE_S = 0.2
"""The stay is read from a mean over this time: one landmark's noise is no end of a pause."""


def edge(t_s: Floats, values: Floats, turn: int, node: int, top: float, /) -> tuple[int, float]:
    """Where a movement begins or ends, and the error of that in seconds.

    Parameters
    ----------
    t_s, values
        Shape (N,): a signal that is high at rest, with what is before and after.
    turn
        Place at which the movement turns, as near to the node as it stays there.
    node
        Place at rest.
    top
        The signal at rest, at most.

    Returns
    -------
    int
        Place of the start (node before the turn) or the end.
    float
        One standard error, seconds.
    """
    step = 1 if node > turn else -1
    low = float(values[turn])
    out = np.arange(turn, node + step, step)
    near_rest = _first_above(values, out, top - NEAR * (top - low))
    beside = slice(near_rest, None, step)
    most_s = REST_S + REST_WAIT * abs(float(t_s[near_rest] - t_s[turn]))
    near = values[beside][np.abs(t_s[beside] - t_s[near_rest]) <= most_s]
    level = min(top, _rest(near, top - THEN * (top - low)))
    first = _first_above(values, out, level - FIRST * (level - low))
    then = _first_above(values, out, level - THEN * (level - low))
    back_s = min(BACK * abs(float(t_s[first] - t_s[then])), LONGEST_S)
    at_s = t_s[first] + step * back_s
    frame_s = abs(float(t_s[turn + step] - t_s[turn])) if turn != node else 0.0
    error_s = math.hypot(ERROR_SHARE * back_s, ERROR_FRAMES * frame_s)
    return int(np.argmin(np.abs(t_s - at_s))), error_s


def _first_above(values: Floats, places: NDArray[np.intp], level: float) -> int:
    """The first of some places at which a signal is so high; the last one if none is."""
    high = values[places] >= level
    return int(places[np.argmax(high)] if high.any() else places[-1])


def _rest(near: Floats, least: float) -> float:
    """The level of a signal beside a movement, while it does not fall again."""
    fallen = np.flatnonzero(near[1:] < least)
    held = np.sort(near[: fallen[0] + 1] if len(fallen) else near)
    return float(held[int(REST_SHARE * (len(held) - 1))])


def stay(t_s: Floats, values: Floats, turn: int, amplitude: float, /) -> tuple[int, int]:
    """First and last place of the stay at a turn.

    Parameters
    ----------
    t_s, values
        Shape (N,): a movement away from rest, which is high, and back.
    turn
        Place of its lowest value.
    amplitude
        How far that is below rest.
    """
    wide, strays = (max(1, round(s * _rate_hz(t_s))) for s in (NOISE_S, STRAYS_S))
    calm = _mean_around(values, wide // 2)
    low = float(calm[max(0, turn - wide) : turn + wide + 1].min())
    noise = SIGMA * float(np.median(np.abs(values - calm))) / max(amplitude, 1e-9)
    more = min(NOISY * noise, MOST_NOISY)
    away = calm > low + (TURN_LEFT + more) * amplitude
    first = turn - _stays(away[turn::-1], strays)
    last = turn + _stays(away[turn:], strays)
    near = np.flatnonzero(calm[first : last + 1] <= low + (TURN_BAND + more) * amplitude)
    return (first + int(near[0]), first + int(near[-1])) if len(near) else (first, last)


def _rate_hz(t_s: Floats) -> float:
    return (len(t_s) - 1) / float(t_s[-1] - t_s[0]) if len(t_s) > 1 else 0.0


def _mean_around(values: Floats, half: int) -> Floats:
    """Mean of each value and so many to both sides, ends repeated."""
    sums = np.cumsum(np.pad(values, (half + 1, half), mode="edge"))
    return np.asarray((sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1))


def _stays(away: NDArray[np.bool_], strays: int) -> int:
    """Steps to the last place that is not away, before more than `strays` in a row are."""
    there = np.flatnonzero(~away)
    if not len(there):
        return 0
    gaps = np.flatnonzero(np.diff(there) > strays + 1)
    return int(there[gaps[0] if len(gaps) else -1])


def arrival(values: Floats, first: int, last: int, amplitude: float, /) -> int:
    """Where a signal came to the low at which it stays."""
    away = np.flatnonzero(values[first : last + 1] > values[last] + TURN_LEFT * amplitude)
    return first + int(away[-1]) + 1 if len(away) else first
