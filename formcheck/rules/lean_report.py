"""A set's forward lean: what was measured, what the build needs, and what explains the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.lean.excess import split_lean
from formcheck.lean.needed import assumed_share
from formcheck.reasons import Reason
from formcheck.rules.computed.lean import EXCESS, bars_of, lean_at_bottom, median_band

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.lean.excess import Share
    from formcheck.lean.needed import Band
    from formcheck.lifter import Bar
    from formcheck.rules.computed.lean import BottomLean
    from formcheck.rules.computed.registry import SetContext
    from formcheck.rules.evaluate import SetCheck
    from formcheck.rules.schema import RuleSet

WORTH_EXPLAINING_DEG = 5.0
"""The shins explain nothing when there is less than this to explain (reference 3.2)."""


@dataclass(frozen=True)
class LeanSummary:
    """The lean of a set: medians over its repetitions, degrees.

    Attributes
    ----------
    lean_deg, lean_error_deg
        Trunk lean at the bottom and one standard error.
    needed
        The band that the lifter's build needs at the normal shin angle.
    excess_deg, error_deg
        Lean beyond the band's upper edge and one standard error of it.
    shin_deg, balance_deg, pitch_deg
        Parts of the excess (`LeanExcess`); NaN where unknown.
    largest
        The part that explains most of it; None without an excess.
    shin_explains
        Whether upright shins explain an excess worth explaining: then the back
        must not be named.
    bars
        Where the weight may be held.
    told
        Whether the lifter said so.
    load_share
        Weight over body weight that was assumed, largest of the bars.
    flagged
        Whether the set's verdict is a fault.
    """

    lean_deg: float
    lean_error_deg: float
    needed: Band
    excess_deg: float
    error_deg: float
    shin_deg: float
    balance_deg: float
    pitch_deg: float
    largest: Share | None
    shin_explains: bool
    bars: tuple[Bar, ...]
    told: bool
    load_share: float
    flagged: bool


def summarise_lean(
    context: SetContext,
    rules: RuleSet,
    checks: Sequence[SetCheck],
    /,
    *,
    pitches_deg: Sequence[float] = (),
) -> LeanSummary | None:
    """The lean of a set, or None where it cannot be judged (the rule says why).

    Parameters
    ----------
    context
        The set.
    rules
        What it was judged by.
    checks
        Its verdicts; without one on the excess lean there is no summary.
    pitches_deg
        Extra lean on the way up of each repetition (reference A18), NaN where unknown.
    """
    own = [c for c in checks if c.rule.measurement in rules.read_as(built_in=EXCESS)]
    found = [lean_at_bottom(context, rep) for rep in context.reps] if own else []
    known = [lean for lean in found if not isinstance(lean, Reason)]
    if not known or not any(math.isfinite(c.value) for c in own):
        return None
    return _summary(context, known, pitches_deg, flagged=any(c.severity.is_fault for c in own))


def _summary(
    context: SetContext, known: Sequence[BottomLean], pitches: Sequence[float], *, flagged: bool
) -> LeanSummary:
    lean = float(np.median([one.lean_deg for one in known]))
    expected = median_band([one.split.expected for one in known])
    balanced = [one.measured for one in known if one.measured is not None]
    measured = median_band(balanced) if 2 * len(balanced) > len(known) else None
    seen = [pitch for pitch in pitches if math.isfinite(pitch)]
    pitch = float(np.median(seen)) if seen else math.nan
    split = split_lean(lean, expected, measured, pitch_deg=pitch)
    if split is None:
        raise ValueError("expected a known lean and band")
    bars = bars_of(context)
    return LeanSummary(
        lean_deg=lean,
        lean_error_deg=float(np.median([one.lean_error_deg for one in known])),
        needed=expected,
        excess_deg=split.total_deg,
        error_deg=float(np.median([one.error_deg for one in known])),
        shin_deg=split.shin_deg,
        balance_deg=split.balance_deg,
        pitch_deg=pitch,
        largest=split.largest,
        shin_explains=split.shin_explains and split.total_deg > WORTH_EXPLAINING_DEG,
        bars=bars,
        told=context.lifter.bar is not None,
        load_share=max(assumed_share(bar, context.lifter.load_share) for bar in bars),
        flagged=flagged,
    )
