"""Find repetitions as cycles of one signal. Generic: knows no exercise.

A cycle leaves rest, turns, and comes back. Rest is high: a signal that rises
in the middle of a repetition is handed in with its sign changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import maximum_filter1d
from scipy.signal import find_peaks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EDGE = 0.03
"""A cycle starts and ends where the signal is this share of the travel from rest."""
MOST = 0.6
"""Share of the climb that must be behind before a plateau can be rest."""
SETTLE_S = 0.4
LEVEL = 0.06
"""At rest the signal climbs less than this share of the travel in this time."""
UNEVEN = 1.25
"""The rest levels before and after a turn differ by at most this factor: what is
higher is not rest (a walk towards the camera makes everything grow)."""
RELATIVE_PROMINENCE = 0.4
"""Dips smaller than this share of the set's usual travel are not cycles of their own."""


@dataclass(frozen=True)
class Cycle:
    """One there-and-back movement, as frame numbers.

    Attributes
    ----------
    start, turn, end
        Frame numbers.
    travel
        From the lower of the two rest levels to the turn, in the signal's unit.
    """

    start: int
    turn: int
    end: int
    travel: float


def find_cycles(
    t_s: Floats, signal: Floats, /, *, min_travel: float, breaks: Iterable[int] = ()
) -> list[Cycle]:
    """All cycles of a signal.

    Parameters
    ----------
    t_s
        Shape (T,), seconds.
    signal
        Shape (T,); high at rest. NaN splits the signal: no cycle spans it.
    min_travel
        Smallest fall from rest and rise back to rest, in the signal's unit.
    breaks
        Frames that start a new piece (a cut, a jump to another body).

    Returns
    -------
    list of Cycle
        In order of time, not overlapping. A movement that the clip or a piece
        cuts off counts when it comes back by `min_travel`.
    """
    cycles: list[Cycle] = []
    settle = max(1, round(SETTLE_S / float(np.median(np.diff(t_s))))) if len(t_s) > 1 else 1
    for first, last in _pieces(signal, breaks):
        cycles.extend(_cycles_of_piece(signal[first:last], first, min_travel, settle))
    usual = float(np.median([c.travel for c in cycles])) if cycles else 0.0
    kept: list[Cycle] = []
    for first, last in _pieces(signal, breaks):
        prominence = max(min_travel, RELATIVE_PROMINENCE * usual)
        found = _cycles_of_piece(signal[first:last], first, prominence, settle)
        small = _cycles_of_piece(signal[first:last], first, min_travel, settle)
        kept.extend(found + [c for c in small if not any(_overlap(c, big) for big in found)])
    return sorted(kept, key=lambda c: c.turn)


def _overlap(first: Cycle, second: Cycle) -> bool:
    return first.start < second.end and second.start < first.end


def _pieces(signal: Floats, breaks: Iterable[int]) -> list[tuple[int, int]]:
    """Half-open stretches without NaN and without a break inside."""
    known = np.isfinite(signal)
    cuts = set(breaks)
    pieces: list[tuple[int, int]] = []
    first: int | None = None
    for number in range(len(signal) + 1):
        inside = number < len(signal) and known[number]
        if first is not None and (not inside or number in cuts):
            pieces.append((first, number))
            first = None
        if inside and first is None:
            first = number
    return [(a, b) for a, b in pieces if b - a >= 5]


def _cycles_of_piece(values: Floats, first: int, prominence: float, settle: int) -> list[Cycle]:
    # A turn at the very edge is a movement that was cut in half: never a peak.
    turns, _ = find_peaks(-values, prominence=prominence)
    bounds = np.r_[0, turns, len(values) - 1]
    cycles = []
    for number, turn in enumerate(turns):
        before, after = int(bounds[number]), int(bounds[number + 2])
        down, up = values[before : turn + 1], values[turn : after + 1][::-1]
        most = UNEVEN * float(min(down.max(), up.max()) - values[turn])
        start, end = _leave_rest(down, most, settle), _leave_rest(up, most, settle)
        travel = min(values[before + start], values[after - end]) - values[turn]
        cycles.append(
            Cycle(first + before + start, first + int(turn), first + after - end, float(travel))
        )
    return cycles


def _leave_rest(values: Floats, most: float, settle: int) -> int:
    """Number of the last sample at rest before the fall to the last sample.

    Seen backwards in time the signal climbs from the turn. Rest is reached
    where it has climbed most of the way and climbs no further within `settle`
    samples. A walk to the bar or to the camera long before is therefore not
    part of the movement, and neither is a stop half-way down.
    """
    climb = np.minimum(values[::-1] - values[-1], most)
    travel = climb.max()
    ahead = maximum_filter1d(climb, 2 * settle + 1, mode="nearest")
    peak = np.minimum(travel, np.maximum.accumulate(climb))
    settled = (climb >= MOST * travel) & (ahead - peak <= LEVEL * travel)
    rest = float(ahead[np.argmax(settled)]) if settled.any() else float(travel)
    return len(values) - 1 - int(np.argmax(climb >= (1 - EDGE) * rest))
