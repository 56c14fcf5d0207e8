"""What ``formcheck profile`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from formcheck.clip import analyze
from formcheck.files import check_folder, write_text
from formcheck.lifter import NOBODY_ASKED
from formcheck.pose.cache import TrackCache
from formcheck.pose.native import mute_native_stderr
from formcheck.present.page.render import profile_page
from formcheck.present.terminal.report import terminal_profile
from formcheck.report.build import build_report
from formcheck.report.build_upper_back import build_profile
from formcheck.report.files import read_report
from formcheck.rules.book import load_book

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from formcheck.lifter import Lifter
    from formcheck.report.model import Report
    from formcheck.rules.book import RuleBook

PAGE_SUFFIX = ".html"


def run(
    sources: Sequence[Path],
    out: Path,
    /,
    *,
    rules: Sequence[Path] = (),
    lifter: Lifter = NOBODY_ASKED,
    html: bool = True,
) -> None:
    """Combine clips or reports of one lifter, write the profile and print it.

    Parameters
    ----------
    sources, out
        Videos or reports; the file to write.
    rules
        Rule files of the user. A report was judged when it was written, they
        change nothing about it.
    lifter
        What the user told, for every clip; a report keeps what was told then.
    html
        Write a page beside the profile, named like it.

    Raises
    ------
    FormcheckError
        If a clip cannot be analysed, a report not be read or the profile not be written.
    """
    book = load_book(rules)
    check_folder(out.parent)
    mute_native_stderr()
    profile = build_profile([_report(source, book, lifter) for source in sources])
    write_text(profile.model_dump_json(indent=2) + "\n", out)
    page = out.with_suffix(PAGE_SUFFIX)
    if html and page != out and (out.is_file() or not out.exists()):  # not beside a pipe
        write_text(profile_page(profile), page)
    Console(highlight=False).print(terminal_profile(profile))


def _report(source: Path, book: RuleBook, lifter: Lifter) -> Report:
    if source.suffix.lower() != ".json":
        return build_report(analyze(source, lifter=lifter, book=book, cache=TrackCache()))
    return read_report(source)
