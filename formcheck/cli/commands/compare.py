"""``formcheck compare``: what differs between two clips."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.commands.options import (
    AnalysisOptions,
    NoCacheOption,
    QuietOption,
    SeriesOption,
)


@dataclass(frozen=True)
class CompareOptions:
    """What ``formcheck compare`` takes."""

    a: Annotated[
        Path, typer.Argument(metavar="A", help="A video, or VIDEO#3 for its third rep only.")
    ]
    b: Annotated[Path, typer.Argument(metavar="B", help="The video to compare it with.")]
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="DIR", help="Folder for the files [default: A_vs_B_formcheck]."
        ),
    ] = None
    series: SeriesOption = ()
    video: Annotated[
        bool,
        typer.Option("--video", help="Also write a video of both clips side by side, in step."),
    ] = False
    analysis: AnalysisOptions = field(default_factory=AnalysisOptions)
    no_cache: NoCacheOption = False
    quiet: QuietOption = False


def compare(options: CompareOptions) -> None:
    """Compare two clips of the same exercise, rep by rep.

    Writes comparison.html, comparison.json and comparison.svg to a folder next to A.
    """
    from formcheck.cli.compare import run  # noqa: PLC0415

    run(options)
