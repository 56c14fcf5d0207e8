"""Cycles of signals whose start, turn and end are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.reps.cycles import Cycle, find_cycles
from tests.helpers.skeleton import Move, clock, eased, even_set, share_of, uneven_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MIN_AMPLITUDE = 0.15


def signal(t_s: Floats, moves: Sequence[Move], *, noise: float = 0.0, seed: int = 1) -> Floats:
    """1 at rest, 0 at the turn of a full movement."""
    clean = 1.0 - share_of(t_s, moves)
    return clean + np.random.default_rng(seed).normal(0.0, noise, len(t_s))


def check(t_s: Floats, cycles: Sequence[Cycle], moves: Sequence[Move], tolerance_s: float) -> None:
    assert len(cycles) == len(moves)
    for cycle, move in zip(cycles, moves, strict=True):
        found = [float(t_s[n]) for n in (cycle.start, cycle.turn, cycle.end)]
        assert found == pytest.approx([move.start_s, move.turn_s, move.end_s], abs=tolerance_s)


TEMPOS = {
    "usual": {},
    "fast": {"first_half_s": 0.5, "hold_s": 0.0, "second_half_s": 0.4, "rest_s": 0.3},
    "no pause": {"hold_s": 0.0, "rest_s": 0.0},
    "paused at the turn": {"hold_s": 2.0},
    "slow first, fast second half": {"first_half_s": 3.0, "second_half_s": 0.6},
    "fast first, slow second half": {"first_half_s": 0.5, "second_half_s": 4.0},
    "long rests": {"rest_s": 6.0},
    "small": {"size": 0.2},
}


@pytest.mark.parametrize("count", [1, 2, 8])
@pytest.mark.parametrize("tempo", TEMPOS)
def test_known_cycles(tempo: str, count: int) -> None:
    moves = even_set(count, **TEMPOS[tempo])
    t_s = clock(moves[-1].end_s + 1.0)
    cycles = find_cycles(t_s, signal(t_s, moves), min_amplitude=MIN_AMPLITUDE, starts="eccentric")
    longest = max(moves[0].first_half_s, moves[0].second_half_s)
    check(t_s, cycles, moves, 0.05 + 0.05 * longest)
    for cycle in cycles:
        assert cycle.amplitude == pytest.approx(moves[0].size, rel=0.02)


@pytest.mark.parametrize("rate_hz", [10.0, 24.0, 60.0, 120.0])
def test_any_rate(rate_hz: float) -> None:
    moves = even_set(4)
    t_s = clock(moves[-1].end_s + 1.0, rate_hz)
    cycles = find_cycles(t_s, signal(t_s, moves), min_amplitude=MIN_AMPLITUDE, starts="eccentric")
    check(t_s, cycles, moves, 0.08 + 1.0 / rate_hz)


def test_variable_rate() -> None:
    moves = even_set(4)
    t_s = uneven_clock(moves[-1].end_s + 1.0)
    check(
        t_s,
        find_cycles(t_s, signal(t_s, moves), min_amplitude=MIN_AMPLITUDE, starts="eccentric"),
        moves,
        0.15,
    )


@pytest.mark.parametrize("noise", [0.005, 0.015, 0.03])
def test_noise_adds_no_cycle_and_moves_no_turn(noise: float) -> None:
    moves = even_set(6)
    t_s = clock(moves[-1].end_s + 1.0)
    for seed in range(10):
        cycles = find_cycles(
            t_s,
            signal(t_s, moves, noise=noise, seed=seed),
            min_amplitude=MIN_AMPLITUDE,
            starts="eccentric",
        )
        turns = [float(t_s[c.turn]) for c in cycles]
        assert turns == pytest.approx([m.turn_s for m in moves], abs=0.25), seed


@pytest.mark.parametrize(
    "noise",
    [0.005, 0.015],
)
def test_noise_moves_no_start_or_end(noise: float) -> None:
    """Noise of half a hundredth, and of one and a half hundredths, of the amplitude."""
    moves = even_set(6)
    t_s = clock(moves[-1].end_s + 1.0)
    for seed in range(10):
        cycles = find_cycles(
            t_s,
            signal(t_s, moves, noise=noise, seed=seed),
            min_amplitude=MIN_AMPLITUDE,
            starts="eccentric",
        )
        ends = [float(t_s[n]) for c in cycles for n in (c.start, c.end)]
        known = [s for m in moves for s in (m.start_s, m.end_s)]
        assert ends == pytest.approx(known, abs=0.3), seed


@pytest.mark.parametrize(
    "still",
    [
        np.zeros(300),
        np.linspace(0.0, 5.0, 300),
        np.linspace(5.0, 0.0, 300),
        np.full(300, np.nan),
        np.zeros(4),
        np.zeros(1),
        np.zeros(0),
    ],
    ids=["still", "rising", "falling", "missing", "four frames", "one frame", "nothing"],
)
def test_no_cycle(still: Floats) -> None:
    assert (
        find_cycles(
            clock(99.0)[: len(still)], still, min_amplitude=MIN_AMPLITUDE, starts="eccentric"
        )
        == []
    )


@pytest.mark.parametrize(("size", "count"), [(0.12, 0), (0.18, 3)])
def test_smallest_amplitude(size: float, count: int) -> None:
    moves = even_set(3, size=size)
    t_s = clock(moves[-1].end_s + 1.0)
    assert (
        len(find_cycles(t_s, signal(t_s, moves), min_amplitude=MIN_AMPLITUDE, starts="eccentric"))
        == count
    )


@pytest.mark.parametrize("bounce", [0.05, 0.10, 0.14])
def test_bounces_at_the_turn_are_one_cycle(bounce: float) -> None:
    """Two bounces, smaller than the smallest movement that can be a repetition."""
    t_s = clock(6.0)
    path = [(0, 1), (1, 1), (2, 0.01), (2.25, bounce), (2.5, 0), (2.75, bounce), (3, 0.02), (4, 1)]
    (cycle,) = find_cycles(t_s, eased(t_s, path), min_amplitude=MIN_AMPLITUDE, starts="eccentric")
    assert t_s[cycle.start] == pytest.approx(1.0, abs=0.1)
    assert 1.9 <= t_s[cycle.turn] <= 3.1
    assert t_s[cycle.end] == pytest.approx(4.0, abs=0.1)


def bounced(t_s: Floats, starts: Sequence[float], which: Sequence[int], bounce: float) -> Floats:
    path: list[tuple[float, float]] = [(0, 1)]
    for number, s in enumerate(starts):
        path += [(s, 1), (s + 1, 0)]
        if number in which:
            path += [(s + 1.3, bounce), (s + 1.6, 0.01)]
        path.append((s + 2.6, 1))
    return eased(t_s, path)


@pytest.mark.parametrize(
    "which",
    [[1], [0, 3], [0, 1, 2, 3, 4]],
)
def test_a_large_bounce_does_not_split_a_cycle(which: list[int]) -> None:
    """A bounce of a third of the amplitude, in one, in some and in all repetitions."""
    starts = [1.0 + 4.0 * n for n in range(5)]
    t_s = clock(22.0)
    cycles = find_cycles(
        t_s, bounced(t_s, starts, which, 0.33), min_amplitude=MIN_AMPLITUDE, starts="eccentric"
    )
    assert [float(t_s[c.start]) for c in cycles] == pytest.approx(starts, abs=0.15)
    assert [float(t_s[c.end]) for c in cycles] == pytest.approx(np.add(starts, 2.6), abs=0.15)


@pytest.mark.parametrize("level", [0.3, 0.5, 0.8])
def test_a_stop_on_the_way_is_not_the_end(level: float) -> None:
    """0.6 s of standstill going down in the second and coming up in the fourth repetition."""
    path: list[tuple[float, float]] = [(0, 1)]
    for number in range(5):
        s = 1.0 + 5.0 * number
        path += [(s, 1)]
        path += [(s + 0.5, level), (s + 1.1, level)] if number == 1 else []
        path += [(s + 2, 0)]
        path += [(s + 2.5, level), (s + 3.1, level)] if number == 3 else []
        path += [(s + 4, 1)]
    t_s = clock(27.0)
    cycles = find_cycles(t_s, eased(t_s, path), min_amplitude=MIN_AMPLITUDE, starts="eccentric")
    starts = [1.0 + 5.0 * n for n in range(5)]
    assert [float(t_s[c.start]) for c in cycles] == pytest.approx(starts, abs=0.25)
    assert [float(t_s[c.end]) for c in cycles] == pytest.approx(np.add(starts, 4.0), abs=0.25)


@pytest.mark.parametrize("cut_s", [0.0, 0.1, 0.2])
def test_the_last_one_may_end_with_the_clip(cut_s: float) -> None:
    moves = even_set(3)
    t_s = clock(moves[-1].end_s - cut_s)
    cycles = find_cycles(t_s, signal(t_s, moves), min_amplitude=MIN_AMPLITUDE, starts="eccentric")
    assert len(cycles) == 3
    assert t_s[cycles[-1].turn] == pytest.approx(moves[-1].turn_s, abs=0.05)
    assert t_s[cycles[-1].end] == pytest.approx(t_s[-1], abs=0.15)


def test_the_first_one_may_begin_with_the_clip() -> None:
    moves = even_set(3, first_s=0.0)
    t_s = clock(moves[-1].end_s + 1.0)
    check(
        t_s,
        find_cycles(t_s, signal(t_s, moves), min_amplitude=MIN_AMPLITUDE, starts="eccentric"),
        moves,
        0.11,
    )


@pytest.mark.parametrize("at", ["first", "last"])
def test_half_a_movement_is_cut_off(at: str) -> None:
    """A clip that begins, or ends, at a turn."""
    moves = even_set(3)
    t_s = clock(moves[-1].end_s + 1.0)
    kept = t_s >= moves[0].turn_s if at == "first" else t_s <= moves[-1].turn_s
    cycles = find_cycles(
        t_s[kept], signal(t_s, moves)[kept], min_amplitude=MIN_AMPLITUDE, starts="eccentric"
    )
    done = [cycle for cycle in cycles if cycle.outcome == "done"]
    check(t_s[kept], done, moves[1:] if at == "first" else moves[:-1], 0.11)
    (cut,) = (cycle for cycle in cycles if cycle.outcome == "cut")
    assert cut.turn == (cut.start if at == "first" else cut.end)


def test_no_cycle_spans_what_was_not_seen() -> None:
    moves = even_set(3)
    t_s = clock(moves[-1].end_s + 1.0)
    hidden = signal(t_s, moves)
    hidden[np.abs(t_s - moves[1].turn_s) < 0.3] = np.nan
    cycles = find_cycles(t_s, hidden, min_amplitude=MIN_AMPLITUDE, starts="eccentric")
    check(t_s, [c for c in cycles if c.outcome == "done"], [moves[0], moves[2]], 0.11)
    assert [c.outcome for c in cycles] == ["done", "cut", "cut", "done"]


def test_a_short_gap_is_bridged() -> None:
    moves = even_set(3)
    t_s = clock(moves[-1].end_s + 1.0)
    hidden = signal(t_s, moves)
    hidden[np.abs(t_s - moves[1].turn_s) < 0.2] = np.nan
    check(
        t_s,
        find_cycles(t_s, hidden, min_amplitude=MIN_AMPLITUDE, starts="eccentric"),
        moves,
        0.2,
    )


def test_no_cycle_spans_a_cut() -> None:
    moves = even_set(3)
    t_s = clock(moves[-1].end_s + 1.0)
    at = int(np.searchsorted(t_s, moves[1].turn_s))
    cycles = find_cycles(
        t_s, signal(t_s, moves), min_amplitude=MIN_AMPLITUDE, starts="eccentric", breaks=[at]
    )
    assert all(c.end < at or c.start >= at for c in cycles)
    assert {0, 2} <= {
        n for n, m in enumerate(moves) if any(abs(t_s[c.turn] - m.turn_s) < 0.1 for c in cycles)
    }


def test_a_walk_to_the_camera_is_not_part_of_the_first_movement() -> None:
    """Coming nearer makes everything grow: the signal rises far above rest, then falls to it."""
    moves = even_set(3, first_s=5.0)
    t_s = clock(moves[-1].end_s + 1.0)
    nearer = eased(t_s, [(0, 1.2), (1, 1.2), (4, 0), (99, 0)])
    cycles = find_cycles(
        t_s, signal(t_s, moves) + nearer, min_amplitude=MIN_AMPLITUDE, starts="eccentric"
    )
    check(t_s, cycles, moves, 0.15)


@pytest.mark.parametrize("drift", [-0.02, 0.02])
def test_a_slow_drift_of_rest(drift: float) -> None:
    """The camera sinks on its stand while ten repetitions are done."""
    moves = even_set(10)
    t_s = clock(moves[-1].end_s + 1.0)
    cycles = find_cycles(
        t_s, signal(t_s, moves) + drift * t_s, min_amplitude=MIN_AMPLITUDE, starts="eccentric"
    )
    check(t_s, cycles, moves, 0.3)
