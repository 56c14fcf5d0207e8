"""Boxes and cylinders as triangle meshes with normals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sample_videos.generator.vec import LEFT, UP, Array, unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

_STEEP = 0.9


class Shape(NamedTuple):
    """Vertices (n, 3) in m, triangles (m, 3), normals (n, 3)."""

    vertices: Array
    triangles: Array
    normals: Array

    def moved(self, centre: Array) -> Array:
        """Vertices shifted by `centre`, m."""
        shifted: Array = self.vertices + centre
        return shifted


def box(centre: ArrayLike, size: ArrayLike) -> Shape:
    """Axis-aligned box."""
    half = np.asarray(size, dtype=float) / 2
    vertices: list[Array] = []
    normals: list[Array] = []
    triangles: list[tuple[int, int, int]] = []
    for axis in range(3):
        for sign in (-1, 1):
            corners = []
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                corner = np.zeros(3)
                corner[axis], corner[(axis + 1) % 3], corner[(axis + 2) % 3] = sign, a, b
                corners.append(corner * half)
            first = len(vertices)
            vertices += corners if sign > 0 else corners[::-1]
            normal = np.zeros(3)
            normal[axis] = sign
            normals += [normal] * 4
            triangles += [(first, first + 1, first + 2), (first, first + 2, first + 3)]
    return Shape(np.array(vertices) + np.asarray(centre), np.array(triangles), np.array(normals))


def cylinder(start: ArrayLike, end: ArrayLike, radius: float, sides: int = 20) -> Shape:
    """Make a closed cylinder between two points."""
    start, end = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    along = unit(end - start)
    u = unit(np.cross(along, UP if abs(along[1]) < _STEEP else LEFT))
    angles = np.linspace(0, 2 * np.pi, sides, endpoint=False)[:, None]
    ring = np.cos(angles) * u + np.sin(angles) * np.cross(along, u)
    low, high = start + radius * ring, end + radius * ring
    here = np.arange(sides)
    after = (here + 1) % sides
    wall = np.vstack([np.c_[here, after, here + sides], np.c_[after, after + sides, here + sides]])
    pieces = [Shape(np.vstack([low, high]), wall, np.vstack([ring, ring]))]
    for rim, middle, normal in ((low, start, -along), (high, end, along)):
        fan = np.c_[here, after, np.full(sides, sides)]
        normals = np.tile(normal, (sides + 1, 1))
        pieces.append(Shape(np.vstack([rim, middle]), fan, normals))
    return merged(pieces)


def merged(shapes: Sequence[Shape]) -> Shape:
    """All shapes as one mesh."""
    first = np.cumsum([0, *(len(shape.vertices) for shape in shapes)])
    return Shape(
        np.vstack([shape.vertices for shape in shapes]),
        np.vstack([shape.triangles + n for shape, n in zip(shapes, first, strict=False)]),
        np.vstack([shape.normals for shape in shapes]),
    )
