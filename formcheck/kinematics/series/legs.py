"""Hips, knees and feet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.angles import AngleSource, sagittal_points
from formcheck.kinematics.series.registry import SEEN, height_px, series
from formcheck.pose import landmarks
from formcheck.signals import running_maximum, running_median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

AHEAD_S = 0.5
"""So soon after the end of a repetition a jump that it led to is under way."""
STAND_S = 1.5
"""Where feet stand is their middle height over this time to both sides."""


@series("hip_height", "leg", "hips above the ankles", parts=("hip", "ankle"))
def _hip_height(motion: Motion) -> Floats:
    return (height_px(motion, "hip") - height_px(motion, "ankle")) / motion.leg_px


@series("hip_over_knee", "leg", "hips above the knees", parts=("hip", "knee"))
def _hip_over_knee(motion: Motion) -> Floats:
    return (height_px(motion, "hip") - height_px(motion, "knee")) / motion.leg_px


@series("shoulder_over_hip", "trunk", "shoulders above the hips", parts=("shoulder", "hip"))
def _shoulder_over_hip(motion: Motion) -> Floats:
    return (height_px(motion, "shoulder") - height_px(motion, "hip")) / motion.trunk_px


@series(
    "shoulder_over_hip_3d",
    "trunk",
    "shoulders above the hips, from world landmarks",
    parts=("shoulder", "hip"),
)
def _shoulder_over_hip_3d(motion: Motion) -> Floats:
    """1 for an upright trunk, also where a leaning one is seen end-on and looks short."""
    middles = [
        motion.track.world_m[:, [landmarks.index(name, side) for side in landmarks.SIDES]].mean(
            axis=1
        )
        for name in ("hip", "shoulder")
    ]
    trunk = middles[1] - middles[0]
    return np.asarray(-trunk[:, 1] / np.maximum(np.linalg.norm(trunk, axis=1), 1e-3))


@series("hip_level", "leg", "height of the hips in the image", parts=("hip",))
def _hip_level(motion: Motion) -> Floats:
    return height_px(motion, "hip") / motion.leg_px


@series("hip_x", "leg", "position of the hips along the image, forward positive", parts=("hip",))
def _hip_x(motion: Motion) -> Floats:
    return motion.steady.middle("hip")[:, 0] * motion.view.facing / motion.leg_px


@series("ankle_level", "leg", "height of the ankles in the image", parts=("ankle",))
def _ankle_level(motion: Motion) -> Floats:
    return height_px(motion, "ankle") / motion.leg_px


@series(
    "feet_off",
    "leg",
    "lower ankle above where it stands, at most in the next half second",
    parts=("ankle",),
)
def _feet_off(motion: Motion) -> Floats:
    """Feet that leave the floor are told from a camera that moves by how short it lasts."""
    left, right = (-motion.steady.point("ankle", side)[:, 1] for side in landmarks.SIDES)
    lower = np.minimum(left, right) / motion.leg_px
    known = np.isfinite(lower)
    if known.sum() < 3:
        return np.full(len(lower), np.nan)
    filled = np.interp(motion.t_s, motion.t_s[known], lower[known])
    ahead, stand = (max(1, round(s * motion.track.rate_hz)) for s in (AHEAD_S, STAND_S))
    stands = running_median(filled, 2 * stand + 1)
    highest = running_maximum(filled - stands, ahead + 1, before=0)
    return _if_feet_seen(motion, np.where(known, highest, np.nan))


@series("ankle_x", "leg", "position of the ankles along the image", parts=("ankle",))
def _ankle_x(motion: Motion) -> Floats:
    return motion.steady.middle("ankle")[:, 0] * motion.view.facing / motion.leg_px


@series("ankle_step", "leg", "left ankle below the right one in the image", parts=("ankle",))
def _ankle_step(motion: Motion) -> Floats:
    left, right = (motion.steady.point("ankle", side)[:, 1] for side in landmarks.SIDES)
    return _if_feet_seen(motion, (left - right) / motion.leg_px)


@series("ankle_spread", "leg", "left ankle right of the right one in the image", parts=("ankle",))
def _ankle_spread(motion: Motion) -> Floats:
    left, right = (motion.steady.point("ankle", side)[:, 0] for side in landmarks.SIDES)
    return _if_feet_seen(motion, (left - right) / motion.leg_px)


@series("ankle_stride", "leg", "ankles apart front to back, from world landmarks", parts=("ankle",))
def _ankle_stride(motion: Motion) -> Floats:
    points = sagittal_points(motion.track, motion.view, AngleSource.WORLD)
    left, right = (points[:, landmarks.index("ankle", side), 0] for side in landmarks.SIDES)
    return _if_feet_seen(motion, np.abs(left - right) / _world_leg(motion))


@series(
    "hip_height_3d", "leg", "hips above the ankles, from world landmarks", parts=("hip", "ankle")
)
def _hip_height_3d(motion: Motion) -> Floats:
    return _over_ankles(motion, "hip")


@series(
    "shoulder_height_3d",
    "leg",
    "shoulders above the ankles, from world landmarks",
    parts=("shoulder", "ankle"),
)
def _shoulder_height_3d(motion: Motion) -> Floats:
    return _over_ankles(motion, "shoulder")


def _over_ankles(motion: Motion, name: str) -> Floats:
    upper, ankles = (
        motion.track.world_m[:, [landmarks.index(part, side) for side in landmarks.SIDES], 1].mean(
            axis=1
        )
        for part in (name, "ankle")
    )
    return np.asarray((ankles - upper) / _world_leg(motion))


def _if_feet_seen(motion: Motion, values: Floats) -> Floats:
    """The values, or NaN when an ankle is hidden or outside the picture."""
    seen = min(motion.seen(("ankle",), side) for side in landmarks.SIDES)
    return np.asarray(values if seen >= SEEN else np.full(len(values), np.nan))


def _world_leg(motion: Motion) -> float:
    """Twice the median thigh of the world landmarks, metres."""
    hip, knee = (landmarks.index(name, motion.view.near_side) for name in ("hip", "knee"))
    thigh = np.linalg.norm(motion.track.world_m[:, hip] - motion.track.world_m[:, knee], axis=1)
    return max(0.1, 2 * float(np.nanmedian(thigh)))


@series(
    "knee_separation",
    "ratio",
    "knees apart over ankles apart, across the image",
    parts=("knee", "ankle"),
)
def _knee_separation(motion: Motion) -> Floats:
    apart = {
        name: np.abs(
            motion.steady.point(name, "left")[:, 0] - motion.steady.point(name, "right")[:, 0]
        )
        for name in ("knee", "ankle")
    }
    return np.asarray(apart["knee"] / np.maximum(apart["ankle"], 0.02 * motion.leg_px))


@series("heel_rise", "foot", "near heel above its toes, over the foot's length", parts=("foot",))
def _heel_rise(motion: Motion) -> Floats:
    side = motion.view.near_side
    foot = motion.steady.point("heel", side) - motion.steady.point("foot_index", side)
    lengths = np.linalg.norm(foot, axis=1)
    known = lengths[np.isfinite(lengths)]
    length = float(np.percentile(known, 90)) if len(known) else float("nan")
    return np.asarray(-foot[:, 1] / max(length, 1.0))


@series(
    "hip_shift",
    "stance",
    "middle of the hips to the lifter's left, over the stance width",
    parts=("hip", "ankle"),
)
def _hip_shift(motion: Motion) -> Floats:
    """Against the middle of the ankles, across the picture."""
    track = motion.steady
    if min(motion.seen(("hip", "ankle"), side) for side in landmarks.SIDES) < SEEN:
        return np.full(len(motion.t_s), np.nan)
    left, right = (track.point("ankle", side)[:, 0] for side in landmarks.SIDES)
    width = np.nanmedian(left - right)
    shift = track.middle("hip")[:, 0] - (left + right) / 2
    return np.asarray(shift / (width if abs(width) > 0.05 * motion.leg_px else np.nan))
