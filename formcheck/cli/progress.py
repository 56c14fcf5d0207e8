"""A progress bar with the time left, for clips that take a while."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from rich.console import Console

PATIENCE_S = 1.5
"""Clips that are done by then need no bar."""
FIRST_PASS = "Following the lifter"
SECOND_PASS = "Several people in view: looking again"
DRAWING = "Drawing on the video"


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
            TextColumn("left"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(what, total=None)
        self._begun = time.monotonic()
        self._done = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._bar.stop()

    def __call__(self, done_s: float, total_s: float | None) -> None:
        """Show how far the tracking is."""
        if done_s < self._done:
            self._bar.reset(self._task, description=SECOND_PASS)
        self._done = done_s
        self._bar.update(self._task, completed=done_s, total=total_s)
        if time.monotonic() - self._begun > PATIENCE_S:
            self._bar.start()
