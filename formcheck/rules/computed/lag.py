"""Whether shoulders and hips rise together out of the bottom."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formcheck.reasons import Reason, ReasonCode
from formcheck.rules.computed.registry import Computed, computed

if TYPE_CHECKING:
    from formcheck.reps.engine import Rep
    from formcheck.rules.computed.registry import SetContext

EARLY = 0.35
"""Share of the hips' rise that is looked at."""
LEAST_FRAMES = 4


@computed(
    "shoulder_lag",
    "ratio",
    "1 minus the shoulders' rise over the hips' early in the ascent",
    shown_by="trunk_lean",
)
def _shoulder_lag(context: SetContext, rep: Rep) -> Computed:
    """Least-squares slope of shoulder on hip height (A17).

    0: same speed, 0.33: the hips rise one and a half times as fast.
    """
    motion, cycle = context.motion, rep.cycle
    way_up = slice(cycle.turn, cycle.end + 1)
    hips = motion.series("hip_level")[way_up] * motion.leg_px
    shoulders = motion.series("shoulder_level")[way_up] * motion.arm_px
    known = np.isfinite(hips) & np.isfinite(shoulders)
    hips, shoulders = hips[known], shoulders[known]
    if len(hips) < LEAST_FRAMES:
        return Computed(math.nan, math.nan)
    late = np.flatnonzero(hips > hips[0] + EARLY * (hips.max() - hips[0]))
    early = slice(0, int(late[0]) + 1 if len(late) else len(hips))
    if early.stop < LEAST_FRAMES:
        return Computed(math.nan, math.nan, reason=Reason(ReasonCode.TOO_FEW_FRAMES))
    away = hips[early] - hips[early].mean()
    spread = float((away**2).sum())
    slope = float((away * shoulders[early]).sum()) / spread if spread else math.nan
    noise = motion.clean.noise_px if math.isfinite(motion.clean.noise_px) else 0.0
    return Computed(1 - slope, math.sqrt(2) * noise / math.sqrt(spread) if spread else math.nan)
