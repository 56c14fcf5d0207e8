"""How a measurement changes over a set: what is lost, lacks at the end, or grows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formcheck.signals import robust_slope

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from formcheck.rules.schema import OverSet

    Floats = NDArray[np.float64]


def change_of(kind: OverSet, values: Floats, error: float, /) -> tuple[float, float, int]:
    """The change of a measurement over a set.

    Parameters
    ----------
    kind
        As a rule's `over_set` says.
    values
        Of each repetition, in order.
    error
        One standard error of a value, of what differs between repetitions.

    Returns
    -------
    tuple
        The change, NaN if there is nothing to lose; one standard error; and how many of the
        last repetitions show it.
    """
    return _CHANGES[kind](values, error)


def _loss(values: Floats, error: float) -> tuple[float, float, int]:
    """Share lost from the first to the last repetitions; NaN if there is nothing to lose."""
    group = 3 if len(values) >= 6 else 2
    first, last = values[:group].mean(), values[-group:].mean()
    if not first > 0:
        return math.nan, math.nan, group
    return float(1 - last / first), float(error * math.sqrt(2 / group) / first), group


def _fall(values: Floats, error: float) -> tuple[float, float, int]:
    """Share that the last repetition lacks of the best; NaN if there is nothing to lack."""
    best = float(values.max())
    if not best > 0:
        return math.nan, math.nan, 1
    return float(1 - values[-1] / best), error * math.sqrt(2) / best, 1


def _growth(values: Floats, error: float) -> tuple[float, float, int]:
    """Growth along a line that single repetitions do not bend (Theil-Sen)."""
    number = np.arange(len(values))
    steps = len(values) - 1
    slope = robust_slope(values)
    slope_error = error / float(np.sqrt(((number - number.mean()) ** 2).sum()))
    return float(slope * steps), slope_error * steps, 2


_CHANGES: dict[OverSet, Callable[[Floats, float], tuple[float, float, int]]] = {
    "loss": _loss,
    "fall": _fall,
    "growth": _growth,
}
