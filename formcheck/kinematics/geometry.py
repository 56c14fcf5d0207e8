"""Plane and space geometry of body segments. Angles in degrees, NaN in gives NaN out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose import landmarks

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def middle(
    points: Floats, name: str, number: Callable[[str, str], int] = landmarks.index, /
) -> Floats:
    """The point between left and right of a body part.

    Parameters
    ----------
    points
        Shape (..., M, D).
    name
        Of the part, without its side.
    number
        Which of the M a name and side are.
    """
    left, right = (points[..., number(name, side), :] for side in landmarks.SIDES)
    return np.asarray((left + right) / 2)


def angle_between(first: Floats, second: Floats, /) -> Floats:
    """Unsigned angle between vectors, 0..180 degrees.

    Parameters
    ----------
    first, second
        Shape (..., 2) or (..., 3).

    Examples
    --------
    >>> angle_between(np.array([1.0, 0.0]), np.array([0.0, 2.0])).item()
    90.0
    """
    dot = (first * second).sum(axis=-1)
    lengths = np.linalg.norm(first, axis=-1) * np.linalg.norm(second, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.degrees(np.arccos(np.clip(dot / lengths, -1.0, 1.0))))


def flexion(proximal: Floats, joint: Floats, distal: Floats, /) -> Floats:
    """Flexion of a joint: 0 when the two segments are in line (straight).

    Parameters
    ----------
    proximal, joint, distal
        Points, shape (..., 2) or (..., 3).
    """
    return 180.0 - angle_between(proximal - joint, distal - joint)


def lean(vector: Floats, /) -> Floats:
    """Signed angle of a segment from the vertical, positive forward, -180..180.

    Parameters
    ----------
    vector
        Shape (..., 2): x forward, y **up**.

    Examples
    --------
    >>> round(lean(np.array([1.0, 1.0])).item(), 3)
    45.0
    """
    return np.asarray(np.degrees(np.arctan2(vector[..., 0], vector[..., 1])))


def signed_angle(first: Floats, second: Floats, /) -> Floats:
    """Angle that turns `first` into `second`, positive counter-clockwise with y up."""
    cross = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    return np.asarray(np.degrees(np.arctan2(cross, (first * second).sum(axis=-1))))
