"""From a region back to the picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.pose.blazepose.region import Region

    Floats = NDArray[np.float64]


def to_picture(xy: Floats, region: Region) -> Floats:
    """Points of a region in the picture.

    Parameters
    ----------
    xy
        Shape (N, 2), shares of the region's side.
    region
        Where they were seen.

    Returns
    -------
    ndarray
        Shape (N, 2), pixel numbers (MediaPipe's ``LandmarkProjectionCalculator``).
    """
    matrix = region.to_picture(1)
    return np.asarray(xy @ matrix[:, :2].T + matrix[:, 2])


def turned(world_m: Floats, region: Region) -> Floats:
    """Metric points turned about the line of sight, as the region is in the picture.

    Parameters
    ----------
    world_m
        Shape (N, 3), metres; depth stays (``WorldLandmarkProjectionCalculator``).
    region
        Where they were seen.
    """
    cos, sin = math.cos(region.angle), math.sin(region.angle)
    turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    return np.asarray(world_m @ turn.T)
