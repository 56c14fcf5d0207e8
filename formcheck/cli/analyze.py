"""What ``formcheck analyze`` does, once its options are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from formcheck.analysis import UNKNOWN
from formcheck.cli.clips import Analyser
from formcheck.cli.command import DONE
from formcheck.cli.screen import STANDARD_OUTPUT, report_screen, side_screen
from formcheck.errors import UNKNOWN_EXERCISE, UsageError
from formcheck.files import check_folder, check_place, write_text
from formcheck.notes import notes_beside
from formcheck.present.page.cards import moments
from formcheck.present.page.media import find_player, stills
from formcheck.present.page.pdf import Paper, find_browser, one_sheet, paper_of
from formcheck.present.page.render import report_page
from formcheck.present.terminal.report import terminal_report
from formcheck.report.build import build_report
from formcheck.report.files import (
    ANGLES_FILE,
    ANNOTATED_FILE,
    PAGE_FILE,
    SHEET_FILE,
    default_folder,
    report_json,
    write_report,
)
from formcheck.report.model import FilesPart

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.cli.commands import AnalyzeOptions
    from formcheck.report.model import Report


def run(options: AnalyzeOptions, /) -> int:
    """Analyse a clip, write its files and print its report.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    FormcheckError
        If an option is wrong, the clip cannot be analysed or a file not be written.
    """
    how, folder = options.analysis, options.out or default_folder(options.clip)
    analyser = Analyser.of(how, lifter=options.lifter.told(), cached=not how.no_cache)
    check_folder(folder)
    if options.json not in (None, STANDARD_OUTPUT):
        check_place(options.json)
    paper, notes = _paper(options), notes_beside(options.clip, options.note)
    browser = find_browser() if options.pdf else None
    console = side_screen(quiet=options.quiet)
    clip = analyser.analysed(options.clip, console)
    if options.annotate:
        from formcheck.cli.annotate import draw  # noqa: PLC0415 - loads all that draws

        draw(clip, folder / ANNOTATED_FILE, console)
    files = FilesPart(
        angles_csv=ANGLES_FILE,
        html=None if options.no_html else PAGE_FILE,
        annotated_video=ANNOTATED_FILE if options.annotate else None,
        pdf=SHEET_FILE if options.pdf else None,
    )
    report, page, sheet = build_report(clip, files, notes), None, None
    wanted = browser is not None or not options.no_html
    pictures = stills(clip, moments(report)) if wanted else {}
    if not options.no_html:
        player = find_player(report, options.clip, folder, embed=options.embed_video)
        page = report_page(report, clip, player=player, pictures=pictures)
    if browser is not None:

        def page_at(zoom: float) -> str:
            return report_page(report, clip, pictures=pictures, paper=paper, zoom=zoom)

        sheet = one_sheet(page_at, browser)
    write_report(report, clip.analysis.motion, folder, page=page, sheet=sheet)
    _tell(report, folder, options)
    return UNKNOWN_EXERCISE if report.exercise.id == UNKNOWN else DONE


def _paper(options: AnalyzeOptions) -> Paper:
    """What the sheet is printed on."""
    if options.paper is None:
        return Paper.A4
    if not options.pdf:
        raise UsageError("--paper says what --pdf is printed on; there is no --pdf.")
    return paper_of(options.paper)


def _tell(report: Report, folder: Path, options: AnalyzeOptions) -> None:
    """Print the report, or its JSON where that goes to standard output."""
    if options.json == STANDARD_OUTPUT:
        typer.echo(report_json(report).encode(), nl=False)
        return
    if options.json is not None:
        write_text(report_json(report), options.json)
    screen = report_screen(quiet=options.quiet)
    screen.print(terminal_report(report, folder=folder, width=screen.width), crop=False)
