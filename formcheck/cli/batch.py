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
from formcheck.batch.combined import NOTHING_COMBINED, Combined, RunFacts, write_combined
from formcheck.batch.executors import dask_workers, default_workers, local_workers
from formcheck.batch.record import CLIPS
from formcheck.batch.run import Session, locked
from formcheck.batch.settings import RunSettings
from formcheck.cli.clips import Analyser
from formcheck.cli.command import DONE, SOME_FAILED
from formcheck.cli.screen import BatchProgress, say_of
from formcheck.errors import UNKNOWN_EXERCISE, UsageError
from formcheck.history.store import History
from formcheck.pose.model import load_model
from formcheck.present.terminal.athletes import athlete_lines
from formcheck.report.files import FOLDER_SUFFIX
from formcheck.storage import Folder
from formcheck.words.counts import not_analysed
from formcheck.words.language import _, spoken
from formcheck.words.text import counted, readable
from formcheck.words.tracking import ANOTHER_LIFT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from formcheck.batch.job import Job
    from formcheck.batch.record import Record
    from formcheck.cli.commands import BatchOptions

SHOWN_NAMES = 5
SHORTEST_S = 1.0
LONGEST_S = 1e7
"""No clock waits for ever: beyond some centuries the system refuses."""


def run(options: BatchOptions, /) -> int:
    """Analyse all clips of a folder and write their results.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    FormcheckError
        If an option is wrong, the folder cannot be read or results not be written.
    """
    _check(options)
    console = Console(stderr=True, quiet=options.quiet)
    session = Session(_absolute(options.folder), _results(options), _settings(options))
    next(iter(session.clips.files()), None)  # a wrong name is told before anything is made
    with locked(session.results), _pool(options, console.print) as (executor, workers):
        session.results.sweep()
        batch = _Batch(options, session, executor, workers, console)
        try:
            batch.once()
            if options.watch:
                batch.say_watching()
            while options.watch:
                time.sleep(options.poll)
                batch.again()
        except KeyboardInterrupt:
            if not options.watch:
                console.print(_("Interrupted; run the same command again to resume."))
                raise
            batch.catch_up()
        batch.say_result()
    return SOME_FAILED if session.failed or session.unlisted else DONE


def _settings(options: BatchOptions) -> RunSettings:
    """What all clips share."""
    analyser = Analyser.of(options.analysis, lifter=options.lifter.told())
    return RunSettings(
        model_sha256=load_model(analyser.model).sha256,
        exercise=analyser.exercise,
        lifter=analyser.lifter,
        track=analyser.settings,
        book=analyser.book if options.analysis.rules else None,
        model=analyser.model,
        html=not options.no_html,
        annotate=options.annotate,
        language=spoken(),
    )


def _results(options: BatchOptions) -> Folder:
    """Where results go: next to the folder of clips unless told otherwise."""
    if options.out is not None:
        return _absolute(options.out)
    clips = _absolute(options.folder)
    beside = Path() if clips.local is None else clips.local.resolve().parent
    return _absolute(str(beside / f"{clips.name}{FOLDER_SUFFIX}"))


def _pool(
    options: BatchOptions, say: Callable[[str], None]
) -> AbstractContextManager[tuple[Executor, int]]:
    """Who does the work; `say` is told when a cluster has no workers."""
    if options.dask is not None:
        return dask_workers(options.dask, say)
    return local_workers(options.workers or default_workers())


def _absolute(address: str) -> Folder:
    """A folder whose path, if it has one, is absolute, for workers may be elsewhere."""
    folder = Folder(address)
    return folder if folder.local is None else Folder(str(folder.local.absolute()))


def _check(options: BatchOptions) -> None:
    _check_names(options)
    _check_places(_absolute(options.folder), _results(options))
    if options.workers is not None and options.workers < 1:
        raise UsageError(f"--workers: expected 1 or more, got {options.workers}.")
    if options.history is not None and (options.no_history or not options.by_folder):
        raise UsageError("--history: expected --by-folder with it, and no --no-history.")
    if options.dask is not None and options.workers is not None:
        raise UsageError("--workers: expected either --workers or --dask, got both.")
    for option, value in (("--timeout", options.timeout), ("--poll", options.poll)):
        if not value >= SHORTEST_S:
            raise UsageError(f"{option}: expected {SHORTEST_S:g} or more seconds, got {value:g}.")
        if value > LONGEST_S:
            raise UsageError(f"{option}: expected at most {LONGEST_S:g} seconds, got {value:g}.")


def _check_names(options: BatchOptions) -> None:
    for what, address in (("FOLDER", options.folder), ("--out", options.out)):
        if address == "":
            raise UsageError(f"{what}: expected the name of a folder, got nothing.")
    for what, folder in (("FOLDER", _absolute(options.folder)), ("--out", _results(options))):
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
            f"--out: expected a folder other than that of the clips, got {results.shown}; "
            "a folder inside it is fine."
        )


@dataclass
class _Batch:
    """A session with the means to do its clips, and what was said of them."""

    options: BatchOptions
    session: Session
    executor: Executor
    workers: int
    console: Console
    done_now: int = 0
    tried_now: int = 0
    combined: Combined = NOTHING_COMBINED
    facts: RunFacts | None = None
    """Of what was done but is not yet in the summary and the other files of all clips."""

    def once(self) -> None:
        """Do what is there."""
        started = datetime.now(UTC)
        jobs = self.session.look(settled=self.options.watch)
        self._say_unlisted(self.session.unlisted)
        for record in self.session.failed:
            say_of(self.console, record.clip, record.reason or "")
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
            self._write_combined(self.facts)

    def _say_unlisted(self, unlisted: Iterable[tuple[str, str]]) -> None:
        for name, reason in unlisted:
            say_of(self.console, name, f"left out ({reason}).")

    def _do(self, jobs: tuple[Job, ...], started: datetime) -> None:
        done = 0
        self.facts = RunFacts(started, self.workers, done)
        with BatchProgress(self.console, len(jobs)) as progress:
            for record in self.session.do(
                jobs, self.executor, workers=self.workers, timeout_s=self.options.timeout
            ):
                done += 1
                self.done_now += record.status == "done"
                self.tried_now += 1
                self.facts = RunFacts(started, self.workers, done)
                progress.ended(record)
        self._write_combined(self.facts)

    def _write_combined(self, facts: RunFacts) -> None:
        by_folder = self.options.by_folder
        keep = by_folder and not self.options.no_history
        with History(self.options.history) if keep else nullcontext() as history:
            self.combined = write_combined(
                self.session, facts, by_folder=by_folder, history=history
            )
        self.facts = None

    def say_watching(self) -> None:
        """That it goes on, and how to end it."""
        self._say_count()
        self.console.print(
            f"Looking for new clips every {self.options.poll:g} s; press Ctrl-C to stop.",
            highlight=False,
            soft_wrap=True,
        )

    def _say_count(self) -> None:
        """While watching: to standard error, the last word comes at the end."""
        self.console.print(f"{self._counts()}.", highlight=False, soft_wrap=True)

    def _counts(self) -> str:
        """How many clips there are; a file that cannot be analysed is none."""
        session = self.session
        done = counted(len(session.records) - len(session.failed), "{n} clip", "{n} clips")
        failed = not_analysed(len(session.failed), len(session.unlisted))
        return f"{done}, {failed}" if failed else done

    def say_result(self) -> None:
        """What was done, and where it is."""
        session = self.session
        now = (
            _("{n} analysed now").format(n=self.done_now)
            if self.tried_now
            else _("everything up to date")
        )
        screen = Console(quiet=self.options.quiet, highlight=False, soft_wrap=True)
        none = _("There are no clips in {folder}.").format(folder=session.clips.shown)
        screen.print(f"{self._counts()}; {now}." if session.records else none, markup=False)
        if self.combined.athletes:
            wrapped = Console(quiet=self.options.quiet, highlight=False)
            wrapped.print(athlete_lines(self.combined.athletes, self.session.settings.rules))
        unknown = [name for name, record in session.records.items() if _unrecognised(record)]
        if unknown:
            told = _("Exercise not recognised: {clips}").format(clips=_some_names(unknown))
            screen.print(told, markup=False)
        if self.combined.two_lifts:
            told = f"{_(ANOTHER_LIFT)}: {_some_names(self.combined.two_lifts)}"
            screen.print(told, markup=False)
        nobodys = sum(
            athlete_of(name) is None and record.status == "done"
            for name, record in session.records.items()
        )
        if self.options.by_folder and nobodys:
            screen.print(
                counted(
                    nobodys,
                    "Not in an athlete folder, so not assigned: {n} clip.",
                    "Not in an athlete folder, so not assigned: {n} clips.",
                ),
                markup=False,
            )
        gone = session.gone()
        if gone:
            screen.print(
                counted(
                    len(gone),
                    "Left out: {n} result for clips that no longer exist.",
                    "Left out: {n} results for clips that no longer exist.",
                ),
                markup=False,
            )
        told = _("Results: {place}").format(place=session.results.shown_at("index.html"))
        screen.print(told, markup=False)


def _unrecognised(record: Record) -> bool:
    return record.status == "done" and record.exit_code == UNKNOWN_EXERCISE


def _some_names(clips: Iterable[str]) -> str:
    """How many clips, and the first of them by name."""
    names = [readable(name) for name in sorted(clips)]
    more = ["..."] if len(names) > SHOWN_NAMES else []
    return (
        f"{counted(len(names), '{n} clip', '{n} clips')} ({', '.join(names[:SHOWN_NAMES] + more)})."
    )
