"""From where the camera looks, in words that follow "filmed"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

VIEWS = {
    "side_left": "from the left side",
    "side_right": "from the right side",
    "front": "from the front",
    "back": "from behind",
    "oblique_front": "at an angle from the front",
    "oblique_back": "at an angle from behind",
    "unknown": "from an unclear angle",
}
"""Each view of the report."""
GROUPS = {
    "side": "from the side",
    "oblique": "at an angle",
    "front": "from the front or back",
    "unknown": VIEWS["unknown"],
}
"""Views that rules treat alike."""


def filmed(label: str, /) -> str:
    """A view.

    >>> filmed("oblique_front")
    'at an angle from the front'
    """
    return VIEWS[label]


def filmed_from(groups: Iterable[str], /) -> str:
    """Any of several groups of views.

    >>> filmed_from(("side", "oblique"))
    'from the side or at an angle'
    """
    return " or ".join(GROUPS[group] for group in groups)
