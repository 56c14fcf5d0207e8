"""``formcheck export``: a clip's movement for other tools."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.commands.options import ClipOptions, LifterOptions, QuietOption


@dataclass(frozen=True)
class ExportOptions:
    """What ``formcheck export`` takes."""

    source: Annotated[
        Path, typer.Argument(metavar="CLIP_OR_REPORT", help="A video or an earlier report.json.")
    ]
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="NAME", help="csv, parquet, trc, mot or c3d.")
    ]
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="The file; - prints a text format [default: next to the source].",
        ),
    ] = None
    table: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="For csv and parquet: angles, landmarks or reps [default: angles].",
        ),
    ] = None
    analysis: ClipOptions = field(default_factory=ClipOptions)
    lifter: LifterOptions = field(default_factory=LifterOptions)
    quiet: QuietOption = False


def export(options: ExportOptions) -> int:
    """Export a clip's movement for other software.

    For pandas, OpenSim, Kinovea, Mokka, Visual3D and whatever else reads these formats.
    """
    from formcheck.cli.export import run  # noqa: PLC0415

    return run(options)
