"""What ``formcheck inspect`` does, once its options are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from formcheck.cli.command import DONE
from formcheck.cli.options import analysed_as
from formcheck.cli.screen import STANDARD_OUTPUT, TrackingProgress, report_screen, side_screen
from formcheck.edits_file import edits_beside
from formcheck.errors import BADLY_FILMED
from formcheck.files import check_place, write_text
from formcheck.filming import Verdict
from formcheck.inspection import inspect
from formcheck.pose.engine import mute_native_stderr
from formcheck.present.terminal.inspection import terminal_inspection
from formcheck.report.inspection import build_inspection
from formcheck.rules.book import load_book
from formcheck.words.language import later

if TYPE_CHECKING:
    from formcheck.cli.commands import InspectOptions

LOOKING = later("Looking at the clip")


def run(options: InspectOptions, /) -> int:
    """Look at a clip and print how it is filmed.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    FormcheckError
        If an option is wrong, the clip cannot be looked at or a file not be written.
    """
    book = load_book(options.rules)
    exercise = analysed_as(options.exercise, book)
    edits = edits_beside(options.clip, book.names())
    if options.json not in (None, STANDARD_OUTPUT):
        check_place(options.json)
    mute_native_stderr()
    with TrackingProgress(side_screen(quiet=options.quiet), LOOKING) as progress:
        found = inspect(options.clip, exercise=exercise, edits=edits, book=book, progress=progress)
    report = build_inspection(found)
    text = report.model_dump_json(indent=2) + "\n"
    if options.json == STANDARD_OUTPUT:
        typer.echo(text.encode(), nl=False)
    else:
        if options.json is not None:
            write_text(text, options.json)
        report_screen(quiet=options.quiet).print(terminal_inspection(report))
    return BADLY_FILMED if found.filming.verdict is Verdict.AGAIN else DONE
