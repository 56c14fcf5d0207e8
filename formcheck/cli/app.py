"""The command line, put together."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from formcheck import __version__
from formcheck.cli import commands, rules
from formcheck.cli.command import command, expected, until_written

if TYPE_CHECKING:
    from collections.abc import Callable

CLIP_CODES = (
    "Exit codes: 0 {0} written, 1 a library is missing, 2 wrong option, 3 video not readable, "
    "4 nobody in the video, {1}6 cannot write the output, 130 interrupted."
)
UNKNOWN_CODE = "5 exercise not recognised ({0} still written), "

INSPECT_CODES = (
    "Exit codes: 0 film like this, 1 a library is missing, 2 wrong option, 3 video not readable, "
    "4 nobody in the video, 6 cannot write the output, 7 film it again, 130 interrupted."
)
BATCH_CODES = (
    "Exit codes: 0 every clip analysed, 1 some failed (each is named), 2 wrong option, "
    "3 folder not readable, 6 cannot write the results, 130 interrupted."
)
OTHER_CODES = "Exit codes: 0 done, 2 wrong option or file, 6 cannot write the output."
CAPITALS = (
    "More about them is in docs/report.md. Words in capitals stand for what you give: FILE and DIR "
    "for paths, NAME for a name, S for seconds, N for a number."
)


class _Commands(TyperGroup):
    """Helps when a clip stands where a command belongs; typer does for a mistyped command."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        meant = name in self.commands or ctx.resilient_parsing  # that is when a shell completes
        if not meant and (Path(name).suffix or Path(name).exists()):
            does = "batch" if Path(name).is_dir() else "analyze"
            line = shlex.join(["formcheck", does, *args])
            ctx.fail(f"No such command '{name}'. Did you mean: {line}")
        return super().resolve_command(ctx, args)


class _Command(TyperCommand):
    """Says what an option expects as formcheck's own checks do."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = expected(error.message)
            raise


def _group(**settings: Any) -> typer.Typer:
    return typer.Typer(no_args_is_help=True, rich_markup_mode=None, **settings)


def _add(
    group: typer.Typer,
    function: Callable[..., int | None],
    name: str | None = None,
    codes: str = OTHER_CODES,
    *,
    speaks: bool = True,
) -> None:
    made = command(function, speaks=speaks)
    group.command(name, cls=_Command, epilog=f"{codes} {CAPITALS}")(made)


def _of_clip(what: str, *, unknown: bool = False) -> str:
    """Exit codes of a command that analyses clips and writes something of them."""
    return CLIP_CODES.format(what, UNKNOWN_CODE.format(what) if unknown else "")


app = _group(
    name="formcheck",
    cls=_Commands,
    help="Check lifting form (squat, bent-over row, pull-up) from a phone video, offline.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_add(app, commands.analyze, codes=_of_clip("report", unknown=True))
_add(app, commands.inspect, codes=INSPECT_CODES)
_add(app, commands.annotate, codes=_of_clip("video", unknown=True))
_add(app, commands.plot, codes=_of_clip("figure"))
_add(app, commands.compare, codes=_of_clip("comparison"))
_add(app, commands.export, codes=_of_clip("file", unknown=True), speaks=False)
_add(app, commands.batch, codes=BATCH_CODES)
_add(app, commands.profile, codes=_of_clip("profile"))
_add(app, commands.history)
_add(app, commands.exercises, speaks=False)
_add(app, commands.schema, speaks=False)

_cache = _group(help="Manage cached tracking, so repeat analyses are quick.")
_add(_cache, commands.cache_path, "path", speaks=False)
_add(_cache, commands.cache_size, "size", speaks=False)
_add(_cache, commands.cache_clear, "clear", speaks=False)
app.add_typer(_cache, name="cache")

_rules = _group(help="See the rules formcheck judges by, and use your own.")
_add(_rules, rules.list_rules, "list", speaks=False)
_add(_rules, rules.show, speaks=False)
_add(_rules, rules.export, speaks=False)
_add(_rules, rules.check, speaks=False)
_add(_rules, rules.series, speaks=False)
app.add_typer(_rules, name="rules")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a character that a terminal lacks is no error
            stream.reconfigure(errors="replace")
    with until_written():
        app(prog_name="formcheck")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"formcheck {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass
