"""Normal equations of a body fit: banded in time, bordered by what is constant.

The unknowns of one picture touch only those of its two neighbours, so their
block of J^T J is a narrow band; bone lengths, contacts and the camera touch all
pictures and form a border of a few dozen columns. Both are factored by a banded
Cholesky decomposition and a Schur complement: the cost grows linearly with the
length of the clip.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.linalg import LinAlgError, cho_factor, cho_solve, cho_solve_banded, cholesky_banded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]

FIRST_DAMPING = 1e-3
MOST_DAMPING = 1e8


@dataclass(frozen=True, eq=False)
class Term:
    """One kind of residual.

    Attributes
    ----------
    columns
        Shape (R, K): which unknowns each of the R residuals depends on, no
        unknown twice in a row.
    evaluate
        Unknowns -> residuals (R,) over their standard errors, and their
        derivatives (R, K).
    robust
        Scale in standard errors from which a residual counts less (Cauchy);
        infinity for plain least squares.
    """

    columns: Ints
    evaluate: Callable[[Floats], tuple[Floats, Floats]]
    robust: float = np.inf

    def pull(self, unknowns: Floats) -> sparse.csr_array:
        """Shape (N, R): what a residual that is larger by one adds to the gradient."""
        residuals, slopes = self.evaluate(unknowns)
        weighted = slopes / (1.0 + (residuals / self.robust) ** 2)[:, None]
        rows = np.repeat(np.arange(len(residuals)), slopes.shape[1])
        places = (self.columns.ravel(), rows)
        return sparse.csr_array((weighted.ravel(), places), shape=(len(unknowns), len(residuals)))


@dataclass(frozen=True, eq=False)
class Factor:
    """A factored normal matrix: solves and gives variances of linear functions."""

    band: Floats
    border: Floats
    coupling: Floats
    corner: tuple[Floats, bool]

    def solve(self, right: Floats) -> Floats:
        """Solution of H x = right; `right` is (N,) or (N, M)."""
        local = self.band.shape[1]
        first = cho_solve_banded((self.band, True), right[:local])
        last = cho_solve(self.corner, right[local:] - self.border @ first)
        return np.concatenate([first - self.coupling @ last, last])


class NormalEquations:
    """J^T J and J^T r of a fixed set of terms.

    Parameters
    ----------
    terms
        The residuals.
    local, total
        Number of unknowns that belong to single pictures, and of all.
    bandwidth
        Largest distance between two local unknowns of one residual.
    """

    def __init__(self, terms: Sequence[Term], local: int, total: int, bandwidth: int) -> None:
        self.terms = terms
        self.local, self.total, self.bandwidth = local, total, bandwidth
        self._pairs = [self._destinations(term.columns) for term in terms]
        border = total - local
        self._sizes = ((bandwidth + 1) * local, border * local, border * border)

    def _destinations(self, columns: Ints) -> tuple[Ints, Ints, Ints]:
        """Flat indices into J of the two factors of every product, and where it is added."""
        rows, width = columns.shape
        first, second = (grid.ravel() for grid in np.meshgrid(range(width), range(width)))
        row, column = columns[:, first], columns[:, second]
        kept = row >= column
        at = width * np.arange(rows)[:, None]
        left, right = (at + first)[kept], (at + second)[kept]
        row, column = row[kept], column[kept]
        local, border = self.local, self.total - self.local
        in_band = (row - column) * local + column
        offset = (self.bandwidth + 1) * local
        in_border = offset + (row - local) * local + column
        in_corner = offset + border * local + (row - local) * border + (column - local)
        target = np.where(row < local, in_band, np.where(column < local, in_border, in_corner))
        return left, right, target

    def cost(self, unknowns: Floats) -> float:
        """Half the robust sum of squares."""
        return sum(_robust_cost(term.evaluate(unknowns)[0], term.robust) for term in self.terms)

    def build(self, unknowns: Floats) -> tuple[tuple[Floats, Floats, Floats], Floats, float]:
        """Band, border and corner of J^T W J; J^T W r; the cost."""
        flat = np.zeros(sum(self._sizes))
        gradient = np.zeros(self.total)
        cost = 0.0
        for term, (left, right, target) in zip(self.terms, self._pairs, strict=True):
            residuals, slopes = term.evaluate(unknowns)
            cost += _robust_cost(residuals, term.robust)
            weight = 1.0 / (1.0 + (residuals / term.robust) ** 2)
            weighted = slopes * weight[:, None]
            products = slopes.ravel()[left] * weighted.ravel()[right]
            flat += np.bincount(target, products, minlength=len(flat))
            gradient += np.bincount(
                term.columns.ravel(), (weighted * residuals[:, None]).ravel(), minlength=self.total
            )
        band, border, corner = np.split(flat, np.cumsum(self._sizes)[:-1])
        width = self.total - self.local
        corner = corner.reshape(width, width)
        matrix = (
            band.reshape(self.bandwidth + 1, self.local),
            border.reshape(width, self.local),
            np.tril(corner) + np.tril(corner, -1).T,
        )
        return matrix, gradient, cost

    def factor(self, matrix: tuple[Floats, Floats, Floats], damping: float) -> Factor:
        """Factor the matrix with its diagonal raised by the share `damping`."""
        band, border, corner = matrix
        band = band.copy()
        band[0] *= 1.0 + damping
        corner = corner + np.diag(damping * np.diag(corner))
        band = cholesky_banded(band, lower=True, overwrite_ab=True)
        coupling = cho_solve_banded((band, True), border.T)
        return Factor(band, border, coupling, cho_factor(corner - border @ coupling))


def minimize(
    equations: NormalEquations, start: Floats, /, *, steps: int, tolerance: float
) -> tuple[Floats, float]:
    """Levenberg-Marquardt.

    Returns
    -------
    ndarray
        The unknowns.
    float
        The cost reached.
    """
    unknowns, damping = start, FIRST_DAMPING
    matrix, gradient, cost = equations.build(unknowns)
    for _ in range(steps):
        while damping < MOST_DAMPING:
            try:
                moved = unknowns - equations.factor(matrix, damping).solve(gradient)
                reached = equations.cost(moved)
            except LinAlgError:  # rounding made the matrix indefinite: damp more
                reached = np.inf
            if reached < cost:
                break
            damping *= 10.0
        else:
            return unknowns, cost
        gain = (cost - reached) / cost
        unknowns, damping = moved, max(damping / 10.0, 1e-9)
        matrix, gradient, cost = equations.build(unknowns)
        if gain < tolerance:
            return unknowns, cost
    return unknowns, cost


def _robust_cost(residuals: Floats, scale: float) -> float:
    if np.isinf(scale):
        return float(residuals @ residuals) / 2
    return float(scale**2 * np.log1p((residuals / scale) ** 2).sum()) / 2
