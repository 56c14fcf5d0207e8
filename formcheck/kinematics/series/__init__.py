"""Named series of a movement: what exercise and rule files refer to.

Each series is a function of a `Motion` in the module of its body part; `SERIES`
maps its name to unit, meaning and formula. A new one is one decorated function.
"""

from formcheck.kinematics.series import angles, arms, head, legs
from formcheck.kinematics.series.registry import RENAMED_SERIES, SERIES, SeriesInfo

__all__ = ["RENAMED_SERIES", "SERIES", "SeriesInfo", "angles", "arms", "head", "legs"]
