"""Weigh cues into a finding about the upper back (reference 4.3).

    cue:      weight x severity x persistence x quality x discount x clips
    group:    the strongest cue plus 0.3 of the others, capped
    evidence: sum of the groups minus what clean pulls speak against it

The finding says how much the clips look like a limiting upper back. It does not
measure strength, and every number here is judgement until tried on labelled lifters.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from formcheck.rules.merge import STANDING
from formcheck.upper_back.cues import RIVALS, Cue, CueTable, Finding, Hypothesis, cue_table
from formcheck.upper_back.library import pulls
from formcheck.upper_back.observations import GOOD_REPS, CueObservation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CLIP_BONUS = 0.15
MAX_CLIPS = 3
OTHERS_SHARE = 0.3
"""What further cues of a group add to its strongest."""
COUNTER_SHARE = 0.4
"""Share of a pull cue's weight that speaks against the finding when it is clean."""
COUNTER_QUALITY = 0.6
COUNTER_REPS = 5
MAX_COUNTER = 2.0
EASY_SET = 0.5
"""A clean set that was not challenging says half as much."""
STRONG_GROUP = 0.4
WATCH_POINTS = 1.5
WATCH_GROUP = 0.8
LIKELY_POINTS = 2.5
USABLE_QUALITY = 0.5
MIN_REPS = 3
MEDIUM_FROM = 0.4
HIGH_FROM = 0.7


class Confidence(StrEnum):
    """How much data stands behind a finding; not a probability of weakness."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True)
class CueEvidence:
    """A measured cue with the points it adds.

    Attributes
    ----------
    cue, observation
        What was looked for and what was seen.
    exercise
        The lift it was seen in.
    counted
        Whether it counts for the upper back.
    points
        What it adds to its group.
    against
        What it speaks against the finding, being looked for in a pull and not seen.
    """

    cue: Cue
    observation: CueObservation
    exercise: str
    counted: bool
    points: float
    against: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """What all cues together say.

    Attributes
    ----------
    points
        Evidence after the counter-evidence, 0 and up.
    groups
        Points of each group by identifier, those not counted included.
    hypotheses
        Points of each explanation.
    counter
        What clean rows and pull-ups speak against it.
    grade
        The finding.
    confidence, data_confidence
        From the amount and quality of the data, as a word and 0..1.
    cues
        Every measured cue, the strongest first.
    exercises
        Lifts measured well enough to count.
    alternative
        The strongest other explanation; None when no cue is shown.
    """

    points: float
    groups: Mapping[str, float]
    hypotheses: Mapping[Hypothesis, float]
    counter: float
    grade: Finding
    confidence: Confidence
    data_confidence: float
    cues: tuple[CueEvidence, ...]
    exercises: tuple[str, ...]
    alternative: Hypothesis | None

    @property
    def shown(self) -> tuple[CueEvidence, ...]:
        """Cues that add points, the strongest first."""
        return tuple(c for c in self.cues if c.points > 0)

    @property
    def leading(self) -> Hypothesis | None:
        """The explanation with most points; None when no cue is shown."""
        if not self.shown:
            return None
        return max(Hypothesis, key=lambda h: self.hypotheses[h])

    @property
    def tally(self) -> dict[str, tuple[int, int]]:
        """Per exercise: cues that count for the upper back, shown and measured."""
        own = [c for c in self.cues if c.counted]
        return {
            exercise: (
                sum(c.exercise == exercise and c.points > 0 for c in own),
                sum(c.exercise == exercise for c in own),
            )
            for exercise in sorted({c.exercise for c in own})
        }


def combine(
    observations: Iterable[CueObservation],
    challenged: Mapping[str, bool],
    /,
    table: CueTable | None = None,
) -> Evidence:
    """Weigh all cues of one lifter.

    Parameters
    ----------
    observations
        At most one per cue (`merge_clips`); those that belong only to the
        lower-back score are left out.
    challenged
        Exercise identifier to whether its sets were challenging
        (`was_challenging`); an exercise that is not named counts as easy.
    table
        The cues; None for those that come with formcheck.

    Raises
    ------
    ValueError
        If a cue is unknown or given twice.
    """
    table = table or cue_table()
    seen = _measured(observations, table, challenged)
    groups = _groups(seen, table)
    hypotheses = {h: sum(c.points * c.cue.shares.of(h) for c in seen) for h in Hypothesis}
    counter = min(MAX_COUNTER, sum(c.against for c in seen))
    counted = {name: p for name, p in groups.items() if table.groups[name].counted}
    points = max(0.0, sum(counted.values()) - counter)
    exercises = _usable(seen)
    grade = Finding.INSUFFICIENT
    if exercises and _reps(seen, exercises) >= MIN_REPS:
        grade = _grade(points, counted, hypotheses, table)
    data = _data_confidence(seen, exercises)
    alternative = max(RIVALS, key=lambda h: hypotheses[h])
    return Evidence(
        points,
        groups,
        hypotheses,
        counter,
        grade,
        _confidence(data, grade),
        data,
        tuple(sorted(seen, key=lambda c: c.points, reverse=True)),
        exercises,
        alternative if hypotheses[alternative] > 0 else None,
    )


def _measured(
    observations: Iterable[CueObservation], table: CueTable, challenged: Mapping[str, bool]
) -> tuple[CueEvidence, ...]:
    known = {part.id for part in table.lower} | set(table.cues)
    given = list(observations)
    for name, times in Counter(o.cue for o in given).items():
        if name not in known:
            raise ValueError(f"unknown cue {name!r}")
        if times > 1:
            raise ValueError(f"cue {name!r} is given {times} times; merge the clips first")
    return tuple(
        _cue_evidence(o, table, challenged) for o in given if o.quality > 0 and o.cue in table.cues
    )


def _cue_evidence(
    observed: CueObservation, table: CueTable, challenged: Mapping[str, bool]
) -> CueEvidence:
    cue = table.cues[observed.cue]
    group = table.groups[cue.group]
    points = _points(observed, cue)
    against = _against(observed, cue, group.exercise, challenged)
    return CueEvidence(cue, observed, group.exercise, group.counted, points, against)


def _points(observed: CueObservation, cue: Cue) -> float:
    clips = 1 + CLIP_BONUS * (min(observed.clips, MAX_CLIPS) - 1)
    return (
        cue.weight
        * observed.severity
        * observed.effective_persistence
        * observed.quality
        * observed.discount
        * clips
    )


def _groups(seen: Iterable[CueEvidence], table: CueTable) -> dict[str, float]:
    members: dict[str, list[float]] = {}
    for cue in seen:
        members.setdefault(cue.cue.group, []).append(cue.points)
    return {
        name: min(table.groups[name].cap, max(points) + OTHERS_SHARE * (sum(points) - max(points)))
        for name, points in members.items()
    }


def _against(
    observed: CueObservation, cue: Cue, exercise: str, challenged: Mapping[str, bool]
) -> float:
    """What a cue that was looked for in a pull and not found takes away."""
    well_measured = observed.quality >= COUNTER_QUALITY and observed.reps >= COUNTER_REPS
    if exercise not in pulls() or observed.severity > 0 or not well_measured:
        return 0.0
    return COUNTER_SHARE * cue.weight * (1.0 if challenged.get(exercise) else EASY_SET)


def _usable(seen: Iterable[CueEvidence]) -> tuple[str, ...]:
    """Lifts with a cue measured well enough; standing posture is not a lift."""
    good = {c.exercise for c in seen if c.observation.quality >= USABLE_QUALITY}
    return tuple(sorted(good - {STANDING}))


def _reps(seen: Iterable[CueEvidence], exercises: Sequence[str]) -> int:
    own = (c.observation.reps for c in seen if c.exercise in exercises)
    return max(own, default=0)


def _grade(
    points: float,
    counted: Mapping[str, float],
    hypotheses: Mapping[Hypothesis, float],
    table: CueTable,
) -> Finding:
    if points >= LIKELY_POINTS and _is_broad(counted, hypotheses, table):
        return Finding.LIKELY
    strongest = max(counted.values(), default=0.0)
    agreed = points >= WATCH_POINTS and strongest >= STRONG_GROUP
    outweighs = min(points, strongest) >= WATCH_GROUP
    return Finding.WATCH if agreed or outweighs else Finding.NONE


def _is_broad(
    counted: Mapping[str, float], hypotheses: Mapping[Hypothesis, float], table: CueTable
) -> bool:
    """Whether two lifts agree and nothing explains them better than the upper back.

    Standing posture is not a lift, so one of the two is a row or a pull-up, the
    direct test (reference 4.3).
    """
    strong = [name for name, points in counted.items() if points >= STRONG_GROUP]
    lifts = {table.groups[name].exercise for name in strong} - {STANDING}
    first = all(hypotheses[Hypothesis.UPPER_BACK] >= hypotheses[h] for h in RIVALS)
    return len(lifts) >= 2 and first


def _data_confidence(seen: Sequence[CueEvidence], exercises: Sequence[str]) -> float:
    if not seen:
        return 0.0
    measured = float(np.mean([c.observation.quality for c in seen]))
    reps = min(1.0, max(c.observation.reps for c in seen) / GOOD_REPS)
    return measured * reps * (0.5 + 0.25 * min(2, max(0, len(exercises) - 1)))


def _confidence(data: float, grade: Finding) -> Confidence:
    if data < MEDIUM_FROM:
        return Confidence.LOW
    # Signs stay at medium until the limits are validated on labelled clips, in one lift as in
    # several, so that lifts that agree never make it fall.
    signs = grade in (Finding.WATCH, Finding.LIKELY)
    return Confidence.MEDIUM if data < HIGH_FROM or signs else Confidence.HIGH
