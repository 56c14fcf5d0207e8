"""The angles that an earlier report left beside itself, for when its clip is gone."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import VideoError
from formcheck.export.tables import TIME, VISIBILITY, Column, Table, series_table
from formcheck.report.files import ANGLES_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.report.model import Report

ANGLE_SUFFIX = "_deg"


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
        with beside.open(encoding="utf-8", newline="") as text:
            head, *rows = csv.reader(text)
        values = np.array([[float(cell) if cell else math.nan for cell in row] for row in rows])
    except (OSError, ValueError, csv.Error) as error:
        raise VideoError(f"No angles are left beside {file}, and {why}") from error
    names = head[1:-1]
    known = head[:1] == [TIME] and head[-1] == VISIBILITY and values.shape[1:] == (len(head),)
    if not known or not all(name.endswith(ANGLE_SUFFIX) for name in names):
        raise VideoError(f"{beside} is not formcheck's, and {why}")
    angles = [
        Column(name, values[:, number], unit="deg", digits=2)
        for number, name in enumerate(names, start=1)
    ]
    return series_table(values[:, 0], angles, values[:, -1], report)
