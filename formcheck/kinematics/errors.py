"""Standard errors of what is measured from landmarks.

Two parts are added in quadrature: what the noise of this clip does to the
number, and a floor that stays however quiet the clip is, because a landmark
sits beside the true joint. The floors come from published comparisons
(``docs/accuracy.md``) and are larger for world landmarks, whose depth is a guess.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.angles import AngleSource, compute_angles
from formcheck.kinematics.draws import DEPTH_SHARE, doubt_px
from formcheck.kinematics.series import SERIES
from formcheck.pose import landmarks
from formcheck.pose.cleaning import TRUNK_M
from formcheck.pose.model import Quality

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

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
TRUNK = ("shoulder", "hip")
MOVED = tuple(
    [landmarks.index(name, side) for side in sides]
    for name in ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    for sides in (zip(landmarks.SIDES) if name in TRUNK else [landmarks.SIDES])
)
"""Landmarks that angles are made of, those together that no angle is made of both of: left and
right ones, but for the trunk's, whose middles carry angles of both sides."""
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
    noise = _noise_px(motion) * (AVERAGED if averaged else 1.0)
    share = CHANGE_SHARE if change else 1.0
    base = name.removesuffix("_3d")
    if unit == "deg":
        column = base if base in motion.angles.sources else f"{base}_{motion.view.near_side}"
        own = motion.angles.sources.get(column)
        if own is AngleSource.FIT and not name.endswith("_3d"):
            network = NETWORK_SHARE.get(motion.network, 1.0)
            return network * motion.angles.fit_errors[column] * (FIT_CHANGE_SHARE if change else 1)
        world = name.endswith("_3d") or own is AngleSource.WORLD
        return _angle_error(motion, base, world=world, noise_px=noise, share=share)
    own_px = {"leg": motion.leg_px, "arm": motion.arm_px}
    length = own_px[unit] if unit in own_px else UNIT_TRUNKS[unit] * motion.trunk_px
    return math.hypot(UNIT_FLOOR[unit] * share, math.sqrt(2) * noise / length)


def _noise_px(motion: Motion) -> float:
    noise = motion.clean.noise_px
    return noise if math.isfinite(noise) else UNKNOWN_NOISE_TRUNKS * motion.trunk_px


def _angle_error(
    motion: Motion, base: str, *, world: bool, noise_px: float, share: float = 1.0
) -> float:
    """What floor and noise give an angle that no body was fitted for, degrees."""
    floor = ANGLE_FLOOR_DEG[base][int(world)] * share * NETWORK_SHARE.get(motion.network, 1.0)
    length = SEGMENT_TRUNKS[base] * motion.trunk_px
    return math.hypot(floor, math.degrees(math.sqrt(2) * noise_px / length))


def angle_errors(motion: Motion, /) -> dict[str, Floats]:
    """One standard error of every angle in every frame, degrees.

    They are what is stated of their kind or, for angles of the fitted body, the errors of the
    fit; and in quadrature what landmarks' errors make of them: how each angle changes when one
    landmark is moved by its error along one axis.

    Returns
    -------
    dict
        By columns of `Angles`, shape (T,) each; NaN where there is no angle.
    """
    angles, fit = motion.angles, motion.fit
    moved = {
        source: _moved_by_landmarks(motion, source)
        for source in (AngleSource.IMAGE, AngleSource.WORLD)
        if source in angles.sources.values()
    }
    found = {}
    for name, values in angles.columns.items():
        source = angles.sources[name]
        if source is AngleSource.FIT and fit is not None:
            stated = NETWORK_SHARE.get(motion.network, 1.0) * fit.errors[name]
            error = np.hypot(stated, fit.doubts[name])
        else:
            base = name.removesuffix("_left").removesuffix("_right")
            world = source is AngleSource.WORLD
            floor = _angle_error(motion, base, world=world, noise_px=_noise_px(motion))
            error = np.hypot(floor, moved[source][name])
        found[name] = np.where(np.isnan(values), np.nan, error)
    return found


def _moved_by_landmarks(motion: Motion, source: AngleSource) -> dict[str, Floats]:
    """How far the errors of all landmarks together move the angles of a source, degrees."""
    track = motion.track
    error = doubt_px(motion)
    array, shares = "xy_px", [1.0, 1.0]
    if source is AngleSource.WORLD:
        error = error * (TRUNK_M / motion.trunk_px)
        array, shares = "world_m", [1.0, 1.0, DEPTH_SHARE]
    wanted = [name for name, own in motion.angles.sources.items() if own is source]
    squares = {name: np.zeros(len(track)) for name in wanted}
    for marks in MOVED:
        if not error[:, marks].any():
            continue
        for axis, share in enumerate(shares):
            places = getattr(track, array).copy()
            places[:, marks, axis] += share * error[:, marks]
            moved = compute_angles(track.with_arrays(**{array: places}), motion.view, source)
            for name in wanted:
                turn = (moved[name] - motion.angles[name] + 180) % 360 - 180
                squares[name] += np.nan_to_num(turn) ** 2
    return {name: np.sqrt(total) for name, total in squares.items()}


def time_error(motion: Motion, /) -> float:
    """One standard error of an event's time, seconds."""
    return TIME_FRAMES / motion.track.rate_hz if len(motion.track) > 1 else math.nan
