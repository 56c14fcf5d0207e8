"""Commands that take several clips, or results of earlier ones."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.clip_options import (
    DebugOption,
    EngineOption,
    ExerciseOption,
    ModelOption,
    NoPageOption,
    QualityOption,
    RateOption,
)
from formcheck.cli.failures import SOME_FAILED, plain_failures
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
from formcheck.errors import UsageError
from formcheck.pose.engine import Engine
from formcheck.pose.model import Quality

athlete_commands = typer.Typer(rich_markup_mode=None)


@athlete_commands.command(
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
        bool,
        typer.Option("--by-folder", help="Each sub-folder is one athlete; adds to the history."),
    ] = False,
    db: Annotated[
        Path | None,
        typer.Option("--db", metavar="FILE", help="The history [default: formcheck history's]."),
    ] = None,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="With --by-folder: keep no history.")
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
    quality: QualityOption = Quality.STANDARD,
    model: ModelOption = None,
    engine: EngineOption = Engine.LITERT,
    annotate: Annotated[
        bool, typer.Option("--annotate", help="Write annotated.mp4 for each clip as well.")
    ] = False,
    no_html: NoPageOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
    debug: DebugOption = False,
) -> None:
    """Analyse every clip in a folder; run it again to go on or to bring it up to date."""
    with plain_failures(debug=debug):
        if sys.platform == "win32":  # workers and locks are POSIX's
            raise UsageError("batch: expected Linux or macOS, got Windows; analyse clip by clip.")
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
            model or quality,
            engine,
            html=not no_html,
            annotate=annotate,
            quiet=quiet,
            lifter=lifter,
            history=db,
            keep_history=not no_history,
        )
        if not run(request):
            raise typer.Exit(SOME_FAILED)


@athlete_commands.command()
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


@athlete_commands.command()
def history(  # noqa: PLR0913 - one parameter for each option
    athlete: Annotated[
        str | None, typer.Argument(metavar="ATHLETE", help="Whose; without it, list all.")
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
