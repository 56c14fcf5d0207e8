"""The square of a picture in which a body is looked at, and the way from it back to the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROOM = 1.25
"""The square is so many times as wide as the circle around the body (MediaPipe's graphs
``pose_detection_to_roi`` and ``pose_landmarks_to_roi``)."""
SMALLEST_PX = 2.0
"""A body whose two points lie closer than this is none."""


@dataclass(frozen=True, eq=False)
class Region:
    """A turned square.

    Attributes
    ----------
    centre
        Shape (2,), pixel numbers of the picture.
    side
        Pixels.
    angle
        By how much it is turned clockwise as seen, radians: the body's long axis is
        upright in it.
    """

    centre: Floats
    side: float
    angle: float

    @classmethod
    def around(cls, hips: Floats, rim: Floats) -> Region | None:
        """The square around a body.

        Parameters
        ----------
        hips
            Shape (2,), middle of the hips in the picture: centre of a circle that
            holds the body.
        rim
            Shape (2,), the point of that circle to which the head points.

        Returns
        -------
        Region or None
            None where the points coincide.
        """
        x, y = rim - hips
        radius = math.hypot(x, y)
        if not radius >= SMALLEST_PX:
            return None
        return cls(np.array(hips, dtype=float), 2 * ROOM * radius, math.atan2(x, -y))

    def to_picture(self, side: int) -> Floats:
        """Shape (2, 3): from pixel numbers of a crop of so many pixels to the picture's.

        The crop's numbers 0 and `side` are the square's edges (MediaPipe maps corners
        to corners, without the half pixel of a resize).
        """
        factor = self.side / side
        cos, sin = math.cos(self.angle) * factor, math.sin(self.angle) * factor
        linear = np.array([[cos, -sin], [sin, cos]])
        return np.column_stack([linear, self.centre - linear @ [side / 2, side / 2]])

    def between(self, other: Region, share: float) -> Region:
        """The region a share of the way to another one."""
        turn = math.remainder(other.angle - self.angle, math.tau)
        return Region(
            self.centre + share * (other.centre - self.centre),
            self.side + share * (other.side - self.side),
            self.angle + share * turn,
        )


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
