"""Commands about what formcheck knows and keeps."""

from __future__ import annotations

import typer

from formcheck.cli.failures import plain_failures
from formcheck.cli.rules import RuleFiles

keeping_commands = typer.Typer(rich_markup_mode=None)
cache = typer.Typer(
    help="Kept tracks of clips, so that analysing one again is quick.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
keeping_commands.add_typer(cache, name="cache")


@keeping_commands.command()
def exercises(rule_files: RuleFiles = None) -> None:
    """List the exercises that --exercise takes."""
    with plain_failures(debug=False):
        from formcheck.rules.book import load_book  # noqa: PLC0415

        for known in load_book(rule_files or ()).exercises:
            typer.echo(f"{known.id:14} {known.title}")


@keeping_commands.command()
def schema() -> None:
    """Print the JSON Schema of report.json."""
    with plain_failures(debug=False):
        import json  # noqa: PLC0415

        from formcheck.report.model import Report  # noqa: PLC0415

        typer.echo(json.dumps(Report.model_json_schema(mode="serialization"), indent=2))


@cache.command("path")
def cache_path() -> None:
    """Print the folder of the cache."""
    with plain_failures(debug=False):
        from formcheck.pose.cache import default_folder  # noqa: PLC0415

        typer.echo(str(default_folder()))


@cache.command("size")
def cache_size() -> None:
    """Print how much the cache holds."""
    with plain_failures(debug=False):
        from formcheck.pose.cache import TrackCache  # noqa: PLC0415

        typer.echo(f"{TrackCache().size_bytes() / 1e6:.1f} MB")


@cache.command("clear")
def cache_clear() -> None:
    """Delete everything in the cache."""
    with plain_failures(debug=False):
        from formcheck.pose.cache import TrackCache  # noqa: PLC0415

        count = TrackCache().clear()
        typer.echo(f"{count} {'track' if count == 1 else 'tracks'} deleted")
