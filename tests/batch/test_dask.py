from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck.batch.executors import dask_workers, local_workers
from formcheck.batch.settings import RunSettings, WorkerError
from formcheck.errors import UsageError
from formcheck.pose.model import load_model
from formcheck.storage import Folder
from tests.conftest import SAMPLES
from tests.helpers.batch_run import (
    batch,
    children,
    command,
    contents,
    wait_until,
    workers_of,
)
from tests.helpers.remux import remux

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIPS = 8
FEW = ("0.mp4", "1.mp4", "2.mp4", "bad.mp4")
START_S = 60.0
QUIET = {"DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}
NOT_A_PORT = "tcp://127.0.0.1:9"


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Clips that differ in how long they are, and one that is none."""
    folder = tmp_path_factory.mktemp("dask") / "clips"
    for number in range(CLIPS - 1):
        remux(SAMPLES / "row_side_good.mp4", folder / f"{number}.mp4", seconds=1 + number / 10)
    (folder / "bad.mp4").write_text("no video")
    return Folder(str(folder))


@pytest.fixture(scope="module")
def few(clips: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The shortest of them."""
    folder = tmp_path_factory.mktemp("few")
    for name in FEW:
        shutil.copy(clips.at(name), folder / name)
    return Folder(str(folder))


@pytest.fixture(scope="module")
def local(clips: Folder, tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> Path:
    """Results of a run on this machine."""
    out = tmp_path_factory.mktemp("local") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORMCHECK_CACHE", str(shared_cache))
        records = list(batch(clips, Folder(str(out)), local_workers(2)))
    assert len(records) == CLIPS
    return out


@dataclass
class Cluster:
    """A scheduler and workers, each with the nanny that starts it anew."""

    address: str
    nannies: list[int]

    def worker(self, number: int) -> int:
        """The process of a Dask worker: the child of its nanny that has the threads."""
        found = [c for c in children(self.nannies[number]) if b"spawn_main" in command(c)]
        (worker,) = found
        return worker

    def busy(self, number: int) -> list[int]:
        return workers_of(self.nannies[number])


@contextmanager
def cluster(folder: Path, cache: Path, *, workers: int, **options: str) -> Iterator[Cluster]:
    folder.mkdir()
    env = os.environ | QUIET | options
    env |= {"PYTHONPATH": str(Path.cwd()), "FORMCHECK_CACHE": str(cache)}
    log = (folder / "log").open("wb")

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    with ExitStack() as stack, log:
        running: list[subprocess.Popen[bytes]] = []
        stack.callback(_end, running)
        file = folder / "scheduler.json"
        running.append(
            start("scheduler", "--host=127.0.0.1", "--port=0", f"--scheduler-file={file}")
        )
        wait_until(file.exists, START_S)
        running += [
            start(
                *("worker", f"--scheduler-file={file}", "--nthreads=1"),
                f"--local-directory={folder / str(number)}",
            )
            for number in range(workers)
        ]
        address = _address(file)
        with dask_workers(address) as (executor, _):
            wait_until(lambda: executor.workers_now() == workers, START_S)  # type: ignore[attr-defined]
        yield Cluster(address, [process.pid for process in running[1:]])


def _address(file: Path) -> str:
    import json

    found: str = json.loads(file.read_text())["address"]
    return found


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        for child in (*children(process.pid), process.pid):
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
        process.wait()


@pytest.fixture(scope="module")
def one_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that gives a task up when its worker dies once, and never saw a clip before."""
    place = tmp_path_factory.mktemp("cluster")
    never = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with cluster(place / "one", place / "cache", workers=1, **never) as made:
        yield made


def test_a_worker_killed_for_good_and_one_that_comes_back_lose_nothing(
    clips: Folder, local: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with cluster(tmp_path / "cluster", tmp_path / "cache", workers=2) as two:
        seen = []
        for record in batch(clips, Folder(str(out)), dask_workers(two.address)):
            seen.append(record.clip)
            if len(seen) == 2:  # its nanny starts another
                wait_until(lambda: bool(two.busy(0)))
                (busy,) = two.busy(0)
                os.kill(two.worker(0), signal.SIGKILL)
                wait_until(lambda pid=busy: not command(pid), 10.0)  # type: ignore[misc]
            if len(seen) == 4:
                lost = [*children(two.nannies[1]), two.nannies[1]]
                for process in (two.nannies[1], two.worker(1)):
                    os.kill(process, signal.SIGKILL)
                wait_until(lambda pids=lost: not any(map(command, pids)), 10.0)  # type: ignore[misc]
    assert sorted(seen) == sorted({*seen})
    assert len(seen) == CLIPS
    assert contents(out) == contents(local)


def test_a_clip_that_the_cluster_gives_up_is_one_failed_clip(
    few: Folder, one_worker: Cluster, tmp_path: Path
) -> None:
    run = batch(few, Folder(str(tmp_path / "out")), dask_workers(one_worker.address))
    records = [next(run)]
    wait_until(lambda: bool(one_worker.busy(0)))
    os.kill(one_worker.worker(0), signal.SIGKILL)
    records += run
    lost = [r for r in records if r.reason is not None and "KilledWorker" in r.reason]
    assert len(records) == len(FEW)
    assert 1 <= len(lost) <= 2  # the one in work, and the one that waited at the same worker
    assert not any(record.final for record in lost)
    again = batch(few, Folder(str(tmp_path / "out")), dask_workers(one_worker.address))
    assert {record.clip for record in again} == {record.clip for record in lost}


def test_when_the_client_is_killed_its_clips_are_given_up(
    few: Folder, one_worker: Cluster, tmp_path: Path
) -> None:
    script = (
        "import sys; from formcheck.storage import Folder\n"
        "from tests.helpers.batch_run import batch\n"
        "from formcheck.batch.executors import dask_workers\n"
        "list(batch(Folder(sys.argv[1]), Folder(sys.argv[2]), dask_workers(sys.argv[3])))"
    )
    client = subprocess.Popen(
        [sys.executable, "-c", script, few.address, str(tmp_path / "out"), one_worker.address],
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    results = tmp_path / "out" / "clips"
    wait_until(lambda: len(list(results.rglob("record.json"))) >= 1)
    (busy,) = one_worker.busy(0)
    os.kill(busy, signal.SIGSTOP)  # in the middle of a clip, or about to be given one
    time.sleep(1.0)
    client.kill()
    client.wait()
    wait_until(lambda: not command(busy), 30.0)
    done = len(list(results.rglob("record.json")))
    assert done < len(FEW)
    time.sleep(2.0)
    assert len(list(results.rglob("record.json"))) == done  # and nobody goes on writing


def test_another_version_on_the_cluster_ends_the_run_with_a_sentence(
    few: Folder, one_worker: Cluster, tmp_path: Path
) -> None:
    settings = RunSettings(model_sha256=load_model().sha256, version="9.9")
    run = batch(
        few, Folder(str(tmp_path / "out")), dask_workers(one_worker.address), settings=settings
    )
    with pytest.raises(WorkerError, match=r"Expected formcheck 9\.9 on every worker, got"):
        list(run)


def test_a_cluster_that_is_not_there_is_told_at_once() -> None:
    begun = time.monotonic()
    with pytest.raises(WorkerError, match=f"no Dask scheduler at {NOT_A_PORT} "):
        dask_workers(NOT_A_PORT).__enter__()
    assert time.monotonic() - begun < 10.0
    with pytest.raises(UsageError, match=r"expected an address such as tcp://host:8786, got abc\."):
        dask_workers("abc").__enter__()
