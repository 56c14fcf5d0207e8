"""The command line, put together."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from formcheck import __version__
from formcheck.cli import commands, rules
from formcheck.cli.command import command

if TYPE_CHECKING:
    from collections.abc import Callable

CLIP_CODES = (
    "Exit codes: 0 {0} written, 1 a library is missing, 2 wrong option, 3 video not readable, "
    "4 nobody in the video, 5 exercise not recognised ({0} still written), 6 cannot write the "
    "output, 130 interrupted."
)
BATCH_CODES = (
    "Exit codes: 0 every clip analysed, 1 some failed (each is named), 2 wrong option, "
    "3 folder not readable, 6 cannot write the results, 130 interrupted."
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


def _group(**settings: Any) -> typer.Typer:
    return typer.Typer(no_args_is_help=True, rich_markup_mode=None, **settings)


def _add(
    group: typer.Typer,
    function: Callable[..., int | None],
    name: str | None = None,
    epilog: str | None = None,
) -> None:
    group.command(name, epilog=epilog)(command(function))


app = _group(
    name="formcheck",
    cls=_Commands,
    help="Check lifting form (squat, bent-over row, pull-up) from a phone video, offline.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_add(app, commands.analyze, epilog=CLIP_CODES.format("report"))
_add(app, commands.annotate, epilog=CLIP_CODES.format("video"))
_add(app, commands.plot)
_add(app, commands.compare)
_add(app, commands.export, epilog=CLIP_CODES.format("file"))
_add(app, commands.batch, epilog=BATCH_CODES)
_add(app, commands.profile)
_add(app, commands.history)
_add(app, commands.exercises)
_add(app, commands.schema)

_cache = _group(help="Manage cached tracking, so repeat analyses are quick.")
_add(_cache, commands.cache_path, "path")
_add(_cache, commands.cache_size, "size")
_add(_cache, commands.cache_clear, "clear")
app.add_typer(_cache, name="cache")

_rules = _group(help="See the rules formcheck judges by, and use your own.")
_add(_rules, rules.list_rules, "list")
_add(_rules, rules.show)
_add(_rules, rules.export)
_add(_rules, rules.check)
_add(_rules, rules.series)
app.add_typer(_rules, name="rules")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a character that a terminal lacks is no error
            stream.reconfigure(errors="replace")
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
