"""One signal from several: what is not seen well is told by what moves along with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.draws import doubt_px
from formcheck.kinematics.series import SERIES
from formcheck.kinematics.series.registry import working_arms
from formcheck.pose import landmarks
from formcheck.signals import known_quantiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

ARM = frozenset({"wrist", "elbow"})
MARKS: dict[str, tuple[str, ...]] = {
    "ankle_level": ("ankle",),
    "ankle_spread": ("ankle",),
    "ankle_step": ("ankle",),
    "ankle_stride": ("ankle",),
    "ankle_x": ("ankle",),
    "hip_x": ("hip",),
    "hip_height": ("hip", "ankle"),
    "hip_level": ("hip",),
    "shoulder_level": ("shoulder",),
    "knee_flexion": ("hip", "knee", "ankle"),
    "thigh_elevation": ("hip", "knee"),
    "arm_drop": ("shoulder", "wrist"),
    "arm_rise": ("shoulder", "wrist"),
    "wrist_level": ("wrist",),
    "wrist_over_head": ("nose", "wrist"),
    "wrist_over_hip": ("wrist", "hip"),
    "elbow_over_shoulder": ("shoulder", "elbow"),
    "elbow_over_wrist": ("elbow", "wrist"),
    "knee_difference": ("hip", "knee", "ankle"),
    "elbow_flexion": ("shoulder", "elbow", "wrist"),
}
"""Landmarks that a series rests on; any other series is taken as seen."""
AGAINST_PICTURE = frozenset(
    {"ankle_level", "ankle_x", "hip_level", "hip_x", "shoulder_level", "wrist_level"}
)
CARRIED = 0.12
"""Error of a place in the picture, in the series' unit, where the camera is carried nearer or
further: then it bobs, too."""
JOINT_TRUNKS = 0.85
"""Length of what carries an angle, in trunk lengths."""
SEEN = 0.06
"""Error of a signal whose landmarks are seen well, as a share of how far it moves."""
ROUNDS, ROBUST = 3, 2.0
"""The relation of two series is fitted so many times; what is off by more than so many times
the median counts less."""


def joined_signal(motion: Motion, name: str, also: Sequence[str], /) -> Floats:
    """A series, filled in by others where its landmarks are not seen well, shape (T,).

    Parameters
    ----------
    motion
        The clip.
    name
        The series.
    also
        Others that rise and fall with it, or against it. Each is brought to its unit by a
        straight line, and counts as much as its landmarks' errors and its own scatter about
        that line allow: little, where the series itself is seen well.
    """
    own = motion.series(name)
    error = series_doubt(motion, name)
    known = np.isfinite(own)
    if not known.any() or (known.all() and not error.any()):
        return own
    low, high = known_quantiles(own, 0.05, 0.95)
    spread = high - low
    weights = _weights(own, error, SEEN * spread)
    total, sums = weights.copy(), weights * np.nan_to_num(own)
    for other in also:
        values, its_error = motion.series(other), series_doubt(motion, other)
        line = _line(values, own, its_error, error)
        if line is None:
            continue
        slope, offset, scatter = line
        told = offset + slope * values
        weights = _weights(told, np.abs(slope) * its_error, max(scatter, SEEN * spread))
        total += weights
        sums += weights * np.nan_to_num(told)
    return np.where(total > 0, sums / np.where(total > 0, total, 1.0), np.nan)


def _weights(values: Floats, error: Floats, least: float) -> Floats:
    return np.where(np.isfinite(values), 1 / (error**2 + max(least, 1e-9) ** 2), 0.0)


def series_doubt(motion: Motion, name: str, /) -> Floats:
    """Shape (T,): errors of a series beyond what it has when it is seen well, in its unit."""
    return motion.once(f"doubt of {name}", lambda: _doubt(motion, name))


def _doubt(motion: Motion, name: str) -> Floats:
    names = MARKS.get(name.removesuffix("_3d"), ())
    if not names:
        return np.zeros(len(motion.t_s))
    doubt = doubt_px(motion)
    squares = np.zeros(len(motion.t_s))
    for mark in names:
        sides = working_arms(motion) if mark in ARM else landmarks.SIDES
        columns = [landmarks.index(mark, None if mark == "nose" else side) for side in sides]
        squares += np.mean(doubt[:, columns] ** 2, axis=1)
    if motion.size is None:
        return np.asarray(np.sqrt(squares) / _unit_px(motion, name))
    doubt = np.sqrt(squares) / (_unit_px(motion, name) * motion.size)
    return np.hypot(doubt, CARRIED) if name in AGAINST_PICTURE else doubt


def _unit_px(motion: Motion, name: str) -> float:
    unit = SERIES[name].unit
    if unit == "deg":
        return JOINT_TRUNKS * motion.trunk_px * float(np.radians(1.0))
    return {"leg": motion.leg_px, "arm": motion.arm_px}.get(unit, motion.trunk_px)


def _line(
    values: Floats, own: Floats, its_error: Floats, error: Floats
) -> tuple[float, float, float] | None:
    """Slope, offset and scatter of a series over another one; None if they tell nothing."""
    known = np.isfinite(values) & np.isfinite(own)
    if known.sum() < 10:
        return None
    x, y = values[known], own[known]
    width, height = float(np.std(x)), float(np.std(y))
    if not width > 0 or not height > 0:
        return None
    seen = 1 / (1 + (its_error[known] / (0.3 * width)) ** 2 + (error[known] / (0.3 * height)) ** 2)
    weights = seen
    for _ in range(ROUNDS):
        mean_x, mean_y = np.average(x, weights=weights), np.average(y, weights=weights)
        spread = np.average((x - mean_x) ** 2, weights=weights)
        slope = float(np.average((x - mean_x) * (y - mean_y), weights=weights) / spread)
        off = np.abs(y - mean_y - slope * (x - mean_x))
        usual = float(np.average(off, weights=seen))
        weights = seen / np.maximum(1.0, off / max(ROBUST * usual, 1e-9))
    scatter = 1.25 * usual
    return (slope, float(mean_y - slope * mean_x), scatter) if scatter < height else None
