"""What a lean beyond the lifter's needs is made of, in a repetition and a set (reference 3.1)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from formcheck.lean.needed import Band, assumed_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.lifter import Bar, Lifter

SHIN_REFERENCE_DEG = (30.0, 35.0)
"""Range of the normal shin angle (reference 3.1: judgement)."""
SHIN_EXPLAINS = 0.6
"""Share of the excess from which the shins alone explain it."""


class Share(StrEnum):
    """What explains the largest part of an excess of lean."""

    SHIN = "shin"
    BALANCE = "balance"
    PITCH = "pitch"


@dataclass(frozen=True)
class LeanExcess:
    """Lean beyond what the proportions need, and what it is made of. Degrees.

    Attributes
    ----------
    total_deg
        Lean beyond the band at the normal shin angle; negative inside or below it.
    shin_deg
        Part that upright shins force: ankles, stance or sitting back. NaN when
        no lean balances over the measured shins.
    balance_deg
        Part beyond (below, if negative) what the measured legs need: weight
        toward the toes (heels). NaN like `shin_deg`.
    pitch_deg
        Extra lean on the way up at equal hip height; NaN when not measured.
    largest
        What explains most of it; None when there is no excess or nothing is positive.
    expected
        The band at the normal shin angle.
    shin_explains
        Whether upright shins make up 60 % of the excess or more: then the back
        must not be named.
    """

    total_deg: float
    shin_deg: float
    balance_deg: float
    pitch_deg: float
    largest: Share | None
    expected: Band
    shin_explains: bool


def reference_shin(seen_deg: Sequence[float], /) -> float:
    """The shin angle that counts as normal for this lifter, 30..35 degrees.

    Parameters
    ----------
    seen_deg
        Shin angles over all clips of the lifter, NaN where missing; their 95th
        percentile is taken.
    """
    low, high = SHIN_REFERENCE_DEG
    values = np.asarray(seen_deg, dtype=float)
    values = values[np.isfinite(values)]
    return low if values.size == 0 else float(np.clip(np.percentile(values, 95), low, high))


def split_lean(
    lean_deg: float,
    expected: Band | None,
    measured: Band | None,
    /,
    *,
    pitch_deg: float = math.nan,
) -> LeanExcess | None:
    """Split a lean into what shins, balance and a lost position explain.

    Parameters
    ----------
    lean_deg
        Measured trunk lean.
    expected, measured
        `needed_lean` at the same thigh angle with the normal and with the
        measured shin angle.
    pitch_deg
        Extra lean on the way up at equal hip height (reference A18).

    Returns
    -------
    LeanExcess or None
        None when the expected band or the lean is missing.

    Notes
    -----
    Without a solution for the measured shins no lean would balance over them:
    they are so upright that they explain any excess.
    """
    if expected is None or not math.isfinite(lean_deg):
        return None
    total = lean_deg - expected.high_deg
    shin = balance = math.nan
    if measured is not None:
        shin = measured.mid_deg - expected.mid_deg
        balance = lean_deg - measured.mid_deg
    explains = total > 0 and (measured is None or shin >= SHIN_EXPLAINS * total)
    largest = Share.SHIN if explains else None
    if total > 0 and not explains:
        parts = {Share.SHIN: shin, Share.BALANCE: balance, Share.PITCH: pitch_deg}
        largest = max(
            (s for s, part in parts.items() if part > 0), key=lambda s: parts[s], default=None
        )
    return LeanExcess(total, shin, balance, pitch_deg, largest, expected, explains)


WORTH_EXPLAINING_DEG = 5.0
"""The shins explain nothing when there is less than this to explain (reference 3.2)."""


@dataclass(frozen=True)
class BottomLean:
    """The lean at the bottom of one repetition.

    Attributes
    ----------
    lean_deg, lean_error_deg
        Measured trunk lean and one standard error.
    measured
        The band at the measured shins; None when no lean would balance over them.
    split
        The excess and its parts.
    needed_error_deg
        One standard error of the needed band's upper edge.
    """

    lean_deg: float
    lean_error_deg: float
    measured: Band | None
    split: LeanExcess
    needed_error_deg: float

    @property
    def error_deg(self) -> float:
        """One standard error of the excess."""
        return math.hypot(self.lean_error_deg, self.needed_error_deg)


@dataclass(frozen=True)
class LeanSummary:
    """The lean of a set: medians over its repetitions, degrees.

    Attributes
    ----------
    lean_deg, lean_error_deg
        Trunk lean at the bottom and one standard error.
    needed, needed_error_deg
        The band that the lifter's build needs at this depth and the normal shin angle, and one
        standard error of its upper edge.
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
    needed_error_deg: float
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
    leans: Sequence[BottomLean],
    lifter: Lifter,
    bars: tuple[Bar, ...],
    /,
    *,
    pitches_deg: Sequence[float] = (),
    flagged: bool = False,
) -> LeanSummary:
    """The lean of a set.

    Parameters
    ----------
    leans
        Of each repetition where it could be measured; at least one.
    lifter, bars
        What the lifter told, and where the weight may be held.
    pitches_deg
        Extra lean on the way up of each repetition (reference A18), NaN where unknown.
    flagged
        Whether the set's verdict is a fault.
    """
    lean_deg = float(np.median([one.lean_deg for one in leans]))
    expected = _median_band([one.split.expected for one in leans])
    balanced = [one.measured for one in leans if one.measured is not None]
    measured = _median_band(balanced) if 2 * len(balanced) > len(leans) else None
    seen = [pitch for pitch in pitches_deg if math.isfinite(pitch)]
    pitch_deg = float(np.median(seen)) if seen else math.nan
    split = split_lean(lean_deg, expected, measured, pitch_deg=pitch_deg)
    if split is None:
        raise ValueError("expected a known lean and band")
    return LeanSummary(
        lean_deg=lean_deg,
        lean_error_deg=float(np.median([one.lean_error_deg for one in leans])),
        needed=expected,
        needed_error_deg=float(np.median([one.needed_error_deg for one in leans])),
        excess_deg=split.total_deg,
        error_deg=float(np.median([one.error_deg for one in leans])),
        shin_deg=split.shin_deg,
        balance_deg=split.balance_deg,
        pitch_deg=pitch_deg,
        largest=split.largest,
        shin_explains=split.shin_explains and split.total_deg > WORTH_EXPLAINING_DEG,
        bars=bars,
        told=lifter.bar is not None,
        load_share=max(assumed_share(bar, lifter.load_share) for bar in bars),
        flagged=flagged,
    )


def _median_band(bands: Sequence[Band]) -> Band:
    """The middle band of several: medians of the edges."""
    return Band(
        float(np.median([b.low_deg for b in bands])), float(np.median([b.high_deg for b in bands]))
    )
