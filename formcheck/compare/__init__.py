"""Two clips of one lift side by side, repetition against repetition.

`normalise` puts a repetition on a common axis, `average_reps` averages a clip's
repetitions there, and `compare` subtracts one clip from another, each number with
its error. Nothing here opens a file.
"""

from formcheck.compare.comparison import (
    Comparison,
    CurvePair,
    MeasuredPair,
    Side,
    compare,
)
from formcheck.compare.curves import (
    PHASE_PERCENT,
    Curve,
    average_reps,
    normalise,
    series_title,
)

__all__ = [
    "PHASE_PERCENT",
    "Comparison",
    "Curve",
    "CurvePair",
    "MeasuredPair",
    "Side",
    "average_reps",
    "compare",
    "normalise",
    "series_title",
]
