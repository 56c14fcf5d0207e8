"""Residuals of the body fit and their analytic derivatives.

Unknowns, in this order: x, y, z in metres (camera axes: x right, y down, z
away) of every joint in every picture; then the clip's constants, whose places
`Layout` gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.fit import skeleton
from formcheck.kinematics.fit.skeleton import BONES, COUNT, joint
from formcheck.kinematics.fit.system import Term

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Weights:
    """Standard errors of the residuals, metres unless said.

    They were chosen on rendered clips of two kinds of bodies and looked at on
    one motion-captured clip (``docs/accuracy.md``).
    """

    image: float = 0.015
    depth: float = 0.08
    bone: float = 0.01
    trunk: float = 0.02
    acceleration: float = 2.0
    """m/s^2."""
    planted: float = 0.01
    held: float = 0.02
    across: float = 0.03
    level: float = 0.02
    ahead: float = 0.04
    pitch: float = 5.0
    """Degrees."""
    focal: float = 0.2
    """Share."""
    yaw: float = 60.0
    ratio: float = 0.03


class Layout:
    """Where the unknowns are.

    Attributes
    ----------
    at
        Shape (T, J, 3).
    lengths
        Logarithms of bone lengths in metres.
    focal, yaw, pitch
        Logarithm of the focal length in pixels; radians.
    contacts
        Shape (C, 3): places of the joints in `held`.
    """

    def __init__(self, frames: int, held: tuple[int, ...]) -> None:
        self.at = np.arange(frames * COUNT * 3).reshape(frames, COUNT, 3)
        self.local = self.at.size
        kinds = len(skeleton.KINDS)
        self.lengths = self.local + np.arange(kinds)
        self.focal, self.yaw, self.pitch = (self.local + kinds + k for k in range(3))
        self.held = np.array(held, dtype=int)
        first = self.local + kinds + 3
        self.contacts = first + np.arange(3 * len(held)).reshape(len(held), 3)
        self.total = first + 3 * len(held)
        self.bandwidth = 2 * COUNT * 3


def image_term(
    layout: Layout, pixels: Floats, sigma_px: Floats, centre: Floats, robust: float
) -> Term:
    """Landmarks in the picture against joints seen through a pinhole.

    Parameters
    ----------
    pixels, sigma_px
        Shape (T, J, 2) and (T, J); NaN pixels are skipped.
    """
    frame, mark = np.nonzero(np.isfinite(pixels).all(axis=-1))
    seen = (pixels[frame, mark] - centre).ravel()
    weight = np.repeat(1.0 / sigma_px[frame, mark], 2)
    at = layout.at[frame, mark]
    across = at[:, :2].ravel()
    depth = np.repeat(at[:, 2], 2)
    columns = np.stack([across, depth, np.full(len(across), layout.focal)], axis=1)

    def evaluate(unknowns: Floats) -> tuple[Floats, Floats]:
        z = np.maximum(unknowns[depth], 0.2)
        scale = np.exp(unknowns[layout.focal]) / z
        shown = unknowns[across] * scale
        slopes = np.stack([scale, -shown / z, shown], axis=1)
        return (shown - seen) * weight, slopes * weight[:, None]

    return Term(columns, evaluate, robust)


def bone_term(layout: Layout, sigma: Floats, robust: float = np.inf) -> Term:
    """Bones keep their length; `sigma` (B,) in metres."""
    frames = len(layout.at)
    first = layout.at[:, BONES[:, 0]].reshape(-1, 3)
    second = layout.at[:, BONES[:, 1]].reshape(-1, 3)
    length = np.tile(layout.lengths[BONES[:, 2]], frames)
    weight = np.tile(1.0 / sigma, frames)
    columns = np.concatenate([first, second, length[:, None]], axis=1)

    def evaluate(unknowns: Floats) -> tuple[Floats, Floats]:
        gap = unknowns[first] - unknowns[second]
        distance = np.maximum(np.linalg.norm(gap, axis=1), 1e-6)
        along = gap / distance[:, None]
        target = np.exp(unknowns[length])
        slopes = np.concatenate([along, -along, -target[:, None]], axis=1)
        return (distance - target) * weight, slopes * weight[:, None]

    return Term(columns, evaluate, robust)


def linear_term(columns: Ints, factors: Floats, target: Floats, robust: float = np.inf) -> Term:
    """Residuals that are linear: sum(factors * unknowns) - target, all over their errors."""
    slopes = np.broadcast_to(factors, columns.shape)

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
        Shape (B,), metres.
    """
    first, second = layout.at[:, BONES[:, 0], 2], layout.at[:, BONES[:, 1], 2]
    target = world[:, BONES[:, 0], 2] - world[:, BONES[:, 1], 2]
    known = np.isfinite(target)
    weight = (1.0 / np.broadcast_to(sigma, target.shape))[known]
    columns = np.stack([first[known], second[known]], axis=1)
    factors = weight[:, None] * np.array([1.0, -1.0])
    return linear_term(columns, factors, target[known] * weight, robust)


def smooth_term(layout: Layout, step_s: float, sigma: float) -> Term:
    """Small accelerations; `sigma` in m/s^2."""
    at = layout.at.reshape(len(layout.at), -1)
    columns = np.stack([at[:-2], at[1:-1], at[2:]], axis=-1).reshape(-1, 3)
    factors = np.array([1.0, -2.0, 1.0]) / (sigma * step_s**2)
    return linear_term(columns, np.broadcast_to(factors, columns.shape), np.zeros(len(columns)))


def contact_term(layout: Layout, sigma: Floats, robust: float) -> Term:
    """Joints that stay where they are; `sigma` (C,) in metres."""
    frames = len(layout.at)
    moving = layout.at[:, layout.held].reshape(-1)
    fixed = np.tile(layout.contacts.ravel(), frames)
    weight = np.tile(np.repeat(1.0 / sigma, 3), frames)
    factors = weight[:, None] * np.array([1.0, -1.0])
    return linear_term(np.stack([moving, fixed], axis=1), factors, np.zeros(len(moving)), robust)


def prior_term(columns: Ints, target: Floats, sigma: Floats) -> Term:
    """Unknowns near `target`."""
    return linear_term(columns[:, None], 1.0 / sigma[:, None], target / sigma)


def axes(yaw: float, pitch: float) -> tuple[Floats, Floats, Floats, Floats]:
    """The lifter's left, up and forward in camera axes, and the camera's level axis.

    Parameters
    ----------
    yaw
        Radians from the picture's x axis to the lifter's left, about the vertical.
    pitch
        Radians by which the camera looks down.
    """
    up = np.array([0.0, -np.cos(pitch), -np.sin(pitch)])
    level = np.array([0.0, -np.sin(pitch), np.cos(pitch)])
    left = np.cos(yaw) * np.array([1.0, 0.0, 0.0]) + np.sin(yaw) * level
    return left, up, np.cross(left, up), level


def symmetry_term(layout: Layout, sigma: Floats, robust: float) -> Term:
    """Left and right mirror each other in an upright plane that stays.

    Parameters
    ----------
    sigma
        Shape (P, 3): for every name of `skeleton.NAMES` the errors across (middle
        of the pair off the plane), up and forward (left against right), metres.
    """
    pairs = layout.at.reshape(len(layout.at), -1, 2, 3)
    hips = layout.at[:, [joint("hip", "left"), joint("hip", "right")]]
    number = skeleton.NAMES.index("hip")
    others = [k for k in range(pairs.shape[1]) if k != number]
    across = [
        _frame_columns(layout, np.concatenate([pairs[:, k], hips], axis=1).reshape(-1, 12))
        for k in others
    ]
    columns = np.concatenate(across)
    centred = np.repeat([0.5, 0.5, -0.5, -0.5], 3)
    middle_weight = np.repeat([1.0 / sigma[k, 0] for k in others], len(layout.at))
    apart_at = pairs.reshape(-1, 6)
    apart_columns = _frame_columns(layout, apart_at)
    level_weight, ahead_weight = (np.tile(1.0 / sigma[:, axis], len(layout.at)) for axis in (1, 2))
    padded = np.full((2 * len(apart_at), columns.shape[1]), -1)
    raise NotImplementedError(
        (centred, middle_weight, apart_columns, padded, level_weight, ahead_weight, robust)
    )


def _frame_columns(layout: Layout, points: Ints) -> Ints:
    angles = np.broadcast_to([layout.yaw, layout.pitch], (len(points), 2))
    return np.concatenate([points, angles], axis=1)
