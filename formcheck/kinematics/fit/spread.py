"""How sure a body fit is of its angles.

What the fit's own covariance says is only part of it: landmarks err in the same
direction for seconds and sit beside the joints, which no residual shows. So a floor
is added, calibrated on clips with known angles (``docs/accuracy.md``). And where landmarks are
stated to be off by more than they are when seen, the fit follows each of them, wrong all along:
how far it does is its doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.fit.skeleton import COUNT, body_angles
from formcheck.kinematics.fit.terms import axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from formcheck.kinematics.fit.system import NormalEquations, Term
    from formcheck.kinematics.fit.terms import Layout

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]

SAMPLES = 12
"""Knots at which the formal error is worked out; between them it is interpolated."""
STEP = 1e-5
"""Metres or radians of the difference quotient."""
RIDGE = 1e-9
"""Keeps the matrix of a hardly determined body regular."""
FLOOR_DEG = {
    "trunk_lean": (2.0, 11.0),
    "knee_flexion": (2.5, 26.0),
    "hip_flexion": (4.0, 9.0),
    "thigh_elevation": (3.0, 5.0),
    "shin_inclination": (1.5, 20.0),
    "elbow_flexion": (6.0, 9.0),
    "shoulder_elevation": (9.0, 9.0),
    "upper_arm_to_trunk": (9.0, 12.0),
}
"""Degrees, up to `OBLIQUE_DEG` of yaw and from `FRONT_DEG` on: seen from the
front a sagittal angle is nearly all depth, and depth is a guess."""
OBLIQUE_DEG, FRONT_DEG = 55.0, 75.0


def angle_spread(
    equations: NormalEquations,
    layout: Layout,
    unknowns: Floats,
    knots_s: Floats,
    times_s: Floats,
    yaw_deg: float,
    shifts: Sequence[tuple[Term, sparse.csr_array]],
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Standard errors and doubts of all angles in degrees, at `times_s`.

    Parameters
    ----------
    equations, layout, unknowns
        The fit at its minimum.
    knots_s
        Shape (K,): times of the fit's pictures.
    times_s
        Shape (T,).
    yaw_deg
        0 = seen from the side, 90 = from the front or back.
    shifts
        Terms, and how far each landmark's error along each axis moves their residuals.

    Returns
    -------
    errors
        Name -> (T,), of a body whose landmarks are seen.
    doubts
        Name -> (T,), what the landmarks' errors beyond that add in quadrature.
    """
    matrix, _, _ = equations.build(unknowns)
    picked = np.unique(np.linspace(0, len(knots_s) - 1, SAMPLES).round().astype(int))
    names, columns, slopes = _slopes(layout, unknowns, picked)
    right = np.zeros((layout.total, slopes.shape[0] * slopes.shape[1]))
    for number, at in enumerate(columns):
        block = slice(number * len(names), (number + 1) * len(names))
        right[at, block] = slopes[number].T
    solved = equations.factor(matrix, RIDGE).solve(right)
    formal = np.sqrt(np.maximum((right * solved).sum(axis=0), 0.0)).reshape(len(picked), -1)
    pulls = sum(term.pull(unknowns) @ shift for term, shift in shifts)
    doubt = np.linalg.norm(pulls.T @ solved, axis=0).reshape(len(picked), -1)
    errors, doubts = {}, {}
    for name, series, follows in zip(names, formal.T, doubt.T, strict=True):
        side, front = FLOOR_DEG[name.removesuffix("_left").removesuffix("_right")]
        floor = np.interp(yaw_deg, (OBLIQUE_DEG, FRONT_DEG), (side, front))
        spread = np.interp(times_s, knots_s[picked], series)
        errors[name] = np.hypot(floor, spread)
        doubts[name] = np.interp(times_s, knots_s[picked], follows)
    return errors, doubts


def _slopes(layout: Layout, unknowns: Floats, picked: Ints) -> tuple[list[str], Ints, Floats]:
    """Angles' names, unknowns (S, M) of the sampled knots, and derivatives (S, A, M)."""
    turns = np.broadcast_to([layout.yaw, layout.pitch], (len(picked), 2))
    columns = np.concatenate([layout.at[picked].reshape(len(picked), -1), turns], axis=1)
    here = unknowns[columns]
    width = columns.shape[1]
    moved = here[:, None, :] + STEP * np.vstack([np.eye(width), -np.eye(width)])
    joints = moved[..., :-2].reshape(*moved.shape[:-1], COUNT, 3)
    # All but those that are moved themselves have the same yaw and pitch.
    turns, which = np.unique(moved[..., -2:].reshape(-1, 2), axis=0, return_inverse=True)
    turned = np.array([axes(yaw, pitch) for yaw, pitch in turns])[which.ravel()]
    values = body_angles(joints, turned.reshape(*moved.shape[:-1], 3, 3))
    stacked = np.stack(list(values.values()), axis=1)
    change = (stacked[..., :width] - stacked[..., width:] + 180.0) % 360.0 - 180.0
    return list(values), columns, change / (2 * STEP)
