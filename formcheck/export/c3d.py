"""Markers and the moments of repetitions as C3D, written by the library ezc3d."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from formcheck.errors import MissingLibraryError, UsageError
from formcheck.export.opensim import MM_PER_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.export.markers import MarkerSet
    from formcheck.report.model import Report, RepPart

UNSEEN = -1.0
"""Residual that says that a point was not seen."""
MINUTE_S = 60.0
MOST_FRAMES = 65534
"""The format counts frames in 16 bits. What programs do beyond differs: one reads up to there
and loses the rest, one reads nothing from 65535 on."""

MOST_EVENTS = 255
"""The format counts them in 8 bits: with more the whole file cannot be read."""


def load_library() -> Any:
    """The module ezc3d.

    Raises
    ------
    MissingLibraryError
        If it is not installed.
    """
    try:
        import ezc3d  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingLibraryError.of_extra("A C3D file", "c3d") from error
    return ezc3d


def c3d_bytes(markers: MarkerSet, report: Report, /) -> bytes:
    """A C3D file: points in millimetres, and the start, turn and end of each repetition.

    Of so many repetitions that these are more than the format can hold only the turns.

    Parameters
    ----------
    markers
        The points; a point that was not seen has the residual -1 and lies at 0.
    report
        Gives the repetitions and what the file was made from.

    Notes
    -----
    C3D counts from its first picture: event times do, too. The group FORMCHECK says
    when on the clip's clock that is.

    Raises
    ------
    MissingLibraryError
        If ezc3d is not installed.
    UsageError
        If there are more frames or repetitions than the format can count.
    """
    ezc3d = load_library()
    if len(report.reps) > MOST_EVENTS:
        raise UsageError(
            f"A C3D file holds at most {MOST_EVENTS} events, and this clip has {len(report.reps)} "
            "repetitions: export a part of it with --start and --end, or as trc."
        )
    if len(markers.t_s) > MOST_FRAMES:
        raise UsageError(
            f"A C3D file holds at most {MOST_FRAMES:,} frames, and this clip has "
            f"{len(markers.t_s):,}: export a part of it with --start and --end, or as trc."
        )
    file = ezc3d.c3d()
    places = MM_PER_M * np.moveaxis(markers.places_m, (0, 1, 2), (2, 1, 0))
    seen = np.isfinite(places).all(axis=0)
    point = file["parameters"]["POINT"]
    point["RATE"]["value"] = [markers.rate_hz]
    point["UNITS"]["value"] = ["mm"]
    point["LABELS"]["value"] = list(markers.names)
    point["DESCRIPTIONS"]["value"] = [""] * len(markers.names)
    drawn = np.where(seen, places, 0.0)
    file["data"]["points"] = np.concatenate([drawn, np.ones((1, *seen.shape))])
    file["data"]["meta_points"]["residuals"] = np.where(seen, 0.0, UNSEEN)[None]
    file.add_parameter("POINT", "X_SCREEN", ["+X"])
    file.add_parameter("POINT", "Y_SCREEN", ["+Y"])
    made = report.formcheck
    for name, value in (("COMPANY", "formcheck"), ("SOFTWARE", "formcheck")):
        file.add_parameter("MANUFACTURER", name, [value])
    file.add_parameter("MANUFACTURER", "VERSION_LABEL", [made.version])
    file.add_parameter("FORMCHECK", "START", [float(markers.t_s[0])])
    for name, value in (
        ("VIDEO_SHA256", report.video.sha256),
        ("EXERCISE", report.exercise.id),
        ("SOURCE", markers.source),
        ("HELD", markers.held),
    ):
        file.add_parameter("FORMCHECK", name, [value])
    _add_events(file, report.reps, float(markers.t_s[0]))
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        place = Path(folder) / "markers.c3d"
        file.write(str(place))
        return place.read_bytes()


def _add_events(file: Any, reps: Sequence[RepPart], first_s: float) -> None:
    """The group EVENT; times are minutes and seconds."""
    for rep in reps:
        moments = {"Start": rep.start_s, "Turn": rep.turn_s, "End": rep.end_s}
        for label in moments if len(moments) * len(reps) <= MOST_EVENTS else ("Turn",):
            minutes, seconds = divmod(max(0.0, moments[label] - first_s), MINUTE_S)
            file.add_event(
                time=[minutes, seconds],
                context="General",
                label=f"{label} {rep.index}",
                description=f"{label} of repetition {rep.index} ({rep.kind})",
            )
