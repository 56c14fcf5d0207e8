"""Commands about what formcheck knows and keeps."""

import typer

from formcheck.cli.commands.options import RulesOption


def exercises(rules: RulesOption = ()) -> None:
    """List the exercises, by the names that --exercise takes."""
    from formcheck.rules.book import load_book  # noqa: PLC0415

    known = load_book(rules).exercises
    width = max(len(exercise.id) for exercise in known)
    for exercise in known:
        typer.echo(f"{exercise.id:{width}}  {exercise.title}")


def schema() -> None:
    """Print the JSON Schema of report.json."""
    import json  # noqa: PLC0415

    from formcheck.report.model import Report  # noqa: PLC0415

    typer.echo(json.dumps(Report.model_json_schema(mode="serialization"), indent=2))


def cache_path() -> None:
    """Print where cached tracking is kept."""
    from formcheck.pose.cache import default_folder  # noqa: PLC0415

    typer.echo(str(default_folder()))


def cache_size() -> None:
    """Print how much space the cache takes."""
    from formcheck.pose.cache import TrackCache  # noqa: PLC0415

    typer.echo(f"{TrackCache().size_bytes() / 1e6:.1f} MB")


def cache_clear() -> None:
    """Delete everything in the cache."""
    from formcheck.pose.cache import TrackCache  # noqa: PLC0415

    count = TrackCache().clear()
    typer.echo(f"{count} {'track' if count == 1 else 'tracks'} deleted")
