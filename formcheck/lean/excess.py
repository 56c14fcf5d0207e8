"""What a lean beyond the lifter's needs is made of (reference 3.1)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.lean.needed import Band

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
