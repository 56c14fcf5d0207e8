"""What ``formcheck compare`` does, once its options are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console

from formcheck.cli.sources import analysed, chosen_series, one_rep
from formcheck.compare import compare
from formcheck.compare.model import build_comparison
from formcheck.errors import UsageError
from formcheck.files import check_folder, write_files
from formcheck.pose.native import mute_native_stderr
from formcheck.present.figure import Kind, plot_comparison
from formcheck.present.page.comparison import comparison_page
from formcheck.present.terminal.comparison import terminal_comparison
from formcheck.report.files import FOLDER_SUFFIX
from formcheck.rules.book import load_book

if TYPE_CHECKING:
    from pathlib import Path

JSON_FILE, PAGE_FILE = "comparison.json", "comparison.html"
FIGURE_FILE, VIDEO_FILE = "comparison.svg", "comparison.mp4"
WIDEST = 100


@dataclass(frozen=True)
class Request:
    """The options of ``formcheck compare``."""

    a: Path
    b: Path
    out: Path | None = None
    series: tuple[str, ...] = ()
    exercise: str | None = None
    video: bool = False
    rules: tuple[Path, ...] = ()
    cached: bool = True
    quiet: bool = False


def default_folder(a: Path, b: Path, /) -> Path:
    """Where the files go unless told otherwise: next to A.

    >>> from pathlib import Path
    >>> default_folder(Path("videos/old.mp4"), Path("new.mp4")).as_posix()
    'videos/old_vs_new_formcheck'
    """
    return a.parent / f"{a.stem}_vs_{b.stem}{FOLDER_SUFFIX}"


def run(request: Request, /) -> None:
    """Analyse two clips, write what differs and print it.

    Raises
    ------
    FormcheckError
        If an option is wrong, a clip cannot be analysed, the clips cannot be compared
        or a file not be written.
    """
    series = chosen_series(request.series) or None
    (clip_a, rep_a), (clip_b, rep_b) = one_rep(request.a), one_rep(request.b)
    folder = request.out or default_folder(clip_a, clip_b)
    check_folder(folder)
    book = load_book(request.rules)
    mute_native_stderr()
    first, second = (
        analysed(clip, book, exercise=request.exercise, cached=request.cached)
        for clip in (clip_a, clip_b)
    )
    comparison = compare(first.analysis, second.analysis, rep_a=rep_a, rep_b=rep_b, series=series)
    if not comparison.curves:
        raise UsageError("No angle was seen in both clips; --series names what to compare.")
    report = build_comparison(comparison, first, second)
    figure = plot_comparison(comparison, Kind.SVG)
    page = comparison_page(
        report,
        figure,
        " ".join(first.analysis.upper_back.guidance.safety),
        video=VIDEO_FILE if request.video else None,
    )
    if request.video:
        from formcheck.present.video.comparison import film_comparison  # noqa: PLC0415 - rarely wanted

        film_comparison(comparison, clip_a, clip_b, folder / VIDEO_FILE)
    json = report.model_dump_json(indent=2) + "\n"
    write_files({JSON_FILE: json, FIGURE_FILE: figure, PAGE_FILE: page}, folder)
    screen = Console(quiet=request.quiet, highlight=False)
    screen.width = min(screen.width, WIDEST)
    screen.print(terminal_comparison(report, folder=folder), crop=False)
