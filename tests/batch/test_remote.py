from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from formcheck.batch.executors import local_workers
from formcheck.storage import Folder
from tests.conftest import SAMPLES
from tests.helpers.batch_run import batch, contents, wait_until
from tests.helpers.remux import remux
from tests.helpers.sftp import SFTP
from tests.helpers.sftp_server import PASSWORD, USER

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_THE_PLACE = ("stamp", "files")
"""What a record says of the place of the clip: other times, and a page without player."""


@pytest.fixture(scope="module")
def sftp(
    short_clips: Path, tmp_path_factory: pytest.TempPathFactory, shared_cache: Path
) -> Iterator[SFTP]:
    place = tmp_path_factory.mktemp("sftp")
    server = SFTP(place / "served", place / "home")
    shutil.copytree(short_clips, server.folder / "clips")
    server.make_keys()
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(server.home))
        patch.delenv("SSH_AUTH_SOCK", raising=False)
        patch.setenv("FORMCHECK_CACHE", str(shared_cache))
        yield server
    server.stop()


@pytest.fixture(scope="module")
def done(sftp: SFTP) -> Path:
    """Results of a batch whose clips and results are both behind SFTP."""
    records = list(
        batch(Folder(sftp.url("clips")), Folder(sftp.url("results/new")), local_workers(2))
    )
    assert len(records) == 6
    return sftp.folder / "results" / "new"


def comparable(root: Path) -> dict[str, Any]:
    """Contents of result folders, without what says where the clips lie."""
    found: dict[str, Any] = contents(root / "clips")
    for name in list(found):
        if name.endswith("report.html"):
            del found[name]
        elif name.endswith(".json"):
            found[name] = json.loads(found[name])
            if name.endswith("record.json"):
                for part in OF_THE_PLACE:
                    del found[name][part]
            else:
                del found[name]["video"]["path"]
    return found


def test_results_are_those_of_a_local_run(sftp: SFTP, done: Path, tmp_path: Path) -> None:
    local = Folder(str(sftp.folder / "clips"))
    list(batch(local, Folder(str(tmp_path / "out")), local_workers(2)))
    assert comparable(done) == comparable(tmp_path / "out")
    report = json.loads((done / "clips/anna/row_side_good.mp4/report.json").read_text())
    assert report["video"]["path"] == sftp.url("clips/anna/row_side_good.mp4")
    broken = json.loads((done / "clips/anna/broken.mp4/record.json").read_text())
    assert broken["reason"].startswith("broken.mp4 is not a video")


def test_what_is_done_is_not_done_again(sftp: SFTP, done: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in done.rglob("*")}
    results = Folder(sftp.url("results/new"))
    assert list(batch(Folder(sftp.url("clips")), results, local_workers(1))) == []
    assert {file: file.stat().st_mtime_ns for file in done.rglob("*")} == before
    (done / "clips/anna/row_side_good.mp4/report.html").unlink()
    again = list(batch(Folder(sftp.url("clips")), results, local_workers(1)))
    assert [record.clip for record in again] == ["anna/row_side_good.mp4"]
    assert (done / "clips/anna/row_side_good.mp4/report.html").exists()


def cli(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-m", "formcheck", "batch", *arguments]


def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(Path.cwd()),
        "FORMCHECK_HISTORY": str(tmp_path / "history.sqlite"),
    }


def test_changed_rules_use_the_tracks_that_lie_there(
    sftp: SFTP, done: Path, tmp_path: Path
) -> None:
    shutil.copytree(done, sftp.folder / "rescored")
    rules = tmp_path / "mine.toml"
    rules.write_text('[change."squat.depth"]\nenabled = false\n')
    run = subprocess.run(
        cli(sftp.url("clips"), "--out", sftp.url("rescored"), "--rules", rules),
        env=environment(tmp_path) | {"FORMCHECK_CACHE": str(tmp_path / "empty")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stderr
    assert not (tmp_path / "empty").exists()
    clip = "clips/ben/may/squat_side_lean.mp4"
    old, new = (
        json.loads((root / clip / "record.json").read_text())
        for root in (done, sftp.folder / "rescored")
    )
    assert new["key"] != old["key"]
    track = Path(clip) / "track.npz"
    assert (sftp.folder / "rescored" / track).read_bytes() == (done / track).read_bytes()


def test_killed_and_resumed_ends_the_same(sftp: SFTP, done: Path, tmp_path: Path) -> None:
    command = cli(sftp.url("clips"), "--out", sftp.url("killed"))
    env = environment(tmp_path)
    aside = tmp_path / "aside"
    aside.mkdir()
    killed = subprocess.Popen(
        command, env=env | {"FORMCHECK_CACHE": str(tmp_path / "empty"), "TMPDIR": str(aside)}
    )
    wait_until(lambda: any((sftp.folder / "killed").rglob("track.npz*")))
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    wait_until(lambda: not list(aside.iterdir()), 10.0)  # not even the fetched clips stay
    assert len(list((sftp.folder / "killed").rglob("record.json"))) < 6
    left = sftp.folder / "killed" / "clips" / "anna" / "report.json.0123.formcheck-part"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_text("half a rep")
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stderr
    assert comparable(sftp.folder / "killed") == comparable(done)
    assert not list((sftp.folder / "killed").rglob("*part"))


def test_a_password_comes_from_the_environment_and_is_never_shown(
    sftp: SFTP, tmp_path: Path
) -> None:
    env = environment(tmp_path) | {"HOME": str(tmp_path / "home without keys")}
    known = tmp_path / "home without keys" / ".ssh" / "known_hosts"
    known.parent.mkdir(parents=True)
    shutil.copy(sftp.keys / "known_hosts", known)
    own = tmp_path / "config" / "sftp.json"
    own.parent.mkdir()
    own.write_text(json.dumps({"sftp": {"password": PASSWORD, "look_for_keys": False}}))
    few = sftp.folder / "few" / "anna"  # each way in is a batch of its own
    few.mkdir(parents=True)
    shutil.copy(sftp.folder / "clips" / "anna" / "broken.mp4", few)
    remux(SAMPLES / "row_side_good.mp4", few / "row.mp4", seconds=0.5)
    ways = {
        "environment": (USER, {"FSSPEC_SFTP_PASSWORD": PASSWORD}),
        "config": (USER, {"FSSPEC_CONFIG_DIR": str(own.parent)}),
        "url": (f"{USER}:{PASSWORD}", {}),
    }
    for way, (login, settings) in ways.items():
        run = subprocess.run(
            cli(
                *(sftp.url("few", login), "--out", sftp.url(f"by_{way}", login)),
                *("--by-folder", "--workers", "1"),
            ),
            env=env | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 1, run.stderr
        assert "broken.mp4" in run.stderr
        assert PASSWORD not in run.stdout + run.stderr
        files = contents(sftp.folder / f"by_{way}")
        assert {"manifest.json", "clips/anna/row.mp4/report.json"} <= {*files}
        assert not [name for name, content in files.items() if PASSWORD.encode() in content]
    refused = subprocess.run(
        cli(sftp.url("clips", f"{USER}:wrong-one"), "--out", tmp_path / "out"),
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 3
    assert refused.stderr.splitlines()[-1] == (
        f"Cannot read {sftp.url('clips')}: authentication failed."
    )
