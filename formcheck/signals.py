"""Filters and peaks on sampled signals, in NumPy alone.

SciPy has each of these, and the tests hold them against it. But loading
``scipy.signal`` and ``scipy.stats`` takes longer than everything else in an analysis
that does not track, so the ways that every analysis goes do without.
"""

from __future__ import annotations

import heapq
import math
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Whole = NDArray[np.intp]

PADDING = 9
"""Samples by which a signal is continued at both ends before it is filtered."""
BLOCK = 32
"""Samples that are filtered at once."""


def butterworth(values: Floats, *, edge: float) -> Floats:
    """Second-order Butterworth low-pass, forwards and backwards: no lag.

    Parameters
    ----------
    values
        Shape (T, ...), T > `PADDING`, evenly sampled, without NaN.
    edge
        Half-amplitude frequency of one pass, as a share of the sampling rate, below 0.5.

    Returns
    -------
    ndarray
        Same shape, as ``scipy.signal.sosfiltfilt`` of ``butter(2, edge, fs=1)`` gives.
    """
    # Bilinear transform of 1 / (s^2 + sqrt(2) s + 1).
    k = math.tan(math.pi * edge)
    scale = 1 / (1 + math.sqrt(2) * k + k * k)
    gain = k * k * scale
    poles = 2 * (k * k - 1) * scale, (1 - math.sqrt(2) * k + k * k) * scale
    first, last = 2 * values[0], 2 * values[-1]
    padded = np.concatenate(
        [first - values[PADDING:0:-1], values, last - values[-2 : -PADDING - 2 : -1]]
    )
    forwards = _recursion(padded, gain, poles)
    return _recursion(forwards[::-1], gain, poles)[::-1][PADDING:-PADDING]


def _recursion(values: Floats, gain: float, poles: tuple[float, float]) -> Floats:
    """The filter in one direction, begun as if the first value had been there for ever.

    What a block of samples gives is a matrix product; from block to block only the two
    delayed sums are handed on.
    """
    _, a2 = poles
    response, handed = _block(poles)
    blocks = math.ceil(len(values) / BLOCK)
    weighted = np.zeros((blocks * BLOCK, values[0].size))
    weighted[: len(values)] = gain * values.reshape(len(values), -1)
    weighted = weighted.reshape(blocks, BLOCK, -1)
    own = handed[:, :BLOCK] @ weighted
    # Of a constant 1 the output is 1, and these are the two delayed sums then.
    sums = np.multiply.outer([1 - gain, gain - a2], values[0].ravel())
    begun = np.empty_like(own)
    for number in range(blocks):
        begun[number] = sums
        sums = handed[:, BLOCK:] @ sums + own[number]
    out = response @ np.concatenate([weighted, begun], axis=1)
    return np.asarray(out.reshape(blocks * BLOCK, -1)[: len(values)].reshape(values.shape))


@lru_cache(maxsize=8)
def _block(poles: tuple[float, float]) -> tuple[Floats, Floats]:
    """What a block gives out, and the sums it hands on, for each input and each sum (columns)."""
    a1, a2 = poles
    now, later = np.eye(BLOCK + 2)[BLOCK:]
    out = []
    for value in np.eye(BLOCK, BLOCK + 2):
        y = value + now
        out.append(y)
        now, later = 2 * value - a1 * y + later, value - a2 * y
    return np.array(out), np.array([now, later])


def around(t_s: Floats, wanted_s: Floats) -> tuple[Whole, Floats]:
    """The sample after each of some times (K,), and how far it is there from the one before.

    Beyond the ends the outermost two samples and 0 or 1.
    """
    last = np.clip(np.searchsorted(t_s, wanted_s, side="right"), 1, len(t_s) - 1)
    share = np.clip((wanted_s - t_s[last - 1]) / (t_s[last] - t_s[last - 1]), 0.0, 1.0)
    return last, share


def at_times(t_s: Floats, values: Floats, wanted_s: Floats) -> Floats:
    """Values (T, ...) at other times (K,), linearly; NaN beside a NaN, beyond the ends as there."""
    last, share = around(t_s, wanted_s)
    share = share.reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(values[last - 1] + share * (values[last] - values[last - 1]))


def runs(mask: Mask, breaks: Sequence[int] = ()) -> list[tuple[int, int]]:
    """Half-open [first, last) index pairs of the True stretches, cut at `breaks`.

    >>> runs(np.array([True, True, False, True, True]), breaks=[4])
    [(0, 2), (3, 4), (4, 5)]
    """
    edges = np.flatnonzero(np.diff(np.r_[False, mask, False].astype(np.int8)))
    found: list[tuple[int, int]] = []
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        inside = [number for number in breaks if first < number < last]
        found.extend(pairwise([first, *inside, last]))
    return found


def known_median(values: Floats) -> float:
    """Median of what is known; NaN of nothing."""
    known = np.sort(values[np.isfinite(values)])
    if not len(known):
        return math.nan
    return float(known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2


def known_quantiles(values: Floats, *shares: float) -> tuple[float, ...]:
    """Quantiles of what is known, linear between two samples; NaN of nothing.

    As NumPy's, which take ten times as long for a repetition's few values; so do its medians.
    """
    known = np.sort(values[np.isfinite(values)])
    if not len(known):
        return (math.nan,) * len(shares)
    found = []
    for share in shares:
        above, below = math.modf(share * (len(known) - 1))
        low, high = known[int(below)].item(), known[min(int(below) + 1, len(known) - 1)].item()
        step = high - low
        found.append(low + step * above if above < 0.5 else high - step * (1 - above))
    return tuple(found)


def running_median(values: Floats, window: int) -> Floats:
    """Shape (T, ...): the median of an odd number of samples around each, ends repeated."""
    half = window // 2
    padded = np.pad(values, [(half, half)] + [(0, 0)] * (values.ndim - 1), mode="edge")
    return np.asarray(np.median(sliding_window_view(padded, window, axis=0), axis=-1))


def running_maximum(values: Floats, window: int, *, before: int) -> Floats:
    """Shape (T,): the maximum of a window that starts `before` samples ahead of each.

    Ends are repeated.
    """
    padded = np.pad(values, (before, window - 1 - before), mode="edge")
    return np.asarray(sliding_window_view(padded, window).max(axis=-1))


def peaks(values: Floats, *, prominence: float) -> Whole:
    """Where a signal is higher than on both sides.

    Parameters
    ----------
    values
        Shape (T,), without NaN.
    prominence
        By how much it must fall on both sides before it is as high again.

    Returns
    -------
    ndarray
        Sample numbers, the middle one of a level top, as ``scipy.signal.find_peaks``
        gives them. Neither end is a peak.
    """
    if len(values) < 3:
        return np.zeros(0, dtype=np.intp)
    steps = np.flatnonzero(np.diff(values))
    starts, ends = np.r_[0, steps + 1], np.r_[steps, len(values) - 1]
    level = values[starts]
    tops = 1 + np.flatnonzero((level[1:-1] > level[:-2]) & (level[1:-1] > level[2:]))
    middles = (starts[tops] + ends[tops]) // 2
    kept = [peak for peak in middles if _prominence(values, int(peak)) >= prominence]
    return np.array(kept, dtype=np.intp)


def _prominence(values: Floats, peak: int) -> float:
    height = values[peak]
    left = np.flatnonzero(values[:peak] > height)
    right = np.flatnonzero(values[peak + 1 :] > height)
    start = int(left[-1]) + 1 if len(left) else 0
    end = peak + 1 + int(right[0]) if len(right) else len(values)
    return float(height - max(values[start : peak + 1].min(), values[peak:end].min()))


def smooth_curve(values: Floats, at: Floats) -> Floats:
    """A smooth curve through even samples, elsewhere.

    Parameters
    ----------
    values
        Shape (T, ...), T > 2.
    at
        Shape (K,): where, in samples from the first; beyond the ends the end values.

    Returns
    -------
    ndarray
        Shape (K, ...): between two samples the cubic whose slopes there are those of the
        parabola of fourth order through five samples.
    """
    slope = np.gradient(values, axis=0, edge_order=2)
    if len(values) > 4:
        wide, near = values[4:] - values[:-4], values[3:-1] - values[1:-3]
        slope[2:-2] = (8 * near - wide) / 12
    at = np.clip(at, 0, len(values) - 1)
    left = np.minimum(at.astype(int), len(values) - 2)
    x = (at - left).reshape(-1, *[1] * (values.ndim - 1))
    start, end = values[left], values[left + 1]
    return np.asarray(
        start
        + x * (slope[left] + x * (3 * (end - start) - 2 * slope[left] - slope[left + 1]))
        + x**3 * (slope[left] + slope[left + 1] - 2 * (end - start))
    )


def robust_slope(values: Floats) -> float:
    """Slope for each step of evenly spaced values: the median over all pairs (Theil-Sen)."""
    first, last = np.triu_indices(len(values), k=1)
    return float(np.median((values[last] - values[first]) / (last - first)))


class RunningMedian:
    """Median of numbers that come one after the other, each in the time of a heap.

    >>> median = RunningMedian()
    >>> for number in (3.0, 1.0, 2.0):
    ...     median.add(number)
    >>> median.value
    2.0
    """

    def __init__(self) -> None:
        self._lower: list[float] = []  # negated: the largest comes first
        self._upper: list[float] = []  # as many as in the lower half, or one less

    def add(self, number: float, /) -> None:
        """Take in another number."""
        heapq.heappush(self._upper, -heapq.heappushpop(self._lower, -number))
        if len(self._upper) > len(self._lower):
            heapq.heappush(self._lower, -heapq.heappop(self._upper))

    def __bool__(self) -> bool:
        return bool(self._lower)

    @property
    def value(self) -> float:
        """The median so far; NaN of nothing."""
        if not self._lower:
            return math.nan
        if len(self._lower) > len(self._upper):
            return -self._lower[0]
        return (self._upper[0] - self._lower[0]) / 2
