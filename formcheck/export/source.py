"""What an export is made from: a report, with the movement behind it if that is to be had.

The repetitions are always those of the report. The movement comes from a track kept
beside the report, else from the clip that the report names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck import __version__
from formcheck.edits import Spot
from formcheck.errors import UsageError, VideoError
from formcheck.export.tables import with_reps
from formcheck.kinematics.motion import measure_motion
from formcheck.pose.cache import StoredTrackError, read_track
from formcheck.pose.cleaning import clean
from formcheck.pose.engine import Engine
from formcheck.pose.model import Quality, load_model, quality_of
from formcheck.pose.tracker import TrackSettings
from formcheck.report.build import build_report
from formcheck.report.files import (
    ANGLE_SUFFIX,
    ANGLES_FILE,
    TIME,
    VISIBILITY,
    clip_places,
    read_report,
    series_table,
)
from formcheck.tables import numbers_from_csv
from formcheck.video import file_sha256

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from formcheck.analysis import AnalysedClip
    from formcheck.kinematics.motion import Motion
    from formcheck.report.model import Report
    from formcheck.tables import Table

    Tracked = Callable[[Path, TrackSettings, Path | Quality], Motion]

REPORT_SUFFIX = ".json"


@dataclass(frozen=True, eq=False)
class Source:
    """A report and the movement it was made from.

    Attributes
    ----------
    report
        The report.
    motion
        The movement; None when neither track nor clip is left.
    missing
        Why there is no movement, a sentence.
    warnings
        What may differ from when the report was made, sentences.
    """

    report: Report
    motion: Motion | None
    missing: str | None = None
    warnings: tuple[str, ...] = ()

    def movement(self, what: str) -> Motion:
        """The movement, which `what` cannot do without.

        Raises
        ------
        VideoError
            If there is none.
        """
        if self.motion is None:
            raise VideoError(f"{what} cannot be made from the report alone: {self.missing}")
        return self.motion

    @property
    def height_m(self) -> float | None:
        """The body height that the lifter told."""
        told = self.report.formcheck.settings.get("height_m")
        return None if told is None else float(told)


def source_of(clip: AnalysedClip, /) -> Source:
    """Everything from an analysed clip."""
    return Source(build_report(clip), clip.analysis.motion)


def source_behind(
    file: Path, /, track: Tracked, *, model: Path | Quality = Quality.STANDARD
) -> Source:
    """A report with the movement behind it.

    Parameters
    ----------
    file
        The ``report.json``.
    track
        Gives the movement in a clip with given settings and network.
    model
        The network to use when the report's is not one that comes with formcheck.

    Raises
    ------
    UsageError
        If the file is no report.
    """
    report = read_report(file)
    changed = []
    if report.formcheck.version != __version__:
        changed.append(
            f"The report was made by formcheck {report.formcheck.version}; this is {__version__}, "
            "and angles may differ."
        )
    motion = _kept(file, report)
    if motion is not None:
        return Source(report, motion, warnings=tuple(changed))
    clip, missing = _clip(file, report)
    if clip is None:
        return Source(report, None, missing)
    wanted = report.formcheck.model.sha256
    network = quality_of(wanted) or model
    if load_model(network).sha256 != wanted:
        changed.append("The report was made with another pose model: the movement may differ.")
    motion = track(clip, _settings(file, report), network)
    return Source(report, motion, warnings=tuple(changed))


def _kept(file: Path, report: Report) -> Motion | None:
    """The movement from the track beside a report, if it is of the same clip."""
    if report.files.pose is None:
        return None
    try:
        tracked = read_track(file.parent / report.files.pose)
    except (OSError, StoredTrackError):
        return None
    same = tracked.video.sha256 == report.video.sha256
    return measure_motion(clean(tracked.track)) if same else None


def _clip(file: Path, report: Report) -> tuple[Path | None, str]:
    """The clip that a report names, or why it cannot be used."""
    there = [place for place in clip_places(report, file) if place.is_file()]
    for place in there:
        if file_sha256(place) == report.video.sha256:
            return place, ""
    if there:
        return None, f"{there[0]} is not the clip any more that it was made from."
    return None, f"its clip {report.video.path} is not there any more."


def _settings(file: Path, report: Report) -> TrackSettings:
    told = report.formcheck.settings
    usual = TrackSettings()
    end_s, spot, pace = (told.get(name) for name in ("end_s", "lifter_at", "slow_motion"))
    try:
        return TrackSettings(
            float(told.get("rate_hz", usual.rate_hz)),
            float(told.get("start_s", usual.start_s)),
            math.inf if end_s is None else float(end_s),
            Engine(told.get("engine", usual.engine)),
            None if spot is None else Spot(**spot),
            None if pace is None else float(pace),
            int(told.get("turned", usual.turned)),
        )
    except (TypeError, ValueError) as error:
        raise UsageError(f"{file} is not a formcheck report.") from error


def angles_beside(file: Path, report: Report, why: str, /) -> Table:
    """The table of angles from the ``angles.csv`` beside a report.

    Parameters
    ----------
    file, report
        The ``report.json`` and what it says.
    why
        Why the movement itself is not to be had, a sentence.

    Raises
    ------
    VideoError
        If there are no angles beside it.
    """
    beside = file.parent / (report.files.angles_csv or ANGLES_FILE)
    try:
        found = numbers_from_csv(beside.read_bytes().decode("utf-8"))
    except (OSError, ValueError) as error:
        raise VideoError(f"No angles are left beside {file}, and {why}") from error
    names = [column.name for column in found.columns]
    known = names[:1] == [TIME] and names[-1] == VISIBILITY
    if not known or not all(name.endswith(ANGLE_SUFFIX) for name in names[1:-1]):
        raise VideoError(f"{beside} is not formcheck's, and {why}")
    times, *angles, seen = (np.asarray(column.values) for column in found.columns)
    degrees = dict(zip((n.removesuffix(ANGLE_SUFFIX) for n in names[1:-1]), angles, strict=True))
    return with_reps(series_table(times, degrees, seen), report)
