"""Where things are printed."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

STANDARD_OUTPUT = Path("-")
WIDEST = 100
"""Longer lines are hard to read."""


def report_screen(*, quiet: bool = False) -> Console:
    """Standard output for a report: as wide as the terminal, within reason."""
    screen = Console(quiet=quiet, highlight=False)
    screen.width = min(screen.width, WIDEST)
    return screen


def side_screen(*, quiet: bool = False) -> Console:
    """Standard error, for progress and remarks."""
    return Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)


def say_written(file: Path, /, *, quiet: bool = False) -> None:
    """Name a file that was written."""
    screen = Console(quiet=quiet, highlight=False, soft_wrap=True)
    screen.print(f"Written: {file}", markup=False)
