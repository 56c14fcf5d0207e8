"""Trunk lean of a squat against what the lifter's own proportions need (``docs/lean.md``)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.errors import series_error
from formcheck.lean.excess import BottomLean, reference_shin, split_lean
from formcheck.lean.needed import (
    BAR_OFFSETS,
    BAR_UNKNOWN,
    HANDS_AT_BAR,
    OFFSET_ERROR,
    SHIN_REFERENCE_ERROR_DEG,
    Body,
    Carried,
    Legs,
    Offset,
    mass_x,
    needed_lean,
    needed_lean_error,
    point_x,
)
from formcheck.lean.proportions import (
    body_lengths,
    foot_length,
    sagittal_plane,
    upper_body,
)
from formcheck.lifter import Bar
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.features import around, window_frames
from formcheck.rules.computed.registry import Computed, computed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.lean.proportions import Plane
    from formcheck.reps.engine import Rep
    from formcheck.rules.computed.registry import SetContext

    Frames = NDArray[np.intp]

OFFSET_JOINTS, OFFSET_JOINTS_BAR = 0.06, 0.18
"""Error of hip and shoulder landmarks in the place of the weight, trunk lengths. Plates
hide the hips: sound back squats filmed from the side scattered by 0.4 foot lengths."""
LEAN_TO_FEET = ("trunk_lean", "thigh_elevation", "shin_inclination", "heel_rise")
"""What lean and its need rest on; the heels for the place of the mid-foot."""
EXCESS = "lean_excess"
"""The formula of the lean that the lifter's build does not need."""


def bars_of(context: SetContext, /) -> tuple[Bar, ...]:
    """Where the weight may be held: as told, as the variant has it, else on the back."""
    if context.lifter.bar is not None:
        return (context.lifter.bar,)
    own = next((v.bars for v in context.exercise.variant if v.id == context.variant), ())
    if context.lifter.lifts_weight:
        own = tuple(bar for bar in own if bar is not Bar.NONE)
    return own or BAR_UNKNOWN


def lean_at_bottom(context: SetContext, rep: Rep, /) -> BottomLean | Reason:
    """The lean of a repetition against its need, or why it cannot be judged."""
    return context.once(("lean", rep.cycle), lambda: _lean_at_bottom(context, rep))


def _lean_at_bottom(context: SetContext, rep: Rep) -> BottomLean | Reason:
    posture = _posture(context, rep)
    if isinstance(posture, Reason):
        return posture
    body, legs, centre, plane = posture
    motion = context.motion
    carried = Carried(bars_of(context), context.lifter.load_share, centre)
    expected = legs._replace(shin_deg=_reference_shin(context))
    lean = around(motion.t_s, motion.series("trunk_lean"), rep.cycle.turn)
    measured = needed_lean(body, legs, carried)
    split = split_lean(lean, needed_lean(body, expected, carried), measured)
    error = needed_lean_error(
        body,
        expected,
        carried,
        shin_error_deg=SHIN_REFERENCE_ERROR_DEG,
        forward_error=plane.forward_error,
    )
    if split is None or math.isnan(error):
        return Reason(ReasonCode.ANY_LEAN)
    lean_error = series_error(motion, "trunk_lean", change=False)
    return BottomLean(lean, lean_error, measured, split, error)


def _posture(context: SetContext, rep: Rep) -> tuple[Body, Legs, Offset, Plane] | Reason:
    return context.once(("posture", rep.cycle), lambda: _found_posture(context, rep))


def _found_posture(context: SetContext, rep: Rep) -> tuple[Body, Legs, Offset, Plane] | Reason:
    motion = context.motion
    plane = context.once("plane", lambda: sagittal_plane(motion))
    if plane is None:
        return Reason(ReasonCode.NO_PLANE)
    turn = window_frames(rep.cycle, "turn")
    body = body_lengths(plane, turn, context.frames("rest"))
    if isinstance(body, Reason):
        return body
    thigh, shin = (
        around(motion.t_s, motion.series(name), rep.cycle.turn)
        for name in ("thigh_elevation", "shin_inclination")
    )
    return body, Legs(thigh, shin), upper_body(plane, turn, bars_of(context)), plane


def _reference_shin(context: SetContext) -> float:
    seen = context.motion.series("shin_inclination")[context.frames("rep")]
    return context.once("reference shin", lambda: reference_shin(seen.tolist()))


def _part(context: SetContext, rep: Rep, part: str) -> Computed:
    found = lean_at_bottom(context, rep)
    if isinstance(found, Reason):
        return Computed(math.nan, math.nan, reason=found)
    value = getattr(found.split, part)
    reason = Reason(ReasonCode.UPRIGHT_SHINS) if math.isnan(value) else None
    return Computed(value, found.error_deg, reason=reason)


@computed(
    EXCESS,
    "deg",
    "lean at the bottom beyond what the lifter's proportions need",
    shown_by="trunk_lean",
    rests_on=LEAN_TO_FEET,
    window="turn",
)
def _excess(context: SetContext, rep: Rep) -> Computed:
    return _part(context, rep, "total_deg")


@computed(
    "lean_shin",
    "deg",
    "lean forced by shins more upright than usual",
    rests_on=LEAN_TO_FEET,
    window="turn",
)
def _shin(context: SetContext, rep: Rep) -> Computed:
    return _part(context, rep, "shin_deg")


@computed(
    "lean_balance",
    "deg",
    "lean beyond what the measured legs need, weight at mid-foot",
    rests_on=LEAN_TO_FEET,
    window="turn",
)
def _balance(context: SetContext, rep: Rep) -> Computed:
    return _part(context, rep, "balance_deg")


@computed(
    "lean_over_middle",
    "deg",
    "lean beyond the middle of what the lifter's proportions need",
    rests_on=LEAN_TO_FEET,
    window="turn",
)
def _over_middle(context: SetContext, rep: Rep) -> Computed:
    found = lean_at_bottom(context, rep)
    if isinstance(found, Reason):
        return Computed(math.nan, math.nan, reason=found)
    return Computed(found.lean_deg - found.split.expected.mid_deg, found.error_deg)


@computed(
    "trunk_shin",
    "deg",
    "trunk lean beyond the shins' at the bottom",
    shown_by="shin_inclination",
    rests_on=("trunk_lean", "shin_inclination"),
    window="turn",
)
def _trunk_shin(context: SetContext, rep: Rep) -> Computed:
    bars = bars_of(context)
    if Bar.LOW in bars:
        code = ReasonCode.LOW_BAR if len(bars) == 1 else ReasonCode.WHICH_BAR
        return Computed(math.nan, math.nan, reason=Reason(code))
    motion = context.motion
    lean, shin = (
        around(motion.t_s, motion.series(name), rep.cycle.turn)
        for name in ("trunk_lean", "shin_inclination")
    )
    errors = (series_error(motion, n, change=False) for n in ("trunk_lean", "shin_inclination"))
    return Computed(lean - shin, math.hypot(*errors))


@computed(
    "load_offset",
    "foot",
    "how far the weight is in front of mid-foot at the bottom",
    rests_on=LEAN_TO_FEET,
    window="turn",
)
def _load_offset(context: SetContext, rep: Rep) -> Computed:
    """Reference A16; without a bar the centre of mass of the body."""
    posture = _posture(context, rep)
    if isinstance(posture, Reason):
        return Computed(math.nan, math.nan, reason=posture)
    body, legs, centre, plane = posture
    motion = context.motion
    foot = foot_length(plane, context.frames("rest"))
    if not foot > 0:
        return Computed(math.nan, math.nan, reason=Reason(ReasonCode.NO_FEET))
    lean = around(motion.t_s, motion.series("trunk_lean"), rep.cycle.turn)
    bars = bars_of(context)
    places = [_weight_x(body, legs, lean, bar, centre) for bar in bars]
    ahead = float(np.mean(places)) - body.mid_foot
    angle = math.radians(series_error(motion, "trunk_lean", change=False))
    joints = OFFSET_JOINTS if bars == (Bar.NONE,) else OFFSET_JOINTS_BAR
    trunk_error = math.hypot(angle * math.cos(math.radians(lean)), OFFSET_ERROR, joints)
    spread = (max(places) - min(places)) / 2
    return Computed(ahead / foot, math.hypot(trunk_error * body.trunk, spread) / foot)


def _weight_x(body: Body, legs: Legs, lean_deg: float, bar: Bar, centre: Offset) -> float:
    """The weight, or without one the body's centre of mass, in front of the ankle."""
    if bar not in BAR_OFFSETS:
        none = HANDS_AT_BAR
        return mass_x(body, legs, lean_deg, none, load_share=0.0, upper_body=centre)
    return point_x(body, legs, lean_deg, BAR_OFFSETS[bar])
