"""Each sub-folder is one person: whose clip is it, and what do their clips say together."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from pydantic import ValidationError

from formcheck.batch.record import CLIPS, result_folder
from formcheck.errors import UsageError
from formcheck.history.clip import Recorded, clip_of
from formcheck.history.overview import athlete_history
from formcheck.present.page.history import history_page
from formcheck.present.page.render import profile_page
from formcheck.report.build_upper_back import build_profile
from formcheck.report.files import PAGE_FILE, REPORT_FILE
from formcheck.report.model import Report
from formcheck.storage import NoFolderError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from formcheck.batch.record import Record
    from formcheck.history.store import History
    from formcheck.storage import Folder

ATHLETES = "athletes"
PROFILE_FILE, PROFILE_PAGE = "profile.json", "profile.html"
HISTORY_FILE, HISTORY_PAGE = "history.json", "history.html"
MADE_FROM = "made_from.json"
"""Written last: which clips, with what, the other files of an athlete were made from."""
ATHLETE_FILES = (PROFILE_FILE, PROFILE_PAGE, HISTORY_FILE, HISTORY_PAGE, MADE_FROM)
TO_CLIPS = f"../../{CLIPS}"
"""The way from an athlete's folder to the result folders."""


def athlete_of(clip: str, /) -> str | None:
    """The sub-folder that a clip lies in; None for one that lies in none.

    >>> athlete_of("anna/may/squat.mp4"), athlete_of("squat.mp4")
    ('anna', None)
    """
    name, slash, _ = clip.partition("/")
    return name if slash else None


def by_athlete(records: Iterable[Record], /) -> dict[str, list[Record]]:
    """Records of clips that were done, by athlete, both by name."""
    found: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda r: r.clip):
        athlete = athlete_of(record.clip)
        if athlete is not None and record.status == "done":
            found.setdefault(athlete, []).append(record)
    return dict(sorted(found.items()))


def write_profiles(
    records: Iterable[Record],
    results: Folder,
    /,
    *,
    read: Callable[[Record], Report],
    history: History | None = None,
) -> dict[str, str]:
    """Write every athlete's profile and trends; what was made from the same clips stays.

    Parameters
    ----------
    records
        Of all clips.
    results
        Everything of an athlete goes to ``athletes/NAME`` in it.
    read
        Gives the report of a clip that was done.
    history
        Takes the results as well, where they stay when the clips are gone.

    Returns
    -------
    dict
        Name of each athlete's page, relative to the results.
    """
    pages = {}
    for athlete, own in by_athlete(records).items():
        folder = results.inside(ATHLETES).inside(athlete)
        made_from = _made_from(own)
        changed = folder.read(MADE_FROM) != made_from
        if history is not None:
            for record in own if changed else _new_to(history, athlete, own):
                when = _recorded(record)
                if when is not None:
                    history.add(athlete, read(record), when, _place(results, record))
        if changed:
            folder.remove(MADE_FROM)
            reports = [read(record) for record in own]
            for name, text in _texts(athlete, own, reports, folder).items():
                folder.write(name, text.encode())
            folder.write(MADE_FROM, made_from)
        pages[athlete] = f"{ATHLETES}/{athlete}/{PROFILE_PAGE}"
    _drop_others(results.inside(ATHLETES), set(pages))
    return pages


def _drop_others(folder: Folder, athletes: set[str]) -> None:
    """Delete what was made of athletes of whom no clip is left."""
    try:
        made = [file.name for file in folder.files()]
    except NoFolderError:
        return
    for name in made:
        athlete, _, file = name.rpartition("/")
        if athlete not in athletes and file in ATHLETE_FILES:
            folder.remove(name)


def _texts(
    athlete: str, records: list[Record], reports: list[Report], folder: Folder
) -> dict[str, str]:
    """The athlete's files: profile and trends, each as page and as data."""
    profile = build_profile(reports)
    clips = [
        clip_of(athlete, report, when, f"{TO_CLIPS}/{record.clip}")
        for record, report in zip(records, reports, strict=True)
        if (when := _recorded(record)) is not None
    ]
    found = athlete_history(athlete, clips)
    return {
        PROFILE_FILE: profile.model_dump_json(indent=2) + "\n",
        PROFILE_PAGE: profile_page(
            profile,
            athlete=athlete,
            history=HISTORY_PAGE,
            reports={
                report.video.path: quote(f"{TO_CLIPS}/{record.clip}/{PAGE_FILE}")
                for record, report in zip(records, reports, strict=True)
                if report.files.html is not None
            },
        ),
        HISTORY_FILE: found.model_dump_json(indent=2) + "\n",
        HISTORY_PAGE: history_page(found, Path(folder.at(HISTORY_PAGE))),
    }


def _recorded(record: Record) -> Recorded | None:
    if record.recorded_at is None or record.date_source is None:
        return None
    return Recorded(datetime.fromisoformat(record.recorded_at), record.date_source)


def _place(results: Folder, record: Record) -> str:
    folder = result_folder(results, record.clip)
    return folder.shown if folder.local is None else str(folder.local.resolve())


def _new_to(history: History, athlete: str, records: list[Record]) -> list[Record]:
    """Records of clips that the history does not have."""
    try:
        known = {clip.facts.video_sha256 for clip in history.clips(athlete)}
    except UsageError:  # nobody is called so yet
        return records
    return [record for record in records if record.sha256 not in known]


def _made_from(records: Iterable[Record]) -> bytes:
    made = {record.clip: record.key for record in records}
    return (json.dumps({"clips": made}, indent=1, sort_keys=True) + "\n").encode()


def report_of(results: Folder, record: Record, /) -> Report:
    """The report of a clip that was done.

    Raises
    ------
    StorageError
        If it is not there any more or is no report.
    """
    content = result_folder(results, record.clip).read(REPORT_FILE)
    try:
        return Report.model_validate_json(content or b"")
    except ValidationError as error:
        raise StorageError(
            f"Expected a report of {record.clip} in {results.shown}, got none; run the batch again."
        ) from error
