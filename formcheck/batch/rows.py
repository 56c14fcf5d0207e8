"""The rows of a clip in the summary, as its record keeps them.

A row has a value for a column or does not name it. `formcheck.batch.summary`
adds what the record itself tells; ``docs/summary.md`` says what each column is.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from formcheck.kinematics.view import ViewLabel
from formcheck.present.reading import faults, main_point
from formcheck.words.severity import FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.report.model import MeasurementPart, Report, RepPart

RULE, VALUE, ERROR, CHANGE, CHANGE_ERROR = "rule.", "value.", "error.", "change.", "change_error."
"""What names of columns begin with that are of one rule or of one measurement."""
NOT_ASSESSED = "not_assessed"


def summary_rows(report: Report, /) -> list[dict[str, Any]]:
    """One row for the clip, then one for each repetition.

    Parameters
    ----------
    report
        The clip's report.

    Returns
    -------
    list of dict
        By names of columns, without what is not known.
    """
    unseen = _unseen(report)
    clip = _clip(report) | _medians(report, unseen) | _changes(report)
    costly = {check.rule for check in report.checks if check.weight > 0}
    reps = [_rep(rep, costly) | _values(rep, unseen) for rep in report.reps]
    return [_told(row) for row in (clip, *reps)]


def _unseen(report: Report) -> set[str]:
    """Measurements that some rule judges, but none from where the camera stood.

    They have numbers in the report as well, but those say nothing.
    """
    group = ViewLabel(report.view.label).group
    judged = {check.measurement for check in report.checks}
    return judged - {check.measurement for check in report.checks if group in check.needs_view}


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _clip(report: Report) -> dict[str, Any]:
    found = faults(report)
    finding = report.upper_back
    row: dict[str, Any] = {
        "row": "clip",
        "exercise": report.exercise.id,
        "exercise_source": report.exercise.source,
        "exercise_confidence": report.exercise.confidence,
        "variant": report.exercise.variant,
        "view": report.view.label,
        "view_confidence": report.view.confidence,
        "yaw_deg": report.view.yaw_deg,
        "yaw_error_deg": report.view.yaw_error_deg,
        "duration_s": report.video.duration_s,
        "fps": report.video.mean_fps,
        "coverage": report.tracking.coverage,
        "noise_cm": report.tracking.noise_cm,
        "warnings": " ".join(warning.code for warning in report.warnings) or None,
        "rep_count": report.rep_count,
        "score": report.score,
        "severity": _worst(check.severity for check in report.checks if check.weight > 0),
        "main_fault": found[0].rule if found else None,
        "main_point": main_point(report) if report.checks else None,
        "faults": " ".join(check.rule for check in found) or None,
        "upper_back": finding.finding,
        "upper_back_confidence": finding.confidence,
        "upper_back_evidence": finding.evidence,
        "speed_loss": None if report.speed is None else report.speed.loss,
    }
    row |= {RULE + check.rule: check.severity for check in report.checks}
    if finding.posture is not None:
        row |= {RULE + check.rule: check.severity for check in finding.posture.checks}
    return row


def _rep(rep: RepPart, costly: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "row": "rep",
        "reason": rep.reason,
        "rep": rep.index,
        "kind": rep.kind,
        "start_s": rep.start_s,
        "turn_s": rep.turn_s,
        "end_s": rep.end_s,
        "score": rep.score,
        "severity": _worst(check.severity for check in rep.checks if check.rule in costly),
        "faults": " ".join(
            check.rule
            for grade in FAULTS
            for check in rep.checks
            if check.severity == grade and check.rule in costly
        )
        or None,
    }
    return row | {RULE + check.rule: check.severity for check in rep.checks}


def _values(rep: RepPart, unseen: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, measured in _valid(rep, unseen):
        row |= {VALUE + name: measured.value, ERROR + name: measured.error}
    return row


def _worst(severities: Iterable[str]) -> str:
    found = set(severities)
    return next((grade for grade in (*FAULTS, "ok") if grade in found), NOT_ASSESSED)


def _valid(rep: RepPart, unseen: set[str]) -> list[tuple[str, MeasurementPart]]:
    """Measurements of a repetition that can be relied on."""
    named = ((name, one) for name, one in rep.measurements.items() if name not in unseen)
    return [(name, one) for name, one in named if one.valid and one.value is not None]


def _medians(report: Report, unseen: set[str]) -> dict[str, Any]:
    """The middle of the repetitions that count, and of their errors, as the rules judge them."""
    own: dict[str, list[MeasurementPart]] = {}
    for rep in report.reps:
        for name, measured in _valid(rep, unseen) if rep.counts else ():
            own.setdefault(name, []).append(measured)
    row: dict[str, Any] = {}
    for name, seen in own.items():
        errors = [one.error for one in seen if one.error is not None]
        row[VALUE + name] = round(median(one.value or 0.0 for one in seen), 4)
        row[ERROR + name] = round(median(errors), 4) if errors else None
    return row


def _changes(report: Report) -> dict[str, Any]:
    """What the rules over the whole set judged."""
    row: dict[str, Any] = {}
    for check in report.checks:
        if check.over_set is not None:
            row |= {CHANGE + check.rule: check.value, CHANGE_ERROR + check.rule: check.error}
    return row
