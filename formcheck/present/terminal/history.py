"""An athlete over time as read in a terminal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from formcheck.history.trend import FEWEST
from formcheck.present.terminal import INDENT, Sheet, heading, line
from formcheck.upper_back.summary import finding_words
from formcheck.words import history as words
from formcheck.words.counts import count_cell, count_told
from formcheck.words.language import _
from formcheck.words.quantities import weight
from formcheck.words.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from formcheck.history.model import AthleteHistory, ClipPart, LiftPart, TrendPart
    from formcheck.history.store import AthleteSummary

BLOCKS = "▁▂▃▄▅▆▇█"
GAP = "·"
LONGEST = 12
"""Sessions that a sparkline shows: the latest ones."""
FEW_NOISE = 2.0
"""Noise is taken for this many standard errors where there are too few sessions for a band, or
where the band is wider because the lifter varies: the bars show that."""


def sparkline(values: Sequence[float | None], least_span: float, /) -> str:
    """A row of small bars, one for each value.

    Parameters
    ----------
    values
        None where there is none: a gap.
    least_span
        Values that differ by less than this look flat, so that noise does not look
        like a change.

    >>> sparkline([1, None, 8], 0), sparkline([40, 41], 16)
    ('▁·█', '▄▅')
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    middle = (min(known) + max(known)) / 2
    span = max(max(known) - min(known), least_span, 1e-9)
    steps = len(BLOCKS) - 1
    return "".join(
        GAP if value is None else BLOCKS[round(((value - middle) / span + 0.5) * steps + 1e-6)]
        for value in values
    )


def athlete_table(athletes: Sequence[AthleteSummary], /) -> RenderableType:
    """All athletes, one in each row."""
    if not athletes:
        return Text(_("The history is empty."))
    headings = (_("Athlete"), _("Clips"), _("From, to"), _("Upper back"), _("Lifts"))
    rows = [
        (
            printable(a.name),
            str(a.clips),
            " - ".join(dict.fromkeys(str(moment.date()) for moment in (a.first, a.last))),
            finding_words(a.finding),
            ", ".join(map(_, a.lifts)),
        )
        for a in athletes
    ]
    note = line(_("Upper back: from the latest clip only."))
    return Group(Sheet(headings, rows), Text(""), note)


def terminal_history(found: AthleteHistory, /, *, wide: bool) -> RenderableType:
    """What to print for an athlete."""
    clips = counted(found.clips, "{n} clip", "{n} clips")
    title = f"{printable(found.athlete)}: {clips}"
    parts: list[RenderableType] = [Text(title, style="bold")]
    for lift in found.lifts:
        parts.append(heading(lift.title))
        several = [trend for trend in lift.trends if len(trend.sessions) > 1]
        if _one_session(lift):
            parts += map(line, [*map(_one_line, lift.clips), *lift.notes])
            continue
        parts.append(line(_facts(lift)))
        if several:
            parts.append(_trends(several, wide=wide))
        if why := words.too_few(lift.trends, FEWEST):
            parts.append(line(why))
        parts += [line(f"{label}: {row}") for label, row in _others(lift) if row]
        parts += map(line, lift.notes)
    if not found.lifts:
        parts.append(line(_("No clips of a known exercise in this period.")))
    notes = []
    if found.unknown:
        notes.append(
            counted(
                found.unknown,
                "Not shown: {n} clip of an unknown exercise.",
                "Not shown: {n} clips of an unknown exercise.",
            )
        )
    if any(_by_file(lift) for lift in found.lifts):
        notes.append(_(words.FILE_DATE))
    if any(len(trend.sessions) > LONGEST for lift in found.lifts for trend in lift.trends):
        notes.append(
            _(
                '"Over time" shows the latest {longest} sessions; "First" is the earliest of all.'
            ).format(longest=LONGEST)
        )
    one_session = all(_one_session(lift) for lift in found.lifts)
    notes += [_(words.METHOD)] * (not one_session)
    notes += [words.not_yet(FEWEST)] * (not found.tests)
    notes += [_(words.CAUTION)] * (not one_session)
    return Group(*parts, heading(_("How to read it")), *map(line, notes))


def _by_file(lift: LiftPart) -> int:
    return sum(clip.date_source == "file" for clip in lift.clips)


def _facts(lift: LiftPart) -> str:
    own = _by_file(lift)
    if not own:
        return lift.facts
    told = (
        _("{facts} (dates of the files{mark})")
        if own == len(lift.clips)
        else _("{facts} ({n} dates of the files{mark})")
    )
    return told.format(facts=lift.facts, n=own, mark=words.FILE_MARK)


def _others(lift: LiftPart) -> list[tuple[str, str]]:
    """What is shown over time without a test."""
    reps = [count_cell(clip.rep_count, clip.count_range) for clip in lift.clips[-LONGEST:]]
    scores = [words.score_words(clip) for clip in lift.clips[-LONGEST:]]
    own = [finding_words(clip.finding) for clip in lift.clips]
    before = [told for told in dict.fromkeys(own[:-1]) if told != own[-1]]
    back = own[-1]
    if before:
        told = _("{finding} (before: {findings})")
        back = told.format(finding=own[-1], findings=", ".join(before))
    return [
        (_("Reps"), ", ".join(reps)),
        (_("Scores"), ", ".join(scores) if set(scores) != {"-"} else ""),
        (_("Upper back, clip by clip"), back),
    ]


def _one_session(lift: LiftPart) -> bool:
    return len({clip.recorded_at[:10] for clip in lift.clips}) == 1


def _one_line(clip: ClipPart) -> str:
    """A clip of the only session: nothing to compare, so only what it came to."""
    day = words.day_words(datetime.fromisoformat(clip.recorded_at).date(), year=True)
    mark = words.FILE_MARK if clip.date_source == "file" else ""
    load = [] if clip.load_kg is None else [weight(clip.load_kg)]
    score = _("score {score}").format(score=words.score_words(clip))
    told = [
        count_told(clip.rep_count, clip.count_range),
        *load,
        _("no score") if clip.score is None else score,
        _("upper back, this clip only: {finding}").format(finding=finding_words(clip.finding)),
    ]
    return f"{day}{mark}: {', '.join(told)}."


def _trends(trends: Sequence[TrendPart], *, wide: bool) -> Padding:
    days = sorted({session.day for trend in trends for session in trend.sessions})
    over_time = [_("Over time")] if wide else []
    headings = (_("Measurement"), _("First"), _("Latest"), *over_time, _("Verdict"))
    rows = [
        (
            trend.heading,
            *(words.session_words(trend, which) for which in (0, -1)),
            *([_bars(trend, days[-LONGEST:])] if wide else []),
            "" if trend.band is None else trend.verdict,
        )
        for trend in trends
    ]
    changed = [bool(trend.changes) for trend in trends]
    return Padding(Sheet(headings, rows, changed), (1, 0, 1, INDENT))


def _bars(trend: TrendPart, days: Sequence[str]) -> str:
    values = {session.day: session.value for session in trend.sessions}
    noise = FEW_NOISE * max(session.error for session in trend.sessions)
    least = 2 * (noise if trend.band is None else min(noise, trend.band))
    return sparkline([values.get(day) for day in days], least)
