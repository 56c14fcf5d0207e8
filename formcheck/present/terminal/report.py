"""The report as a lifter reads it in a terminal.

Built from the report alone. Verdicts are words ("ok", "mild"), never only
colours; nothing is rich markup, so that file names may hold any character.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from formcheck.analysis import UNKNOWN
from formcheck.present.terminal.lines import INDENT
from formcheck.present.terminal.lines import heading as _heading
from formcheck.present.terminal.lines import line as _line
from formcheck.present.terminal.reps import STYLES, rep_table
from formcheck.present.terminal.upper_back import posture_lines, profile_lines, upper_back_lines
from formcheck.report.reading import faults, fine, main_point, noticed, unassessed, unsure, when
from formcheck.words.reps import FILM_AGAIN, OTHER_EXERCISE, REP_KINDS
from formcheck.words.text import count, joined, some
from formcheck.words.views import filmed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import RenderableType

    from formcheck.report.model import (
        Profile,
        Report,
    )

NO_SCORE = "\nNo score: too few of the key points could be judged."


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
        parts += [rep_table(report, width), *_notes(report)]
    if known and report.rep_count:
        parts += [
            *_to_fix(report),
            *_noticed(report),
            *_fine(report),
            *_unassessed(report),
            *_in_numbers(report),
            *upper_back_lines(report.upper_back),
        ]
    else:
        parts += posture_lines(report.upper_back)
    parts += [*_warnings(report), *_end(report, folder)]
    return Group(*parts)


def terminal_profile(profile: Profile, /) -> RenderableType:
    """What to print for several clips of one lifter."""
    return profile_lines(profile)


def _headline(report: Report) -> Text:
    if report.exercise.id == UNKNOWN:
        return _unknown(report)
    title = report.exercise.variant_title or report.exercise.title
    view = filmed(report.view.label)
    text = Text(f"{title}, filmed {view}: {count(report.rep_count, 'rep')}", style="bold")
    detected = report.exercise.source == "detected"
    if not report.rep_count:
        text.append(".\n").append(
            f"No complete rep was found. {FILM_AGAIN}{OTHER_EXERCISE if detected else ''}",
            style="not bold",
        )
        return text
    text.append("." if report.score is None else f", score {report.score:.0f} of 100.")
    text.append("\n").append(main_point(report), style="not bold")
    if report.score is None:
        text.append(NO_SCORE, style="not bold")
    if unsure(report):
        text.append(
            f"\nNot sure this is {some(report.exercise.title)}: "
            "if it isn't, name the exercise with --exercise.",
            style="not bold",
        )
    return text


def _unknown(report: Report) -> Text:
    text = Text("Exercise not recognised, so nothing was counted or scored.", style="bold")
    likely = [c for c in report.exercise.candidates if c.score > 0]
    if likely:
        names = ", ".join(f"{c.id} ({c.score:.0%} match)" for c in likely[:3])
        text.append(f"\nClosest: {names}.", style="not bold")
    ids = ", ".join(sorted(candidate.id for candidate in report.exercise.candidates))
    text.append(
        f"\nIf it is one of these, run again with --exercise and its name: {ids}.\n"
        "If not, film one whole set from the side, with your whole body in the frame and the "
        "camera still.",
        style="not bold",
    )
    return text


def _notes(report: Report) -> Iterator[RenderableType]:
    """Why a repetition is not a full one."""
    for rep in report.reps:
        if rep.kind in REP_KINDS:
            reason = f": {rep.reason}" if rep.reason else ""
            yield _line(f"Rep {rep.index} {REP_KINDS[rep.kind]}{reason}.")


def _to_fix(report: Report) -> Iterator[RenderableType]:
    found = faults(report)
    if not found:
        return
    yield _heading("What to fix")
    grid = Table.grid(padding=(0, 1))
    for number, check in enumerate(found, 1):
        text = Text(f"{check.title} ")
        text.append(f"({check.severity})", style=STYLES[check.severity])
        text.append(f": {check.message}\n{when(report, check)}")
        grid.add_row(f"{number}.", text)
    yield _line(grid)


def _noticed(report: Report) -> Iterator[RenderableType]:
    """What costs no points: a matter of style or effort."""
    found = noticed(report)
    if found:
        yield _heading("Good to know")
    for check in found:
        yield _line(f"{check.title}: {check.message}")


def _fine(report: Report) -> Iterator[RenderableType]:
    titles = [check.title for check in fine(report)]
    if titles:
        yield _heading("No fault found")
        yield _line(", ".join(titles))


def _unassessed(report: Report) -> Iterator[RenderableType]:
    groups = unassessed(report)
    if groups:
        yield _heading("Not assessed")
    for group in groups:
        yield _line(", ".join(group.titles))
        yield _line(" ".join(filter(None, (group.reason, group.film))), indent=2 * INDENT)


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
