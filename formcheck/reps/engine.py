"""From an exercise definition and a movement to repetitions, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.reasons import Pace, Reason, ReasonCode
from formcheck.reps.arms import SIDES, taking_turns
from formcheck.reps.cycles import Cycle, find_cycles
from formcheck.reps.explain import usual_depth
from formcheck.reps.features import feature_frames, fulfilment
from formcheck.reps.trace import joined_signal, series_doubt
from formcheck.signals import known_median

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from formcheck.exercises.schema import Condition, Exercise
    from formcheck.kinematics.motion import Motion
    from formcheck.pose.cleaning import CleanTrack
    from formcheck.reps.arms import Side
    from formcheck.reps.cycles import Half


class RepKind(StrEnum):
    """Kinds of the report contract; full and partial repetitions count."""

    FULL = "full"
    PARTIAL = "partial"
    FAILED = "failed"
    INVALID = "invalid"

    @property
    def counts(self) -> bool:
        """Whether such a repetition is part of the repetition count."""
        return self in (RepKind.FULL, RepKind.PARTIAL)


class Contraction(StrEnum):
    """What happens to the weight: it goes down, stays, or goes up."""

    ECCENTRIC = "eccentric"
    TURN = "turn"
    CONCENTRIC = "concentric"


SIMILAR = 0.45
"""Before the first and after the last larger one, a cycle with less than this share of the
set's usual amplitude is a half repetition if it belongs to the set, else set-up or re-rack."""
BELONGS_S = 1.5
"""What belongs to the set follows it, or is followed by it, after no more than the set's
usual rest and this."""
LASTS_AS_LONG = 5.0
"""Neither half of what begins or ends a set lasts so many times as long, or as short, as the
set's usually do; one that is as deep as the others may take as long as the exercise allows."""
AS_DEEP = 0.8
"""So deep, against the set's usual amplitude."""
HALVES: tuple[Half, Half] = ("concentric", "eccentric")
HALF = 0.6
"""A cycle with less than this share of the set's usual amplitude is never a full one."""
LOOKS_LIKE = 0.45
"""A cycle that fits the exercise worse than this is something else."""
FLOOR = 0.02
"""What a condition that fails entirely counts."""
UNSEEN = 0.6
"""What a condition on body parts that are not seen counts: rather yes than no."""

GUESSED_AGAINST = 0.4
"""What a condition that does not hold counts where its body parts are a mere guess."""


@dataclass(frozen=True)
class Phase:
    """A named part of a repetition, seconds."""

    name: str
    start_s: float
    end_s: float
    contraction: Contraction


@dataclass(frozen=True)
class Rep:
    """One repetition with its own start, turn and end.

    `cycle` holds the frame numbers; `reason` says why a repetition is not full. `side` is the
    arm that does it where one rests.
    """

    index: int
    cycle: Cycle
    start_s: float
    turn_s: float
    end_s: float
    kind: RepKind
    reason: Reason | None
    phases: tuple[Phase, ...]
    side: Side | None = None

    @property
    def counts(self) -> bool:
        """Whether it is part of the repetition count."""
        return self.kind.counts


@dataclass(frozen=True)
class Passed:
    """A movement that was seen and is no repetition, and why, seconds."""

    start_s: float
    end_s: float
    reason: Reason
    cycle: Cycle


@dataclass(frozen=True)
class FoundSet:
    """The repetitions of a set, and what else was seen before, between and after them."""

    reps: tuple[Rep, ...]
    passed: tuple[Passed, ...]


def rep_signal(motion: Motion, exercise: Exercise, /) -> np.ndarray:
    """The exercise's signal with rest high, shape (T,)."""
    signal = exercise.signal
    series = motion.once(
        f"{signal.series} with {signal.also}",
        lambda: joined_signal(motion, signal.series, signal.also),
    )
    return series if signal.rest == "high" else -series


def all_cycles(motion: Motion, exercise: Exercise, /) -> list[Cycle]:
    """Cycles of the exercise's signal, however long they last."""
    return find_cycles(
        motion.t_s,
        rep_signal(motion, exercise),
        min_amplitude=exercise.signal.min_amplitude,
        starts=exercise.starts,
        breaks=motion.clean.breaks,
        allowed=lambda cycle: _exclusion(motion, cycle, exercise) is None,
    )


def other_pace(motion: Motion, cycle: Cycle, exercise: Exercise, /) -> Reason | None:
    """Which half of a whole cycle is too slow or too fast for the exercise; None if none is."""
    if cycle.outcome != "done":
        return None
    for half in HALVES:
        first, last = cycle.half(half)
        lasts_s = float(motion.t_s[last] - motion.t_s[first])
        least_s, most_s = exercise.durations.of(half)
        if not least_s <= lasts_s <= most_s:
            pace: Pace = "slow" if lasts_s > most_s else "fast"
            return Reason(ReasonCode.OTHER_PACE, pace=pace, when=half)
    return None


def excluded(motion: Motion, cycle: Cycle, exercise: Exercise, /) -> Reason | None:
    """Why a cycle is not a repetition: the first exclusion that clearly applies; None if it may."""
    reason = _exclusion(motion, cycle, exercise)
    if reason is None and cycle_score(motion, cycle, exercise) < LOOKS_LIKE:
        return Reason(ReasonCode.OTHER_MOVEMENT, exercise=exercise.title)
    return reason


def _exclusion(motion: Motion, cycle: Cycle, exercise: Exercise) -> Reason | None:
    for exclusion in exercise.exclusion:
        # What is not seen, NaN or a guess, excludes nothing.
        if fulfilment(motion, cycle, exclusion) < 0.5:
            doubt = series_doubt(motion, exclusion.series)
            if known_median(doubt[feature_frames(motion, cycle, exclusion)]) <= exclusion.tolerance:
                return Reason(ReasonCode.EXCLUDED, text=exclusion.reason)
    return None


def cycle_score(motion: Motion, cycle: Cycle, exercise: Exercise, /) -> float:
    """How well one cycle fits an exercise, 0..1.

    The weighted geometric mean of its conditions, so that one that fails
    entirely is not made up for by many that hold. Conditions on body parts that
    are not seen count `UNSEEN`, and the less sure the parts are seen, the less one speaks
    against it that does not hold.
    """
    shares = np.array([_believed(motion, cycle, condition) for condition in exercise.detect])
    weights = [condition.weight for condition in exercise.detect]
    return float(np.exp(np.average(np.log(shares), weights=weights)))


def _believed(motion: Motion, cycle: Cycle, condition: Condition) -> float:
    """How well a condition holds as far as its body parts are seen."""
    share = fulfilment(motion, cycle, condition)
    if np.isnan(share):
        return UNSEEN
    doubt = series_doubt(motion, condition.series)[feature_frames(motion, cycle, condition)]
    guess = 1 - 1 / (1 + (float(np.median(doubt)) / condition.tolerance) ** 2)
    return max(FLOOR, share, share + guess * (GUESSED_AGAINST - share))


def find_reps(motion: Motion, exercise: Exercise, /) -> list[Rep]:
    """The repetitions of an exercise, in order (`find_set` without what was passed over)."""
    return list(find_set(motion, exercise).reps)


def find_set(motion: Motion, exercise: Exercise, /) -> FoundSet:
    """The repetitions of an exercise, in order, and what else moved like some.

    A movement that cannot be one is passed over when it lies before the first or after the
    last repetition (set-up, re-rack), and is listed as invalid with the reason when it lies
    in between. What would be one but for its pace is passed over. What does not come back to
    rest is a failed repetition, in which nothing is counted; what the clip cuts off is passed
    over.
    """
    sides = working_arms(motion, exercise)
    if len(sides) > 1:
        arms = [_found(motion.of_arm(side), exercise, side) for side in SIDES]
        reps = sorted((rep for arm in arms for rep in arm.reps), key=lambda rep: rep.turn_s)
        passed = sorted((one for arm in arms for one in arm.passed), key=lambda one: one.start_s)
        numbered = (replace(rep, index=number) for number, rep in enumerate(reps, 1))
        return FoundSet(tuple(numbered), tuple(passed))
    return _found(motion, exercise, sides[0])


def working_arms(motion: Motion, exercise: Exercise, /) -> tuple[Side | None, ...]:
    """The arms whose repetitions are looked for one by one; None for both together."""
    if not exercise.signal.each_arm:
        return (None,)
    if taking_turns(motion):
        return SIDES
    return (next((side for side in SIDES if side == motion.arm), None),)


def _found(motion: Motion, exercise: Exercise, side: Side | None) -> FoundSet:
    """The set of one arm, or of both together."""
    cycles = _joined_over(motion.clean.gaps, all_cycles(motion, exercise))
    paces = {cycle.turn: other_pace(motion, cycle, exercise) for cycle in cycles}
    why_not = {
        cycle.turn: excluded(motion, cycle, exercise) or paces[cycle.turn] for cycle in cycles
    }
    for cycle in cycles:
        if cycle.outcome == "cut" and why_not[cycle.turn] is None:
            gone = _is_cut_by_gap(cycle, motion.clean)
            why_not[cycle.turn] = Reason(ReasonCode.NO_PICTURES if gone else ReasonCode.CUT_OFF)
    valid = [c for c in cycles if why_not[c.turn] is None]
    members = _members(motion, exercise, valid)
    usual = usual_depth(np.array([c.amplitude for c in members])) if members else 0.0
    reps: list[Rep] = []
    passed: list[Cycle] = []
    for cycle in cycles:
        reason = why_not[cycle.turn]
        if cycle in members:
            kind, reason = kind_of(cycle, exercise, usual)
        elif reason is not None and reason is paces[cycle.turn]:
            passed.append(cycle)
            continue
        elif paces[cycle.turn] is not None:
            continue  # another movement, or a jerk of the landmarks
        elif reason is not None and _inside(cycle, members) and _is_seen(cycle, reason):
            kind = RepKind.INVALID
        else:
            passed.append(cycle)
            continue
        reps.append(rep_of(motion, exercise, cycle, len(reps) + 1, kind, reason, side))
    return FoundSet(tuple(reps), tuple(_passed(motion, passed, why_not)))


def _joined_over(gaps: Sequence[int], cycles: Sequence[Cycle]) -> list[Cycle]:
    """The cycles, with the two halves of one as one where there are no pictures in between."""
    whole: list[Cycle] = []
    for cycle in cycles:
        before = whole[-1] if whole else None
        halves = before and before.outcome == cycle.outcome == "cut"
        if before and halves and any(before.end < gap <= cycle.start for gap in gaps):
            whole[-1] = replace(before, end=cycle.end)
        else:
            whole.append(cycle)
    return whole


def _is_cut_by_gap(cycle: Cycle, clean: CleanTrack) -> bool:
    """Whether a time without pictures, and not the clip or a cut, hides a half of a cycle."""
    if any(cycle.start < gap <= cycle.end for gap in clean.gaps):
        return True
    before = max((n for n in clean.breaks if n <= cycle.start), default=None)
    after = min((n for n in clean.breaks if n > cycle.end), default=None)
    if cycle.turn == cycle.start:
        return before in clean.gaps
    return cycle.turn == cycle.end and after in clean.gaps


def _is_seen(cycle: Cycle, reason: Reason) -> bool:
    """Whether enough of a cycle is seen to say that something happened then."""
    return cycle.outcome != "cut" or reason.code is ReasonCode.NO_PICTURES


def _inside(cycle: Cycle, members: Sequence[Cycle]) -> bool:
    return bool(members) and members[0].start < cycle.turn < members[-1].end


def _passed(
    motion: Motion, cycles: Sequence[Cycle], why_not: Mapping[int, Reason | None]
) -> Iterator[Passed]:
    """What is passed over, with reasons; both halves of what a gap hides are one."""
    whole: list[Cycle] = []
    for cycle in cycles:
        before = whole[-1] if whole else None
        if before and before.turn == before.end and cycle.turn == cycle.start:
            whole[-1] = replace(before, end=cycle.end)
        else:
            whole.append(cycle)
    for cycle in whole:
        start_s, end_s = (float(motion.t_s[n]) for n in (cycle.start, cycle.end))
        reason = why_not[cycle.turn] or Reason(ReasonCode.NOT_OF_SET)
        yield Passed(start_s, end_s, reason, cycle)


def _members(motion: Motion, exercise: Exercise, cycles: Sequence[Cycle]) -> list[Cycle]:
    """The cycles that belong to the set: the first to the last large one, and small ones beside."""
    done = [c for c in cycles if c.outcome == "done"]
    if not done:
        return []
    usual = usual_depth(np.array([c.amplitude for c in done]))
    lasts_s = np.array([_halves_s(motion, c) for c in done])
    usual_s = np.median(lasts_s, axis=0)

    def alike(cycle: Cycle) -> bool:
        shares = _halves_s(motion, cycle) / usual_s
        done = shares if cycle.outcome == "done" else shares[:1]
        ground_out = cycle.outcome == "done" and cycle.amplitude >= AS_DEEP * usual
        longest = np.inf if ground_out else LASTS_AS_LONG
        return bool((done > 1 / LASTS_AS_LONG).all() and (done < longest).all())

    large = [n for n, c in enumerate(cycles) if c.amplitude >= SIMILAR * usual and alike(c)]
    if not large:
        return list(cycles)
    first, last = large[0], large[-1]
    gaps_s = [motion.t_s[b.start] - motion.t_s[a.end] for a, b in pairwise(cycles)]
    most_s = BELONGS_S + (float(np.median(gaps_s)) if gaps_s else 0.0)

    def belongs(near: Cycle, far: Cycle) -> bool:
        early, late = sorted((near, far), key=lambda cycle: cycle.turn)
        between = replace(early, end=late.end, turn=far.turn)
        gap_s = motion.t_s[late.start] - motion.t_s[early.end]
        return bool(gap_s <= most_s) and alike(far) and not _exclusion(motion, between, exercise)

    while first > 0 and belongs(cycles[first], cycles[first - 1]):
        first -= 1
    while last + 1 < len(cycles) and belongs(cycles[last], cycles[last + 1]):
        last += 1
    return list(cycles[first : last + 1])


def _halves_s(motion: Motion, cycle: Cycle) -> np.ndarray:
    """Seconds from start to turn, and from there to the end."""
    return np.diff(motion.t_s[[cycle.start, cycle.turn, cycle.end]])


def kind_of(cycle: Cycle, exercise: Exercise, usual: float, /) -> tuple[RepKind, Reason | None]:
    """What a cycle of a set with this usual amplitude is, and why it is not a full repetition."""
    if cycle.outcome == "failed" or (cycle.outcome == "halfway" and exercise.starts_down):
        return RepKind.FAILED, Reason(ReasonCode.NOT_FINISHED)
    whole = exercise.signal.full_amplitude
    if cycle.amplitude >= max(whole, HALF * usual):
        return RepKind.FULL, None
    share = cycle.amplitude / (whole if cycle.amplitude < whole else usual)
    return RepKind.PARTIAL, Reason(ReasonCode.SHORT_TRAVEL, share=share)


def rep_of(
    motion: Motion,
    exercise: Exercise,
    cycle: Cycle,
    index: int,
    kind: RepKind,
    reason: Reason | None,
    side: Side | None,
) -> Rep:
    """A cycle as a repetition, with its phases."""
    start, turn, end = (float(motion.t_s[n]) for n in (cycle.start, cycle.turn, cycle.end))
    begin_turn, end_turn = _stay_at_turn(motion, exercise, cycle)
    first, last = Contraction.CONCENTRIC, Contraction.ECCENTRIC
    if exercise.starts_down:
        first, last = last, first
    times = pairwise((start, begin_turn, end_turn, end))
    kinds = (first, Contraction.TURN, last)
    phases = tuple(
        Phase(name, begin, stop, kind)
        for name, (begin, stop), kind in zip(exercise.phases, times, kinds, strict=True)
    )
    return Rep(index, cycle, start, turn, end, kind, reason, phases, side)


def _stay_at_turn(motion: Motion, exercise: Exercise, cycle: Cycle) -> tuple[float, float]:
    """When the signal is within 5 % of its amplitude of the turn."""
    signal = rep_signal(motion, exercise)[cycle.start : cycle.end + 1]
    turn = cycle.turn - cycle.start
    away = np.flatnonzero(signal > signal[turn] + 0.05 * cycle.amplitude)
    before, after = away[away < turn], away[away > turn]
    first = int(before[-1]) if len(before) else 0
    last = int(after[0]) if len(after) else len(signal) - 1
    return float(motion.t_s[cycle.start + first]), float(motion.t_s[cycle.start + last])
