"""Markers as TRC and coordinates as MOT: the text files that OpenSim reads."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from formcheck.export.coordinates import Coordinates
    from formcheck.export.markers import MarkerSet

MM_PER_M = 1000.0


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
    Lines of data end with a tab, as OpenSim writes them: without it a marker that
    is missing at the end of a line would be a short line.
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
        ("Frame#", "Time", *(cell for marker in markers.names for cell in (marker, "", ""))),
        ("", "", *(f"{axis}{number}" for number in range(1, count + 1) for axis in "XYZ")),
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
