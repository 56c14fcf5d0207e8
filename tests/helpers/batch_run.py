"""Run batches without the command line, and watch their worker processes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.batch.clips import find_clips
from formcheck.batch.run import locked, make_plan, run_jobs
from formcheck.batch.settings import RunSettings
from formcheck.pose.model import load_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from formcheck.batch.job import Job
    from formcheck.batch.record import Record
    from formcheck.storage import Folder

    Pool = AbstractContextManager[tuple[Executor, int]]

MODULE = b"formcheck.batch.worker"


def jobs_of(clips: Folder, results: Folder, settings: RunSettings | None = None) -> tuple[Job, ...]:
    """What is to be done."""
    settings = settings or RunSettings(model_sha256=load_model().sha256)
    return make_plan(clips, results, find_clips(clips, results=results).clips, settings).jobs


def batch(
    clips: Folder,
    results: Folder,
    pool: Pool,
    *,
    settings: RunSettings | None = None,
    timeout_s: float = 120.0,
) -> Iterator[Record]:
    """Do what is to be done, and yield each record as it comes."""
    with locked(results), pool as (executor, workers):
        jobs = jobs_of(clips, results, settings)
        yield from run_jobs(jobs, executor, workers=workers, timeout_s=timeout_s)


def contents(root: Path) -> dict[str, bytes]:
    """Content of every file by its relative name."""
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in root.rglob("*") if f.is_file()}


def children(process: int) -> list[int]:
    """Processes that a process has started, and those that they have."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == process:
            found += [int(stat.parent.name), *children(int(stat.parent.name))]
    return found


def workers_of(process: int) -> list[int]:
    """Worker processes below a process."""
    return [child for child in children(process) if MODULE in command(child)]


def command(process: int) -> bytes:
    """How a process was started; nothing if it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def has_open(process: int, name: str) -> bool:
    """Whether a process has a file of this name open."""
    try:
        return any(f.readlink().name == name for f in Path(f"/proc/{process}/fd").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something; fail if it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
