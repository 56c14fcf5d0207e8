from __future__ import annotations

import resource
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.errors import OutputError
from formcheck.kinematics.angles import Angles, AngleSource
from formcheck.report.files import (
    angles_csv,
    check_folder,
    default_folder,
    write_files,
    write_report,
    write_text,
)
from formcheck.report.model import Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formcheck import ClipAnalysis

LONG = "x" * 100_000


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let the system refuse longer files, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


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


def test_an_earlier_report_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("earlier")
    (tmp_path / "mine").write_text("kept")
    write_files({"a": "new"}, tmp_path)
    assert {f.name: f.read_text() for f in tmp_path.iterdir()} == {"a": "new", "mine": "kept"}


def test_a_full_disk_leaves_the_earlier_report(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("earlier")
    with largest_file(50_000), pytest.raises(OutputError, match=r"^Cannot write to .*\.$"):
        write_files({"a": "new", "b": LONG}, tmp_path)
    assert {f.name: f.read_text() for f in tmp_path.iterdir()} == {"a": "earlier"}


def test_a_full_disk_leaves_no_new_folder(tmp_path: Path) -> None:
    with largest_file(50_000), pytest.raises(OutputError):
        write_files({"a": "new", "b": LONG}, tmp_path / "x" / "y")
    assert list(tmp_path.iterdir()) == []


def test_files_are_readable_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write_files({"a": "new"}, tmp_path)
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("name", ["file", "file/below", "file/far/below"])
def test_a_folder_that_cannot_be(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="is not a folder"):
        check_folder(tmp_path / name)
    with pytest.raises(OutputError, match="Cannot write to"):
        write_files({"a": "new"}, tmp_path / name)


def test_a_folder_that_can_be_is_not_made(tmp_path: Path) -> None:
    check_folder(tmp_path / "x" / "y")
    assert list(tmp_path.iterdir()) == []


def test_text_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("earlier")
    (tmp_path / "link").symlink_to("target")
    write_text("new", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_text_to_a_device() -> None:
    with pytest.raises(OutputError, match="no space left on device"):
        write_text("new", Path("/dev/full"))
    assert Path("/dev/full").is_char_device()


def test_default_folder() -> None:
    assert default_folder(Path("a/b.c.mp4")) == Path("a/b.c_formcheck")
