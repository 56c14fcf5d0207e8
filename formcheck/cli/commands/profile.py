"""``formcheck profile``: the upper back over several clips."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.commands.options import (
    LifterAndSetOptions,
    NoCacheOption,
    NoPageOption,
    QuietOption,
    RulesOption,
)


@dataclass(frozen=True)
class ProfileOptions:
    """What ``formcheck profile`` takes."""

    sources: Annotated[
        tuple[Path, ...],
        typer.Argument(metavar="CLIP_OR_REPORT", help="Videos or report.json files."),
    ]
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Where to save the profile.")
    ] = Path("profile.json")
    rules: RulesOption = ()
    lifter: LifterAndSetOptions = field(default_factory=LifterAndSetOptions)
    no_cache: NoCacheOption = False
    no_html: NoPageOption = False
    quiet: QuietOption = False


def profile(options: ProfileOptions) -> None:
    """Combine several clips of one lifter to assess the upper back."""
    from formcheck.cli.profile import run  # noqa: PLC0415

    run(options)
