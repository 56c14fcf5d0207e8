"""A set's forward lean and its speed in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.words.language import _, decimal, later, percent, plural
from formcheck.words.terms import held
from formcheck.words.text import reps_named

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    "shoulders": later("Lifting speed (mean concentric velocity at the shoulders): {speed}."),
    "hands": later("Lifting speed (mean concentric velocity at the hands): {speed}."),
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
    if lean.lean_deg < lean.needed.low_deg and not wide:
        how = "upright"
    elif lean.excess_deg <= 0:
        how = "fits"
    else:
        how = "beyond" if lean.flagged else "maybe"
    return NEEDED[wide, how]


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
    (True, "fits"): later(
        "At this depth your proportions call for {need} (±{need_error}) at most {held}: you lean "
        "no more than that."
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


def speed_sentence(
    speed: SpeedSummary, /, *, reps: Sequence[int] = (), ask_height: bool = True
) -> str | None:
    """One sentence; None when there is nothing to tell: steady, and in no known unit.

    Parameters
    ----------
    speed
        The speed of a set.
    reps
        Numbers of its repetitions; from 1 on where none are given.
    ask_height
        Whether to say that the height gives metres per second, where those would be sure.
    """
    if not speed.metric and not _slows(speed):
        return None
    told, others = _speed(speed, ask_height=ask_height), _left_out(speed, reps)
    own = f"Lifting speed (mean concentric velocity at the {speed.part}): {{speed}}."
    whole = READ_AT.get(speed.part, own)
    said = _(whole).format(speed=told)
    return f"{said} {others}" if others else said


SLOWER = {
    False: later("the last rep {loss} slower than the fastest (velocity loss)"),
    True: later(
        "the last rep {loss} slower than the fastest (velocity loss; tell formcheck your height "
        "to get speed in m/s)"
    ),
}
"""Without metres per second, by whether the height is asked for."""


def _slows(speed: SpeedSummary) -> bool:
    """Whether the last repetition is slower than the fastest by more than the error of that."""
    return speed.loss is not None and speed.loss > (speed.loss_error or 0.0)


def _speed(speed: SpeedSummary, *, ask_height: bool) -> str:
    values = [s.value for s in speed.speeds if math.isfinite(s.value)]
    alike = [speed.speeds[n].value for n in speed.compared]
    loss = percent(speed.loss or 0.0)
    if not speed.metric:
        return _(SLOWER[ask_height and speed.is_sure]).format(loss=loss)
    if _slows(speed):
        return _(
            "{fastest} m/s in the fastest rep, {last} in the last, {loss} slower (velocity loss)"
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


def _left_out(speed: SpeedSummary, reps: Sequence[int]) -> str:
    """Which repetitions are not compared, as a sentence; empty where all are."""
    numbers = reps or range(1, len(speed.speeds) + 1)
    left = [numbers[n] for n in _known(speed) if n not in speed.compared]
    if speed.loss is None or not left:
        return ""
    return plural(
        "Not compared: {reps}, which moves much less or more than the others.",
        "Not compared: {reps}, which move much less or more than the others.",
        len(left),
    ).format(reps=reps_named(left))
