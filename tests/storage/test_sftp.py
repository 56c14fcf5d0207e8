from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from formcheck.errors import OutputError
from formcheck.storage import Folder, NoFolderError, StorageError
from tests.helpers.sftp import SFTP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def sftp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SFTP]:
    server = SFTP(tmp_path / "served", tmp_path / "home")
    server.folder.mkdir()
    server.make_keys()
    server.start()
    monkeypatch.setenv("HOME", str(server.home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    yield server
    server.stop()


def test_files_go_there_and_come_back(sftp: SFTP, tmp_path: Path) -> None:
    folder = Folder(sftp.url("results"))
    with pytest.raises(NoFolderError, match="There is no folder"):
        list(folder.files())
    inner = folder.inside("clips").inside("what? #1.mp4")
    assert inner.read("record.json") is None
    inner.write("record.json", b"{}")
    inner.write("record.json", b"{ }")
    (tmp_path / "large").write_bytes(b"x" * 300_000)
    inner.put("track.npz", tmp_path / "large")
    assert inner.read("record.json") == b"{ }"
    assert inner.head("track.npz", 5) == b"xxxxx"
    with inner.fetched("track.npz") as copy:
        assert copy.read_bytes() == b"x" * 300_000
    assert not copy.exists()
    found = {file.name: file for file in folder.files()}
    assert {name: file.size for name, file in found.items()} == {
        "clips/what? #1.mp4/record.json": 3,
        "clips/what? #1.mp4/track.npz": 300_000,
    }
    there = sftp.folder / "results" / "clips" / "what? #1.mp4" / "record.json"
    assert found["clips/what? #1.mp4/record.json"].modified == int(there.stat().st_mtime)
    inner.remove("record.json")
    inner.remove("record.json")
    assert not there.exists()


def test_names_that_are_patterns_elsewhere_are_only_names(sftp: SFTP) -> None:
    folder = Folder(sftp.url("results"))
    names = ["a[1].mp4", "a1.mp4", "b*?.mp4", "bcd.mp4", "{c,d}/100%.mp4", "Jose\u0301/s.mp4"]
    for name in names:
        folder.write(name, name.encode())
    assert {file.name for file in folder.files()} == {*names}
    assert [content for _, content in folder.read_all(names)] == [n.encode() for n in names]
    assert list(folder.read_all(["a?.mp4", "[ab]*"])) == [("a?.mp4", None), ("[ab]*", None)]
    folder.remove("a[1].mp4")
    folder.remove("b*?.mp4")
    assert {file.name for file in folder.files()} == {*names} - {"a[1].mp4", "b*?.mp4"}


def test_links_and_what_cannot_be_listed_are_told(sftp: SFTP) -> None:
    (sftp.folder / "clips").mkdir()
    (sftp.folder / "real.mp4").write_bytes(b"12345")
    (sftp.folder / "clips" / "link.mp4").symlink_to("../real.mp4")
    (sftp.folder / "clips" / "nowhere.mp4").symlink_to("../gone.mp4")
    (sftp.folder / "clips" / ".hidden.mp4").write_bytes(b"1")
    found = {file.name: file.size for file in Folder(sftp.url("clips")).files()}
    assert found == {"link.mp4": 5, "nowhere.mp4": 0}


def test_an_interrupted_upload_is_swept_away(sftp: SFTP) -> None:
    folder = Folder(sftp.url("results"))
    folder.sweep()
    folder.write("a/report.json", b"{}")
    (sftp.folder / "results" / "a" / "report.json.77aa.formcheck-part").write_bytes(b"{")
    folder.sweep()
    assert [file.name for file in folder.files()] == ["a/report.json"]


def test_a_server_that_was_started_anew_is_found_again(sftp: SFTP) -> None:
    folder = Folder(sftp.url("results"))
    folder.write("a", b"1")
    sftp.stop()
    with pytest.raises(
        StorageError, match=r"Cannot read sftp://anna@127.0.0.1:\d+/results: unable to"
    ):
        folder.read("a")
    sftp.start()
    assert folder.read("a") == b"1"
    sftp.stop()
    sftp.start()
    folder.write("a", b"2")  # a connection that was lost without notice
    assert folder.read("a") == b"2"


def test_threads_and_their_new_folders_do_not_disturb_each_other(sftp: SFTP) -> None:
    folder = Folder(sftp.url("results"))

    def there_and_back(number: int) -> bool:
        inner = folder.inside(f"new/{number // 8}/deep/{number}")
        content = bytes([number]) * 50_000
        inner.write("a", content)
        return inner.read("a") == content

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(there_and_back, range(32)))


def test_an_unknown_host_is_refused(sftp: SFTP) -> None:
    (sftp.keys / "known_hosts").write_text("")
    with pytest.raises(StorageError, match="not found in known_hosts"):
        list(Folder(sftp.url("")).files())
    with pytest.raises(OutputError, match="not found in known_hosts"):
        Folder(sftp.url("")).write("a", b"1")


def test_a_host_with_another_key_than_before_is_refused(sftp: SFTP) -> None:
    own = (sftp.keys / "known_hosts").read_text().split()
    user = (sftp.keys / "user.pub").read_text().split()
    (sftp.keys / "known_hosts").write_text(f"{own[0]} {user[0]} {user[1]}\n")
    with pytest.raises(StorageError, match="does not match"):
        list(Folder(sftp.url("")).files())
