"""What ``formcheck profile`` does, once its options are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.analysis import UNKNOWN
from formcheck.cli.clips import Analyser
from formcheck.cli.options import AnalysisOptions
from formcheck.cli.screen import report_screen, say_of, say_written, side_screen
from formcheck.files import check_place, write_text
from formcheck.present.page.render import profile_page
from formcheck.present.terminal.report import terminal_profile
from formcheck.report.build import build_report
from formcheck.report.build_upper_back import build_profile
from formcheck.report.files import read_report
from formcheck.words.language import _

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from formcheck.cli.commands import ProfileOptions
    from formcheck.report.model import Report

PAGE_SUFFIX = ".html"


def run(options: ProfileOptions, /) -> None:
    """Combine clips or reports of one lifter, write the profile and print it.

    Rules and what is told of the lifter are for clips: a report was judged when it was
    written, and they change nothing about it.

    Raises
    ------
    FormcheckError
        If a clip cannot be analysed, a report not be read or the profile not be written.
    """
    analyser = Analyser.of(
        AnalysisOptions(rules=options.rules),
        lifter=options.lifter.told(),
        cached=not options.no_cache,
    )
    out, console = options.out, side_screen(quiet=options.quiet)
    check_place(out)
    reports = [_report(source, analyser, console) for source in options.sources]
    profile = build_profile(reports)
    write_text(profile.model_dump_json(indent=2) + "\n", out)
    written = [out]
    page = out.with_suffix(PAGE_SUFFIX)
    beside_file = page != out and (out.is_file() or not out.exists())  # no page beside a pipe
    if beside_file and not options.no_html:
        write_text(profile_page(profile), page)
        written.append(page)
    report_screen(quiet=options.quiet).print(terminal_profile(profile))
    for report in reports:
        if report.exercise.id == UNKNOWN:
            say_of(console, report.video.path, _("exercise not recognised."))
    say_written(*written, quiet=options.quiet)


def _report(source: Path, analyser: Analyser, console: Console) -> Report:
    if source.suffix.lower() != ".json":
        return build_report(analyser.analysed(source, console))
    return read_report(source)
