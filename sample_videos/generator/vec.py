"""Small vector and rotation helpers (right-handed, degrees)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

UP = np.array([0.0, 1.0, 0.0])
LEFT = np.array([1.0, 0.0, 0.0])
FORWARD = np.array([0.0, 0.0, 1.0])
_TINY = 1e-9


def vec(x: float, y: float, z: float) -> Array:
    """Three numbers as a float array."""
    return np.array([x, y, z], dtype=float)


def unit(a: ArrayLike) -> Array:
    """Vector of length one along `a`."""
    a = np.asarray(a, dtype=float)
    direction: Array = a / max(float(np.sqrt(a @ a)), 1e-12)
    return direction


def cross(a: ArrayLike, b: ArrayLike) -> Array:
    """Cross product of two single vectors (much quicker than numpy's)."""
    (ax, ay, az), (bx, by, bz) = np.asarray(a).tolist(), np.asarray(b).tolist()
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


def rot_axis(axis: ArrayLike, deg: float) -> Array:
    """Rotation matrix about an axis (right-hand rule)."""
    x, y, z = unit(axis)
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(deg)
    rotation: Array = np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew
    return rotation


def rot_x(deg: float) -> Array:
    """Rotation about X: positive tips an upright body forward."""
    return rot_axis(LEFT, deg)


def rot_y(deg: float) -> Array:
    """Rotation about Y: positive turns the front to the left."""
    return rot_axis(UP, deg)


def rot_z(deg: float) -> Array:
    """Rotation about Z: positive tips an upright body to its right."""
    return rot_axis(FORWARD, deg)


def between(a: ArrayLike, b: ArrayLike) -> float:
    """Unsigned angle between two vectors, degrees."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return float(np.degrees(np.arctan2(np.linalg.norm(cross(a, b)), a @ b)))


def swing(a: ArrayLike, b: ArrayLike) -> Array:
    """Smallest rotation that takes direction `a` to direction `b`."""
    axis = cross(unit(a), unit(b))
    return np.eye(3) if np.linalg.norm(axis) < _TINY else rot_axis(axis, between(a, b))


def frame(axis: ArrayLike, reference: ArrayLike) -> Array:
    """Orthonormal columns: `axis`, then two built with a second direction."""
    x = unit(axis)
    z = unit(cross(x, reference))
    return np.stack([x, cross(z, x), z], axis=1)


def twist_about(rotation: Array, axis: ArrayLike) -> float:
    """Part of a rotation that turns about `axis`, degrees."""
    w = np.sqrt(max(0.0, 1 + np.trace(rotation))) / 2
    skew = rotation - rotation.T
    q = np.array([skew[2, 1], skew[0, 2], skew[1, 0]]) / (4 * max(w, 1e-6))
    return float(np.degrees(2 * np.arctan2(q @ unit(axis), w)))


def partial(start: Array, end: Array, share: float) -> Array:
    """Rotation a share of the way from `start` to `end`."""
    step = start.T @ end
    axis = np.array([step[2, 1] - step[1, 2], step[0, 2] - step[2, 0], step[1, 0] - step[0, 1]])
    angle = np.degrees(np.arccos(np.clip((np.trace(step) - 1) / 2, -1, 1)))
    if np.linalg.norm(axis) < _TINY:
        return start
    return start @ rot_axis(axis, share * angle)


def two_bone(
    root: Array, target: Array, lengths: tuple[float, float], pole: ArrayLike
) -> tuple[Array, Array, Array]:
    """Place a two-bone limb so that its end reaches a target.

    Parameters
    ----------
    root, target
        Where the limb starts and should end, m. An unreachable target is
        approached along the line to it; bone lengths never change.
    lengths
        Upper and lower bone, m.
    pole
        Direction towards which the middle joint points.

    Returns
    -------
    tuple
        Middle joint (m), end (m), hinge axis (unit).
    """
    upper, lower = lengths
    reach = np.asarray(target) - root
    distance = float(np.linalg.norm(reach))
    along = reach / distance
    distance = float(np.clip(distance, abs(upper - lower) + 1e-4, (upper + lower) * 0.99995))
    cosine = (upper**2 + distance**2 - lower**2) / (2 * upper * distance)
    side = np.asarray(pole, dtype=float)
    side = unit(side - (side @ along) * along)
    middle = root + upper * (cosine * along + np.sqrt(max(0.0, 1 - cosine**2)) * side)
    return middle, root + distance * along, unit(cross(side, along))


def smooth(u: float) -> float:
    """Minimum-jerk step from 0 to 1; clipped outside."""
    u = float(np.clip(u, 0.0, 1.0))
    return u**3 * (10 - 15 * u + 6 * u * u)
