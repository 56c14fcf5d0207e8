"""What commands show: where it is printed, and progress with the time left."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from formcheck.words.language import _, in_context, later
from formcheck.words.text import printable

if TYPE_CHECKING:
    from formcheck.batch.record import Record

STANDARD_OUTPUT = Path("-")
WIDEST = 100
"""Longer lines are hard to read."""
PATIENCE_S = 1.5
"""Clips that are done by then need no bar."""
FIRST_PASS = later("Following the lifter")
SECOND_PASS = later("Several people in view: looking again")
DRAWING = later("Drawing on the video")
LONG_WINDOW_S = 600.0
"""Over how long the speed is averaged: clips take very different times."""


def report_screen(*, quiet: bool = False) -> Console:
    """Standard output for a report: as wide as the terminal, within reason."""
    screen = Console(quiet=quiet, highlight=False)
    screen.width = min(screen.width, WIDEST)
    return screen


def side_screen(*, quiet: bool = False) -> Console:
    """Standard error, for progress and remarks."""
    return Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)


def say_written(*files: Path, quiet: bool = False) -> None:
    """Name what was written."""
    screen = Console(quiet=quiet, highlight=False, soft_wrap=True)
    told = _("Written: {files}").format(files=printable(", ".join(map(str, files))))
    screen.print(told, markup=False)


class TrackingProgress:
    """Context manager; call it with the seconds done and in all (or None).

    Parameters
    ----------
    console
        Where to draw; nothing is drawn when it is not a terminal.
    what
        What is being done.
    """

    def __init__(self, console: Console, what: str = FIRST_PASS) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeRemainingColumn(),
            TextColumn(in_context("after the time that remains", "left")),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(_(what), total=None)
        self._begun = time.monotonic()
        self._done = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._bar.stop()

    def __call__(self, done_s: float, total_s: float | None) -> None:
        """Show how far the tracking is."""
        if done_s < self._done:
            self._bar.reset(self._task, description=_(SECOND_PASS))
        self._done = done_s
        self._bar.update(self._task, completed=done_s, total=total_s)
        if time.monotonic() - self._begun > PATIENCE_S:
            self._bar.start()


class BatchProgress:
    """Context manager; tell it of each clip that ended.

    Parameters
    ----------
    console
        Where to draw. Failures are printed wherever it is, the bar only on a terminal.
    clips
        How many there are to do.
    """

    def __init__(self, console: Console, clips: int) -> None:
        self._console = console
        self._frames = 0
        self._begun = time.monotonic()
        self._bar = Progress(
            TextColumn(_("Clips")),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
            TextColumn(in_context("after the time that remains", "left")),
            console=console,
            transient=True,
            speed_estimate_period=LONG_WINDOW_S,
            disable=not console.is_terminal or clips == 0,
        )
        self._task = self._bar.add_task("", total=clips, speed="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._bar.stop()

    @property
    def speed(self) -> float:
        """Frames tracked per second since the start."""
        return self._frames / max(time.monotonic() - self._begun, 1e-9)

    def ended(self, record: Record) -> None:
        """Count a clip, and name it when it failed."""
        self._frames += record.frames
        self._bar.update(
            self._task, advance=1, speed=_("{n} frames/s").format(n=f"{self.speed:.0f}")
        )
        if record.status == "failed":
            say_of(self._console, record.clip, record.reason or "")


def say_of(console: Console, name: str, reason: str, /) -> None:
    """One line for one clip; a reason that begins with the file's name says it itself."""
    file = name.replace("\\", "/").rpartition("/")[2]
    own = reason.startswith(f"{file} ")
    told = f"{name}{reason.removeprefix(file)}" if own else f"{name}: {reason}"
    console.print(printable(told), markup=False, highlight=False, soft_wrap=True)
