"""Head and shoulders of somebody who stands, seen from the side.

Build decides most of both: no landmark sits on the spine, and the shoulder's is
somewhere on the joint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.geometry import lean
from formcheck.kinematics.series.registry import SEEN, series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]


def _forward_up(motion: Motion, name: str) -> Floats:
    """Shape (T, 2): a landmark of the near side, pixels forward and up; NaN if hidden."""
    side = motion.view.near_side
    if motion.seen((name,), side) < SEEN:
        return np.full((len(motion.t_s), 2), np.nan)
    return np.asarray(motion.track.point(name, side) * np.array([motion.view.facing, -1.0]))


@series("head_forward", "deg", "line from shoulder to ear from the vertical, positive forward")
def _head_forward(motion: Motion) -> Floats:
    return lean(_forward_up(motion, "ear") - _forward_up(motion, "shoulder"))


@series("shoulder_forward", "trunk", "shoulder in front of the line from hip to ear")
def _shoulder_forward(motion: Motion) -> Floats:
    """Horizontally, at the height of the shoulder."""
    ear, shoulder, hip = (_forward_up(motion, name) for name in ("ear", "shoulder", "hip"))
    rise = np.maximum((ear - hip)[:, 1], 0.2 * motion.trunk_px)
    share = (shoulder - hip)[:, 1] / rise
    line = hip[:, 0] + share * (ear - hip)[:, 0]
    return np.asarray((shoulder[:, 0] - line) / motion.trunk_px)
