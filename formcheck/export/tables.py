"""Tables of an analysis: angles and landmarks over time, and repetitions; data frames, datasets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import MissingLibraryError
from formcheck.pose import landmarks
from formcheck.report.files import TIME_DIGITS, VISIBILITY, motion_table, time_column
from formcheck.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion
    from formcheck.pose.track import PoseTrack
    from formcheck.report.model import Report, RepPart

    Floats = NDArray[np.float64]

DIGITS = 4
"""Decimals of what repetitions have and no other table."""


def facts(report: Report, /) -> dict[str, str]:
    """What a table was made from: version, clip, model, rules and settings."""
    made = report.formcheck
    return {
        "formcheck.version": made.version,
        "formcheck.video": report.video.path,
        "formcheck.video_sha256": report.video.sha256,
        "formcheck.model_sha256": made.model.sha256,
        "formcheck.rules_sha256": made.rules_sha256,
        "formcheck.settings": json.dumps(made.settings, sort_keys=True),
        "formcheck.exercise": report.exercise.id,
        "formcheck.view": report.view.label,
    }


def angles_table(motion: Motion, report: Report, /) -> Table:
    """Joint angles and their errors, one row for each picture that was looked at."""
    return with_reps(motion_table(motion), report)


def with_reps(table: Table, report: Report, /) -> Table:
    """A table whose first column is the time: with repetition and phase of every row after it."""
    times, *others = table.columns
    return Table(
        (times, *_rep_columns(np.asarray(times.values), report.reps), *others), facts(report)
    )


def landmarks_table(track: PoseTrack, report: Report, /) -> Table:
    """Clean landmarks in pixels and metres, one row for each picture that was looked at."""
    columns = [time_column(track.t_s)]
    for mark, name in enumerate(landmarks.NAMES):
        for axis, letter in enumerate("xy"):
            pixels = track.xy_px[:, mark, axis]
            columns.append(Column(f"{name}_{letter}_px", pixels, unit="px", digits=1))
        for axis, letter in enumerate("xyz"):
            metres = track.world_m[:, mark, axis]
            columns.append(Column(f"{name}_{letter}_m", metres, unit="m", digits=4))
        columns.append(Column(f"{name}_{VISIBILITY}", track.visibility[:, mark], digits=3))
    return with_reps(Table(tuple(columns)), report)


def reps_table(report: Report, /) -> Table:
    """Repetitions: times, measurements with their errors, and verdicts; one row each."""
    reps = report.reps
    columns = [
        Column("rep", [r.index for r in reps], "integer"),
        Column("kind", [r.kind for r in reps], "text"),
        Column("reason", [r.reason for r in reps], "text"),
        Column("start_s", [r.start_s for r in reps], unit="s", digits=DIGITS),
        Column("turn_s", [r.turn_s for r in reps], unit="s", digits=DIGITS),
        Column("end_s", [r.end_s for r in reps], unit="s", digits=DIGITS),
        Column("score", [r.score for r in reps], digits=1),
    ]
    for name, unit in _measured(reps).items():
        found = [r.measurements.get(name) for r in reps]
        values = [m.value if m is not None and m.valid else None for m in found]
        errors = [m.error if m is not None and m.valid else None for m in found]
        suffix = unit.replace(" ", "_").replace("/", "_per_")
        heading = name if name.endswith(f"_{suffix}") else f"{name}_{suffix}"
        columns.append(Column(heading, values, unit=unit, digits=DIGITS))
        columns.append(Column(f"{heading}_error", errors, unit=unit, digits=DIGITS))
    for rule in dict.fromkeys(check.rule for rep in reps for check in rep.checks):
        verdicts = [{c.rule: c.severity for c in rep.checks}.get(rule) for rep in reps]
        columns.append(Column(f"{rule.replace('.', '_')}_severity", verdicts, "text"))
    return Table(tuple(columns), facts(report))


def parquet_bytes(table: Table, /) -> bytes:
    """A table as Parquet; of measured numbers, which hardly repeat, each is written out.

    Raises
    ------
    MissingLibraryError
        If pyarrow is not installed.
    """
    texts = [column.name for column in table.columns if column.kind == "text"]
    return table.parquet_bytes(dictionaries=texts)


def _measured(reps: Sequence[RepPart]) -> dict[str, str]:
    """Names of the measurements with their units, in the report's order."""
    return {name: m.unit for rep in reps for name, m in rep.measurements.items()}


def _rep_columns(t_s: Floats, reps: Sequence[RepPart]) -> tuple[Column, Column]:
    numbers: list[int | None] = [None] * len(t_s)
    names: list[str | None] = [None] * len(t_s)
    times = np.round(t_s, TIME_DIGITS)  # as the report gives its times
    for rep in reps:
        for at in np.flatnonzero((times >= rep.start_s) & (times <= rep.end_s)):
            numbers[at] = rep.index
        for phase in rep.phases:
            for at in np.flatnonzero((times >= phase.start_s) & (times <= phase.end_s)):
                names[at] = phase.name
    return Column("rep", numbers, "integer"), Column("phase", names, "text")


BEFORE_PHASES = ("rep", "kind", "reason", "start_s", "turn_s", "end_s")


def reps_frame(report: Report, /) -> pd.DataFrame:
    """Repetitions by their number: the table of `reps_table`, with the times of their phases.

    Raises
    ------
    MissingLibraryError
        If pandas is not installed.
    """
    columns = {column.name: column for column in reps_table(report).columns}
    first = [columns.pop(name) for name in BEFORE_PHASES]
    table = Table((*first, *_phase_columns(report.reps), *columns.values()))
    frame: pd.DataFrame = table.frame()
    return frame.set_index("rep")


def angles_frame(motion: Motion, report: Report, /) -> pd.DataFrame:
    """The table of `angles_table`: one row for each picture that was looked at.

    Raises
    ------
    MissingLibraryError
        If pandas is not installed.
    """
    frame: pd.DataFrame = angles_table(motion, report).frame()
    return frame


def _phase_columns(reps: Sequence[RepPart]) -> list[Column]:
    columns = []
    for name in dict.fromkeys(phase.name for rep in reps for phase in rep.phases):
        own = [next((p for p in rep.phases if p.name == name), None) for rep in reps]
        heading = name.replace(" ", "_")
        starts = [None if phase is None else phase.start_s for phase in own]
        ends = [None if phase is None else phase.end_s for phase in own]
        columns.append(Column(f"{heading}_start_s", starts, unit="s"))
        columns.append(Column(f"{heading}_end_s", ends, unit="s"))
    return columns


LIFTER = "lifter"
"""The one individual."""


def pose_dataset(track: PoseTrack, source: str, /) -> xr.Dataset:
    """A track as an `xarray.Dataset` that movement (0.17 and later) takes as its own.

    Parameters
    ----------
    track
        The landmarks.
    source
        The clip's path.

    Notes
    -----
    `position` is in pixels, x to the right and y down; `confidence` is the
    visibility. `time` has the true times of the pictures: a phone's clip has no even
    rate, so there is no `fps`. Before 0.17 movement called the dimensions `keypoints`
    and `individuals`.

    Raises
    ------
    MissingLibraryError
        If xarray is not installed.
    """
    try:
        import xarray as xr  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingLibraryError.of_extra("A dataset of poses", "movement") from error
    position = np.moveaxis(track.xy_px, 1, 2)[..., None]
    return xr.Dataset(
        {
            "position": (("time", "space", "keypoint", "individual"), position.copy()),
            "confidence": (
                ("time", "keypoint", "individual"),
                track.visibility[..., None].copy(),
            ),
        },
        coords={
            "time": track.t_s.copy(),
            "space": ["x", "y"],
            "keypoint": list(landmarks.NAMES),
            "individual": [LIFTER],
        },
        attrs={
            "source_software": "formcheck",
            "source_file": source,
            "ds_type": "poses",
            "time_unit": "seconds",
        },
    )
