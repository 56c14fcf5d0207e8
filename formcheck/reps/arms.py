"""Arms that take turns: one rests while the other one lifts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.pose import landmarks

if TYPE_CHECKING:
    from formcheck.kinematics.motion import Motion

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")

IN_STEP = 0.35
"""Arms whose hands rise together correlate more than this: on real clips of rows with both arms
0.66 and more, with arms that take turns 0.06 (the developed half)."""
RESTS = 0.35
"""An arm rests while it is less than this share of its way from where it hangs."""
SHORTEST = 10
"""Fewer frames tell nothing."""
UNSEEN_TRUNKS = 0.15
"""An arm whose hand or elbow is off by more, in trunk lengths, is a guess."""


def taking_turns(motion: Motion, /) -> bool:
    """Whether one arm rests, as far as both are seen, while the other one lifts."""
    if motion.arm != "both":
        return False
    drop = np.array(
        [
            motion.steady.point("wrist", side)[:, 1] - motion.steady.point("shoulder", side)[:, 1]
            for side in SIDES
        ]
    )
    known = np.isfinite(drop).all(axis=0)
    if known.sum() < SHORTEST or not all(_seen(motion, side, known) for side in SIDES):
        return False
    drop = drop[:, known]
    low, high = np.percentile(drop, [5, 95], axis=1)[..., None]
    if not (high > low).all():
        return False
    way = (high - drop) / (high - low)
    if float(np.corrcoef(way)[0, 1]) > IN_STEP:
        return False
    # While one is up, the other one hangs.
    alone = [way[1 - n][way[n] > 1 - RESTS] < RESTS for n in (0, 1)]
    return all(len(one) > 0 and float(one.mean()) > 1 / 2 for one in alone)


def _seen(motion: Motion, side: str, known: np.ndarray) -> bool:
    marks = [landmarks.index(name, side) for name in ("elbow", "wrist")]
    error = np.median(motion.clean.error_px[known][:, marks], axis=0)
    return bool((error <= UNSEEN_TRUNKS * motion.trunk_px).all())
