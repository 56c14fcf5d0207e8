"""Find repetitions as cycles of one signal. Generic: knows no exercise.

A cycle leaves rest, turns, and comes back to it. Rest is high: a signal that rises
in the middle of a repetition is handed in with its sign changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.reps.edges import arrival, edge, stay
from formcheck.reps.explain import explain
from formcheck.reps.turning import stretches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from formcheck.reps.explain import Outcome, Piece, Usual
    from formcheck.reps.turning import Stretch

    Floats = NDArray[np.float64]

Half = Literal["eccentric", "concentric"]
"""Of a cycle: the weight goes down, or up."""


ABOVE = 0.05
"""Rest is not higher than usual by more than this share of the depth: where the signal rises
further, that is no repetition (walking to the camera makes everything grow)."""


CUT = 0.15
"""A stretch that begins or ends further from rest than this share of the depth does so in the
middle of a half: sets that are shown from their first frame on begin nearer (judgement)."""


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
    outcome
        Whether it came back to rest, did not, or is cut off.
    start_error_s, end_error_s
        One standard error of start and end, seconds.
    missing
        The half that does not lie in a span which was given by hand, or of which the clip or
        the shot cuts off a part; both where the turn does not lie in it either.
    given
        Whether it was given by hand.
    """

    start: int
    turn: int
    end: int
    amplitude: float
    starts: Half
    outcome: Outcome = "done"
    start_error_s: float = 0.0
    end_error_s: float = 0.0
    missing: tuple[Half, ...] = ()
    given: bool = False

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
    allowed: Callable[[Cycle], bool] = lambda _: True,
) -> list[Cycle]:
    """All cycles of a signal.

    Parameters
    ----------
    t_s
        Shape (T,), seconds.
    signal
        Shape (T,); high at rest. Half a second of NaN splits the signal: no cycle spans it.
    min_amplitude
        Smallest fall from rest and rise back to rest, in the signal's unit.
    starts
        What the weight does before the turn.
    breaks
        Frames that start a new piece (a cut, a jump to another body).
    allowed
        Which cycles may tell what the set does: its level at rest and its depth.

    Returns
    -------
    list of Cycle
        In order of time, not overlapping, with those that failed or are cut off.
    """
    parts = stretches(t_s, signal, breaks)

    @cache
    def may(piece: Piece) -> bool:
        return allowed(_cycle(parts[piece.stretch], piece, None, min_amplitude, starts))

    pieces, usual = explain(parts, least=min_amplitude, allowed=may)
    cycles = [_cycle(parts[piece.stretch], piece, usual, min_amplitude, starts) for piece in pieces]
    return [*(_parted(cycle, later) for cycle, later in pairwise(cycles)), *cycles[-1:]]


def _parted(cycle: Cycle, later: Cycle) -> Cycle:
    """The cycle, ended where the next one starts if their extrapolated ends cross."""
    return replace(cycle, end=max(cycle.turn, min(cycle.end, later.start)))


def _cycle(part: Stretch, piece: Piece, usual: Usual | None, least: float, starts: Half) -> Cycle:
    """A piece with its start, turn and end to the frame."""
    first, turn, last = piece.start, piece.turn, piece.end
    before, after = _tops(part, piece, usual, least)
    missing = _cut_off(part, piece, usual, starts)
    if missing:  # what is left of the other end is all that tells how high rest is
        before, after = (float(part.values[place]) for place in (first, last))
    top = max(before, after) if missing else min(before, after)
    amplitude = top - float(part.values[turn])
    own = slice(first, last + 1)
    begin, stop = (
        first + place for place in stay(part.t_s[own], part.values[own], turn - first, amplitude)
    )
    start, end, start_error_s, end_error_s = first, last, 0.0, 0.0
    if turn in (first, last):  # half of one that the clip cuts off
        begin = stop = turn
    if first < turn:
        start, start_error_s = edge(part.t_s, part.values, begin, first, before)
    if piece.outcome == "failed":
        stop = begin
        end = arrival(part.values, turn, last, amplitude)
    elif turn < last:
        end, end_error_s = edge(part.t_s, part.values, stop, last, after)
    return Cycle(
        part.first + start,
        part.first + (begin + stop) // 2,
        part.first + end,
        amplitude,
        starts,
        piece.outcome,
        start_error_s,
        end_error_s,
        missing,
    )


def _cut_off(part: Stretch, piece: Piece, usual: Usual | None, starts: Half) -> tuple[Half, ...]:
    """The half of a whole piece that begins before its stretch does, or ends after it."""
    if usual is None or piece.outcome != "done" or not piece.start < piece.turn < piece.end:
        return ()
    ends = np.array([piece.start, piece.end])
    levels, low = part.values[ends], float(part.values[piece.turn])
    rest = np.maximum(usual.rest(part.first + ends), levels.max())
    at_edge = ends == (0, len(part.values) - 1)
    cut = at_edge & (levels < rest - CUT * (rest - low))
    halves: tuple[Half, Half] = (starts, "concentric" if starts == "eccentric" else "eccentric")
    # Of one that both ends cut, nothing tells how far it goes.
    return tuple(half for half, gone in zip(halves, cut, strict=True) if gone and not cut.all())


def _tops(part: Stretch, piece: Piece, usual: Usual | None, least: float) -> tuple[float, float]:
    """The signal at rest before and after a piece; where it does not come back, that before."""
    low = part.values[piece.turn]
    places = [piece.start, piece.end]
    if piece.outcome == "failed" or piece.turn == piece.end:
        places[1] = piece.start
    elif piece.turn == piece.start:
        places[0] = piece.end
    tops = part.values[np.array(places)]
    if usual is not None:
        rest = usual.rest(part.first + np.array(places))
        beyond = (tops > rest + ABOVE * usual.depth) & (rest - low >= least)
        tops = np.where(beyond, rest, tops)
    return float(tops[0]), float(tops[1])
