"""A repetition on an axis of its own, the mean repetition of a clip, and medians of a set.

The axis: 0 at the start, 50 at the turn, 100 at the end. Each half is stretched by itself,
so that neither a slow way down nor a pause in a rest moves the turn: what is left of a
difference is one of form, not of tempo.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.errors import series_error, time_error
from formcheck.kinematics.series import SERIES
from formcheck.words.language import _, later

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion
    from formcheck.reps.engine import Rep

    Floats = NDArray[np.float64]

POINTS = 101
TURN_PERCENT = 50.0
PHASE_PERCENT = np.linspace(0.0, 100.0, POINTS)
"""Shape (101,): where `normalise` reads, per cent of a repetition."""
PHASE_PERCENT.flags.writeable = False
UNIT_WORDS = {
    "deg": later("deg"),
    "s": later("s"),
    "ratio": later("ratio"),
    "arm": later("arm lengths"),
    "foot": later("foot lengths"),
    "leg": later("leg lengths"),
    "stance": later("stance lengths"),
    "trunk": later("trunk lengths"),
    "upper arm": later("upper arm lengths"),
}
"""The others are lengths of a body part."""


def normalise(motion: Motion, rep: Rep, series: str, /) -> Floats:
    """A series over one repetition, each half stretched to half of the axis.

    Parameters
    ----------
    motion
        The movement.
    rep
        One of its repetitions.
    series
        A name of `formcheck.kinematics.series.SERIES`.

    Returns
    -------
    ndarray
        Shape (101,), in the series' unit; NaN where it was not seen: gaps are not
        bridged.
    """
    times = phase_times(rep)
    cycle = rep.cycle
    part = slice(cycle.start, cycle.end + 1)
    return np.interp(times, motion.t_s[part], motion.series(series)[part])


def phase_times(rep: Rep, /) -> Floats:
    """When in the clip each point of `PHASE_PERCENT` lies, shape (101,), seconds."""
    knots = [0.0, TURN_PERCENT, 100.0]
    return np.interp(PHASE_PERCENT, knots, [rep.start_s, rep.turn_s, rep.end_s])


def series_title(name: str, /) -> str:
    """A series in words, with its unit, as on an axis.

    >>> series_title("knee_flexion"), series_title("hip_height")
    ('Knee flexion (deg)', 'Hip height (leg lengths)')
    >>> series_title("neck_3d")
    'Neck in 3D (deg)'
    """
    unit, title = SERIES[name].unit, _(plain_title(name.removesuffix("_3d")))
    if name.endswith("_3d"):
        title = _("{title} in 3D").format(title=title)
    return f"{title} ({_(UNIT_WORDS.get(unit, f'{unit} lengths'))})"


def plain_title(name: str, /) -> str:
    """A series' title without its unit, in English.

    >>> plain_title("knee_flexion")
    'Knee flexion'
    """
    return name[:1].upper() + name[1:].replace("_", " ")


LEAST_SHARE = 0.5
"""A mean needs this share of the repetitions at a point."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A series over the mean repetition.

    Attributes
    ----------
    series, unit
        Its name and unit.
    each
        Shape (N, 101): every repetition; NaN where it was not seen.
    mean
        Shape (101,); NaN where fewer than half of the repetitions were seen.
    sd
        Shape (101,): standard deviation between repetitions; NaN with fewer than two.
    error
        One standard error of measuring a single value, which averaging does not
        make smaller: a landmark sits beside its joint in every repetition.
    timing_error
        Shape (101,): one standard error from when a repetition starts, turns and
        ends; large where the curve is steep.
    """

    series: str
    unit: str
    each: Floats
    mean: Floats
    sd: Floats
    error: float
    timing_error: Floats

    @property
    def mean_error(self) -> Floats:
        """Shape (101,): one standard error of the mean, all three parts together."""
        seen = np.maximum(np.isfinite(self.each).sum(axis=0), 1)
        scatter = np.where(np.isfinite(self.sd), self.sd, 0.0) / np.sqrt(seen)
        return np.asarray(np.hypot(np.hypot(self.error, scatter), self.timing_error))


def average_reps(motion: Motion, reps: Sequence[Rep], series: str, /) -> Curve:
    """The mean of one or more repetitions on the common axis.

    Raises
    ------
    KeyError
        If there is no such series.
    """
    unit = SERIES[series].unit
    each = np.array([normalise(motion, rep, series) for rep in reps]).reshape(-1, POINTS)
    known = np.isfinite(each)
    seen = known.sum(axis=0)
    filled = np.where(known, each, 0.0)
    mean = filled.sum(axis=0) / np.maximum(seen, 1)
    squares = np.where(known, (filled - mean) ** 2, 0.0).sum(axis=0)
    sd = np.where(seen >= 2, np.sqrt(squares / np.maximum(seen - 1, 1)), np.nan)
    enough = seen >= max(1.0, LEAST_SHARE * len(each))
    mean = np.where(enough, mean, np.nan)
    return Curve(
        series,
        unit,
        each,
        mean,
        np.where(enough, sd, np.nan),
        series_error(motion, series, change=False),
        np.abs(np.gradient(mean, PHASE_PERCENT)) * _phase_error(motion, reps),
    )


def _phase_error(motion: Motion, reps: Sequence[Rep]) -> Floats:
    """One standard error of a place on the axis, per cent of a repetition, shape (101,)."""
    first_s = float(np.median([rep.turn_s - rep.start_s for rep in reps]))
    second_s = float(np.median([rep.end_s - rep.turn_s for rep in reps]))
    half_s = np.where(PHASE_PERCENT < TURN_PERCENT, first_s, second_s)
    return np.asarray(TURN_PERCENT * time_error(motion) / half_s)


def set_median(values: Sequence[float], errors: Sequence[float], /) -> tuple[float, float]:
    """Median of the valid repetitions, with the scatter between them in its error.

    Parameters
    ----------
    values, errors
        Of each valid repetition, with one standard error.

    Returns
    -------
    tuple of float
        The median and one standard error of it: that of measuring, which averaging
        does not make smaller, and the scatter between the repetitions in quadrature.
        NaN without any repetition.
    """
    if not values:
        return math.nan, math.nan
    scatter = float(np.std(values, ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return float(np.median(values)), math.hypot(float(np.median(errors)), scatter)
