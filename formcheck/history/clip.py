"""What the history keeps of one clip, and when it was recorded."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from formcheck.errors import UsageError, VideoError
from formcheck.kinematics.belief import Trust
from formcheck.report.files import clip_places
from formcheck.reps.engine import RepKind
from formcheck.video import file_sha256
from formcheck.video.container import in_future
from formcheck.words.text import readable

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from formcheck.report.model import Report, RepPart, SetCheckPart

DateSource = Literal["container", "file", "told"]


@dataclass(frozen=True)
class Recorded:
    """The moment of recording.

    Attributes
    ----------
    moment
        With its time zone.
    source
        Who says so: the video's container, the file's time of change (which copying
        may have moved), or the user.
    """

    moment: datetime
    source: DateSource

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            raise ValueError("expected a moment with its time zone")

    @property
    def day(self) -> date:
        """The day where it was recorded."""
        return self.moment.date()


def told_date(text: str, /) -> Recorded:
    """What ``--date`` says: a day or a moment, local time unless it names a zone.

    Raises
    ------
    UsageError
        If it is neither, or lies in the future.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        zoned = moment if moment.tzinfo is not None else moment.astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"--date: expected a date such as 2026-03-01, got {text!r}.") from error
    if in_future(zoned):
        raise UsageError(f"--date: {text.strip()} is still to come; when was it recorded?")
    return Recorded(zoned, "told")


def recorded_of(report: Report, file: Path | None = None, /) -> Recorded | None:
    """When the clip of a report was recorded.

    By its container; else by the time of the clip's file, if that is still where the report
    says, or beside the report, and has the same content; else None. A moment that is still
    to come is none.

    Parameters
    ----------
    report
        The report.
    file
        Where it was read from.

    Raises
    ------
    UsageError
        If what the report says is no moment with a time zone.
    """
    told = report.video.recorded_at
    if told is not None:
        try:
            recorded = Recorded(datetime.fromisoformat(told), "container")
        except ValueError as error:
            raise UsageError(
                f"recorded_at in a report: expected a moment with its time zone, got {told!r}."
            ) from error
        if not in_future(recorded.moment):
            return recorded
    for clip in clip_places(report, file):
        with suppress(OSError, ValueError, VideoError):
            if file_sha256(clip) == report.video.sha256:
                changed = datetime.fromtimestamp(clip.stat().st_mtime).astimezone()
                return None if in_future(changed) else Recorded(changed, "file")
    return None


@dataclass(frozen=True)
class Value:
    """A measurement of one repetition; `kind` is the repetition's, as in the report."""

    rep: int
    kind: str
    name: str
    value: float | None
    unit: str
    error: float | None
    valid: bool

    def __post_init__(self) -> None:
        RepKind(self.kind)  # an unknown one is an error here, not where it is compared

    @property
    def usable(self) -> bool:
        """Whether it may be compared with other clips'."""
        return self.valid and None not in (self.value, self.error) and RepKind(self.kind).counts


@dataclass(frozen=True)
class Verdict:
    """The verdict of one rule on a set, with what the rule says of its measurement.

    `views` are the view classes that the rule allows, with commas between them.
    """

    rule: str
    title: str
    measurement: str
    measures: str
    better: str
    over_set: str | None
    views: str
    severity: str
    value: float | None
    unit: str
    error: float | None
    mild: float
    moderate: float
    severe: float


@dataclass(frozen=True)
class ClipFacts:
    """One clip, or a part of one, as it was last measured.

    Attributes
    ----------
    video_sha256, start_s, end_s
        Which part of which file; `end_s` is None for up to its end.
    exercise, title, variant, variant_title, view, score, rep_count, finding
        As in the report; `finding` is that of the upper back.
    count_low, count_high
        How many repetitions there may be; None where it is not known.
    trust
        How far its tracking can be relied on, as in the report; None where it is not known.
    formcheck, model_sha256, rules_sha256
        What measured it.
    bar, load_kg
        What was told; None where nothing was.
    path
        The clip, as it was named.
    result
        Folder of its results, as it was told; None if unknown.
    """

    video_sha256: str
    start_s: float
    end_s: float | None
    exercise: str
    title: str
    variant: str | None
    variant_title: str | None
    view: str
    score: float | None
    rep_count: int
    count_low: int | None
    count_high: int | None
    finding: str
    trust: Trust | None
    formcheck: str
    model_sha256: str
    rules_sha256: str
    bar: str | None
    load_kg: float | None
    path: str
    result: str | None

    def __post_init__(self) -> None:
        if self.trust is not None:
            Trust(self.trust)

    @property
    def count_range(self) -> tuple[int, int] | None:
        """Fewest and most repetitions that there may be; None where it is not known."""
        if self.count_low is None or self.count_high is None:
            return None
        return self.count_low, self.count_high


@dataclass(frozen=True)
class Clip:
    """A clip of an athlete with everything that was measured."""

    athlete: str
    recorded: Recorded
    facts: ClipFacts
    values: tuple[Value, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def reliable(self) -> bool:
        """Whether it may make a trend; one of an earlier version, of unknown trust, may."""
        return self.facts.trust != Trust.POOR


def clip_of(athlete: str, report: Report, recorded: Recorded, result: str | None, /) -> Clip:
    """What the history keeps of a report."""
    made, settings = report.formcheck, report.formcheck.settings
    low, high = report.count_range or (None, None)
    return Clip(
        athlete,
        recorded,
        ClipFacts(
            video_sha256=report.video.sha256,
            start_s=float(settings.get("start_s") or 0.0),
            end_s=_seconds(settings.get("end_s")),
            exercise=report.exercise.id,
            title=report.exercise.title,
            variant=report.exercise.variant,
            variant_title=report.exercise.variant_title,
            view=report.view.label,
            score=report.score,
            rep_count=report.rep_count,
            count_low=low,
            count_high=high,
            finding=report.upper_back.finding,
            trust=report.tracking.trust,
            formcheck=made.version,
            model_sha256=made.model.sha256,
            rules_sha256=made.rules_sha256,
            bar=None if settings.get("bar") is None else str(settings["bar"]),
            load_kg=settings.get("load_kg"),
            path=readable(report.video.path),
            result=None if result is None else readable(result),
        ),
        tuple(value for rep in report.reps for value in _values(rep)),
        tuple(_verdict(check) for check in report.checks),
    )


def _seconds(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _values(rep: RepPart) -> list[Value]:
    return [
        Value(rep.index, rep.kind, name, m.value, m.unit, m.error, m.valid)
        for name, m in rep.measurements.items()
    ]


def _verdict(check: SetCheckPart) -> Verdict:
    return Verdict(
        check.rule,
        check.title,
        check.measurement,
        check.measures or check.title,
        check.better,
        check.over_set,
        ",".join(check.needs_view),
        check.severity,
        check.value,
        check.unit,
        check.error,
        check.limits.mild,
        check.limits.moderate,
        check.limits.severe,
    )
