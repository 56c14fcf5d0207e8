"""Find repetitions as cycles of one signal. Generic: knows no exercise.

A cycle leaves rest, turns, and comes back to it. Rest is high: a signal that rises
in the middle of a repetition is handed in with its sign changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.signals import peaks, running_maximum

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Half = Literal["eccentric", "concentric"]
"""Of a cycle: the weight goes down, or up."""

EDGE = 0.03
"""A movement is visible where the signal is this share of the amplitude from rest."""
MOST = 0.6
"""Share of the climb that must be behind before a plateau can be rest."""
SETTLE_S = 0.4
LEVEL = 0.03
"""At rest the signal climbs less than this share of the amplitude in this time."""
TURN_BAND = 0.02
"""The stay at the turn is where the signal is within this share of the amplitude of it."""
UNEVEN = 1.25
"""The rest levels before and after a turn differ by at most this factor: what is
higher is not rest (a walk towards the camera makes everything grow)."""
RELATIVE_PROMINENCE = 0.4
"""Dips smaller than this share of the set's usual amplitude are not cycles of their own."""


@dataclass(frozen=True)
class Cycle:
    """One movement away from rest and back to it, as frame numbers.

    Attributes
    ----------
    start, turn, end
        Frame numbers.
    amplitude
        From the lower of the two rest levels to the turn, in the signal's unit.
    starts
        The half before the turn.
    """

    start: int
    turn: int
    end: int
    amplitude: float
    starts: Half

    def half(self, which: Half, /) -> tuple[int, int]:
        """First and last frame while the weight goes down, or up."""
        if which == self.starts:
            return self.start, self.turn
        return self.turn, self.end


def find_cycles(
    t_s: Floats,
    signal: Floats,
    /,
    *,
    min_amplitude: float,
    starts: Half,
    breaks: Iterable[int] = (),
) -> list[Cycle]:
    """All cycles of a signal.

    Parameters
    ----------
    t_s
        Shape (T,), seconds.
    signal
        Shape (T,); high at rest. NaN splits the signal: no cycle spans it.
    min_amplitude
        Smallest fall from rest and rise back to rest, in the signal's unit.
    starts
        What the weight does before the turn.
    breaks
        Frames that start a new piece (a cut, a jump to another body).

    Returns
    -------
    list of Cycle
        In order of time, not overlapping. A movement that the clip or a piece
        cuts off counts when it comes back by `min_amplitude`.
    """
    cycles: list[Cycle] = []
    settle = max(1, round(SETTLE_S / float(np.median(np.diff(t_s))))) if len(t_s) > 1 else 1
    for first, last in _pieces(signal, breaks):
        cycles.extend(_cycles_of_piece(signal[first:last], first, min_amplitude, settle, starts))
    usual = float(np.median([c.amplitude for c in cycles])) if cycles else 0.0
    kept: list[Cycle] = []
    for first, last in _pieces(signal, breaks):
        prominence = max(min_amplitude, RELATIVE_PROMINENCE * usual)
        found = _cycles_of_piece(signal[first:last], first, prominence, settle, starts)
        small = _cycles_of_piece(signal[first:last], first, min_amplitude, settle, starts)
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


def _cycles_of_piece(
    values: Floats, first: int, prominence: float, settle: int, starts: Half
) -> list[Cycle]:
    # A turn at the very edge is a movement that was cut in half: never a peak.
    turns = peaks(-values, prominence=prominence)
    bounds = np.r_[0, turns, len(values) - 1]
    cycles = []
    for number, turn in enumerate(turns):
        before, after = int(bounds[number]), int(bounds[number + 2])
        fall, rise = values[before : turn + 1][::-1], values[turn : after + 1]
        most = UNEVEN * float(min(fall.max(), rise.max()) - values[turn])
        fall_length, rest_before = _half_to_rest(fall, most, settle)
        rise_length, rest_after = _half_to_rest(rise, most, settle)
        start, end = int(turn) - fall_length, int(turn) + rise_length
        amplitude = min(rest_before, rest_after)
        middle = _middle_of_turn(values, start, int(turn), end, amplitude)
        cycles.append(Cycle(first + start, first + middle, first + end, amplitude, starts))
    return [*(_parted(cycle, later) for cycle, later in pairwise(cycles)), *cycles[-1:]]


def _parted(cycle: Cycle, later: Cycle) -> Cycle:
    """The cycle, ended where the next one starts if their extrapolated ends cross."""
    return replace(cycle, end=max(cycle.turn, min(cycle.end, later.start)))


def _half_to_rest(half: Floats, most: float, settle: int) -> tuple[int, float]:
    """Samples from the turn to rest in one half of a cycle, and the climb to rest.

    Parameters
    ----------
    half
        The signal from the turn outwards.
    most
        Climb above which nothing is rest.
    settle
        Samples for which the signal must stay level at rest.

    Notes
    -----
    Rest is reached where the signal has climbed most of the way and climbs no
    further. A walk to the bar or to the camera long before is therefore not
    part of the movement, and neither is a stop half-way down. The movement
    begins a little outside of where it becomes visible: starting from rest with
    a steady acceleration, it takes as long to the first `EDGE` of the amplitude as
    from there to four times that.
    """
    climb = np.minimum(half - half[0], most)
    amplitude = climb.max()
    ahead = running_maximum(climb, settle + 1, before=settle % 2)
    settled = (climb >= MOST * amplitude) & (ahead - climb <= LEVEL * amplitude)
    rest = float(ahead[np.argmax(settled)]) if settled.any() else float(amplitude)
    seen = int(np.argmax(climb >= (1 - EDGE) * rest))
    under_way = int(np.argmax(climb >= (1 - 4 * EDGE) * rest))
    return min(seen + min(seen - under_way, settle), len(half) - 1), rest


def _middle_of_turn(values: Floats, start: int, turn: int, end: int, amplitude: float) -> int:
    """Middle of the stay at the turn, where a pause makes the extreme itself arbitrary."""
    away = values[start : end + 1] > values[turn] + TURN_BAND * amplitude
    before, after = np.flatnonzero(away[: turn - start]), np.flatnonzero(away[turn - start :])
    first = start + int(before[-1]) + 1 if len(before) else turn
    last = turn + int(after[0]) - 1 if len(after) else turn
    return (first + last) // 2
