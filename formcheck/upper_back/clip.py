"""The upper-back finding: from the sets' verdicts to cues, evidence and advice.

One clip shows one lift, so its finding is never more than "watch": "likely" asks
for two lifts that agree, which `judge_lifter` looks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.rules.evaluate import Severity, severity_share
from formcheck.upper_back.advice import Context, advise
from formcheck.upper_back.balance import compare_upper_lower
from formcheck.upper_back.cues import cue_table
from formcheck.upper_back.evidence import combine
from formcheck.upper_back.observations import CueObservation, merge_clips, quality

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from formcheck.rules.evaluate import SetCheck
    from formcheck.upper_back.advice import Guidance
    from formcheck.upper_back.balance import UpperLower
    from formcheck.upper_back.evidence import Evidence

SECONDS = "s"
"""Measurements in this unit need a good frame rate."""


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
    guidance
        What to do, and the safety wording.
    """

    observations: tuple[CueObservation, ...]
    evidence: Evidence
    flagged: dict[str, tuple[int, ...]]
    balance: UpperLower | None
    guidance: Guidance


def observe(check: SetCheck, cue: str, footage: Footage, /) -> CueObservation | None:
    """A set's verdict as an observation of a cue; None when it was not assessed."""
    if check.severity is Severity.NOT_ASSESSED or not check.reps_assessed:
        return None
    fault = check.severity.is_fault
    rule = check.rule
    share = len(check.reps_flagged) / check.reps_assessed
    return CueObservation(
        cue,
        severity=severity_share(check.value, rule.limits, rule.better) if fault else 0.0,
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


def judge_clip(checks: Sequence[SetCheck], footage: Footage, /) -> UpperBack:
    """The finding of one clip.

    Parameters
    ----------
    checks
        The verdicts on the set; empty when the exercise is unknown.
    footage
        How well the clip shows the lifter.
    """
    table = cue_table()
    observations: list[CueObservation] = []
    flagged: dict[str, tuple[int, ...]] = {}
    for check in checks:
        for cue in table.fed_by(check.rule.id):
            seen = observe(check, cue.id, footage)
            if seen is not None:
                observations.append(seen)
                flagged[cue.id] = check.reps_flagged
    return _judge(tuple(observations), tuple(observations), flagged)


def judge_lifter(observations: Iterable[CueObservation], /) -> UpperBack:
    """The finding over several clips and lifts of one person.

    Parameters
    ----------
    observations
        `UpperBack.observations` of every clip.
    """
    given = tuple(observations)
    return _judge(given, merge_clips(given), {})


def _judge(
    given: tuple[CueObservation, ...],
    merged: tuple[CueObservation, ...],
    flagged: dict[str, tuple[int, ...]],
) -> UpperBack:
    evidence = combine(merged, {})
    balance = compare_upper_lower(evidence, merged)
    return UpperBack(given, evidence, flagged, balance, advise(evidence, Context(balance=balance)))
