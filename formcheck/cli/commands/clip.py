"""Commands that take one clip, or two."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.clip_options import (
    ClipArgument,
    DebugOption,
    EndOption,
    EngineOption,
    ExerciseOption,
    ModelOption,
    NoCacheOption,
    NoPageOption,
    QualityOption,
    RateOption,
    StartOption,
)
from formcheck.cli.failures import UNKNOWN_EXERCISE, plain_failures
from formcheck.cli.lifter_options import (
    BarOption,
    BodyweightOption,
    HeightOption,
    LoadOption,
    PainOption,
    RpeOption,
    told_lifter,
)
from formcheck.cli.rules import RuleFiles
from formcheck.pose.engine import Engine
from formcheck.pose.model import Quality

EPILOG = (
    "Exit codes: 0 report written, 1 a library is missing, 2 wrong option, 3 video not readable, "
    "4 nobody in the video, 5 exercise not recognised (report written), 6 output not writable, "
    "130 interrupted."
)

clip_commands = typer.Typer(rich_markup_mode=None)


@clip_commands.command(epilog=EPILOG)
def analyze(  # noqa: PLR0913 - one parameter for each option
    *,
    clip: ClipArgument,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the files [default: CLIP_formcheck]."),
    ] = None,
    exercise: ExerciseOption = None,
    rule_files: RuleFiles = None,
    bar: BarOption = None,
    load: LoadOption = None,
    bodyweight: BodyweightOption = None,
    height: HeightOption = None,
    rpe: RpeOption = None,
    pain: PainOption = False,
    start: StartOption = 0.0,
    end: EndOption = None,
    rate: RateOption = 30.0,
    quality: QualityOption = Quality.STANDARD,
    model: ModelOption = None,
    engine: EngineOption = Engine.LITERT,
    no_cache: NoCacheOption = False,
    annotate: Annotated[
        bool, typer.Option("--annotate", help="Write annotated.mp4 into the folder as well.")
    ] = False,
    no_html: NoPageOption = False,
    embed_video: Annotated[
        bool, typer.Option("--embed-video", help="Put the whole video into report.html.")
    ] = False,
    json: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the JSON there as well; - prints only that."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print no report and no progress.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Analyse one clip and print the report.

    Writes report.html, report.json and angles.csv into a folder next to the clip.
    """
    with plain_failures(debug=debug):
        from formcheck.cli.analyze import Request, run  # noqa: PLC0415

        lifter = told_lifter(
            bar=bar,
            load_kg=load,
            bodyweight_kg=bodyweight,
            height_cm=height,
            rpe=rpe,
            pain=pain,
        )
        request = Request(
            clip,
            out,
            exercise,
            start,
            end,
            rate,
            model or quality,
            engine,
            json,
            cached=not no_cache,
            quiet=quiet,
            rules=tuple(rule_files or ()),
            lifter=lifter,
            html=not no_html,
            embed_video=embed_video,
            annotate=annotate,
        )
        if not run(request):
            raise typer.Exit(UNKNOWN_EXERCISE)


@clip_commands.command("annotate", epilog=EPILOG.replace("report written", "video written"))
def annotate_clip(  # noqa: PLR0913 - one parameter for each option
    *,
    clip: ClipArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="The mp4 file [default: CLIP_annotated.mp4]."
        ),
    ] = None,
    height: Annotated[
        int | None,
        typer.Option(metavar="PX", help="Height of the picture [default: the clip's own]."),
    ] = None,
    audio: Annotated[bool, typer.Option("--audio", help="Keep the sound.")] = False,
    slow_faults: Annotated[
        bool, typer.Option("--slow-faults", help="Show the worst moments again, slowly.")
    ] = False,
    blur_face: Annotated[
        bool, typer.Option("--blur-face", help="Make the lifter's face unrecognisable.")
    ] = False,
    exercise: ExerciseOption = None,
    rule_files: RuleFiles = None,
    bar: BarOption = None,
    load: LoadOption = None,
    bodyweight: BodyweightOption = None,
    start: StartOption = 0.0,
    end: EndOption = None,
    rate: RateOption = 30.0,
    quality: QualityOption = Quality.STANDARD,
    model: ModelOption = None,
    engine: EngineOption = Engine.LITERT,
    no_cache: NoCacheOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
    debug: DebugOption = False,
) -> None:
    """Draw skeleton, angles, repetitions and faults on a copy of the clip."""
    with plain_failures(debug=debug):
        from formcheck.cli.analyze import Request  # noqa: PLC0415
        from formcheck.cli.annotate import run  # noqa: PLC0415
        from formcheck.present.video.video import AnnotateSettings  # noqa: PLC0415

        request = Request(
            clip,
            None,
            exercise,
            start,
            end,
            rate,
            model or quality,
            engine,
            None,
            cached=not no_cache,
            quiet=quiet,
            rules=tuple(rule_files or ()),
            lifter=told_lifter(bar=bar, load_kg=load, bodyweight_kg=bodyweight),
        )
        settings = AnnotateSettings(
            height=height, sound=audio, slow_faults=slow_faults, blur_face=blur_face
        )
        if not run(request, out, settings):
            raise typer.Exit(UNKNOWN_EXERCISE)


@clip_commands.command()
def plot(  # noqa: PLR0913 - one parameter for each option
    *,
    clip: ClipArgument,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="The figure: a .svg, .pdf or .png file."),
    ],
    series: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="What to plot; may be given several times [default: what the rules measure].",
        ),
    ] = None,
    reps: Annotated[
        bool, typer.Option("--reps", help="Lay all repetitions on one another, with their mean.")
    ] = False,
    width: Annotated[
        float, typer.Option(metavar="MM", help="Width of the figure, millimetres.")
    ] = 85.0,
    exercise: ExerciseOption = None,
    rule_files: RuleFiles = None,
    no_cache: NoCacheOption = False,
    debug: DebugOption = False,
) -> None:
    """Plot a clip's angles, for a paper or a slide."""
    with plain_failures(debug=debug):
        from formcheck.cli.plot import Request, run  # noqa: PLC0415

        run(
            Request(
                clip,
                out,
                tuple(series or ()),
                reps,
                width,
                exercise,
                tuple(rule_files or ()),
                cached=not no_cache,
            )
        )


@clip_commands.command()
def compare(  # noqa: PLR0913 - one parameter for each option
    *,
    a: Annotated[
        Path, typer.Argument(metavar="A", help="A video, or VIDEO#3 for its repetition 3.")
    ],
    b: Annotated[Path, typer.Argument(metavar="B", help="The video to compare with it.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the files [default: A_vs_B_formcheck]."),
    ] = None,
    series: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Which curves; may be given several times [default: what the rules measure].",
        ),
    ] = None,
    exercise: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Which exercise both are [default: recognised]."),
    ] = None,
    video: Annotated[
        bool, typer.Option("--video", help="Write both clips side by side, phase by phase.")
    ] = False,
    rule_files: RuleFiles = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Neither use nor keep the tracks of the clips.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
    debug: DebugOption = False,
) -> None:
    """Compare two clips of one exercise, repetition against repetition.

    Writes comparison.html, comparison.json and comparison.svg into a folder next to A.
    """
    with plain_failures(debug=debug):
        from formcheck.cli.compare import Request, run  # noqa: PLC0415

        run(
            Request(
                a,
                b,
                out,
                tuple(series or ()),
                exercise,
                video,
                tuple(rule_files or ()),
                cached=not no_cache,
                quiet=quiet,
            )
        )


@clip_commands.command(epilog=EPILOG.replace("report written", "file written"))
def export(  # noqa: PLR0913 - one parameter for each option
    *,
    source: Annotated[
        Path, typer.Argument(metavar="CLIP_OR_REPORT", help="The video, or an earlier report.json.")
    ],
    kind: Annotated[
        str,
        typer.Option("--format", "-f", metavar="NAME", help="csv, parquet, trc, mot or c3d."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="The file; - prints a text format [default: next to the source].",
        ),
    ] = None,
    what: Annotated[
        str | None,
        typer.Option(
            metavar="TABLE", help="For csv and parquet: angles (as it comes), landmarks or reps."
        ),
    ] = None,
    exercise: ExerciseOption = None,
    rule_files: RuleFiles = None,
    bar: BarOption = None,
    load: LoadOption = None,
    bodyweight: BodyweightOption = None,
    height: HeightOption = None,
    start: StartOption = 0.0,
    end: EndOption = None,
    rate: RateOption = 30.0,
    quality: QualityOption = Quality.STANDARD,
    model: ModelOption = None,
    engine: EngineOption = Engine.LITERT,
    no_cache: NoCacheOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
    debug: DebugOption = False,
) -> None:
    """Write a clip's movement for other tools: pandas, OpenSim, Kinovea, Mokka, Visual3D."""
    with plain_failures(debug=debug):
        from formcheck.cli.analyze import Request  # noqa: PLC0415
        from formcheck.cli.export import Target, run  # noqa: PLC0415

        request = Request(
            source,
            None,
            exercise,
            start,
            end,
            rate,
            model or quality,
            engine,
            None,
            cached=not no_cache,
            quiet=quiet,
            rules=tuple(rule_files or ()),
            lifter=told_lifter(bar=bar, load_kg=load, bodyweight_kg=bodyweight, height_cm=height),
        )
        if not run(request, Target(kind, what, out)):
            raise typer.Exit(UNKNOWN_EXERCISE)
