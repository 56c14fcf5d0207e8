"""``formcheck analyze``: one clip, one report."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.commands.options import (
    AnnotateOption,
    ClipArgument,
    ClipOptions,
    JsonOption,
    LifterAndSetOptions,
    NoPageOption,
    QuietOption,
)


@dataclass(frozen=True)
class AnalyzeOptions:
    """What ``formcheck analyze`` takes."""

    clip: ClipArgument
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="DIR", help="Folder for the files [default: CLIP_formcheck]."
        ),
    ] = None
    analysis: ClipOptions = field(default_factory=ClipOptions)
    lifter: LifterAndSetOptions = field(default_factory=LifterAndSetOptions)
    annotate: AnnotateOption = False
    no_html: NoPageOption = False
    embed_video: Annotated[
        bool,
        typer.Option("--embed-video", help="Put the whole video into report.html, as one file."),
    ] = False
    json: JsonOption = None
    quiet: QuietOption = False


def analyze(options: AnalyzeOptions) -> int:
    """Analyse one clip and print the report.

    Writes report.html, report.json and angles.csv to a folder next to the clip.
    """
    from formcheck.cli.analyze import run  # noqa: PLC0415

    return run(options)
