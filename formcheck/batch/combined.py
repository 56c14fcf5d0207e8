"""The files that combine all clips, made from their records: summary, index, athletes, manifest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from formcheck.batch.athletes import report_of, whose, write_profiles
from formcheck.batch.index import Index
from formcheck.batch.summary import write_summary
from formcheck.report.parts import Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.batch.attention import AthleteLine
    from formcheck.batch.record import Record
    from formcheck.batch.run import Session
    from formcheck.history.store import History

MANIFEST_FILE = "manifest.json"


class ManifestClip(Part):
    """One clip of the run."""

    clip: str
    status: Literal["done", "failed"]
    exit_code: int
    reason: str | None
    sha256: str | None
    key: str


class Manifest(Part):
    """``manifest.json``: made anew from the records at the end of every run."""

    format: Literal[1] = 1
    started_at: str = Field(description="ISO 8601, UTC; of the last run.")
    ended_at: str
    workers: int
    done_now: int = Field(description="Clips that the last run worked on.")
    clips_folder: str
    made_with: dict[str, Any] = Field(
        description="Version, model, rules and settings; a clip is done again when one changes."
    )
    done: int
    failed: int
    unlisted: list[str] = Field(description="Folders that could not be looked into.")
    clips: list[ManifestClip]


def manifest_clips(records: Iterable[Record], /) -> list[ManifestClip]:
    """What the manifest says of each clip."""
    return [
        ManifestClip(
            clip=r.clip,
            status=r.status,
            exit_code=r.exit_code,
            reason=r.reason,
            sha256=r.sha256,
            key=r.key,
        )
        for r in records
    ]


@dataclass(frozen=True)
class RunFacts:
    """What the manifest says of the run itself.

    Attributes
    ----------
    started
        When, UTC.
    workers
        How many.
    done_now
        Clips that it worked on.
    """

    started: datetime
    workers: int
    done_now: int


@dataclass(frozen=True)
class Combined:
    """What all clips come to.

    Attributes
    ----------
    athletes
        Who needs attention first; none unless each sub-folder is one.
    two_lifts
        Names of clips that hold another lift beside the one that was judged.
    """

    athletes: tuple[AthleteLine, ...] = ()
    two_lifts: tuple[str, ...] = ()


NOTHING_COMBINED = Combined()


def write_combined(
    session: Session, run: RunFacts, /, *, by_folder: bool, history: History | None = None
) -> Combined:
    """Write summary, index, profiles and manifest of all clips, the manifest last.

    Parameters
    ----------
    session
        Knows how every clip ended.
    run
        For the manifest.
    by_folder
        Whether each sub-folder is one athlete.
    history
        Where the athletes' results are kept as well.

    Returns
    -------
    Combined
        What to say of it.

    Raises
    ------
    OutputError
        If one cannot be written.
    StorageError
        If a result cannot be read any more.
    """
    results, records, book = session.results, session.records, session.settings.rules
    athlete_of = whose(records) if by_folder else _nobody
    index = Index(book, athlete_of=athlete_of)
    write_summary(results, index.passing(session.whole_records()), book, athlete_of=athlete_of)
    for name, reason in session.unlisted:
        index.leave_out(name, reason)
    outlooks = {}
    if by_folder:
        outlooks = write_profiles(
            records.values(), results, read=lambda r: report_of(results, r), history=history
        )
    index.write(results, outlooks)
    ordered = [record for _, record in sorted(records.items())]
    manifest = Manifest(
        started_at=run.started.isoformat(timespec="seconds"),
        ended_at=datetime.now(UTC).isoformat(timespec="seconds"),
        workers=run.workers,
        done_now=run.done_now,
        clips_folder=session.clips.shown,
        made_with=session.settings.facts(),
        done=sum(record.status == "done" for record in ordered),
        failed=len(session.failed),
        unlisted=[name for name, _ in session.unlisted],
        clips=manifest_clips(ordered),
    )
    results.write(MANIFEST_FILE, (manifest.model_dump_json(indent=1) + "\n").encode())
    return Combined(tuple(index.lines(outlooks)), tuple(index.two_lifts))


def _nobody(_: str) -> None:
    """Sub-folders are only folders."""
