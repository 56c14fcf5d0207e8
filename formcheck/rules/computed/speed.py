"""How fast the weight goes up, in a repetition and over a set.

The bar itself is not seen. In a squat the shoulders stand for it, because they
carry it and plates hide the hands; in pulls the hands, in a pull-up the shoulders
(`Exercise.speed`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.kinematics.errors import series_error
from formcheck.lean.needed import TRUNK_PER_HEIGHT
from formcheck.reasons import Reason, ReasonCode
from formcheck.rules.computed.registry import SPEED, Computed, computed
from formcheck.signals import known_median

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion
    from formcheck.reps.engine import Rep
    from formcheck.rules.computed.registry import SetContext

    Floats = NDArray[np.float64]

LEG_PER_HEIGHT = 0.245 + 0.246
"""Thigh and shank over body height (reference 3.1)."""
SCALE_ERROR = 0.06
"""Share: of body height to trunk and leg length, and of depth (judgement)."""
TIME_SHARE = 0.25
"""Error of a crossing time by sampling, in sampling periods (interpolated)."""
UNSURE_SPEED = 0.2
"""A speed that may be off by more than this share of it is none to look up (judgement)."""
LEAST_FRAMES = 5
LEAST_LOSS_REPS = 3
AS_FAR = 0.8
"""Speeds are compared of repetitions that move at least so far, of the set's usual travel, and no
further than the inverse: half a repetition is slower, and no sign of tiring (judgement)."""
NEARLY_UP = 0.985
"""Share of the rise that counts as up: holding the top is no slow end."""


def _smooth_time(share: float) -> float:
    """When a half-cosine movement has made a share of its path, in its duration."""
    return math.acos(1 - 2 * share) / math.pi


TOP_TIME = (1 - _smooth_time(2 / 3)) / (_smooth_time(NEARLY_UP) - _smooth_time(2 / 3))
"""Time of a whole top third over that up to `NEARLY_UP`, in a smooth repetition."""


def _concentric_half(context: SetContext, rep: Rep) -> tuple[Floats, Floats] | Reason:
    """Times and heights of the half in which the weight is lifted, or why there are none."""
    exercise, motion, cycle = context.exercise, context.motion, rep.cycle
    if exercise.speed is None:
        return Reason(ReasonCode.NO_SPEED)
    first, last = cycle.half("concentric")
    t_s = motion.t_s[first : last + 1]
    height = motion.series(exercise.speed.series)[first : last + 1]
    known = np.isfinite(height)
    if known.sum() < LEAST_FRAMES:
        return Reason(ReasonCode.TOO_FEW_FRAMES)
    return t_s[known], height[known]


def _missing(code: ReasonCode) -> Computed:
    return Computed(math.nan, math.nan, reason=Reason(code))


@computed(
    "concentric_speed",
    "arm/s",
    "mean upward speed while the weight is lifted",
    rests_on=(SPEED,),
    window="concentric",
)
def _concentric_speed(context: SetContext, rep: Rep) -> Computed:
    lifted = _concentric_half(context, rep)
    if isinstance(lifted, Reason):
        return _missing(lifted.code)
    t_s, height = lifted
    time_s, rise = float(t_s[-1] - t_s[0]), float(height[-1] - height[0])
    if not rise > 0:
        return _missing(ReasonCode.TOO_FEW_FRAMES)
    source = context.exercise.speed
    rise_error = math.nan
    if source is not None:
        rise_error = series_error(context.motion, source.series, change=True)
    # The ends of a movement are flat: when it began and ended is not seen to the frame.
    time_error = 2.0 / context.motion.track.rate_hz
    speed = rise / time_s
    return Computed(speed, speed * math.hypot(rise_error / rise, time_error / time_s))


@computed(
    "mean_velocity",
    "m/s",
    "mean upward speed while the weight is lifted",
    rests_on=(SPEED,),
    window="concentric",
)
def _mean_velocity(context: SetContext, rep: Rep) -> Computed:
    speed = _concentric_speed(context, rep)
    if speed.reason is not None:
        return speed
    if context.lifter.height_m is None:
        return _missing(ReasonCode.NO_HEIGHT)
    metres = context.motion.arm_px * metres_per_px(context.motion, context.lifter.height_m)
    velocity = speed.value * metres
    return Computed(velocity, math.hypot(speed.error * metres, SCALE_ERROR * velocity))


def metres_per_px(motion: Motion, height_m: float, /) -> float:
    """Scale of the picture at the lifter.

    From trunk or legs, whichever looks longer against the lifter's height:
    what points toward the camera only ever looks shorter.

    Parameters
    ----------
    motion
        Gives the lengths in the picture.
    height_m
        Body height.
    """
    px_per_height = max(motion.trunk_px / TRUNK_PER_HEIGHT, motion.leg_px / LEG_PER_HEIGHT)
    return height_m / px_per_height


@computed(
    "top_speed_share",
    "ratio",
    "speed in the top third of the lift over the middle third",
    rests_on=(SPEED,),
    window="concentric",
)
def _top_speed_share(context: SetContext, rep: Rep) -> Computed:
    """Reference A20: 0.55 in a smooth repetition."""
    lifted = _concentric_half(context, rep)
    if isinstance(lifted, Reason):
        return _missing(lifted.code)
    t_s, height = lifted
    rising = np.maximum.accumulate(height)
    rise = float(rising[-1] - rising[0])
    if not rise > 0:
        return _missing(ReasonCode.TOO_FEW_FRAMES)
    levels = rising[0] + np.array([1 / 3, 2 / 3, NEARLY_UP]) * rise
    low, high, top = np.interp(levels, rising + np.arange(len(rising)) * 1e-9, t_s)
    middle_s, top_s = float(high - low), float(top - high) * TOP_TIME
    if not (middle_s > 0 and top_s > 0):
        return _missing(ReasonCode.TOO_FEW_FRAMES)
    motion = context.motion
    noise = motion.clean.noise_px if math.isfinite(motion.clean.noise_px) else 0.0
    crossing_s = math.hypot(
        TIME_SHARE / motion.track.rate_hz, noise / motion.arm_px / (rise / 3 / middle_s)
    )
    share = middle_s / top_s
    error = share * math.sqrt(2) * math.hypot(crossing_s / middle_s, crossing_s / top_s)
    return Computed(share, error)


@dataclass(frozen=True)
class RepSpeed(Computed):
    """The speed of a repetition; `travel` is how far it moved, in the unit of its signal."""

    travel: float = math.nan


def compared(speeds: Sequence[RepSpeed], /) -> list[int]:
    """Numbers, from 0, of the known speeds of repetitions that move about as far as the others."""
    known = [n for n, speed in enumerate(speeds) if math.isfinite(speed.value)]
    usual = known_median(np.array([speeds[n].travel for n in known]))
    return [n for n in known if not _moves_otherwise(speeds[n].travel, usual)]


def _moves_otherwise(travel: float, usual: float) -> bool:
    return travel < AS_FAR * usual or travel > usual / AS_FAR


def velocity_loss(speeds: Sequence[RepSpeed], /) -> float | None:
    """Share of its fastest repetition's speed that the set's last one lacks.

    Parameters
    ----------
    speeds
        Mean speed of each repetition in order, any unit; NaN where unknown. Those that move
        much further, or less far, than the others are left out.

    Returns
    -------
    float or None
        0 when the last is the fastest; None with fewer than three that can be compared.

    >>> velocity_loss([RepSpeed(speed, 0.01, travel=1.0) for speed in (0.5, 0.52, 0.39)])
    0.25
    """
    known = [speeds[n].value for n in compared(speeds)]
    if len(known) < LEAST_LOSS_REPS or max(known) <= 0:
        return None
    return 1 - known[-1] / max(known)


def rep_speeds(context: SetContext, /) -> list[RepSpeed]:
    """Mean upward speed of every repetition that counts, arm lengths per second."""
    found = ((rep, _concentric_speed(context.of(rep), rep)) for rep in context.reps)
    return [
        RepSpeed(one.value, one.error, one.at, one.reason, rep.cycle.amplitude)
        for rep, one in found
    ]


def rep_velocities(context: SetContext, /) -> list[Computed]:
    """The same in metres per second; NaN with the reason when the height is not known."""
    return [_mean_velocity(context.of(rep), rep) for rep in context.reps]


@dataclass(frozen=True)
class SpeedSummary:
    """The upward speed of a set.

    Attributes
    ----------
    part
        What stands for the bar ("shoulders", "hands").
    speeds
        Of each repetition, m/s or arm lengths per second.
    metric
        Whether they are metres per second.
    loss, loss_error
        Share of the fastest speed that the last repetition lacks, and its standard
        error; None with fewer than three repetitions that can be compared.
    compared
        Numbers, from 0, of those that are: they move about as far as the others.
    """

    part: str
    speeds: tuple[Computed, ...]
    metric: bool
    loss: float | None
    loss_error: float | None
    compared: tuple[int, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether the speeds would say something in metres per second."""
        shares = [s.error / s.value for s in self.speeds if math.isfinite(s.value)]
        return math.hypot(float(np.median(shares)), SCALE_ERROR) < UNSURE_SPEED

    @property
    def unit(self) -> Literal["m/s", "arm/s"]:
        """Unit of the speeds."""
        return "m/s" if self.metric else "arm/s"


def summarise_speed(
    read_at: str | None, speeds: Sequence[RepSpeed], velocities: Sequence[Computed], /
) -> SpeedSummary | None:
    """The speed of a set, None where it means nothing or was not seen.

    Parameters
    ----------
    read_at
        What stands for the bar; None where speed means nothing.
    speeds, velocities
        Of each repetition, arm lengths and metres per second.
    """
    known = [s for s in speeds if math.isfinite(s.value)]
    if read_at is None or not known:
        return None
    metric = any(math.isfinite(v.value) for v in velocities)
    told, alike, error = tuple(velocities if metric else speeds), compared(speeds), None
    if (loss := velocity_loss(speeds)) is not None:
        best = max((speeds[n] for n in alike), key=lambda s: s.value)
        error = math.hypot(speeds[alike[-1]].error, best.error) / best.value
    return SpeedSummary(read_at, told, metric, loss, error, tuple(alike))
