from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck.batch import isolated
from formcheck.batch.executors import local_workers
from formcheck.batch.isolated import Worker, end_workers, settle_failed, work_isolated
from formcheck.batch.run import locked
from formcheck.batch.settings import WorkerError
from formcheck.storage import Folder
from tests.helpers.batch_run import (
    batch,
    command,
    contents,
    has_open,
    jobs_of,
    wait_until,
    workers_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formcheck.batch.job import Job

CLIP = "row_side_good.mp4"
OTHER = "squat_side_good.mp4"


@pytest.fixture(autouse=True)
def _own_places(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shared_cache: Path
) -> Iterator[None]:
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    monkeypatch.setenv("FORMCHECK_CACHE", str(shared_cache))
    yield
    end_workers()
    assert list(aside.iterdir()) == []  # whatever happened, nothing is left


@pytest.fixture
def clips(short_clips: Path) -> Folder:
    return Folder(str(short_clips / "anna"))


@pytest.fixture
def jobs(clips: Folder, tmp_path: Path) -> Iterator[dict[str, Job]]:
    results = Folder(str(tmp_path / "out"))
    with locked(results):
        yield {job.file.name: job for job in jobs_of(clips, results)}


def my_worker() -> int:
    (found,) = workers_of(os.getpid())
    return found


def test_a_crash_costs_the_clip_and_nothing_else(
    clips: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMCHECK_CACHE", str(tmp_path / "empty"))  # so that it takes a while
    records = {}
    run = batch(clips, Folder(str(tmp_path / "out")), local_workers(1))
    first = next(run)  # not a video: done before anything is tracked
    assert first.clip == "broken.mp4"
    wait_until(lambda: has_open(my_worker(), CLIP))
    os.kill(my_worker(), signal.SIGKILL)
    records = {record.clip: record for record in run}
    assert records[CLIP].reason == "The worker process crashed on this clip (SIGKILL)."
    assert (records[CLIP].status, records[CLIP].final) == ("failed", False)
    assert records[OTHER].status == "done"
    again = [r.clip for r in batch(clips, Folder(str(tmp_path / "out")), local_workers(1))]
    assert again == [CLIP]


def test_a_clip_at_which_the_worker_hangs_is_given_up(jobs: dict[str, Job]) -> None:
    assert work_isolated(jobs[CLIP], 120.0).status == "done"
    os.kill(my_worker(), signal.SIGSTOP)
    hung = work_isolated(jobs[OTHER], 1.5)
    assert hung.reason == "It took longer than 1.5 s (--timeout)."
    assert not hung.final
    assert work_isolated(jobs[OTHER], 120.0).status == "done"


def test_a_worker_killed_between_two_clips_costs_none(jobs: dict[str, Job]) -> None:
    work_isolated(jobs[CLIP], 120.0)
    os.kill(my_worker(), signal.SIGKILL)
    wait_until(lambda: not isolated._own.worker.lives(), 10.0)
    assert work_isolated(jobs[OTHER], 120.0).status == "done"


def test_one_worker_does_all_clips_of_a_thread(jobs: dict[str, Job]) -> None:
    work_isolated(jobs[CLIP], 120.0)
    first = my_worker()
    work_isolated(jobs[OTHER], 120.0)
    assert my_worker() == first


def test_ending_the_workers_leaves_the_clip_to_be_done(
    jobs: dict[str, Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMCHECK_CACHE", str(tmp_path / "empty"))
    with local_workers(1) as (executor, _):
        running = executor.submit(work_isolated, jobs[CLIP], 120.0)
        waiting = executor.submit(work_isolated, jobs[OTHER], 120.0)
        wait_until(lambda: any(has_open(w, CLIP) for w in workers_of(os.getpid())))
    with pytest.raises(CancelledError):
        running.result()
    assert waiting.cancelled()
    assert not list((tmp_path / "out").rglob("record.json"))
    assert not workers_of(os.getpid())


def test_a_worker_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    aside = tmp_path / "aside of another"
    aside.mkdir()
    script = (
        "from formcheck.batch.isolated import Worker; import time\n"
        "worker = Worker(); worker.await_start(); print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | {"TMPDIR": str(aside), "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        (worker,) = workers_of(parent.pid)
        assert list(aside.iterdir())
        parent.kill()
    wait_until(lambda: not command(worker), 10.0)
    assert list(aside.iterdir()) == []


def test_what_was_left_by_workers_killed_with_their_starter_is_swept_away(
    jobs: dict[str, Job], tmp_path: Path
) -> None:
    stale = tmp_path / "aside" / "formcheck-worker-old"
    stale.mkdir()
    (stale / "clip.mp4").write_bytes(b"fetched")
    os.utime(stale, (1, 1))
    work_isolated(jobs[CLIP], 120.0)
    (mine,) = (tmp_path / "aside").iterdir()
    os.utime(mine, (1, 1))
    isolated._sweep_aside()
    assert mine.exists()  # claimed by its owner, however old


def test_a_worker_without_work_leaves_and_the_next_clip_gets_another(jobs: dict[str, Job]) -> None:
    idle = isolated._own.worker = Worker(idle_s=0.1)
    isolated._all.add(idle)
    idle.await_start()
    assert idle.exit_code() == isolated.IDLE
    assert work_isolated(jobs[CLIP], 120.0).status == "done"


def test_a_worker_that_does_not_start_ends_the_run(
    jobs: dict[str, Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(WorkerError, match=r"does not start \(exit code 1\)"):
        work_isolated(jobs[CLIP], 120.0)


def test_a_clip_that_was_done_stays_done_when_only_the_answer_was_lost(
    jobs: dict[str, Job], tmp_path: Path
) -> None:
    done = work_isolated(jobs[CLIP], 120.0)
    before = contents(tmp_path / "out")
    assert settle_failed(jobs[CLIP], "Its worker was lost.") == done
    assert contents(tmp_path / "out") == before
    (tmp_path / "out" / "clips" / CLIP / "report.json").unlink()
    assert settle_failed(jobs[CLIP], "Its worker was lost.").status == "failed"


@pytest.mark.parametrize("missing", ["clips", "results"])
def test_a_worker_that_does_not_see_the_folders_of_the_run_ends_it(
    jobs: dict[str, Job], tmp_path: Path, missing: str
) -> None:
    elsewhere = tmp_path / "another machine"
    if missing == "results":
        elsewhere.mkdir()  # the same path may be there, and yet not be the run's
    job = replace(jobs[CLIP], **{missing: Folder(str(elsewhere))})  # type: ignore[arg-type]
    with pytest.raises(WorkerError, match="on every worker, but"):
        work_isolated(job, 120.0)
    assert not list(tmp_path.rglob("record.json"))


def test_another_version_or_model_on_a_worker_ends_the_run(jobs: dict[str, Job]) -> None:
    job = jobs[CLIP]
    with pytest.raises(WorkerError, match=r"Expected formcheck 9\.9 on every worker"):
        work_isolated(replace(job, settings=replace(job.settings, version="9.9")), 120.0)
    with pytest.raises(WorkerError, match="Expected the pose model ab12 on every worker"):
        work_isolated(replace(job, settings=replace(job.settings, model_sha256="ab12")), 120.0)
