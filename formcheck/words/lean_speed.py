"""A set's forward lean and its speed in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.reasons import Reason, ReasonCode
from formcheck.words.reasons import sentence
from formcheck.words.terms import held

if TYPE_CHECKING:
    from formcheck.lean.excess import LeanSummary
    from formcheck.rules.computed.speed import SpeedSummary

WIDE_DEG = 30.0
"""A band wider than what sound squats lean (30 to 60 degrees, docs/angles.md) tells nothing of
this lifter."""
WHY = {
    "shin": (
        "Your shins stay upright, so your torso has to lean. Check your ankles, heels and "
        "stance, and how far your hips go behind you."
    ),
    "balance": "The weight drifts toward your toes: keep it over the middle of your feet.",
    "pitch": "You also tip forward on the way up: let your hips and chest rise together.",
}
"""What to say of the part that explains most of an excess."""


def lean_advice(lean: LeanSummary, /) -> str | None:
    """What to do about a fault; None when there is none or nothing explains it."""
    return WHY[lean.largest] if lean.flagged and lean.largest is not None else None


def lean_sentences(lean: LeanSummary, /) -> tuple[str, ...]:
    """Two or three plain sentences."""
    first = f"At the bottom your torso leans {lean.lean_deg:.0f}° (±{lean.lean_error_deg:.0f})."
    second = _needed(lean)
    advice = lean_advice(lean)
    return (first, second) if advice is None else (first, second, advice)


def _needed(lean: LeanSummary) -> str:
    """What the build needs at the depth of this set, and how that compares."""
    low, high = round(lean.needed.low_deg), round(lean.needed.high_deg)
    need = f"{low}-{high}°" if low < high else f"{high}°"
    most = ""
    if lean.needed.high_deg - lean.needed.low_deg > WIDE_DEG:
        if lean.excess_deg <= 0:
            return (
                "How far your proportions make you lean at this depth can't be told closely "
                "enough to compare."
            )
        need, most = f"{high}°", " at most"
    error = f" (±{lean.needed_error_deg:.0f})"
    call = f"At this depth your proportions call for {need}{error}{most}"
    return f"{call} {held(lean.bars)}{_compared(lean)}"


def _compared(lean: LeanSummary) -> str:
    if lean.lean_deg < lean.needed.low_deg:
        return ", so you're a bit more upright than average - that's fine."
    if lean.excess_deg <= 0:
        return ": yours fits."
    beyond = f"; you lean {max(1, round(lean.excess_deg))}° more"
    if lean.flagged:
        return f"{beyond} (±{lean.error_deg:.0f})."
    return f"{beyond}, which is within measurement error."


def speed_sentence(speed: SpeedSummary, /) -> str | None:
    """One sentence; None when there is nothing to tell."""
    if speed.loss is None and not speed.metric:
        return None
    values = [s.value for s in speed.speeds if math.isfinite(s.value)]
    slower = speed.loss is not None and speed.loss > (speed.loss_error or 0.0)
    start = f"Lifting speed (from the {speed.part}): "
    if not speed.metric:
        loss = f"last rep {speed.loss:.0%} slower than the fastest" if slower else ""
        without = sentence(Reason(ReasonCode.NO_HEIGHT))
        return f"{start}{loss or 'steady across reps'} ({without})."
    if slower:
        ends = f"{max(values):.2f} m/s in the fastest rep, {values[-1]:.2f} in the last"
        return f"{start}{ends}, {speed.loss:.0%} slower."
    low, high = f"{min(values):.2f}", f"{max(values):.2f}"
    steady = "" if speed.loss is None else ", steady across reps"
    return f"{start}{low if low == high else f'{low} to {high}'} m/s{steady}."
