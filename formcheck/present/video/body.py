"""Where the body is at any time, also between the sampled pictures; how its face is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formcheck.pose import landmarks
from formcheck.present.video.canvas import Box
from formcheck.signals import at_times

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]
    Image = NDArray[np.uint8]

SAME_S = 1e-6
LONGEST_GAP_S = 0.25
"""Between samples further apart nothing is interpolated."""
HEAD = tuple(
    number
    for number, name in enumerate(landmarks.NAMES)
    if name == "nose" or "ear" in name or "eye" in name
)
ABOVE_EAR = 0.35
"""How far the head reaches above the ears, trunk lengths."""
AROUND = 0.12
"""Flesh, clothes and plates around the landmarks, trunk lengths."""
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


@dataclass(frozen=True, eq=False)
class Timeline:
    """Series sampled at the track's times, read at any time.

    Attributes
    ----------
    t_s
        Shape (T,), seconds, increasing.
    breaks
        Samples before which the picture cuts: nothing is interpolated across.
    """

    t_s: Floats
    breaks: Collection[int] = ()

    def read(self, values: Floats, t_s: float) -> Floats:
        """A series, shape (T, ...), at a time; NaN where it is not known.

        Between two samples both must be known, unless a cut lies between them:
        then the earlier one holds.
        """
        first, last = self._around(t_s)
        if first is None:
            return np.full(values.shape[1:], np.nan)
        if first == last:
            return np.asarray(values[first])
        return np.asarray(at_times(self.t_s, values, np.array([t_s]))[0])

    def _around(self, t_s: float) -> tuple[int | None, int]:
        """The samples before and after a time; the same twice where one holds, None of neither."""
        after = int(np.searchsorted(self.t_s, t_s))
        before = after - 1
        if after < len(self.t_s) and self.t_s[after] - t_s < SAME_S:
            return after, after
        step = float(np.median(np.diff(self.t_s))) if len(self.t_s) > 1 else 0.0
        longest = max(LONGEST_GAP_S, 1.5 * step)
        passed = t_s - self.t_s[before] if before >= 0 else np.inf
        if after == len(self.t_s):
            return (before if passed <= step else None), before
        span = self.t_s[after] - self.t_s[before] if before >= 0 else np.inf
        if after in self.breaks and passed <= longest:
            return before, before
        return (before if span <= longest else None), after


def lifter_box(track: PoseTrack, frames: NDArray[np.bool_], trunk_px: float, /) -> Box | None:
    """The part of the picture that the lifter takes up over some samples.

    Parameters
    ----------
    track
        Landmarks.
    frames
        Shape (T,): which samples count.
    trunk_px
        Trunk length in pixels.

    Returns
    -------
    Box or None
        Without the rarest hundredth of places on every side; None if the
        lifter was not seen.
    """
    points = body_points(track, frames)
    if not len(points):
        return None
    low, high = np.percentile(points, 1, axis=0), np.percentile(points, 99, axis=0)
    head = track.xy_px[frames][:, HEAD, 1]
    head = head[np.isfinite(head)]
    top = min(low[1], float(np.percentile(head, 1)) - ABOVE_EAR * trunk_px) if len(head) else low[1]
    return Box(float(low[0]), float(top), float(high[0]), float(high[1])).grown(AROUND * trunk_px)


def body_points(
    track: PoseTrack,
    frames: NDArray[np.bool_],
    names: Collection[str] = landmarks.NAMES,
    /,
) -> Floats:
    """Known landmarks of these names inside the picture, shape (n, 2)."""
    marks = [landmarks.NAMES.index(name) for name in names]
    points = track.xy_px[frames][:, marks].reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    inside = ((points >= 0) & (points <= track.frame_wh)).all(axis=1)
    return np.asarray(points[inside])


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
