"""Take the measurements of a rule set on every repetition."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.errors import series_error
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.engine import rep_signal
from formcheck.reps.features import feature_value, window_frames
from formcheck.rules.computed import COMPUTED
from formcheck.rules.looks import cut_reason, hidden_reason, lacks_half
from formcheck.signals import known_median

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from formcheck.exercises.schema import Exercise, Feature
    from formcheck.kinematics.motion import Motion
    from formcheck.reps.cycles import Cycle
    from formcheck.reps.engine import Rep
    from formcheck.rules.computed import SetContext
    from formcheck.rules.schema import Measurement, RuleSet

    Floats = NDArray[np.float64]

LEVELS = np.arange(0.10, 0.451, 0.05)
"""Shares of the height above the turn at which both halves are compared (reference A18)."""
CHANGE_STATS = frozenset({"range", "net"})
LEAST_BASE = 1e-3
"""A ratio to less than this is not a number."""
NOT_SEEN = Reason(ReasonCode.NOT_SEEN)
NORMAL = 1.4826
"""Standard deviations in a median distance, of a normal scatter: one draw far off is no doubt."""
MAX_MISSING = 0.20
"""A measurement is not valid when more of its series than this is missing."""


@dataclass(frozen=True)
class Measured:
    """One number of one repetition.

    Attributes
    ----------
    name, unit
        As in the rule file.
    value
        NaN when it could not be measured.
    error
        One standard error, in the same unit; NaN when unknown.
    change_error
        One standard error of its difference from another repetition's is this
        times the root of two: offsets of the landmarks repeat and cancel.
    valid
        Whether it may be judged.
    reason
        Why it is not valid, else None.
    at_s
        When in the clip it was read, seconds.
    scatter
        The part of `error` that comes from landmarks that are not seen well.
    hidden
        Why it is not judged where `scatter` is too large; None without scatter.
    """

    name: str
    unit: str
    value: float
    error: float
    valid: bool
    reason: Reason | None
    at_s: float
    change_error: float
    scatter: float = 0.0
    hidden: Reason | None = None


def measure_rep(
    context: SetContext,
    rep: Rep,
    rules: RuleSet,
    /,
    drawn: Sequence[Mapping[str, Measured]] = (),
) -> dict[str, Measured]:
    """All measurements of one repetition, by name.

    Parameters
    ----------
    context, rep, rules
        The set, one of its repetitions, and what to measure.
    drawn
        The same measurements where the movement may be as well
        (`formcheck.kinematics.draws`). By how much one scatters over them is a part of its
        error.
    """
    found = {m.name: _measure(context, rep, m) for m in rules.measurement}
    if not drawn:
        return found
    scattered = {}
    for what in rules.measurement:
        hidden = partial(hidden_reason, context.motion, rep.cycle, what, context.exercise)
        others = [other[what.name] for other in drawn]
        measured = _scattered(found[what.name], others, hidden)
        scattered[what.name] = _uncut(measured, context, rep, what)
    return scattered


def _uncut(measured: Measured, context: SetContext, rep: Rep, what: Measurement) -> Measured:
    """A measurement that is not valid where the picture's edge cuts off what it rests on."""
    if not measured.valid:
        return measured
    at = int(np.argmin(np.abs(context.motion.t_s - measured.at_s)))
    cut = cut_reason(context.motion, rep.cycle, what, context.exercise, at)
    return measured if cut is None else replace(measured, valid=False, reason=cut)


def _scattered(
    measured: Measured, others: Sequence[Measured], hidden: Callable[[], Reason]
) -> Measured:
    """A measurement whose error holds how it scatters with its landmarks."""
    values = [other.value for other in others if other.valid]
    if not measured.valid:
        return measured
    if len(values) < len(others) / 2:
        return replace(measured, valid=False, reason=hidden())
    scatter = NORMAL * known_median(np.abs(np.array(values) - measured.value))
    if not scatter > 0:
        return measured
    return replace(
        measured,
        error=math.hypot(measured.error, scatter),
        change_error=math.hypot(measured.change_error, scatter),
        scatter=scatter,
        hidden=hidden(),
    )


def _measure(context: SetContext, rep: Rep, what: Measurement) -> Measured:
    found = _taken(context, rep, what)
    if lacks_half(context.motion.t_s, rep.cycle, what, context.exercise):
        missing = rep.cycle.missing
        when = missing[0] if len(missing) == 1 else context.exercise.turning_point
        code = ReasonCode.HALF_GIVEN if rep.cycle.given else ReasonCode.HALF_CUT
        return replace(found, valid=False, reason=Reason(code, when=when))
    return found


def _taken(context: SetContext, rep: Rep, what: Measurement) -> Measured:
    motion = context.motion
    if what.built_in is not None:
        return _built_in(context, rep, what)
    compared = what.concentric_minus_eccentric
    if compared is not None:
        value, at = _difference_of_halves(motion, context.exercise, rep.cycle, compared)
        error = series_error(motion, compared, change=True)
        return _measured(motion, rep, what, value, (error, error), at, compared)
    feature = what.feature
    if feature is None:
        raise ValueError(f"{what.name}: expected a feature")
    value = feature_value(motion, rep.cycle, feature)
    at = _when(motion, rep.cycle, feature)
    change = feature.stat in CHANGE_STATS or what.minus is not None or what.over is not None
    averaged = feature.stat == "median"
    errors = tuple(
        series_error(motion, feature.series, change=kind, averaged=averaged)
        for kind in (change, True)
    )
    if what.minus is not None:
        value -= feature_value(motion, rep.cycle, what.minus)
    elif what.over is not None:
        base = feature_value(motion, rep.cycle, what.over)
        if abs(base) < LEAST_BASE:
            base = math.nan
        value, errors = value / base, tuple(error / abs(base) for error in errors)
    found = _measured(motion, rep, what, value, errors, at, feature.series)
    if found.valid and _beside_gap(motion, rep.cycle, feature, at):
        return replace(found, valid=False, reason=NOT_SEEN)
    return found


def _measured(
    motion: Motion,
    rep: Rep,
    what: Measurement,
    value: float,
    errors: tuple[float, ...],
    at: int,
    series: str,
) -> Measured:
    """`errors` are of the value and of its difference from another repetition's."""
    span = motion.series(series)[rep.cycle.start : rep.cycle.end + 1]
    missing = float(np.mean(~np.isfinite(span)))
    reason = None
    if not math.isfinite(value) or missing > MAX_MISSING:
        reason = NOT_SEEN
    scale = what.scale
    return Measured(
        what.name,
        what.unit,
        value * scale,
        errors[0] * abs(scale),
        reason is None,
        reason,
        float(motion.t_s[at]),
        errors[1] * abs(scale),
    )


def _built_in(context: SetContext, rep: Rep, what: Measurement) -> Measured:
    info = COMPUTED[what.built_in or ""]
    found = info.formula(context, rep)
    reason = found.reason
    if reason is None and not math.isfinite(found.value):
        reason = NOT_SEEN
    at = rep.cycle.turn if found.at is None else found.at
    return Measured(
        what.name,
        what.unit,
        found.value * what.scale,
        found.error * abs(what.scale),
        reason is None,
        reason,
        float(context.motion.t_s[at]),
        found.error * abs(what.scale),
    )


def _when(motion: Motion, cycle: Cycle, feature: Feature) -> int:
    """Frame at which a feature is read: the named instant, the extreme, or the turn."""
    if feature.stat.startswith("at_"):
        return int(getattr(cycle, feature.stat.removeprefix("at_")))
    if feature.stat in ("min", "max"):
        frames = window_frames(cycle, feature.window)
        values = motion.series(feature.series)[frames]
        if np.isfinite(values).any():
            best = np.nanargmin(values) if feature.stat == "min" else np.nanargmax(values)
            return int(frames[best])
    return cycle.turn


def _beside_gap(motion: Motion, cycle: Cycle, feature: Feature, at: int) -> bool:
    """Whether an extreme lies beside pictures without a value: there may be a further one."""
    if feature.stat not in ("min", "max"):
        return False
    frames = window_frames(cycle, feature.window)
    near = frames[np.abs(frames - at) == 1]
    return bool(np.isnan(motion.series(feature.series)[near]).any())


def _difference_of_halves(
    motion: Motion, exercise: Exercise, cycle: Cycle, series: str
) -> tuple[float, int]:
    """Mean of concentric minus eccentric at equal heights of the signal; where it is largest."""
    height, values = rep_signal(motion, exercise), motion.series(series)
    levels = height[cycle.turn] + LEVELS * (
        min(height[cycle.start], height[cycle.end]) - height[cycle.turn]
    )
    before = np.arange(cycle.start, cycle.turn + 1)[::-1]
    after = np.arange(cycle.turn, cycle.end + 1)
    down, up = (before, after) if exercise.starts_down else (after, before)
    at_levels = []
    for outwards in (down, up):  # from the turning point
        known = np.isfinite(values[outwards])
        if known.sum() < 4:
            return math.nan, cycle.turn
        climb = np.maximum.accumulate(height[outwards][known])
        climb = climb + np.arange(len(climb)) * 1e-9
        at_levels.append(np.interp(levels, climb, values[outwards][known]))
    difference = at_levels[1] - at_levels[0]
    climb = np.maximum.accumulate(height[up])
    at = int(np.searchsorted(climb, levels[int(np.argmax(difference))]))
    return float(difference.mean()), int(up[min(at, len(up) - 1)])
