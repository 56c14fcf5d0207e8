"""Keys of an object store, against a server that speaks S3 (`formcheck[readers,s3]`)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from formcheck.batch.clips import find_clips
from formcheck.batch.record import result_folder
from formcheck.batch.run import make_plan
from formcheck.batch.settings import RunSettings
from formcheck.storage import Folder, NoFolderError
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("moto")
s3fs = pytest.importorskip("s3fs")
START_S = 30.0
PLAIN = [
    *("squat [1].mp4", "squat 1.mp4", "what?.mp4", "star*.mp4", "{a,b}.mp4", "a!b.mp4"),
    *("100%.mp4", "%20.mp4", "a#b.mp4", "a b+c.mp4", "we;ird&=@.mp4", "back\\slash.mp4"),
    *("trailing .mp4 ", "Jose\u0301/s.mp4", "José/s.mp4", "[new]/x.mp4"),
]
EMPTY_PARTS = ["a//b.mp4", "a/b.mp4", "/c.mp4", "c.mp4", "a///d.mp4"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ,
    )
    started = time.monotonic()
    while True:
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                break
        if process.poll() is not None or time.monotonic() - started > START_S:
            pytest.fail("the server does not start")
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


@pytest.fixture
def bucket(
    server: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[str]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": server,
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    name = f"bucket{abs(hash(request.node.name)) % 10**8}"
    s3fs.S3FileSystem().mkdir(name)
    yield f"s3://{name}"
    s3fs.S3FileSystem.clear_instance_cache()


def test_every_key_is_only_a_name(bucket: str) -> None:
    folder = Folder(f"{bucket}/clips")
    names = [*PLAIN, *EMPTY_PARTS]
    for name in names:
        folder.write(name, name.encode())
    assert {file.name for file in folder.files()} == {*names}
    wanted = [*names, "[ab]*.mp4", "gone.mp4"]
    assert dict(folder.read_all(wanted)) == {
        **{name: name.encode() for name in names},
        "[ab]*.mp4": None,
        "gone.mp4": None,
    }
    for name in names:
        assert folder.read(name) == name.encode()
        assert folder.head(name, 3) == name.encode()[:3]
        with folder.fetched(name) as copy:
            assert copy.read_bytes() == name.encode()
    for name in PLAIN:
        folder.remove(name)
    assert {file.name for file in folder.files()} == {*EMPTY_PARTS}


def test_a_key_called_like_the_folder_is_none_of_its_files(bucket: str) -> None:
    above = Folder(bucket)
    for name in ("clips", "clips/a.mp4", "clips/a.mp4/b.mp4"):
        above.write(name, name.encode())
    folder = Folder(f"{bucket}/clips")
    assert {file.name for file in folder.files()} == {"a.mp4", "a.mp4/b.mp4"}
    assert folder.read("a.mp4") == b"clips/a.mp4"
    assert folder.read("a.mp4/b.mp4") == b"clips/a.mp4/b.mp4"
    with pytest.raises(NoFolderError):
        list(Folder(f"{bucket}/nothing").files())


def test_no_two_clips_have_one_folder_of_results(bucket: str, tmp_path: Path) -> None:
    clips, data = Folder(f"{bucket}/clips"), (SAMPLES / "squat_side_good.mp4").read_bytes()[:4096]
    names = [*PLAIN, *EMPTY_PARTS]
    for name in names:
        clips.write(name, data)
    for results in (Folder(f"{bucket}/results"), Folder(str(tmp_path / "results"))):
        found = find_clips(clips, results=results).clips
        assert {file.name for file in found} == {*names}
        settings = RunSettings(model_sha256="")
        plan = make_plan(clips, results, found, settings)
        assert len(plan.jobs) == len(names)
        for name in names:
            result_folder(results, name).write("report.json", name.encode())
        for name in names:
            assert result_folder(results, name).read("report.json") == name.encode()
