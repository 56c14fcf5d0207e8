"""What an extra brings is asked for in one sentence, and missed by nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import SAMPLES
from tests.helpers.remux import remux

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine, Here

ROOT = Path(__file__).resolve().parents[2]
REMOTE = ("fsspec", "paramiko", "s3fs", "dask", "distributed")


def without(
    formcheck: CommandLine, hidden: tuple[str, ...], *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run formcheck where packages are not installed: None in `sys.modules` is just that."""
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({hidden}))\n"
        "from formcheck.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=formcheck.environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def extras() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found: dict[str, list[str]] = project["optional-dependencies"]
    return found


def brought_by(extra: str) -> set[str]:
    """Packages that an extra installs, also by way of other extras."""
    found = set()
    for requirement in extras()[extra]:
        name, inner = re.match(r"([\w-]+)(?:\[([\w,]+)\])?", requirement).groups()  # type: ignore[union-attr]
        found |= {name, *(inner or "").split(",")} - {"formcheck", ""}
        if name == "formcheck":
            found |= {package for part in inner.split(",") for package in brought_by(part)}
    return found


def assert_asked_for(done: subprocess.CompletedProcess[str], place: str, extra: str) -> None:
    assert done.returncode == 1
    assert done.stderr == (
        f"{place.replace(':secret', '')} needs the extra '{extra}': "
        f"pip install 'formcheck[{extra}]'.\n"
    )


@pytest.mark.parametrize(
    ("place", "extra"),
    [
        ("s3://bucket/clips", "s3"),
        ("sftp://anna:secret@host/clips", "sftp"),
        ("gs://bucket/clips", "remote"),
    ],
)
def test_a_folder_elsewhere_without_fsspec(
    here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert_asked_for(here("batch", place, "--out", tmp_path / "out"), place, extra)
    assert "fsspec" in brought_by(extra)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("hidden", "place", "extra"),
    [
        ("s3fs", "s3://bucket/clips", "s3"),
        ("paramiko", "sftp://anna:secret@host/clips", "sftp"),
    ],
)
def test_a_folder_elsewhere_whose_library_is_missing(
    formcheck: CommandLine, tmp_path: Path, hidden: str, place: str, extra: str
) -> None:
    """In a process of its own, for fsspec keeps what it found once."""
    done = without(formcheck, (hidden,), "batch", place, "--out", tmp_path / "out")
    assert_asked_for(done, place, extra)
    assert hidden in brought_by(extra)
    assert not (tmp_path / "out").exists()


def test_a_cluster_without_dask(
    here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = here("batch", tmp_path, "--dask", "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert done.stderr == "--dask needs the extra 'dask': pip install 'formcheck[dask]'.\n"
    assert "distributed" in brought_by("dask")


def test_folders_of_this_machine_need_none_of_them(formcheck: CommandLine, tmp_path: Path) -> None:
    remux(SAMPLES / "row_side_good.mp4", tmp_path / "clips" / "row.mp4", seconds=1.0)
    for clips in (str(tmp_path / "clips"), f"file://{tmp_path / 'clips'}"):
        done = without(formcheck, REMOTE, "batch", clips, "--out", tmp_path / "out")
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "clips" / "row.mp4" / "report.json").exists()


def test_everything_is_in_all() -> None:
    wanted = {*extras()} - {"all", "dev", "readers", "samples"}
    assert {p for extra in wanted for p in brought_by(extra)} <= brought_by("all")
