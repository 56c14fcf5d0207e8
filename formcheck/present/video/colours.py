"""Colours that people with any kind of colour vision can tell apart (Okabe and Ito).

Colour never speaks alone: a word and a symbol go with it.
"""

from __future__ import annotations

from typing import Final

from formcheck.words.severity import Severity

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

WHITE: Final[Colour] = (255, 255, 255)
PALE: Final[Colour] = (214, 218, 222)
DARK: Final[Colour] = (16, 20, 26)
SKY_BLUE: Final[Colour] = (86, 180, 233)
GREEN: Final[Colour] = (64, 200, 160)
"""The palette's bluish green, lightened so that it reads on dark ground."""
YELLOW: Final[Colour] = (240, 228, 66)
ORANGE: Final[Colour] = (230, 159, 0)
VERMILLION: Final[Colour] = (213, 94, 0)
GREY: Final[Colour] = (160, 160, 160)

OF: Final[dict[Severity, Colour]] = {
    Severity.OK: SKY_BLUE,
    Severity.MILD: YELLOW,
    Severity.MODERATE: ORANGE,
    Severity.SEVERE: VERMILLION,
    Severity.NOT_ASSESSED: GREY,
}
