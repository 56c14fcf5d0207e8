"""How the lifter stands when nothing moves: weak evidence, so it asks for a lot.

At least three seconds of standing still, seen within ten degrees of a side view,
trunk upright, knees straight and arms hanging (reference 4.1 and 4.2). It is
looked for anywhere in a clip, whatever the exercise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.errors import series_error
from formcheck.kinematics.view import estimate_view
from formcheck.pose import landmarks
from formcheck.reps.cycles import Cycle
from formcheck.reps.features import feature_value
from formcheck.rules.evaluate import check_rep
from formcheck.rules.measure import NOT_SEEN, Measured
from formcheck.signals import runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion
    from formcheck.rules.schema import Measurement, RuleSet
    from formcheck.rules.verdicts import Check

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

STILL_S = 3.0
MAX_OFF_SIDE_DEG = 10.0
MAX_LEAN_DEG = 15.0
MAX_KNEE_DEG = 20.0
MIN_ARM_DROP = 0.80
"""Hands this far below the shoulders, in arm lengths, hang."""
MAX_DRIFT = 0.10
"""Trunk lengths that a landmark may move within a second (judgement)."""
DRIFT_S = 1.0
WATCHED = ("ear", "shoulder", "hip", "knee", "ankle", "wrist")


@dataclass(frozen=True)
class Posture:
    """Verdicts on standing.

    Attributes
    ----------
    start_s, end_s
        The still stretch, seconds; None when there is none.
    checks
        One per rule; empty when there is no still stretch.
    """

    start_s: float | None = None
    end_s: float | None = None
    checks: tuple[Check, ...] = ()

    @property
    def seconds(self) -> int:
        """Whole seconds of standing still."""
        if self.start_s is None or self.end_s is None:
            return 0
        return int(self.end_s - self.start_s + 1e-6)


NOT_STANDING = Posture()


def judge_posture(motion: Motion, rules: RuleSet, /) -> Posture:
    """Look for a still stretch and judge it by the rules for standing."""
    still = find_still(motion)
    if still is None:
        return NOT_STANDING
    measured = {m.name: _measure(motion, still, m) for m in rules.measurement}
    start_s, end_s = float(motion.t_s[still.start]), float(motion.t_s[still.end])
    return Posture(start_s, end_s, tuple(check_rep(measured, rules, motion.view)))


def _measure(motion: Motion, still: Cycle, what: Measurement) -> Measured:
    """A measurement over the stretch, which stands in for a repetition."""
    if what.feature is None:
        raise ValueError(f"{what.name}: expected a feature")
    value = feature_value(motion, still, what.feature)
    error = series_error(motion, what.feature.series, change=False)
    reason = None if math.isfinite(value) else NOT_SEEN
    at_s = float(motion.t_s[still.turn])
    return Measured(what.name, what.unit, value, error, reason is None, reason, at_s, error)


def find_still(motion: Motion, /) -> Cycle | None:
    """The longest stretch of standing still seen from the side; None when there is none.

    `Cycle.turn` is its middle; no half of it is meant.
    """
    if not motion.view.is_side:
        return None
    stretches = sorted(runs(_standing(motion) & _slow(motion)), key=lambda run: run[0] - run[1])
    for first, after in _cut(stretches, motion.clean.breaks):
        last = after - 1
        if motion.t_s[last] - motion.t_s[first] >= STILL_S and _from_side(motion, first, last):
            return Cycle(first, (first + last) // 2, last, 0.0, starts="eccentric")
    return None


def _standing(motion: Motion) -> Flags:
    """Shape (T,): trunk upright, knees straight, arms hanging; unseen is not."""
    with np.errstate(invalid="ignore"):
        upright = np.abs(motion.series("trunk_lean")) <= MAX_LEAN_DEG
        straight = motion.series("knee_flexion") <= MAX_KNEE_DEG
        hanging = motion.series("arm_drop") >= MIN_ARM_DROP
    return np.asarray(upright & straight & hanging)


def _slow(motion: Motion) -> Flags:
    """Shape (T,): no watched landmark of the near side moves much within a second."""
    marks = [landmarks.index(name, motion.view.near_side) for name in WATCHED]
    points, t_s = motion.track.xy_px[:, marks], motion.t_s
    if len(t_s) < 2:
        return np.zeros(len(t_s), dtype=bool)
    before = np.searchsorted(t_s, t_s - DRIFT_S / 2)
    after = np.minimum(np.searchsorted(t_s, t_s + DRIFT_S / 2), len(t_s) - 1)
    moved = np.linalg.norm(points[after] - points[before], axis=2).max(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(moved <= MAX_DRIFT * motion.trunk_px)


def _cut(found: list[tuple[int, int]], breaks: tuple[int, ...]) -> list[tuple[int, int]]:
    """The runs without those that a jump of the picture interrupts."""
    return [(a, b) for a, b in found if not any(a < n < b for n in breaks)]


def _from_side(motion: Motion, first: int, last: int) -> bool:
    """Whether the lifter stands there as the clip's view says, within ten degrees."""
    own = estimate_view(motion.track.select(slice(first, last + 1)), trunk_px=motion.trunk_px)
    same_way = own.facing == motion.view.facing
    return own.is_side and same_way and own.yaw_deg <= MAX_OFF_SIDE_DEG
