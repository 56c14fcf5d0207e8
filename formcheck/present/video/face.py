"""Make the lifter's face unrecognisable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from formcheck.present.video.body import HEAD, Timeline
from formcheck.present.video.canvas import Box

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from formcheck.pose.track import PoseTrack

    Image = NDArray[np.uint8]
    Floats = NDArray[np.float64]

HOLD_S = 0.5
"""Near gaps the head is taken to stay where it was for this long."""
HALF_WIDTH, HALF_HEIGHT = 0.36, 0.44
"""Of the covered ellipse, trunk lengths: a head is about 0.32 wide and 0.46 high."""
REACH = 1.7
"""The ellipse reaches at least this many times as far as the furthest landmark."""
CELLS = 5
"""Squares across that remain of the head."""
FEATHER = 0.12
"""Share of the ellipse's size over which the cover fades in."""


class FaceBlur:
    """Covers the head of a tracked lifter.

    Parameters
    ----------
    track
        Landmarks; without smoothing, so that nothing known is left out.
    breaks
        Samples before which the picture cuts.
    trunk_px, scale
        Trunk length in pixels of the track, and drawn pixels per pixel of it.
    """

    def __init__(
        self, track: PoseTrack, breaks: Collection[int], *, trunk_px: float, scale: float
    ) -> None:
        self._heads = track.xy_px[:, HEAD] * scale
        self._time = Timeline(track.t_s, breaks)
        self._trunk = trunk_px * scale
        self._known = np.flatnonzero(np.isfinite(self._heads).all(axis=(1, 2)))

    def head(self, t_s: float) -> Floats | None:
        """Landmarks of the head at or near a time, shape (n, 2); None if unknown."""
        points = self._time.read(self._heads, t_s)
        if np.isfinite(points).all():
            return points
        if not len(self._known):
            return None
        away = np.abs(self._time.t_s[self._known] - t_s)
        nearest = int(np.argmin(away))
        return self._heads[self._known[nearest]] if away[nearest] <= HOLD_S else None

    def cover(self, image: Image, t_s: float) -> None:
        """Blur the head in a picture, in place."""
        points = self.head(t_s)
        if points is None:
            return
        centre = (points.min(axis=0) + points.max(axis=0)) / 2
        reach = REACH * float(np.linalg.norm(points - centre, axis=1).max())
        half = np.maximum([HALF_WIDTH * self._trunk, HALF_HEIGHT * self._trunk], reach)
        box = Box(*(centre - half), *(centre + half)).within(image)
        if box is None:
            return
        left, top, right, bottom = box
        part = image[top:bottom, left:right]
        cells = np.maximum(1, CELLS * np.array([right - left, bottom - top]) // (2 * half.min()))
        coarse = cv2.resize(part, (int(cells[0]), int(cells[1])), interpolation=cv2.INTER_AREA)
        cover = cv2.resize(coarse, part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        y, x = np.mgrid[top:bottom, left:right]
        distance = np.hypot((x - centre[0]) / half[0], (y - centre[1]) / half[1])
        share = np.clip((1 - distance) / FEATHER, 0, 1)[..., None].astype(np.float32)
        part[:] = (part + (cover.astype(np.float32) - part) * share).astype(np.uint8)
