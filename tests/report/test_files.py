from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.errors import UsageError
from formcheck.report.files import (
    angles_csv,
    default_folder,
    read_report,
    report_json,
    series_table,
    write_report,
)
from formcheck.report.model import Report

if TYPE_CHECKING:
    from formcheck import ClipAnalysis

LONG = "x" * 100_000


def test_both_files(squat: ClipAnalysis, squat_report: Report, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    motion = squat.analysis.motion
    write_report(squat_report, motion, folder)
    assert Report.model_validate_json((folder / "report.json").read_text()) == squat_report
    assert (folder / "angles.csv").read_text() == angles_csv(motion)
    assert sorted(file.name for file in folder.iterdir()) == ["angles.csv", "report.json"]


@pytest.mark.parametrize("span", [[9, 2], [-1, 2]])
def test_a_range_of_counts_that_makes_no_sense_is_refused(
    span: list[int], squat_report: Report, tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    file.write_text(json.dumps(squat_report.model_dump(mode="json") | {"count_range": span}))
    with pytest.raises(UsageError) as caught:
        read_report(file)
    assert str(caught.value) == (
        f"{file} is not a formcheck report (count_range: expected the fewest before the most "
        f"reps, got {span})."
    )


def test_angles_are_rounded_and_missing_ones_are_empty() -> None:
    table = series_table(
        np.array([0.0, 1 / 30]),
        {"trunk_lean": np.array([1.23456, np.nan])},
        np.array([0.98765, 0.5]),
    )
    assert table.csv_text().splitlines() == [
        "t_s,trunk_lean_deg,visibility",
        "0.0000,1.23,0.988",
        "0.0333,,0.500",
    ]


def test_every_angle_has_its_error_after_all_angles(squat: ClipAnalysis) -> None:
    head, *rows = csv.reader(io.StringIO(angles_csv(squat.analysis.motion)))
    names = list(squat.analysis.motion.angles.columns)
    errors = [f"{name}_error_deg" for name in names]
    assert head == ["t_s", *(f"{name}_deg" for name in names), *errors, "visibility"]
    for row in rows:
        cells = dict(zip(head, row, strict=True))
        for name in names:
            assert bool(cells[f"{name}_deg"]) == bool(cells[f"{name}_error_deg"])


def test_default_folder() -> None:
    assert default_folder(Path("a/b.c.mp4")) == Path("a/b.c_formcheck")


def test_each_landmark_has_a_digit_for_each_second(
    squat: ClipAnalysis, squat_report: Report
) -> None:
    seconds = int(squat.analysis.motion.t_s[-1]) + 1
    found = squat_report.tracking.by_second
    assert len(found) == 18
    assert {len(digits) for digits in found.values()} == {seconds}
    near = squat.analysis.motion.view.near_side
    assert set(found[f"{near}_knee"]) == {"9"}  # a clear clip
    again = Report.model_validate_json(report_json(squat_report))
    assert again.tracking.by_second == found
