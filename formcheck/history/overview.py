"""Put an athlete's clips together: comparable lifts, trends, and what to note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck import __version__
from formcheck.analysis import UNKNOWN
from formcheck.errors import UsageError
from formcheck.history.lifts import (
    comparable_lifts,
    judged_series,
    measurement_names,
    named_series,
    told_weights,
)
from formcheck.history.load import HEAVIER, load_part
from formcheck.history.model import (
    AthleteHistory,
    ChangePart,
    ClipPart,
    LiftPart,
    PointPart,
    SessionPart,
    TrendPart,
)
from formcheck.history.trend import FEWEST, LEVEL, QUESTIONS, judge_family, one_a_day
from formcheck.report.build_upper_back import number
from formcheck.report.model import LimitsPart
from formcheck.words import history as words
from formcheck.words.language import _, plural
from formcheck.words.quantities import weight
from formcheck.words.terms import BARS, GROUPS
from formcheck.words.text import counted, in_small, joined
from formcheck.words.tracking import SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from formcheck.history.clip import Clip, Verdict
    from formcheck.history.lifts import Lift, Series
    from formcheck.history.model import Direction, LoadPart
    from formcheck.history.trend import Change, Trend

DIGITS = 4


def athlete_history(
    athlete: str, clips: Sequence[Clip], /, *, measurements: Iterable[str] = ()
) -> AthleteHistory:
    """One athlete over time.

    All series of all lifts share one level: the more is looked at, the larger a change
    has to be.

    Parameters
    ----------
    athlete
        The name to show.
    clips
        The athlete's clips.
    measurements
        What to look at beyond what the rules judge.

    Raises
    ------
    UsageError
        If no clip has a measurement that was asked for.
    """
    wanted = tuple(dict.fromkeys(measurements))
    known = measurement_names(clips)
    for name in wanted:
        if name not in known:
            raise UsageError(
                f"--measurement: no clip has {name!r}; known are {', '.join(known) or 'none'}."
            )
    lifts = comparable_lifts(clips)
    series = [_series(lift, wanted) for lift in lifts]
    family = [one_a_day(found.sessions) for own in series for found in own]
    judged = iter(judge_family(family))
    return AthleteHistory(
        formcheck=__version__,
        athlete=athlete,
        clips=len(clips),
        level=LEVEL,
        tests=QUESTIONS * sum(len(sessions) >= FEWEST for sessions in family),
        lifts=[
            _lift(lift, [_trend(lift, found, next(judged)) for found in own])
            for lift, own in zip(lifts, series, strict=True)
        ],
        unknown=sum(clip.facts.exercise == UNKNOWN for clip in clips),
    )


def _series(lift: Lift, wanted: Sequence[str]) -> list[Series]:
    found = judged_series(lift)
    names = {series.name for series in found}
    extra = [named_series(lift, name) for name in wanted if name not in names]
    return found + [series for series in extra if series.sessions]


def _lift(lift: Lift, trends: list[TrendPart]) -> LiftPart:
    key = lift.key
    days = {clip.recorded.day for clip in lift.clips}
    first, last = lift.clips[0].recorded.day, lift.clips[-1].recorded.day
    clips = [_clip(clip) for clip in lift.clips]
    load = load_part(key.exercise, clips, trends)
    return LiftPart(
        exercise=key.exercise,
        variant=key.variant,
        bar=key.bar,
        view=key.view_class,
        title=_title(lift),
        facts=_("{clips} in {sessions}, {days}").format(
            clips=counted(len(lift.clips), "{n} clip", "{n} clips"),
            sessions=counted(len(days), "{n} session", "{n} sessions"),
            days=words.span_words(first, last),
        ),
        clips=clips,
        trends=sorted(trends, key=_rank),
        notes=_notes(lift, load),
        load=load,
    )


def _variants(lift: Lift) -> list[str]:
    """Titles of the variants that were recognised, each once."""
    titles = (clip.facts.variant_title for clip in lift.clips)
    return list(dict.fromkeys(title for title in titles if title))


def _title(lift: Lift) -> str:
    key, latest = lift.key, lift.clips[-1].facts
    variants = _variants(lift)
    title = _(variants[0] if len(variants) == 1 else latest.title)
    view = _(GROUPS[key.view_class])
    if key.bar is not None and key.bar in BARS:
        told = _("{lift}, {bar}, filmed {view}")
        return told.format(lift=title, bar=_(BARS[key.bar]), view=view)
    return _("{lift}, filmed {view}").format(lift=title, view=view)


def _clip(clip: Clip) -> ClipPart:
    facts = clip.facts
    return ClipPart(
        recorded_at=clip.recorded.moment.isoformat(timespec="seconds"),
        date_source=clip.recorded.source,
        path=facts.path,
        result=facts.result,
        view=facts.view,
        score=facts.score,
        trust=facts.trust,
        rep_count=facts.rep_count,
        count_range=facts.count_range,
        finding=facts.finding,
        load_kg=facts.load_kg,
    )


def _rank(trend: TrendPart) -> tuple[bool, bool]:
    """Changes first, what has too few sessions last."""
    return not trend.changes, trend.band is None


def _trend(lift: Lift, series: Series, trend: Trend) -> TrendPart:
    rule = series.rule
    called = sorted(
        (c for c in trend.changes if c.called), key=lambda c: abs(c.size) / c.needed, reverse=True
    )
    latest = next((c for c in trend.changes if c.kind == "latest"), None)
    part = TrendPart(
        name=series.name,
        heading=words.heading_words(series.heading, series.unit),
        unit=series.unit,
        better=None if rule is None else _better(rule),
        limits=None
        if rule is None
        else LimitsPart(mild=rule.mild, moderate=rule.moderate, severe=rule.severe),
        points=[
            PointPart(clip=lift.clips.index(clip), value=_round(s.value), error=_round(s.error))
            for clip, s in zip(series.clips, series.sessions, strict=True)
        ],
        sessions=[
            SessionPart(day=s.day.isoformat(), value=_round(s.value), error=_round(s.error))
            for s in trend.sessions
        ],
        centre=None if trend.centre is None else _round(trend.centre),
        band=None if trend.band is None else _round(trend.band),
        band_from=None if latest is None else latest.basis,
        line=None if trend.line is None else [_round(value) for value in trend.line],
        changes=[_change(change, trend, rule) for change in called],
        verdict="",
    )
    return part.model_copy(update={"verdict": words.verdict(part, FEWEST)})


def _round(value: float) -> float:
    return number(value, DIGITS) or 0.0


def _better(rule: Verdict) -> Literal["low", "high", "zero"]:
    return "low" if rule.better == "low" else "high" if rule.better == "high" else "zero"


def _change(change: Change, trend: Trend, rule: Verdict | None) -> ChangePart:
    before, after = trend.line or (0.0, 0.0)
    if change.kind == "latest":
        before, after = trend.centre or 0.0, trend.sessions[-1].value
    return ChangePart(
        kind=change.kind,
        size=_round(change.size),
        error=_round(change.error),
        needed=_round(change.needed),
        since=change.since.isoformat(),
        direction=direction(before, after, rule),
    )


def direction(before: float, after: float, rule: Verdict | None, /) -> Direction:
    """Which way a change goes: better or worse only where it is beyond the first limit.

    Within the limits more or less of something is no merit: a squat that was deep enough
    does not improve by getting deeper.
    """
    if rule is not None:
        beyond = [_beyond(value, rule) for value in (before, after)]
        if beyond[0] != beyond[1]:
            return "better" if beyond[1] < beyond[0] else "worse"
    return "more" if after > before else "less"


def _beyond(value: float, rule: Verdict) -> float:
    """How far a value lies on the bad side of the rule's first limit; 0 on the good one."""
    if rule.better == "high":
        return max(0.0, rule.mild - value)
    return max(0.0, (abs(value) if rule.better == "zero" else value) - rule.mild)


def _notes(lift: Lift, load: LoadPart | None) -> list[str]:
    notes = [] if load is None else [load.message]
    if lift.outdated:
        notes.append(
            counted(
                len(lift.outdated),
                "Left out: {n} clip measured with another version of formcheck or another pose "
                "model. Analyse and add them again to compare.",
                "Left out: {n} clips measured with another version of formcheck or another pose "
                "model. Analyse and add them again to compare.",
            )
        )
    if len(variants := _variants(lift)) > 1:
        told = _(
            "Seen here: {variants}. They are taken together, because the camera alone can't tell "
            "them apart for sure; tell formcheck where you hold the weight to keep them apart."
        )
        notes.append(told.format(variants=joined([in_small(_(title)) for title in variants])))
    poor = sum(not clip.reliable for clip in lift.clips)
    if poor:
        told = plural(
            "Not in the trends: {n} clip marked {sign}, in which too little of you was seen well "
            "enough to rely on the numbers.",
            "Not in the trends: {n} clips marked {sign}, in which too little of you was seen well "
            "enough to rely on the numbers.",
            poor,
        )
        notes.append(told.format(n=poor, sign=SIGNS["poor"]))
    weights = told_weights(lift)
    if load is None and weights and weights[-1] > HEAVIER * weights[0]:
        notes.append(
            _(
                "The weight ranged from {lightest} to {heaviest}, which can cause a change too."
            ).format(lightest=weight(weights[0]), heaviest=weight(weights[-1]))
        )
    views = {clip.facts.view for clip in lift.clips}
    if len(views) > 1:
        notes.append(
            _("Filmed from both sides: your left and right side may differ.")
            if lift.key.view_class == "side"
            else _("Filmed from the front and from behind: your left and right side may differ.")
        )
    return notes
