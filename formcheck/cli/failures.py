"""What a user sees when something goes wrong: one sentence and an exit code."""

from __future__ import annotations

import errno
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from formcheck.errors import FormcheckError
from formcheck.words.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

DONE = 0
UNEXPECTED = 1
SOME_FAILED = 1
UNKNOWN_EXERCISE = 5


@contextmanager
def plain_failures(*, debug: bool) -> Iterator[None]:
    """End the command with one sentence on standard error instead of a traceback.

    Parameters
    ----------
    debug
        Show the traceback, too.
    """
    try:
        yield
    except FormcheckError as error:
        _explain(error, str(error), debug=debug)
        raise typer.Exit(error.exit_code) from error
    except Exception as error:
        if isinstance(error, typer.Exit) or getattr(error, "errno", None) == errno.EPIPE:
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".: ")
        _explain(error, f"formcheck failed ({what}); --debug shows where.", debug=debug)
        raise typer.Exit(UNEXPECTED) from error


def _explain(error: Exception, sentence: str, *, debug: bool) -> None:
    if debug:
        typer.echo("".join(traceback.format_exception(error)), err=True)
    typer.echo(printable(sentence), err=True)
