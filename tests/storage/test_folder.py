from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from formcheck.errors import MissingLibraryError, OutputError, UsageError
from formcheck.storage import Folder, NoFolderError, StorageError, write_durably

SECRET = "sftp://anna:s3cret@host/clips"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "clip.mp4").write_bytes(b"12345")
    (tmp_path / "a" / ".hidden.mp4").write_bytes(b"1")
    return tmp_path / "a"


def test_files_below_are_named_from_the_folder(root: Path) -> None:
    (found,) = Folder(str(root)).files()
    assert (found.name, found.size) == ("b/clip.mp4", 5)
    assert found.modified == (root / "b" / "clip.mp4").stat().st_mtime
    assert list(Folder(f"file://{root}").files()) == [found]


def test_a_changed_file_has_another_stamp(root: Path) -> None:
    folder = Folder(str(root))
    (before,) = folder.files()
    os.utime(root / "b" / "clip.mp4", ns=(1, 1))
    (after,) = folder.files()
    assert before.stamp != after.stamp


def test_what_cannot_be_used_is_told_with_its_reason(root: Path) -> None:
    (root / "b" / os.fsdecode(b"caf\xe9.mp4")).write_bytes(b"1")
    told: list[tuple[str, str]] = []
    found = list(Folder(str(root)).files(lambda name, why: told.append((name, why))))
    assert [file.name for file in found] == ["b/clip.mp4"]
    assert told == [("b/caf\\udce9.mp4", "its name is not UTF-8")]


def test_a_folder_that_is_not_there_is_told_from_an_empty_one(tmp_path: Path) -> None:
    assert list(Folder(str(tmp_path)).files()) == []
    with pytest.raises(NoFolderError, match="does not exist"):
        list(Folder(str(tmp_path / "gone")).files())
    (tmp_path / "file").write_text("")
    with pytest.raises(NoFolderError, match="is not a folder"):
        list(Folder(str(tmp_path / "file")).files())


def test_reading_what_is_there_and_what_is_not(root: Path) -> None:
    folder = Folder(str(root)).inside("b")
    assert folder.read("clip.mp4") == b"12345"
    assert folder.read("other.mp4") is None
    assert folder.inside("clip.mp4").read("record.json") is None
    assert folder.head("clip.mp4", 3) == b"123"
    assert list(folder.read_all(["clip.mp4", "x"])) == [("clip.mp4", b"12345"), ("x", None)]
    with pytest.raises(StorageError, match=r"Cannot read .*b: is a directory"):
        Folder(str(root)).read("b")


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(root: Path) -> None:
    script = (
        "import resource, signal, sys; from formcheck.storage import Folder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "Folder(sys.argv[1]).write('clip.mp4', b'x' * 2000)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(root / "b")],
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "OutputError: Cannot write" in run.stderr
    assert {f.name: f.read_bytes() for f in (root / "b").iterdir()} == {"clip.mp4": b"12345"}


def test_a_file_in_the_way_is_an_error_of_writing(root: Path) -> None:
    with pytest.raises(OutputError, match=r"Cannot write .*record.json: "):
        Folder(str(root)).inside("b/clip.mp4").write("record.json", b"{}")


def test_leftovers_of_a_killed_write_are_swept_away(root: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from formcheck.storage import local\n"
        "local.os.fsync = lambda _: os.kill(os.getpid(), 9)\n"
        "local.write_durably(Path(sys.argv[1]), b'half')"
    )
    env = os.environ | {"PYTHONPATH": str(Path.cwd())}
    subprocess.run(
        [sys.executable, "-c", script, str(root / "b" / "new.json")], env=env, check=False
    )
    assert len(list((root / "b").iterdir())) == 2
    Folder(str(root)).sweep()
    assert [file.name for file in (root / "b").iterdir()] == ["clip.mp4"]


def test_unfinished_files_of_others_stay(root: Path) -> None:
    download = root / "film.mp4.part"
    download.write_bytes(b"half of it")
    Folder(str(root)).sweep()
    assert download.read_bytes() == b"half of it"


def test_new_files_have_the_rights_that_the_user_wants(root: Path) -> None:
    by_hand, ours = root / "by_hand", root / "ours"
    by_hand.write_bytes(b"")
    write_durably(ours, b"")
    assert ours.stat().st_mode == by_hand.stat().st_mode


def test_names_may_hold_what_means_something_else_in_a_url() -> None:
    folder = Folder("s3://bucket/clips").inside("what?#1.mp4")
    assert folder.at("report.json") == "s3://bucket/clips/what?#1.mp4/report.json"
    assert folder.shown_at("report.json") == "s3://bucket/clips/what?#1.mp4/report.json"


def test_passwords_are_not_shown() -> None:
    folder = Folder(SECRET)
    assert folder.shown == "sftp://anna@host/clips"
    assert folder.shown_at("a.mp4") == "sftp://anna@host/clips/a.mp4"
    assert folder.inside("a").shown == "sftp://anna@host/clips/a"
    assert folder.name == "clips"
    with pytest.raises(StorageError) as caught:
        Folder("sftp://anna:s3cret@127.0.0.1:9/clips").read("a")
    assert "s3cret" not in str(caught.value)


def test_a_folder_in_memory_is_one_like_others() -> None:
    folder = Folder("memory://formcheck-test")
    folder.write("a/b", b"1")
    folder.write("a/c", b"22")
    assert {file.name: file.size for file in folder.files()} == {"a/b": 1, "a/c": 2}
    assert list(folder.read_all(["a/b", "gone", "a/c"])) == [
        ("a/b", b"1"),
        ("gone", None),
        ("a/c", b"22"),
    ]
    folder.remove("a/b")
    assert folder.read("a/b") is None
    with pytest.raises(NoFolderError):
        list(Folder("memory://formcheck-nothing").files())


def test_names_that_are_patterns_and_names_with_an_empty_part_are_only_names() -> None:
    folder = Folder("memory://formcheck-patterns")
    names = ["a[1].mp4", "a1.mp4", "b*?.mp4", "bcd.mp4", "c//d.mp4", "c/d.mp4"]
    for name in names:
        folder.write(name, name.encode())
    assert {file.name for file in folder.files()} == {*names}
    assert [content for _, content in folder.read_all(names)] == [n.encode() for n in names]
    assert list(folder.read_all(["[ab]*", "a?.mp4"])) == [("[ab]*", None), ("a?.mp4", None)]
    for name in names:
        with folder.fetched(name) as copy:
            assert copy.read_bytes() == name.encode()
    folder.remove("a[1].mp4")
    folder.remove("b*?.mp4")
    folder.remove("c//d.mp4")
    assert sorted(file.name for file in folder.files()) == ["a1.mp4", "bcd.mp4", "c/d.mp4"]


def test_a_url_of_an_unknown_kind() -> None:
    with pytest.raises(UsageError, match="expected a folder or a URL"):
        list(Folder("quux://host/clips").files())


@pytest.mark.skipif(find_spec("gcsfs") is not None, reason="gcsfs is installed")
def test_a_url_whose_library_is_missing() -> None:
    with pytest.raises(MissingLibraryError, match="Please install gcsfs"):
        list(Folder("gs://bucket/clips").files())
