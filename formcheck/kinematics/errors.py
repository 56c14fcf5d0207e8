"""Standard errors of what is measured from landmarks.

Two parts are added in quadrature: what the noise of this clip does to the
number, and a floor that stays however quiet the clip is, because a landmark
sits beside the true joint. The floors come from published comparisons
(``docs/accuracy.md``) and are larger for world landmarks, whose depth is a guess.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.kinematics.angles import AngleSource
from formcheck.kinematics.series import SERIES
from formcheck.pose.model import Quality

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.kinematics.motion import Motion

ANGLE_FLOOR_DEG = {
    "trunk_lean": (4.0, 10.0),
    "knee_flexion": (5.0, 14.0),
    "hip_flexion": (5.0, 12.0),
    "thigh_elevation": (5.0, 10.0),
    "shin_inclination": (4.0, 12.0),
    "elbow_flexion": (10.0, 18.0),
    "shoulder_elevation": (10.0, 16.0),
    "upper_arm_to_trunk": (7.0, 12.0),
    "neck": (6.0, 12.0),
    "head_forward": (6.0, 12.0),
    "knee_difference": (6.0, 12.0),
}
"""Degrees, (from the picture, from world landmarks), of every angle that is a series.

Trunk and legs from the picture are smaller on rendered clips (RMS 2 to 4), but
phones are not as clean: published comparisons with motion capture give 6 for
the knee. The others are what the rendered clips showed; `head_forward` and
`knee_difference`, which they do not show, are taken as the neck's (judgement)."""
SEGMENT_TRUNKS = {
    "trunk_lean": 1.0,
    "neck": 0.4,
    "elbow_flexion": 0.55,
    "shoulder_elevation": 0.6,
    "upper_arm_to_trunk": 0.6,
    "head_forward": 0.85,
    "knee_flexion": 0.85,
    "knee_difference": 0.85,
    "hip_flexion": 0.85,
    "thigh_elevation": 0.85,
    "shin_inclination": 0.85,
}
"""Length of the segment that carries the angle, in trunk lengths."""
UNIT_FLOOR = {
    "leg": 0.03,
    "arm": 0.04,
    "trunk": 0.05,
    "foot": 0.12,
    "ratio": 0.06,
    "upper arm": 0.1,
    "stance": 0.04,
}
"""Floors of lengths and ratios, in their own units, of every unit that a series has."""
UNIT_TRUNKS = {"trunk": 1.0, "stance": 0.75, "foot": 0.4, "ratio": 0.4, "upper arm": 0.4}
"""Units in trunk lengths, where the clip does not say; a ratio is one of lengths of
about that size (judgement)."""
UNKNOWN_NOISE_TRUNKS = 0.03
"""Noise of a clip that is too short to tell its own, in trunk lengths (judgement)."""
NETWORK_SHARE: Mapping[Quality | None, float] = {Quality.FAST: 1.4}
"""Errors of angles are so many times as large with another network than the standard one:
75 and 95 % of the comparisons with truth then lie within one and two, as they do (75 and
91 %) with the standard network (``docs/accuracy.md``). The larger network needs no more."""
CHANGE_SHARE = 0.5
"""Share of the floor left in a change within one repetition: a landmark's offset
from the joint moves with the body and cancels in part."""
FIT_CHANGE_SHARE = 1.2
"""A fitted body does not repeat its error at the same height in the second half: on
rendered squats the difference of both halves scattered by this share of it."""
AVERAGED = 0.5
"""Share of the noise left in a median over some tenths of a second: neighbouring
pictures err alike (reference 2.4)."""
TIME_FRAMES = 1.5
"""Error of an event in time, in sampling periods."""


def series_error(motion: Motion, name: str, /, *, change: bool, averaged: bool = False) -> float:
    """One standard error of a value of a series, in its unit.

    Parameters
    ----------
    motion
        Gives this clip's noise and the source of its angles.
    name
        A series of `formcheck.kinematics.series.SERIES`.
    change
        Whether the number is a change within one repetition.
    averaged
        Whether it is a median over a window, which noise moves less.
    """
    unit = SERIES[name].unit
    noise = motion.clean.noise_px
    if not math.isfinite(noise):
        noise = UNKNOWN_NOISE_TRUNKS * motion.trunk_px
    noise *= AVERAGED if averaged else 1.0
    share = CHANGE_SHARE if change else 1.0
    base = name.removesuffix("_3d")
    if unit == "deg":
        network = NETWORK_SHARE.get(motion.network, 1.0)
        column = base if base in motion.angles.sources else f"{base}_{motion.view.near_side}"
        own = motion.angles.sources.get(column)
        if own is AngleSource.FIT and not name.endswith("_3d"):
            return network * motion.angles.fit_errors[column] * (FIT_CHANGE_SHARE if change else 1)
        world = name.endswith("_3d") or own is AngleSource.WORLD
        floor = ANGLE_FLOOR_DEG[base][int(world)] * share
        length = SEGMENT_TRUNKS[base] * motion.trunk_px
        return math.hypot(network * floor, math.degrees(math.sqrt(2) * noise / length))
    own_px = {"leg": motion.leg_px, "arm": motion.arm_px}
    length = own_px[unit] if unit in own_px else UNIT_TRUNKS[unit] * motion.trunk_px
    return math.hypot(UNIT_FLOOR[unit] * share, math.sqrt(2) * noise / length)


def time_error(motion: Motion, /) -> float:
    """One standard error of an event's time, seconds."""
    return TIME_FRAMES / motion.track.rate_hz if len(motion.track) > 1 else math.nan
