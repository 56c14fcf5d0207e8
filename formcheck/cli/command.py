"""From a function whose options are grouped in dataclasses to a command of typer.

Typer reads a command's options from the signature of a function. A command here takes
few parameters, most of them dataclasses whose fields are the options: they are put in
the signature that typer sees, and collected again when the command runs. What goes wrong
in it is told in one sentence, with an exit code.
"""

from __future__ import annotations

import errno
import inspect
import os
import sys
import traceback
from contextlib import contextmanager
from dataclasses import is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeGuard, get_args, get_origin

import typer

from formcheck.errors import UNEXPECTED, FormcheckError, OutputError, in_full
from formcheck.words.language import ENGLISH, chosen, speaking
from formcheck.words.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DONE = 0
SOME_FAILED = 1
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NOT_WRITTEN = "Cannot write the output: no space left on device."
DEBUG = inspect.Parameter(
    "debug",
    inspect.Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[
        bool, typer.Option("--debug", help="Show the full traceback when something fails.")
    ],
)
"""What every command takes."""
LANGUAGE = inspect.Parameter(
    "language",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Language of the words, as de [default: FORMCHECK_LANGUAGE, or English].",
        ),
    ],
)
"""What every command takes that speaks to a reader."""


def command(function: Callable[..., int | None], /, *, speaks: bool = True) -> Callable[..., None]:
    """What typer makes a command of.

    Parameters
    ----------
    function
        What the command does. Its docstring is the help. Its parameters, and the fields of
        those that are dataclasses, are annotated as typer wants it; a `tuple` of any length
        is an option that may be given several times. It returns the exit code, or None.
    speaks
        Whether it says something that there are translations of.
    """

    def run(*, debug: bool, language: str | None = None, **given: Any) -> None:
        with plain_failures(debug=debug), speaking(chosen(language) if speaks else ENGLISH):
            code = _called(function, given)
            if code:
                raise typer.Exit(code)

    run.__name__, run.__doc__ = function.__name__, function.__doc__
    signature = inspect.Signature([*_parameters(function), *([LANGUAGE] if speaks else []), DEBUG])
    run.__signature__ = signature  # type: ignore[attr-defined]
    return run


def _parameters(taker: Callable[..., Any]) -> Iterator[inspect.Parameter]:
    """The options that a function or dataclass takes, those of its dataclasses among them."""
    for parameter in _taken(taker):
        kind = parameter.annotation
        if _is_group(kind):
            yield from _parameters(kind)
        elif _is_several(kind):
            (several, option), given = get_args(kind), parameter.default
            yield parameter.replace(
                kind=inspect.Parameter.KEYWORD_ONLY,
                annotation=Annotated[list[get_args(several)[0]], option],  # type: ignore[misc]
                default=None if given == () else given,
            )
        else:
            yield parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)


def _called(taker: Callable[..., Any], given: dict[str, Any]) -> Any:
    """What a function or dataclass makes of its share of the options."""
    values = {}
    for parameter in _taken(taker):
        kind = parameter.annotation
        if _is_group(kind):
            values[parameter.name] = _called(kind, given)
        elif _is_several(kind):
            values[parameter.name] = tuple(given[parameter.name] or ())
        else:
            values[parameter.name] = given[parameter.name]
    return taker(**values)


@cache  # several commands take the same dataclasses
def _taken(taker: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    return tuple(inspect.signature(taker, eval_str=True).parameters.values())


def _is_group(kind: Any) -> TypeGuard[Callable[..., Any]]:
    return is_dataclass(kind)


def _is_several(kind: Any) -> bool:
    return get_origin(kind) is Annotated and get_origin(get_args(kind)[0]) is tuple


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
        number = getattr(error, "errno", None)
        if isinstance(error, typer.Exit) or number == errno.EPIPE:
            raise
        if number in FULL:
            _explain(error, NOT_WRITTEN, debug=debug)
            raise typer.Exit(OutputError.exit_code) from error
        _explain(error, f"formcheck failed ({in_full(error)}); --debug shows where.", debug=debug)
        raise typer.Exit(UNEXPECTED) from error


@contextmanager
def until_written() -> Iterator[None]:
    """End with one sentence where standard output takes no more, as on a full disk.

    What it did not take is dropped: Python would try again at its end, and fail.
    """
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        if error.errno not in (*FULL, errno.EPIPE):
            raise
        _drop_output()
        if error.errno == errno.EPIPE:  # who reads has had enough
            sys.exit(UNEXPECTED)
        typer.echo(NOT_WRITTEN, err=True)
        sys.exit(OutputError.exit_code)


def _drop_output() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _explain(error: Exception, sentence: str, *, debug: bool) -> None:
    if debug:
        typer.echo("".join(traceback.format_exception(error)), err=True)
    typer.echo(printable(sentence), err=True)


def expected(message: str, /) -> str:
    """What typer, by way of pydantic, says of a value, in the words that formcheck has for it.

    >>> expected("Value error, 'good' is not one of 'fast', 'best'.")
    "'good' is not one of 'fast', 'best'."
    >>> expected("Input should be a valid number, unable to parse string as a number")
    'expected a valid number.'
    """
    message = message.removeprefix("Value error, ")
    what = message.removeprefix("Input should be ")
    return message if what == message else f"expected {what.partition(',')[0]}."
