"""Residuals of the body fit and their analytic derivatives.

Unknowns, in this order: x, y, z in metres (camera axes: x right, y down, z
away) of every joint in every picture; then the clip's constants, whose places
`Layout` gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from formcheck.kinematics.fit import skeleton
from formcheck.kinematics.fit.skeleton import BONES, COUNT
from formcheck.kinematics.fit.system import Term

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]
    Mask = NDArray[np.bool_]

NEAREST_M = 0.2
"""No joint is nearer to the camera than this."""


class Layout:
    """Where the unknowns are.

    Attributes
    ----------
    at
        Shape (T, J, 3): the joints' coordinates.
    lengths
        Logarithms of bone lengths in metres, one for every kind of bone.
    focal
        Logarithm of the focal length in pixels.
    yaw, pitch
        Radians, see `axes`.
    local, total, bandwidth
        Number of joint coordinates, of all unknowns, and the largest distance
        between two joint coordinates in one residual.
    """

    def __init__(self, frames: int) -> None:
        kinds = len(skeleton.KINDS)
        self.at = np.arange(frames * COUNT * 3).reshape(frames, COUNT, 3)
        self.local = self.at.size
        self.lengths = self.local + np.arange(kinds)
        self.focal, self.yaw, self.pitch = (self.local + kinds + k for k in range(3))
        self.total = self.local + kinds + 3
        self.bandwidth = 2 * COUNT * 3


def axes(yaw: float, pitch: float) -> Floats:
    """Rows: the lifter's left, up and forward in camera axes.

    Parameters
    ----------
    yaw
        Radians from the picture's x axis to the lifter's left, about the vertical.
    pitch
        Radians by which the camera looks down.
    """
    up = np.array([0.0, -np.cos(pitch), -np.sin(pitch)])
    level = np.array([0.0, -np.sin(pitch), np.cos(pitch)])
    left = np.array([np.cos(yaw), 0.0, 0.0]) + np.sin(yaw) * level
    return np.stack([left, up, np.cross(left, up)])


def _axes_slopes(yaw: float, pitch: float) -> tuple[Floats, Floats]:
    """Derivatives of `axes` by yaw and by pitch."""
    level = np.array([0.0, -np.sin(pitch), np.cos(pitch)])
    left, up, _ = axes(yaw, pitch)
    turned = np.array([-np.sin(yaw), 0.0, 0.0]) + np.cos(yaw) * level
    by_yaw = np.stack([turned, np.zeros(3), np.cross(turned, up)])
    raised = np.sin(yaw) * up
    by_pitch = np.stack([raised, -level, np.cross(raised, up) - np.cross(left, level)])
    return by_yaw, by_pitch


def image_term(layout: Layout, pixels: Floats, sigma_px: Floats, robust: float) -> Term:
    """Landmarks in the picture against joints seen through a pinhole.

    Parameters
    ----------
    pixels
        Shape (T, J, 2), from the middle of the picture; NaN is skipped.
    sigma_px
        Shape (T, J).
    """
    frame, mark = np.nonzero(np.isfinite(pixels).all(axis=-1))
    seen = pixels[frame, mark].ravel()
    weight = np.repeat(1.0 / sigma_px[frame, mark], 2)
    at = layout.at[frame, mark]
    across, depth = at[:, :2].ravel(), np.repeat(at[:, 2], 2)
    columns = np.stack([across, depth, np.full(len(across), layout.focal)], axis=1)

    def evaluate(unknowns: Floats) -> tuple[Floats, Floats]:
        z = np.maximum(unknowns[depth], NEAREST_M)
        scale = np.exp(unknowns[layout.focal]) / z
        shown = unknowns[across] * scale
        slopes = np.stack([scale, -shown / z, shown], axis=1)
        return (shown - seen) * weight, slopes * weight[:, None]

    return Term(columns, evaluate, robust)


def image_shifts(pixels: Floats, sigma_px: Floats, moved_px: Floats) -> sparse.csr_array:
    """What landmarks that are all moved by `moved_px` (T, J) do to `image_term`'s residuals.

    Returns
    -------
    csr_array
        Shape (R, J * 3): a column for every landmark and axis; those of depth are empty.
    """
    frame, mark = np.nonzero(np.isfinite(pixels).all(axis=-1))
    sizes = np.repeat(-moved_px[frame, mark] / sigma_px[frame, mark], 2)
    column = (3 * mark[:, None] + [0, 1]).ravel()
    return sparse.csr_array((sizes, (np.arange(len(sizes)), column)), shape=(len(sizes), 3 * COUNT))


def bone_term(layout: Layout, sigma: float) -> Term:
    """Bones keep their length within `sigma` metres."""
    frames = len(layout.at)
    first = layout.at[:, BONES[:, 0]].reshape(-1, 3)
    second = layout.at[:, BONES[:, 1]].reshape(-1, 3)
    length = np.tile(layout.lengths[BONES[:, 2]], frames)
    columns = np.concatenate([first, second, length[:, None]], axis=1)

    def evaluate(unknowns: Floats) -> tuple[Floats, Floats]:
        gap = unknowns[first] - unknowns[second]
        distance = np.maximum(np.linalg.norm(gap, axis=1), 1e-6)
        along = gap / distance[:, None]
        target = np.exp(unknowns[length])
        slopes = np.concatenate([along, -along, -target[:, None]], axis=1)
        return (distance - target) / sigma, slopes / sigma

    return Term(columns, evaluate)


def linear_term(columns: Ints, slopes: Floats, target: Floats, robust: float = np.inf) -> Term:
    """Residuals sum(slopes * unknowns) - target; both are given over their errors."""

    def evaluate(unknowns: Floats) -> tuple[Floats, Floats]:
        return (unknowns[columns] * slopes).sum(axis=1) - target, slopes

    return Term(columns, evaluate, robust)


def depth_term(layout: Layout, world: Floats, sigma: Floats, robust: float) -> Term:
    """Depth along every bone as the pose model guesses it.

    Parameters
    ----------
    world
        Shape (T, J, 3), metres; NaN is skipped.
    sigma
        Shape (T,), metres, of a depth that is told once.
    """
    first, second = layout.at[:, BONES[:, 0], 2], layout.at[:, BONES[:, 1], 2]
    target = world[:, BONES[:, 0], 2] - world[:, BONES[:, 1], 2]
    known = np.isfinite(target)
    weight = (1.0 / _depth_errors(sigma))[known]
    columns = np.stack([first[known], second[known]], axis=1)
    slopes = weight[:, None] * np.array([1.0, -1.0])
    return linear_term(columns, slopes, target[known] * weight, robust)


def _depth_errors(sigma: Floats) -> Floats:
    """Shape (T, B): of the depth along every bone, metres; a repeated one has more of it."""
    return np.asarray(sigma[:, None] * np.sqrt(skeleton.TIMES_TOLD[BONES[:, 2]]))


def depth_shifts(world: Floats, sigma: Floats, moved_m: Floats) -> sparse.csr_array:
    """As `image_shifts`, of `depth_term`'s residuals, for depths moved by `moved_m` (T, J)."""
    ends = BONES[:, :2]
    frame, bone = np.nonzero(np.isfinite(world[:, ends[:, 0], 2] - world[:, ends[:, 1], 2]))
    marks = ends[bone]
    sizes = moved_m[frame[:, None], marks] * [-1.0, 1.0]
    sizes = sizes / _depth_errors(sigma)[frame, bone][:, None]
    row = np.repeat(np.arange(len(frame)), 2)
    return sparse.csr_array(
        (sizes.ravel(), (row, 3 * marks.ravel() + 2)), shape=(len(frame), 3 * COUNT)
    )


def smooth_term(layout: Layout, step_s: float, sigma: float) -> Term:
    """Small accelerations; `sigma` in m/s^2."""
    at = layout.at.reshape(len(layout.at), -1)
    columns = np.stack([at[:-2], at[1:-1], at[2:]], axis=-1).reshape(-1, 3)
    slopes = np.array([1.0, -2.0, 1.0]) / (sigma * step_s**2)
    return linear_term(columns, np.broadcast_to(slopes, columns.shape), np.zeros(len(columns)))


def planted_term(layout: Layout, resting: Mask, joints: Ints, sigma: float, robust: float) -> Term:
    """Joints in contact do not move from one picture to the next.

    Steps rather than one place per clip, so that a lifter may shift the feet
    between two repetitions.

    Parameters
    ----------
    resting
        Shape (T - 1, C): whether the joint rests between a picture and the next.
    joints
        Shape (C,).
    sigma
        Metres per step.
    """
    later, earlier = layout.at[1:, joints][resting], layout.at[:-1, joints][resting]
    columns = np.stack([later.ravel(), earlier.ravel()], axis=1)
    slopes = np.broadcast_to(np.array([1.0, -1.0]) / sigma, columns.shape)
    return linear_term(columns, slopes, np.zeros(len(columns)), robust)


def prior_term(columns: Ints, target: Floats, sigma: Floats) -> Term:
    """Unknowns `columns` (R,) near `target` (R,)."""
    return linear_term(columns[:, None], 1.0 / sigma[:, None], target / sigma)


def axis_term(
    layout: Layout, points: Ints, factors: Floats, axis: int, sigma: Floats, robust: float
) -> Term:
    """A weighted sum of points has no extent along one axis of the lifter.

    Parameters
    ----------
    points
        Shape (R, M, 3): unknowns of M points.
    factors
        Shape (M,).
    axis
        0 left, 1 up, 2 forward.
    sigma
        Shape (R,), metres.
    """
    rows = len(points)
    angles = np.broadcast_to([layout.yaw, layout.pitch], (rows, 2))
    columns = np.concatenate([points.reshape(rows, -1), angles], axis=1)
    weight = 1.0 / sigma

    def evaluate(unknowns: Floats) -> tuple[Floats, Floats]:
        yaw, pitch = unknowns[layout.yaw], unknowns[layout.pitch]
        direction = axes(yaw, pitch)[axis]
        by_yaw, by_pitch = (slopes[axis] for slopes in _axes_slopes(yaw, pitch))
        vector = np.einsum("rmd,m->rd", unknowns[points], factors)
        along = np.broadcast_to(np.outer(factors, direction).ravel(), (rows, points[0].size))
        turning = np.stack([vector @ by_yaw, vector @ by_pitch], axis=1)
        slopes = np.concatenate([along, turning], axis=1)
        return (vector @ direction) * weight, slopes * weight[:, None]

    return Term(columns, evaluate, robust)


def symmetry_terms(layout: Layout, sigma: Floats, robust: float) -> list[Term]:
    """Left and right mirror each other in an upright plane that stays.

    Parameters
    ----------
    sigma
        Shape (P, 3): for every name of `skeleton.NAMES` the errors across (middle
        of the pair off the plane through the hips), up and forward (left against
        right), metres.
    """
    frames = len(layout.at)
    pairs = layout.at.reshape(frames, -1, 2, 3)
    hips = skeleton.NAMES.index("hip")
    others = [k for k in range(len(sigma)) if k != hips]
    middle = np.broadcast_to(pairs[:, hips, None], (frames, len(others), 2, 3))
    across = np.concatenate([pairs[:, others], middle], axis=2).reshape(-1, 4, 3)
    error = np.tile(sigma[others, 0], frames)
    halves, apart = np.array([0.5, 0.5, -0.5, -0.5]), np.array([1.0, -1.0])
    found = [axis_term(layout, across, halves, 0, error, robust)]
    for axis in (1, 2):
        error = np.tile(sigma[:, axis], frames)
        found.append(axis_term(layout, pairs.reshape(-1, 2, 3), apart, axis, error, robust))
    return found
