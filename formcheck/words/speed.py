"""A set's speed in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.reasons import Reason, ReasonCode
from formcheck.words.reasons import sentence

if TYPE_CHECKING:
    from formcheck.rules.speed_report import SpeedSummary


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
