"""A squatting lifter's lengths and posture in the sagittal plane, for `needed_lean`.

From the side they are read off the picture, near side, and what the camera's yaw makes look
short is made longer again; at an angle they are read off the fitted body. From the front or back
the plane is not seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.angles import AngleSource, sagittal_points
from formcheck.kinematics.series.registry import SEEN, body_sides
from formcheck.lean.needed import (
    BAR_UNKNOWN,
    HANDS_AT_BAR,
    Body,
    Carried,
    Legs,
    Offset,
    needed_lean,
    upper_body_centre,
)
from formcheck.lifter import Bar
from formcheck.pose import landmarks
from formcheck.reasons import Reason, ReasonCode
from formcheck.signals import known_median

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]
    Frames = NDArray[np.intp]

NAMES = ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
HANDS_FREE = frozenset({Bar.NONE, Bar.GOBLET})
EAR_ALONG = 1.3
"""Where the ear is along the trunk, in trunk lengths from the hip, if it is not known."""


@dataclass(frozen=True, eq=False)
class Plane:
    """Landmarks in the sagittal plane.

    Attributes
    ----------
    points
        Name to (T, 2): forward and up, all in one unit; the near side's from the
        side, else the middle of both. Shoulder and hip always the middle of both.
    near_hip
        Shape (T, 2): the hip on the side of the legs.
    feet_seen
        Whether heels and toes are seen well enough for the place of the mid-foot.
    forward_error
        One standard error of what is forward, as a share of it, that the camera's yaw brings.
    """

    points: Mapping[str, Floats]
    near_hip: Floats
    feet_seen: bool
    forward_error: float = 0.0


def sagittal_plane(motion: Motion, /) -> Plane | None:
    """The plane of a clip from the side or with a fitted body, else None."""
    forward_error = 0.0
    if motion.view.is_side:
        yaw, yaw_error = np.radians((motion.view.yaw_deg, motion.view.yaw_error_deg))
        flat = sagittal_points(motion.track, motion.view, AngleSource.IMAGE) / (np.cos(yaw), 1.0)
        forward_error = float(np.tan(yaw) * yaw_error)
    elif motion.fit is not None:
        flat = motion.fit.sagittal_points()
    else:
        return None
    sides = body_sides(motion)

    def middle(name: str, of: tuple[str, ...]) -> Floats:
        return np.asarray(np.mean([flat[:, landmarks.index(name, s)] for s in of], axis=0))

    trunk = ("shoulder", "hip")
    points = {n: middle(n, landmarks.SIDES if n in trunk else sides) for n in NAMES}
    feet = max(motion.seen(("ankle", "heel", "foot_index"), side) for side in sides)
    return Plane(points, middle("hip", sides), feet >= SEEN, forward_error)


def body_lengths(
    plane: Plane, turn: Frames, rest: Frames, /, *, height: float | None = None
) -> Body | Reason:
    """Lengths around the bottom, or why there are none.

    Parameters
    ----------
    plane
        The landmarks.
    turn
        Frames around the bottom: there the thigh's length is the one in the
        plane, shorter in a wide stance.
    rest
        Frames in which the lifter stands, for the place of the mid-foot.
    height
        Body height in the unit of the points, if known.
    """
    at = plane.points
    found = {
        "shank": _length(at["knee"] - at["ankle"], turn),
        "thigh": _length(plane.near_hip - at["knee"], turn),
        "trunk": _length(at["shoulder"] - at["hip"], turn),
    }
    if not all(value > 0 for value in found.values()):
        return Reason(ReasonCode.NO_LENGTHS)
    ahead = (at["heel"] + at["foot_index"])[rest, 0] / 2 - at["ankle"][rest, 0]
    mid_foot = known_median(ahead)
    if not plane.feet_seen or math.isnan(mid_foot):
        return Reason(ReasonCode.NO_FEET)
    return Body(**found, mid_foot=mid_foot, height=height)


def foot_length(plane: Plane, rest: Frames, /) -> float:
    """Heel to toe while standing, in the unit of the points; NaN if not seen."""
    return known_median((plane.points["foot_index"] - plane.points["heel"])[rest, 0])


def upper_body(plane: Plane, frames: Frames, bars: Sequence[Bar], /) -> Offset:
    """Centre of mass of head, arms and trunk over some frames (`upper_body_centre`).

    With a bar the hands count as at the shoulders, as they do where the arms are
    not seen: plates hide the arms, and the pose model then guesses.
    """
    if not HANDS_FREE.issuperset(bars):
        return HANDS_AT_BAR
    names = ("hip", "shoulder", "ear", "elbow", "wrist")
    middles = np.median([plane.points[name][frames] for name in names], axis=1)
    at = dict(zip(names, middles, strict=True))
    trunk = at["shoulder"] - at["hip"]
    if not np.isfinite(at["ear"]).all():
        at["ear"] = at["hip"] + EAR_ALONG * trunk
    parts = {name: at[name].tolist() for name in names}
    known = all(math.isfinite(value) for point in parts.values() for value in point)
    if not known or not np.linalg.norm(trunk) > 0:
        return HANDS_AT_BAR
    return upper_body_centre(parts)


def needed_lean_series(
    motion: Motion,
    turn: Frames,
    rest: Frames,
    /,
    *,
    bars: Sequence[Bar] = BAR_UNKNOWN,
    load_share: float | None = None,
) -> tuple[Floats, Floats]:
    """The band of lean that the legs of every picture need, to be drawn beside the trunk.

    Unlike the band that is judged it takes the shins as they are.

    Parameters
    ----------
    motion
        The clip.
    turn, rest
        Frames around the bottoms, and in which the lifter stands.
    bars, load_share
        As in `Carried`.

    Returns
    -------
    tuple of ndarray
        Lower and upper edge, shape (T,), degrees; NaN where unknown.
    """
    low, high = (np.full(len(motion.t_s), np.nan) for _ in range(2))
    plane = sagittal_plane(motion)
    body = None if plane is None else body_lengths(plane, turn, rest)
    if plane is None or not isinstance(body, Body):
        return low, high
    carried = Carried(bars, load_share, upper_body(plane, turn, bars))
    legs = zip(motion.series("thigh_elevation"), motion.series("shin_inclination"), strict=True)
    for frame, (thigh, shin) in enumerate(legs):
        band = needed_lean(body, Legs(thigh, shin), carried)
        if band is not None:
            low[frame], high[frame] = band.low_deg, band.high_deg
    return low, high


def _length(span: Floats, frames: Frames) -> float:
    return known_median(np.linalg.norm(span[frames], axis=1))
