"""One batch over a folder: what is done already, what is to be done, doing it."""

from __future__ import annotations

import fcntl
import os
import time
from concurrent.futures import FIRST_COMPLETED, CancelledError, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from formcheck.batch.clips import find_clips
from formcheck.batch.executors import ElasticExecutor
from formcheck.batch.isolated import settle_failed, work_isolated
from formcheck.batch.job import Job
from formcheck.batch.record import CLIPS, RECORD_FILE, Record, parsed_record, place_of
from formcheck.batch.settings import WorkerError
from formcheck.errors import FormcheckError, OutputError, reason_of
from formcheck.storage import NoFolderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Executor, Future

    from formcheck.batch.settings import RunSettings
    from formcheck.storage import FileFacts, Folder

LOCK_FILE = ".lock"
SETTLED_S = 5.0
"""A file that has not changed for this long counts as fully written."""
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
    records = {f"{place_of(name)}/{RECORD_FILE}": name for name in found}
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
    place = place_of(record.clip)
    return all(sizes.get(f"{place}/{name}") == size for name, size in record.files.items())


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
        raise OutputError(f"Cannot write to {own}: {reason_of(error)}.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise OutputError(f"Another batch is writing to {own}; wait for it to end.") from error
    try:
        yield
    finally:
        os.close(descriptor)


class Session:
    """The clips of a folder and their results, looked at again and again.

    Parameters
    ----------
    clips, results
        Where the clips lie and where results go.
    settings
        What all clips share.

    Attributes
    ----------
    records
        How each clip ended, by name, without the rows of the summary: with many
        clips those would fill the memory.
    unlisted
        Sub-folders that could not be looked into, with the reasons.
    """

    def __init__(self, clips: Folder, results: Folder, settings: RunSettings) -> None:
        self.clips = clips
        self.results = results
        self.settings = settings
        self.records: dict[str, Record] = {}
        self.unlisted: tuple[tuple[str, str], ...] = ()
        self._seen: dict[str, tuple[str, float]] = {}

    def look(self, *, settled: bool = False) -> tuple[Job, ...]:
        """Look for clips that are not done.

        Parameters
        ----------
        settled
            Leave out files that may still be being written.

        Returns
        -------
        tuple
            What is to be done, by name. Clips that are gone are forgotten.

        Raises
        ------
        StorageError
            If the folder or the results cannot be read.
        """
        found = find_clips(self.clips, results=self.results)
        self.unlisted = found.unlisted
        names = {file.name for file in found.clips}
        self.records = {name: r for name, r in self.records.items() if name in names}
        new = [file for file in found.clips if not self._known(file)]
        if settled:
            new = self._settled(new)
        if not new:
            return ()
        plan = make_plan(self.clips, self.results, new, self.settings)
        self.records |= {name: _slim(record) for name, record in plan.done.items()}
        return plan.jobs

    def _known(self, file: FileFacts) -> bool:
        record = self.records.get(file.name)
        return record is not None and record.stamp == file.stamp

    def _settled(self, files: list[FileFacts]) -> list[FileFacts]:
        """Those that have not changed for a while, by their own time or since we look."""
        now, clock = time.time(), time.monotonic()
        before, self._seen = self._seen, {}
        ready = []
        for file in files:
            stamp, since = before.get(file.name, (file.stamp, clock))
            since = since if stamp == file.stamp else clock
            self._seen[file.name] = file.stamp, since
            old = file.modified is not None and now - file.modified >= SETTLED_S
            if old or clock - since >= SETTLED_S:
                ready.append(file)
        return ready

    def do(
        self, jobs: tuple[Job, ...], executor: Executor, /, *, workers: int, timeout_s: float
    ) -> Iterator[Record]:
        """Do clips and yield how each ended, in the order in which they end.

        Raises
        ------
        FormcheckError
            If something is wrong that concerns every clip.
        """
        for record in run_jobs(jobs, executor, workers=workers, timeout_s=timeout_s):
            self.records[record.clip] = _slim(record)
            yield record

    @property
    def failed(self) -> list[Record]:
        """Clips that could not be done, by name."""
        return [r for _, r in sorted(self.records.items()) if r.status == "failed"]

    def whole_records(self) -> Iterator[Record]:
        """Records with their rows, by name, a few at a time."""
        names = (f"{place_of(name)}/{RECORD_FILE}" for name in sorted(self.records))
        for _, content in self.results.inside(CLIPS).read_all(names):
            record = None if content is None else parsed_record(content)
            if record is not None:
                yield record

    def gone(self) -> list[str]:
        """Names of result folders whose clips are not there any more."""
        folder = self.results.inside(CLIPS)
        suffix = f"/{RECORD_FILE}"
        try:
            files = [file.name for file in folder.files() if file.name.endswith(suffix)]
        except NoFolderError:
            return []  # nothing was ever done
        names = (name.removesuffix(suffix) for name in files)
        there = {place_of(name) for name in self.records}
        return sorted(name for name in names if name not in there)


def _slim(record: Record) -> Record:
    return record.model_copy(update={"rows": [], "files": {}})
