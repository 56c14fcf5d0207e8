"""What stays in place while the lifter works, judged before the exercise is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.fit.body import Contacts
from formcheck.pose import landmarks

if TYPE_CHECKING:
    from formcheck.pose.track import PoseTrack

HANGING = 0.6
"""Share of the pictures with both hands above the nose in which a lifter hangs."""
STEADY_TRUNKS = 0.35
"""Feet that move less than this against each other, in trunk lengths, stand."""


def guess_contacts(track: PoseTrack, /, *, trunk_px: float) -> Contacts:
    """Hands on a bar, feet on the floor, or neither.

    The feet are held against each other, not against the picture, so that a
    moving camera does not matter.
    """
    hands = np.max([track.point("wrist", side)[:, 1] for side in landmarks.SIDES], axis=0)
    nose = track.point("nose")[:, 1]
    known = np.isfinite(hands) & np.isfinite(nose)
    if known.any() and float(np.mean(hands[known] < nose[known])) >= HANGING:
        return Contacts.HANDS
    spread = track.point("ankle", "left") - track.point("ankle", "right")
    spread = spread[np.isfinite(spread).all(axis=1)]
    if not len(spread):
        return Contacts.NONE
    low, high = np.percentile(spread, [10, 90], axis=0)
    return Contacts.FEET if float((high - low).max()) < STEADY_TRUNKS * trunk_px else Contacts.NONE
