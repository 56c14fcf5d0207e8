"""Go through the clips of a folder: what is done already, what is to be done, doing it."""

from __future__ import annotations

import fcntl
import os
from concurrent.futures import FIRST_COMPLETED, CancelledError, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from formcheck.batch.executors import ElasticExecutor
from formcheck.batch.isolated import settle_failed, work_isolated
from formcheck.batch.job import Job
from formcheck.batch.record import CLIPS, RECORD_FILE, Record, parsed_record
from formcheck.batch.settings import WorkerError
from formcheck.errors import FormcheckError, OutputError
from formcheck.storage import NoFolderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Executor, Future

    from formcheck.batch.settings import RunSettings
    from formcheck.storage import FileFacts, Folder

LOCK_FILE = ".lock"
AHEAD = 2
"""Jobs handed out for each worker: one in work, one waiting, so that nobody idles and
a list of a million clips is not held by a scheduler."""
LOOK_EVERY_S = 10.0
"""So often it is looked whether there are more workers than before."""
TOO_MANY = 5
"""So many clips in a row that are lost with their workers are not the clips' fault."""


@dataclass(frozen=True)
class Plan:
    """What a run has to do.

    Attributes
    ----------
    done
        Records of clips that need not be looked at again, by name; without the rows of
        the summary, which would fill the memory.
    jobs
        The other clips, in order of their names.
    """

    done: dict[str, Record]
    jobs: tuple[Job, ...]


def make_plan(
    clips: Folder, results: Folder, files: Iterable[FileFacts], settings: RunSettings, /
) -> Plan:
    """Tell done clips from those to do.

    A clip is done when its record is there, was made from this content with
    this model, these rules and settings, and every file that it names is there
    in its size. Only the files' stamps are looked at, not their content.

    Raises
    ------
    StorageError
        If the results cannot be listed or a record not be read.
    """
    sizes = _present(results)
    facts = settings.facts()
    found = {file.name: file for file in files}
    records = {f"{name}/{RECORD_FILE}": name for name in found}
    done: dict[str, Record] = {}
    there = (path for path in records if path in sizes)
    for path, content in results.inside(CLIPS).read_all(there):
        record = None if content is None else parsed_record(content)
        file = found[records[path]]
        if record is not None and record.still_holds(file.stamp, facts) and _whole(record, sizes):
            done[file.name] = record.model_copy(update={"rows": []})
    jobs = (Job(clips, results, file, settings) for file in found.values() if file.name not in done)
    return Plan(done, tuple(jobs))


def _present(results: Folder) -> dict[str, int]:
    """Sizes of all files in result folders, by their names."""
    folder = results.inside(CLIPS)
    try:
        return {file.name: file.size for file in folder.files()}
    except NoFolderError:
        return {}  # nothing was done yet


def _whole(record: Record, sizes: dict[str, int]) -> bool:
    return all(sizes.get(f"{record.clip}/{n}") == size for n, size in record.files.items())


def run_jobs(
    jobs: Iterable[Job], executor: Executor, /, *, workers: int, timeout_s: float
) -> Iterator[Record]:
    """Do jobs, a few at a time, and yield each record as it comes.

    Parameters
    ----------
    jobs
        Taken one by one as workers become free.
    executor
        Runs `work_isolated` in threads of some process.
    workers
        How many jobs it does at once; an `ElasticExecutor` knows better.
    timeout_s
        Longer than this no clip may take.

    Raises
    ------
    FormcheckError
        If something is wrong that concerns every clip, such as a full disk.
    """
    waiting = iter(jobs)
    running: dict[Future[Record], Job] = {}
    lost = 0
    try:
        while True:
            now = executor.workers_now() if isinstance(executor, ElasticExecutor) else workers
            for job in islice(waiting, max(0, AHEAD * max(1, now) - len(running))):
                running[executor.submit(work_isolated, job, timeout_s)] = job
            if not running:
                return
            finished, _ = wait(running, timeout=LOOK_EVERY_S, return_when=FIRST_COMPLETED)
            for future in finished:
                job = running.pop(future)
                problem = _problem(future)
                lost = lost + 1 if problem is not None else 0
                if problem is not None and lost >= TOO_MANY:
                    raise WorkerError(
                        f"{lost} clips in a row were lost with their workers ({problem})."
                    )
                yield (
                    future.result()
                    if problem is None
                    else settle_failed(job, f"Its worker was lost ({problem}).")
                )
    finally:
        for future in running:
            future.cancel()


def _problem(future: Future[Record]) -> str | None:
    """What happened to the worker rather than to the clip, in words; None for a result."""
    try:
        future.result()
    except FormcheckError:
        raise
    except CancelledError as error:
        raise WorkerError(
            "The cluster gave up the clips: its scheduler has ended or was started anew."
        ) from error
    except Exception as error:  # noqa: BLE001 - whatever kills a worker must not end the run
        return " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
    return None


@contextmanager
def locked(results: Folder, /) -> Iterator[None]:
    """Keep a second run away from the same results; the lock ends with this process.

    Results elsewhere cannot be locked.

    Raises
    ------
    OutputError
        If another run is at work there, or the folder cannot be made.
    """
    own = results.local
    if own is None:
        yield
        return
    try:
        own.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(own / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"Cannot write to {own}: {reason}.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise OutputError(f"Another batch is writing to {own}; wait for it to end.") from error
    try:
        yield
    finally:
        os.close(descriptor)
