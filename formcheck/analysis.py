"""What an analysis found: one lifter's movement, and the video it was seen in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.edits import NO_EDITS, Edits
from formcheck.reps.certainty import NOTHING_COUNTED, CountRange
from formcheck.rules.computed.speed import RepSpeed, velocity_loss

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.exercises.detect import Detection, OtherLift
    from formcheck.exercises.schema import Exercise, Variant
    from formcheck.kinematics.belief import Belief
    from formcheck.kinematics.motion import Motion
    from formcheck.lean.excess import LeanSummary
    from formcheck.lifter import Lifter
    from formcheck.pose.model import PoseModel
    from formcheck.pose.tracker import TrackedVideo, TrackSettings
    from formcheck.reps.engine import Passed, Rep
    from formcheck.rules.book import RuleBook
    from formcheck.rules.computed import Computed
    from formcheck.rules.measure import Measured
    from formcheck.rules.schema import RuleSet
    from formcheck.rules.verdicts import Check, SetCheck
    from formcheck.upper_back import UpperBack
    from formcheck.video.light import Light

UNKNOWN = "unknown"
"""The identifier of an exercise that was not recognised."""


@dataclass(frozen=True, eq=False)
class RepAnalysis:
    """A repetition with its measurements, verdicts and score."""

    rep: Rep
    measured: Mapping[str, Measured]
    checks: tuple[Check, ...]
    score: float | None


@dataclass(frozen=True, eq=False, repr=False)
class Analysis:
    """Everything found out about one lifter's movement.

    `exercise` is an identifier or "unknown"; `given` tells whether the user
    named it. `definition` and `rules` are None, and `reps` empty, when the
    exercise is unknown; `rules` are those that apply to the variant. `lean` is how far
    a squat leans against what the lifter's build needs, where that can be judged.
    `belief` says how far the tracking can be relied on in the repetitions that count.
    `speeds` are the mean upward speeds of the repetitions that count, arm lengths per
    second; `velocities` the same in metres per second. `passed` are movements before and
    after the set that are no repetitions, with the reasons, `count_range` is how many repetitions
    there may be; `other` is another exercise that fills a part of the clip. `edits` is what was
    set by hand, whichever way it was told.
    """

    motion: Motion
    lifter: Lifter
    exercise: str
    definition: Exercise | None
    variant: Variant | None
    given: bool
    detection: Detection
    rules: RuleSet | None
    reps: tuple[RepAnalysis, ...]
    checks: tuple[SetCheck, ...]
    score: float | None
    upper_back: UpperBack
    belief: Belief
    lean: LeanSummary | None = None
    speeds: tuple[RepSpeed, ...] = ()
    velocities: tuple[Computed, ...] = ()
    passed: tuple[Passed, ...] = ()
    count_range: CountRange = NOTHING_COUNTED
    other: OtherLift | None = None
    edits: Edits = NO_EDITS

    def __repr__(self) -> str:
        score = "no score" if self.score is None else f"score {self.score:.0f}"
        reps = "1 rep" if self.rep_count == 1 else f"{self.rep_count} reps"
        return f"<Analysis: {self.exercise}, {reps}, {score}>"

    @property
    def speed_loss(self) -> float | None:
        """Share of the fastest repetition's speed that the last one lacks; None if unknown."""
        return velocity_loss(self.speeds)

    @property
    def rep_count(self) -> int:
        """Full and partial repetitions."""
        return sum(r.rep.counts for r in self.reps)


@dataclass(frozen=True, eq=False, repr=False)
class AnalysedClip:
    """An analysed video: the file's facts, the tracked lifter and the analysis.

    `light` is how the body looks in the pictures, where tracking is not good and they were
    looked at for a cause.
    """

    tracked: TrackedVideo
    model: PoseModel
    settings: TrackSettings
    book: RuleBook
    analysis: Analysis
    light: Light | None = None
