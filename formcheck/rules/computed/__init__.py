"""Measurements of a repetition that are more than a statistic of a series.

Each is a function of the set and the repetition in the module of its subject;
`COMPUTED` maps its name, which rule files give as ``built_in``, to unit, meaning
and formula.
"""

from formcheck.rules.computed import lean, reps, speed
from formcheck.rules.computed.registry import COMPUTED, Computed, ComputedInfo, SetContext

__all__ = [
    "COMPUTED",
    "Computed",
    "ComputedInfo",
    "SetContext",
    "lean",
    "reps",
    "speed",
]
