"""``formcheck annotate``: a copy of a clip with what was found drawn on it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.commands.options import (
    ClipArgument,
    ClipOptions,
    LifterOptions,
    QuietOption,
)


@dataclass(frozen=True)
class AnnotateOptions:
    """What ``formcheck annotate`` takes."""

    clip: ClipArgument
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="The mp4 file [default: CLIP_annotated.mp4]."
        ),
    ] = None
    video_height: Annotated[
        int | None,
        typer.Option(metavar="PX", help="Height of the new video [default: same as the clip]."),
    ] = None
    audio: Annotated[bool, typer.Option("--audio", help="Keep the sound.")] = False
    slow_faults: Annotated[
        bool, typer.Option("--slow-faults", help="Replay the worst moments in slow motion.")
    ] = False
    blur_face: Annotated[bool, typer.Option("--blur-face", help="Blur the lifter's face.")] = False
    analysis: ClipOptions = field(default_factory=ClipOptions)
    lifter: LifterOptions = field(default_factory=LifterOptions)
    quiet: QuietOption = False


def annotate(options: AnnotateOptions) -> int:
    """Draw skeleton, angles, reps and faults on a copy of a clip."""
    from formcheck.cli.annotate import run  # noqa: PLC0415

    return run(options)
