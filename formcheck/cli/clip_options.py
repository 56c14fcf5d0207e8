"""Options of commands that take one clip, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.pose.engine import Engine
from formcheck.pose.model import Quality

ClipArgument = Annotated[
    Path, typer.Argument(metavar="CLIP", help="The video: one set of one exercise.")
]
ExerciseOption = Annotated[
    str | None, typer.Option(metavar="ID", help="Which exercise it is [default: recognised].")
]
StartOption = Annotated[float, typer.Option(metavar="S", help="Begin at this second.")]
EndOption = Annotated[
    float | None, typer.Option(metavar="S", help="Stop at this second [default: the end].")
]
RateOption = Annotated[
    float, typer.Option(metavar="HZ", help="Pictures sampled per second, 5 to 120.")
]
QualityOption = Annotated[
    Quality,
    typer.Option(help="Pose network: fast, or best, which tracks three to five times as long."),
]
ModelOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Another pose bundle (.task) than those of --quality."),
]
EngineOption = Annotated[
    Engine,
    typer.Option(help="What runs the network; mediapipe (an extra) is for comparison."),
]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Neither use nor keep the track of the clip.")
]
NoPageOption = Annotated[bool, typer.Option("--no-html", help="Write no HTML page.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show where an error arose.")]
