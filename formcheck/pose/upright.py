"""Whether pictures are turned without a mark: told from which way the body points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose import landmarks

if TYPE_CHECKING:
    from formcheck.pose.track import PoseTrack

MOSTLY = 0.7
"""The body points the same way in this share of the pictures in which it is seen."""
LEAST_SEEN = 10
"""Fewer pictures tell nothing."""


def quarter_turns(track: PoseTrack, /) -> int:
    """Quarter turns counter-clockwise after which the body stands, from ankles to head.

    A body that lies on the floor points sideways as well: whether a lift is seen once the
    picture is turned has to tell them apart.
    """
    head = track.xy_px[:, landmarks.NOSE]
    up = head - track.middle("ankle")
    up = up[np.isfinite(up).all(axis=1)]
    if len(up) < LEAST_SEEN:
        return 0
    # In pixels y points down: up is (0, -1), to the right (1, 0).
    angles = np.arctan2(up[:, 0], -up[:, 1])
    turns = np.round(angles / (np.pi / 2)).astype(int) % 4
    numbers = np.bincount(turns, minlength=4)
    most = int(numbers.argmax())
    return most if numbers[most] >= MOSTLY * len(up) else 0
