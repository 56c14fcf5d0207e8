"""``formcheck batch``: a whole folder of clips."""

import sys
from dataclasses import dataclass, field
from typing import Annotated

import typer

from formcheck.cli.commands.options import (
    AnalysisOptions,
    AnnotateOption,
    HistoryOption,
    LifterAndSetOptions,
    NoPageOption,
    QuietOption,
)
from formcheck.errors import UsageError


@dataclass(frozen=True)
class BatchOptions:
    """What ``formcheck batch`` takes."""

    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="The folder of clips: a path or a URL.")
    ]
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Folder or URL for the results [default: FOLDER_formcheck].",
        ),
    ] = None
    by_folder: Annotated[
        bool,
        typer.Option(
            "--by-folder", help="Treat each sub-folder as one athlete and add to the history."
        ),
    ] = False
    history: HistoryOption = None
    no_history: Annotated[
        bool, typer.Option("--no-history", help="With --by-folder: don't add to the history.")
    ] = False
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Clips analysed at once [default: what suits this machine]."
        ),
    ] = None
    timeout: Annotated[
        float, typer.Option(metavar="S", help="Skip a clip after this many seconds.")
    ] = 1800.0
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep checking for new clips until you press Ctrl-C.")
    ] = False
    poll: Annotated[
        float, typer.Option(metavar="S", help="With --watch: seconds between checks.")
    ] = 10.0
    dask: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Use this Dask cluster, e.g. tcp://host:8786."),
    ] = None
    analysis: AnalysisOptions = field(default_factory=AnalysisOptions)
    lifter: LifterAndSetOptions = field(default_factory=LifterAndSetOptions)
    annotate: AnnotateOption = False
    no_html: NoPageOption = False
    quiet: QuietOption = False


def batch(options: BatchOptions) -> int:
    """Analyse a folder of clips; run again to resume or update."""
    if sys.platform == "win32":  # workers and locks are POSIX's
        raise UsageError("batch: expected Linux or macOS, got Windows; analyse clip by clip.")
    from formcheck.cli.batch import run  # noqa: PLC0415

    return run(options)
