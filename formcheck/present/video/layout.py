"""Where panels go: to the place that covers the lifter least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.present.video.canvas import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Place:
    """A box and the edges that it is aligned to.

    Attributes
    ----------
    box
        Pixels.
    x, y
        -1 left or top, 0 middle, 1 right or bottom.
    """

    box: Box
    x: int
    y: int


ORDER = ((-1, -1), (1, -1), (-1, 1), (1, 1), (0, -1), (0, 1), (-1, 0), (1, 0))
"""Places that cover nothing are taken in this order."""


def find_place(
    size: tuple[float, float],
    picture: tuple[int, int],
    lifter: Box | None,
    points: Floats,
    taken: Sequence[Box],
    margin: float,
) -> Place:
    """The place for a panel.

    Parameters
    ----------
    size, picture
        Width and height of panel and picture, pixels.
    lifter
        The part of the picture to keep free, if there is one.
    points
        Shape (n, 2): where the lifter's landmarks were, to choose the least bad
        place when every one covers some of the part.
    taken
        Other panels, never covered unless nothing else is left.
    margin
        Distance to the picture's edges, pixels.
    """

    def cost(place: Place) -> tuple[float, int, float, float]:
        body = 0.0 if lifter is None else place.box.overlap(lifter)
        others = sum(place.box.overlap(other.grown(margin / 2)) for other in taken)
        if body == 0:
            return others, 0, 0.0, 0.0
        return others, 1, _inside(points, place.box), body

    return min(_places(size, picture, taken, margin), key=cost)


def _places(
    size: tuple[float, float], picture: tuple[int, int], taken: Sequence[Box], margin: float
) -> Iterator[Place]:
    """Corners and edges of the picture, then what lies next to other panels."""
    for x, y in ORDER:
        left, top = (
            margin + (total - 2 * margin - own) * (side + 1) / 2
            for own, total, side in zip(size, picture, (x, y), strict=True)
        )
        yield Place(Box(left, top, left + size[0], top + size[1]), x, y)
    for other in taken:
        y = 1 if other.top > picture[1] / 2 else -1
        top = other.top - margin - size[1] if y > 0 else other.bottom + margin
        for x, left in ((-1, margin), (1, picture[0] - margin - size[0])):
            if margin <= top <= picture[1] - margin - size[1]:
                yield Place(Box(left, top, left + size[0], top + size[1]), x, y)


def _inside(points: Floats, box: Box) -> float:
    """Share of points in a box."""
    if not len(points):
        return 0.0
    low, high = (box.left, box.top), (box.right, box.bottom)
    return float(((points >= low) & (points <= high)).all(axis=1).mean())
