"""Which fault to fix first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.rules.evaluate import beyond, fault_share
from formcheck.words.severity import Severity

if TYPE_CHECKING:
    from formcheck.rules.verdicts import SetCheck

FARTHEST = 3.0
"""Further beyond the first limit than so many times the way to the last is no worse."""


def priority(check: SetCheck, /) -> float:
    """How much to fix a fault first; 0 for what is none.

    The product of what the rule weighs for its lift, how far beyond its limit the value is
    (1 at the limit of a severe fault, at most `FARTHEST`), in how much of the set it shows, and
    how sure it is that the value is beyond the first limit at all (0.5 to 1). The order is
    judgement, held against labelled clips (docs/rules.md).
    """
    if not check.severity.is_fault:
        return 0.0
    often = 1.0
    if check.rule.over_set is None and check.reps_assessed:
        often = min(1.0, len(check.reps_flagged) / check.reps_assessed)
    return check.rule.weight * _how_far(check) * often * _how_sure(check)


def _how_far(check: SetCheck) -> float:
    share = fault_share(check)
    if check.severity is not Severity.SEVERE:
        return share
    limits = check.rule.limits
    far = beyond(check.value, limits, check.rule.better) / abs(limits.severe - limits.mild)
    return max(share, min(FARTHEST, far))


def _how_sure(check: SetCheck) -> float:
    """Probability that the true value is beyond the first limit, its error being normal."""
    if not check.error > 0:
        return 1.0
    far = beyond(check.value, check.rule.limits, check.rule.better)
    return 0.5 * (1 + math.erf(far / check.error / math.sqrt(2)))
