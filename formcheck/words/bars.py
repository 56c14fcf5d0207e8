"""Where the weight of a squat is held, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.lifter import Bar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BARS: Mapping[str, str] = {
    Bar.HIGH: "bar high on the back",
    Bar.LOW: "bar low on the back",
    Bar.FRONT: "bar in front",
    Bar.GOBLET: "weight at the chest",
    Bar.NONE: "no weight",
}


def held(bars: Sequence[Bar], /) -> str:
    """One place or several that are possible, as part of a sentence.

    >>> held([Bar.FRONT]), held([Bar.HIGH, Bar.LOW]), held([Bar.NONE])
    ('with the bar in front', 'with the bar high or low on the back', 'with no weight')
    """
    if set(bars) == {Bar.HIGH, Bar.LOW}:
        return "with the bar high or low on the back"
    places = " or ".join(BARS[bar] for bar in bars)
    return f"with {places}" if bars[0] is Bar.NONE else f"with the {places}"
