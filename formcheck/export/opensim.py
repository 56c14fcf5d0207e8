"""OpenSim's text files: markers as TRC, and joint angles under its names and signs as MOT.

Names and signs are those of Rajagopal's model: knee flexion is positive. Only
angles that mean the same there, and that the view shows, are given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.export.resampling import FULL_TURN_DEG, even_rate, even_times, resample_turns
from formcheck.kinematics.angles import AngleSource
from formcheck.kinematics.series.registry import SEEN
from formcheck.pose import landmarks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from formcheck.export.markers import MarkerSet
    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

TRUNK = "trunk_lean"
MM_PER_M = 1000.0


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


def trc_text(markers: MarkerSet, name: str, /) -> str:
    """A marker file, in millimetres; empty cells where a marker was not seen.

    Parameters
    ----------
    markers
        The markers.
    name
        Name of the file, which its first line repeats.

    Notes
    -----
    Headings and lines of data end with a tab, as OpenSim writes them. Without it a marker
    that is missing at the end of a line would be a short line; and with it in the data alone,
    pandas takes the first column for row names and every marker for the one before it.
    """
    rows, count = markers.places_m.shape[:2]
    rate = f"{markers.rate_hz:.10g}"
    heads = [
        ("PathFileType", "4", "(X/Y/Z)", " ".join(name.split())),
        (
            *("DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units"),
            *("OrigDataRate", "OrigDataStartFrame", "OrigNumFrames"),
        ),
        (rate, rate, str(rows), str(count), "mm", rate, "1", str(rows)),
        ("Frame#", "Time", *(cell for marker in markers.names for cell in (marker, "", "")), ""),
        ("", "", *(f"{axis}{number}" for number in range(1, count + 1) for axis in "XYZ"), ""),
        (),
    ]
    lines = ["\t".join(cells) for cells in heads]
    places = MM_PER_M * markers.places_m.reshape(rows, -1)
    for number, (at_s, values) in enumerate(zip(markers.t_s, places, strict=True), start=1):
        lines.append("\t".join([str(number), f"{at_s:.6f}", *_cells(values, 2, missing=""), ""]))
    return "\n".join(lines) + "\n"


def mot_text(found: Coordinates, name: str, notes: Sequence[str] = (), /) -> str:
    """A motion file, in degrees; NaN where an angle was not seen.

    Parameters
    ----------
    found
        The coordinates.
    name
        Name of the motion, the file's first line.
    notes
        Lines for the header, without an equals sign: that would make them a setting.
    """
    heads = [
        " ".join(name.split()).replace("=", "_"),
        "version=1",
        f"nRows={len(found.t_s)}",
        f"nColumns={1 + len(found.columns)}",
        "inDegrees=yes",
        "",
        *notes,
        "endheader",
        "\t".join(["time", *found.columns]),
    ]
    rows = zip(found.t_s, *found.columns.values(), strict=True)
    lines = ["\t".join(_cells((at_s, *values), 6, missing="NaN")) for at_s, *values in rows]
    return "\n".join([*heads, *lines]) + "\n"


def _cells(values: Iterable[float], digits: int, *, missing: str) -> list[str]:
    return [f"{value:.{digits}f}" if math.isfinite(value) else missing for value in values]
