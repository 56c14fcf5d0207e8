"""The trunk lean that a lifter's own proportions need in a squat.

Static model of the sagittal plane (reference 3.1, own derivation). Origin at
the ankle, x forward; angles in degrees: shin and trunk from the vertical,
positive forward, thigh above the horizontal (0 = hip level with the knee). A
lifter who does not fall keeps the load over the middle of the foot:

    heavy-bar limit    the bar is over mid-foot
    whole system       the centre of mass of body and bar is over mid-foot

The lean needed lies between the two. Where the geometry has no solution the
functions return NaN, and bands None: then lean cannot be judged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from formcheck.lifter import Bar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOOT, SHANK, THIGH, UPPER_BODY = 0.029, 0.093, 0.200, 0.678
"""Shares of body mass of both feet, shanks, thighs, and head, arms and trunk [V79]."""
TO_PROXIMAL = 0.433
"""Centre of mass of shank and thigh from their upper end, in their length [V79]."""
HEAD, TRUNK, UPPER_ARM, FOREARM = 0.081, 0.497, 0.056, 0.044
"""Shares of body mass that make up the upper body; forearms include the hands [V79]."""
UPPER_ARM_CENTRE, FOREARM_CENTRE = 0.436, 0.682
"""Centres of mass from the upper end; the forearm's with the hand, to the wrist [V79]."""
TRUNK_PER_HEIGHT = 0.288
"""Hip-to-shoulder length over body height (reference 2.1, not looked up again)."""
DEFAULT_LOAD_SHARE = 0.75
DEFAULT_GOBLET_SHARE = 0.2
"""Judgement: what fits between two hands is light against the body."""
LIGHT_LOAD_SHARE = 0.3
LIGHT_MIDFOOT = (0.01, 0.06)
"""Where a light lifter's weight may be, in front of the ankle, in body heights."""
LIGHT_MOST_DEG, LIGHT_ERROR_DEG = 52.0, 5.0
"""With a light weight no lean beyond this counts as needed, and the error of that. It is
the limit for a high bar where lengths cannot be used (reference 3.2): a weight in
front, or none, needs less. The model alone would allow any lean, because close to
lying flat ever more lean moves the weight ever less."""


class Offset(NamedTuple):
    """A point carried by the trunk, in trunk lengths from the hip.

    `along` the trunk toward the shoulder, `behind` it (negative in front).
    """

    along: float
    behind: float


HANDS_AT_BAR = Offset(0.65, 0.0)
"""Centre of mass of the upper body with the hands at the shoulders."""
BAR_OFFSETS: Mapping[Bar, Offset] = MappingProxyType(
    {
        Bar.HIGH: Offset(1.03, 0.12),
        Bar.LOW: Offset(0.91, 0.16),
        Bar.FRONT: Offset(1.00, -0.16),
        Bar.GOBLET: Offset(0.82, -0.42),
    }
)
"""Judgement; 0.05 more or less is about 2 degrees of lean."""
LENGTH_ERROR, ANGLE_ERROR_DEG, OFFSET_ERROR = 0.04, 3.5, 0.04
MID_FOOT_ERROR = 0.015 / 1.75
"""One standard error of what the model is told: a length's share, degrees, trunk
lengths, and the place of the mid-foot in body heights (reference 3.1)."""
SHIN_REFERENCE_ERROR_DEG = 2.5
"""Of a normal shin angle that is taken, not measured (judgement)."""


BAR_UNKNOWN = (Bar.HIGH, Bar.LOW)
"""A bar on the back, which no camera tells apart."""


@dataclass(frozen=True)
class Body:
    """A lifter's lengths, all in one unit.

    Attributes
    ----------
    shank, trunk
        Ankle to knee and hip to shoulder.
    thigh
        Hip to knee **in the sagittal plane**: in a wide stance shorter than the thigh.
    mid_foot
        From the ankle forward to the middle of the foot.
    height
        Body height; by default from the trunk.
    """

    shank: float
    thigh: float
    trunk: float
    mid_foot: float
    height: float | None = None

    def __post_init__(self) -> None:
        for name in ("shank", "thigh", "trunk"):
            if not getattr(self, name) > 0:
                raise ValueError(f"expected a positive {name}, got {getattr(self, name)}")

    @property
    def stature(self) -> float:
        """Body height, given or from the trunk."""
        return self.trunk / TRUNK_PER_HEIGHT if self.height is None else self.height


class Legs(NamedTuple):
    """Position of the legs: thigh elevation and shin inclination, degrees."""

    thigh_deg: float
    shin_deg: float


@dataclass(frozen=True)
class Carried:
    """What the legs carry, as far as it is known.

    Attributes
    ----------
    bars
        Where the weight may be held: a band covers all of them.
    load_share
        Mass of the weight over body mass; None when unknown (`assumed_share`).
    upper_body
        Centre of mass of head, arms and trunk (`upper_body_centre`); matters most
        without a bar.
    """

    bars: Sequence[Bar] = BAR_UNKNOWN
    load_share: float | None = None
    upper_body: Offset = HANDS_AT_BAR


UNKNOWN_LOAD = Carried()
"""A bar on the back of the usual weight."""


@dataclass(frozen=True)
class Band:
    """Range of lean that the proportions need, degrees."""

    low_deg: float
    high_deg: float

    @property
    def mid_deg(self) -> float:
        """The middle of the band."""
        return (self.low_deg + self.high_deg) / 2


def hip_x(body: Body, legs: Legs, /) -> float:
    """Position of the hip in front of the ankle, in the body's unit."""
    knee = body.shank * math.sin(math.radians(legs.shin_deg))
    return knee - body.thigh * math.cos(math.radians(legs.thigh_deg))


def lean_for_bar(body: Body, legs: Legs, load: Offset, /) -> float:
    """Lean that puts the bar over mid-foot, degrees; NaN without a solution.

    Parameters
    ----------
    body, legs
        Lengths, and thigh and shin angles.
    load
        Where the bar is carried.
    """
    return _lean_to_reach(load, (body.mid_foot - hip_x(body, legs)) / body.trunk)


def lean_for_mass(
    body: Body,
    legs: Legs,
    load: Offset,
    /,
    *,
    load_share: float,
    upper_body: Offset = HANDS_AT_BAR,
) -> float:
    """Lean that puts the centre of mass of body and bar over mid-foot, degrees.

    Parameters
    ----------
    body, legs
        Lengths, and thigh and shin angles.
    load
        Where the bar is carried.
    load_share
        Mass of the bar over body mass; 0 without one.
    upper_body
        Centre of mass of head, arms and trunk (`upper_body_centre`).

    Returns
    -------
    float
        NaN without a solution.
    """
    carried = UPPER_BODY + load_share
    centre = Offset(
        (UPPER_BODY * upper_body.along + load_share * load.along) / carried,
        (UPPER_BODY * upper_body.behind + load_share * load.behind) / carried,
    )
    wanted = body.mid_foot * (1 + load_share) - _leg_moment(body, legs)
    return _lean_to_reach(centre, (wanted / carried - hip_x(body, legs)) / body.trunk)


def mass_x(
    body: Body,
    legs: Legs,
    lean_deg: float,
    load: Offset,
    /,
    *,
    load_share: float,
    upper_body: Offset = HANDS_AT_BAR,
) -> float:
    """Centre of mass of body and bar in front of the ankle, in the body's unit."""
    upper = UPPER_BODY * point_x(body, legs, lean_deg, upper_body)
    bar = load_share * point_x(body, legs, lean_deg, load)
    return (_leg_moment(body, legs) + upper + bar) / (1 + load_share)


def point_x(body: Body, legs: Legs, lean_deg: float, point: Offset, /) -> float:
    """A point carried by the trunk in front of the ankle, in the body's unit."""
    lean = math.radians(lean_deg)
    reach = point.along * math.sin(lean) - point.behind * math.cos(lean)
    return hip_x(body, legs) + body.trunk * reach


def _leg_moment(body: Body, legs: Legs) -> float:
    """Sum of mass share times position of feet, shanks and thighs; feet at mid-foot."""
    knee = body.shank * math.sin(math.radians(legs.shin_deg))
    shank = knee * (1 - TO_PROXIMAL)
    thigh = hip_x(body, legs) + TO_PROXIMAL * (knee - hip_x(body, legs))
    return FOOT * body.mid_foot + SHANK * shank + THIGH * thigh


def _lean_to_reach(point: Offset, ahead: float) -> float:
    """Lean at which a point of the trunk is `ahead` trunk lengths in front of the hip."""
    sine = ahead / math.hypot(*point)
    if not abs(sine) <= 1:
        return math.nan
    return math.degrees(math.atan2(point.behind, point.along) + math.asin(sine))


def upper_body_centre(points: Mapping[str, Sequence[float]], /) -> Offset:
    """Centre of mass of head, arms and trunk from landmarks of one moment.

    Parameters
    ----------
    points
        "hip", "shoulder", "ear", "elbow" and "wrist", each (x forward, y up) in
        any one unit; middle of both sides or the near side.

    Raises
    ------
    ValueError
        If hip and shoulder coincide.
    """
    at = {name: np.asarray(point, dtype=float) for name, point in points.items()}
    trunk = at["shoulder"] - at["hip"]
    length = float(np.linalg.norm(trunk))
    if not length > 0:
        raise ValueError("expected hip and shoulder at different places")
    arm = at["shoulder"] + UPPER_ARM_CENTRE * (at["elbow"] - at["shoulder"])
    forearm = at["elbow"] + FOREARM_CENTRE * (at["wrist"] - at["elbow"])
    parts = ((TRUNK, at["hip"] + trunk / 2), (HEAD, at["ear"]), (UPPER_ARM, arm))
    moment = sum(mass * point for mass, point in (*parts, (FOREARM, forearm)))
    centre = moment / (HEAD + TRUNK + UPPER_ARM + FOREARM) - at["hip"]
    ahead, up = trunk / length
    return Offset(
        float(centre[0] * ahead + centre[1] * up) / length,
        float(centre[1] * ahead - centre[0] * up) / length,
    )


def needed_lean(body: Body, legs: Legs, carried: Carried = UNKNOWN_LOAD, /) -> Band | None:
    """The band of lean that a lifter needs in this position.

    Parameters
    ----------
    body, legs
        Lengths, and thigh and shin angles.
    carried
        The weight and the upper body.

    Returns
    -------
    Band or None
        None when a limit has no solution: lean cannot be judged.

    Notes
    -----
    Below a load share of 0.3 the bar hardly fixes the balance. The band then
    runs over every place of the weight from 0.01 to 0.06 body heights in front of
    the ankle, but not beyond `LIGHT_MOST_DEG`, and is wide.
    """
    leans: list[float] = []
    for bar in carried.bars:
        load = BAR_OFFSETS.get(bar, HANDS_AT_BAR)
        share = assumed_share(bar, carried.load_share)
        leans += _limits(body, legs, load, share, carried.upper_body)
    if not leans or not all(math.isfinite(lean) for lean in leans):
        return None
    return Band(min(leans), max(leans))


def assumed_share(bar: Bar, load_share: float | None, /) -> float:
    """Mass of the weight over body mass: none without a bar, as told, or the usual."""
    if bar is Bar.NONE:
        return 0.0
    if load_share is not None:
        return load_share
    return DEFAULT_GOBLET_SHARE if bar is Bar.GOBLET else DEFAULT_LOAD_SHARE


def needed_lean_error(
    body: Body,
    legs: Legs,
    carried: Carried = UNKNOWN_LOAD,
    /,
    *,
    shin_error_deg: float = ANGLE_ERROR_DEG,
    forward_error: float = 0.0,
) -> float:
    """One standard error of the upper edge of `needed_lean`, degrees.

    What is measured is moved by its own standard error, one thing after the
    other. NaN when the band has no edge, or loses it for such a small change.

    Parameters
    ----------
    body, legs, carried
        As for `needed_lean`.
    shin_error_deg
        Of the shin angle; smaller for a normal angle than for a measured one.
    forward_error
        Of all that is forward at the bottom (thigh, trunk and foot), as a share of it.
    """

    def edge(body: Body, legs: Legs) -> float:
        band = needed_lean(body, legs, carried)
        return math.nan if band is None else band.high_deg

    middle = edge(body, legs)
    foot = MID_FOOT_ERROR * body.stature
    moved = [
        (replace(body, shank=body.shank * (1 + LENGTH_ERROR)), legs),
        (replace(body, thigh=body.thigh * (1 - LENGTH_ERROR)), legs),
        (replace(body, trunk=body.trunk * (1 + LENGTH_ERROR)), legs),
        (replace(body, mid_foot=body.mid_foot - foot), legs),
        (_stretched(body, 1 + forward_error), legs),
        (body, legs._replace(thigh_deg=legs.thigh_deg + ANGLE_ERROR_DEG)),
        (body, legs._replace(shin_deg=legs.shin_deg + shin_error_deg)),
    ]
    changes = [edge(*changed) - middle for changed in moved]
    shares = (assumed_share(bar, carried.load_share) for bar in carried.bars)
    light = any(share < LIGHT_LOAD_SHARE for share in shares)
    return math.hypot(*changes, LIGHT_ERROR_DEG if light else math.degrees(OFFSET_ERROR))


def _stretched(body: Body, share: float) -> Body:
    """The body with another length of what is forward at the bottom."""
    thigh, trunk, mid_foot = (share * one for one in (body.thigh, body.trunk, body.mid_foot))
    return replace(body, thigh=thigh, trunk=trunk, mid_foot=mid_foot)


def _limits(
    body: Body, legs: Legs, load: Offset, load_share: float, upper_body: Offset
) -> list[float]:
    def over(mid_foot: float) -> float:
        standing = replace(body, mid_foot=mid_foot)
        return lean_for_mass(standing, legs, load, load_share=load_share, upper_body=upper_body)

    if load_share < LIGHT_LOAD_SHARE:
        low, high = (over(share * body.stature) for share in LIGHT_MIDFOOT)
        if not low <= LIGHT_MOST_DEG:
            return [math.nan]
        return [low, high if high < LIGHT_MOST_DEG else LIGHT_MOST_DEG]  # also for NaN
    return [lean_for_bar(body, legs, load), over(body.mid_foot)]
