"""What an annotated video says and when, and which angles it draws beside the skeleton."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.angles import AngleSource
from formcheck.kinematics.view import ViewLabel
from formcheck.lean.proportions import needed_lean_series
from formcheck.pose import landmarks
from formcheck.reps.features import window_frames
from formcheck.rules.computed import SetContext
from formcheck.rules.computed.lean import bars_of
from formcheck.rules.evaluate import fault_share
from formcheck.words.language import _, decimal, later
from formcheck.words.severity import ORDER, Severity, grade_words, verdict_words
from formcheck.words.text import amount, counted, lower_first

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from formcheck.analysis import Analysis, RepAnalysis
    from formcheck.exercises.schema import Window
    from formcheck.kinematics.motion import Motion
    from formcheck.reps.cycles import Cycle, Half
    from formcheck.reps.engine import Rep
    from formcheck.rules.schema import Rule
    from formcheck.rules.verdicts import Check, SetCheck

    Floats = NDArray[np.float64]

BEFORE_S, MESSAGE_S = 0.1, 1.6
"""A message appears this long before its moment, and stays in all."""
MOST_AT_ONCE = 2
SPEAK_FOR_THEMSELVES = ("deg", "s")
"""Units of values that need no word of what they are beside the fault's title."""
MOST_REPLAYS = 3
APART_S = 1.5
"""Moments nearer to each other than this are seen again together."""
JOINTS = {
    "knee": ("hip", "knee", "ankle"),
    "hip": ("shoulder", "hip", "knee"),
    "elbow": ("shoulder", "elbow", "wrist"),
}
MOVES_DEG = 35.0
"""A joint that bends less than this in a repetition is not what the lift is about."""
MOST_JOINTS = 2
WAYS: Mapping[Half, str] = {
    "eccentric": later("down {seconds} s"),
    "concentric": later("up {seconds} s"),
}
LEANS_DEG, SWAYS_DEG = 15.0, 20.0
"""The trunk is shown when it leans or sways more than this."""


@dataclass(frozen=True)
class Message:
    """A fault at its moment.

    Attributes
    ----------
    at_s, start_s, end_s
        When it happens and when it is shown, seconds of the clip.
    title, detail
        Two lines.
    severity
        Grade.
    parts
        Parts of the body that it is seen in.
    """

    at_s: float
    start_s: float
    end_s: float
    title: str
    detail: str
    severity: Severity
    parts: frozenset[str]


@dataclass(frozen=True)
class Headline:
    """The repetition panel at a time: up to three lines and a grade, None if undecided."""

    lines: tuple[str, ...]
    severity: Severity | None


@dataclass(frozen=True, eq=False)
class Story:
    """Everything that is said over a clip.

    Attributes
    ----------
    title
        The exercise.
    reps
        Those that count, in order.
    messages
        In order of time, never more than `MOST_AT_ONCE` at once.
    replays
        Moments to see again, in order of time, seconds.
    """

    title: str
    reps: tuple[RepAnalysis, ...]
    messages: tuple[Message, ...]
    replays: tuple[float, ...]
    grades: tuple[Severity, ...]

    def headline(self, t_s: float) -> Headline:
        """What the repetition panel shows at a time."""
        begun = [n for n, r in enumerate(self.reps) if r.rep.start_s <= t_s]
        if not begun:
            total = counted(len(self.reps), "{n} rep", "{n} reps")
            return Headline((self.title, total) if self.reps else (self.title,), None)
        number = begun[-1]
        rep = self.reps[number].rep
        top = _("Rep {rep} / {total}").format(rep=number + 1, total=len(self.reps))
        tempo = self._tempo(rep, min(t_s, rep.end_s))
        if t_s > rep.end_s:
            grade = self.grades[number]
            return Headline(_lines(top, verdict_words(grade), tempo), grade)
        phase = next((_(p.name) for p in rep.phases if p.start_s <= t_s <= p.end_s), "")
        return Headline(_lines(top, phase, tempo), None)

    def _tempo(self, rep: Rep, now_s: float) -> str:
        """Seconds of each half so far; of one that the clip cuts off nothing is known."""
        first = rep.cycle.starts
        second: Half = "eccentric" if first == "concentric" else "concentric"
        timed = [(first, rep.start_s, min(now_s, rep.turn_s))]
        if now_s > rep.turn_s:
            timed.append((second, rep.turn_s, now_s))
        return "   ".join(
            _(WAYS[half]).format(seconds=decimal(max(0.0, end_s - start_s), 1))
            for half, start_s, end_s in timed
            if half not in rep.cycle.missing
        )

    def widest(self) -> tuple[str, ...]:
        """Lines as long as any that the panel shows."""
        phases = {_(p.name) for r in self.reps for p in r.rep.phases}
        words = {verdict_words(grade) for grade in self.grades}
        total = len(self.reps)
        longest = "   ".join(_(way).format(seconds=decimal(88.8, 1)) for way in WAYS.values())
        tempo = longest if self.reps else ""
        top = _("Rep {rep} / {total}").format(rep=total, total=total)
        return (top, self.title, tempo, *phases, *words)

    def shown(self, t_s: float) -> list[Message]:
        """Messages to show at a time."""
        return [m for m in self.messages if m.start_s <= t_s < m.end_s]


def _lines(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def tell(analysis: Analysis, /, *, start_s: float = 0.0) -> Story:
    """The story of an analysis.

    Parameters
    ----------
    analysis
        Of the clip.
    start_s
        First second that is shown.

    Notes
    -----
    A fault is shown in a repetition when the rule is flagged for the whole set,
    so the video says what the report says.
    """
    reps = tuple(r for r in analysis.reps if r.rep.counts)
    flagged = {c.rule.id: c for c in analysis.checks if c.severity.is_fault and c.rule.weight > 0}
    rules = analysis.rules
    measures = {
        name: "" if rules is None else _(rules.named(check.rule.measurement).named_short)
        for name, check in flagged.items()
    }
    messages = [
        _message(check.rule, measures[check.rule.id], check, _moment(check, rep))
        for rep in reps
        for check in rep.checks
        if check.rule.id in flagged and check.severity.is_fault
    ]
    messages += [
        _message(
            check.rule,
            measures[check.rule.id],
            check,
            by_number[check.reps_flagged[-1]].rep.end_s,
        )
        for by_number in [{r.rep.index: r for r in reps}]
        for check in flagged.values()
        if check.rule.over_set is not None and check.reps_flagged
    ]
    definition = analysis.definition
    return Story(
        title=_("Exercise not recognised") if definition is None else _(definition.title),
        reps=reps,
        messages=_few_at_once(messages),
        replays=_replays(reps, list(flagged.values()), start_s),
        grades=tuple(_worst(r, flagged) for r in reps),
    )


def _moment(check: Check, rep: RepAnalysis) -> float:
    at_s = check.at_s
    return rep.rep.turn_s if at_s is None or not math.isfinite(at_s) else at_s


def _message(rule: Rule, measures: str, check: Check | SetCheck, at_s: float) -> Message:
    """A fault in two lines; a share says of what it is."""
    value = amount(check.value, check.unit, with_part=False)
    start = at_s - BEFORE_S
    own = check.unit in SPEAK_FOR_THEMSELVES
    detail = (_("{grade}, {value}") if own else _("{grade}, {what} {value}")).format(
        grade=grade_words(check.severity), what=lower_first(measures), value=value
    )
    return Message(
        at_s, start, start + MESSAGE_S, _(rule.title), detail, check.severity, frozenset(rule.body)
    )


def _few_at_once(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The worst first, as long as there is room; then in order of time."""
    kept: list[Message] = []
    for message in sorted(messages, key=lambda m: (-ORDER(m.severity), m.start_s)):
        beside = [m for m in kept if m.start_s < message.end_s and message.start_s < m.end_s]
        if len(beside) < MOST_AT_ONCE:
            kept.append(message)
    return tuple(sorted(kept, key=lambda m: m.start_s))


def _worst(rep: RepAnalysis, flagged: dict[str, SetCheck]) -> Severity:
    judged = [c for c in rep.checks if c.severity is not Severity.NOT_ASSESSED]
    if not judged:
        return Severity.NOT_ASSESSED
    faults = [c.severity for c in judged if c.rule.id in flagged]
    return max(faults, key=ORDER, default=Severity.OK)


def _replays(
    reps: Sequence[RepAnalysis], flagged: Sequence[SetCheck], start_s: float
) -> tuple[float, ...]:
    """The worst moment of each of the worst rules; near ones are one."""
    moments: list[float] = []
    for verdict in sorted(flagged, key=lambda c: -c.rule.weight * fault_share(c)):
        own = [
            (fault_share(c), _moment(c, r))
            for r in reps
            for c in r.checks
            if c.rule.id == verdict.rule.id and c.severity.is_fault
        ]
        at_s = max(own, default=(0.0, math.nan))[1]
        near = any(abs(at_s - other) < APART_S for other in moments)
        if math.isfinite(at_s) and at_s >= start_s and not near:
            moments.append(at_s)
    return tuple(sorted(moments[:MOST_REPLAYS]))


@dataclass(frozen=True, eq=False)
class JointAngle:
    """A joint whose flexion is shown.

    Attributes
    ----------
    chain
        Landmark numbers: from one end over the joint to the other.
    degrees
        Shape (T,).
    """

    chain: tuple[int, int, int]
    degrees: Floats


@dataclass(frozen=True, eq=False)
class Measures:
    """What is drawn beside the skeleton.

    Attributes
    ----------
    joints
        Joints with an angle.
    lean
        Shape (T,): trunk lean in degrees; None when it tells nothing.
    band
        Shape (T, 2): lowest and highest lean that the lifter's build needs; None
        where it cannot be told.
    trail
        Shape (T, 2): the point whose path is shown, pixels; None for no exercise.
    """

    joints: tuple[JointAngle, ...] = ()
    lean: Floats | None = None
    band: Floats | None = None
    trail: Floats | None = None


def choose_measures(analysis: Analysis, /) -> Measures:
    """What to draw for this exercise, view and set."""
    motion = analysis.motion
    cycles = [r.rep.cycle for r in analysis.reps if r.rep.counts]
    if not cycles or analysis.definition is None:
        return Measures()
    part = analysis.definition.trail
    sides = (motion.arm,) if part == "wrist" and motion.arm != "both" else landmarks.SIDES
    if motion.view.is_side and part == "wrist" and motion.arm == "both":
        sides = (motion.view.near_side,)
    trail = np.mean([motion.track.point(part, side) for side in sides], axis=0)
    lean = motion.angles["trunk_lean"] if _lean_tells(motion, cycles) else None
    band = None
    if motion.view.is_side and analysis.lean is not None and lean is not None:
        band = _needed(analysis, cycles)
    return Measures(_joints(motion, cycles), lean, band, np.asarray(trail))


def _frames(cycles: list[Cycle], window: Window = "rep") -> NDArray[np.intp]:
    return np.concatenate([window_frames(cycle, window) for cycle in cycles])


def _joints(motion: Motion, cycles: list[Cycle]) -> tuple[JointAngle, ...]:
    """The joints that bend most, read where the picture shows their bend."""
    straight_on = motion.view.label in (ViewLabel.FRONT, ViewLabel.BACK)
    sides = landmarks.SIDES if straight_on else (motion.view.near_side,)
    arm = motion.view.near_side if motion.arm == "both" else motion.arm
    frames, found = _frames(cycles), []
    for joint, names in JOINTS.items():
        for side in sides if straight_on or joint != "elbow" else (arm,):
            column = f"{joint}_flexion_{side}"
            values = motion.angles[column]
            foreshortened = motion.angles.sources[column] is AngleSource.WORLD
            bend = _travel(values[frames])
            if bend >= MOVES_DEG and not (straight_on and foreshortened):
                chain = [landmarks.index(name, side) for name in names]
                angle = JointAngle((chain[0], chain[1], chain[2]), values)
                found.append((bend, angle))
    found.sort(key=lambda one: -one[0])
    return tuple(angle for _, angle in found[:MOST_JOINTS])


def _travel(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.ptp(np.percentile(known, [5, 95]))) if len(known) else 0.0


def _lean_tells(motion: Motion, cycles: list[Cycle]) -> bool:
    if motion.view.label in (ViewLabel.FRONT, ViewLabel.BACK, ViewLabel.UNKNOWN):
        return False
    values = motion.angles["trunk_lean"][_frames(cycles)]
    known = values[np.isfinite(values)]
    return bool(len(known)) and (
        abs(float(np.median(known))) > LEANS_DEG or _travel(values) > SWAYS_DEG
    )


def _needed(analysis: Analysis, cycles: list[Cycle]) -> Floats | None:
    if analysis.definition is None:
        return None
    reps = [r.rep for r in analysis.reps if r.rep.counts]
    variant = None if analysis.variant is None else analysis.variant.id
    context = SetContext(analysis.motion, analysis.definition, reps, analysis.lifter, variant)
    low, high = needed_lean_series(
        analysis.motion,
        _frames(cycles, "turn"),
        _frames(cycles, "rest"),
        bars=bars_of(context),
        load_share=analysis.lifter.load_share,
    )
    inside = np.zeros(len(low), dtype=bool)
    inside[_frames(cycles)] = True
    band = np.stack([low, high], axis=1)
    band[~inside] = np.nan
    return band if np.isfinite(band).any() else None
