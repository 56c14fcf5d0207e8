"""What ``formcheck compare`` does, once its options are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.cli.clips import Analyser, chosen_series, one_rep
from formcheck.cli.screen import report_screen, side_screen
from formcheck.compare import compare
from formcheck.compare.model import build_comparison
from formcheck.errors import UsageError
from formcheck.files import check_folder, write_files
from formcheck.present.figure import Kind, plot_comparison
from formcheck.present.page.render import comparison_page
from formcheck.present.terminal.comparison import terminal_comparison
from formcheck.report.files import FOLDER_SUFFIX, REPORT_FILE, read_report

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.cli.commands import CompareOptions

JSON_FILE, PAGE_FILE = "comparison.json", "comparison.html"
FIGURE_FILE, VIDEO_FILE = "comparison.svg", "comparison.mp4"


def default_folder(a: Path, b: Path, /) -> Path:
    """Where the files go unless told otherwise: next to A.

    >>> from pathlib import Path
    >>> default_folder(Path("videos/old.mp4"), Path("new.mp4")).as_posix()
    'videos/old_vs_new_formcheck'
    """
    return a.parent / f"{a.stem}_vs_{b.stem}{FOLDER_SUFFIX}"


def run(options: CompareOptions, /) -> None:
    """Analyse two clips, write what differs and print it.

    Raises
    ------
    FormcheckError
        If an option is wrong, a clip cannot be analysed, the clips cannot be compared
        or a file not be written.
    """
    series = chosen_series(options.series) or None
    (clip_a, rep_a), (clip_b, rep_b) = one_rep(options.a), one_rep(options.b)
    for clip in (clip_a, clip_b):
        _check_clip(clip)
    folder = options.out or default_folder(clip_a, clip_b)
    check_folder(folder)
    analyser = Analyser.of(options.analysis, cached=not options.no_cache)
    console = side_screen(quiet=options.quiet)
    first, second = (analyser.analysed(clip, console) for clip in (clip_a, clip_b))
    comparison = compare(first.analysis, second.analysis, rep_a=rep_a, rep_b=rep_b, series=series)
    if not comparison.curves:
        raise UsageError(
            "No joint angle could be measured in both clips; choose what to compare with --series."
        )
    report = build_comparison(comparison, first, second)
    figure = plot_comparison(comparison, Kind.SVG)
    page = comparison_page(
        report,
        figure,
        " ".join(first.analysis.upper_back.guidance.safety),
        video=VIDEO_FILE if options.video else None,
    )
    if options.video:
        from formcheck.present.video.comparison import film_comparison  # noqa: PLC0415 - rarely wanted

        films = first.tracked.video, second.tracked.video
        film_comparison(comparison, *films, folder / VIDEO_FILE)
    json = report.model_dump_json(indent=2) + "\n"
    write_files({JSON_FILE: json, FIGURE_FILE: figure, PAGE_FILE: page}, folder)
    screen = report_screen(quiet=options.quiet)
    screen.print(terminal_comparison(report, folder=folder), crop=False)


def _check_clip(source: Path) -> None:
    """Refuse a report, or its folder, in place of the clip: it has no curves."""
    file = source / REPORT_FILE if source.is_dir() else source
    if file.suffix.lower() != ".json" or not file.is_file():
        return
    clip = read_report(file).video.path
    raise UsageError(f"compare needs the clips themselves: instead of {source}, name {clip}.")
