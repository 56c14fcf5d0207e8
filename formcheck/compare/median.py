"""A measurement of a set: the median of its repetitions, with its error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


def set_median(values: Sequence[float], errors: Sequence[float], /) -> tuple[float, float]:
    """Median of the valid repetitions, with the scatter between them in its error.

    Parameters
    ----------
    values, errors
        Of each valid repetition, with one standard error.

    Returns
    -------
    tuple of float
        The median and one standard error of it: that of measuring, which averaging
        does not make smaller, and the scatter between the repetitions in quadrature.
        NaN without any repetition.
    """
    if not values:
        return math.nan, math.nan
    scatter = float(np.std(values, ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return float(np.median(values)), math.hypot(float(np.median(errors)), scatter)
