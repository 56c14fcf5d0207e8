"""How bright, flat and blurred a body is in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formcheck.video.picture import USUAL_WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from formcheck.video.picture import Picture

    Floats = NDArray[np.float64]
    Grey = NDArray[np.float32]

SIDE = 256
"""Pixels of the square that is looked at, about what the pose network sees."""
AGAIN = 2.0
"""Standard deviation of the blur that is added to see how blurred an edge was, pixels."""
EDGES = 0.05
"""Share of the pixels among whose steepest edges are looked for."""
MARGIN = 0.05
"""What the outline of the landmarks is widened by, a share of the body's larger side."""
BURNT = 0.98
"""From here on a pixel is white."""


@dataclass(frozen=True)
class Light:
    """How a body looks, middle values over some pictures.

    Attributes
    ----------
    brightness
        Mean, 0 (black) to 1 (white), as it is coded in the picture.
    contrast
        Standard deviation of the same.
    burnt
        Share of the body that is white.
    blur_px
        How wide edges are: the standard deviation of a Gaussian that makes them so, pixels.
    """

    brightness: float
    contrast: float
    burnt: float
    blur_px: float


def light_of(pictures: Iterable[tuple[Picture, Floats]], /) -> Light | None:
    """How a body looks in some pictures; None without any.

    Parameters
    ----------
    pictures
        Each with the body's landmarks, shape (N, 2), pixels.
    """
    found = [_measured(*one) for one in pictures]
    return Light(*map(float, np.median(found, axis=0))) if found else None


def _measured(picture: Picture, xy_px: Floats) -> tuple[float, float, float, float]:
    low, high = xy_px.min(axis=0), xy_px.max(axis=0)
    margin = MARGIN * float((high - low).max())
    side = max(float((high - low).max()) + 2 * margin, 1.0)
    corner = (low + high - side) / 2
    step = side / SIDE
    to_picture = np.array([[step, 0, corner[0]], [0, step, corner[1]]])
    red, blue = USUAL_WEIGHTS
    square = picture.sample(to_picture, SIDE)
    grey: Grey = square @ np.array([red, 1 - red - blue, blue], dtype=np.float32)
    body = _outline((xy_px - corner) / step, margin / step)
    values = grey[body]
    return (
        float(values.mean()),
        float(values.std()),
        float((values >= BURNT).mean()),
        step * edge_width(grey, body),
    )


def _outline(places: Floats, margin: float) -> NDArray[np.bool_]:
    """Shape (SIDE, SIDE): within the widened outline of some places."""
    mask = np.zeros((SIDE, SIDE), dtype=np.uint8)
    hull = cv2.convexHull(places.astype(np.float32)).round().astype(np.int32)
    cv2.fillConvexPoly(mask, hull, 1)
    cv2.polylines(mask, [hull], isClosed=True, color=1, thickness=max(1, round(2 * margin)))
    return mask.astype(bool)


def edge_width(grey: Grey, where: NDArray[np.bool_], /) -> float:
    """How blurred a picture's edges are, pixels; NaN without any.

    Parameters
    ----------
    grey
        Shape (H, W), 0..1.
    where
        Shape (H, W): the part that is looked at.

    Notes
    -----
    A step that a Gaussian of sigma s has blurred is flattened by another one of sigma r to
    s / sqrt(s^2 + r^2) of its slope, whatever its height (Zhuo and Sim, 2011).
    """
    slope = _slope(grey)
    crest = slope >= cv2.dilate(slope, np.ones((3, 3)))  # beside it a step is less steep
    steep = where & crest & (slope > 0) & (slope >= np.quantile(slope[where], 1 - EDGES))
    if not steep.any():
        return float("nan")
    blurred = _slope(np.asarray(cv2.GaussianBlur(grey, (0, 0), AGAIN), dtype=np.float32))
    ratio = slope[steep] / np.maximum(blurred[steep], 1e-9)
    return float(AGAIN / np.sqrt(max(float(np.median(ratio)) ** 2 - 1, 1e-9)))


def _slope(grey: NDArray[np.float32]) -> Floats:
    rows, columns = np.gradient(grey.astype(float))
    return np.asarray(np.hypot(rows, columns))
