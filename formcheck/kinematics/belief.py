"""Which body parts are believed, when, and how far the tracking of a clip can be relied on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.series.arms import ARM_CHAIN
from formcheck.kinematics.series.registry import body_sides, working_arms
from formcheck.pose import landmarks
from formcheck.pose.belief import beyond_edge
from formcheck.signals import runs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Frames = slice | NDArray[np.intp]

PARTS: Mapping[str, tuple[str, ...]] = {
    "head": ("ear",),
    "shoulder": ("shoulder",),
    "elbow": ("elbow",),
    "wrist": ("wrist",),
    "hip": ("hip",),
    "knee": ("knee",),
    "ankle": ("ankle",),
    "foot": ("heel", "foot_index"),
}
"""Body parts as a coach names them, and their landmarks."""
INWARDS: Mapping[str, str] = {
    "head": "shoulder",
    "wrist": "elbow",
    "foot": "ankle",
    "ankle": "knee",
    "knee": "hip",
}
"""What suffers with a part that the edge of the picture cuts off."""
MOST_ERROR = 0.10
"""A part whose error is larger, in trunk lengths, is not believed (judgement: at a thigh's
end it is seven degrees)."""
SHORTEST_S = 0.3
"""Shorter doubt is not told."""
SHORT_SHOT_S = 4.0
"""A shot that is shorter shows one repetition or none (judgement)."""
LEAST_SHOTS = 3
"""Fewer are a film of a set with a cut in it."""
GOOD, PARTLY = 0.9, 0.7
"""Shares of the parts and times that are believed, from which tracking is good, or good in
parts (judgement)."""
MOSTLY = 0.5
"""Of verdicts, fewer that hold than this are good not even in parts: most are a guess."""


class Trust(StrEnum):
    """How far the tracking of a clip can be relied on."""

    GOOD = "good"
    PARTLY = "partly"
    POOR = "poor"


@dataclass(frozen=True)
class Hidden:
    """A body part that is not believed for a while, seconds of the clip."""

    part: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Doubt:
    """Of a body part over some frames.

    Attributes
    ----------
    share
        Of the frames in which it is not believed.
    error
        Mean error, trunk lengths; infinite where it is missing.
    outside
        Whether it is at the picture's edge or outside in most of them.
    """

    share: float
    error: float
    outside: bool


@dataclass(frozen=True)
class Belief:
    """What is believed of a clip's tracking.

    Attributes
    ----------
    trust
        In a word.
    share
        Of the verdicts that hold whatever is hidden, 0..1; where nothing is judged, of body
        parts and times that are believed, NaN where nobody is seen.
    hidden
        Body parts that are not believed, in the order of time.
    doubted
        Body part -> share of the time in which it is not; 0 where it is not needed.
    outside
        Body part -> share of the time in which it or what is next to it is not, while it is at the
        picture's edge or outside.
    short_shots
        Whether the clip is cut together from short shots (`made_of_short_shots`).
    """

    trust: Trust
    share: float
    hidden: tuple[Hidden, ...]
    doubted: Mapping[str, float] = field(default_factory=dict)
    outside: Mapping[str, float] = field(default_factory=dict)
    short_shots: bool = False


def part_errors(motion: Motion, /) -> Floats:
    """Shape (parts, T): errors of `PARTS`, trunk lengths; NaN where they are not tracked.

    Of the sides that series are made of: from the side the near one, of arms the one that
    works, else the error of the mean of both.
    """
    return motion.once("errors of parts", lambda: np.array([*_part_errors(motion)]))


def _part_errors(motion: Motion) -> Iterator[Floats]:
    for part, names in PARTS.items():
        marks = _marks_of(motion, part, names)
        error = motion.clean.error_px[:, marks] / motion.trunk_px
        yield np.linalg.norm(error.max(axis=2), axis=1) / len(marks)


def _marks_of(motion: Motion, part: str, names: tuple[str, ...]) -> NDArray[np.intp]:
    """Landmarks of a part, a row for each side that counts."""
    sides = working_arms(motion) if part in ARM_CHAIN else body_sides(motion)
    return np.array([[landmarks.index(name, side) for name in names] for side in sides])


def _outside(motion: Motion) -> Mask:
    """Shape (parts, T): whether one of the part's landmarks is at the picture's edge or outside."""
    return motion.once("parts outside", lambda: np.array([*_parts_outside(motion)]))


def _parts_outside(motion: Motion) -> Iterator[Mask]:
    track = motion.track
    outside = beyond_edge(track.xy_px, track.frame_wh, trunk_px=motion.trunk_px) > 0
    for part, names in PARTS.items():
        yield np.asarray(outside[:, _marks_of(motion, part, names)].any(axis=(1, 2)))


def doubted_marks(motion: Motion, /) -> Mask:
    """Shape (T, 33): landmarks that are not believed, steady for `SHORTEST_S` at least.

    It is for showing: what is doubted does not flicker.
    """
    doubt = _doubted(motion.clean.error_px / motion.trunk_px)
    for mark in doubt.T:
        for state in (False, True):
            for first, end in runs(mark == state):
                if motion.t_s[end - 1] - motion.t_s[first] < SHORTEST_S and end - first < len(mark):
                    mark[first:end] = not state
    return doubt


def believed_by_second(motion: Motion, /) -> dict[str, Floats]:
    """Landmark -> share of the pictures of each second in which it is believed, 0..1.

    Of the landmarks of `PARTS`, on both sides. Seconds count from the start of the clip; one
    without a picture is 0, as is one in which nobody is tracked.
    """
    second = motion.t_s.astype(int)
    pictures = np.maximum(np.bincount(second), 1)
    known = ~_doubted(motion.clean.error_px / motion.trunk_px)
    return {
        f"{side}_{name}": np.bincount(second, known[:, landmarks.index(name, side)]) / pictures
        for names in PARTS.values()
        for name in names
        for side in landmarks.SIDES
    }


def part_doubts(motion: Motion, frames: Frames, /) -> dict[str, Doubt]:
    """Part -> how far it is doubted over some frames."""
    errors, outside = part_errors(motion)[:, frames], _outside(motion)[:, frames]
    found = zip(
        PARTS,
        _doubted(errors).mean(axis=1).tolist(),
        np.nan_to_num(errors, nan=np.inf).mean(axis=1).tolist(),
        (outside.mean(axis=1) > 0.5).tolist(),
        strict=True,
    )
    return {part: Doubt(*doubt) for part, *doubt in found}


def made_of_short_shots(motion: Motion, /) -> bool:
    """Whether most of the time that somebody is seen lies in shots too short for a set.

    Shots of several lifters, or of several sets, look like one movement then, and whose it
    is cannot be told. A body that the tracking leaps to begins another shot, too.
    """
    seen = motion.track.tracked
    shots = sorted({*motion.clean.breaks} - {*motion.clean.gaps})
    bounds = [0, *shots, len(seen)]
    if len(bounds) <= LEAST_SHOTS:
        return False
    times = [motion.t_s[first:end][seen[first:end]] for first, end in pairwise(bounds)]
    lasts_s = np.array([float(np.ptp(t_s)) if len(t_s) else 0.0 for t_s in times])
    seen_shots = int((lasts_s > 0).sum())
    return seen_shots >= LEAST_SHOTS and lasts_s[lasts_s < SHORT_SHOT_S].sum() > lasts_s.sum() / 2


def believe(
    motion: Motion,
    spans: Sequence[tuple[int, int]],
    /,
    parts: Collection[str] = tuple(PARTS),
    held: float | None = None,
) -> Belief:
    """How far the tracking can be relied on while something is judged.

    Parameters
    ----------
    motion
        The clip.
    spans
        First and last frames of what is judged: the repetitions. Without any, all frames in
        which the lifter is there.
    parts
        Body parts that what is judged rests on.
    held
        Share of the verdicts that hold whatever is hidden; None where nothing is judged:
        then body parts and times count.
    """
    judged = np.zeros(len(motion.t_s), dtype=bool)
    for first, last in spans:
        judged[first : last + 1] = True
    if not spans:
        judged |= motion.track.tracked | ~motion.track.tracked.any()
    errors, beyond = (dict(zip(PARTS, of(motion), strict=True)) for of in (part_errors, _outside))
    doubts = {part: _doubted(errors[part]) & judged & (part in parts) for part in PARTS}
    doubted = {part: float(doubt.sum() / judged.sum()) for part, doubt in doubts.items()}
    hidden, outside = [], {}
    for part, doubt in doubts.items():
        cut = beyond[part] & (doubt | doubts[INWARDS.get(part, part)])
        outside[part] = float(cut.sum() / judged.sum())
        for first, end in runs(doubt):
            start_s, end_s = float(motion.t_s[first]), float(motion.t_s[end - 1])
            if end_s - start_s >= SHORTEST_S:
                hidden.append(Hidden(part, start_s, end_s))
    share, least = 1 - float(np.mean([doubted[part] for part in parts])), PARTLY
    if held is not None:
        share, least = held, MOSTLY
    trust = Trust.GOOD if share >= GOOD else Trust.PARTLY if share >= least else Trust.POOR
    short_shots = made_of_short_shots(motion)
    if short_shots:
        trust = Trust.POOR
    in_order = tuple(sorted(hidden, key=lambda one: (one.start_s, one.part)))
    return Belief(trust, share, in_order, doubted, outside, short_shots)


def _doubted(error: Floats) -> Mask:
    return ~(error <= MOST_ERROR)
