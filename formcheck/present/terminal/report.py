"""The report as a lifter reads it in a terminal.

Built from the report alone. Verdicts are words ("ok", "mild"), never only
colours; nothing is rich markup, so that file names may hold any character.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from formcheck.analysis import UNKNOWN
from formcheck.present.counting import how_many, rep_notes, why_none
from formcheck.present.one_rule import column_heading, exception, second_notes, when
from formcheck.present.page.notes import note_text
from formcheck.present.reading import (
    Unassessed,
    closest,
    facts_told,
    faults,
    film_again,
    filmed_as,
    fine,
    in_short,
    is_timed,
    main_point,
    never_judged,
    not_sure,
    noted,
    noticed,
    starts_down,
    to_change,
    unassessed,
    unsure,
)
from formcheck.present.terminal import INDENT, plain
from formcheck.present.terminal import heading as _heading
from formcheck.present.terminal import line as _line
from formcheck.present.terminal.upper_back import posture_lines, profile_lines, upper_back_lines
from formcheck.present.which_reps import grade_told, look_alike, score_scope
from formcheck.words.language import _, decimal, later
from formcheck.words.severity import FAULTS, SIGNS, Severity, legend
from formcheck.words.terms import (
    FILM_AGAIN,
    NOT_RECOGNISED,
    NOTES,
    OTHER_EXERCISE,
    with_options,
)
from formcheck.words.text import amount, clock, joined, lower_first, printable, shortened
from formcheck.words.tracking import ON_TRUST, SHORT_SHOTS, no_score

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from formcheck.report.model import (
        Profile,
        RepCheckPart,
        Report,
        RepPart,
        SetCheckPart,
    )

STYLES: Mapping[str, str] = {
    "ok": "green",
    "mild": "yellow",
    "moderate": "bold yellow",
    "severe": "bold red",
}
GAP = 2
MOST_OF_NOTE = 240
"""Characters of a note that are shown."""
LEFT_OUT = later("Not in this table, for lack of width: {measurements}.")
ON_THE_PAGE = later("Not in this table, for lack of width: {measurements}; the page has them.")
"""Of measurements that do not fit, without and with a page."""
UNCOUNTED = later("- = the rep does not count")
"""What the legend says besides where one does not."""
NOT_ASSESSED = SIGNS[Severity.NOT_ASSESSED]
NARROWEST = 11
"""Characters that a measurement's heading needs at least."""


def terminal_report(
    report: Report, /, *, folder: Path | None = None, width: int = 80
) -> RenderableType:
    """What to print for a report.

    Parameters
    ----------
    report
        The report.
    folder
        Where its files were written; None leaves that out.
    width
        Characters in a line: decides how many measurements the table has.
    """
    known = report.exercise.id != UNKNOWN
    parts: list[RenderableType] = [_headline(report), *_filming(report), *_by_hand(report)]
    parts += _notes(report)
    if known and report.reps:
        seconds = [f"{SECOND} {note}" for note in second_notes(report)]
        parts += [rep_table(report, width), *map(_line, [*seconds, *rep_notes(report)])]
    if known and report.rep_count:
        parts += [
            *_to_fix(report),
            *_noticed(report),
            *_fine(report),
            *_groups(unassessed(report)),
            *_in_numbers(report),
            *upper_back_lines(report.upper_back, film_again(report)),
        ]
    else:
        parts += [*_groups(never_judged(report)), *posture_lines(report.upper_back)]
    parts += [*_warnings(report), *_end(report, folder)]
    return Group(*parts)


def terminal_profile(profile: Profile, /) -> RenderableType:
    """What to print for several clips of one lifter."""
    return profile_lines(profile)


def _headline(report: Report) -> Text:
    if report.exercise.id == UNKNOWN:
        return _unknown(report)
    title = report.exercise.variant_title or report.exercise.title
    view = filmed_as(report)
    score = None if report.score is None else f"{report.score:.0f}"
    told = (
        _("{lift}, filmed {view}: {reps}.")
        if score is None
        else _("{lift}, filmed {view}: {reps}, score {score} of 100.")
    )
    told = told.format(lift=title, view=view, reps=how_many(report), score=score)
    text = Text(told, style="bold")
    detected = report.exercise.source == "detected"
    if not report.rep_count:
        other = [_(OTHER_EXERCISE)] if detected else []
        parts = [_("No complete rep was found."), why_none(report), _(FILM_AGAIN), *other]
        said = with_options(" ".join(parts))
        text.append("\n").append(said, style="not bold")
        return text
    scope = score_scope(report)
    text.append("\n").append(" ".join(filter(None, [main_point(report), scope])), style="not bold")
    if report.score is None:
        why = no_score(report.tracking.trust, [w.code for w in report.warnings])
        text.append(f"\n{why}", style="not bold")
    if unsure(report):
        text.append(
            with_options(f"\n{not_sure(report)}"),
            style="not bold",
        )
    return text


def _filming(report: Report) -> Iterator[RenderableType]:
    """What to film otherwise, and that the numbers are to be taken with care."""
    if headline := to_change(report):
        yield plain(headline, "bold")
    for warning in report.warnings:
        if warning.code in ON_TRUST:
            yield plain(warning.message, "bold")


def _by_hand(report: Report) -> Iterator[RenderableType]:
    if told := facts_told(report):
        yield Text(with_options(told))


def _notes(report: Report) -> Iterator[RenderableType]:
    """What the coach noted, in short: all of it is on the page."""
    found = noted(report)
    if found:
        yield _heading(_(NOTES))
    for note in found:
        yield _line(Text(printable(shortened(note_text(note), MOST_OF_NOTE))))


def _unknown(report: Report) -> Text:
    text = Text(_(NOT_RECOGNISED), style="bold")
    if SHORT_SHOTS in [warning.code for warning in report.warnings]:
        return text
    if likely := closest(report):
        text.append(f"\n{likely}", style="not bold")
    ids = ", ".join(sorted(candidate.id for candidate in report.exercise.candidates))
    told = _(
        "If it is one of these, run again with --exercise and its name: {names}.\n"
        "If not, film one whole set from the side, with your whole body in the frame and the "
        "camera still."
    ).format(names=ids)
    text.append(f"\n{told}", style="not bold")
    return text


SECOND = "*"
"""Marks a verdict that a second condition made milder than the value shown."""


def _to_fix(report: Report) -> Iterator[RenderableType]:
    found = faults(report)
    if not found:
        return
    yield _heading(_("What to fix"))
    grid = Table.grid(padding=(0, 1))
    for number, check in enumerate(found, 1):
        text = Text(f"{check.title} ")
        text.append(f"({grade_told(report, check)})", style=STYLES[check.severity])
        text.append(f": {check.message}\n{when(report, check)}")
        grid.add_row(f"{number}.", text)
    yield _line(grid)


def _noticed(report: Report) -> Iterator[RenderableType]:
    """What costs no points: a matter of style or effort."""
    found = noticed(report)
    if found:
        yield _heading(_("Good to know"))
    for check in found:
        yield _line(f"{check.title}: {check.message}")


def _fine(report: Report) -> Iterator[RenderableType]:
    found = fine(report)
    if found:
        yield _heading(_("No fault found"))
        yield _line(", ".join(check.title for check in found))
    alike: dict[str, list[str]] = {}
    for check in found:
        if words := exception(report, check):
            alike.setdefault(lower_first(words), []).append(check.title)
    for words, titles in alike.items():
        yield _line(f"{', '.join(titles)}: {words}")


def _groups(groups: Sequence[Unassessed]) -> Iterator[RenderableType]:
    if groups:
        yield _heading(_("Not assessed"))
    for group in groups:
        yield _line(", ".join(group.titles))
        yield _line(" ".join(filter(None, (group.reason, group.film))), indent=2 * INDENT)


def _in_numbers(report: Report) -> Iterator[RenderableType]:
    """Lean against what the build needs, and speed."""
    lean = [] if report.lean is None else [" ".join(report.lean.sentences)]
    told = None if report.speed is None else report.speed.sentence
    lines = [*lean, *([] if told is None else [told])]
    if lines:
        both = _("Lean and speed") if lean and told else _("Lean")
        yield _heading(both if lean else _("Speed"))
    for line in lines:
        yield _line(line)


def _warnings(report: Report) -> Iterator[RenderableType]:
    told = [w.message for w in report.warnings if w.code not in ("exercise_unknown", *ON_TRUST)]
    if told:
        yield _heading(_("Keep in mind"))
    for message in told:
        yield _line(message)


def _end(report: Report, folder: Path | None) -> Iterator[RenderableType]:
    """What a reader sees who looks at the last lines only."""
    yield _heading(_("In short"))
    for words in in_short(report):
        yield _line(words)
    page = report.files.html
    if folder is not None:
        names = [n for n in ("report.json", *report.files.model_dump().values()) if n]
        others = joined([name for name in names if name != page])
        place = "".join(c if c.isprintable() else "?" for c in str(folder / (page or "")))
        yield _line(_("The page:") if page else _("{files} are in").format(files=others))
        yield Text(f"{' ' * 2 * INDENT}{place}", no_wrap=True, overflow="ignore")
        if page:
            yield _line(_("Beside it: {files}.").format(files=others))
    notice = report.upper_back.notice
    short = page is not None and notice
    yield Text(f"\n{notice if short else report.upper_back.disclaimer}", style="dim")


def _columns(report: Report) -> list[SetCheckPart]:
    """Rules that were judged in at least one repetition."""
    seen = {c.rule for rep in report.reps for c in rep.checks if c.value is not None}
    return [c for c in report.checks if c.rule in seen]


def rep_table(report: Report, width: int) -> Padding:
    """One row per repetition, with as many measurements as fit; the others are named below."""
    columns = _columns(report)
    tempo = [c for c in columns if c.half is not None]
    tempos = [_tempo(report, rep, tempo) for rep in report.reps]
    starts = [clock(rep.start_s) for rep in report.reps]
    heading = _tempo_heading(report)
    first = (len(_("Rep")), max(map(len, starts)), max(len(heading), *map(len, tempos)))
    room = width - INDENT - sum(first) - GAP * len(first)
    measured = [c for c in columns if c not in tempo]
    shown = _most_telling(measured, report, room)
    table = Table(box=None, padding=(0, GAP, 0, 0), header_style="bold", pad_edge=False)
    table.add_column(_("Rep"), justify="right", width=first[0])
    table.add_column(_("Start"), justify="right", width=first[1])
    table.add_column(heading, width=first[2])
    for column in shown:
        table.add_column(column_heading(column), width=_width(column, report))
    for rep, start, times in zip(report.reps, starts, tempos, strict=True):
        table.add_row(
            str(rep.index), start, times, *(_cell(report, rep, column) for column in shown)
        )
    signs = [legend()] if all(rep.counts for rep in report.reps) else [legend(), _(UNCOUNTED)]
    notes = [Text(", ".join(signs), style="dim")]
    if left := [lower_first(c.measures) for c in measured if c not in shown]:
        told = _(LEFT_OUT if report.files.html is None else ON_THE_PAGE)
        notes.append(Text(told.format(measurements=joined(left)), style="dim"))
    return Padding(Group(table, *notes), (1, 0, 0, INDENT))


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
    return max(NARROWEST, *(len(_cell(report, rep, column)) for rep in report.reps))


def _tempo_heading(report: Report) -> str:
    return _("Down / up, s") if starts_down(report) else _("Up / down, s")


def _tempo(report: Report, rep: RepPart, columns: Sequence[SetCheckPart]) -> Text:
    """Times of the two ways, each with its verdict if there is one."""
    text = Text()
    for half, time_s in (("out", rep.turn_s - rep.start_s), ("back", rep.end_s - rep.turn_s)):
        timed, judged = is_timed(time_s), [c for c in columns if c.half == half]
        digits = 1 + any(look_alike(report, column.rule) for column in judged)
        text.append(f"{' / ' if text else ''}{decimal(time_s, digits) if timed else NOT_ASSESSED}")
        for column in judged if timed else ():
            _add_sign(text, _check_of(rep, column.rule))
    return text


def _cell(report: Report, rep: RepPart, column: SetCheckPart) -> Text:
    check = _check_of(rep, column.rule)
    if check is None:
        return Text("-")
    if check.value is None:
        return Text(SIGNS[check.severity])
    finer = look_alike(report, check.rule)
    text = Text(amount(check.value, check.unit, check.error, with_part=False, finer=finer))
    _add_sign(text, check)
    return text


def _add_sign(text: Text, check: RepCheckPart | None) -> None:
    if check is not None:
        mark = "" if check.decided_by is None else SECOND
        text.append(f" {SIGNS[check.severity]}{mark}", style=STYLES.get(check.severity, ""))


def _check_of(rep: RepPart, rule: str) -> RepCheckPart | None:
    return next((c for c in rep.checks if c.rule == rule), None)
