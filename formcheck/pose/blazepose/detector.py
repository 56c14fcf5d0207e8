"""Everybody in a picture, roughly: the detection network and how it is read.

The network answers for 2254 anchors, which lie on three grids over the picture. Each
tells how sure it is of a person, a box and four points relative to itself. Anchors
that see the same person are merged into one (MediaPipe's graph ``pose_detection``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose.blazepose.region import Region

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.pose.blazepose.network import Network
    from formcheck.video.picture import Picture

    Floats = NDArray[np.float64]

GRIDS = ((28, 2), (14, 2), (7, 6))
"""Cells on a side of the picture (strides of 8, 16 and 32 pixels), anchors in each cell."""
POINTS = 4
"""Middle of the hips, rim of the circle around the body, middle of the shoulders, rim of
the circle around the upper body."""
OUTPUTS = {"Identity": (1, 2254, 4 + 2 * POINTS), "Identity_1": (1, 2254, 1)}
LEAST_SCORE = 0.5
OVERLAP = 0.3
"""Boxes that share more than this of their union see the same person."""
LARGEST_LOGIT = 100.0


@dataclass(frozen=True, eq=False)
class Detection:
    """One person in one picture, pixel numbers of the picture.

    Attributes
    ----------
    score
        How sure the network is, 0..1.
    box
        Shape (4,): left, top, right, bottom of the head and upper body.
    points
        Shape (4, 2), see `POINTS`.
    """

    score: float
    box: Floats
    points: Floats

    @property
    def region(self) -> Region | None:
        """Where to look closely; None if the points coincide."""
        return Region.around(self.points[0], self.points[1])


@lru_cache
def anchors() -> Floats:
    """Shape (2254, 2): centres of the anchors, shares of the picture's width and height."""
    grids = []
    for cells, times in GRIDS:
        middles = (np.arange(cells) + 0.5) / cells
        y, x = np.meshgrid(middles, middles, indexing="ij")
        grids.append(np.repeat(np.column_stack([x.ravel(), y.ravel()]), times, axis=0))
    return np.concatenate(grids)


def decode(raw: Floats, side: int) -> tuple[Floats, Floats]:
    """Boxes and points of anchors, shares of the picture's width and height.

    Parameters
    ----------
    raw
        Shape (2254, 12): centre and size of the box, then the points, in pixels of the
        network's picture from the anchor.
    side
        Pixels on a side of the network's picture.

    Returns
    -------
    boxes
        Shape (2254, 4): left, top, right, bottom.
    points
        Shape (2254, 4, 2).
    """
    values = raw.reshape(len(raw), 2 + POINTS, 2) / side
    at = anchors()
    centres, half = values[:, 0] + at, values[:, 1] / 2
    return np.concatenate([centres - half, centres + half], axis=1), values[:, 2:] + at[:, None]


def overlap(box: Floats, boxes: Floats) -> Floats:
    """Shape (N,): shared area over united area of one box (4,) and others (N, 4)."""
    shared = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    both = np.prod(np.maximum(shared, 0), axis=1)
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)
    union = areas + np.prod(np.maximum(box[2:] - box[:2], 0)) - both
    return np.asarray(np.divide(both, union, out=np.zeros_like(both), where=union > 0))


def merge(scores: Floats, values: Floats) -> list[tuple[float, Floats]]:
    """One answer for each person: the mean, weighted by score, of those that overlap.

    Parameters
    ----------
    scores
        Shape (N,), 0..1.
    values
        Shape (N, 12): box, then points.

    Returns
    -------
    list
        Score and values (12,) of each person, the surest first.
    """
    order = np.argsort(-scores, kind="stable")
    scores, values = scores[order], values[order]
    found = []
    while len(scores):
        same = overlap(values[0, :4], values[:, :4]) > OVERLAP
        same[0] = True
        found.append((float(scores[0]), np.average(values[same], axis=0, weights=scores[same])))
        scores, values = scores[~same], values[~same]
    return found


class Detector:
    """Finds people afresh.

    Parameters
    ----------
    network
        The detection network.

    Raises
    ------
    ModelError
        If it is another kind of network.
    """

    def __init__(self, network: Network) -> None:
        network.expect(**OUTPUTS)
        self._network = network

    def find(self, picture: Picture, /) -> list[Detection]:
        """Everybody in a picture, the surest first."""
        side = self._network.side
        frame = self._whole(picture)
        # Unlike the landmark network, this one is fed -1 to 1.
        outputs = self._network.run(
            np.float32(2) * picture.sample(frame.to_picture(side), side, black_outside=True) - 1
        )
        logits = np.clip(outputs["Identity_1"][0, :, 0], -LARGEST_LOGIT, LARGEST_LOGIT)
        scores = 1 / (1 + np.exp(-logits.astype(float)))
        sure = scores >= LEAST_SCORE
        if not sure.any():
            return []
        boxes, points = decode(outputs["Identity"][0].astype(float), side)
        values = np.concatenate([boxes, points.reshape(len(points), -1)], axis=1)[sure]
        corner = frame.centre - frame.side / 2
        found = []
        for score, merged in merge(scores[sure], values):
            placed = merged.reshape(-1, 2) * frame.side + corner
            found.append(Detection(score, placed[:2].ravel(), placed[2:]))
        return found

    @staticmethod
    def _whole(picture: Picture) -> Region:
        """The square that holds the whole picture in its middle."""
        return Region(np.array(picture.size) / 2, float(max(picture.size)), 0.0)
