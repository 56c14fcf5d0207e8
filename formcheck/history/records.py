"""What the history keeps of one clip."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.reps.kind import RepKind
from formcheck.words.text import readable

if TYPE_CHECKING:
    from formcheck.history.recorded import Recorded
    from formcheck.report.model import Report, RepPart, SetCheckPart


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
    finding: str
    formcheck: str
    model_sha256: str
    rules_sha256: str
    bar: str | None
    load_kg: float | None
    path: str
    result: str | None


@dataclass(frozen=True)
class Clip:
    """A clip of an athlete with everything that was measured."""

    athlete: str
    recorded: Recorded
    facts: ClipFacts
    values: tuple[Value, ...]
    verdicts: tuple[Verdict, ...]


def clip_of(athlete: str, report: Report, recorded: Recorded, result: str | None, /) -> Clip:
    """What the history keeps of a report."""
    made, settings = report.formcheck, report.formcheck.settings
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
            finding=report.upper_back.finding,
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
