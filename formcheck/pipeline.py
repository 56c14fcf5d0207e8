"""The whole way from a video to an analysis, stage by stage.

    video -> pose track -> clean track -> view, angles -> exercise -> reps
          -> measurements -> checks -> upper back

`formcheck.clip.analyze` runs all of it on a file, `analyze_track` everything after
tracking and opens no file. Each stage is a function of its own that can be
called alone.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from formcheck.analysis import UNKNOWN, Analysis, RepAnalysis
from formcheck.edits import NO_EDITS
from formcheck.exercises.detect import (
    Candidate,
    Detection,
    detect_exercise,
    find_variant,
    other_lift,
)
from formcheck.filming import judge_filming
from formcheck.kinematics.belief import PARTS, Trust, believe, made_of_short_shots
from formcheck.kinematics.draws import draws
from formcheck.kinematics.motion import measure_motion
from formcheck.kinematics.view import doubted, seen_otherwise
from formcheck.lean.excess import summarise_lean
from formcheck.lifter import NOBODY_ASKED
from formcheck.pose.cleaning import clean
from formcheck.pose.model import Quality
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.by_hand import reps_by_hand
from formcheck.reps.certainty import CountRange, count_range, same_rep, unsure_reps
from formcheck.reps.engine import FoundSet, find_set
from formcheck.rules.book import built_in_book
from formcheck.rules.computed import SetContext
from formcheck.rules.computed.lean import EXCESS, bars_of, lean_at_bottom
from formcheck.rules.computed.speed import rep_speeds, rep_velocities, velocity_loss
from formcheck.rules.evaluate import cautious, check_rep, check_set, held_share, score
from formcheck.rules.looks import judged_parts
from formcheck.rules.measure import measure_rep
from formcheck.rules.merge import STANDING
from formcheck.upper_back import Footage, judge_clip
from formcheck.upper_back.posture import judge_posture
from formcheck.upper_back.sides import compare_sides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.edits import Edits
    from formcheck.exercises.schema import Exercise
    from formcheck.filming import Filming
    from formcheck.kinematics.belief import Belief
    from formcheck.kinematics.motion import Motion
    from formcheck.lean.excess import LeanSummary
    from formcheck.lifter import Lifter
    from formcheck.pose.track import PoseTrack
    from formcheck.reps.engine import Rep
    from formcheck.rules.book import RuleBook
    from formcheck.rules.measure import Measured
    from formcheck.rules.schema import RuleSet
    from formcheck.rules.verdicts import SetCheck
    from formcheck.upper_back import UpperBack
    from formcheck.upper_back.balance import SideDifference
    from formcheck.video.light import Light

OTHER_SHOT = Reason(ReasonCode.VIEW_CHANGED)
SHORT_SHOTS = Reason(ReasonCode.SHORT_SHOTS)
UNSURE_VIEW = Reason(ReasonCode.VIEW_UNSURE)
LEAN = "trunk_lean"
"""Series whose difference between the ways is the extra lean on the way up."""


def analyze_track(
    track: PoseTrack,
    /,
    *,
    exercise: str | None = None,
    lifter: Lifter = NOBODY_ASKED,
    edits: Edits = NO_EDITS,
    book: RuleBook | None = None,
    network: Quality | None = Quality.STANDARD,
) -> Analysis:
    """Analyse a raw pose track.

    Parameters
    ----------
    track
        Raw landmarks of one lifter.
    exercise
        Identifier of the exercise; None to detect it.
    lifter
        What the user told beside the video.
    edits
        What the user set by hand, such as the repetitions; `exercise` and `lifter` win over it.
    book
        Exercises and rules; None for those that come with formcheck.
    network
        Which of formcheck's networks gave the landmarks; None for another one.

    Raises
    ------
    RuleError
        If there is no such exercise.
    UsageError
        If repetitions set by hand do not fit the track.
    """
    book = book or built_in_book()
    edits = edits.told(exercise, lifter)
    exercise, lifter = edits.exercise, replace(lifter, bar=edits.bar, load_kg=edits.load_kg)
    motion = measure_motion(clean(track), network=network)
    if exercise is None:
        detection = detect_exercise(motion, book.exercises)
        if made_of_short_shots(motion):
            detection = replace(detection, id=UNKNOWN, confidence=0.0)
        identifier = detection.id
    else:
        identifier = book.exercise(exercise).id
        detection = Detection(identifier, 1.0, (Candidate(identifier, 1.0, 0.0, 1.0),))
    if identifier == UNKNOWN:
        return Analysis(
            motion=motion,
            lifter=lifter,
            exercise=UNKNOWN,
            definition=None,
            variant=None,
            given=False,
            detection=detection,
            rules=None,
            reps=(),
            checks=(),
            score=None,
            upper_back=_upper_back(motion, lifter, book),
            belief=believe(motion, ()),
            edits=edits,
        )
    return _score(motion, identifier, detection, lifter, book, edits)


def filming_of(
    analysis: Analysis,
    /,
    *,
    people: int,
    light: Light | None = None,
    rate_hz: float | None = None,
    spans: Sequence[tuple[int, int]] = (),
) -> Filming:
    """How well an analysed clip, or what was seen of one, is filmed.

    Parameters
    ----------
    analysis
        The analysis.
    people, light, rate_hz
        As `judge_filming` takes them.
    spans
        First and last frames of what was looked at, where no repetition counts.
    """
    reps = [(r.rep.cycle.start, r.rep.cycle.end) for r in analysis.reps if r.rep.counts]
    return judge_filming(
        analysis.motion,
        analysis.belief,
        spans=reps or spans,
        rate_hz=rate_hz,
        people=people,
        light=light,
        rules=() if analysis.rules is None else analysis.rules.rule,
    )


OBLIQUE_SHARE = 0.6
"""What a view at an angle is worth for a cue, against one straight on."""


def _footage(motion: Motion) -> Footage:
    seen = motion.track.tracked
    visibility = float(motion.angles.visibility[seen].mean()) if seen.any() else 0.0
    rate_hz = motion.track.rate_hz if len(motion.track) > 1 else 0.0
    return Footage(OBLIQUE_SHARE if motion.view.is_oblique else 1.0, visibility, rate_hz)


def _upper_back(
    motion: Motion,
    lifter: Lifter,
    book: RuleBook,
    checks: Sequence[SetCheck] = (),
    sides: Sequence[SideDifference] = (),
    *,
    speed_loss: float | None = None,
    shin_explains: bool = False,
) -> UpperBack:
    return judge_clip(
        checks,
        _footage(motion),
        lifter=lifter,
        speed_loss=speed_loss,
        shin_explains=shin_explains,
        sides=sides,
        posture=judge_posture(motion, book.rules[STANDING]),
    )


def _score(
    motion: Motion,
    identifier: str,
    detection: Detection,
    lifter: Lifter,
    book: RuleBook,
    edits: Edits,
) -> Analysis:
    definition = book.exercise(identifier)
    found = _set(motion, definition, edits)
    counting = [rep for rep in found.reps if rep.counts]
    short_shots = made_of_short_shots(motion)
    left_out = [_not_of_the_set(rep, motion, short_shots=short_shots) for rep in found.reps]
    seen_alike = [
        rep for rep, why in zip(found.reps, left_out, strict=True) if rep.counts and why is None
    ] or counting
    cycles = [rep.cycle for rep in seen_alike]
    side = next((rep.side for rep in counting if rep.side is not None), None)
    at_arm = motion if side is None else motion.of_arm(side)
    variant = find_variant(at_arm, definition, cycles, lifter)
    variant_id = None if variant is None else variant.id
    context = SetContext(motion, definition, seen_alike, lifter, variant_id)
    whole_set = replace(context, reps=counting)
    rules = book.rules[identifier].for_variant(variant_id)
    reps = []
    drawn_reps, drawn_sets = _drawn(context, found.reps, rules, edits)
    for rep, drawn, why_not in zip(found.reps, drawn_reps, left_out, strict=True):
        measured = measure_rep(context.of(rep), rep, rules, drawn)
        if why_not is not None:
            measured = {n: replace(m, valid=False, reason=why_not) for n, m in measured.items()}
        checks = tuple(check_rep(measured, rules, motion.view)) if rep.counts else ()
        reps.append(RepAnalysis(rep, measured, checks, score(checks) if checks else None))
    belief = _belief(whole_set, rules, reps)
    reliable = belief.trust is not Trust.POOR
    if not reliable:
        reps = [replace(r, checks=cautious(r.checks), score=None) for r in reps]
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
    if not reliable:
        set_checks = cautious(set_checks)
    pitches_deg = _values(counted, rules.differences_of(LEAN))
    lean = _lean(context, rules, set_checks, pitches_deg)
    if belief.short_shots:
        cycles, whole_set = [], replace(whole_set, reps=())
    others = [one for one in book.exercises if one.id != identifier and not belief.short_shots]
    speeds = tuple(rep_speeds(whole_set))
    return Analysis(
        motion=motion,
        lifter=lifter,
        exercise=identifier,
        definition=definition,
        variant=variant,
        given=edits.exercise is not None,
        detection=detection,
        rules=rules,
        reps=tuple(reps),
        passed=found.passed,
        count_range=_count_range(motion, definition, found, left_out, drawn_sets, edits),
        other=other_lift(motion, others, [(r.cycle.start, r.cycle.end) for r in counting]),
        checks=set_checks,
        score=score(set_checks) if counted and reliable else None,
        upper_back=_upper_back(
            motion,
            lifter,
            book,
            set_checks,
            compare_sides(at_arm, identifier, cycles, of=len(counting)),
            speed_loss=velocity_loss(speeds),
            shin_explains=lean is not None and lean.shin_explains,
        ),
        belief=belief,
        lean=lean,
        speeds=speeds,
        velocities=tuple(rep_velocities(whole_set)),
        edits=edits,
    )


def _set(motion: Motion, definition: Exercise, edits: Edits) -> FoundSet:
    """The repetitions that were set by hand, else those that are found."""
    if edits.reps:
        return FoundSet(tuple(reps_by_hand(motion, definition, edits.reps)), ())
    return find_set(motion, definition)


def _count_range(
    motion: Motion,
    definition: Exercise,
    found: FoundSet,
    left_out: Sequence[Reason | None],
    drawn: Sequence[Sequence[Rep]],
    edits: Edits,
) -> CountRange:
    """What the count may be; that of repetitions set by hand is sure.

    Where single ones are in doubt they are named, and that they were seen from another side.
    """
    if edits.reps:
        return CountRange(len(found.reps), len(found.reps))
    counts = [sum(rep.counts for rep in reps) for reps in drawn]
    told = count_range(motion, definition, found, counts)
    unsure = unsure_reps(found.reps, drawn)
    aside = [
        why == OTHER_SHOT for rep, why in zip(found.reps, left_out, strict=True) if rep in unsure
    ]
    code = ReasonCode.VIEW_CHANGED if aside and all(aside) else ReasonCode.COUNT_UNSURE
    named = Reason(code, reps=tuple(rep.index for rep in unsure))
    doubts = tuple(named if d.code is ReasonCode.COUNT_UNSURE else d for d in told.doubts)
    return replace(told, doubts=doubts)


def _not_of_the_set(rep: Rep, motion: Motion, *, short_shots: bool) -> Reason | None:
    """Why a repetition is not measured though it was seen: its shot, view or pictures."""
    if short_shots:
        return SHORT_SHOTS
    if rep.reason is not None and rep.reason.code is ReasonCode.NO_PICTURES:
        return rep.reason
    part = motion.track.select(slice(rep.cycle.start, rep.cycle.end + 1))
    if seen_otherwise(part, motion.view, trunk_px=motion.trunk_px):
        return OTHER_SHOT
    unsure = any(doubted(seen, motion.view) for seen in (motion.track, part))
    return UNSURE_VIEW if unsure else None


def _belief(context: SetContext, rules: RuleSet, reps: Sequence[RepAnalysis]) -> Belief:
    """How far verdicts can be relied on, and which of the body parts they need are hidden."""
    motion, cycles = context.motion, [rep.cycle for rep in context.reps]
    checks = [check for rep in reps for check in rep.checks]
    parts = judged_parts(rules, context.exercise, motion.view)
    spans = [(cycle.start, cycle.end) for cycle in cycles]
    return believe(motion, spans, parts or tuple(PARTS), held_share(checks))


def _drawn(
    context: SetContext, reps: Sequence[Rep], rules: RuleSet, edits: Edits
) -> tuple[list[list[dict[str, Measured]]], list[Sequence[Rep]]]:
    """What every repetition measures in each movement that the clip may show as well.

    Repetitions are found anew in each, so that their ends scatter too; of those that were set by
    hand, the turn does where it was not set as well. They are given, too.
    """
    taken: list[list[dict[str, Measured]]] = [[] for _ in reps]
    sets: list[Sequence[Rep]] = []
    for motion in draws(context.motion) if reps else ():
        other = replace(context, motion=motion)
        found = _set(motion, context.exercise, edits).reps
        sets.append(found)
        for own, rep in zip(taken, reps, strict=True):
            own.append(measure_rep(other.of(rep), same_rep(rep, found) or rep, rules))
    return taken, sets


def _values(reps: Sequence[RepAnalysis], names: Sequence[str]) -> list[float]:
    """Measurements of each repetition that are valid there."""
    found = [r.measured[name] for r in reps for name in names if name in r.measured]
    return [one.value for one in found if one.valid]


def _lean(
    context: SetContext, rules: RuleSet, checks: Sequence[SetCheck], pitches_deg: Sequence[float]
) -> LeanSummary | None:
    """The lean of a set, None where it was not judged (the rule says why)."""
    own = [c for c in checks if c.rule.measurement in rules.computed_as(EXCESS)]
    if not any(math.isfinite(c.value) for c in own):
        return None
    found = [lean_at_bottom(context, rep) for rep in context.reps]
    known = [lean for lean in found if not isinstance(lean, Reason)]
    if not known:
        return None
    return summarise_lean(
        known,
        context.lifter,
        bars_of(context),
        pitches_deg=pitches_deg,
        flagged=any(c.severity.is_fault for c in own),
    )
