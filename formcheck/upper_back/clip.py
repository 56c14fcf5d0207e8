"""The upper-back finding: from the sets' verdicts to cues, evidence and advice.

One clip shows one lift, so its finding is never more than "watch": "likely" asks
for two lifts that agree, which `judge_lifter` looks for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from formcheck.lifter import NOBODY_ASKED
from formcheck.reasons import ReasonCode
from formcheck.rules.evaluate import fault_share
from formcheck.upper_back.advice import NO_CONTEXT, Context, advise
from formcheck.upper_back.balance import compare_upper_lower
from formcheck.upper_back.cues import SHIN, cue_table
from formcheck.upper_back.evidence import Confidence, combine
from formcheck.upper_back.library import pulls
from formcheck.upper_back.observations import (
    CueObservation,
    discount,
    merge_clips,
    quality,
    was_challenging,
)
from formcheck.upper_back.posture import NOT_STANDING, Posture
from formcheck.words.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from formcheck.lifter import Lifter
    from formcheck.rules.verdicts import Check, SetCheck
    from formcheck.upper_back.advice import Guidance
    from formcheck.upper_back.balance import SideDifference, UpperLower
    from formcheck.upper_back.cues import Cue
    from formcheck.upper_back.evidence import Evidence

SECONDS = "s"
"""Measurements in this unit need a good frame rate."""
NEAR_MAX_RPE = 9.0
THOROUGH_FROM = 2 / 3
"""Share of the signs, by their weight, that must be judged for a clean bill (judgement)."""
WHOLE_SET = 5
"""Repetitions that are asked for to tell something (reference 7)."""
LATE = 2 / 3
"""Repetitions after this share of the set are its end."""


@dataclass(frozen=True)
class Footage:
    """How well a clip shows the lifter.

    Attributes
    ----------
    view_share
        0..1: 1 in a view from the side, front or back, less at an angle.
    visibility
        0..1: mean visibility of the near side.
    rate_hz
        Sampling rate.
    """

    view_share: float
    visibility: float
    rate_hz: float


@dataclass(frozen=True)
class UpperBack:
    """What the clips of one lifter say about the upper back.

    Attributes
    ----------
    observations
        What went in, one per cue and clip.
    evidence
        The weighed cues and their grade.
    flagged
        Cue identifier to the repetitions that show it; empty over several clips.
    balance
        Upper against lower back; None when not tested.
    context
        What shaped the advice beside the cues, left against right among it.
    posture
        How the lifter stands; of one clip only.
    unchecked
        Identifiers of signs that belong to the lift and could not be judged.
    """

    observations: tuple[CueObservation, ...]
    evidence: Evidence
    flagged: dict[str, tuple[int, ...]]
    balance: UpperLower | None
    context: Context = NO_CONTEXT
    posture: Posture = NOT_STANDING
    unchecked: tuple[str, ...] = ()

    @property
    def guidance(self) -> Guidance:
        """What to do, and the safety wording, in the language that is spoken when asked."""
        return advise(self.evidence, self.context)

    @property
    def is_thorough(self) -> bool:
        """Whether nothing was found where most of a pull's signs could be judged."""
        table, evidence = cue_table(), self.evidence
        judged = sum(c.cue.weight for c in evidence.cues if c.counted)
        left = sum(table.cues[name].weight for name in self.unchecked)
        pulled = any(lift in pulls() for lift in evidence.exercises)
        most = judged >= THOROUGH_FROM * (judged + left)
        sure = evidence.confidence is not Confidence.LOW
        return pulled and most and sure and not any(c.counted for c in evidence.shown)


def observe(check: SetCheck, cue: str, footage: Footage, /) -> CueObservation | None:
    """A set's verdict as an observation of a cue; None when it was not assessed."""
    if check.severity is Severity.NOT_ASSESSED or not check.reps_assessed:
        return None
    fault = check.severity.is_fault
    rule = check.rule
    share = len(check.reps_flagged) / check.reps_assessed
    return CueObservation(
        cue,
        severity=fault_share(check),
        # A loss over the set is one verdict on all repetitions.
        persistence=(1.0 if rule.over_set else min(1.0, share)) if fault else 0.0,
        quality=quality(
            footage.view_share,
            footage.visibility,
            footage.rate_hz,
            check.reps_assessed,
            needs_speed=check.unit == SECONDS,
        ),
        reps=check.reps_assessed,
    )


def judge_clip(
    checks: Sequence[SetCheck],
    footage: Footage,
    /,
    *,
    lifter: Lifter = NOBODY_ASKED,
    speed_loss: float | None = None,
    shin_explains: bool = False,
    sides: Sequence[SideDifference] = (),
    posture: Posture = NOT_STANDING,
) -> UpperBack:
    """The finding of one clip.

    Parameters
    ----------
    checks
        The verdicts on the set; empty when the exercise is unknown.
    footage
        How well the clip shows the lifter.
    lifter
        What the user told: bar, effort, pain.
    speed_loss
        Loss of upward speed over the set (0.2 = a fifth); None when unknown.
    shin_explains
        Whether upright shins explain a forward lean.
    sides
        Left against right (`formcheck.upper_back.sides.compare_sides`).
    posture
        How the lifter stands (`formcheck.upper_back.posture.judge_posture`).
    """
    found = _strongest(_fed(checks, footage, lifter))
    hard = was_challenging(speed_loss, lifter.rpe) or _tired(checks)
    shown = {cue.id for cue, seen, _ in found if seen.severity > 0}
    explains = shown | ({SHIN} if shin_explains else set())
    total = max((n for c in checks for n in (c.reps_assessed, *c.reps_flagged)), default=0)
    observations: list[CueObservation] = []
    for cue, seen, check in found:
        explained = bool(explains & {*cue.explained_by})
        left = discount(
            late_only=_is_late(check, total),
            near_max=lifter.rpe is not None and lifter.rpe >= NEAR_MAX_RPE,
            explained=explained,
        )
        observations.append(replace(seen, discount=left, challenged=hard))
    observations += _standing(posture, footage)
    given = tuple(observations)
    faults = {c.rule.id: c.rule.weight * fault_share(c) for c in checks if c.severity.is_fault}
    told = Context(
        sides=tuple(sides),
        faults=faults,
        shin_explains=shin_explains,
        pain=lifter.pain,
        film_from=_film_from(checks, lifter),
        whole_set=total >= WHOLE_SET,
    )
    flagged = {cue.id: check.reps_flagged for cue, _, check in found}
    unchecked = _unchecked(checks, given, lifter)
    return replace(_judge(given, given, flagged, told, posture), unchecked=unchecked)


def judge_lifter(
    observations: Iterable[CueObservation],
    /,
    *,
    unchecked: Iterable[str] = (),
    sides: Sequence[SideDifference] = (),
    faults: Mapping[str, float] | None = None,
    shin_explains: bool = False,
    pain: bool = False,
    reps: int = 0,
) -> UpperBack:
    """The finding over several clips and lifts of one person.

    Parameters
    ----------
    observations
        `UpperBack.observations` of every clip.
    unchecked
        `UpperBack.unchecked` of every clip; what another clip shows is not among them.
    sides
        Left against right over the clips (`formcheck.upper_back.summary.agreed`).
    faults
        Rules with a fault that costs points, and what each weighs over the clips.
    shin_explains
        Whether upright shins explain a forward lean in a squat.
    pain
        Whether the lifter said that something hurts.
    reps
        Of the longest set.
    """
    given = tuple(observations)
    told = Context(
        sides=tuple(sides),
        faults=faults or {},
        shin_explains=shin_explains,
        pain=pain,
        whole_set=reps >= WHOLE_SET,
    )
    left = {*unchecked} - {seen.cue for seen in given}
    found = _judge(given, merge_clips(given), {}, told)
    return replace(found, unchecked=tuple(name for name in cue_table().cues if name in left))


# --- from verdicts to observations --------------------------------------------------

Fed = tuple["Cue", CueObservation, "SetCheck"]


def _fed(checks: Iterable[SetCheck], footage: Footage, lifter: Lifter) -> list[Fed]:
    bar = None if lifter.bar is None else lifter.bar.value
    return [
        (cue, seen, check)
        for check in checks
        for cue in cue_table().fed_by(check.rule.id, bar=bar)
        if (seen := observe(check, cue.id, footage)) is not None
    ]


def _film_from(checks: Iterable[SetCheck], lifter: Lifter) -> tuple[str, ...]:
    """Groups of views that most signs of the lift are seen from; none if one can be seen here."""
    bar = None if lifter.bar is None else lifter.bar.value
    feeding = [check for check in checks if cue_table().fed_by(check.rule.id, bar=bar)]
    wrong = [c.reason for c in feeding if c.reason and c.reason.code is ReasonCode.WRONG_VIEW]
    if not wrong or len(wrong) < len(feeding):
        return ()
    return Counter(reason.views for reason in wrong).most_common(1)[0][0]


def _unchecked(
    checks: Iterable[SetCheck], observations: Iterable[CueObservation], lifter: Lifter
) -> tuple[str, ...]:
    """Signs that the rules of this lift feed and that none of them could judge."""
    table, bar = cue_table(), None if lifter.bar is None else lifter.bar.value
    wanted = {cue.id for check in checks for cue in table.fed_by(check.rule.id, bar=bar)}
    left = wanted - {seen.cue for seen in observations}
    return tuple(
        name for name, cue in table.cues.items() if name in left and table.groups[cue.group].counted
    )


def _strongest(fed: Iterable[Fed]) -> list[Fed]:
    """One observation per cue: of several rules the most severe counts."""
    best: dict[str, Fed] = {}
    for one in fed:
        own = best.get(one[0].id)
        if own is None or _rank(one[1]) > _rank(own[1]):
            best[one[0].id] = one
    return list(best.values())


def _rank(seen: CueObservation) -> tuple[float, float]:
    return seen.severity * seen.effective_persistence, seen.quality


def _tired(checks: Iterable[SetCheck]) -> bool:
    """Whether speed or range was lost over the set: then it was hard, whatever else is known."""
    return any(c.rule.over_set in ("loss", "fall") and c.severity.is_fault for c in checks)


def _is_late(check: SetCheck, total: int) -> bool:
    """Whether only the last third of a set shows it; a change over the set always does."""
    if check.rule.over_set is not None or not check.reps_flagged:
        return False
    return min(check.reps_flagged) > LATE * total


def _standing(posture: Posture, footage: Footage) -> list[CueObservation]:
    """Standing still as observations; a second of it stands for a repetition."""
    seen = []
    for check in posture.checks:
        if check.severity is Severity.NOT_ASSESSED:
            continue
        worth = quality(
            1.0, footage.visibility, footage.rate_hz, posture.seconds, needs_speed=False
        )
        fed = cue_table().fed_by(check.rule.id)
        seen += [_stood(cue.id, check, worth, posture.seconds) for cue in fed]
    return seen


def _stood(cue: str, check: Check, worth: float, seconds: int) -> CueObservation:
    fault = check.severity.is_fault
    severity = fault_share(check)
    return CueObservation(cue, severity, 1.0 if fault else 0.0, worth, reps=seconds)


# --- from observations to the finding -------------------------------------------------


def _judge(
    given: tuple[CueObservation, ...],
    merged: tuple[CueObservation, ...],
    flagged: dict[str, tuple[int, ...]],
    told: Context,
    posture: Posture = NOT_STANDING,
) -> UpperBack:
    evidence = combine(merged, _challenged(given))
    balance = compare_upper_lower(evidence, merged)
    context = replace(told, balance=balance)
    return UpperBack(given, evidence, flagged, balance, context, posture)


def _challenged(observations: Iterable[CueObservation]) -> dict[str, bool]:
    """Exercise to whether one of its sets was challenging."""
    table = cue_table()
    hard: dict[str, bool] = {}
    for seen in observations:
        if seen.cue in table.cues:
            exercise = table.exercise(table.cues[seen.cue])
            hard[exercise] = hard.get(exercise, False) or seen.challenged
    return hard
