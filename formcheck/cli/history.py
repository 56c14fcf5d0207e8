"""What ``formcheck history`` does, once its options are known."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from formcheck.batch.forget import folders_above, made_from
from formcheck.errors import UsageError
from formcheck.files import check_folder, write_text
from formcheck.history.erase import ResultFolder, elsewhere, result_folders
from formcheck.history.export import check_export, write_export
from formcheck.history.model import AthleteList, ListedAthlete
from formcheck.history.overview import athlete_history
from formcheck.history.recorded import recorded_of, told_date
from formcheck.history.store import History, default_file, shown_name
from formcheck.pose.cache import TrackCache
from formcheck.present.page.trends import history_page
from formcheck.present.terminal.history import BLOCKS, athlete_table, terminal_history
from formcheck.report.files import REPORT_FILE, read_report
from formcheck.words.text import count, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from formcheck.history.model import AthleteHistory
    from formcheck.history.recorded import Recorded
    from formcheck.history.records import Clip
    from formcheck.report.model import Report

STANDARD_OUTPUT = Path("-")
WIDEST = 100


@dataclass(frozen=True)
class Request:
    """The options of ``formcheck history``."""

    athlete: str | None = None
    db: Path | None = None
    exercise: str | None = None
    measurements: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    page: Path | None = None
    export: Path | None = None
    json: Path | None = None
    add: tuple[Path, ...] = ()
    date: str | None = None
    rename: str | None = None
    delete: bool = False
    yes: bool = False


def run(request: Request, /) -> None:
    """Do what the options ask for, then print the history.

    Raises
    ------
    FormcheckError
        If an option is wrong, the history cannot be used or a file not be written.
    """
    _check(request)
    file = request.db or default_file()
    if not file.exists() and not request.add:
        raise UsageError(
            f"There is no history yet ({file}): `formcheck history NAME --add report.json` or "
            "`formcheck batch FOLDER --by-folder` begins one."
        )
    reports = [_report(source) for source in request.add]
    dates = [_recorded(report, source, request) for source, report in reports]
    with History(file) as history:
        name = request.athlete
        for (source, report), recorded in zip(reports, dates, strict=True):
            history.add(name or "", report, recorded, str(source.absolute().parent))
        if request.delete:
            _delete(history, name or "", yes=request.yes)
            return
        if request.rename is not None:
            name = history.rename(name or "", request.rename)
        _show(history, name, request)


def _check(request: Request) -> None:
    """Refuse what makes no sense, or cannot be written, before anything is changed."""
    _check_combination(request)
    for name in (request.athlete, request.rename):
        if name is not None:
            shown_name(name)
    first, last = _day(request.since, "--since"), _day(request.until, "--until")
    if first is not None and last is not None and last < first:
        raise UsageError(f"--until {last} is before --since {first}: no day lies between them.")
    if request.export is not None:
        check_export(request.export)
    for target in (request.page, request.export, request.json):
        if target not in (None, STANDARD_OUTPUT):
            check_folder(target.parent)


def _check_combination(request: Request) -> None:
    of_one = {
        "--add": request.add,
        "--rename": request.rename,
        "--delete": request.delete,
        "--page": request.page,
        "--exercise": request.exercise,
        "--measurement": request.measurements,
    }
    for option, wanted in of_one.items():
        if wanted and request.athlete is None:
            raise UsageError(f"{option} needs the name of an athlete.")
    if request.date is not None and not request.add:
        raise UsageError("--date says when the clips of --add were recorded; there is no --add.")
    if request.yes and not request.delete:
        raise UsageError("--yes answers the question of --delete; there is no --delete.")
    if request.delete and request != _deletion(request):
        raise UsageError(
            "--delete goes alone, for the whole of an athlete: expected no other option "
            "than --yes and --db."
        )


def _deletion(request: Request) -> Request:
    """The request without all that deleting takes no notice of."""
    return Request(request.athlete, request.db, delete=True, yes=request.yes)


def _day(text: str | None, option: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{option}: expected a day such as 2026-03-01, got {text!r}.") from error


def _report(source: Path) -> tuple[Path, Report]:
    file = source / REPORT_FILE if source.is_dir() else source
    return file, read_report(file)


def _recorded(report: Report, source: Path, request: Request) -> Recorded:
    if request.date is not None:
        return told_date(request.date)
    found = recorded_of(report)
    if found is None:
        raise UsageError(
            f"{source} does not say when its clip was recorded, and the clip is not where it was: "
            "say it with --date, such as --date 2026-03-01."
        )
    return found


# --- showing --------------------------------------------------------------------------


def _show(history: History, name: str | None, request: Request) -> None:
    clips = _chosen(history.clips(name), request)
    found = None if name is None else _found(history.known_name(name), clips, request)
    written = []
    if request.export is not None:
        rows = write_export(clips, request.export)
        written.append(f"{request.export} ({count(rows, 'row')})")
    if found is None:
        _show_list(history, request)
    else:
        if request.page is not None:
            write_text(history_page(found, request.page), request.page)
            written.append(str(request.page))
        if not _json(found.model_dump_json(indent=2), request):
            _print(terminal_history(found, wide=_blocks()))
    if written and request.json != STANDARD_OUTPUT:
        typer.echo(f"\nWritten: {printable(', '.join(written))}")


def _found(name: str, clips: Sequence[Clip], request: Request) -> AthleteHistory:
    """What is to be shown; the verdicts on one exercise are as they are among all lifts."""
    found = athlete_history(name, clips, measurements=request.measurements)
    exercise = request.exercise
    if exercise is None:
        return found
    kept = [lift for lift in found.lifts if lift.exercise == exercise]
    if not kept:
        known = ", ".join(dict.fromkeys(lift.exercise for lift in found.lifts)) or "none"
        raise UsageError(f"--exercise: no clip shows {exercise!r}; known are {known}.")
    return found.model_copy(update={"lifts": kept})


def _show_list(history: History, request: Request) -> None:
    athletes = history.athletes()
    listed = AthleteList(
        athletes=[
            ListedAthlete(
                name=a.name,
                clips=a.clips,
                first=a.first.isoformat(timespec="seconds"),
                last=a.last.isoformat(timespec="seconds"),
                lifts=list(a.lifts),
                finding=a.finding,
            )
            for a in athletes
        ]
    )
    if not _json(listed.model_dump_json(indent=2), request):
        _print(athlete_table(athletes))


def _chosen(clips: Sequence[Clip], request: Request) -> list[Clip]:
    first, last = _day(request.since, "--since"), _day(request.until, "--until")
    return [
        clip
        for clip in clips
        if (first is None or clip.recorded.day >= first)
        and (last is None or clip.recorded.day <= last)
    ]


def _json(text: str, request: Request) -> bool:
    """Write JSON where it is wanted; True when it is all that is to be printed."""
    if request.json == STANDARD_OUTPUT:
        typer.echo((text + "\n").encode(), nl=False)
        return True
    if request.json is not None:
        write_text(text + "\n", request.json)
    return False


def _print(content: RenderableType) -> None:
    screen = Console(highlight=False)
    screen.width = min(screen.width, WIDEST)
    screen.print(content, crop=False)


def _blocks() -> bool:
    """Whether standard output can show block characters."""
    try:
        BLOCKS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


# --- deleting -------------------------------------------------------------------------


def _delete(history: History, athlete: str, *, yes: bool) -> None:
    name = history.known_name(athlete)
    clips = history.clips(name)
    others = [clip.facts for clip in history.clips() if clip.athlete != name]
    theirs = {facts.result for facts in others}
    folders = result_folders(clip for clip in clips if clip.facts.result not in theirs)
    places = [folder.folder for folder in folders]
    derived, above = made_from(places), folders_above(places)
    typer.echo(printable_lines(_what_goes(name, clips, folders, derived)))
    shared = {clip.facts.video_sha256 for clip in clips} & {facts.video_sha256 for facts in others}
    if shared:
        typer.echo(
            f"Another athlete has {count(len(shared), 'clip')} of these, too: what is theirs stays."
        )
    if not yes:
        try:
            typer.confirm("Delete all of it?", abort=True)
        except typer.Abort as error:
            raise UsageError("Nothing was deleted.") from error
    for folder in (*ResultFolder.of(derived), *folders):
        folder.delete()
    for place in above:
        with suppress(OSError):  # something else is in it
            place.rmdir()
    tracks = TrackCache().forget(
        *{clip.facts.video_sha256 for clip in clips} - {facts.video_sha256 for facts in others}
    )
    history.delete(name)
    typer.echo(
        f"Deleted: {count(len(clips), 'clip')} in the history, {count(tracks, 'kept track')}, "
        f"results in {count(len(folders), 'folder')}."
    )


def _what_goes(
    name: str, clips: Sequence[Clip], folders: Sequence[ResultFolder], derived: Sequence[Path]
) -> list[str]:
    lines = [
        f"This deletes everything that formcheck keeps about {name}:",
        f"  {count(len(clips), 'clip')} in the history and the kept tracks of them",
    ]
    lines += [f"  {len(f.files)} files of results in {f.folder}" for f in folders]
    if derived:
        lines += [
            "  and what was made from these results and others; formcheck batch makes it anew:",
            *(f"    {file}" for file in derived),
        ]
    lines += [f"Out of reach, delete it yourself: {address}" for address in elsewhere(clips)]
    return [*lines, "The clips themselves are not touched."]


def printable_lines(lines: Sequence[str], /) -> str:
    """Lines without what would upset a terminal."""
    return "\n".join(printable(line) for line in lines)
