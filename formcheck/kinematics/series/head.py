"""Head and shoulder girdle: proxies, for no landmark sits on a shoulder blade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.geometry import lean
from formcheck.kinematics.series.registry import SEEN, body_sides, series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]


@series(
    "shoulder_to_ear",
    "trunk",
    "ears beyond the shoulders along the trunk",
    parts=("head", "shoulder", "hip"),
)
def _shoulder_to_ear(motion: Motion) -> Floats:
    """Shrug index (reference A13): smaller when the shoulders come up; of the sides seen."""
    sides = [s for s in body_sides(motion) if motion.seen(("ear", "shoulder"), s) >= SEEN]
    if not sides:
        return np.full(len(motion.t_s), np.nan)
    track = motion.steady
    trunk = track.middle("shoulder") - track.middle("hip")
    if motion.view.is_side:
        trunk = track.point("shoulder", sides[0]) - track.point("hip", sides[0])
    along = trunk / np.linalg.norm(trunk, axis=1, keepdims=True)
    reach = np.mean([track.point("ear", s) - track.point("shoulder", s) for s in sides], axis=0)
    return np.asarray((reach * along).sum(axis=1) / motion.trunk_px)


@series(
    "trunk_chord",
    "ratio",
    "straight line from hip to shoulder over its longest",
    parts=("shoulder", "hip"),
)
def _trunk_chord(motion: Motion) -> Floats:
    """Shorter when the trunk bends; meaningful in side views only."""
    side = motion.view.near_side
    line = motion.steady.point("shoulder", side) - motion.steady.point("hip", side)
    return np.asarray(np.linalg.norm(line, axis=1) / motion.trunk_px)


def _forward_up(motion: Motion, name: str) -> Floats:
    """Shape (T, 2): a landmark of the near side, pixels forward and up; NaN if hidden."""
    side = motion.view.near_side
    if motion.seen((name,), side) < SEEN:
        return np.full((len(motion.t_s), 2), np.nan)
    return np.asarray(motion.steady.point(name, side) * np.array([motion.view.facing, -1.0]))


@series(
    "head_forward",
    "deg",
    "line from shoulder to ear from the vertical, positive forward",
    parts=("head", "shoulder"),
)
def _head_forward(motion: Motion) -> Floats:
    return lean(_forward_up(motion, "ear") - _forward_up(motion, "shoulder"))


@series(
    "shoulder_forward",
    "trunk",
    "shoulder in front of the line from hip to ear",
    parts=("head", "shoulder", "hip"),
)
def _shoulder_forward(motion: Motion) -> Floats:
    """Horizontally, at the height of the shoulder."""
    ear, shoulder, hip = (_forward_up(motion, name) for name in ("ear", "shoulder", "hip"))
    rise = np.maximum((ear - hip)[:, 1], 0.2 * motion.trunk_px)
    share = (shoulder - hip)[:, 1] / rise
    line = hip[:, 0] + share * (ear - hip)[:, 0]
    return np.asarray((shoulder[:, 0] - line) / motion.trunk_px)
