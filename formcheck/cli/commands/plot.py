"""``formcheck plot``: a clip's angles as a figure."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.commands.options import (
    ClipArgument,
    ClipOptions,
    QuietOption,
    SeriesOption,
)


@dataclass(frozen=True)
class PlotOptions:
    """What ``formcheck plot`` takes."""

    clip: ClipArgument
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="The figure: a .svg, .pdf or .png file."),
    ]
    series: SeriesOption = ()
    reps: Annotated[bool, typer.Option("--reps", help="Overlay all reps and show the average.")] = (
        False
    )
    width: Annotated[
        float, typer.Option(metavar="MM", help="Width of the figure in millimetres.")
    ] = 85.0
    analysis: ClipOptions = field(default_factory=ClipOptions)
    quiet: QuietOption = False


def plot(options: PlotOptions) -> None:
    """Plot a clip's joint angles for a paper or a slide."""
    from formcheck.cli.plot import run  # noqa: PLC0415

    run(options)
