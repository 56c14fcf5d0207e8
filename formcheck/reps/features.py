"""Numbers of one repetition: a statistic of a series over a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.signals import known_median, known_quantiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.exercises.schema import Condition, Feature, Window
    from formcheck.kinematics.motion import Motion
    from formcheck.reps.cycles import Cycle

    Floats = NDArray[np.float64]

TURN_SHARE = 0.15
"""The window "turn" is this share of the repetition to both sides of the turn."""
INSTANT_S = 0.1
"""Values "at" a time are averaged over this long."""


def feature_value(motion: Motion, cycle: Cycle, feature: Feature, /) -> float:
    """A feature of one cycle; NaN when the series is missing there."""
    series = motion.series(feature.series)
    if feature.stat.startswith("at_"):
        return around(motion.t_s, series, getattr(cycle, feature.stat.removeprefix("at_")))
    values = series[window_frames(cycle, feature.window)]
    if feature.stat == "median":
        return known_median(values)
    if feature.stat == "range":
        low, high = known_quantiles(values, 0.05, 0.95)
        return high - low
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan")
    if feature.stat == "net":
        return float(known[-1] - known[0])
    return float(known.min() if feature.stat == "min" else known.max())


def feature_frames(motion: Motion, cycle: Cycle, feature: Feature, /) -> NDArray[np.intp]:
    """Frame numbers that a feature is made of."""
    if feature.stat.startswith("at_"):
        return instant_frames(motion.t_s, getattr(cycle, feature.stat.removeprefix("at_")))
    frames = window_frames(cycle, feature.window)
    return frames[[0, -1]] if feature.stat == "net" else frames


def around(t_s: Floats, series: Floats, frame: int, /) -> float:
    """Mean of a series over a tenth of a second around a frame; NaN if it is all missing."""
    values = series[instant_frames(t_s, frame)]
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else float("nan")


def instant_frames(t_s: Floats, frame: int, /) -> NDArray[np.intp]:
    """Frame numbers within a tenth of a second around a frame."""
    first, last = np.searchsorted(t_s, t_s[frame] + np.array([-1, 1]) * INSTANT_S / 2)
    near = np.arange(max(0, first - 1), min(last + 1, len(t_s)))  # one more: rounding
    return np.asarray(near[np.abs(t_s[near] - t_s[frame]) <= INSTANT_S / 2])


def window_frames(cycle: Cycle, window: Window, /) -> NDArray[np.intp]:
    """Frame numbers of a part of a repetition."""
    first, last = cycle.start, cycle.end
    margin = max(1, round(TURN_SHARE * (last - first)))
    if window == "rest":
        half = margin // 2
        ends = (first, first + half), (last - half, last)
        return np.concatenate([np.arange(one, other + 1) for one, other in ends])
    if window == "turn":
        first, last = max(first, cycle.turn - margin), min(last, cycle.turn + margin)
    elif window != "rep":
        first, last = cycle.half(window)
    return np.arange(first, last + 1)


def fulfilment(motion: Motion, cycle: Cycle, condition: Condition, /) -> float:
    """How well a condition holds: 1 inside its limits, 0.5 one tolerance outside, 0 at two.

    NaN when the series is missing: then the condition neither helps nor hurts.
    """
    value = feature_value(motion, cycle, condition)
    if np.isnan(value):
        return value
    outside = 0.0
    if condition.min is not None:
        outside = max(outside, condition.min - value)
    if condition.max is not None:
        outside = max(outside, value - condition.max)
    return float(np.clip(1 - outside / (2 * condition.tolerance), 0, 1))
