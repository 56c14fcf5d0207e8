"""The page of all clips (``index.html``): what needs a look first, filters, links."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from formcheck.analysis import UNKNOWN
from formcheck.batch.attention import ORDER, AthleteLine, ClipVerdict, athlete_line
from formcheck.batch.record import CLIPS, place_of
from formcheck.batch.summary import NOT_ASSESSED, RULE, summary_files
from formcheck.present.page.notes import note_text
from formcheck.present.page.render import part, rendered
from formcheck.report.files import PAGE_FILE, REPORT_FILE, THUMBNAIL_FILE
from formcheck.upper_back.advice import safety_text
from formcheck.words.counts import count_told, not_analysed
from formcheck.words.language import _, day_text
from formcheck.words.severity import Severity, worst_words
from formcheck.words.terms import NOT_RECOGNISED, NOTES
from formcheck.words.text import readable, shortened
from formcheck.words.tracking import ANOTHER_LIFT, OTHER_LIFT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from formcheck.batch.attention import Outlook
    from formcheck.batch.record import Record
    from formcheck.rules.book import RuleBook
    from formcheck.storage import Folder

INDEX_FILE = "index.html"
MOST = 10_000
"""Clips on the page; with more, those that need a look most. A browser needs a few
seconds for so many."""
MOST_FAILED = 2_000
MOST_OF_NOTE = 240
"""Characters of a note that are shown: all of it is on the clip's own page."""
IMAGES = "data: file: 'self'"
"""Thumbnails lie beside the page, which is opened from disk or from a server."""


@dataclass(frozen=True)
class Entry:
    """A clip on the page.

    Attributes
    ----------
    report, thumbnail
        Addresses, relative to the page; None where there is none.
    lift
        Identifier of the exercise.
    reps
        How many there are, or may be.
    titles
        Titles of the rules with a fault, the worst first.
    trust
        How far the tracking can be relied on; None if an earlier version made the clip.
    other_lift
        Whether the clip holds another lift beside the one that was judged.
    note
        What the coach noted, in short.
    day
        When it was recorded, and whether that is only the file's time.
    """

    name: str
    report: str | None
    thumbnail: str | None
    athlete: str | None
    lift: str
    view: str | None
    reps: str
    severity: str
    score: float | None
    titles: tuple[str, ...]
    point: str
    upper_back: str | None
    trust: str | None
    other_lift: bool
    note: str
    day: str | None
    file_time: bool

    @property
    def rank(self) -> tuple[int, float, str]:
        """Sorts the worst first."""
        known = self.score is not None
        return ORDER.index(self.severity), (self.score or 0.0) if known else 101.0, self.name


@dataclass(frozen=True)
class Failure:
    """A clip that could not be analysed."""

    name: str
    athlete: str | None
    reason: str


class Index:
    """Gathers what the page shows, one record at a time.

    Parameters
    ----------
    book
        The rules that the clips were judged by: for titles.
    athlete_of
        Whose clip it is, by its name.
    """

    def __init__(self, book: RuleBook, /, *, athlete_of: Callable[[str], str | None]) -> None:
        self._athlete_of = athlete_of
        self._lifts = {exercise.id: exercise.title for exercise in book.exercises}
        self._titles = {rule.id: rule.title for found in book.rules.values() for rule in found.rule}
        self._entries: list[Entry] = []
        self._failures: list[Failure] = []
        self._done = self._files = self._folders = 0
        self._athletes: dict[str, list[ClipVerdict]] = {}
        self.two_lifts: list[str] = []
        """Names of clips that hold another lift beside the one that was judged."""

    def passing(self, records: Iterable[Record], /) -> Iterator[Record]:
        """Note records on their way to somebody else, such as the summary."""
        for record in records:
            self.add(record)
            yield record

    def add(self, record: Record, /) -> None:
        """Note how a clip ended."""
        athlete = self._athlete_of(record.clip)
        name = readable(record.clip)
        if athlete is not None:
            athlete = readable(athlete)
            self._athletes.setdefault(athlete, [])
        if record.status == "failed":
            self._files += 1
            self._fail(Failure(name, athlete, record.reason or ""))
            return
        self._done += 1
        entry = self._entry(record, name, athlete)
        self._entries.append(entry)
        if entry.other_lift:
            self.two_lifts.append(name)
        if athlete is not None:
            self._athletes[athlete].append(_verdict(entry, record))
        if len(self._entries) >= 2 * MOST:
            self._entries = self._worst()

    def leave_out(self, name: str, reason: str, /) -> None:
        """Note a file or folder that could not be looked at."""
        athlete = self._athlete_of(name)
        whose = None if athlete is None else readable(athlete)
        self._folders += 1
        self._fail(Failure(readable(name), whose, _("Left out: {reason}.").format(reason=reason)))

    def _fail(self, failure: Failure) -> None:
        if len(self._failures) < MOST_FAILED:
            self._failures.append(failure)

    def _worst(self) -> list[Entry]:
        return sorted(self._entries, key=lambda entry: entry.rank)[:MOST]

    def _entry(self, record: Record, name: str, athlete: str | None) -> Entry:
        row: Mapping[str, Any] = record.rows[0]
        page = next((file for file in (PAGE_FILE, REPORT_FILE) if file in record.files), None)
        day = None
        if record.recorded_at is not None:
            moment = datetime.fromisoformat(record.recorded_at)
            day = day_text(moment.date(), "d MMM y")
        return Entry(
            name=name,
            report=None if page is None else _beside(record, page),
            thumbnail=_beside(record, THUMBNAIL_FILE) if THUMBNAIL_FILE in record.files else None,
            athlete=athlete,
            lift=row["exercise"],
            view=row.get("view"),
            reps=_reps(row),
            severity=_severity(row),
            score=row.get("score"),
            titles=tuple(_(self._titles.get(rule, rule)) for rule in row.get("faults", "").split()),
            point=_point(row),
            upper_back=row.get("upper_back"),
            trust=row.get("trust"),
            other_lift=OTHER_LIFT in row.get("warnings", "").split(),
            note=shortened(note_text(row.get("note", "")), MOST_OF_NOTE),
            day=day,
            file_time=record.date_source == "file",
        )

    def lines(self, outlooks: Mapping[str, Outlook], /) -> list[AthleteLine]:
        """The athletes, who needs attention first.

        Parameters
        ----------
        outlooks
            What the clips of each say together.
        """
        found = [
            athlete_line(name, self._athletes.get(name, ()), outlook)
            for name, outlook in ((readable(who), outlook) for who, outlook in outlooks.items())
        ]
        return sorted(found, key=lambda line: line.urgency)

    def page(self, outlooks: Mapping[str, Outlook] | None = None, /) -> str:
        """The page as HTML text.

        Parameters
        ----------
        outlooks
            What the clips of each athlete say together.
        """
        entries = self._worst()
        found = {entry.lift for entry in entries}
        lifts = {lift: _(title) for lift, title in self._lifts.items() if lift in found}
        lifts |= {UNKNOWN: _("Not recognised")} if UNKNOWN in found else {}
        return rendered(
            "index.html.jinja",
            scripts=[part("index.js")],
            disclaimer=" ".join(safety_text()),
            images=IMAGES,
            entries=entries,
            failures=self._failures,
            done=self._done,
            failed=self._files + self._folders,
            failed_words=not_analysed(self._files, self._folders),
            lifts=lifts,
            titles=self._lifts,
            athletes=sorted(self._athletes),
            lines=self.lines(outlooks or {}),
            address=_address,
            another_lift=ANOTHER_LIFT,
            worst_words=worst_words,
            notes_title=NOTES,
            tables=summary_files(),
            words={
                "shown": _("{shown} of {all} clips"),
                "shownFailed": _("{shown} of {all} clips, {failed} of {tried} that failed"),
            },
        )

    def write(self, results: Folder, outlooks: Mapping[str, Outlook] | None = None, /) -> None:
        """Write the page into the results.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        results.write(INDEX_FILE, self.page(outlooks).encode())


def _verdict(entry: Entry, record: Record) -> ClipVerdict:
    """With the first fault of the worst grade: the first of all may be a milder one.

    A clip whose numbers are not to be relied on says nothing of an athlete.
    """
    row = record.rows[0]
    graded = zip(row.get("faults", "").split(), entry.titles, strict=True)
    worst = (title for rule, title in graded if row.get(f"{RULE}{rule}") == entry.severity)
    fault = next(worst, next(iter(entry.titles), None))
    note = shortened(note_text(row.get("folder_note", "")), MOST_OF_NOTE)
    if entry.trust == "poor":
        return ClipVerdict(entry.lift, record.recorded_at, NOT_ASSESSED, None, note)
    return ClipVerdict(entry.lift, record.recorded_at, entry.severity, fault, note)


def _beside(record: Record, file: str) -> str:
    return _address(f"{CLIPS}/{place_of(record.clip)}/{file}")


def _address(name: str) -> str:
    """A file in the results as a relative address, whatever its name.

    >>> _address("clips/set #1?.mp4/report.html")
    'clips/set%20%231%3F.mp4/report.html'
    """
    return quote(os.fsencode(name))


def _reps(row: Mapping[str, Any]) -> str:
    """How many repetitions there are, or may be.

    >>> _reps({"rep_count": 1, "rep_count_low": 1, "rep_count_high": 3}), _reps({"rep_count": 2})
    ('1 to 3 reps', '2 reps')
    """
    count = row["rep_count"]
    return count_told(count, (row.get("rep_count_low", count), row.get("rep_count_high", count)))


def _severity(row: Mapping[str, Any]) -> str:
    """The verdict on a clip; none where nothing was found that can hardly be relied on.

    >>> _severity({"severity": "ok", "trust": "poor"}), _severity({"severity": "mild"})
    ('not_assessed', 'mild')
    """
    if row["severity"] == Severity.OK and row.get("trust") == "poor":
        return str(Severity.NOT_ASSESSED)
    return str(row["severity"])


def _point(row: Mapping[str, Any]) -> str:
    """The one thing to know of a clip."""
    if row["exercise"] == UNKNOWN:
        return _(NOT_RECOGNISED)
    if not row["rep_count"]:
        return _("No complete rep was found.")
    return str(row.get("main_point", ""))
