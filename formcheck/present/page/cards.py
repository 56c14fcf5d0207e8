"""What the page says about each rule and each repetition. Pure functions of the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.present.one_rule import (
    aim_words,
    change_words,
    column_heading,
    exception,
    moment_of,
    second_note,
    second_words,
    when,
    worst_of,
)
from formcheck.present.reading import (
    faults,
    film_again,
    fine,
    is_timed,
    noticed,
    starts_down,
    unassessed,
)
from formcheck.present.which_reps import flagged_reps, look_alike, points_of, worse_in
from formcheck.words.language import _
from formcheck.words.severity import FAULTS, GRADES, NO_VERDICT, SIGNS, WORDS, Severity, grade_words
from formcheck.words.text import amount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.report.model import (
        LimitsPart,
        RepCheckPart,
        Report,
        RepPart,
        SetCheckPart,
    )

BADGES = {grade: (SIGNS[grade], WORDS[grade]) for grade in Severity} | {
    Severity.OK: ("✓", WORDS[Severity.OK]),
    Severity.NOT_ASSESSED: (SIGNS[Severity.NOT_ASSESSED], NO_VERDICT),
}
"""Sign and word of each severity: it is never told by colour alone."""
GAUGE_WIDTH = 300.0
MARGIN = 0.5
"""Room beyond the limits on a gauge, as a share of the way from mild to severe."""


@dataclass(frozen=True)
class Gauge:
    """A scale with the limits of a rule and where a value lies, in units of its width.

    Attributes
    ----------
    bands
        Severity, left edge and width of each stretch.
    value, low, high
        The value, and the ends of one standard error around it.
    """

    bands: tuple[tuple[Severity, float, float], ...]
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Card:
    """One rule's verdict on the set.

    `typical` says of which repetitions the value is, `grade` where the grade is worse than in
    the set, `points` what it costs, `milder` why it is milder than the scale has it.
    """

    check: SetCheckPart
    value: str | None
    typical: str
    limit: str
    basis: str
    gauge: Gauge | None
    at_s: float | None
    rep: int | None
    still: str | None = None
    grade: str = ""
    points: str = ""
    milder: str = ""


@dataclass(frozen=True)
class Cell:
    """One measurement of one repetition."""

    text: str
    severity: Severity | None
    second: str = ""


@dataclass(frozen=True)
class Row:
    """One repetition."""

    rep: RepPart
    out: Cell
    back: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """The repetitions, with the columns that something was measured for.

    `arms` is whether they are done by one arm at a time.
    """

    down_first: bool
    arms: bool
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def moment(report: Report, check: SetCheckPart) -> tuple[float, int] | None:
    """When a fault is at its worst, clip seconds, and in which repetition."""
    worst = worst_of(report, check)
    if worst is not None:
        return moment_of(report, worst)
    flagged = [rep for rep in report.reps if rep.index in check.reps_flagged]
    return (flagged[-1].turn_s, flagged[-1].index) if flagged else None


def fault_cards(report: Report, pictures: Mapping[float, str]) -> list[Card]:
    """Flagged rules, the worst first."""
    return [_card(report, check, _basis(report, check), pictures) for check in faults(report)]


def _basis(report: Report, check: SetCheckPart) -> str:
    if check.over_set is None:
        return when(report, check)
    return f"{flagged_reps(report, check)}."


def noticed_cards(report: Report, pictures: Mapping[float, str]) -> list[Card]:
    """Flagged rules that cost no points."""
    return [_card(report, check, "", pictures) for check in noticed(report)]


def fine_cards(report: Report) -> list[Card]:
    """Rules without a fault."""
    return [_card(report, check, exception(report, check), {}) for check in fine(report)]


def moments(report: Report) -> list[float]:
    """When to take stills: for each flagged rule, as far as it has a moment."""
    found = (moment(report, check) for check in (*faults(report), *noticed(report)))
    return [at[0] for at in found if at is not None]


def _card(report: Report, check: SetCheckPart, basis: str, pictures: Mapping[float, str]) -> Card:
    at = None if check.severity == "ok" else moment(report, check)
    value = None
    if check.value is not None:
        value = (
            change_words(check)
            if check.over_set is not None
            else amount(check.value, check.unit, check.error)
        )
    return Card(
        check=check,
        value=value,
        typical=_typical(check),
        limit=_limit(check),
        basis=basis,
        gauge=gauge(check),
        at_s=None if at is None else at[0],
        rep=None if at is None else at[1],
        still=None if at is None else pictures.get(at[0]),
        grade=worse_in(report, check),
        points=points_of(report, check),
        milder=second_note(report, check),
    )


def _typical(check: SetCheckPart) -> str:
    if check.over_set is not None or check.reps_assessed < 2:
        return ""
    return _("typical of those reps") if check.of_flagged else _("in a typical rep")


def _limit(check: SetCheckPart) -> str:
    edge = amount(check.limits.mild, check.unit, with_part=False)
    if check.over_set is not None and check.better != "zero":
        more = check.over_set == "growth" and check.better == "low"
        told = _("aim for at most {value} more") if more else _("aim for at most {value} less")
        return told.format(value=edge.removeprefix("-"))
    return aim_words(check.limits, check.better, check.unit)


def gauge(check: SetCheckPart) -> Gauge | None:
    """The value among the limits; None for a rule without a value."""
    if check.value is None:
        return None
    value = abs(check.value) if check.better == "zero" else check.value
    limits = check.limits
    down = -1.0 if check.better == "high" else 1.0
    edges = [down * edge for edge in (limits.mild, limits.moderate, limits.severe)]
    room = MARGIN * (edges[2] - edges[0])
    least = min(edges[0] - 2 * room, down * value - room)
    most = max(edges[2] + room, down * value + room)
    if check.better == "zero":
        least = 0.0

    def place(at: float) -> float:
        share = min(1.0, max(0.0, (at - least) / (most - least)))
        return round(GAUGE_WIDTH * (1 - share if check.better == "high" else share), 1)

    stops = [least, *edges, most]
    bands = []
    for name, start, end in zip(GRADES, stops[:-1], stops[1:], strict=True):
        left, right = sorted((place(start), place(end)))
        bands.append((name, left, round(right - left, 1)))
    error = check.error or 0.0
    low, high = sorted((place(down * (value - error)), place(down * (value + error))))
    return Gauge(tuple(bands), place(down * value), low, high)


def limit_words(limits: LimitsPart, unit: str) -> str:
    """Where each grade begins."""
    edges = [(name, getattr(limits, name)) for name in FAULTS[::-1]]
    told = _("{grade} from {value}")
    return ", ".join(
        told.format(grade=grade_words(name), value=amount(v, unit, with_part=False))
        for name, v in edges
    )


# --- repetitions ----------------------------------------------------------------------


def rep_table(report: Report) -> Table | None:
    """The table of repetitions; None without any."""
    if not report.reps:
        return None
    judged = {c.rule for rep in report.reps for c in rep.checks if c.value is not None}
    columns = [c for c in report.checks if c.rule in judged and c.half is None]
    halves = {str(c.half): c.rule for c in report.checks if c.rule in judged}
    finer = {rule for rule in judged if look_alike(report, rule)}
    rows = []
    for rep in report.reps:
        own = {check.rule: check for check in rep.checks}
        rows.append(
            Row(
                rep=rep,
                out=_time(rep.turn_s - rep.start_s, own.get(halves.get("out", "")), finer),
                back=_time(rep.end_s - rep.turn_s, own.get(halves.get("back", "")), finer),
                cells=tuple(_cell(own.get(c.rule), finer) for c in columns),
            )
        )
    return Table(
        down_first=starts_down(report),
        arms=any(rep.side for rep in report.reps),
        columns=tuple(column_heading(c) for c in columns),
        rows=tuple(rows),
    )


def _time(time_s: float, check: RepCheckPart | None, finer: set[str]) -> Cell:
    if not is_timed(time_s):
        return Cell("-", Severity.NOT_ASSESSED)
    if check is None:
        return Cell(amount(time_s, "s"), None)
    return Cell(amount(time_s, "s", finer=check.rule in finer), check.severity)


def _cell(check: RepCheckPart | None, finer: set[str]) -> Cell:
    if check is None or check.value is None:
        return Cell("-", None if check is None else check.severity)
    finely = check.rule in finer
    text = amount(check.value, check.unit, check.error, with_part=False, finer=finely)
    second = "" if check.decided_by is None else second_words(check.decided_by)
    return Cell(text, check.severity, second)


def film_tips(report: Report) -> list[str]:
    """How to film next time, each said once."""
    tips = [*film_again(report), *(u.film for u in unassessed(report) if u.film is not None)]
    tips += [a.why for a in report.upper_back.advice if a.kind == "filming"]
    return list(dict.fromkeys(tips))
