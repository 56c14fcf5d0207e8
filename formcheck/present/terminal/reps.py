"""The table of repetitions in the terminal report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from formcheck.present.terminal.lines import INDENT
from formcheck.report.reading import column_heading, starts_down
from formcheck.words.severity import FAULTS, LEGEND, SIGNS
from formcheck.words.text import amount, clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from formcheck.report.model import RepCheckPart, Report, RepPart, SetCheckPart

STYLES: Mapping[str, str] = {
    "ok": "green",
    "mild": "yellow",
    "moderate": "bold yellow",
    "severe": "bold red",
}
GAP = 2
NARROWEST = 11
"""Characters that a measurement's heading needs at least."""


def _columns(report: Report) -> list[SetCheckPart]:
    """Rules that were judged in at least one repetition."""
    seen = {c.rule for rep in report.reps for c in rep.checks if c.value is not None}
    return [c for c in report.checks if c.rule in seen]


def rep_table(report: Report, width: int) -> Padding:
    """One row per repetition, with as many measurements as fit into the width."""
    columns = _columns(report)
    tempo = [c for c in columns if c.half is not None]
    tempos = [_tempo(rep, tempo) for rep in report.reps]
    starts = [clock(rep.start_s) for rep in report.reps]
    heading = _tempo_heading(report)
    first = (len("Rep"), max(map(len, starts)), max(len(heading), *map(len, tempos)))
    room = width - INDENT - sum(first) - GAP * len(first)
    shown = _most_telling([c for c in columns if c not in tempo], report, room)
    table = Table(box=None, padding=(0, GAP, 0, 0), header_style="bold", pad_edge=False)
    table.add_column("Rep", justify="right", width=first[0])
    table.add_column("Start", justify="right", width=first[1])
    table.add_column(heading, width=first[2])
    for column in shown:
        table.add_column(column_heading(column), width=_width(column, report))
    for rep, start, times in zip(report.reps, starts, tempos, strict=True):
        table.add_row(str(rep.index), start, times, *(_cell(rep, column) for column in shown))
    return Padding(Group(table, Text(LEGEND, style="dim")), (1, 0, 0, INDENT))


def _most_telling(columns: list[SetCheckPart], report: Report, room: int) -> list[SetCheckPart]:
    """As many columns as fit: flagged ones, then critical ones, then by weight."""
    flagged = {c.rule for c in report.checks if c.severity in FAULTS}
    ranked = sorted(columns, key=lambda c: (c.rule not in flagged, not c.critical, -c.weight))
    chosen: list[SetCheckPart] = []
    for column in ranked:
        room -= _width(column, report) + GAP
        if room < -GAP and chosen:
            break
        chosen.append(column)
    return [c for c in columns if c in chosen]


def _width(column: SetCheckPart, report: Report) -> int:
    """Characters of a measurement's longest cell."""
    return max(NARROWEST, *(len(_cell(rep, column)) for rep in report.reps))


def _tempo_heading(report: Report) -> str:
    return "Down / up, s" if starts_down(report) else "Up / down, s"


def _tempo(rep: RepPart, columns: Sequence[SetCheckPart]) -> Text:
    """Times of the two ways, each with its verdict if there is one."""
    text = Text()
    for half, time_s in (("out", rep.turn_s - rep.start_s), ("back", rep.end_s - rep.turn_s)):
        text.append(f"{' / ' if text else ''}{time_s:.1f}")
        for column in columns:
            if column.half == half:
                _add_sign(text, _check_of(rep, column.rule))
    return text


def _cell(rep: RepPart, column: SetCheckPart) -> Text:
    check = _check_of(rep, column.rule)
    if check is None or check.value is None:
        return Text("-")
    text = Text(amount(check.value, check.unit, check.error, with_part=False))
    _add_sign(text, check)
    return text


def _add_sign(text: Text, check: RepCheckPart | None) -> None:
    if check is not None and check.value is not None:
        text.append(f" {SIGNS[check.severity]}", style=STYLES.get(check.severity, ""))


def _check_of(rep: RepPart, rule: str) -> RepCheckPart | None:
    return next((c for c in rep.checks if c.rule == rule), None)
