"""Turn an upper-back finding into its part of the report, and reports into a profile."""

from __future__ import annotations

import math
from statistics import median_low
from typing import TYPE_CHECKING

from formcheck.reasons import Reason, ReasonCode
from formcheck.report import model as m
from formcheck.rules.evaluate import POINTS
from formcheck.upper_back import judge_lifter
from formcheck.upper_back import summary as words
from formcheck.upper_back.balance import Part, SideDifference, SideGrade
from formcheck.upper_back.cues import Finding, cue_table
from formcheck.upper_back.library import library, lift_name
from formcheck.upper_back.observations import CueObservation
from formcheck.words.language import _, spoken
from formcheck.words.reasons import said
from formcheck.words.severity import Severity, grade_of
from formcheck.words.text import full_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from formcheck.rules.verdicts import Check
    from formcheck.upper_back import UpperBack
    from formcheck.upper_back.evidence import CueEvidence
    from formcheck.upper_back.posture import Posture
    from formcheck.upper_back.summary import AgreedSide


def number(value: float, digits: int = 4) -> float | None:
    """A rounded plain number, or None for NaN and infinity (JSON has neither)."""
    return round(float(value), digits) if math.isfinite(value) else None


def code_of(reason: Reason | None, /) -> ReasonCode | None:
    """The code of a reason, if there is one."""
    return None if reason is None else reason.code


def upper_back_part(found: UpperBack, /) -> m.UpperBackPart:
    """The finding of a clip."""
    return _part_of(found, [_side(s) for s in found.context.sides], _posture(found.posture))


def _part_of(
    found: UpperBack, sides: list[m.SidePart], posture: m.PosturePart | None
) -> m.UpperBackPart:
    evidence = found.evidence
    alternative = evidence.alternative
    explanations = cue_table().explanations
    return m.UpperBackPart(
        finding=evidence.grade.value,
        confidence=evidence.confidence.value,
        evidence=round(evidence.points, 2),
        answer=words.answer(evidence, thorough=found.is_thorough),
        looked_at=list(words.looked_at(evidence, found.unchecked)),
        stated=words.stated(evidence),
        thorough=found.is_thorough,
        unchecked=list(found.unchecked),
        cues=[_cue(found, c) for c in evidence.shown if c.counted],
        leading_alternative=None if alternative is None else _(explanations[alternative].title),
        balance=m.BalancePart(
            left_right=_sides_part(sides) if sides else None, upper_lower=_upper_lower(found)
        ),
        advice=[
            m.AdvicePart(kind=a.kind.value, name=a.name, why=a.why, dose=a.dose, cues=list(a.cues))
            for a in found.guidance.items
        ],
        routine=list(found.guidance.routine),
        disclaimer=" ".join(found.guidance.safety),
        notice="" if found.context.pain else _(library().safety.one_line),
        observations=[_observation(o) for o in found.observations],
        posture=posture,
        shin_explains=found.context.shin_explains,
    )


def _upper_lower(found: UpperBack) -> dict[str, float | str] | None:
    balance, grade = found.balance, found.evidence.grade
    if balance is None:
        return None
    if balance.part is Part.UPPER and grade is not Finding.LIKELY:
        return None  # it would say of the upper back what the finding does not
    return {
        "upper": round(balance.upper, 2),
        "lower": round(balance.lower, 2),
        "part": balance.part.value,
        "message": _(library().balance[balance.part.value]),
    }


def _observation(seen: CueObservation) -> m.ObservationPart:
    return m.ObservationPart(
        cue=seen.cue,
        severity=round(seen.severity, 4),
        persistence=round(seen.persistence, 4),
        quality=round(seen.quality, 4),
        reps=seen.reps,
        discount=round(seen.discount, 4),
        challenged=seen.challenged,
    )


def _cue(found: UpperBack, shown: CueEvidence) -> m.CuePart:
    cue = shown.cue
    return m.CuePart(
        id=cue.id,
        title=_(cue.title),
        severity=grade_of(shown.observation.severity),
        persistence=round(shown.observation.persistence, 3),
        reps=list(found.flagged.get(cue.id, ())),
        weight=cue.weight,
        evidence=round(shown.points, 3),
        message=_(cue.message),
        other_explanations=[_(one) for one in cue.other_explanations],
    )


def _posture(found: Posture) -> m.PosturePart:
    say = words.summary_words().say
    return m.PosturePart(
        start_s=None if found.start_s is None else number(found.start_s),
        end_s=None if found.end_s is None else number(found.end_s),
        checks=[_posture_check(c) for c in found.checks],
        reason=None if found.checks else _(say.posture_unknown),
        reason_code=None if found.checks else ReasonCode.NOT_STANDING,
        note=_(say.posture_note),
    )


def _posture_check(check: Check) -> m.PostureCheckPart:
    return m.PostureCheckPart(
        rule=check.rule.id,
        title=_(check.rule.title),
        severity=check.severity,
        value=number(check.value),
        unit=check.unit,
        error=number(check.error),
        limits=m.LimitsPart(**check.rule.limits.model_dump()),
        message=_(check.rule.message),
        reason=said(check.reason),
        reason_code=code_of(check.reason),
    )


# --- left against right -------------------------------------------------------------


def _sides_part(variables: list[m.SidePart]) -> m.SidesPart:
    """With a sentence when nothing is flagged: level, or why it was not compared."""
    say = words.summary_words().say
    compared = any(v.grade != "not_assessed" for v in variables)
    summary = None
    if not compared:
        reason = next((v.reason for v in variables if v.reason is not None), None)
        summary = None if reason is None else _(say.sides_unknown).format(reason=reason)
    elif not any(v.side for v in variables):
        summary = _(say.sides_level)
    return m.SidesPart(compared=compared, summary=summary, variables=variables)


def _side(found: SideDifference) -> m.SidePart:
    side = found.side
    return m.SidePart(
        variable=found.variable.id,
        title=_(found.variable.title),
        value=number(found.value),
        error=number(found.error),
        unit=found.variable.unit,
        grade=found.grade.value,
        side=None if side is None else "left" if side == "left" else "right",
        same_way=found.same_way,
        reps=found.reps,
        message=found.message,
        reason=said(found.reason),
        reason_code=code_of(found.reason),
    )


def _difference(part: m.SidePart) -> SideDifference | None:
    """A comparison from a report; None when this version does not know it."""
    variable = cue_table().sides.get(part.variable)
    if variable is None:
        return None
    return SideDifference(
        variable,
        SideGrade(part.grade),
        math.nan if part.value is None else part.value,
        math.nan if part.error is None else part.error,
        part.side,
        part.same_way,
        part.reps,
        _reason(part),
    )


def _reason(part: m.SidePart) -> Reason | None:
    """With its words as they were: what they were made of is not in the report."""
    if part.reason is None:
        return None
    return Reason(part.reason_code or ReasonCode.NOT_MEASURED, text=part.reason)


def _agreed_side(found: AgreedSide) -> m.SidePart:
    part = _side(found.difference)
    return part.model_copy(
        update={"clips": found.clips, "note": found.note, "usual": found.usual or not part.side}
    )


# --- several clips --------------------------------------------------------------------


def build_profile(reports: Sequence[m.Report], /) -> m.Profile:
    """What several reports of one lifter say together.

    The same part of the same video counts once, however often it is given.
    """
    own, again = _once(reports)
    sides = words.agreed(_differences(report) for report in own)
    pain = any(r.formcheck.settings.get("pain") is True for r in own)
    found = judge_lifter(
        (_seen(o) for r in own for o in r.upper_back.observations if o.cue in _known()),
        unchecked=(name for r in own for name in r.upper_back.unchecked),
        sides=[s.difference for s in sides if s.usual],
        faults=_faults(own),
        shin_explains=any(r.upper_back.shin_explains for r in own),
        pain=pain,
        reps=max((r.rep_count for r in own), default=0),
    )
    say, evidence = words.summary_words().say, found.evidence
    upper_back = _part_of(found, [_agreed_side(s) for s in sides], None)
    poor = {r.exercise.id for r in own if r.tracking.trust == "poor"}
    return m.Profile(
        language=spoken(),
        clips=[_clip(r) for r in own],
        left_out=[_(say.clip_again).format(path=r.video.path) for r in again],
        upper_back=_with_what_failed(upper_back, own),
        lifts=_lifts(found, own),
        agreement=list(words.agreement(evidence)),
        against=list(words.against(evidence)),
        missing=[] if pain else list(words.missing(evidence, [s.difference for s in sides], poor)),
    )


def _with_what_failed(found: m.UpperBackPart, reports: Iterable[m.Report]) -> m.UpperBackPart:
    """The finding; what to film begins with the latest clip whose tracking can't be relied on."""
    failed = [r for r in reports if r.tracking.trust == "poor"]
    last = max(failed, key=lambda r: r.video.recorded_at or "", default=None)
    if last is None:
        return found
    told = _(words.summary_words().say.film_again).format(
        lift=lift_name(last.exercise.id), clip=last.video.path.replace("\\", "/").rsplit("/", 1)[-1]
    )
    points = [] if last.filming is None else last.filming.points
    how = full_sentence(next((p.advice for p in points if p.mark == "change" and p.advice), ""))
    advice = [
        a.model_copy(update={"why": " ".join(filter(None, [told, how, a.why]))})
        if a.kind == "filming"
        else a
        for a in found.advice
    ]
    return found.model_copy(update={"advice": advice})


def _faults(reports: Iterable[m.Report]) -> dict[str, float]:
    """Rules whose fault most of the clips show that could be judged by it, and its weight there."""
    costs: dict[str, list[float]] = {}
    for report in reports:
        for check in report.checks:
            if check.severity is not Severity.NOT_ASSESSED:
                costs.setdefault(check.rule, []).append(check.cost)
    usual = {rule: median_low(own) / POINTS for rule, own in costs.items()}
    return {rule: weight for rule, weight in usual.items() if weight > 0}


def _once(reports: Iterable[m.Report]) -> tuple[list[m.Report], list[m.Report]]:
    """Reports on different videos or parts of one, and those that come again."""
    own: list[m.Report] = []
    again: list[m.Report] = []
    for report in reports:
        same = any(report.video.sha256 == o.video.sha256 and _overlap(report, o) for o in own)
        (again if same else own).append(report)
    return own, again


def _overlap(first: m.Report, second: m.Report) -> bool:
    (start, end), (other_start, other_end) = _part(first), _part(second)
    return start < other_end and other_start < end


def _part(report: m.Report) -> tuple[float, float]:
    settings = report.formcheck.settings
    start_s, end_s = settings.get("start_s"), settings.get("end_s")
    return start_s or 0.0, math.inf if end_s is None else end_s


def _known() -> set[str]:
    table = cue_table()
    return {*table.cues, *(part.id for part in table.lower)}


def _seen(part: m.ObservationPart) -> CueObservation:
    return CueObservation(
        part.cue,
        part.severity,
        part.persistence,
        part.quality,
        part.discount,
        part.reps,
        challenged=part.challenged,
    )


def _differences(report: m.Report) -> list[SideDifference]:
    sides = report.upper_back.balance.left_right
    found = [_difference(v) for v in sides.variables] if sides is not None else []
    return [difference for difference in found if difference is not None]


def _clip(report: m.Report) -> m.ProfileClip:
    return m.ProfileClip(
        path=report.video.path,
        exercise=report.exercise.id,
        title=_(report.exercise.variant_title or report.exercise.title),
        view=report.view.label,
        rep_count=report.rep_count,
        count_range=report.count_range,
        score=report.score,
    )


def _lifts(found: UpperBack, reports: Iterable[m.Report]) -> list[m.ProfileLift]:
    given = list(reports)
    lifts = []
    for exercise, (_shown, measured) in found.evidence.tally.items():
        own = [r for r in given if r.exercise.id == exercise]
        cues = [c for c in found.evidence.shown if c.exercise == exercise and c.counted]
        lifts.append(
            m.ProfileLift(
                exercise=exercise,
                name=lift_name(exercise),
                clips=len(own),
                reps=sum(r.rep_count for r in own),
                measured=measured,
                cues=[_profile_cue(c) for c in cues],
            )
        )
    return lifts


def _profile_cue(shown: CueEvidence) -> m.ProfileCue:
    return m.ProfileCue(
        id=shown.cue.id,
        title=_(shown.cue.title),
        severity=grade_of(shown.observation.severity),
        seen=None if shown.cue.whole_set else words.seen_reps(shown),
        reps=shown.observation.reps,
    )
