"""What ``formcheck history`` does, once its options are known."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import typer

from formcheck.batch.forget import ResultFolder, elsewhere, folders_above, made_from, result_folders
from formcheck.cli.commands import HistoryOptions
from formcheck.cli.screen import STANDARD_OUTPUT, report_screen
from formcheck.errors import UsageError
from formcheck.files import check_place, write_text
from formcheck.history.clip import recorded_of, told_date
from formcheck.history.export import check_export, write_export
from formcheck.history.model import AthleteList, ListedAthlete
from formcheck.history.names import shown_name
from formcheck.history.overview import athlete_history
from formcheck.history.store import History, default_file
from formcheck.pose.cache import TrackCache
from formcheck.present.page.history import history_page
from formcheck.present.terminal.history import BLOCKS, athlete_table, terminal_history
from formcheck.report.files import REPORT_FILE, read_report
from formcheck.rules.book import built_in_book
from formcheck.words.language import _
from formcheck.words.naming import named
from formcheck.words.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from formcheck.history.clip import Clip, Recorded
    from formcheck.history.model import AthleteHistory
    from formcheck.report.model import Report


def run(options: HistoryOptions, /) -> None:
    """Do what the options ask for, then print the history.

    Raises
    ------
    FormcheckError
        If an option is wrong, the history cannot be used or a file not be written.
    """
    _check(options)
    file = options.history or default_file()
    if not file.exists() and not options.add:
        raise UsageError(
            f"There is no history yet ({file}): start one with "
            "`formcheck history NAME --add report.json` or `formcheck batch FOLDER --by-folder`."
        )
    reports = [_report(source) for source in options.add]
    dates = [_recorded(report, source, options) for source, report in reports]
    changes = bool(options.add) or options.delete or options.rename is not None
    with History(file, read_only=not changes) as history:
        name = options.athlete
        for (source, report), recorded in zip(reports, dates, strict=True):
            history.add(name or "", report, recorded, str(source.absolute().parent))
        if options.delete:
            _delete(history, name or "", yes=options.yes)
            return
        if options.rename is not None:
            name = history.rename(name or "", options.rename)
        _show(history, name, options)


def _check(options: HistoryOptions) -> None:
    """Refuse what makes no sense, or cannot be written, before anything is changed."""
    _check_combination(options)
    for name in (options.athlete, options.rename):
        if name is not None:
            shown_name(name)
    first, last = _day(options.since, "--since"), _day(options.until, "--until")
    if first is not None and last is not None and last < first:
        raise UsageError(f"--until {last} is before --since {first}: no day lies between them.")
    if options.export is not None:
        check_export(options.export)
    for target in (options.page, options.export, options.json):
        if target not in (None, STANDARD_OUTPUT):
            check_place(target)


def _check_combination(options: HistoryOptions) -> None:
    of_one = {
        "--add": options.add,
        "--rename": options.rename,
        "--delete": options.delete,
        "--page": options.page,
        "--exercise": options.exercise,
        "--measurement": options.measurement,
    }
    for option, wanted in of_one.items():
        if wanted and options.athlete is None:
            raise UsageError(f"{option} needs the name of an athlete.")
    if options.date is not None and not options.add:
        raise UsageError("--date says when the clips of --add were recorded; there is no --add.")
    if options.yes and not options.delete:
        raise UsageError("--yes answers the question of --delete; there is no --delete.")
    if options.delete and options != _deletion(options):
        raise UsageError(
            "--delete removes everything for an athlete and can only be combined with --yes "
            "and --history."
        )


def _deletion(options: HistoryOptions) -> HistoryOptions:
    """The options without all that deleting takes no notice of."""
    return HistoryOptions(options.athlete, options.history, delete=True, yes=options.yes)


def _day(text: str | None, option: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{option}: expected a day such as 2026-03-01, got {text!r}.") from error


def _report(source: Path) -> tuple[Path, Report]:
    file = source / REPORT_FILE if source.is_dir() else source
    return file, read_report(file)


def _recorded(report: Report, source: Path, options: HistoryOptions) -> Recorded:
    if options.date is not None:
        return told_date(options.date)
    found = recorded_of(report, source)
    if found is None:
        raise UsageError(
            f"{source} does not say when its clip was recorded, and the clip is no longer there: "
            "say it with --date, such as --date 2026-03-01."
        )
    return found


# --- showing --------------------------------------------------------------------------


def _show(history: History, name: str | None, options: HistoryOptions) -> None:
    clips = _chosen(history.clips(name), options)
    found = None if name is None else _found(history.known_name(name), clips, options)
    written = []
    if options.export is not None:
        rows = write_export(clips, options.export)
        written.append(f"{options.export} ({counted(rows, '{n} row', '{n} rows')})")
    if found is None:
        _show_list(history, options)
    else:
        if options.page is not None:
            write_text(history_page(found, options.page), options.page)
            written.append(str(options.page))
        if not _json(found.model_dump_json(indent=2), options):
            _print(terminal_history(found, wide=_blocks()))
    if written and options.json != STANDARD_OUTPUT:
        typer.echo("\n" + _("Written: {files}").format(files=printable(", ".join(written))))


def _found(name: str, clips: Sequence[Clip], options: HistoryOptions) -> AthleteHistory:
    """What is to be shown; the verdicts on one exercise are as they are among all lifts."""
    found = athlete_history(name, clips, measurements=options.measurement)
    if options.exercise is None:
        return found
    there = [lift.exercise for lift in found.lifts]
    names = [(lift, lift) for lift in there]
    names += [(lift, name) for lift, name in built_in_book().names() if lift in there]
    exercise = named(options.exercise, names)
    kept = [lift for lift in found.lifts if lift.exercise == exercise]
    return found.model_copy(update={"lifts": kept})


def _show_list(history: History, options: HistoryOptions) -> None:
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
    if not _json(listed.model_dump_json(indent=2), options):
        _print(athlete_table(athletes))


def _chosen(clips: Sequence[Clip], options: HistoryOptions) -> list[Clip]:
    first, last = _day(options.since, "--since"), _day(options.until, "--until")
    return [
        clip
        for clip in clips
        if (first is None or clip.recorded.day >= first)
        and (last is None or clip.recorded.day <= last)
    ]


def _json(text: str, options: HistoryOptions) -> bool:
    """Write JSON where it is wanted; True when it is all that is to be printed."""
    if options.json == STANDARD_OUTPUT:
        typer.echo((text + "\n").encode(), nl=False)
        return True
    if options.json is not None:
        write_text(text + "\n", options.json)
    return False


def _print(content: RenderableType) -> None:
    report_screen().print(content, crop=False)


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
    combined, above = made_from(places), folders_above(places)
    typer.echo(printable_lines(_what_goes(name, clips, folders, combined)))
    shared = {clip.facts.video_sha256 for clip in clips} & {facts.video_sha256 for facts in others}
    if shared:
        typer.echo(
            counted(
                len(shared),
                "Another athlete shares {n} clip: the files they need are kept.",
                "Another athlete shares {n} clips: the files they need are kept.",
            )
        )
    if not yes:
        try:
            typer.confirm("Delete all of it?", abort=True)
        except typer.Abort as error:
            raise UsageError("Nothing was deleted.") from error
    for folder in (*ResultFolder.of(combined), *folders):
        folder.delete()
    for place in above:
        with suppress(OSError):  # something else is in it
            place.rmdir()
    tracks = TrackCache().forget(
        *{clip.facts.video_sha256 for clip in clips} - {facts.video_sha256 for facts in others}
    )
    history.delete(name)
    typer.echo(
        _("Deleted: {clips} in the history, {tracks}, results in {folders}.").format(
            clips=counted(len(clips), "{n} clip", "{n} clips"),
            tracks=counted(tracks, "{n} cached track", "{n} cached tracks"),
            folders=counted(len(folders), "{n} folder", "{n} folders"),
        )
    )


def _what_goes(
    name: str, clips: Sequence[Clip], folders: Sequence[ResultFolder], combined: Sequence[Path]
) -> list[str]:
    lines = [
        f"This deletes everything that formcheck keeps about {name}:",
        "  "
        + counted(
            len(clips),
            "{n} clip in the history and their cached tracking",
            "{n} clips in the history and their cached tracking",
        ),
    ]
    lines += [f"  {len(f.files)} files of results in {f.folder}" for f in folders]
    if combined:
        lines += [
            "  and these files that combine several clips; formcheck batch writes them again:",
            *(f"    {file}" for file in combined),
        ]
    lines += [f"Stored elsewhere, so delete it yourself: {address}" for address in elsewhere(clips)]
    return [*lines, "The clips themselves are not touched."]


def printable_lines(lines: Sequence[str], /) -> str:
    """Lines without what would upset a terminal."""
    return "\n".join(printable(line) for line in lines)
