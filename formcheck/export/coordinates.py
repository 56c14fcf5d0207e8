"""Joint angles under the names and signs of OpenSim's full-body models.

Names and signs are those of Rajagopal's model: knee flexion is positive. Only
angles that mean the same there, and that the view shows, are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.export.even import FULL_TURN_DEG, even_rate, even_times, resample_turns
from formcheck.kinematics.angles import AngleSource
from formcheck.kinematics.series.registry import SEEN
from formcheck.pose import landmarks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

TRUNK = "trunk_lean"


@dataclass(frozen=True)
class _Coordinate:
    """A coordinate of the model: our angle, its sign there, and what has to be seen."""

    name: str
    angle: str
    sign: float
    chain: tuple[str, ...]
    lowest_deg: float = -180.0


_BOTH_SIDES = (
    _Coordinate("hip_flexion", "hip_flexion", 1.0, ("shoulder", "hip", "knee")),
    _Coordinate("knee_angle", "knee_flexion", 1.0, ("hip", "knee", "ankle")),
    # An arm reaches up over the front, never behind the back: -90 to 270 has no jump.
    _Coordinate("arm_flex", "upper_arm_to_trunk", -1.0, ("shoulder", "elbow"), -90.0),
    _Coordinate("elbow_flex", "elbow_flexion", 1.0, ("shoulder", "elbow", "wrist")),
)
_PELVIS = _Coordinate("pelvis_tilt", TRUNK, -1.0, ("shoulder", "hip"))


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Coordinates at even times.

    Attributes
    ----------
    t_s
        Shape (K,): seconds on the clip's own clock.
    rate_hz
        Rows per second.
    columns
        Name to degrees, shape (K,) each; NaN where not seen.
    """

    t_s: Floats
    rate_hz: float
    columns: Mapping[str, Floats]


def coordinates(motion: Motion, /) -> Coordinates:
    """The coordinates that a clip's view shows; there may be none."""
    t_s = motion.t_s
    rate_hz = even_rate(t_s)
    times = even_times(t_s, rate_hz)

    def column(of: _Coordinate, angle: str) -> Floats:
        values = of.sign * motion.angles[angle]
        even = resample_turns(t_s, values, times, motion.clean.breaks)
        return np.asarray((even - of.lowest_deg) % FULL_TURN_DEG + of.lowest_deg)

    columns = {}
    sides = _shown_sides(motion)
    trunk_seen = max(motion.seen(_PELVIS.chain, side) for side in sides) >= SEEN
    if trunk_seen and _measured(motion, TRUNK):
        columns[_PELVIS.name] = column(_PELVIS, TRUNK)
    for side in sides:
        for of in _BOTH_SIDES:
            angle = f"{of.angle}_{side}"
            if motion.seen(of.chain, side) >= SEEN and _measured(motion, angle):
                columns[f"{of.name}_{side[0]}"] = column(of, angle)
    return Coordinates(times, rate_hz, columns)


def _shown_sides(motion: Motion) -> tuple[str, ...]:
    """Right first, as in OpenSim's own files; from the side the near one only."""
    return (motion.view.near_side,) if motion.view.is_side else tuple(reversed(landmarks.SIDES))


def _measured(motion: Motion, angle: str) -> bool:
    """Whether an angle is read from the picture or a fitted body, not guessed from depth."""
    return motion.angles.sources[angle] is not AngleSource.WORLD
