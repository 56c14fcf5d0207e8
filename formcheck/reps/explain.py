"""What a signal's highs and lows are: repetitions, failed ones, rests, other movement.

One explanation of a whole clip is sought, the one that costs least. A repetition costs the
more, the less it is like the set's others: how near both its ends are to the level at rest,
how deep it goes, how far it goes back and forth on its way. What no repetition explains
costs as much as it moves. The set's rest level and depth are not given: every level at which
the signal tops out is tried as rest, and the cheapest explanation tells.

Costs are judgement; a full movement there and back that is left unexplained costs 2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.signals import known_median, known_quantiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from formcheck.reps.turning import Stretch

    Floats = NDArray[np.float64]

Outcome = Literal["done", "failed", "halfway", "cut"]
"""Of a movement away from rest: it comes back, goes back to its turn and stays there, stays
halfway, or the clip begins or ends in it."""

REP_COST = 0.2
"""What any repetition costs: two that explain no more than one are not better."""
FAILED_COST = 1.0
END_COST, END_SCALE = 0.5, 0.35
"""An end that lies below rest: most, and at which share of the depth."""
OVER_COST, OVER_SCALE = 0.4, 0.6
"""An end that lies above rest."""
DEPTH_COST, DEPTH_SCALE = 0.35, 0.7
"""A turn that is not as deep as usual."""
BOUNCE_COST, BOUNCE_GROWTH = 0.1, 2.0
"""Going up and down again on the way: each, and by its height times its level, in depths above
the turn: what comes near to rest is not on the way."""
WIGGLE, STILL = 0.3, 0.15
"""Back and forth by less than this share of the smallest repetition, or of the set's depth,
is none."""
GAVE_UP_COST = 1.5
"""A stay at the turn after an attempt to rise, much longer than the set's others."""
GAVE_UP_S = 1.0
"""Such a stay lasts longer by this than the usual one."""
STAY_BAND = 0.1
ATTEMPT = 0.25
"""An attempt to rise goes up by at least this share of the depth."""
RETURNED = 0.6
"""A repetition is done when it comes back by this share of the depth; only the clip's own
begin and end may lie deeper."""
HALF = 0.5
"""What the clip cuts off goes by at least this share of the depth."""
MOST_TURNS = 12
"""Highs and lows of one repetition; more are several movements."""
MOST_LEVELS = 5
LEVEL_APART = 0.15
"""Levels nearer than this share of the set's largest depth are one."""
AROUND = 7
"""Ends of so many repetitions make the level at rest at a time: it may drift."""


@dataclass(frozen=True)
class Usual:
    """What the set does.

    Attributes
    ----------
    frames, levels
        The signal at rest at some frames; between them it drifts evenly.
    depth
        From rest to the turn.
    stay_s
        Time at the turn, seconds.
    """

    frames: Floats
    levels: Floats
    depth: float
    stay_s: float = 0.0

    def rest(self, frames: Floats | int, /) -> Floats:
        """Its level at rest at any frames."""
        return np.asarray(np.interp(frames, self.frames, self.levels))


@dataclass(frozen=True)
class Piece:
    """A movement away from rest: the number of its stretch, and its places there."""

    stretch: int
    start: int
    turn: int
    end: int
    outcome: Outcome


def explain(
    parts: Sequence[Stretch], /, *, least: float, allowed: Callable[[Piece], bool]
) -> tuple[list[Piece], Usual | None]:
    """The cheapest explanation of some stretches.

    Parameters
    ----------
    parts
        Stretches of one clip.
    least
        Smallest movement that can be a repetition, in the signal's unit.
    allowed
        Whether a movement could be one of the exercise's: what the set does is told
        from those alone.

    Returns
    -------
    list of Piece
        In order of time.
    Usual or None
        What the set does; None without any repetition.
    """
    guesses = _guesses(parts, least)
    if not guesses:
        return [], None
    most = max(guess.depth for guess in guesses)
    costs = [_explained(parts, guess, least, most) for guess in guesses]
    _, pieces, usual = min(
        ((cost, pieces, usual) for (cost, pieces), usual in zip(costs, guesses, strict=True)),
        key=lambda one: one[0],
    )
    for _ in range(2):
        inside = [p for p in pieces if allowed(p)] or pieces
        if not inside:
            return [], None
        usual = _usual(parts, inside, usual)
        _, pieces = _explained(parts, usual, least, max(most, usual.depth))
    return sorted([*pieces, *_cut(parts, pieces, usual, least)], key=_order), usual


def _order(piece: Piece) -> tuple[int, int]:
    return piece.stretch, piece.turn


def _cut(
    parts: Sequence[Stretch], pieces: Sequence[Piece], usual: Usual, least: float
) -> list[Piece]:
    """Halves of repetitions at which a stretch begins or ends."""
    found = []
    for number, part in enumerate(parts):
        nodes = part.turns(max(WIGGLE * least, STILL * usual.depth))
        if not nodes:
            continue
        own = [piece for piece in pieces if piece.stretch == number]
        first = min((piece.start for piece in own), default=len(part.values))
        last = max((piece.end for piece in own), default=-1)
        for turn, rest in ((nodes[0], nodes[1]), (nodes[-1], nodes[-2])):
            level = float(part.values[rest])
            deep = level - part.values[turn] >= max(least, HALF * usual.depth)
            at_rest = abs(level - usual.rest(part.first + rest)) <= END_SCALE * usual.depth
            left = part.t_s[-1] - part.t_s[turn] if turn > rest else part.t_s[turn] - part.t_s[0]
            if deep and at_rest and left <= GAVE_UP_S and not first < turn < last:
                found.append(Piece(number, min(turn, rest), turn, max(turn, rest), "cut"))
    return found


def _guesses(parts: Sequence[Stretch], least: float) -> list[Usual]:
    """Levels at which the signal tops out, each as the rest of a set."""
    highs, lows = [], []
    for part in parts:
        levels = part.values[np.array(part.turns(WIGGLE * least), dtype=np.intp)].tolist()
        falling = levels[:1] > levels[1:2]
        highs += levels[0 if falling else 1 :: 2]
        lows += levels[1 if falling else 0 :: 2]
    if not highs:
        return []
    order = np.sort(highs)[::-1]
    apart = LEVEL_APART * max(least, float(order[0]) - min(lows))
    groups = np.split(order, np.flatnonzero(-np.diff(order) > apart) + 1)
    groups = sorted(groups, key=len, reverse=True)[:MOST_LEVELS]
    found = []
    for level in {q for group in groups for q in known_quantiles(group, 0.25, 0.75)}:
        depths = level - np.array(lows)
        depths = depths[depths >= least]
        if len(depths):
            found.append(Usual(np.zeros(1), np.array([level]), usual_depth(depths)))
    return found


def usual_depth(depths: Floats, /) -> float:
    """The median of some depths, each counted as often as it is large."""
    order = np.sort(depths)
    share = np.cumsum(order)
    return float(order[np.searchsorted(share, share[-1] / 2)])


def _usual(parts: Sequence[Stretch], pieces: Sequence[Piece], before: Usual) -> Usual:
    """What the repetitions of an explanation have in common; their rest level may drift."""
    levels, frames, depths, stays = [], [], [], []
    for piece in pieces:
        part = parts[piece.stretch]
        places = np.array([piece.start, piece.turn, piece.end])
        rest = before.rest(part.first + places)
        own = part.values[places]
        for n in (0, 2):
            # An end far from rest is another movement's, or the clip's.
            if abs(own[n] - rest[n]) <= END_SCALE * before.depth:
                levels.append(own[n])
                frames.append(part.first + places[n])
        depths.append(max(rest[1], min(own[0], own[2])) - own[1])
        stays.append(_stay_s(part, piece.start, piece.turn, piece.end, before.depth))
    depth, stay_s = usual_depth(np.array(depths)), known_median(np.array(stays))
    if not levels:
        return Usual(before.frames, before.levels, depth, stay_s)
    firsts = [
        min(max(n - AROUND // 2, 0), max(len(levels) - AROUND, 0)) for n in range(len(levels))
    ]
    ends = np.array(levels)
    near = np.array([known_median(ends[first : first + AROUND]) for first in firsts])
    return Usual(np.array(frames, dtype=float), near, depth, stay_s)


def _stay_s(part: Stretch, before: int, place: int, after: int, depth: float) -> float:
    """How long the signal stays at a low, between two places beside it."""
    near = part.values[before : after + 1] <= part.values[place] + STAY_BAND * depth
    stay = before + np.flatnonzero(near)
    return float(part.t_s[stay[-1]] - part.t_s[stay[0]])


def _explained(
    parts: Sequence[Stretch], usual: Usual, least: float, most: float
) -> tuple[float, list[Piece]]:
    """Least cost of all stretches under what the set does, and the movements then."""
    total, pieces = 0.0, []
    for number, part in enumerate(parts):
        nodes = part.turns(max(WIGGLE * least, STILL * usual.depth))
        if nodes:
            cost, found = _Search(part, number, nodes, usual, least, most).run()
            total += cost
            pieces += found
    return total, pieces


class _Search:
    """Dynamic programming over the nodes of one stretch."""

    def __init__(
        self,
        part: Stretch,
        number: int,
        nodes: list[int],
        usual: Usual,
        least: float,
        most: float,
    ) -> None:
        self.part, self.number, self.nodes, self.least = part, number, nodes, least
        self.depth = usual.depth
        places = np.array(nodes)
        levels = part.values[places]
        self.levels = levels.tolist()
        self.away = ((levels - usual.rest(part.first + places)) / usual.depth).tolist()
        self.legs = np.minimum(1.0, np.abs(np.diff(levels)) / most).tolist()
        self.ends = [_end_cost(value) for value in self.away]
        self.bounces = self._bounces()
        self.gave_up = self._stays(GAVE_UP_S + 2 * usual.stay_s)

    def _is_high(self, number: int) -> bool:
        return bool((number % 2 == 0) == (self.levels[0] > self.levels[1]))

    def _bounces(self) -> list[float]:
        """What going over each high in the middle of a repetition costs."""
        costs = [0.0] * len(self.levels)
        for n in range(1, len(self.levels) - 1):
            if self._is_high(n):
                lower = max(self.levels[n - 1], self.levels[n + 1])
                height = (self.levels[n] - lower) / self.depth
                costs[n] = BOUNCE_COST + BOUNCE_GROWTH * height * max(0.0, 1 + self.away[n])
        return costs

    def _stays(self, longest_s: float) -> list[bool]:
        """Whether a node is a low at which the signal stays for longer than that."""
        found = []
        for n, place in enumerate(self.nodes):
            low = not self._is_high(n) and self.away[n] < -ATTEMPT
            before = self.nodes[n - 1] if n else 0
            after = self.nodes[n + 1] if n + 1 < len(self.nodes) else len(self.part.values) - 1
            found.append(low and _stay_s(self.part, before, place, after, self.depth) > longest_s)
        return found

    def run(self) -> tuple[float, list[Piece]]:
        """Least cost, and the movements of the explanation that has it."""
        best = [0.0]
        came: list[Piece | None] = [None]
        for end in range(1, len(self.levels)):
            cost, piece = best[end - 1] + self.legs[end - 1], None
            for start, own, turn, outcome in self._movements(end):
                if best[start] + own < cost:
                    cost = best[start] + own
                    piece = Piece(self.number, start, turn, end, outcome)
            best.append(cost)
            came.append(piece)
        pieces, at = [], len(best) - 1
        while at > 0:
            piece = came[at]
            if piece is not None:
                pieces.append(piece)
            at = at - 1 if piece is None else piece.start
        return best[-1], [self._placed(piece) for piece in reversed(pieces)]

    def _placed(self, piece: Piece) -> Piece:
        start, turn, end = (self.nodes[n] for n in (piece.start, piece.turn, piece.end))
        return replace(piece, start=start, turn=turn, end=end)

    def _movements(self, end: int) -> list[tuple[int, float, int, Outcome]]:
        """Movements that may end at a node: start, cost, turn, outcome."""
        high = self._is_high(end)
        if not high and not self.gave_up[end]:
            return []
        found: list[tuple[int, float, int, Outcome]] = []
        turn = end if not high else end - 1
        bounces, attempt, gave_up = 0.0, False, False
        for start in range(end - 1, max(-1, end - 1 - MOST_TURNS), -1):
            if not self._is_high(start):
                turn = start if self.levels[start] < self.levels[turn] else turn
                gave_up = gave_up or (self.gave_up[start] and start > 0)
                continue
            if high and start < end - 1:
                began = gave_up and self.away[start] < -ATTEMPT
                own = self._rep_cost(start, turn, end, bounces, attempt or began)
                if own is not None:
                    found.append((start, own, turn, self._outcome(start, end)))
            elif not high and self.levels[start] - self.levels[turn] >= self.least:
                own = FAILED_COST + self.ends[start] + self._depth_cost(turn)
                found.append((start, own, start + 1, "failed"))
            if not high and self.away[start] > -ATTEMPT:
                break  # it came back: what follows is another movement
            bounces += self.bounces[start]
            attempt = attempt or (gave_up and self.bounces[start] > 0)
        return found

    def _rep_cost(
        self, start: int, turn: int, end: int, bounces: float, gave_up: bool
    ) -> float | None:
        ends = min(self.levels[start], self.levels[end])
        if ends - self.levels[turn] < self.least:
            return None
        last = len(self.levels) - 1
        if any(self.away[n] < RETURNED - 1 and n not in (0, last) for n in (start, end)):
            return None
        cost = REP_COST + self.ends[start] + self.ends[end] + self._depth_cost(turn) + bounces
        return cost + 0.001 * (end - start) + (GAVE_UP_COST if gave_up else 0.0)

    def _depth_cost(self, turn: int) -> float:
        off: float = (1 + self.away[turn]) / DEPTH_SCALE
        return DEPTH_COST * min(1.0, off**2)

    def _outcome(self, start: int, end: int) -> Outcome:
        """Whether a movement came back, or the stretch begins or ends inside of it."""
        most = RETURNED - 1
        if start == 0 and self.away[start] < most:
            return "cut"
        if self.away[end] >= most:
            return "done"
        left_s = float(self.part.t_s[-1] - self.part.t_s[self.nodes[end]])
        return "cut" if left_s < GAVE_UP_S else "halfway"


def _end_cost(away: float) -> float:
    if away < 0:
        return END_COST * min(1.0, (away / END_SCALE) ** 2)
    return OVER_COST * min(1.0, (away / OVER_SCALE) ** 2)
