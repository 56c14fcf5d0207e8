from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck.errors import OutputError
from formcheck.files import PART, check_folder, check_place, replacing, write_files, write_text

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def test_nothing_appears_before_all_is_written(tmp_path: Path) -> None:
    files = tmp_path / "a", tmp_path / "b"
    files[0].write_text("old")
    with replacing(*files) as parts:
        for part in parts:
            part.write_text("new")
        assert files[0].read_text() == "old"
        assert not files[1].exists()
        assert {part.suffix for part in parts} == {PART}
        assert {part.parent for part in parts} == {tmp_path}
    assert {f.name: f.read_text() for f in tmp_path.iterdir()} == {"a": "new", "b": "new"}


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_an_interruption_leaves_the_old_files(tmp_path: Path, error: type[BaseException]) -> None:
    def interrupted() -> None:
        with replacing(tmp_path / "a", tmp_path / "b") as parts:
            parts[0].write_text("half")
            raise error

    (tmp_path / "a").write_text("old")
    with pytest.raises(error):
        interrupted()
    assert {f.name: f.read_text() for f in tmp_path.iterdir()} == {"a": "old"}


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    name = "ü" * 125 + ".csv"
    write_text("new", tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_what_is_private_is_private(tmp_path: Path) -> None:
    with replacing(tmp_path / "a", mode=0o600):
        pass
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    (tmp_path / "a").chmod(0o644)  # as an earlier version may have left it
    with replacing(tmp_path / "a", mode=0o600):
        pass
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_what_is_written_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a power cut leaves cannot be tried; that the system was asked to keep it can."""
    kept, sync = [], os.fsync

    def noted(number: int) -> None:
        kept.append(Path(f"/proc/self/fd/{number}").readlink())
        sync(number)

    monkeypatch.setattr("os.fsync", noted)
    write_files({"a": "new"}, tmp_path)
    part, folder = kept
    assert part.suffix == PART
    assert folder == tmp_path


def test_standard_output_that_leads_to_a_file_is_written_on(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("before\n")
    code = (
        "from pathlib import Path; from formcheck.files import write_text;"
        "write_text('now\\n', Path('/dev/stdout')); print('after')"
    )
    with log.open("a") as out:
        subprocess.run([sys.executable, "-c", code], stdout=out, check=True, timeout=60)
    assert log.read_text() == "before\nnow\nafter\n"
    assert [file.name for file in tmp_path.iterdir()] == ["log.txt"]


def test_who_may_read_a_file_stays_when_it_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "private.csv"
    file.touch(0o600)
    write_text("t_s\n", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_device_is_a_place_and_needs_no_folder_to_write_in() -> None:
    check_place(Path("/dev/null"))
    write_text("gone", Path("/dev/null"))
    assert Path("/dev/null").is_char_device()


def test_a_name_that_is_too_long_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="name too long"):
        check_place(tmp_path / ("a" * 300))
    with pytest.raises(OutputError, match="name too long"):
        write_text("", tmp_path / ("a" * 300))
