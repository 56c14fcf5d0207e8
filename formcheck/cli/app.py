"""The command line, put together."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from formcheck import __version__
from formcheck.cli.commands.athlete import athlete_commands
from formcheck.cli.commands.clip import clip_commands
from formcheck.cli.commands.keeping import keeping_commands
from formcheck.cli.rules import rules

app = typer.Typer(
    name="formcheck",
    help="Analyse lifting form (squat, bent-over row, pull-up) from a phone video, offline.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for commands in (clip_commands, athlete_commands, keeping_commands):
    app.add_typer(commands)
app.add_typer(rules, name="rules")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a character that a terminal lacks is no error
            stream.reconfigure(errors="replace")
    app(prog_name="formcheck")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"formcheck {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass
