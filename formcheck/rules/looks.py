"""What a measurement looks at: which body parts, in which part of a repetition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from formcheck.kinematics.belief import part_doubts
from formcheck.kinematics.series import SERIES
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.features import instant_frames, window_frames
from formcheck.rules.computed import COMPUTED
from formcheck.rules.computed.registry import SIGNAL, SPEED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from formcheck.exercises.schema import Exercise, Feature
    from formcheck.kinematics.motion import Motion
    from formcheck.kinematics.view import View
    from formcheck.reps.cycles import Cycle
    from formcheck.rules.schema import Measurement, RuleSet

    Floats = NDArray[np.float64]

MOST = 0.5
"""A part is unseen when it is not believed in more than this share of what is looked at."""
When = Literal["start", "turn", "end", "rest", "eccentric", "concentric", "rep"]
"""An instant of a repetition, or a window of `formcheck.exercises.schema.Window`."""


@dataclass(frozen=True, eq=False)
class Look:
    """Body parts that have to be seen in some frames, and which part of the repetition it is."""

    parts: tuple[str, ...]
    when: When
    frames: NDArray[np.intp]


def looks(t_s: Floats, cycle: Cycle, what: Measurement, exercise: Exercise, /) -> Iterator[Look]:
    """What a measurement looks at in one repetition.

    Parameters
    ----------
    t_s
        Shape (T,), seconds.
    cycle
        The repetition.
    what
        The measurement.
    exercise
        Its exercise, for measurements of its signal and speed.
    """
    if what.built_in is not None:
        found = {part: None for name in _series_of(what, exercise) for part in SERIES[name].parts}
        window = COMPUTED[what.built_in].window
        yield Look(tuple(found), window, window_frames(cycle, window))
    elif what.concentric_minus_eccentric is not None:
        parts = SERIES[what.concentric_minus_eccentric].parts
        yield Look(parts, "rep", window_frames(cycle, "rep"))
    for feature in (what.feature, what.minus, what.over):
        if feature is not None:
            yield _look_of(t_s, cycle, feature)


def lacks_half(t_s: Floats, cycle: Cycle, what: Measurement, exercise: Exercise, /) -> bool:
    """Whether a measurement looks at a half of the repetition that is not there.

    What compares both halves does, and what looks at where a missing one begins or ends.
    """
    if not cycle.missing:
        return False
    if what.concentric_minus_eccentric is not None:
        return True
    outer = ("start" if half == cycle.starts else "end" for half in cycle.missing)
    gone = {*cycle.missing, *outer, "rest", "turn" if len(cycle.missing) > 1 else "rest"}
    return any(look.when in gone for look in looks(t_s, cycle, what, exercise))


def hidden_reason(motion: Motion, cycle: Cycle, what: Measurement, exercise: Exercise, /) -> Reason:
    """Why a measurement would be a guess: which of its body parts are not seen, and when.

    They are those that are not believed in most of what it looks at, else the one whose
    place is known worst. What the edge of the picture cuts off is a fact, and goes first.
    """
    doubts = [
        (look, part, doubt)
        for look in looks(motion.t_s, cycle, what, exercise)
        for part, doubt in part_doubts(motion, look.frames).items()
    ]
    outside = tuple(dict.fromkeys(part for _, part, doubt in doubts if doubt.outside))
    found = [(look.when, part, doubt) for look, part, doubt in doubts if part in look.parts]
    named = (
        [one for one in found if one[2].outside]
        or [one for one in found if one[2].share > MOST]
        or [max(found, key=lambda o: o[2].error)]
    )
    return _unseen(motion, exercise, [(when, part) for when, part, _ in named], outside)


def cut_reason(
    motion: Motion, cycle: Cycle, what: Measurement, exercise: Exercise, at: int, /
) -> Reason | None:
    """Why a measurement would be a guess: which of its parts the picture's edge cuts off.

    In most of what it looks at, or where an extreme of it was read: there the true one may lie
    outside. None where no part is cut off. A network continues a body beyond the edge as if it
    were seen, and does not waver, so that how the landmarks scatter does not tell.

    Parameters
    ----------
    motion, cycle, what, exercise
        The clip, the repetition and the measurement.
    at
        Frame at which it was read.
    """
    extreme = what.feature is not None and what.feature.stat in ("min", "max")
    named = []
    for look in looks(motion.t_s, cycle, what, exercise):
        frames = instant_frames(motion.t_s, at) if extreme else look.frames
        doubts = part_doubts(motion, frames)
        named += [(look.when, part) for part in look.parts if doubts[part].outside]
    return _unseen(motion, exercise, named, [part for _, part in named]) if named else None


def _unseen(
    motion: Motion,
    exercise: Exercise,
    named: Sequence[tuple[When, str]],
    outside: Sequence[str],
) -> Reason:
    whens = {when for when, _ in named}
    when = whens.pop() if len(whens) == 1 else "rep"
    return Reason(
        ReasonCode.HIDDEN,
        view=motion.view.label.value,
        parts=tuple(dict.fromkeys(part for _, part in named)),
        when={"turn": exercise.turning_point, "rep": ""}.get(when, when),
        outside=tuple(dict.fromkeys(outside)),
    )


def judged_parts(rules: RuleSet, exercise: Exercise, view: View, /) -> frozenset[str]:
    """Body parts that the rules which a view allows rest on."""
    names = {rule.measurement for rule in rules.rule if view.label.group in rule.views}
    series = (_series_of(rules.named(name), exercise) for name in names)
    return frozenset(part for found in series for name in found for part in SERIES[name].parts)


def _series_of(what: Measurement, exercise: Exercise) -> Iterator[str]:
    """The series that a measurement rests on."""
    if what.built_in is not None:
        speed = exercise.speed
        own = {SIGNAL: exercise.signal.series, SPEED: None if speed is None else speed.series}
        for name in COMPUTED[what.built_in].rests_on:
            series = own.get(name, name)
            if series is not None:
                yield series
    elif what.concentric_minus_eccentric is not None:
        yield what.concentric_minus_eccentric
    for feature in (what.feature, what.minus, what.over):
        if feature is not None:
            yield feature.series


def _look_of(t_s: Floats, cycle: Cycle, feature: Feature) -> Look:
    parts = SERIES[feature.series].parts
    instants: dict[str, When] = {"at_start": "start", "at_turn": "turn", "at_end": "end"}
    if feature.stat in instants:
        when = instants[feature.stat]
        return Look(parts, when, instant_frames(t_s, getattr(cycle, when)))
    return Look(parts, feature.window, window_frames(cycle, feature.window))
