"""Turn an analysis into the report model. Pure: writes nothing."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from formcheck import __version__, pipeline
from formcheck.analysis import UNKNOWN
from formcheck.filming import LOW_COVERAGE, LOW_RATE_HZ
from formcheck.kinematics.belief import Trust, believed_by_second
from formcheck.notes import NO_NOTES, Notes
from formcheck.report import model as m
from formcheck.report.build_upper_back import code_of, number, upper_back_part
from formcheck.report.filming import filming_part, hidden_parts, view_part
from formcheck.rules.computed.lean import EXCESS
from formcheck.rules.computed.reps import DURATIONS
from formcheck.rules.computed.speed import summarise_speed
from formcheck.rules.evaluate import cost
from formcheck.rules.priority import priority
from formcheck.words.counts import why_unsure
from formcheck.words.filming import FOLLOWED, POINTED_AT, SEVERAL_PEOPLE, WRONG_ONE
from formcheck.words.language import _, decimal, later, percent, spoken
from formcheck.words.lean_speed import lean_advice, lean_sentences, speed_sentence
from formcheck.words.reasons import said, sentence
from formcheck.words.text import clock
from formcheck.words.tracking import (
    HIDDEN,
    OTHER_LIFT,
    SHORT_SHOTS,
    other_lift_sentence,
    shots_sentence,
    trust_sentence,
)
from formcheck.words.video import (
    gaps_sentence,
    jump_sentence,
    pace_sentence,
    rate_sentence,
    turned_sentence,
    warning_told,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formcheck.analysis import AnalysedClip, Analysis, RepAnalysis
    from formcheck.exercises.schema import Exercise
    from formcheck.filming import Filming
    from formcheck.lean.excess import LeanSummary
    from formcheck.reps.engine import Rep
    from formcheck.rules.measure import Measured
    from formcheck.rules.schema import Measurement
    from formcheck.rules.verdicts import Check, Second, SetCheck

NOISY_CM = 2.5
UNKNOWN_EXERCISE = later(
    "Exercise not recognised: tell formcheck which exercise it is, or film your whole body from "
    "the side."
)
REPS_NOT_USED = later(
    "The reps set by hand need an exercise: tell formcheck which exercise it is as well."
)
ROUNDING = 1e-9
"""Seven of ten are seven tenths, whatever a computer makes of it."""


def build_report(
    clip: AnalysedClip, /, files: m.FilesPart | None = None, notes: Notes = NO_NOTES
) -> m.Report:
    """The report of an analysed clip.

    Parameters
    ----------
    clip
        The analysed video.
    files
        Names of the files written beside the report.
    notes
        What the coach noted.
    """
    analysis, video, filming = clip.analysis, clip.tracked.video, filming_of(clip)
    return m.Report(
        formcheck=_provenance(clip),
        language=spoken(),
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
            recorded_at=video.recorded_at,
        ),
        tracking=_tracking(clip),
        view=view_part(analysis.motion.view),
        filming=filming_part(filming),
        exercise=_exercise(clip),
        reps=[_rep(r) for r in analysis.reps],
        rep_count=analysis.rep_count,
        count_range=(analysis.count_range.low, analysis.count_range.high),
        count_unsure=why_unsure(analysis.count_range.doubts) or None,
        not_counted=[
            m.PassedPart(
                start_s=round(one.start_s, 4),
                end_s=round(one.end_s, 4),
                reason=sentence(one.reason),
                reason_code=one.reason.code,
            )
            for one in analysis.passed
        ],
        by_hand=_by_hand(analysis),
        checks=[_set_check(c, analysis) for c in analysis.checks],
        score=analysis.score,
        lean=None if analysis.lean is None else _lean(analysis.lean),
        speed=_speed(analysis),
        upper_back=upper_back_part(analysis.upper_back),
        warnings=_warnings(clip, filming),
        notes=m.NotesPart(clip=notes.clip, folder=notes.folder),
        files=files or m.FilesPart(),
    )


def filming_of(clip: AnalysedClip, /) -> Filming:
    """How well a clip is filmed: what `formcheck.inspect` says, of the repetitions."""
    return pipeline.filming_of(clip.analysis, people=clip.tracked.people, light=clip.light)


def _provenance(clip: AnalysedClip) -> m.Provenance:
    settings: dict[str, Any] = {
        key: number(value) if isinstance(value, float) else value
        for key, value in asdict(clip.settings).items()
    }
    settings["exercise"] = clip.analysis.exercise if clip.analysis.given else None
    settings |= asdict(clip.analysis.lifter)
    settings["reps"] = [one.as_given for one in clip.analysis.edits.reps] or None
    return m.Provenance(
        version=__version__,
        model=m.ModelInfo(name=clip.model.name, sha256=clip.model.sha256),
        rules_sha256=clip.book.sha256,
        settings=settings,
    )


def _by_hand(analysis: Analysis) -> list[Any]:
    """What was set by hand; repetitions of an unknown exercise are not used."""
    unused = {"reps"} if analysis.exercise == UNKNOWN else set()
    return [name for name in analysis.edits.names if name not in unused]


def _tracking(clip: AnalysedClip) -> m.TrackingPart:
    raw, belief = clip.tracked.track, clip.analysis.belief
    seen = raw.tracked
    visibility = float(raw.visibility[seen].mean()) if seen.any() else 0.0
    return m.TrackingPart(
        frames_sampled=len(raw),
        frames_tracked=int(seen.sum()),
        frames_measured=clip.tracked.measured,
        coverage=round(float(seen.mean()), 4),
        mean_visibility=round(visibility, 4),
        noise_cm=number(clip.analysis.motion.clean.noise_cm, 3),
        trust=belief.trust,
        believed=round(belief.share, 3),
        hidden=hidden_parts(belief),
        by_second={
            landmark: "".join(str(min(9, int(10 * share + ROUNDING))) for share in shares)
            for landmark, shares in believed_by_second(clip.analysis.motion).items()
        },
        subject_switches=clip.tracked.switches,
        people=clip.tracked.people,
    )


def _unseen(clip: AnalysedClip) -> list[str]:
    """What is never judged of the exercise; of an unknown one, what is not of any."""
    own = clip.analysis.definition
    lifts = clip.book.exercises if own is None else (own,)
    return list(dict.fromkeys(one for lift in lifts for one in lift.unseen))


def _exercise(clip: AnalysedClip) -> m.ExercisePart:
    analysis, detection = clip.analysis, clip.analysis.detection
    return m.ExercisePart(
        id=analysis.exercise,
        title=_("Unknown") if analysis.definition is None else _(analysis.definition.title),
        variant=None if analysis.variant is None else analysis.variant.id,
        variant_title=None if analysis.variant is None else _(analysis.variant.title),
        source="given" if analysis.given else "detected",
        confidence=round(min(1.0, max(0.0, detection.confidence)), 3),
        candidates=[
            m.CandidatePart(
                id=c.id,
                score=round(c.score, 3),
                likeness=None if analysis.given else round(c.likeness, 3),
                reason=said(c.why_not),
            )
            for c in detection.candidates
        ],
        unseen=[_(one) for one in _unseen(clip)],
    )


def _rep(analysed: RepAnalysis) -> m.RepPart:
    rep = analysed.rep
    return m.RepPart(
        index=rep.index,
        start_s=round(rep.start_s, 4),
        turn_s=round(rep.turn_s, 4),
        end_s=round(rep.end_s, 4),
        start_error_s=round(rep.cycle.start_error_s, 3),
        end_error_s=round(rep.cycle.end_error_s, 3),
        side=rep.side,
        kind=rep.kind,
        reason=said(rep.reason),
        reason_code=code_of(rep.reason),
        share=None if rep.reason is None or rep.reason.share is None else number(rep.reason.share),
        phases=[
            m.PhasePart(
                name=p.name,
                start_s=round(p.start_s, 4),
                end_s=round(p.end_s, 4),
                contraction=p.contraction.value,
            )
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
        reason=said(measured.reason),
        reason_code=code_of(measured.reason),
        at_s=number(measured.at_s),
    )


def _rep_check(check: Check, rep: Rep) -> m.RepCheckPart:
    return m.RepCheckPart(
        rule=check.rule.id,
        severity=check.severity,
        value=number(check.value),
        unit=check.unit,
        error=number(check.error),
        limits=m.LimitsPart(**check.rule.limits.model_dump()),
        at_s=None if check.at_s is None else number(check.at_s),
        phase=None if check.at_s is None else _phase(rep, check.at_s),
        reason=said(check.reason),
        reason_code=code_of(check.reason),
        decided_by=_second(check.decided_by),
    )


def _phase(rep: Rep, at_s: float) -> str | None:
    """Name of the phase that a time lies in."""
    return next((p.name for p in rep.phases if p.start_s <= at_s <= p.end_s), None)


def _lean(lean: LeanSummary) -> m.LeanPart:
    return m.LeanPart(
        lean_deg=round(lean.lean_deg, 1),
        lean_error_deg=round(lean.lean_error_deg, 1),
        needed_low_deg=round(lean.needed.low_deg, 1),
        needed_high_deg=round(lean.needed.high_deg, 1),
        excess_deg=round(lean.excess_deg, 1),
        error_deg=round(lean.error_deg, 1),
        shin_deg=number(lean.shin_deg, 1),
        balance_deg=number(lean.balance_deg, 1),
        pitch_deg=number(lean.pitch_deg, 1),
        largest=None if lean.largest is None else lean.largest.value,
        shin_explains=lean.shin_explains,
        bars=list(lean.bars),
        bar_told=lean.told,
        load_share=round(lean.load_share, 3),
        sentences=list(lean_sentences(lean)),
    )


def _speed(analysis: Analysis) -> m.SpeedPart | None:
    speed = None if analysis.definition is None else analysis.definition.speed
    found = summarise_speed(
        None if speed is None else speed.read_at, analysis.speeds, analysis.velocities
    )
    if found is None:
        return None
    return m.SpeedPart(
        read_at=found.part,
        unit=found.unit,
        values=[number(speed.value) for speed in found.speeds],
        errors=[number(speed.error) for speed in found.speeds],
        loss=None if found.loss is None else number(found.loss),
        loss_error=None if found.loss_error is None else number(found.loss_error),
        sentence=speed_sentence(
            found,
            reps=[one.rep.index for one in analysis.reps if one.rep.counts],
            ask_height=analysis.belief.trust is not Trust.POOR,
        ),
    )


def _message(check: SetCheck, analysis: Analysis) -> str:
    """What the rule says; of a lean, what explains it in this set."""
    lean, rules = analysis.lean, analysis.rules
    own = rules is not None and check.rule.measurement in rules.computed_as(EXCESS)
    advice = lean_advice(lean) if lean is not None and own else None
    message = _(check.rule.message)
    return message if advice is None else f"{message} {advice}"


def _half(what: Measurement | None, definition: Exercise | None) -> Literal["out", "back"] | None:
    """The half whose time is measured, as the report calls the first and the second."""
    half = None if what is None or what.built_in is None else DURATIONS.get(what.built_in)
    if half is None or definition is None:
        return None
    return "out" if half == definition.starts else "back"


def _set_check(check: SetCheck, analysis: Analysis) -> m.SetCheckPart:
    rule, rules = check.rule, analysis.rules
    what = None if rules is None else rules.named(rule.measurement)
    return m.SetCheckPart(
        rule=rule.id,
        title=_(rule.title),
        measurement=rule.measurement,
        measures="" if what is None else _(what.named_short),
        better=rule.better,
        weight=rule.weight,
        critical=rule.critical,
        over_set=rule.over_set,
        half=_half(what, analysis.definition),
        severity=check.severity,
        value=number(check.value),
        unit=check.unit,
        error=number(check.error),
        limits=m.LimitsPart(**check.rule.limits.model_dump()),
        reps_flagged=list(check.reps_flagged),
        reps_assessed=check.reps_assessed,
        message=_message(check, analysis),
        needs_view=list(rule.views),
        film=_(rule.film),
        source=rule.source,
        evidence=rule.evidence,
        reason=said(check.reason),
        reason_code=code_of(check.reason),
        decided_by=_second(check.decided_by),
        of_flagged=check.of_flagged,
        priority=round(priority(check), 4),
        cost=round(cost(check), 4),
    )


def _second(second: Second | None) -> m.SecondPart | None:
    if second is None:
        return None
    return m.SecondPart(
        measures=_(second.title),
        value=round(second.value, 4),
        error=number(second.error),
        unit=second.unit,
        limits=m.LimitsPart(**second.limits.model_dump()),
        better=second.better,
    )


def _followed(clip: AnalysedClip) -> str:
    """Where in the picture the lifter is: at the first turn, else when first seen."""
    track, reps = clip.tracked.track, clip.analysis.reps
    seen = np.flatnonzero(track.tracked)
    wanted_s = reps[0].rep.turn_s if reps else track.t_s[seen[0]]
    at = seen[np.argmin(np.abs(track.t_s[seen] - wanted_s))]
    across = float(np.median(track.xy_px[at, :, 0])) / clip.tracked.video.width
    third = min(len(FOLLOWED) - 1, max(0, int(len(FOLLOWED) * across)))
    return _(FOLLOWED[third]).format(time=clock(track.t_s[at]))


def _interruptions(clip: AnalysedClip) -> Iterator[tuple[str, str]]:
    """What is to be said of how the recording goes on: its clock, gaps and cuts."""
    clean, belief, t_s = clip.analysis.motion.clean, clip.analysis.belief, clip.tracked.track.t_s
    video = clip.tracked.video
    for leap in video.leaps:
        yield "clock_jumps", jump_sentence(*leap)
    if video.pace != 1:
        yield "slow_motion", pace_sentence(video.pace)
    if video.turned:
        yield "turned", turned_sentence(video.turned)
    if clean.gaps:
        gaps = [(float(t_s[after - 1]), float(t_s[after])) for after in clean.gaps]
        yield "no_pictures", gaps_sentence(gaps)
    shots = len({*clean.breaks} - {*clean.gaps}) + 1
    if shots > 1:
        code = SHORT_SHOTS if belief.short_shots else "picture_jumps"
        yield code, shots_sentence(shots, short=belief.short_shots)


def _warnings(clip: AnalysedClip, filming: Filming) -> list[m.WarningPart]:
    found = [(code, warning_told(code, numbers)) for code, numbers in clip.tracked.video.warnings]
    track, motion, belief = clip.tracked.track, clip.analysis.motion, clip.analysis.belief
    coverage = float(track.tracked.mean())
    if coverage < LOW_COVERAGE:
        told = _("You were visible in only {share} of the clip.")
        found.append(("low_coverage", told.format(share=percent(coverage))))
    if clip.tracked.people > 1:
        pointed_at = clip.settings.lifter_at is not None
        whom = _(POINTED_AT) if pointed_at else f"{_followed(clip)} {_(WRONG_ONE)}"
        found.append(("several_people", f"{_(SEVERAL_PEOPLE)} {whom}"))
    found += _interruptions(clip)
    other, own = clip.analysis.other, clip.analysis.definition
    if other is not None and own is not None:
        found.append((OTHER_LIFT, other_lift_sentence(other, own.title)))
    if track.rate_hz < LOW_RATE_HZ:
        found.append(("low_frame_rate", rate_sentence(track.rate_hz)))
    if motion.clean.noise_cm > NOISY_CM:
        told = _("The tracked joints tremble by about {noise} cm: small changes are lost in that.")
        found.append(("noisy_tracking", told.format(noise=decimal(motion.clean.noise_cm, 1))))
    if belief.trust is not Trust.GOOD and not belief.short_shots:
        found.append((HIDDEN, trust_sentence(filming)))
    if clip.analysis.exercise == UNKNOWN and not belief.short_shots:
        found.append(("exercise_unknown", _(UNKNOWN_EXERCISE)))
        if clip.analysis.edits.reps:
            found.append(("reps_not_used", _(REPS_NOT_USED)))
    return [m.WarningPart(code=code, message=message) for code, message in found]
