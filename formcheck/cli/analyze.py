"""What ``formcheck analyze`` does, once its options are known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from formcheck.cli.progress import TrackingProgress
from formcheck.clip import analyze
from formcheck.errors import UsageError
from formcheck.files import check_folder, write_text
from formcheck.lifter import NOBODY_ASKED
from formcheck.pipeline import UNKNOWN
from formcheck.pose.cache import TrackCache
from formcheck.pose.native import mute_native_stderr
from formcheck.pose.tracker import TrackSettings
from formcheck.present.page.player import find_player
from formcheck.present.page.render import report_page
from formcheck.present.terminal.report import terminal_report
from formcheck.report.build import build_report
from formcheck.report.files import (
    ANGLES_FILE,
    ANNOTATED_FILE,
    PAGE_FILE,
    default_folder,
    report_json,
    write_report,
)
from formcheck.report.model import FilesPart
from formcheck.rules.book import load_book

if TYPE_CHECKING:
    from formcheck.lifter import Lifter
    from formcheck.pipeline import ClipAnalysis
    from formcheck.pose.engine import Engine
    from formcheck.pose.model import Quality
    from formcheck.report.model import Report
    from formcheck.rules.book import RuleBook

SLOWEST_HZ, FASTEST_HZ = 5.0, 120.0
STANDARD_OUTPUT = Path("-")
WIDEST = 100
"""Longer lines are hard to read."""


@dataclass(frozen=True)
class Request:
    """The options of ``formcheck analyze``."""

    clip: Path
    out: Path | None
    exercise: str | None
    start_s: float
    end_s: float | None
    rate_hz: float
    model: Path | Quality
    engine: Engine
    json: Path | None
    cached: bool
    quiet: bool
    rules: tuple[Path, ...] = ()
    lifter: Lifter = NOBODY_ASKED
    html: bool = True
    embed_video: bool = False
    annotate: bool = False

    @property
    def folder(self) -> Path:
        """Where the files go."""
        return self.out or default_folder(self.clip)

    def settings(self) -> TrackSettings:
        """What to track.

        Raises
        ------
        UsageError
            If the rate or the part of the clip makes no sense.
        """
        rate_hz = checked_rate(self.rate_hz)
        end_s = math.inf if self.end_s is None else self.end_s
        if not 0 <= self.start_s < math.inf:
            raise UsageError(f"--start: expected 0 or more seconds, got {self.start_s:g}.")
        if not self.start_s < end_s:
            raise UsageError(
                f"--end: expected more than the start at {self.start_s:g} s, got {end_s:g} s."
            )
        return TrackSettings(rate_hz, self.start_s, end_s, self.engine)


def checked_rate(rate_hz: float, /) -> float:
    """The sampling rate that was asked for.

    Raises
    ------
    UsageError
        If it makes no sense.
    """
    if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        raise UsageError(
            f"--rate: expected {SLOWEST_HZ:g} to {FASTEST_HZ:g} pictures per second, "
            f"got {rate_hz:g}."
        )
    return rate_hz


def run(request: Request, /) -> bool:
    """Analyse a clip, write its files and print its report.

    Returns
    -------
    bool
        Whether the exercise is known.

    Raises
    ------
    FormcheckError
        If an option is wrong, the clip cannot be analysed or a file not be written.
    """
    settings = request.settings()
    book = load_book(request.rules)
    _check(request, book)
    mute_native_stderr()
    console = Console(stderr=True, quiet=request.quiet)
    clip = analysed(request, settings, book, console)
    video = _annotated(request, clip, console) if request.annotate else None
    page_file = PAGE_FILE if request.html else None
    files = FilesPart(angles_csv=ANGLES_FILE, html=page_file, annotated_video=video)
    report = build_report(clip, files)
    page = _page(request, report, clip) if request.html else None
    write_report(report, clip.analysis.motion.angles, request.folder, page=page)
    if request.json == STANDARD_OUTPUT:
        typer.echo(report_json(report).encode(), nl=False)
    else:
        if request.json is not None:
            write_text(report_json(report), request.json)
        screen = Console(quiet=request.quiet, highlight=False)
        screen.width = min(screen.width, WIDEST)
        screen.print(terminal_report(report, folder=request.folder, width=screen.width), crop=False)
    return report.exercise.id != UNKNOWN


def analysed(
    request: Request, settings: TrackSettings, book: RuleBook, console: Console, /
) -> ClipAnalysis:
    """Analyse a request's clip, with a bar for the progress."""
    with TrackingProgress(console) as progress:
        return analyze(
            request.clip,
            exercise=request.exercise,
            lifter=request.lifter,
            book=book,
            settings=settings,
            model=request.model,
            cache=TrackCache() if request.cached else None,
            progress=progress,
        )


def _annotated(request: Request, clip: ClipAnalysis, console: Console) -> str:
    """Write the annotated video into the folder and return its name."""
    from formcheck.cli.annotate import draw  # noqa: PLC0415 - it needs this module
    from formcheck.present.video.video import AnnotateSettings  # noqa: PLC0415

    draw(clip, request.folder / ANNOTATED_FILE, AnnotateSettings(), console)
    return ANNOTATED_FILE


def _page(request: Request, report: Report, clip: ClipAnalysis) -> str:
    player = find_player(report, request.clip, request.folder, embed=request.embed_video)
    return report_page(report, clip, player=player)


def _check(request: Request, book: RuleBook) -> None:
    """Refuse before decoding what would fail after it."""
    known = [exercise.id for exercise in book.exercises]
    if request.exercise is not None and request.exercise not in known:
        raise UsageError(
            f"--exercise: expected one of {', '.join(known)}, got {request.exercise!r}."
        )
    check_folder(request.folder)
    if request.json not in (None, STANDARD_OUTPUT):
        check_folder(request.json.parent)
