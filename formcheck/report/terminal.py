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

from formcheck.pipeline import UNKNOWN
from formcheck.report.lines import INDENT
from formcheck.report.lines import heading as _heading
from formcheck.report.lines import line as _line
from formcheck.report.terminal_upper_back import posture_lines, profile_lines, upper_back_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from formcheck.report.model import (
        Profile,
        RepCheckPart,
        Report,
        RepPart,
        SetCheckPart,
    )

FAULTS = ("severe", "moderate", "mild")
SIGNS = {"ok": "ok", "mild": "!", "moderate": "!!", "severe": "!!!", "not_assessed": "?"}
STYLES = {"ok": "green", "mild": "yellow", "moderate": "bold yellow", "severe": "bold red"}
LEGEND = "ok = fine, ! = mild, !! = moderate, !!! = severe, ? = cannot tell"
VIEWS = {
    "side_left": "from the left side",
    "side_right": "from the right side",
    "front": "from the front",
    "back": "from the back",
    "oblique_front": "at an angle from the front",
    "oblique_back": "at an angle from the back",
    "unknown": "from an unclear direction",
}
KINDS = {
    "partial": "is partial (it counts)",
    "failed": "failed (it does not count)",
    "invalid": "is not a repetition of this exercise (it does not count)",
}
NO_SCORE = "\nNo score: too few of the key points could be judged."
GAP = 2
NARROWEST = 11
"""Characters that a measurement's heading needs at least."""
UNSURE = 0.7
"""Below this confidence in the exercise, how to name it is said."""
PLAIN_UNITS = ("deg", "s", "ratio")
"""The others are lengths of a body part."""


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
    parts: list[RenderableType] = [_headline(report)]
    if known and report.reps:
        parts += [_table(report, width), *_notes(report)]
    if known and report.rep_count:
        parts += [
            *_to_fix(report),
            *_noticed(report),
            *_fine(report),
            *_unclear(report),
            *_in_numbers(report),
            *upper_back_lines(report.upper_back),
        ]
    else:
        parts += posture_lines(report.upper_back)
    parts += [*_warnings(report), *_end(report, folder)]
    return Group(*parts)


def terminal_profile(profile: Profile, /) -> RenderableType:
    """What to print for several clips of one lifter."""
    return profile_lines(profile, VIEWS)


def _headline(report: Report) -> Text:
    if report.exercise.id == UNKNOWN:
        return _unknown(report)
    title = report.exercise.variant_title or report.exercise.title
    view = VIEWS[report.view.label]
    text = Text(f"{title}, filmed {view}: {count(report.rep_count, 'rep')}", style="bold")
    if not report.rep_count:
        text.append(".\n").append(
            "No complete repetition was found. Film one whole set, with the whole body in the "
            "picture and the camera still; if it is another exercise, name it with --exercise.",
            style="not bold",
        )
        return text
    text.append("." if report.score is None else f", score {report.score:.0f} of 100.")
    text.append("\n").append(_main_point(report), style="not bold")
    if report.score is None:
        text.append(NO_SCORE, style="not bold")
    if report.exercise.source == "detected" and report.exercise.confidence < UNSURE:
        text.append(
            f"\nNot sure that this is a {report.exercise.title.lower()}: "
            "if not, name it with --exercise.",
            style="not bold",
        )
    return text


def _main_point(report: Report) -> str:
    faults, judged = _faults(report), sum(c.severity != "not_assessed" for c in report.checks)
    if faults:
        return f"Main thing to fix: {lower_first(faults[0].message)}"
    if judged:
        return f"Nothing to fix in the {count(judged, 'point')} that could be judged."
    return "None of the points could be judged from this clip."


def _unknown(report: Report) -> Text:
    text = Text("The exercise was not recognised, so nothing was counted or scored.", style="bold")
    likely = [c for c in report.exercise.candidates if c.score > 0]
    if likely:
        names = ", ".join(f"{c.id} ({c.score:.0%} match)" for c in likely[:3])
        text.append(f"\nClosest: {names}.", style="not bold")
    ids = ", ".join(sorted(candidate.id for candidate in report.exercise.candidates))
    text.append(
        f"\nIf it is one of these, run again with --exercise and its name: {ids}.\n"
        "Otherwise film one whole set, from the side, with the whole body in the picture and "
        "the camera still.",
        style="not bold",
    )
    return text


def _heading_of(check: SetCheckPart) -> str:
    plain = check.unit in PLAIN_UNITS
    return check.measures if plain else f"{check.measures}, of {check.unit}"


def _columns(report: Report) -> list[SetCheckPart]:
    """Rules that were judged in at least one repetition."""
    seen = {c.rule for rep in report.reps for c in rep.checks if c.value is not None}
    return [c for c in report.checks if c.rule in seen]


def _table(report: Report, width: int) -> Padding:
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
        table.add_column(_heading_of(column), width=_width(column, report))
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
    down_first = report.reps[0].phases[0].name == "descent"
    return "Down / up, s" if down_first else "Up / down, s"


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


def _notes(report: Report) -> Iterator[RenderableType]:
    """Why a repetition is not a full one."""
    for rep in report.reps:
        if rep.kind in KINDS:
            reason = f": {rep.reason}" if rep.reason else ""
            yield _line(f"Rep {rep.index} {KINDS[rep.kind]}{reason}.")


def _faults(report: Report) -> list[SetCheckPart]:
    """Flagged rules, the worst first, then by weight."""
    flagged = [c for c in report.checks if c.severity in FAULTS and c.weight > 0]
    return sorted(flagged, key=lambda c: (FAULTS.index(c.severity), -c.weight))


def _to_fix(report: Report) -> Iterator[RenderableType]:
    faults = _faults(report)
    if not faults:
        return
    yield _heading("What to fix")
    grid = Table.grid(padding=(0, 1))
    for number, check in enumerate(faults, 1):
        text = Text(f"{check.title} ")
        text.append(f"({check.severity})", style=STYLES[check.severity])
        text.append(f": {check.message}\n{_when(report, check)}")
        grid.add_row(f"{number}.", text)
    yield _line(grid)


def _when(report: Report, check: SetCheckPart) -> str:
    """Which repetitions show a fault, and the number of the worst with its moment."""
    reps = _numbers(check.reps_flagged, report.rep_count)
    worst = _worst(report, check)
    if worst is None or worst.value is None:
        return f"{reps}: {_change(check)}."
    rep = next(r for r in report.reps if worst in r.checks)
    at_s = rep.turn_s if worst.at_s is None else worst.at_s
    word = {"low": "or less", "high": "or more", "zero": "or less, to either side"}[check.better]
    most = f", most in rep {rep.index}" if len(check.reps_flagged) > 1 else ""
    return (
        f"{reps}{most} at {clock(at_s)}: "
        f"{lower_first(check.measures)} "
        f"{amount(worst.value, worst.unit, worst.error)} "
        f"(aim for {amount(worst.limits.mild, worst.unit, with_part=False)} {word})."
    )


def _change(check: SetCheckPart) -> str:
    """How a measurement changed over the set."""
    if check.value is None:
        return lower_first(check.measures)
    size = amount(abs(check.value), check.unit, check.error)
    way = "more" if check.over_set == "growth" and check.value > 0 else "less"
    than = "in the best repetition" if check.over_set == "fall" else "at the start of the set"
    return f"{lower_first(check.measures)} {size} {way} than {than}"


def _worst(report: Report, check: SetCheckPart) -> RepCheckPart | None:
    worse = {"low": float, "high": lambda value: -value, "zero": abs}[check.better]
    own = [
        c
        for rep in report.reps
        for c in rep.checks
        if c.rule == check.rule and c.severity in FAULTS and c.value is not None
    ]
    return max(own, key=lambda c: worse(c.value or 0.0), default=None)


def _noticed(report: Report) -> Iterator[RenderableType]:
    """What costs no points: a matter of style or effort."""
    noticed = [c for c in report.checks if c.severity in FAULTS and c.weight == 0]
    if noticed:
        yield _heading("For information")
    for check in noticed:
        yield _line(f"{check.title}: {check.message}")


def _fine(report: Report) -> Iterator[RenderableType]:
    fine = [c.title for c in report.checks if c.severity == "ok" and c.weight > 0]
    if fine:
        yield _heading("Checked, no fault found")
        yield _line(", ".join(fine))


def _unclear(report: Report) -> Iterator[RenderableType]:
    """Points without a verdict; the same reason is said once."""
    reasons: dict[str, list[str]] = {}
    for check in report.checks:
        if check.severity == "not_assessed" and check.weight > 0:
            reason = check.reason or "not measured"
            told = any(word in reason for word in ("film", "close to call", "needs"))
            if check.film and not told:
                reason = f"{reason}; {check.film}"
            reasons.setdefault(reason, []).append(check.title)
    if reasons:
        yield _heading("Could not tell")
    for reason, titles in reasons.items():
        yield _line(", ".join(titles))
        yield _line(f"{reason[:1].upper()}{reason[1:]}.", indent=2 * INDENT)


def _in_numbers(report: Report) -> Iterator[RenderableType]:
    """Lean against what the build needs, and speed."""
    lines = [] if report.lean is None else [" ".join(report.lean.sentences)]
    if report.speed is not None and report.speed.sentence is not None:
        lines.append(report.speed.sentence)
    if lines:
        yield _heading("Lean and speed" if report.lean is not None else "Speed")
    for line in lines:
        yield _line(line)


def _warnings(report: Report) -> Iterator[RenderableType]:
    told = [w.message for w in report.warnings if w.code != "exercise_unknown"]
    if told:
        yield _heading("Keep in mind")
    for message in told:
        yield _line(message)


def _end(report: Report, folder: Path | None) -> Iterator[RenderableType]:
    if folder is not None:
        names = [n for n in ("report.json", *report.files.model_dump().values()) if n]
        yield Text(f"\n{joined(names)} written to")
        place = "".join(c if c.isprintable() else "?" for c in str(folder))
        yield Text(f"  {place}", no_wrap=True, overflow="ignore")
    yield Text(f"\n{report.upper_back.disclaimer}", style="dim")


def count(number: int, noun: str, /) -> str:
    """A number with its noun.

    >>> count(1, "rep"), count(3, "rep")
    ('1 rep', '3 reps')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def clock(t_s: float, /) -> str:
    """A time of the clip as players show it, with tenths.

    >>> clock(72.345)
    '1:12.3'
    """
    minutes, tenths = divmod(round(t_s * 10), 600)
    return f"{minutes}:{tenths / 10:04.1f}"


def amount(value: float, unit: str, error: float | None = None, *, with_part: bool = True) -> str:
    """A measurement with its error, in digits that mean something.

    Lengths are told as a share of the body part that is their unit.

    >>> amount(52.3, "deg", 4.96), amount(0.68, "s", 0.08)
    ('52° ±5', '0.7 s ±0.1')
    >>> amount(0.1288, "foot", 0.03), amount(-0.052, "ratio")
    ('13% ±3 of foot length', '-5%')
    """
    if unit == "s":
        number, sign, digits, least = value, " s", 1, 0.1
    elif unit == "deg":
        number, sign, digits, least = value, "°", 0, 1.0
    else:
        number, sign, digits, least = value * 100, "%", 0, 1.0
    text = f"{number:z.{digits}f}{sign}"
    if error is not None:
        error = error * 100 if sign == "%" else error
        text += f" ±{max(least, error):.{digits}f}"
    return text if unit in PLAIN_UNITS or not with_part else f"{text} of {unit} length"


def joined(words: Sequence[str], /) -> str:
    """Words as a list in a sentence.

    >>> joined(["Depth", "Heels down", "Descent"])
    'Depth, Heels down and Descent'
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def lower_first(sentence: str, /) -> str:
    """A sentence to follow a colon.

    >>> lower_first("Get your chin over the bar.")
    'get your chin over the bar.'
    """
    return sentence[:1].lower() + sentence[1:]


def _numbers(reps: Sequence[int], total: int) -> str:
    """Repetition numbers, runs shortened.

    >>> _numbers([1, 2, 3, 6], 9), _numbers([1, 2], 2)
    ('Reps 1 to 3 and 6 of 9', 'Both reps')
    """
    if len(reps) == total > 1:
        return f"All {total} reps" if total > 2 else "Both reps"
    runs: list[list[int]] = []
    for number in sorted(reps):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = []
    for run in runs:
        parts += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(n) for n in run]
    return f"{'Rep' if len(reps) == 1 else 'Reps'} {joined(parts)} of {total}"
