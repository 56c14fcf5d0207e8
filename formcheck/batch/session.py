"""One batch over a folder: looks for clips, does them, knows how every clip ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from formcheck.batch.clips import find_clips
from formcheck.batch.record import CLIPS, RECORD_FILE, parsed_record
from formcheck.batch.run import make_plan, run_jobs
from formcheck.storage import NoFolderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from formcheck.batch.job import Job
    from formcheck.batch.record import Record
    from formcheck.batch.settings import RunSettings
    from formcheck.storage import FileFacts, Folder

SETTLED_S = 5.0
"""A file that has not changed for this long counts as fully written."""


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
        names = (f"{name}/{RECORD_FILE}" for name in sorted(self.records))
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
        return sorted(name for name in names if name not in self.records)


def _slim(record: Record) -> Record:
    return record.model_copy(update={"rows": [], "files": {}})
