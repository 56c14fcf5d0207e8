"""Surfaces as signed distance fields: tapered elliptical tubes, blended and meshed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from skimage.measure import marching_cubes

from sample_videos.generator.vec import LEFT, UP, Array, unit

if TYPE_CHECKING:
    from collections.abc import Sequence

_FAR = 0.2
_MARGIN = 0.06
_TINY = 1e-5


@dataclass(frozen=True, eq=False)
class Tube:
    """Elliptical tube through centres.

    Attributes
    ----------
    centres
        Points along the axis, m; one point makes an ellipsoid.
    wide, deep
        Half widths along `lateral` and across it at each centre, m.
    lateral
        Direction of the `wide` half axis.
    blend
        Width over which the tube melts into earlier ones, m.
    """

    centres: Sequence[Array]
    wide: Sequence[float]
    deep: Sequence[float]
    lateral: Array = field(default_factory=lambda: LEFT)
    blend: float = 0.02

    def bounds(self) -> tuple[Array, Array]:
        """Corners of a box that contains the tube, m."""
        centres = np.array(self.centres)
        reach = max(*self.wide, *self.deep) + _MARGIN
        return centres.min(axis=0) - reach, centres.max(axis=0) + reach

    def distance(self, points: Array) -> Array:
        """Approximate signed distance (negative inside), m; `points` has shape (..., 3)."""
        best = np.full(points.shape[:-1], 9.0)
        last = len(self.centres) - 1
        for i in range(max(1, last)):
            j = min(i + 1, last)
            start, step = self.centres[i], self.centres[j] - self.centres[i]
            length = float(np.linalg.norm(step))
            along = step / length if length > _TINY else UP
            relative = points - start
            share = np.clip(relative @ along / max(length, 1e-6), 0, 1)
            wide = self.wide[i] * (1 - share) + self.wide[j] * share
            deep = self.deep[i] * (1 - share) + self.deep[j] * share
            narrow = np.minimum(wide, deep)
            lateral = unit(self.lateral - (self.lateral @ along) * along)
            offset = relative - share[..., None] * length * along
            u = offset @ lateral / wide
            v = offset @ np.cross(lateral, along) / deep
            w = offset @ along / narrow
            best = np.minimum(best, (np.sqrt(u * u + v * v + w * w) - 1) * narrow)
        return best


def ball(centre: Array, radii: tuple[float, float], blend: float = 0.02) -> Tube:
    """Ellipsoid with half axes (X, Z); its Y half axis is the smaller one."""
    return Tube([centre], [radii[0]], [radii[1]], blend=blend)


def mesh(tubes: Sequence[Tube], step: float, offset: float = 0.0) -> tuple[Array, Array]:
    """Triangles of the surface around blended tubes.

    Parameters
    ----------
    tubes
        Blended in order.
    step
        Grid spacing, m.
    offset
        Distance of the surface from the tubes, m.

    Returns
    -------
    tuple
        Vertices (n, 3) in m, triangles (m, 3) with outward winding.
    """
    boxes = [tube.bounds() for tube in tubes]
    low = np.min([box[0] for box in boxes], axis=0)
    high = np.max([box[1] for box in boxes], axis=0)
    count = np.ceil((high - low) / step).astype(int) + 1
    axes = [low[i] + step * np.arange(count[i]) for i in range(3)]
    values = np.full(count, _FAR)
    for tube, (start, stop) in zip(tubes, boxes, strict=True):
        first = np.maximum(0, ((start - low) / step).astype(int))
        final = np.minimum(count, ((stop - low) / step).astype(int) + 2)
        where = tuple(slice(a, b) for a, b in zip(first, final, strict=True))
        grid = np.meshgrid(*[axes[i][where[i]] for i in range(3)], indexing="ij")
        distance = tube.distance(np.stack(grid, axis=-1))
        values[where] = _blend(values[where], distance, tube.blend)
    extract: Any = marching_cubes
    vertices, triangles, _, _ = extract(values, offset)
    vertices = vertices * step + low
    triangles = triangles.astype(np.int32)
    if _volume(vertices, triangles) < 0:
        triangles = triangles[:, ::-1].copy()
    return vertices, triangles


def _blend(a: Array, b: Array, width: float) -> Array:
    """Smooth minimum."""
    share = np.clip(0.5 + 0.5 * (b - a) / width, 0, 1)
    blended: Array = b * (1 - share) + a * share - width * share * (1 - share)
    return blended


def _volume(vertices: Array, triangles: Array) -> float:
    a, b, c = (vertices[triangles[:, i]] - vertices.mean(axis=0) for i in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum())
