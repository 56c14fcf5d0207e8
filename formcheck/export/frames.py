"""Tables as data frames of pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import MissingLibraryError
from formcheck.export.tables import Column, angles_table, reps_table

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
    return _frame([*first, *_phase_columns(report.reps), *columns.values()]).set_index("rep")


def angles_frame(angles: Angles, report: Report, /) -> pd.DataFrame:
    """The table of `angles_table`: one row for each picture that was looked at.

    Raises
    ------
    MissingLibraryError
        If pandas is not installed.
    """
    return _frame(angles_table(angles, report).columns)


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


def _frame(columns: Sequence[Column]) -> pd.DataFrame:
    try:
        import pandas as pd  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingLibraryError(
            "Data frames need the library pandas: pip install 'formcheck[frames]'."
        ) from error
    kinds = {"int": "Int64", "text": "string"}
    return pd.DataFrame(
        {
            column.name: np.array(column.values, dtype=np.float64)
            if column.kind == "float"
            else pd.array(list(column.values), dtype=kinds[column.kind])
            for column in columns
        }
    )
