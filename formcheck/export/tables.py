"""Tables of an analysis: angles and landmarks over time, and repetitions.

Pure: what is written is decided here, how in the writers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.pose import landmarks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from formcheck.kinematics.angles import Angles
    from formcheck.pose.track import PoseTrack
    from formcheck.report.model import Report, RepPart

    Floats = NDArray[np.float64]

TIME, VISIBILITY = "t_s", "visibility"
TIME_DIGITS = 4


@dataclass(frozen=True, eq=False)
class Column:
    """A column: None (or NaN among floats) where there is no value.

    Attributes
    ----------
    name
        Heading.
    values
        One for each row, all of the kind.
    kind
        What the values are.
    unit
        Unit of the values; None where there is none.
    digits
        Decimals worth writing as text.
    """

    name: str
    values: Sequence[float | int | str | None] | Floats
    kind: Literal["float", "int", "text"] = "float"
    unit: str | None = None
    digits: int = 4


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of one length, and facts about all of them as text."""

    columns: tuple[Column, ...]
    facts: Mapping[str, str]


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


def angles_table(angles: Angles, report: Report, /) -> Table:
    """Joint angles, one row for each picture that was looked at."""
    columns = [Column(f"{name}_deg", v, unit="deg", digits=2) for name, v in angles.columns.items()]
    return series_table(angles.t_s, columns, angles.visibility, report)


def series_table(
    t_s: Floats, columns: Sequence[Column], visibility: Floats | None, report: Report, /
) -> Table:
    """A table over time: with the repetition and phase of every row before the columns."""
    seen = [] if visibility is None else [Column(VISIBILITY, visibility, digits=3)]
    return Table((*_time_columns(t_s, report.reps), *columns, *seen), facts(report))


def landmarks_table(track: PoseTrack, report: Report, /) -> Table:
    """Clean landmarks in pixels and metres, one row for each picture that was looked at."""
    columns = []
    for mark, name in enumerate(landmarks.NAMES):
        for axis, letter in enumerate("xy"):
            pixels = track.xy_px[:, mark, axis]
            columns.append(Column(f"{name}_{letter}_px", pixels, unit="px", digits=1))
        for axis, letter in enumerate("xyz"):
            metres = track.world_m[:, mark, axis]
            columns.append(Column(f"{name}_{letter}_m", metres, unit="m", digits=4))
        columns.append(Column(f"{name}_{VISIBILITY}", track.visibility[:, mark], digits=3))
    return series_table(track.t_s, columns, None, report)


def reps_table(report: Report, /) -> Table:
    """Repetitions: times, measurements with their errors, and verdicts; one row each."""
    reps = report.reps
    columns = [
        Column("rep", [r.index for r in reps], "int"),
        Column("kind", [r.kind for r in reps], "text"),
        Column("reason", [r.reason for r in reps], "text"),
        Column("start_s", [r.start_s for r in reps], unit="s"),
        Column("turn_s", [r.turn_s for r in reps], unit="s"),
        Column("end_s", [r.end_s for r in reps], unit="s"),
        Column("score", [r.score for r in reps], digits=1),
    ]
    for name, unit in _measured(reps).items():
        found = [r.measurements.get(name) for r in reps]
        values = [m.value if m is not None and m.valid else None for m in found]
        errors = [m.error if m is not None and m.valid else None for m in found]
        suffix = unit.replace(" ", "_").replace("/", "_per_")
        heading = name if name.endswith(f"_{suffix}") else f"{name}_{suffix}"
        columns.append(Column(heading, values, unit=unit))
        columns.append(Column(f"{heading}_error", errors, unit=unit))
    for rule in dict.fromkeys(check.rule for rep in reps for check in rep.checks):
        verdicts = [{c.rule: c.severity for c in rep.checks}.get(rule) for rep in reps]
        columns.append(Column(f"{rule.replace('.', '_')}_severity", verdicts, "text"))
    return Table(tuple(columns), facts(report))


def _measured(reps: Sequence[RepPart]) -> dict[str, str]:
    """Names of the measurements with their units, in the report's order."""
    return {name: m.unit for rep in reps for name, m in rep.measurements.items()}


def _time_columns(t_s: Floats, reps: Sequence[RepPart]) -> list[Column]:
    numbers: list[int | None] = [None] * len(t_s)
    names: list[str | None] = [None] * len(t_s)
    times = np.round(t_s, TIME_DIGITS)  # as the report gives its times
    for rep in reps:
        for at in np.flatnonzero((times >= rep.start_s) & (times <= rep.end_s)):
            numbers[at] = rep.index
        for phase in rep.phases:
            for at in np.flatnonzero((times >= phase.start_s) & (times <= phase.end_s)):
                names[at] = phase.name
    return [
        Column(TIME, t_s, unit="s", digits=TIME_DIGITS),
        Column("rep", numbers, "int"),
        Column("phase", names, "text"),
    ]
