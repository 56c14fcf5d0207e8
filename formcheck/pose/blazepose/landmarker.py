"""One body closely: the landmark network on a region of a picture, refined by its heat maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose import landmarks
from formcheck.pose.blazepose.region import Region, to_picture, turned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.pose.blazepose.network import Network
    from formcheck.video.picture import Picture

    Floats = NDArray[np.float64]

REACH = 3
"""Cells to each side of a landmark's own that are looked at: 7 by 7. With 5 by 5 landmarks
are 0.61 px from MediaPipe's, with 7 by 7 0.07, with 9 by 9 0.17 (medians, of 256)."""
LEAST_HEAT = 0.5
"""A landmark moves only where a cell around it is at least this warm."""


def refine(xy: Floats, heat_logits: NDArray[np.float32]) -> Floats:
    """Landmarks moved to the heat's centre of mass around them.

    Parameters
    ----------
    xy
        Shape (N, 2), shares of the crop's width and height.
    heat_logits
        Shape (rows, columns, N): one heat map for each landmark.

    Returns
    -------
    ndarray
        Shape (N, 2). A landmark outside the crop, or without a warm cell near it, stays.

    Notes
    -----
    MediaPipe's ``RefineLandmarksFromHeatmapCalculator``: the mean of the cells' numbers,
    weighted by the sigmoid of the map.
    """
    rows, columns, count = heat_logits.shape
    cell = np.floor(xy * (columns, rows)).astype(int)
    inside = ((cell >= 0) & (cell < (columns, rows))).all(axis=1)
    steps = np.arange(-REACH, REACH + 1)
    column, row = cell[:, :1] + steps, cell[:, 1:] + steps
    there_column, there_row = (column >= 0) & (column < columns), (row >= 0) & (row < rows)
    logits = heat_logits[
        np.clip(row, 0, rows - 1)[:, :, None],
        np.clip(column, 0, columns - 1)[:, None, :],
        np.arange(count)[:, None, None],
    ].astype(float)
    heat = 1 / (1 + np.exp(-logits))
    heat *= there_row[:, :, None] & there_column[:, None, :]
    total = heat.sum(axis=(1, 2))
    warm = inside & (heat.max(axis=(1, 2)) >= LEAST_HEAT)
    weight = np.where(warm, total, 1.0)
    moved = np.column_stack(
        [
            (heat.sum(axis=1) * column).sum(axis=1) / weight / columns,
            (heat.sum(axis=2) * row).sum(axis=1) / weight / rows,
        ]
    )
    return np.where(warm[:, None], moved, xy)


POINTS = 39
"""The 33 landmarks, the two points of the circle around the body, four of the hands."""
HIPS, RIM = 33, 34
"""Numbers of the circle's centre and of the point on its rim."""
VALUES = 5
"""Of each point in the crop: x, y, z, visibility, presence."""
OUTPUTS = {
    "Identity": (1, POINTS * VALUES),
    "Identity_1": (1, 1),
    "Identity_3": (1, 64, 64, POINTS),
    "Identity_4": (1, POINTS * 3),
}


@dataclass(frozen=True, eq=False)
class Body:
    """What the network makes of one region.

    Attributes
    ----------
    presence
        How sure it is that somebody is there, 0..1.
    xy_px
        Shape (33, 2), pixel numbers of the picture.
    world_m
        Shape (33, 3), metres from the middle of the hips: x right, y down, z away.
    visibility
        Shape (33,), 0..1.
    certainty
        Shape (33,), 0..1: the highest point of each landmark's heat map.
    region
        Where to look for this body next; None if it has shrunk to a point.
    """

    presence: float
    xy_px: Floats
    world_m: Floats
    visibility: Floats
    certainty: Floats
    region: Region | None


def sigmoid(logits: Floats) -> Floats:
    """Logits as shares of 1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -80, 80))))


class Landmarker:
    """Measures one body in a region.

    Parameters
    ----------
    network
        The landmark network.

    Raises
    ------
    ModelError
        If it is another kind of network.
    """

    def __init__(self, network: Network) -> None:
        network.expect(**OUTPUTS)
        self._network = network

    def measure(self, picture: Picture, region: Region, /) -> Body:
        """The body in a region, whoever it is and however unsure."""
        side = self._network.side
        outputs = self._network.run(picture.sample(region.to_picture(side), side))
        # The network tells pixels of the crop; presence is already a probability.
        points = outputs["Identity"].reshape(POINTS, VALUES).astype(float)
        heat = outputs["Identity_3"][0]
        xy = to_picture(refine(points[:, :2] / side, heat), region)
        warmest = heat.max(axis=0).max(axis=0)  # over both at once takes NumPy eight times as long
        world = outputs["Identity_4"].reshape(POINTS, 3)[: landmarks.COUNT].astype(float)
        return Body(
            presence=float(outputs["Identity_1"][0, 0]),
            xy_px=xy[: landmarks.COUNT],
            world_m=turned(world, region),
            visibility=sigmoid(points[: landmarks.COUNT, 3]),
            certainty=sigmoid(warmest[: landmarks.COUNT].astype(float)),
            region=Region.around(xy[HIPS], xy[RIM]),
        )
