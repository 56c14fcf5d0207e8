"""Error statistics shared by the accuracy benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ErrorSummary:
    """Median and 95th percentile of the absolute error, median signed error, RMSE, samples."""

    median: float
    p95: float
    bias: float
    rmse: float
    samples: int

    def __str__(self) -> str:
        return f"{self.median:.1f} / {self.p95:.1f} ({self.bias:+.1f})"


def summarise(errors: Floats) -> ErrorSummary:
    """Statistics of signed errors; missing values are left out."""
    known = errors[np.isfinite(errors)]
    if not len(known):
        return ErrorSummary(*(float("nan"),) * 4, samples=0)
    size = np.abs(known)
    return ErrorSummary(
        float(np.median(size)),
        float(np.percentile(size, 95)),
        float(np.median(known)),
        float(np.sqrt((known**2).mean())),
        len(known),
    )


def at_times(t_s: Floats, truth_t_s: Floats, truth: Floats) -> Floats:
    """Truth interpolated to other times."""
    return np.asarray(np.interp(t_s, truth_t_s, truth))
