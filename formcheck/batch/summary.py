"""Two tables, as CSV and Parquet: all clips (``summary``), all repetitions (``summary_reps``).

A clip's rows are made when it is done, and kept in its record; a row has a value for a
column or does not name it. What the record itself tells is added when the table is written.
The columns depend on the rules alone, not on what was filmed, so that files of several
weeks can be put below one another. The records come one at a time, and so they are written:
a hundred thousand repetitions take no more memory than a few thousand. ``docs/summary.md``
says what each column is.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from formcheck import tables
from formcheck.errors import OutputError, reason_of
from formcheck.kinematics.view import ViewLabel
from formcheck.present.reading import faults, hardly_judged, main_point
from formcheck.rules.merge import STANDING
from formcheck.tables import parquet_installed, parquet_parts
from formcheck.words.severity import FAULTS
from formcheck.words.text import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from formcheck.batch.record import Record
    from formcheck.report.model import MeasurementPart, Report, RepPart
    from formcheck.rules.book import RuleBook
    from formcheck.rules.schema import Rule
    from formcheck.storage import Folder

    Rows = list[dict[str, Any]]

Row = Literal["clip", "rep"]
STEMS: Mapping[Row, str] = {"clip": "summary", "rep": "summary_reps"}
"""Names of the files of a table, without their suffix."""
GROUP_ROWS = 4096
"""Rows held at a time."""
RULE, VALUE, ERROR, CHANGE, CHANGE_ERROR = "rule.", "value.", "error.", "change.", "change_error."
"""What names of columns begin with that are of one rule or of one measurement."""
NOT_ASSESSED = "not_assessed"


# --- the rows of one clip, as its record keeps them ------------------------------------


def summary_rows(report: Report, /) -> list[dict[str, Any]]:
    """One row for the clip, then one for each repetition.

    Parameters
    ----------
    report
        The clip's report.

    Returns
    -------
    list of dict
        By names of columns, without what is not known.
    """
    unseen = _unseen(report)
    clip = _clip(report) | _medians(report, unseen) | _changes(report)
    costly = {check.rule for check in report.checks if check.weight > 0}
    reps = [_rep(rep, costly) | _values(rep, unseen) for rep in report.reps]
    return [_told(row) for row in (clip, *reps)]


def _unseen(report: Report) -> set[str]:
    """Measurements that some rule judges, but none from where the camera stood.

    They have numbers in the report as well, but those say nothing.
    """
    group = ViewLabel(report.view.label).group
    judged = {check.measurement for check in report.checks}
    return judged - {check.measurement for check in report.checks if group in check.needs_view}


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _clip(report: Report) -> dict[str, Any]:
    found = faults(report)
    finding = report.upper_back
    row: dict[str, Any] = {
        "exercise": report.exercise.id,
        "exercise_source": report.exercise.source,
        "exercise_confidence": report.exercise.confidence,
        "by_hand": " ".join(report.by_hand) or None,
        "variant": report.exercise.variant,
        "view": report.view.label,
        "view_confidence": report.view.confidence,
        "yaw_deg": report.view.yaw_deg,
        "yaw_error_deg": report.view.yaw_error_deg,
        "duration_s": report.video.duration_s,
        "fps": report.video.mean_fps,
        "coverage": report.tracking.coverage,
        "noise_cm": report.tracking.noise_cm,
        "trust": report.tracking.trust,
        "believed": report.tracking.believed,
        "warnings": " ".join(warning.code for warning in report.warnings) or None,
        "note": report.notes.clip or None,
        "folder_note": report.notes.folder or None,
        "rep_count": report.rep_count,
        "rep_count_low": None if report.count_range is None else report.count_range[0],
        "rep_count_high": None if report.count_range is None else report.count_range[1],
        "score": report.score,
        "severity": _judgement(report),
        "main_fault": found[0].rule if found else None,
        "main_point": main_point(report) if report.checks else None,
        "faults": " ".join(check.rule for check in found) or None,
        "upper_back": finding.finding,
        "upper_back_confidence": finding.confidence,
        "upper_back_evidence": finding.evidence,
        "speed_loss": None if report.speed is None else report.speed.loss,
    }
    row |= {RULE + check.rule: check.severity for check in report.checks}
    if finding.posture is not None:
        row |= {RULE + check.rule: check.severity for check in finding.posture.checks}
    return row


def _rep(rep: RepPart, costly: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "reason": rep.reason,
        "rep": rep.index,
        "kind": rep.kind,
        "start_s": rep.start_s,
        "turn_s": rep.turn_s,
        "end_s": rep.end_s,
        "score": rep.score,
        "severity": _worst(check.severity for check in rep.checks if check.rule in costly),
        "faults": " ".join(
            check.rule
            for grade in FAULTS
            for check in rep.checks
            if check.severity == grade and check.rule in costly
        )
        or None,
    }
    return row | {RULE + check.rule: check.severity for check in rep.checks}


def _values(rep: RepPart, unseen: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, measured in _valid(rep, unseen):
        row |= {VALUE + name: measured.value, ERROR + name: measured.error}
    return row


def _judgement(report: Report) -> str:
    """The worst verdict; that nothing was found where hardly anything was judged is none."""
    worst = _worst(check.severity for check in report.checks if check.weight > 0)
    return NOT_ASSESSED if worst == "ok" and hardly_judged(report) else worst


def _worst(severities: Iterable[str]) -> str:
    found = set(severities)
    return next((grade for grade in (*FAULTS, "ok") if grade in found), NOT_ASSESSED)


def _valid(rep: RepPart, unseen: set[str]) -> list[tuple[str, MeasurementPart]]:
    """Measurements of a repetition that can be relied on."""
    named = ((name, one) for name, one in rep.measurements.items() if name not in unseen)
    return [(name, one) for name, one in named if one.valid and one.value is not None]


def _medians(report: Report, unseen: set[str]) -> dict[str, Any]:
    """The middle of the repetitions that count, and of their errors, as the rules judge them."""
    own: dict[str, list[MeasurementPart]] = {}
    for rep in report.reps:
        for name, measured in _valid(rep, unseen) if rep.counts else ():
            own.setdefault(name, []).append(measured)
    row: dict[str, Any] = {}
    for name, seen in own.items():
        errors = [one.error for one in seen if one.error is not None]
        row[VALUE + name] = round(median(one.value or 0.0 for one in seen), 4)
        row[ERROR + name] = round(median(errors), 4) if errors else None
    return row


def _changes(report: Report) -> dict[str, Any]:
    """What the rules over the whole set judged."""
    row: dict[str, Any] = {}
    for check in report.checks:
        if check.over_set is not None:
            row |= {CHANGE + check.rule: check.value, CHANGE_ERROR + check.rule: check.error}
    return row


# --- the table ------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Attributes
    ----------
    name
        The same in both files.
    kind
        What its values are.
    rows
        The table that has it: that of the clips, that of the repetitions, or both.
    meaning
        One phrase, with the unit.
    """

    name: str
    kind: tables.Kind
    rows: Literal[Row, "both"]
    meaning: str


FIXED = (
    Column("clip", "text", "both", "name of the video, relative to the folder of clips"),
    Column("athlete", "text", "both", "whose clip it is, with --by-folder"),
    Column("status", "text", "clip", "done or failed"),
    Column("exit_code", "integer", "clip", "as formcheck analyze would have ended"),
    Column("reason", "text", "both", "why the clip failed, or the repetition is not full"),
    Column("recorded_at", "moment", "both", "when it was recorded, ISO 8601"),
    Column("date_source", "text", "both", "container, or file when only the file's time is known"),
    Column("sha256", "text", "clip", "hash of the video's content"),
    Column("exercise", "text", "both", "identifier of the exercise; unknown if not recognised"),
    Column("exercise_source", "text", "clip", "detected or given"),
    Column("exercise_confidence", "number", "clip", "0 to 1"),
    Column("by_hand", "text", "clip", "what was set by hand: exercise reps lifter bar load"),
    Column("variant", "text", "both", "variant of the exercise"),
    Column("view", "text", "both", "where the camera stood, as in report.json"),
    Column("view_confidence", "number", "clip", "0 to 1"),
    Column("yaw_deg", "number", "clip", "0 = side view, 90 = front or back view, degrees"),
    Column("yaw_error_deg", "number", "clip", "its standard error, degrees"),
    Column("duration_s", "number", "clip", "length of the video, seconds"),
    Column("fps", "number", "clip", "frames per second of the video, mean"),
    Column("coverage", "number", "clip", "share of the frames in which the lifter was seen"),
    Column("noise_cm", "number", "clip", "unsteadiness of the tracked body, centimetres"),
    Column("trust", "text", "clip", "how far to rely on the tracking: good, partly or poor"),
    Column(
        "believed",
        "number",
        "clip",
        "share of the verdicts that hold in spite of what is not seen well",
    ),
    Column("warnings", "text", "clip", "codes of the report's warnings, with spaces between"),
    Column("note", "text", "clip", "what the coach noted on the clip"),
    Column("folder_note", "text", "clip", "what the coach noted on its folder"),
    Column("rep_count", "integer", "clip", "repetitions that count (full and partial)"),
    Column("rep_count_low", "integer", "clip", "fewest that there may be"),
    Column("rep_count_high", "integer", "clip", "most that there may be"),
    Column("rep", "integer", "rep", "number of the repetition, from 1"),
    Column("kind", "text", "rep", "full, partial, failed or invalid"),
    Column("start_s", "number", "rep", "start, seconds of the clip"),
    Column("turn_s", "number", "rep", "bottom of a squat, top of a pull, seconds of the clip"),
    Column("end_s", "number", "rep", "end, seconds of the clip"),
    Column("score", "number", "both", "0 to 100"),
    Column("severity", "text", "both", "worst verdict of a rule that costs points"),
    Column("main_fault", "text", "clip", "rule of the worst fault"),
    Column("main_point", "text", "clip", "the one sentence to remember"),
    Column("faults", "text", "both", "rules with a fault, the worst first, with spaces between"),
    Column("upper_back", "text", "clip", "none, watch, likely or insufficient"),
    Column("upper_back_confidence", "text", "clip", "low, medium or high"),
    Column("upper_back_evidence", "number", "clip", "points behind the finding"),
    Column("speed_loss", "number", "clip", "share of the fastest repetition that the last lacks"),
)
"""The columns that every rule book has; the others follow them (`columns`)."""
OF_THE_CLIP = ("exercise", "variant", "view")
"""What rows of repetitions repeat of the clip's row."""


def columns(book: RuleBook, row: Row, /) -> tuple[Column, ...]:
    """The columns of a table, in order: what the rules decide comes after `FIXED`."""
    rules = [rule for found in book.rules.values() for rule in found.rule]
    over_set = [rule for rule in rules if rule.over_set is not None]
    every = (
        *FIXED,
        *(_verdict(rule) for rule in rules),
        *(column for names in _measured(book).items() for column in _pair(*names)),
        *(column for rule in over_set for column in _change(rule, book)),
    )
    return tuple(column for column in every if column.rows in (row, "both"))


def _verdict(rule: Rule) -> Column:
    own = rule.over_set is not None or rule.id.startswith(f"{STANDING}.")
    return Column(RULE + rule.id, "text", "clip" if own else "both", f"verdict: {rule.title}")


def _measured(book: RuleBook) -> dict[str, str]:
    """What is measured on repetitions: names with titles and units, each told once."""
    found: dict[str, dict[str, None]] = {}
    for name, rules in book.rules.items():
        for measurement in rules.measurement if name != STANDING else ():
            words = f"{measurement.title}, {measurement.unit}"
            found.setdefault(measurement.name, {})[words] = None
    return {name: "; ".join(words) for name, words in found.items()}


def _pair(name: str, words: str) -> tuple[Column, Column]:
    return (
        Column(VALUE + name, "number", "both", words),
        Column(ERROR + name, "number", "both", f"standard error of {VALUE}{name}"),
    )


def _change(rule: Rule, book: RuleBook) -> tuple[Column, Column]:
    words = f"{rule.title}: {rule.over_set} over the set, {book.unit(rule)}"
    return (
        Column(CHANGE + rule.id, "number", "clip", words),
        Column(CHANGE_ERROR + rule.id, "number", "clip", f"standard error of {CHANGE}{rule.id}"),
    )


ALL_FILES = tuple(f"{stem}{suffix}" for stem in STEMS.values() for suffix in (".csv", ".parquet"))
"""What the tables may be written to."""


def summary_files() -> tuple[str, ...]:
    """The files that the tables are written to: Parquet where its library is installed."""
    return tuple(file for file in ALL_FILES if parquet_installed() or not file.endswith(".parquet"))


def table_rows(
    record: Record, athlete: str | None, /
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of a clip, also of one that failed, and those of its repetitions.

    Returns
    -------
    clip, reps
        By names of columns.
    """
    both = {
        "clip": readable(record.clip),
        "athlete": None if athlete is None else readable(athlete),
        "recorded_at": record.recorded_at,
        "date_source": record.date_source,
    }
    first, *reps = record.rows or [{}]
    own = {
        "status": record.status,
        "exit_code": record.exit_code,
        "reason": record.reason,
        "sha256": record.sha256,
    }
    repeated = both | {name: first.get(name) for name in OF_THE_CLIP}
    ordered = sorted(reps, key=lambda row: int(row["rep"]))
    return first | both | own, [row | repeated for row in ordered]


def write_summary(
    results: Folder,
    records: Iterable[Record],
    book: RuleBook,
    /,
    *,
    athlete_of: Callable[[str], str | None],
) -> None:
    """Write the tables of all clips and of all repetitions into the results.

    Parameters
    ----------
    results
        Where to; earlier tables are replaced.
    records
        Of all clips, in order of their names; taken one at a time.
    book
        The rules that the clips were judged by.
    athlete_of
        Whose clip it is, by its name.

    Raises
    ------
    OutputError
        If it cannot be written.
    ValueError
        If the records are not in order.
    """
    with tempfile.TemporaryDirectory(prefix="formcheck-") as aside:
        folder = Path(aside)
        try:
            _write(folder, _in_order(records), book, athlete_of)
        except OSError as error:
            raise OutputError(f"Cannot write to {folder}: {reason_of(error)}.") from error
        for name in summary_files():
            results.put(name, folder / name)
    for name in {*ALL_FILES} - {*summary_files()}:
        results.remove(name)  # an earlier one would tell of other clips


def _in_order(records: Iterable[Record]) -> Iterator[Record]:
    last: str | None = None
    for record in records:
        if last is not None and record.clip <= last:
            raise ValueError(f"expected clips in order of their names, got {record.clip!r}")
        last = record.clip
        yield record


def _write(
    folder: Path,
    records: Iterable[Record],
    book: RuleBook,
    athlete_of: Callable[[str], str | None],
) -> None:
    with ExitStack() as files:
        adders = {row: files.enter_context(_table(folder, row, book)) for row in STEMS}
        for rows in _groups(records, athlete_of):
            for row, add in adders.items():
                add(rows[row])


def _groups(
    records: Iterable[Record], athlete_of: Callable[[str], str | None]
) -> Iterator[Mapping[Row, Rows]]:
    """Rows for each table, not too many at a time."""
    rows: dict[Row, Rows] = {"clip": [], "rep": []}
    for record in records:
        clip, reps = table_rows(record, athlete_of(record.clip))
        rows["clip"].append(clip)
        rows["rep"] += reps
        if len(rows["clip"]) + len(rows["rep"]) >= GROUP_ROWS:
            yield rows
            rows = {"clip": [], "rep": []}
    yield rows


@contextmanager
def _table(folder: Path, row: Row, book: RuleBook) -> Iterator[Callable[[Rows], None]]:
    """One table, in all its files; yields what appends rows."""
    wanted, stem = columns(book, row), STEMS[row]
    none = _part([], wanted)
    with ExitStack() as files:
        csv = (folder / f"{stem}.csv").open("w", encoding="utf-8", newline="")
        lines = files.enter_context(csv)
        lines.write(none.csv_text(spreadsheet=True))
        more = None
        if f"{stem}.parquet" in summary_files():
            more = files.enter_context(parquet_parts(folder / f"{stem}.parquet", none))

        def add(rows: Rows) -> None:
            part = _part(rows, wanted)
            lines.write(part.csv_text(heading=False, spreadsheet=True))
            if more is not None and rows:
                more(part)

        yield add


def _part(rows: Rows, wanted: tuple[Column, ...]) -> tables.Table:
    return tables.Table(
        tuple(
            tables.Column(c.name, [row.get(c.name) for row in rows], c.kind, description=c.meaning)
            for c in wanted
        )
    )
