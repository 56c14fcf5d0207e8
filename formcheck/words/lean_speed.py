"""A set's forward lean and its speed in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.words.language import _, decimal, later, percent
from formcheck.words.terms import held
from formcheck.words.text import counted

if TYPE_CHECKING:
    from formcheck.lean.excess import LeanSummary
    from formcheck.rules.computed.speed import SpeedSummary

WIDE_DEG = 30.0
"""A band wider than what sound squats lean (30 to 60 degrees, docs/angles.md) tells nothing of
this lifter."""
WHY = {
    "shin": later(
        "Your shins stay upright, so your torso has to lean. Check your ankles, heels and "
        "stance, and how far your hips go behind you."
    ),
    "balance": later("The weight drifts toward your toes: keep it over the middle of your feet."),
    "pitch": later("You also tip forward on the way up: let your hips and chest rise together."),
}
"""What to say of the part that explains most of an excess."""
READ_AT = {
    "shoulders": later("Mean concentric velocity (at the shoulders): {speed}."),
    "hands": later("Mean concentric velocity (at the hands): {speed}."),
}


def lean_advice(lean: LeanSummary, /) -> str | None:
    """What to do about a fault; None when there is none or nothing explains it."""
    return _(WHY[lean.largest]) if lean.flagged and lean.largest is not None else None


def lean_sentences(lean: LeanSummary, /) -> tuple[str, ...]:
    """Two or three plain sentences."""
    first = _("At the bottom your torso leans {lean}° (±{error}).").format(
        lean=f"{lean.lean_deg:.0f}", error=f"{lean.lean_error_deg:.0f}"
    )
    low, high = round(lean.needed.low_deg), round(lean.needed.high_deg)
    wide = lean.needed.high_deg - lean.needed.low_deg > WIDE_DEG
    second = _(_needed(lean, wide=wide)).format(
        need=f"{high}°" if wide or low == high else f"{low}-{high}°",
        need_error=f"{lean.needed_error_deg:.0f}",
        held=held(lean.bars),
        more=max(1, round(lean.excess_deg)),
        error=f"{lean.error_deg:.0f}",
    )
    advice = lean_advice(lean)
    return (first, second) if advice is None else (first, second, advice)


def _needed(lean: LeanSummary, *, wide: bool) -> str:
    """What the build needs at the depth of this set, and how that compares."""
    if wide and lean.excess_deg <= 0:
        return UNTOLD
    if lean.lean_deg < lean.needed.low_deg:
        how = "upright"
    elif lean.excess_deg <= 0:
        how = "fits"
    else:
        how = "beyond" if lean.flagged else "maybe"
    return NEEDED[wide, how]


UNTOLD = later(
    "How far your proportions make you lean at this depth can't be told closely enough to compare."
)
NEEDED = {
    (False, "upright"): later(
        "At this depth your proportions call for {need} (±{need_error}) {held}, so you're a bit "
        "more upright than average - that's fine."
    ),
    (False, "fits"): later(
        "At this depth your proportions call for {need} (±{need_error}) {held}: yours fits."
    ),
    (False, "beyond"): later(
        "At this depth your proportions call for {need} (±{need_error}) {held}; you lean {more}° "
        "more (±{error})."
    ),
    (False, "maybe"): later(
        "At this depth your proportions call for {need} (±{need_error}) {held}; you lean {more}° "
        "more, which is within measurement error."
    ),
    (True, "beyond"): later(
        "At this depth your proportions call for {need} (±{need_error}) at most {held}; you lean "
        "{more}° more (±{error})."
    ),
    (True, "maybe"): later(
        "At this depth your proportions call for {need} (±{need_error}) at most {held}; you lean "
        "{more}° more, which is within measurement error."
    ),
}
"""Where the band is wide, only its upper end is told."""


def speed_sentence(speed: SpeedSummary, /, *, ask_height: bool = True) -> str | None:
    """One sentence; None when there is nothing to tell.

    Parameters
    ----------
    speed
        The speed of a set.
    ask_height
        Whether to say that the height gives metres per second, where those would be sure.
    """
    if speed.loss is None and not speed.metric:
        return None
    told, others = _speed(speed, ask_height=ask_height), _left_out(speed)
    whole = READ_AT.get(speed.part, f"Mean concentric velocity (at the {speed.part}): {{speed}}.")
    said = _(whole).format(speed=told)
    return f"{said} {others}" if others else said


SLOWER = {
    False: later("velocity loss {loss}, from the fastest rep to the last"),
    True: later(
        "velocity loss {loss}, from the fastest rep to the last (tell formcheck your height to "
        "get speed in m/s)"
    ),
}
STEADY = {
    False: later("steady across reps"),
    True: later("steady across reps (tell formcheck your height to get speed in m/s)"),
}
"""Without metres per second, by whether the height is asked for."""


def _speed(speed: SpeedSummary, *, ask_height: bool) -> str:
    values = [s.value for s in speed.speeds if math.isfinite(s.value)]
    alike = [speed.speeds[n].value for n in speed.compared]
    slower = speed.loss is not None and speed.loss > (speed.loss_error or 0.0)
    loss = percent(speed.loss or 0.0)
    if not speed.metric:
        ask = ask_height and speed.is_sure
        return _((SLOWER if slower else STEADY)[ask]).format(loss=loss)
    if slower:
        return _(
            "{fastest} m/s in the fastest rep, {last} in the last, velocity loss {loss}"
        ).format(fastest=decimal(max(alike), 2), last=decimal(alike[-1], 2), loss=loss)
    low, high = decimal(min(values), 2), decimal(max(values), 2)
    told = _("{low} m/s") if low == high else _("{low} to {high} m/s")
    if speed.loss is not None:
        told = (
            _("{low} m/s, steady across reps")
            if low == high
            else _("{low} to {high} m/s, steady across reps")
        )
    return told.format(low=low, high=high)


def _known(speed: SpeedSummary) -> list[int]:
    return [n for n, one in enumerate(speed.speeds) if math.isfinite(one.value)]


def _ends_otherwise(speed: SpeedSummary) -> bool:
    """Whether the last repetition does not move as far as those that are compared."""
    return speed.compared[-1] != _known(speed)[-1]


def _left_out(speed: SpeedSummary) -> str:
    """Which repetitions are not compared, as a sentence; empty where all are."""
    left = len(_known(speed)) - len(speed.compared)
    if speed.loss is None or not left:
        return ""
    if _ends_otherwise(speed):
        return counted(
            left,
            "Not compared: the last rep, which moves much less or more than the others.",
            "Not compared: {n} reps that move much less or more than the others, the last one too.",
        )
    return counted(
        left,
        "Not compared: a rep that moves much less or more than the others.",
        "Not compared: {n} reps that move much less or more than the others.",
    )
