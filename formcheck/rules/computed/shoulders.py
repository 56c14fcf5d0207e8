"""What the shoulder girdle does, as far as ears and shoulders tell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.errors import series_error
from formcheck.reps.features import around
from formcheck.rules.computed.registry import Computed, computed

if TYPE_CHECKING:
    from formcheck.reps.engine import Rep
    from formcheck.rules.computed.registry import SetContext

FIRST_BEND_DEG = 15.0
"""The start of a pull-up: until the elbows have bent this much (reference 3.4)."""
HANG_S = 0.4
"""How long before the start the hang is looked for."""
LOWEST = 10
"""Percentile of the distance that stands for the hang."""


@computed("girdle_drop_at_start", "trunk", "shoulders move down before the elbows have bent 15°")
def _girdle_drop_at_start(context: SetContext, rep: Rep) -> Computed:
    motion, cycle = context.motion, rep.cycle
    ears, elbows = motion.series("shoulder_to_ear"), motion.series("elbow_flexion")
    way_up = np.arange(cycle.start, cycle.turn + 1)
    bent = elbows[way_up] - around(motion.t_s, elbows, cycle.start) >= FIRST_BEND_DEG
    if not bent.any():
        return Computed(math.nan, math.nan)
    first = int(way_up[int(np.argmax(bent))])
    # A start is found when the body has risen a little, which the girdle does first.
    hang = (motion.t_s >= motion.t_s[cycle.start] - HANG_S) & (motion.t_s <= motion.t_s[first])
    drop = around(motion.t_s, ears, first) - float(np.nanpercentile(ears[hang], LOWEST))
    return Computed(drop, series_error(motion, "shoulder_to_ear", change=True), first)
