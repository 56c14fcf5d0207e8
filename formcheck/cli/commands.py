"""The commands: what each takes, and its help. What one does is imported when it runs.

Typer needs the annotations here as they are, not as text, so this module and `options` go
without ``from __future__ import annotations``: reading the text again would slow the start.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.options import (
    AnalysisOptions,
    AnnotateOption,
    ClipArgument,
    ClipOptions,
    HistoryOption,
    JsonOption,
    LifterAndSetOptions,
    LifterOptions,
    NoCacheOption,
    NoPageOption,
    QuietOption,
    RulesOption,
    SeriesOption,
)
from formcheck.errors import UsageError


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
    note: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Your note on the clip [default: CLIP.notes.md]."),
    ] = None
    pdf: Annotated[
        bool,
        typer.Option("--pdf", help="Also print report.pdf, a sheet to hand out (needs a browser)."),
    ] = False
    paper: Annotated[
        str | None,
        typer.Option(metavar="SIZE", help="What --pdf is for: a4 or letter [default: a4]."),
    ] = None
    json: JsonOption = None
    quiet: QuietOption = False


def analyze(options: AnalyzeOptions) -> int:
    """Analyse one clip and print the report.

    Writes report.html, report.json and angles.csv to a folder next to the clip.
    """
    from formcheck.cli.analyze import run  # noqa: PLC0415

    return run(options)


@dataclass(frozen=True)
class InspectOptions:
    """What ``formcheck inspect`` takes."""

    clip: Annotated[Path, typer.Argument(metavar="CLIP", help="The video: a test shot will do.")]
    exercise: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What you are going to film [default: any exercise]."),
    ] = None
    rules: RulesOption = ()
    json: JsonOption = None
    quiet: QuietOption = False


def inspect(options: InspectOptions) -> int:
    """See in seconds whether a clip is filmed well, and what to change first.

    Looks at a few short parts of it and writes no file.
    """
    from formcheck.cli.inspect import run  # noqa: PLC0415

    return run(options)


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


@dataclass(frozen=True)
class PlotOptions:
    """What ``formcheck plot`` takes."""

    clip: ClipArgument
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="The figure: a .svg, .pdf or .png file."),
    ]
    series: SeriesOption = ()
    overlay: Annotated[
        bool, typer.Option("--overlay", help="Overlay all reps and show the average.")
    ] = False
    width: Annotated[
        float, typer.Option(metavar="MM", help="Width of the figure in millimetres.")
    ] = 85.0
    analysis: ClipOptions = field(default_factory=ClipOptions)
    quiet: QuietOption = False


def plot(options: PlotOptions) -> None:
    """Plot a clip's joint angles for a paper or a slide."""
    from formcheck.cli.plot import run  # noqa: PLC0415

    run(options)


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
    """Compare two clips of the same exercise, phase by phase.

    Writes comparison.html, comparison.json and comparison.svg to a folder next to A.
    """
    from formcheck.cli.compare import run  # noqa: PLC0415

    run(options)


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


@dataclass(frozen=True)
class HistoryOptions:
    """What ``formcheck history`` takes."""

    athlete: Annotated[
        str | None,
        typer.Argument(metavar="ATHLETE", help="Athlete's name; omit to list everyone."),
    ] = None
    history: HistoryOption = None
    exercise: Annotated[str | None, typer.Option(metavar="NAME", help="Only this exercise.")] = None
    measurement: Annotated[
        tuple[str, ...],
        typer.Option(metavar="NAME", help="Also show this measurement; repeat for several."),
    ] = ()
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only clips from this date on.")
    ] = None
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only clips up to this date.")
    ] = None
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write an HTML page with charts.")
    ] = None
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Save all rows: .csv, .parquet or .json."),
    ] = None
    json: JsonOption = None
    add: Annotated[
        tuple[Path, ...],
        typer.Option(metavar="REPORT", help="Add this report.json first; repeat for several."),
    ] = ()
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="When the clips given by --add were filmed.")
    ] = None
    rename: Annotated[str | None, typer.Option(metavar="NEW", help="Rename the athlete.")] = None
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete everything about the athlete.")
    ] = False
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False


def history(options: HistoryOptions) -> None:
    """Show progress over time.

    Changes count only when they are larger than the measuring error.
    """
    from formcheck.cli.history import run  # noqa: PLC0415

    run(options)


# --- what formcheck knows and keeps ---------------------------------------------------


def exercises(rules: RulesOption = ()) -> None:
    """List the exercises, by the names that --exercise takes."""
    from formcheck.rules.book import load_book  # noqa: PLC0415

    known = load_book(rules).exercises
    width = max(len(exercise.id) for exercise in known)
    for exercise in known:
        typer.echo(f"{exercise.id:{width}}  {exercise.title}")


def schema(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="report, profile, history, athletes, comparison or inspection.",
        ),
    ] = "report",
) -> None:
    """Print the JSON Schema of what is written as JSON, report.json unless told otherwise."""
    import json  # noqa: PLC0415

    from formcheck.schemas import json_schema  # noqa: PLC0415

    typer.echo(json.dumps(json_schema(what), indent=2))


def cache_path() -> None:
    """Print where cached tracking is kept."""
    from formcheck.pose.cache import default_folder  # noqa: PLC0415

    typer.echo(str(default_folder()))


def cache_size() -> None:
    """Print how much space the cache takes."""
    from formcheck.pose.cache import TrackCache  # noqa: PLC0415

    typer.echo(f"{TrackCache().size_bytes() / 1e6:.1f} MB")


def cache_clear() -> None:
    """Delete everything in the cache."""
    from formcheck.pose.cache import TrackCache  # noqa: PLC0415
    from formcheck.words.text import counted  # noqa: PLC0415

    typer.echo(f"{counted(TrackCache().clear(), '{n} track', '{n} tracks')} deleted")
