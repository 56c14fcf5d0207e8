"""A repetition on an axis of its own: 0 at the start, 50 at the turn, 100 at the end.

Each half is stretched by itself, so that neither a slow way down nor a pause in a
rest moves the turn: what is left of a difference is one of form, not of tempo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.series import SERIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion
    from formcheck.reps.engine import Rep

    Floats = NDArray[np.float64]

POINTS = 101
TURN_PERCENT = 50.0
PHASE_PERCENT = np.linspace(0.0, 100.0, POINTS)
"""Shape (101,): where `normalise` reads, per cent of a repetition."""
PHASE_PERCENT.flags.writeable = False
UNIT_WORDS = {"deg": "deg", "s": "s", "ratio": "ratio"}
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
    unit = SERIES[name].unit
    words = name.replace("_3d", "_in_3D").replace("_", " ")
    words = words[:1].upper() + words[1:]
    return f"{words} ({UNIT_WORDS.get(unit, f'{unit} lengths')})"
