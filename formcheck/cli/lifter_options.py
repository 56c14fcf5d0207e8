"""The options by which a lifter tells what no camera sees."""

from __future__ import annotations

from typing import Annotated

import typer

from formcheck.errors import UsageError
from formcheck.lifter import Bar, Lifter

BarOption = Annotated[
    str | None,
    typer.Option(
        "--bar",
        metavar="WHERE",
        help="Where the weight of a squat is held: high, low, front, goblet or none.",
    ),
]
LoadOption = Annotated[
    float | None, typer.Option("--load", metavar="KG", help="Weight lifted, bar included.")
]
BodyweightOption = Annotated[
    float | None, typer.Option("--bodyweight", metavar="KG", help="Your body weight.")
]
HeightOption = Annotated[
    float | None,
    typer.Option("--height", metavar="CM", help="Your height: then speeds are in metres."),
]
RpeOption = Annotated[
    float | None, typer.Option("--rpe", metavar="N", help="How hard the set was, 1 to 10.")
]
PainOption = Annotated[
    bool, typer.Option("--pain", help="Something hurts: then no exercise is recommended.")
]

LOAD_KG, BODYWEIGHT_KG = (0.0, 600.0), (20.0, 350.0)
HEIGHT_CM, RPE = (120.0, 230.0), (1.0, 10.0)


def told_lifter(
    *,
    bar: str | None = None,
    load_kg: float | None = None,
    bodyweight_kg: float | None = None,
    height_cm: float | None = None,
    rpe: float | None = None,
    pain: bool = False,
) -> Lifter:
    """What the options say of the lifter.

    Raises
    ------
    UsageError
        If a value makes no sense.
    """
    _expect("--load", load_kg, "kilograms", LOAD_KG)
    _expect("--bodyweight", bodyweight_kg, "kilograms", BODYWEIGHT_KG)
    _expect("--height", height_cm, "centimetres", HEIGHT_CM)
    _expect("--rpe", rpe, "a rating", RPE)
    return Lifter(
        bar=_bar(bar),
        load_kg=load_kg,
        bodyweight_kg=bodyweight_kg,
        height_m=None if height_cm is None else height_cm / 100,
        rpe=rpe,
        pain=pain,
    )


def _bar(name: str | None) -> Bar | None:
    if name is None:
        return None
    try:
        return Bar(name)
    except ValueError:
        known = [bar.value for bar in Bar]
        raise UsageError(
            f"--bar: expected {', '.join(known[:-1])} or {known[-1]}, got {name!r}."
        ) from None


def _expect(option: str, value: float | None, what: str, limits: tuple[float, float]) -> None:
    low, high = limits
    if value is not None and not low <= value <= high:
        raise UsageError(f"{option}: expected {what}, {low:g} to {high:g}, got {value:g}.")
