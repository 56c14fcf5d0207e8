"""``formcheck history``: athletes over time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.commands.options import HistoryOption, JsonOption


@dataclass(frozen=True)
class HistoryOptions:
    """What ``formcheck history`` takes."""

    athlete: Annotated[
        str | None,
        typer.Argument(metavar="ATHLETE", help="Athlete's name; omit to list everyone."),
    ] = None
    history: HistoryOption = None
    exercise: Annotated[str | None, typer.Option(metavar="NAME", help="Only this exercise.")] = None
    measurement: Annotated[
        tuple[str, ...],
        typer.Option(metavar="NAME", help="Also show this measurement; repeat for several."),
    ] = ()
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only clips from this date on.")
    ] = None
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only clips up to this date.")
    ] = None
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write an HTML page with charts.")
    ] = None
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Save all rows: .csv, .parquet or .json."),
    ] = None
    json: JsonOption = None
    add: Annotated[
        tuple[Path, ...],
        typer.Option(metavar="REPORT", help="Add this report.json first; repeat for several."),
    ] = ()
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="When the clips given by --add were filmed.")
    ] = None
    rename: Annotated[str | None, typer.Option(metavar="NEW", help="Rename the athlete.")] = None
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete everything about the athlete.")
    ] = False
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False


def history(options: HistoryOptions) -> None:
    """Show progress over time.

    Changes count only when they are larger than the measuring error.
    """
    from formcheck.cli.history import run  # noqa: PLC0415

    run(options)
