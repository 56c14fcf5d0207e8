from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.angles import Angles, AngleSource
from formcheck.report.files import angles_csv, default_folder, write_report
from formcheck.report.model import Report

if TYPE_CHECKING:
    from formcheck import ClipAnalysis

LONG = "x" * 100_000


def test_both_files(squat: ClipAnalysis, squat_report: Report, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    angles = squat.analysis.motion.angles
    write_report(squat_report, angles, folder)
    assert Report.model_validate_json((folder / "report.json").read_text()) == squat_report
    assert (folder / "angles.csv").read_text() == angles_csv(angles)
    assert sorted(file.name for file in folder.iterdir()) == ["angles.csv", "report.json"]


def test_angles_are_rounded_and_missing_ones_are_empty() -> None:
    angles = Angles(
        np.array([0.0, 1 / 30]),
        {"trunk_lean": np.array([1.23456, np.nan])},
        np.array([0.98765, 0.5]),
        {"trunk_lean": AngleSource.IMAGE},
    )
    assert angles_csv(angles).splitlines() == [
        "t_s,trunk_lean_deg,visibility",
        "0.0000,1.23,0.988",
        "0.0333,,0.500",
    ]


def test_default_folder() -> None:
    assert default_folder(Path("a/b.c.mp4")) == Path("a/b.c_formcheck")
