"""What ``formcheck batch`` does, once its options are known."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from formcheck.batch.athletes import athlete_of
from formcheck.batch.derived import RunFacts, write_derived
from formcheck.batch.executors import dask_workers, default_workers, local_workers
from formcheck.batch.record import CLIPS
from formcheck.batch.run import locked
from formcheck.batch.session import Session
from formcheck.batch.settings import RunSettings
from formcheck.cli.analyze import checked_rate
from formcheck.cli.batch_progress import BatchProgress, say_failed
from formcheck.errors import UsageError
from formcheck.history.store import History
from formcheck.lifter import NOBODY_ASKED
from formcheck.pose.model import load_model
from formcheck.pose.tracker import TrackSettings
from formcheck.report.files import FOLDER_SUFFIX
from formcheck.rules.book import load_book
from formcheck.storage import Folder
from formcheck.words.text import count, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from formcheck.batch.job import Job
    from formcheck.lifter import Lifter
    from formcheck.pose.engine import Engine
    from formcheck.pose.model import Quality

SHORTEST_S = 1.0
LONGEST_S = 1e7
"""No clock waits for ever: beyond some centuries the system refuses."""


@dataclass(frozen=True)
class Request:
    """The options of ``formcheck batch``."""

    clips: str
    out: str | None
    workers: int | None
    dask: str | None
    timeout_s: float
    watch: bool
    every_s: float
    by_folder: bool
    exercise: str | None
    rules: tuple[Path, ...]
    rate_hz: float
    model: Path | Quality
    engine: Engine
    html: bool
    annotate: bool
    quiet: bool
    lifter: Lifter = NOBODY_ASKED
    history: Path | None = None
    keep_history: bool = True

    def settings(self) -> RunSettings:
        """What all clips share.

        Raises
        ------
        UsageError
            If an option makes no sense.
        """
        book = load_book(self.rules)
        if self.exercise is not None:
            book.exercise(self.exercise)
        return RunSettings(
            model_sha256=load_model(self.model).sha256,
            exercise=self.exercise,
            lifter=self.lifter,
            track=TrackSettings(checked_rate(self.rate_hz), engine=self.engine),
            book=book if self.rules else None,
            model=self.model,
            html=self.html,
            annotate=self.annotate,
        )

    @property
    def folder(self) -> Folder:
        """The clips; a path is made absolute, for workers may be elsewhere."""
        return _absolute(self.clips)

    @property
    def results(self) -> Folder:
        """Where results go: next to the folder of clips unless told otherwise."""
        if self.out is not None:
            return _absolute(self.out)
        clips = self.folder
        beside = Path() if clips.local is None else clips.local.resolve().parent
        return _absolute(str(beside / f"{clips.name}{FOLDER_SUFFIX}"))

    def pool(self, say: Callable[[str], None], /) -> AbstractContextManager[tuple[Executor, int]]:
        """Who does the work; `say` is told when a cluster has no workers."""
        if self.dask is not None:
            return dask_workers(self.dask, say)
        return local_workers(self.workers or default_workers())


def run(request: Request, /) -> bool:
    """Analyse all clips of a folder and write their results.

    Returns
    -------
    bool
        Whether every clip could be done.

    Raises
    ------
    FormcheckError
        If an option is wrong, the folder cannot be read or results not be written.
    """
    _check(request)
    console = Console(stderr=True, quiet=request.quiet)
    session = Session(request.folder, request.results, request.settings())
    next(iter(session.clips.files()), None)  # a wrong name is told before anything is made
    with locked(session.results), request.pool(console.print) as (executor, workers):
        session.results.sweep()
        batch = _Batch(request, session, executor, workers, console)
        try:
            batch.once()
            if request.watch:
                batch.say_watching()
            while request.watch:
                time.sleep(request.every_s)
                batch.again()
        except KeyboardInterrupt:
            if not request.watch:
                console.print("Interrupted; the same command goes on from here.")
                raise
            batch.catch_up()
        batch.say_result()
    return not session.failed and not session.unlisted


def _absolute(address: str) -> Folder:
    folder = Folder(address)
    return folder if folder.local is None else Folder(str(folder.local.absolute()))


def _check(request: Request) -> None:
    _check_names(request)
    _check_places(request.folder, request.results)
    if request.workers is not None and request.workers < 1:
        raise UsageError(f"--workers: expected 1 or more, got {request.workers}.")
    if request.history is not None and not (request.by_folder and request.keep_history):
        raise UsageError("--db: expected --by-folder with it, and no --no-history.")
    if request.dask is not None and request.workers is not None:
        raise UsageError("--workers: the Dask cluster has its own; expected one of the two.")
    for option, value in (("--timeout", request.timeout_s), ("--every", request.every_s)):
        if not value >= SHORTEST_S:
            raise UsageError(f"{option}: expected {SHORTEST_S:g} or more seconds, got {value:g}.")
        if value > LONGEST_S:
            raise UsageError(f"{option}: expected at most {LONGEST_S:g} seconds, got {value:g}.")


def _check_names(request: Request) -> None:
    for what, address in (("FOLDER", request.clips), ("--out", request.out)):
        if address == "":
            raise UsageError(f"{what}: expected the name of a folder, got nothing.")
    for what, folder in (("FOLDER", request.folder), ("--out", request.results)):
        if folder.address != readable(folder.address):
            raise UsageError(f"{what}: expected a name in UTF-8, got {readable(folder.address)}.")


def _check_places(clips: Folder, results: Folder) -> None:
    """Refuse results among the clips: a result folder is called like its clip."""
    if clips.local is None or results.local is None:
        same = clips.address.rstrip("/") == results.address.rstrip("/")
    else:
        place, out = clips.local.resolve(), results.local.resolve()
        same = place == out or place.is_relative_to(out / CLIPS)
    if same:
        raise UsageError(
            f"--out: expected another place than the clips', got {results.shown}; "
            f"a folder within theirs will do."
        )


@dataclass
class _Batch:
    """A session with the means to do its clips, and what was said of them."""

    request: Request
    session: Session
    executor: Executor
    workers: int
    console: Console
    done_now: int = 0
    facts: RunFacts | None = None
    """Of what was done but is not yet in the summary and the other files of all clips."""

    def once(self) -> None:
        """Do what is there."""
        started = datetime.now(UTC)
        jobs = self.session.look(settled=self.request.watch)
        self._say_unlisted(self.session.unlisted)
        for record in self.session.failed:
            say_failed(self.console, record.clip, record.reason or "")
        self._do(jobs, started)

    def again(self) -> None:
        """Do what is new or has changed since."""
        started = datetime.now(UTC)
        before, unlisted = set(self.session.records), self.session.unlisted
        jobs = self.session.look(settled=True)
        self._say_unlisted(sorted(set(self.session.unlisted) - set(unlisted)))
        if jobs or before != set(self.session.records) or unlisted != self.session.unlisted:
            self._do(jobs, started)
            self._say_count()

    def catch_up(self) -> None:
        """Write what an interruption kept from being written."""
        if self.facts is not None:
            self._write_derived(self.facts)

    def _say_unlisted(self, unlisted: Iterable[tuple[str, str]]) -> None:
        for name, reason in unlisted:
            say_failed(self.console, name, f"left out ({reason}).")

    def _do(self, jobs: tuple[Job, ...], started: datetime) -> None:
        done = 0
        self.facts = RunFacts(started, self.workers, done)
        with BatchProgress(self.console, len(jobs)) as progress:
            for record in self.session.do(
                jobs, self.executor, workers=self.workers, timeout_s=self.request.timeout_s
            ):
                done += 1
                self.done_now += 1
                self.facts = RunFacts(started, self.workers, done)
                progress.ended(record)
        self._write_derived(self.facts)

    def _write_derived(self, facts: RunFacts) -> None:
        by_folder = self.request.by_folder
        keep = by_folder and self.request.keep_history
        with History(self.request.history) if keep else nullcontext() as history:
            write_derived(self.session, facts, by_folder=by_folder, history=history)
        self.facts = None

    def say_watching(self) -> None:
        """That it goes on, and how to end it."""
        self._say_count()
        self.console.print(
            f"Looking for new clips every {self.request.every_s:g} s; Ctrl-C ends it.",
            highlight=False,
            soft_wrap=True,
        )

    def _say_count(self) -> None:
        """While watching: to standard error, the last word comes at the end."""
        parts = f"{count(len(self.session.records), 'clip')}: {len(self.session.failed)} failed."
        self.console.print(parts, highlight=False, soft_wrap=True)

    def say_result(self) -> None:
        """What was done, and where it is."""
        session = self.session
        failed = len(session.failed)
        parts = [f"{count(len(session.records), 'clip')}: {failed} failed"]
        parts.append(
            f"{self.done_now} worked on now" if self.done_now else "none had to be done again"
        )
        screen = Console(quiet=self.request.quiet, highlight=False, soft_wrap=True)
        none = f"There are no clips in {session.clips.shown}."
        screen.print(", ".join(parts) + "." if session.records else none, markup=False)
        nobodys = sum(athlete_of(name) is None for name in session.records)
        if self.request.by_folder and nobodys:
            screen.print(
                f"In no sub-folder, so of no athlete: {count(nobodys, 'clip')}.", markup=False
            )
        gone = session.gone()
        if gone:
            screen.print(
                f"Left out: {count(len(gone), 'result')} of clips that are gone.", markup=False
            )
        screen.print(f"Results: {session.results.shown_at('index.html')}", markup=False)
