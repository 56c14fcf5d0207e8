"""Turn an analysis into the report model. Pure: writes nothing."""

from __future__ import annotations

import math
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from formcheck import __version__
from formcheck.pipeline import UNKNOWN
from formcheck.report import model as m
from formcheck.upper_back import judge_lifter
from formcheck.upper_back.cues import cue_table
from formcheck.upper_back.library import library
from formcheck.upper_back.observations import CueObservation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.pipeline import Analysis, ClipAnalysis, RepAnalysis
    from formcheck.reps.engine import Rep
    from formcheck.rules.evaluate import Check, SetCheck
    from formcheck.rules.measure import Measured
    from formcheck.upper_back import UpperBack
    from formcheck.upper_back.evidence import CueEvidence

LOW_COVERAGE = 0.8
LOW_RATE_HZ = 20.0
NOISY_CM = 2.5


def number(value: float, digits: int = 4) -> float | None:
    """A rounded plain number, or None for NaN and infinity (JSON has neither)."""
    return round(float(value), digits) if math.isfinite(value) else None


def build_report(clip: ClipAnalysis, /, files: m.FilesPart | None = None) -> m.Report:
    """The report of an analysed clip.

    Parameters
    ----------
    clip
        The analysed video.
    files
        Names of the files written beside the report.
    """
    analysis, video = clip.analysis, clip.tracked.video
    return m.Report(
        formcheck=_provenance(clip),
        video=m.VideoPart(
            path=os.fsencode(video.path).decode("utf-8", "replace"),
            sha256=video.sha256,
            width=video.width,
            height=video.height,
            duration_s=round(video.duration_s, 4),
            frames=video.frames,
            mean_fps=round(video.mean_fps, 3),
            variable_frame_rate=video.variable_frame_rate,
            rotation_deg=video.rotation_deg,
            codec=video.codec,
        ),
        tracking=_tracking(clip),
        view=_view(analysis),
        exercise=_exercise(analysis),
        reps=[_rep(r) for r in analysis.reps],
        rep_count=analysis.rep_count,
        checks=[_set_check(c, analysis) for c in analysis.checks],
        score=analysis.score,
        upper_back=_upper_back(analysis.upper_back),
        warnings=_warnings(clip),
        files=files or m.FilesPart(),
    )


def _provenance(clip: ClipAnalysis) -> m.Provenance:
    settings: dict[str, Any] = {
        key: number(value) if isinstance(value, float) else value
        for key, value in asdict(clip.settings).items()
    }
    settings["exercise"] = clip.analysis.exercise if clip.analysis.given else None
    settings |= asdict(clip.analysis.lifter)
    return m.Provenance(
        version=__version__,
        model=m.ModelInfo(name=clip.model.name, sha256=clip.model.sha256),
        rules_sha256=clip.book.sha256,
        settings=settings,
    )


def _tracking(clip: ClipAnalysis) -> m.TrackingPart:
    raw = clip.tracked.track
    seen = raw.tracked
    visibility = float(raw.visibility[seen].mean()) if seen.any() else 0.0
    return m.TrackingPart(
        frames_sampled=len(raw),
        frames_tracked=int(seen.sum()),
        coverage=round(float(seen.mean()), 4),
        mean_visibility=round(visibility, 4),
        noise_cm=number(clip.analysis.motion.clean.noise_cm, 3),
        subject_switches=clip.tracked.switches,
        people=clip.tracked.people,
    )


def _view(analysis: Analysis) -> m.ViewPart:
    view = analysis.motion.view
    return m.ViewPart(
        label=view.label.value,
        yaw_deg=round(view.yaw_deg, 1),
        yaw_error_deg=round(view.yaw_error_deg, 1),
        confidence=round(view.confidence, 3),
    )


def _exercise(analysis: Analysis) -> m.ExercisePart:
    detection = analysis.detection
    return m.ExercisePart(
        id=analysis.exercise,
        title="Unknown" if analysis.definition is None else analysis.definition.title,
        variant=None if analysis.variant is None else analysis.variant.id,
        variant_title=None if analysis.variant is None else analysis.variant.title,
        source="given" if analysis.given else "detected",
        confidence=round(min(1.0, max(0.0, detection.confidence)), 3),
        candidates=[
            m.CandidatePart(id=c.id, score=round(c.score, 3)) for c in detection.candidates
        ],
    )


def _rep(analysed: RepAnalysis) -> m.RepPart:
    rep = analysed.rep
    return m.RepPart(
        index=rep.index,
        start_s=round(rep.start_s, 4),
        turn_s=round(rep.turn_s, 4),
        end_s=round(rep.end_s, 4),
        kind=rep.kind.value,
        reason=rep.reason,
        phases=[
            m.PhasePart(name=p.name, start_s=round(p.start_s, 4), end_s=round(p.end_s, 4))
            for p in rep.phases
        ],
        measurements={name: _measurement(v) for name, v in analysed.measured.items()},
        checks=[_rep_check(c, rep) for c in analysed.checks],
        score=analysed.score,
    )


def _measurement(measured: Measured) -> m.MeasurementPart:
    return m.MeasurementPart(
        value=number(measured.value),
        unit=measured.unit,
        error=number(measured.error),
        valid=measured.valid,
        reason=measured.reason,
        at_s=number(measured.at_s),
    )


def _rep_check(check: Check, rep: Rep) -> m.RepCheckPart:
    return m.RepCheckPart(
        rule=check.rule.id,
        severity=check.severity.value,
        value=number(check.value),
        unit=check.unit,
        error=number(check.error),
        limits=m.LimitsPart(**check.rule.limits.model_dump()),
        at_s=None if check.at_s is None else number(check.at_s),
        phase=None if check.at_s is None else _phase(rep, check.at_s),
        reason=check.reason,
    )


def _phase(rep: Rep, at_s: float) -> str | None:
    """Name of the phase that a time lies in."""
    return next((p.name for p in rep.phases if p.start_s <= at_s <= p.end_s), None)


def _set_check(check: SetCheck, analysis: Analysis) -> m.SetCheckPart:
    rule, rules = check.rule, analysis.rules
    what = None if rules is None else rules.named(rule.measurement)
    halves: dict[str | None, Literal["out", "back"]] = {"out_s": "out", "back_s": "back"}
    return m.SetCheckPart(
        rule=rule.id,
        title=rule.title,
        measurement=rule.measurement,
        measures="" if what is None else what.short or what.title,
        better=rule.better,
        weight=rule.weight,
        critical=rule.critical,
        over_set=rule.over_set,
        half=None if what is None else halves.get(what.built_in),
        severity=check.severity.value,
        value=number(check.value),
        unit=check.unit,
        error=number(check.error),
        limits=m.LimitsPart(**check.rule.limits.model_dump()),
        reps_flagged=list(check.reps_flagged),
        reps_assessed=check.reps_assessed,
        message=rule.message,
        needs_view=list(rule.views),
        film=rule.film,
        source=rule.source,
        evidence=rule.evidence,
        reason=check.reason,
    )


def build_profile(reports: Sequence[m.Report], /) -> m.Profile:
    """What several reports of one lifter say together."""
    observations = [
        CueObservation(o.cue, o.severity, o.persistence, o.quality, reps=o.reps)
        for report in reports
        for o in report.upper_back.observations
    ]
    clips = [
        m.ProfileClip(
            path=r.video.path,
            exercise=r.exercise.id,
            view=r.view.label,
            rep_count=r.rep_count,
            score=r.score,
        )
        for r in reports
    ]
    return m.Profile(clips=clips, upper_back=_upper_back(judge_lifter(observations)))


def _upper_back(found: UpperBack) -> m.UpperBackPart:
    evidence, balance = found.evidence, found.balance
    table = cue_table()
    upper_lower = None
    if balance is not None:
        upper_lower = {
            "upper": round(balance.upper, 2),
            "lower": round(balance.lower, 2),
            "part": balance.part.value,
            "message": library().balance[balance.part.value],
        }
    alternative = evidence.alternative
    return m.UpperBackPart(
        finding=evidence.grade.value,
        confidence=evidence.confidence.value,
        evidence=round(evidence.points, 2),
        cues=[_cue(found, c) for c in evidence.shown if c.counted],
        leading_alternative=None if alternative is None else table.explanations[alternative].title,
        balance=m.BalancePart(left_right=None, upper_lower=upper_lower),
        advice=[
            m.AdvicePart(kind=a.kind.value, name=a.name, why=a.why, dose=a.dose, cues=list(a.cues))
            for a in found.guidance.items
        ],
        disclaimer=" ".join(found.guidance.safety),
        observations=[
            m.ObservationPart(
                cue=o.cue,
                severity=round(o.severity, 4),
                persistence=round(o.persistence, 4),
                quality=round(o.quality, 4),
                reps=o.reps,
            )
            for o in found.observations
        ],
    )


def _grade(severity: float) -> m.SeverityName:
    """The word for a continuous severity (its edges: `severity_share`)."""
    if severity <= 0:
        return "ok"
    return "mild" if severity <= 0.34 else "moderate" if severity <= 0.67 else "severe"


def _cue(found: UpperBack, shown: CueEvidence) -> m.CuePart:
    cue = shown.cue
    return m.CuePart(
        id=cue.id,
        title=cue.title,
        severity=_grade(shown.observation.severity),
        persistence=round(shown.observation.persistence, 3),
        reps=list(found.flagged.get(cue.id, ())),
        weight=cue.weight,
        evidence=round(shown.points, 3),
        message=cue.message,
        other_explanations=list(cue.other_explanations),
    )


def _warnings(clip: ClipAnalysis) -> list[m.WarningPart]:
    found = list(clip.tracked.video.warnings)
    track, motion = clip.tracked.track, clip.analysis.motion
    coverage = float(track.tracked.mean())
    if coverage < LOW_COVERAGE:
        found.append(("low_coverage", f"The lifter was seen in only {coverage:.0%} of the clip."))
    if clip.tracked.people > 1:
        found.append(
            ("several_people", "Several people are in the picture; the one who lifts was followed.")
        )
    if motion.clean.breaks:
        found.append(
            (
                "picture_jumps",
                f"The picture cuts, or the tracked body jumps, {len(motion.clean.breaks)} times; "
                "no repetition is counted across a jump.",
            )
        )
    if track.rate_hz < LOW_RATE_HZ:
        found.append(
            ("low_frame_rate", f"Only {track.rate_hz:.0f} pictures a second: times are rough.")
        )
    if motion.clean.noise_cm > NOISY_CM:
        found.append(
            ("noisy_tracking", f"Tracking is unsteady (about {motion.clean.noise_cm:.1f} cm).")
        )
    if clip.analysis.exercise == UNKNOWN:
        found.append(
            (
                "exercise_unknown",
                "The exercise could not be told. Name it with --exercise, or film the whole "
                "body from the side.",
            )
        )
    return [m.WarningPart(code=code, message=message) for code, message in found]
