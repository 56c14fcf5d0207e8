"""Durations, amplitude, and who moves first: shoulders, hips, elbows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.errors import series_error, time_error
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.engine import AS_DEEP
from formcheck.reps.explain import usual_depth
from formcheck.reps.features import around
from formcheck.rules.computed.registry import SIGNAL, Computed, computed
from formcheck.signals import known_median

if TYPE_CHECKING:
    from formcheck.reps.cycles import Half
    from formcheck.reps.engine import Rep
    from formcheck.rules.computed.registry import SetContext


DURATIONS: dict[str, Half] = {"eccentric_s": "eccentric", "concentric_s": "concentric"}
"""Durations by name, and the half that each is of."""


def _duration(context: SetContext, rep: Rep, half: Half) -> Computed:
    first, last = rep.cycle.half(half)
    lasted_s = float(context.motion.t_s[last] - context.motion.t_s[first])
    return Computed(lasted_s, math.sqrt(2) * time_error(context.motion))


@computed(
    "eccentric_s",
    "s",
    "duration of the half in which the weight goes down",
    rests_on=(SIGNAL,),
    window="eccentric",
)
def _eccentric_s(context: SetContext, rep: Rep) -> Computed:
    return _duration(context, rep, "eccentric")


@computed(
    "concentric_s",
    "s",
    "duration of the half in which the weight is lifted",
    rests_on=(SIGNAL,),
    window="concentric",
)
def _concentric_s(context: SetContext, rep: Rep) -> Computed:
    return _duration(context, rep, "concentric")


@computed(
    "amplitude",
    None,
    "amplitude of the exercise's signal from rest to turn, in its unit",
    shown_by=SIGNAL,
    rests_on=(SIGNAL,),
)
def _amplitude(context: SetContext, rep: Rep) -> Computed:
    series = context.exercise.signal.series
    return Computed(rep.cycle.amplitude, series_error(context.motion, series, change=True))


@computed(
    "eccentric_over_concentric",
    "ratio",
    "how many times as long the weight goes down as it is lifted",
    rests_on=(SIGNAL,),
)
def _eccentric_over_concentric(context: SetContext, rep: Rep) -> Computed:
    down, up = (_duration(context, rep, half) for half in ("eccentric", "concentric"))
    if not up.value > 0:
        return Computed(math.nan, math.nan)
    ratio = down.value / up.value
    return Computed(ratio, math.hypot(down.error, ratio * up.error) / up.value)


@computed(
    "short_of_later_reps",
    "ratio",
    "what the repetition's amplitude lacks of the set's usual one; 0 if none like that follows",
    rests_on=(SIGNAL,),
)
def _short_of_later_reps(context: SetContext, rep: Rep) -> Computed:
    """Half repetitions in front of whole ones are an exercise of their own, not tired ones."""
    if not context.reps:
        return Computed(math.nan, math.nan)
    usual = usual_depth(np.array([one.cycle.amplitude for one in context.reps]))
    later = (one.cycle.amplitude for one in context.reps if one.turn_s > rep.turn_s)
    lacking = 1 - rep.cycle.amplitude / usual
    followed = any(amplitude >= AS_DEEP * usual for amplitude in later)
    error = series_error(context.motion, context.exercise.signal.series, change=True) / usual
    return Computed(max(0.0, lacking) if followed else 0.0, error)


AFTER_S = 0.2
"""Hands that let go before the body hangs have come down within so long after the end that is
found; those that let go of a hang have not (real clips)."""


@computed(
    "hands_come_down",
    "arm",
    "how far the hands come down from where they were in the first half, until 0.2 s after the end",
    rests_on=("wrist_level",),
)
def _hands_come_down(context: SetContext, rep: Rep) -> Computed:
    motion, cycle = context.motion, rep.cycle
    level = motion.series("wrist_level")
    held = known_median(level[cycle.start : cycle.turn + 1])
    end_s = motion.t_s[cycle.end]
    after = level[(motion.t_s >= end_s) & (motion.t_s <= end_s + AFTER_S)]
    if not np.isfinite(after).any():
        return Computed(math.nan, math.nan)
    error = series_error(motion, "wrist_level", change=True)
    return Computed(held - float(np.nanmin(after)), error, cycle.end)


EARLY = 0.35
"""Share of the hips' rise that is looked at."""
LEAST_FRAMES = 4


@computed(
    "shoulder_lag",
    "ratio",
    "1 minus the shoulders' rise over the hips' early in the ascent",
    shown_by="trunk_lean",
    rests_on=("hip_level", "shoulder_level"),
    window="concentric",
)
def _shoulder_lag(context: SetContext, rep: Rep) -> Computed:
    """Least-squares slope of shoulder on hip height (reference A17).

    0: same speed, 0.33: the hips rise one and a half times as fast.
    """
    motion, cycle = context.motion, rep.cycle
    first, last = cycle.half("concentric")
    ascent = slice(first, last + 1)
    hips = motion.series("hip_level")[ascent] * motion.leg_px
    shoulders = motion.series("shoulder_level")[ascent] * motion.arm_px
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


FIRST_BEND_DEG = 15.0
"""The start of a pull-up: until the elbows have bent this much (reference 3.4)."""
HANG_S = 0.4
"""How long before the start the hang is looked for."""
LOWEST = 10
"""Percentile of the distance that stands for the hang."""


@computed(
    "scapular_depression_at_start",
    "trunk",
    "shoulders move down before the elbows have bent 15°",
    rests_on=("shoulder_to_ear", "elbow_flexion"),
    window="concentric",
)
def _scapular_depression_at_start(context: SetContext, rep: Rep) -> Computed:
    motion = context.motion
    ears, elbows = motion.series("shoulder_to_ear"), motion.series("elbow_flexion")
    begin, end = rep.cycle.half("concentric")
    pull = np.arange(begin, end + 1)
    bent = elbows[pull] - around(motion.t_s, elbows, begin) >= FIRST_BEND_DEG
    if not bent.any():
        return Computed(math.nan, math.nan)
    first = int(pull[int(np.argmax(bent))])
    # A start is found when the body has risen a little, which the girdle does first.
    hang = (motion.t_s >= motion.t_s[begin] - HANG_S) & (motion.t_s <= motion.t_s[first])
    drop = around(motion.t_s, ears, first) - float(np.nanpercentile(ears[hang], LOWEST))
    return Computed(drop, series_error(motion, "shoulder_to_ear", change=True), first)
