"""A clip's result in a notebook: a line or two of text, or a small table."""

from __future__ import annotations

from html import escape
from pathlib import PurePath
from typing import TYPE_CHECKING

from formcheck.analysis import UNKNOWN
from formcheck.present.counting import how_many
from formcheck.present.one_rule import column_heading
from formcheck.present.reading import main_point
from formcheck.words.language import _, later
from formcheck.words.severity import FAULTS, SIGNS, Severity, grade_words
from formcheck.words.text import amount, clock, counted, printable

if TYPE_CHECKING:
    from formcheck.report.model import Report, RepPart, SetCheckPart

MOST_COLUMNS, MOST_ROWS = 5, 20
KINDS = {
    "full": later("full"),
    "partial": later("partial"),
    "failed": later("failed"),
    "invalid": later("invalid"),
}


def headline(report: Report, /) -> str:
    """The clip, the exercise, how many repetitions and the score."""
    name = printable(PurePath(report.video.path).name)
    if report.exercise.id == UNKNOWN:
        return _("{name}: exercise not recognised").format(name=name)
    title = report.exercise.variant_title or report.exercise.title
    told = (
        _("{name}: {lift}, {reps}, no score")
        if report.score is None
        else _("{name}: {lift}, {reps}, score {score} of 100")
    )
    return told.format(
        name=name, lift=title, reps=how_many(report), score=f"{report.score or 0:.0f}"
    )


def plain(report: Report, /) -> str:
    """The result in one or two lines of text."""
    return "\n".join([headline(report), *_point(report)])


def table(report: Report, /) -> str:
    """The result as HTML: the headline, the main point and a row for each repetition."""
    parts = [f"<strong>{escape(headline(report))}</strong>"]
    parts += [f"<div>{escape(point)}</div>" for point in _point(report)]
    if report.reps:
        parts.append(_rows(report))
    return f"<div>{''.join(parts)}</div>"


def _point(report: Report) -> list[str]:
    return [main_point(report)] if report.rep_count else []


def _rows(report: Report) -> str:
    columns = _columns(report)
    heads = [_("Rep"), _("Start"), _("Kind"), *(column_heading(column) for column in columns)]
    rows = ["".join(f"<th>{escape(head)}</th>" for head in heads)]
    for rep in report.reps[:MOST_ROWS]:
        cells = [
            str(rep.index),
            clock(rep.start_s),
            _(KINDS[rep.kind]),
            *(_cell(rep, c) for c in columns),
        ]
        rows.append("".join(f"<td>{escape(cell)}</td>" for cell in cells))
    if len(report.reps) > MOST_ROWS:
        more = counted(
            len(report.reps) - MOST_ROWS,
            "{n} more rep: all are in .reps",
            "{n} more reps: all are in .reps",
        )
        rows.append(f'<td colspan="{len(heads)}">{escape(more)}</td>')
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _columns(report: Report) -> list[SetCheckPart]:
    """The rules that tell most, of those that were judged in a repetition."""
    judged = {c.rule for rep in report.reps for c in rep.checks if c.value is not None}
    told = [check for check in report.checks if check.rule in judged]
    ranked = sorted(told, key=lambda c: (c.severity not in FAULTS, not c.critical, -c.weight))
    return [check for check in told if check in ranked[:MOST_COLUMNS]]


def _cell(rep: RepPart, column: SetCheckPart) -> str:
    check = next((c for c in rep.checks if c.rule == column.rule), None)
    if check is None or check.value is None:
        return "-"
    value = amount(check.value, check.unit, check.error, with_part=False)
    fine = check.severity == Severity.OK
    return f"{value}, {SIGNS[Severity.OK] if fine else grade_words(check.severity)}"
