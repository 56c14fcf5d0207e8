"""Moments to see again, slowly. Only their pictures are held, compressed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

AROUND_S = 0.7
"""A replay shows this much before and after its moment."""
SLOWER = 4
CLOSEST_S = 1 / 125
"""Pictures nearer to each other are left out of a replay: 31 a second are enough."""
QUALITY = 95


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture of a replay: its time in the clip, and after the replay's beginning."""

    t_s: float
    later_s: float
    image: Image


@dataclass(eq=False)
class Replay:
    """One moment.

    Attributes
    ----------
    at_s
        The moment, seconds of the clip.
    begins_s
        When its pictures are shown again, seconds of the clip.
    """

    at_s: float
    begins_s: float = 0.0
    _held: deque[tuple[float, NDArray[np.uint8]]] = field(default_factory=deque)

    @property
    def duration_s(self) -> float:
        """How much longer the video gets; known until its pictures are taken."""
        if not self._held:
            return 0.0
        return SLOWER * (self.begins_s - self._held[0][0])

    def keep(self, t_s: float, image: Image) -> None:
        """Hold a picture if it belongs to the moment."""
        if abs(t_s - self.at_s) > AROUND_S:
            return
        if self._held and t_s - self._held[-1][0] < CLOSEST_S:
            return
        bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        done, packed = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        if done:  # else that picture is missing from the replay
            self._held.append((t_s, packed))

    def frames(self) -> Iterator[Shown]:
        """The held pictures, which are then forgotten."""
        if not self._held:
            return
        first_s = self._held[0][0]
        while self._held:
            t_s, packed = self._held.popleft()
            bgr = cv2.imdecode(packed, cv2.IMREAD_COLOR)
            if bgr is None:
                continue
            image = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
            yield Shown(t_s, SLOWER * (t_s - first_s), image)


class Replays:
    """All moments of a clip, each seen again as soon as its pictures have passed.

    Parameters
    ----------
    moments
        Seconds of the clip, in order.
    """

    def __init__(self, moments: Sequence[float]) -> None:
        self._open = deque(Replay(at_s) for at_s in moments)

    def keep(self, t_s: float, image: Image) -> None:
        """Take note of a picture of the clip before anything is drawn on it."""
        for replay in self._open:
            replay.keep(t_s, image)

    def due(self, t_s: float) -> Iterator[Replay]:
        """Replays that come before the picture at this time."""
        while self._open and t_s > self._open[0].at_s + AROUND_S:
            replay = self._open.popleft()
            replay.begins_s = t_s
            yield replay
