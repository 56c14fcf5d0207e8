"""Commands and their options. What they do is imported when they run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from formcheck import __version__
from formcheck.cli.clip_options import (  # noqa: TC001 - typer reads the annotations
    ClipArgument,
    DebugOption,
    EndOption,
    ExerciseOption,
    ModelOption,
    NoCacheOption,
    RateOption,
    StartOption,
)
from formcheck.cli.failures import SOME_FAILED, UNKNOWN_EXERCISE, plain_failures
from formcheck.cli.lifter_options import (
    BarOption,
    BodyweightOption,
    HeightOption,
    LoadOption,
    PainOption,
    RpeOption,
    told_lifter,
)
from formcheck.cli.rules import RuleFiles, rules

NoPageOption = Annotated[bool, typer.Option("--no-html", help="Write no HTML page.")]
EPILOG = (
    "Exit codes: 0 report written, 2 wrong option, 3 video not readable, 4 nobody in the video, "
    "5 exercise not recognised (report written), 6 output not writable, 130 interrupted."
)

app = typer.Typer(
    name="formcheck",
    help="Analyse lifting form (squat, bent-over row, pull-up) from a phone video, offline.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cache = typer.Typer(
    help="Kept tracks of clips, so that analysing one again is quick.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(cache, name="cache")
app.add_typer(rules, name="rules")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a character that a terminal lacks is no error
            stream.reconfigure(errors="replace")
    app(prog_name="formcheck")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"formcheck {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


@app.command(epilog=EPILOG)
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
    model: ModelOption = None,
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
            model,
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


@app.command("annotate", epilog=EPILOG.replace("report written", "video written"))
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
    model: ModelOption = None,
    no_cache: NoCacheOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
    debug: DebugOption = False,
) -> None:
    """Draw skeleton, angles, repetitions and faults on a copy of the clip."""
    with plain_failures(debug=debug):
        from formcheck.annotate.video import AnnotateSettings  # noqa: PLC0415
        from formcheck.cli.analyze import Request  # noqa: PLC0415
        from formcheck.cli.annotate import run  # noqa: PLC0415

        request = Request(
            clip,
            None,
            exercise,
            start,
            end,
            rate,
            model,
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


@app.command()
def profile(  # noqa: PLR0913 - one parameter for each option
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="CLIP_OR_REPORT...", help="Videos or report.json files."),
    ],
    *,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the profile.")] = Path(
        "profile.json"
    ),
    no_html: NoPageOption = False,
    rule_files: RuleFiles = None,
    bar: BarOption = None,
    load: LoadOption = None,
    bodyweight: BodyweightOption = None,
    height: HeightOption = None,
    rpe: RpeOption = None,
    pain: PainOption = False,
    debug: DebugOption = False,
) -> None:
    """Combine several clips of one lifter into an upper-back finding."""
    with plain_failures(debug=debug):
        from formcheck.cli.profile import run  # noqa: PLC0415

        lifter = told_lifter(
            bar=bar,
            load_kg=load,
            bodyweight_kg=bodyweight,
            height_cm=height,
            rpe=rpe,
            pain=pain,
        )
        run(sources, out, rules=rule_files or (), lifter=lifter, html=not no_html)


@app.command(
    epilog="Exit codes: 0 every clip was done, 1 some failed (each is named), "
    "2 wrong option, 3 folder not readable, 6 output not writable, 130 interrupted."
)
def batch(  # noqa: PLR0913 - one parameter for each option
    *,
    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="The folder of clips: a path or a URL.")
    ],
    out: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Folder or URL for results [default: FOLDER_formcheck]."),
    ] = None,
    by_folder: Annotated[
        bool, typer.Option("--by-folder", help="Each sub-folder is one athlete.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", help="Clips done at once [default: what suits this machine]."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(metavar="S", help="Give a clip up after this many seconds.")
    ] = 1800.0,
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep looking for new clips until stopped (Ctrl-C).")
    ] = False,
    every: Annotated[
        float, typer.Option(metavar="S", help="With --watch: look every so many seconds.")
    ] = 10.0,
    dask: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Work on this Dask cluster, such as tcp://host:8786."),
    ] = None,
    exercise: ExerciseOption = None,
    rule_files: RuleFiles = None,
    bar: BarOption = None,
    load: LoadOption = None,
    bodyweight: BodyweightOption = None,
    height: HeightOption = None,
    rpe: RpeOption = None,
    pain: PainOption = False,
    rate: RateOption = 30.0,
    model: ModelOption = None,
    annotate: Annotated[
        bool, typer.Option("--annotate", help="Write annotated.mp4 for each clip as well.")
    ] = False,
    no_html: NoPageOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
    debug: DebugOption = False,
) -> None:
    """Analyse every clip in a folder; run it again to go on or to bring it up to date."""
    with plain_failures(debug=debug):
        from formcheck.cli.batch import Request, run  # noqa: PLC0415

        lifter = told_lifter(
            bar=bar,
            load_kg=load,
            bodyweight_kg=bodyweight,
            height_cm=height,
            rpe=rpe,
            pain=pain,
        )
        request = Request(
            folder,
            out,
            workers,
            dask,
            timeout,
            watch,
            every,
            by_folder,
            exercise,
            tuple(rule_files or ()),
            rate,
            model,
            html=not no_html,
            annotate=annotate,
            quiet=quiet,
            lifter=lifter,
        )
        if not run(request):
            raise typer.Exit(SOME_FAILED)


@app.command()
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


@app.command()
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


@app.command(epilog=EPILOG.replace("report written", "file written"))
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
    model: ModelOption = None,
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
            model,
            None,
            cached=not no_cache,
            quiet=quiet,
            rules=tuple(rule_files or ()),
            lifter=told_lifter(bar=bar, load_kg=load, bodyweight_kg=bodyweight, height_cm=height),
        )
        if not run(request, Target(kind, what, out)):
            raise typer.Exit(UNKNOWN_EXERCISE)


@app.command()
def history(  # noqa: PLR0913 - one parameter for each option
    athlete: Annotated[
        str | None, typer.Argument(metavar="[ATHLETE]", help="Whose; without it, list all.")
    ] = None,
    *,
    db: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The history [default: FORMCHECK_HISTORY, or yours]."),
    ] = None,
    exercise: Annotated[
        str | None, typer.Option(metavar="ID", help="Show this exercise only.")
    ] = None,
    measurement: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Look at this, too; may be given several times."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Leave out what was recorded before.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Leave out what was recorded after.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with plots.")
    ] = None,
    export_file: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="Write all rows: .csv, .parquet or .json."),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what is shown as JSON; - prints only that."),
    ] = None,
    add: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="REPORT", help="Add this report.json first; may be given several times."
        ),
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="When the clips of --add were recorded.")
    ] = None,
    rename: Annotated[
        str | None, typer.Option(metavar="NEW", help="Give the athlete another name.")
    ] = None,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete all of the athlete's data.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without a question.")] = False,
    debug: DebugOption = False,
) -> None:
    """Show athletes over time, and what changed by more than the error."""
    with plain_failures(debug=debug):
        from formcheck.cli.history import Request, run  # noqa: PLC0415

        run(
            Request(
                athlete,
                db,
                exercise,
                tuple(measurement or ()),
                since,
                until,
                page,
                export_file,
                json,
                tuple(add or ()),
                date,
                rename,
                delete,
                yes,
            )
        )


@app.command()
def exercises(rule_files: RuleFiles = None) -> None:
    """List the exercises that --exercise takes."""
    with plain_failures(debug=False):
        from formcheck.rules.book import load_book  # noqa: PLC0415

        for known in load_book(rule_files or ()).exercises:
            typer.echo(f"{known.id:14} {known.title}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of report.json."""
    with plain_failures(debug=False):
        import json  # noqa: PLC0415

        from formcheck.report.model import Report  # noqa: PLC0415

        typer.echo(json.dumps(Report.model_json_schema(mode="serialization"), indent=2))


@cache.command("path")
def cache_path() -> None:
    """Print the folder of the cache."""
    with plain_failures(debug=False):
        from formcheck.pose.cache import default_folder  # noqa: PLC0415

        typer.echo(str(default_folder()))


@cache.command("size")
def cache_size() -> None:
    """Print how much the cache holds."""
    with plain_failures(debug=False):
        from formcheck.pose.cache import TrackCache  # noqa: PLC0415

        typer.echo(f"{TrackCache().size_bytes() / 1e6:.1f} MB")


@cache.command("clear")
def cache_clear() -> None:
    """Delete everything in the cache."""
    with plain_failures(debug=False):
        from formcheck.pose.cache import TrackCache  # noqa: PLC0415

        count = TrackCache().clear()
        typer.echo(f"{count} {'track' if count == 1 else 'tracks'} deleted")
