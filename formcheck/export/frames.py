"""Tables as data frames of pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.export.tables import angles_table, reps_table
from formcheck.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from formcheck.kinematics.angles import Angles
    from formcheck.report.model import Report, RepPart

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


def angles_frame(angles: Angles, report: Report, /) -> pd.DataFrame:
    """The table of `angles_table`: one row for each picture that was looked at.

    Raises
    ------
    MissingLibraryError
        If pandas is not installed.
    """
    frame: pd.DataFrame = angles_table(angles, report).frame()
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
