"""Weights, heights and efforts as people write them: with a comma, in pounds, in feet."""

from __future__ import annotations

import re

from formcheck.errors import UsageError
from formcheck.words.language import plain_number

KG_IN = {"": 1.0, "kg": 1.0, "kgs": 1.0} | dict.fromkeys(("lb", "lbs", "pounds"), 0.45359237)
CM_IN = {"": 1.0, "cm": 1.0, "m": 100.0, "in": 2.54, '"': 2.54, "ft": 30.48, "'": 30.48}
INCHES_IN_A_FOOT = 12
WHOLE = 1e-4
"""So near a whole number, a weight was told in that unit."""
FEET = re.compile(r"""(?P<feet>\d+)\s*(?:'|ft)\s*(?P<inches>\d+(?:\.\d+)?)\s*(?:"|in|'')?""")
PLAIN_MARKS = str.maketrans({"\u2019": "'", "\u2032": "'", "\u201d": '"', "\u2033": '"'})
"""Feet and inches as phones and word processors write them."""
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3}|\.000)\D*")
"""Either a thousand or one with three decimals: nobody knows which."""
NUMBER = re.compile(r"""(?P<number>[+-]?(?:\d+\.?\d*|\.\d+|nan|inf))\s*(?P<unit>[a-z'"]*)""")


def kilograms(option: str, text: str | None, limits: tuple[float, float], /) -> float | None:
    """A weight, kilograms unless it says pounds.

    Parameters
    ----------
    option
        Its name, for what is told when it cannot be read.
    text
        As typed; None where nothing was.
    limits
        The lowest and the highest that make sense, kilograms.

    Raises
    ------
    UsageError
        If it is no weight, or beyond the limits.

    >>> kilograms("--load", "102,5", (0, 600)), round(kilograms("--load", "225 lb", (0, 600)), 1)
    (102.5, 102.1)
    """
    if text is None:
        return None
    what = "kilograms, or pounds as in 225lb"
    return _within(option, text, _number(option, text, KG_IN, what), "kilograms", limits)


def weight(kg: float, /) -> str:
    """A weight for those who lift kilograms and those who lift pounds.

    What was told in whole pounds needs no decimals of a kilogram; small plates have them.

    >>> weight(100), weight(102.5), weight(102.058283)
    ('100 kg (220 lb)', '102.5 kg (226 lb)', '102 kg (225 lb)')
    """
    pounds = kg / KG_IN["lb"]
    in_pounds = abs(pounds - round(pounds)) < WHOLE and abs(4 * kg - round(4 * kg)) >= WHOLE
    return f"{plain_number(round(kg, 0 if in_pounds else 2))} kg ({pounds:.0f} lb)"


def height(m: float, /) -> str:
    r"""A body height for those who measure in centimetres and those who do in feet.

    >>> height(1.78), height(1.524)
    ('178 cm (5\'10")', '152 cm (5\'0")')
    """
    feet, inches = divmod(round(100 * m / CM_IN["in"]), INCHES_IN_A_FOOT)
    return f"{100 * m:.0f} cm ({feet}'{inches}\")"


def centimetres(option: str, text: str | None, limits: tuple[float, float], /) -> float | None:
    """A height, centimetres unless it says metres, inches, or feet and inches.

    Parameters and errors as of `kilograms`, in centimetres.

    >>> [centimetres("--height", said, (120, 230)) for said in ("178", "1.78m", "5'10")]
    [178.0, 178.0, 177.8]
    """
    if text is None:
        return None
    what = "centimetres, or feet and inches as in 5'10"
    plain = text.translate(PLAIN_MARKS)
    if feet := FEET.fullmatch(plain.strip().lower()):
        if float(feet["inches"]) >= INCHES_IN_A_FOOT:
            raise UsageError(f"{option}: expected {what}, got {text!r}.")
        value = round(30.48 * int(feet["feet"]) + 2.54 * float(feet["inches"]), 6)
    else:
        value = _number(option, plain, CM_IN, what)
    return _within(option, text, value, "centimetres", limits)


def effort(rpe: str | None, rir: str | None, /) -> float | None:
    """The rating of the effort, 1 to 10, told as such or as repetitions in reserve.

    A set with two repetitions in reserve is an effort of 8 (Zourdos and others 2016).

    Raises
    ------
    UsageError
        If both are told, or one makes no sense.

    >>> effort(None, "2,5"), effort("8.5", None)
    (7.5, 8.5)
    """
    if rpe is not None and rir is not None:
        raise UsageError("--rir: expected it without --rpe, got both.")
    if rpe is not None:
        return _plain("--rpe", rpe, "a rating", (1.0, 10.0))
    if rir is not None:
        return 10 - _plain("--rir", rir, "repetitions left in reserve", (0.0, 9.0))
    return None


def _plain(option: str, text: str, what: str, limits: tuple[float, float]) -> float:
    """A number without a unit."""
    low, high = limits
    value = _number(option, text, {"": 1.0}, f"{what}, {low:g} to {high:g}")
    return _within(option, text, value, what, limits)


def _number(option: str, text: str, units: dict[str, float], what: str) -> float:
    found = NUMBER.fullmatch(text.strip().lower().replace(",", "."))
    if found is None or found["unit"] not in units or THOUSANDS.fullmatch(text.strip()):
        raise UsageError(f"{option}: expected {what}, got {text!r}.")
    return round(float(found["number"]) * units[found["unit"]], 6)


def _within(option: str, text: str, value: float, what: str, limits: tuple[float, float]) -> float:
    low, high = limits
    if not low <= value <= high:
        raise UsageError(f"{option}: expected {what}, {low:g} to {high:g}, got {text.strip()}.")
    return value
