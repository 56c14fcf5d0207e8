"""Drawing on RGB pictures: colours, smooth lines, see-through shapes, text. All in place.

Only the part of a picture that a shape covers is touched. The colours are those that people
with any kind of colour vision can tell apart (Okabe and Ito); colour never speaks alone: a
word and a symbol go with it.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from formcheck.words.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    Floats = NDArray[np.float64]

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

SHIFT = 4
"""Coordinates have this many fractional bits."""
FAR_PX = 20_000.0
"""Coordinates beyond are cut, which keeps them in range for OpenCV."""
REGULAR, BOLD = 400, 700
_FONT = cv2.FontFace("sans")


@dataclass(frozen=True)
class Box:
    """An upright rectangle, pixels; `right` and `bottom` lie just outside."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels."""
        return self.bottom - self.top

    def grown(self, by: float) -> Box:
        """With a margin on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlap(self, other: Box) -> float:
        """Area in common, square pixels."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    @classmethod
    def around(cls, points: Floats) -> Box:
        """The smallest box of some points, shape (n, 2)."""
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        return cls(float(left), float(top), float(right), float(bottom))

    def within(self, image: Image) -> tuple[int, int, int, int] | None:
        """Left, top, right, bottom as whole pixels inside a picture; None when outside."""
        height, width = image.shape[:2]
        left, top = max(0, math.floor(self.left)), max(0, math.floor(self.top))
        right, bottom = min(width, math.ceil(self.right)), min(height, math.ceil(self.bottom))
        return (left, top, right, bottom) if left < right and top < bottom else None


def fixed(point: Sequence[float] | Floats) -> tuple[int, int]:
    """A place as OpenCV takes it: whole numbers with `SHIFT` fractional bits."""
    x, y = (min(max(float(value), -FAR_PX), FAR_PX) for value in point)
    return round(x * (1 << SHIFT)), round(y * (1 << SHIFT))


def _all_fixed(points: Floats) -> NDArray[np.int32]:
    """Many places, shape (n, 2), as OpenCV takes them."""
    scaled = np.clip(points, -FAR_PX, FAR_PX) * (1 << SHIFT)
    return np.asarray(np.rint(scaled), np.int32)[:, None]


def known(*points: Floats) -> bool:
    """Whether all points are finite."""
    return all(bool(np.isfinite(point).all()) for point in points)


def line(image: Image, a: Floats, b: Floats, colour: Colour, width: float) -> None:
    """A smooth line; nothing when an end is unknown."""
    if known(a, b):
        width_px = max(1, round(width))
        cv2.line(image, fixed(a), fixed(b), colour, width_px, cv2.LINE_AA, SHIFT)


def outlined(image: Image, a: Floats, b: Floats, colour: Colour, width: float) -> None:
    """A line with a dark rim, readable on any ground."""
    line(image, a, b, DARK, width + max(2.0, 0.5 * width))
    line(image, a, b, colour, width)


def dashed(image: Image, a: Floats, b: Floats, colour: Colour, width: float) -> None:
    """A line of dashes eight widths long."""
    if not known(a, b):
        return
    length = float(np.linalg.norm(b - a))
    pieces = max(1, round(length / (8 * max(1.0, width))))
    for number in range(0, pieces, 2):
        ends = [a + (b - a) * share / pieces for share in (number, number + 1)]
        outlined(image, ends[0], ends[1], colour, width)


def dot(image: Image, at: Floats, radius: float, colour: Colour) -> None:
    """A filled circle with a dark rim; nothing when its place is unknown."""
    if known(at):
        for size, paint in ((radius + max(1.0, 0.3 * radius), DARK), (radius, colour)):
            whole = round(size * (1 << SHIFT))
            cv2.circle(image, fixed(at), whole, paint, cv2.FILLED, cv2.LINE_AA, SHIFT)


def fan(centre: Floats, radius: float, from_rad: float, to_rad: float) -> Floats:
    """Points of an arc, shape (n, 2); angles as in the picture, y down."""
    count = max(3, int(abs(to_rad - from_rad) / math.radians(6)) + 2)
    angles = np.linspace(from_rad, to_rad, count)
    return np.asarray(centre + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1))


def path(image: Image, points: Floats, colour: Colour, width: float) -> None:
    """A smooth open line through some points, shape (n, 2), with a dark rim."""
    corners = _all_fixed(points)
    for paint, size in ((DARK, width + 2), (colour, width)):
        cv2.polylines(image, [corners], False, paint, max(1, round(size)), cv2.LINE_AA, SHIFT)


def polygon(image: Image, points: Floats, colour: Colour) -> None:
    """A filled convex polygon."""
    corners = _all_fixed(points)
    cv2.fillConvexPoly(image, corners, colour, cv2.LINE_AA, SHIFT)


@contextmanager
def see_through(image: Image, box: Box, opacity: float) -> Iterator[tuple[Image, Floats] | None]:
    """A copy of a part to draw on, blended back afterwards.

    Yields
    ------
    tuple or None
        The part and the place of its corner, to be taken from coordinates;
        None when the box lies outside the picture.
    """
    place = box.within(image)
    if place is None:
        yield None
        return
    left, top, right, bottom = place
    part = image[top:bottom, left:right]
    over = part.copy()
    yield over, np.array([left, top], np.float64)
    part[:] = cv2.addWeighted(over, opacity, part, 1 - opacity, 0)


def blend(image: Image, mask: NDArray[np.uint8], corner: tuple[int, int], colour: Colour) -> None:
    """Lay a colour over a part, as strongly as a mask (0 to 255) says."""
    left, top = corner
    part = image[top : top + mask.shape[0], left : left + mask.shape[1]]
    rows, columns = np.nonzero(mask)
    share = mask[rows, columns, None].astype(np.uint16)
    mixed = part[rows, columns] * (255 - share) + np.array(colour, np.uint16) * share
    part[rows, columns] = (mixed + 255) >> 8


def panel(image: Image, box: Box, *, radius: float, opacity: float, colour: Colour = DARK) -> None:
    """A see-through rectangle with round corners."""
    with see_through(image, box, opacity) as layer:
        if layer is None:
            return
        over, corner = layer
        low = np.array([box.left, box.top]) - corner
        high = np.array([box.right, box.bottom]) - corner
        radius = min(radius, box.width / 2, box.height / 2)
        quarter = math.pi / 2
        centres = [
            (high[0] - radius, high[1] - radius),
            (low[0] + radius, high[1] - radius),
            (low[0] + radius, low[1] + radius),
            (high[0] - radius, low[1] + radius),
        ]
        rim = [
            fan(np.array(c), radius, n * quarter, (n + 1) * quarter) for n, c in enumerate(centres)
        ]
        polygon(over, np.concatenate(rim), colour)


def text_width(text: str, size: int, weight: int) -> int:
    """How wide a text is, pixels, from its origin to its right edge."""
    left, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), _FONT, size, weight)
    return int(left + width)


def text(
    image: Image,
    words: str,
    at: tuple[float, float],
    colour: Colour,
    size: int,
    weight: int = REGULAR,
) -> None:
    """Write from the left end of the base line."""
    cv2.putText(image, words, (round(at[0]), round(at[1])), colour, _FONT, size, weight)


def haloed(
    image: Image,
    words: str,
    at: tuple[float, float],
    colour: Colour,
    size: int,
    *,
    avoid: Sequence[Box] = (),
) -> Box:
    """Bold text on a small dark plate around its middle `at`, kept inside the picture.

    Returns
    -------
    Box
        The plate, moved as little as it takes to cover none of `avoid`; where it is if all
        around is taken.
    """
    pad = 0.3 * size
    width, height = text_width(words, size, BOLD) + 2 * pad, 1.3 * size
    plate = _nearest_free(at, (width, height), image, avoid)
    panel(image, plate, radius=0.35 * size, opacity=0.6)
    at_base = (plate.left + pad, plate.bottom - 0.3 * size)
    text(image, words, at_base, colour, size, BOLD)
    return plate


def _nearest_free(
    at: tuple[float, float],
    size: tuple[float, float],
    image: Image,
    avoid: Sequence[Box],
) -> Box:
    """A box of this size around a place, inside the picture and clear of others."""

    def around(x: float, y: float) -> Box:
        left = float(np.clip(x - size[0] / 2, 0, max(0, image.shape[1] - size[0])))
        top = float(np.clip(y - size[1] / 2, 0, max(0, image.shape[0] - size[1])))
        return Box(left, top, left + size[0], top + size[1])

    def away(box: Box) -> float:
        return math.hypot((box.left + box.right) / 2 - at[0], (box.top + box.bottom) / 2 - at[1])

    beside = [
        around(x, y)
        for other in avoid
        for x, y in (
            (at[0], other.top - size[1] / 2 - 1),
            (at[0], other.bottom + size[1] / 2 + 1),
            (other.left - size[0] / 2 - 1, at[1]),
            (other.right + size[0] / 2 + 1, at[1]),
        )
    ]
    wanted = around(*at)
    free = [box for box in (wanted, *beside) if not any(box.overlap(other) > 0 for other in avoid)]
    return min(free, key=away, default=wanted)
