"""The whole way from a video to an analysis, stage by stage.

    video -> pose track -> clean track -> view, angles -> exercise -> reps
          -> measurements -> checks -> upper back

`analyze` runs all of it on a file; `analyze_track` runs everything after
tracking and opens no file. Each stage is a function of its own that can be
called alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.exercises.detect import Candidate, Detection, detect_exercise
from formcheck.exercises.library import built_in_exercises, get_exercise
from formcheck.kinematics.motion import measure_motion
from formcheck.pose.cleaning import clean
from formcheck.reps.engine import find_reps
from formcheck.rules.evaluate import check_rep, check_set, score
from formcheck.rules.library import built_in_rules
from formcheck.rules.measure import measure_rep
from formcheck.upper_back import Footage, judge_clip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.kinematics.motion import Motion
    from formcheck.pose.model import PoseModel
    from formcheck.pose.track import PoseTrack
    from formcheck.pose.tracker import TrackedVideo, TrackSettings
    from formcheck.reps.engine import Rep
    from formcheck.rules.evaluate import Check, SetCheck
    from formcheck.rules.measure import Measured
    from formcheck.rules.schema import RuleSet
    from formcheck.upper_back import UpperBack

UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class RepAnalysis:
    """A repetition with its measurements, verdicts and score."""

    rep: Rep
    measured: Mapping[str, Measured]
    checks: tuple[Check, ...]
    score: float | None


@dataclass(frozen=True, eq=False)
class Analysis:
    """Everything found out about one lifter's movement.

    `exercise` is an identifier or "unknown"; `given` tells whether the user
    named it. `rules` is None, and `reps` empty, when the exercise is unknown.
    """

    motion: Motion
    exercise: str
    given: bool
    detection: Detection
    rules: RuleSet | None
    reps: tuple[RepAnalysis, ...]
    checks: tuple[SetCheck, ...]
    score: float | None
    upper_back: UpperBack

    @property
    def rep_count(self) -> int:
        """Full and partial repetitions."""
        return sum(r.rep.counts for r in self.reps)


@dataclass(frozen=True, eq=False)
class ClipAnalysis:
    """An analysed video: the file's facts, the tracked lifter and the analysis."""

    tracked: TrackedVideo
    model: PoseModel
    settings: TrackSettings
    analysis: Analysis


def analyze_track(track: PoseTrack, /, *, exercise: str | None = None) -> Analysis:
    """Analyse a raw pose track.

    Parameters
    ----------
    track
        Raw landmarks of one lifter.
    exercise
        Identifier of the exercise; None to detect it.

    Raises
    ------
    RuleError
        If there is no such exercise.
    """
    motion = measure_motion(clean(track))
    if exercise is None:
        detection = detect_exercise(motion, built_in_exercises())
        identifier = detection.id
    else:
        identifier = get_exercise(exercise).id
        detection = Detection(identifier, 1.0, (Candidate(identifier, 1.0, 0.0, 1.0),))
    if identifier == UNKNOWN:
        upper_back = judge_clip((), _footage(motion))
        return Analysis(motion, UNKNOWN, False, detection, None, (), (), None, upper_back)
    return _score(motion, identifier, detection, given=exercise is not None)


OBLIQUE_SHARE = 0.6
"""What a view at an angle is worth for a cue, against one straight on."""


def _footage(motion: Motion) -> Footage:
    seen = motion.track.tracked
    visibility = float(motion.angles.visibility[seen].mean()) if seen.any() else 0.0
    rate_hz = motion.track.rate_hz if len(motion.track) > 1 else 0.0
    return Footage(OBLIQUE_SHARE if motion.view.is_oblique else 1.0, visibility, rate_hz)


def _score(motion: Motion, identifier: str, detection: Detection, *, given: bool) -> Analysis:
    definition, rules = get_exercise(identifier), built_in_rules(identifier)
    reps = []
    for rep in find_reps(motion, definition):
        measured = measure_rep(motion, definition, rep, rules)
        checks = tuple(check_rep(measured, rules, motion.view)) if rep.counts else ()
        reps.append(RepAnalysis(rep, measured, checks, score(checks) if checks else None))
    counted = [r for r in reps if r.rep.counts]
    set_checks = tuple(
        check_set(
            [r.measured for r in counted],
            [r.checks for r in counted],
            [r.rep.index for r in counted],
            rules,
            motion.view,
        )
    )
    total = score(set_checks) if counted else None
    return Analysis(
        motion,
        identifier,
        given,
        detection,
        rules,
        tuple(reps),
        set_checks,
        total,
        judge_clip(set_checks, _footage(motion)),
    )
