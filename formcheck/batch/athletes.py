"""Each sub-folder is one person: whose clip is it, and what do their clips say together."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from pydantic import ValidationError

from formcheck.batch.attention import outlook_of
from formcheck.batch.record import CLIPS, place_of, result_folder
from formcheck.errors import UsageError
from formcheck.history.clip import Recorded, clip_of
from formcheck.history.model import AthleteHistory
from formcheck.history.names import name_key, shown_name
from formcheck.history.overview import athlete_history
from formcheck.present.page.history import history_page
from formcheck.present.page.render import profile_page
from formcheck.present.reading import this_week
from formcheck.report.build_upper_back import build_profile
from formcheck.report.files import PAGE_FILE, REPORT_FILE
from formcheck.report.model import AdvicePart, Profile, Report
from formcheck.storage import NoFolderError, StorageError
from formcheck.upper_back.advice import MAX_PLANS
from formcheck.words.history import left_out_as_old, put_right

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from formcheck.batch.attention import Outlook
    from formcheck.batch.record import Record
    from formcheck.history.clip import Clip
    from formcheck.history.store import History
    from formcheck.storage import Folder

ATHLETES = "athletes"
PROFILE_FILE, PROFILE_PAGE = "profile.json", "profile.html"
HISTORY_FILE, HISTORY_PAGE = "history.json", "history.html"
MADE_FROM = "made_from.json"
"""Written last: which clips, with what, the other files of an athlete were made from."""
ATHLETE_FILES = (PROFILE_FILE, PROFILE_PAGE, HISTORY_FILE, HISTORY_PAGE, MADE_FROM)
RECENT = timedelta(weeks=4)
"""What is older says how somebody lifted, not how they lift (judgement)."""
TO_CLIPS = f"../../{CLIPS}"
"""The way from an athlete's folder to the result folders."""


def athlete_of(clip: str, /) -> str | None:
    """The sub-folder that a clip lies in; None for one that lies in none, or in one without a name.

    >>> athlete_of("anna/may/squat.mp4"), athlete_of("squat.mp4"), athlete_of("/squat.mp4")
    ('anna', None, None)
    """
    name, slash, _ = clip.partition("/")
    return shown_name(name) if slash and name_key(name) else None


def whose(clips: Iterable[str], /) -> Callable[[str], str | None]:
    """Tells of a clip whose it is: folders that spell one name in several ways are one athlete.

    Parameters
    ----------
    clips
        Names of all clips; of several spellings the first counts.
    """
    spelt: dict[str, str] = {}
    for athlete in sorted({name for clip in clips if (name := athlete_of(clip)) is not None}):
        spelt.setdefault(name_key(athlete), athlete)

    def told(clip: str) -> str | None:
        athlete = athlete_of(clip)
        return None if athlete is None else spelt.get(name_key(athlete), athlete)

    return told


def by_athlete(records: Iterable[Record], /) -> dict[str, list[Record]]:
    """Records of clips that were done, by athlete, both by name."""
    ordered = sorted(records, key=lambda r: r.clip)
    athlete_by = whose(record.clip for record in ordered)
    found: dict[str, list[Record]] = {}
    for record in ordered:
        athlete = athlete_by(record.clip)
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
) -> dict[str, Outlook]:
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
        What each athlete's clips say together, and where the page is.
    """
    found = {}
    athletes = by_athlete(records)
    _drop_others(results.inside(ATHLETES), {*athletes})  # first: case may be all that differs
    for athlete, own in athletes.items():
        folder = results.inside(ATHLETES).inside(athlete)
        earlier = _earlier(history, athlete, own)
        made_from = _made_from(own, earlier)
        changed = folder.read(MADE_FROM) != made_from
        if history is not None:
            for record in own if changed else _new_to(history, athlete, own):
                when = _recorded(record)
                if when is not None:
                    history.add(athlete, read(record), when, _place(results, record))
        kept = None if changed else _kept(folder)
        if kept is None:
            folder.remove(MADE_FROM)
            kept = _write(athlete, own, [read(record) for record in own], earlier, folder)
            folder.write(MADE_FROM, made_from)
        found[athlete] = outlook_of(*kept, f"{ATHLETES}/{athlete}/{PROFILE_PAGE}")
    return found


def _kept(folder: Folder) -> tuple[Profile, AthleteHistory] | None:
    """What was made of an athlete before; None where it cannot be used any more."""
    try:
        return (
            Profile.model_validate_json(folder.read(PROFILE_FILE) or b""),
            AthleteHistory.model_validate_json(folder.read(HISTORY_FILE) or b""),
        )
    except ValidationError:
        return None


def _earlier(history: History | None, athlete: str, own: Iterable[Record]) -> list[Clip]:
    """Clips of the history that lie in the folder no more: trends go on from them."""
    if history is None:
        return []
    try:
        clips = history.clips(athlete)
    except UsageError:  # nobody is called so yet
        return []
    there = {record.sha256 for record in own}
    return [clip for clip in clips if clip.facts.video_sha256 not in there]


def recent(clips: Iterable[tuple[date | None, Report]], /) -> tuple[list[Report], int]:
    """Reports that tell how an athlete lifts now, and how many are too old for that.

    Of each lift those of the last `RECENT` before its latest session; an undated one counts.
    """
    given = list(clips)
    last: dict[str, date] = {}
    for day, report in given:
        if day is not None:
            last[report.exercise.id] = max(day, last.get(report.exercise.id, day))
    now = [r for day, r in given if day is None or last[r.exercise.id] - day < RECENT]
    return now, len(given) - len(now)


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


def _write(
    athlete: str,
    records: list[Record],
    reports: list[Report],
    earlier: list[Clip],
    folder: Folder,
) -> tuple[Profile, AthleteHistory]:
    """Write the athlete's files: profile and trends, each as page and as data."""
    moments = [_recorded(record) for record in records]
    days = [None if when is None else when.day for when in moments]
    now, old = recent(zip(days, reports, strict=True))
    profile = build_profile(now)
    if old:
        profile = profile.model_copy(update={"left_out": [*profile.left_out, left_out_as_old(old)]})
    clips = [
        clip_of(athlete, report, when, f"{TO_CLIPS}/{place_of(record.clip)}")
        for record, report, when in zip(records, reports, moments, strict=True)
        if when is not None
    ]
    found = athlete_history(athlete, sorted([*earlier, *clips], key=lambda c: c.recorded.moment))
    profile = with_less_weight(profile, found)
    texts = {
        PROFILE_FILE: profile.model_dump_json(indent=2) + "\n",
        PROFILE_PAGE: profile_page(
            profile,
            athlete=athlete,
            history=HISTORY_PAGE,
            note=next((report.notes.folder for report in now[::-1] if report.notes.folder), ""),
            results=put_right(found),
            reports={
                report.video.path: quote(f"{TO_CLIPS}/{place_of(record.clip)}/{PAGE_FILE}")
                for record, report in zip(records, reports, strict=True)
                if report.files.html is not None
            },
        ),
        HISTORY_FILE: found.model_dump_json(indent=2) + "\n",
        HISTORY_PAGE: history_page(
            found,
            Path(folder.at(HISTORY_PAGE)),
            week=this_week(profile.upper_back),
            profile=PROFILE_PAGE,
        ),
    }
    for name, text in texts.items():
        folder.write(name, text.encode())
    return profile, found


def with_less_weight(profile: Profile, found: AthleteHistory, /) -> Profile:
    """The profile with a lighter weight as the first thing to do, where the history asks for one.

    Not where there is nothing to do at all, as for somebody who is in pain.
    """
    finding, lifted = profile.upper_back, {clip.exercise for clip in profile.clips}
    loads = [lift.load for lift in found.lifts if lift.load and lift.exercise in lifted]
    load = next((load for load in loads if load.advice), None)
    if load is None or load.advice is None or not finding.advice:
        return profile
    lighter = AdvicePart(kind="technique", name=load.advice, why=load.message, dose=None, cues=[])
    things = [advice for advice in finding.advice if advice.kind != "filming"]
    filming = [advice for advice in finding.advice if advice.kind == "filming"]
    advice = [lighter, *things[: MAX_PLANS - 1], *filming]
    return profile.model_copy(update={"upper_back": finding.model_copy(update={"advice": advice})})


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


def _made_from(records: Iterable[Record], earlier: Iterable[Clip]) -> bytes:
    made: dict[str, object] = {"clips": {record.clip: record.key for record in records}}
    if before := [[c.facts.video_sha256, c.recorded.moment.isoformat()] for c in earlier]:
        made["earlier"] = before
    return (json.dumps(made, indent=1, sort_keys=True) + "\n").encode()


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
