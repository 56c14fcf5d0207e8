"""Each sub-folder is one person: whose clip is it, and what do their clips say together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import ValidationError

from formcheck.batch.record import result_folder
from formcheck.report.build_upper_back import build_profile
from formcheck.report.files import REPORT_FILE
from formcheck.report.model import Report
from formcheck.report.page.render import profile_page
from formcheck.storage import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from formcheck.batch.record import Record
    from formcheck.storage import Folder

ATHLETES = "athletes"
PROFILE_FILE, PROFILE_PAGE, MADE_FROM = "profile.json", "profile.html", "made_from.json"


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
    records: Iterable[Record], results: Folder, /, *, read: Callable[[Record], Report]
) -> dict[str, str]:
    """Write the profile of every athlete; those made from the same clips are left as they are.

    Parameters
    ----------
    records
        Of all clips.
    results
        Profiles go to ``athletes/NAME`` in it.
    read
        Gives the report of a clip that was done.

    Returns
    -------
    dict
        Name of each athlete's page, relative to the results.
    """
    pages = {}
    for athlete, own in by_athlete(records).items():
        folder = results.inside(ATHLETES).inside(athlete)
        made_from = _made_from(own)
        if folder.read(MADE_FROM) != made_from:
            profile = build_profile([read(record) for record in own])
            folder.remove(MADE_FROM)
            folder.write(PROFILE_FILE, (profile.model_dump_json(indent=2) + "\n").encode())
            folder.write(PROFILE_PAGE, profile_page(profile).encode())
            folder.write(MADE_FROM, made_from)
        pages[athlete] = f"{ATHLETES}/{athlete}/{PROFILE_PAGE}"
    return pages


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
