"""Where a signal turns: its highs and lows in turn, as candidates for ends and turns of reps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_GAP_S = 0.5
"""Shorter gaps are bridged: where it turned is not known then, but that it did."""
SHORTEST = 5
"""Frames below which a stretch is too short to show a movement."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """A part of a clip without a long gap or a break.

    Attributes
    ----------
    t_s, values
        Shape (N,): the part of the signal, seconds and its unit.
    first
        Frame number of its first value.
    candidates
        Places where it turns at all, with both ends.
    """

    t_s: Floats
    values: Floats
    first: int
    candidates: tuple[int, ...]

    def turns(self, least: float) -> list[int]:
        """Places of highs and lows in turn that differ by `least`; none where nothing moves."""
        values = self.values
        found: list[int] = []
        high = low = 0
        rising: bool | None = None
        for place in self.candidates:
            value = values[place]
            if rising is not False and value >= values[high]:
                high = place
            if rising is not True and value <= values[low]:
                low = place
            if rising is not False and values[high] - value >= least:
                found.append(high)
                rising, low = False, place
            elif rising is not True and value - values[low] >= least:
                found.append(low)
                rising, high = True, place
        return [*found, high if rising else low] if found else []


def stretches(t_s: Floats, signal: Floats, breaks: Iterable[int], /) -> list[Stretch]:
    """All parts of a signal without a long gap or a break.

    Parameters
    ----------
    t_s, signal
        Shape (T,).
    breaks
        Frames that start a new part.
    """
    found: list[Stretch] = []
    known = np.flatnonzero(np.isfinite(signal))
    if not len(known):
        return found
    cuts = np.array(sorted(set(breaks)), dtype=np.intp)
    parted = (np.diff(known) > 1) & (np.diff(t_s[known]) > MOST_GAP_S)
    parted |= np.diff(np.searchsorted(cuts, known, "right")) > 0
    for frames in np.split(known, np.flatnonzero(parted) + 1):
        if len(frames) >= SHORTEST:
            part = slice(int(frames[0]), int(frames[-1]) + 1)
            values = np.interp(t_s[part], t_s[frames], signal[frames])
            found.append(Stretch(t_s[part], values, part.start, tuple(_candidates(values))))
    return found


def _candidates(values: Floats) -> list[int]:
    """Places of all extremes, the middle of level ones, and both ends."""
    steps = np.flatnonzero(np.diff(values))
    starts, ends = np.r_[0, steps + 1], np.r_[steps, len(values) - 1]
    slopes = np.sign(np.diff(values[starts]))
    turns = np.flatnonzero(slopes[1:] != slopes[:-1]) + 1
    return [0, *((starts[turns] + ends[turns]) // 2).tolist(), len(values) - 1]
