"""The angles that an earlier report left beside itself, for when its clip is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import VideoError
from formcheck.export.tables import with_reps
from formcheck.report.files import ANGLE_SUFFIX, ANGLES_FILE, TIME, VISIBILITY, series_table
from formcheck.tables import numbers_from_csv

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.report.model import Report
    from formcheck.tables import Table


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
