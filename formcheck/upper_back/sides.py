"""Left against right, per repetition, read from the picture (reference 4.4).

A body fitted with mirrored arms is never asked: it has no sides to compare. What
differs while the lifter rests (a rolled camera, a grip off the middle) is taken
away before anything is judged. No rule file holds this comparison: its limits are
the `side` entries of ``data/cues.toml``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.errors import time_error
from formcheck.kinematics.geometry import flexion
from formcheck.pose import landmarks
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.features import around
from formcheck.upper_back.balance import SideDifference, asymmetry_index, judge_sides
from formcheck.upper_back.cues import cue_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion
    from formcheck.reps.cycles import Cycle

    Floats = NDArray[np.float64]

LEFT, RIGHT = landmarks.SIDES
ARRIVED = 0.9
"""A side is at the top after this share of its own way: the top itself is flat, so
its time is not sharp."""
HALFWAY = 0.5
LEAST_WIDTH = 0.15
"""A line between points closer than this, in trunk lengths, has no tilt."""
LEAST_SEGMENT = 0.15
"""A segment that looks shorter than this, in arm lengths, points at the camera."""
LEAST_WAY = 0.1
"""A side that moves less than this, in arm lengths, has no time of arrival."""
UNKNOWN_NOISE = 0.03
"""Trunk lengths, where the clip's own noise is not known."""
ONE_ARM = Reason(ReasonCode.ONE_ARM)


@dataclass(frozen=True, eq=False)
class _Frontal:
    """Landmarks in the lifter's frontal plane: first axis to the lifter's right, second up.

    `points` has shape (T, 33, 2), pixels, turned so that left and right are level
    at rest.
    """

    motion: Motion
    points: Floats

    def point(self, name: str, side: str) -> Floats:
        return self.points[:, landmarks.index(name, side)]

    def mean(self, values: Floats, frame: int) -> float:
        """A series around a frame; NaN when it is missing there."""
        return around(self.motion.t_s, values, frame)

    def across(self, name: str) -> Floats:
        """Shape (T, 2): from the left to the right one of a pair."""
        return self.point(name, RIGHT) - self.point(name, LEFT)

    def tilt(self, name: str) -> Floats:
        """Shape (T,): degrees, positive with the right one higher; NaN when too close."""
        line = self.across(name)
        wide = np.abs(line[:, 0]) > LEAST_WIDTH * self.motion.trunk_px
        tilt = np.degrees(np.arctan2(line[:, 1], np.abs(line[:, 0])))
        return np.where(wide, tilt, np.nan)

    def bend(self, side: str) -> Floats:
        """Shape (T,): elbow flexion, degrees; NaN while a segment points at the camera."""
        shoulder, elbow, wrist = (self.point(n, side) for n in ("shoulder", "elbow", "wrist"))
        least = LEAST_SEGMENT * self.motion.arm_px
        long = np.minimum(
            np.linalg.norm(shoulder - elbow, axis=1), np.linalg.norm(wrist - elbow, axis=1)
        )
        return np.where(long > least, flexion(shoulder, elbow, wrist), np.nan)

    def way(self, side: str, cycle: Cycle) -> Floats:
        """Shape (frames of the cycle,): how far the hand has come to its shoulder, arm lengths.

        Upward in the picture, from 0 at the start, whether the hand or the body moves.
        """
        height = self.point("wrist", side)[:, 1] - self.point("shoulder", side)[:, 1]
        height = height / self.motion.arm_px
        start, turn = self.mean(height, cycle.start), self.mean(height, cycle.turn)
        return np.asarray((height[cycle.start : cycle.end + 1] - start) * np.sign(turn - start))

    def arrival(self, side: str, cycle: Cycle, share: float) -> float:
        """Frame, counted from the cycle's start, at which a share of the way is done."""
        way = self.way(side, cycle)
        most = float(np.nanmax(way)) if np.isfinite(way).any() else 0.0
        if most < LEAST_WAY:
            return math.nan
        behind = way >= share * most
        after = int(np.argmax(behind))
        if after == 0:
            return 0.0
        before, there = way[after - 1], way[after]
        step = (share * most - before) / (there - before) if there > before else 1.0
        return after - 1 + float(step)


def compare_sides(
    motion: Motion, exercise: str, cycles: Sequence[Cycle], /, *, of: int = 0
) -> tuple[SideDifference, ...]:
    """Left against right over a set.

    Parameters
    ----------
    motion
        The clip; only its picture is read.
    exercise
        Identifier; a lift that no comparison fits gives an empty tuple.
    cycles
        The repetitions that count and are seen alike.
    of
        How many count, where that is more.

    Returns
    -------
    tuple of SideDifference
        One for each comparison that fits the lift. Not assessed (with NaN and the
        reason) unless filmed from straight in front or behind.
    """
    fitting = [v for v in cue_table().side if exercise in v.lifts]
    if not fitting:
        return ()
    body, off_front_deg = _upright(motion, cycles), off_front(motion, cycles)
    found = []
    for variable in fitting:
        how = HOW[variable.id]
        rests = [how.rest(body, cycle) for cycle in cycles]
        known = [rest for rest in rests if math.isfinite(rest)]
        found.append(
            judge_sides(
                variable.id,
                [how.difference(body, cycle) for cycle in cycles],
                off_front_deg=off_front_deg,
                visibility=_visibility(motion, cycles, how.marks),
                offset=float(np.median(known)) if known else 0.0,
                error=_error(motion, variable.unit),
                floor=how.floor,
                of=of,
                problem=None if motion.arm == "both" else ONE_ARM,
            )
        )
    return tuple(found)


def off_front(motion: Motion, cycles: Sequence[Cycle], /) -> float:
    """Degrees between the lifter's frontal plane and the picture; NaN when unknown.

    From the world landmarks of shoulders and hips over the repetitions. The view's
    own yaw also asks how wide the shoulders look, which says little near a front
    view and, with arms overhead, 20 degrees too much.
    """
    frames = [n for c in cycles for n in range(c.start, c.end + 1)]
    world = motion.track.world_m[frames]
    pairs = [
        world[:, landmarks.index(name, RIGHT)] - world[:, landmarks.index(name, LEFT)]
        for name in ("shoulder", "hip")
    ]
    across = np.mean(pairs, axis=0)
    angles = np.degrees(np.arctan2(np.abs(across[:, 2]), np.abs(across[:, 0])))
    return float(np.nanmedian(angles)) if np.isfinite(angles).any() else math.nan


def _upright(motion: Motion, cycles: Sequence[Cycle]) -> _Frontal:
    """The picture turned by the middle of the tilts of shoulders, hips and hands at rest."""
    track = motion.steady
    apart = track.point("shoulder", RIGHT)[:, 0] - track.point("shoulder", LEFT)[:, 0]
    wide = float(np.median(apart[np.isfinite(apart)])) if np.isfinite(apart).any() else 0.0
    points = track.xy_px * np.array([-1.0 if wide < 0 else 1.0, -1.0])
    body = _Frontal(motion, points)
    tilts = [
        np.median([body.mean(body.tilt(name), c.start) for c in cycles])
        for name in ("shoulder", "hip", "wrist")
        if cycles
    ]
    known = [tilt for tilt in tilts if math.isfinite(tilt)]
    roll = math.radians(float(np.median(known))) if known else 0.0
    turn = np.array([[math.cos(roll), -math.sin(roll)], [math.sin(roll), math.cos(roll)]])
    return _Frontal(motion, points @ turn)


def _visibility(motion: Motion, cycles: Sequence[Cycle], names: Sequence[str]) -> float:
    """Mean over the repetitions of the worst landmark, 0..1; 0 outside the picture."""
    frames = [n for c in cycles for n in range(c.start, c.end + 1)]
    if not frames:
        return 0.0
    marks = [landmarks.index(name, side) for name in names for side in landmarks.SIDES]
    xy = motion.track.xy_px[frames][:, marks]
    inside = ((xy >= 0) & (xy <= motion.track.frame_wh)).all(axis=2)
    return float((motion.track.visibility[frames][:, marks] * inside).mean(axis=0).min())


def _error(motion: Motion, unit: str) -> float:
    """One standard error of one repetition's difference, from this clip's noise."""
    if unit == "s":
        return time_error(motion)
    noise_px = motion.clean.noise_px
    noise_px = noise_px if math.isfinite(noise_px) else UNKNOWN_NOISE * motion.trunk_px
    twice = 2.0 * noise_px  # left and right, at the top and at rest
    if unit == "percent":
        return 100.0 * math.sqrt(2) * twice / (0.5 * motion.arm_px)
    if unit == "arm":
        return twice / motion.arm_px
    return (math.degrees(1.0) if unit == "deg" else 1.0) * twice / motion.trunk_px


# --- the comparisons: right minus left ----------------------------------------------


@dataclass(frozen=True)
class _How:
    """A comparison: its landmarks, the difference, and what differs at rest already.

    `floor` is what stays of its error however many repetitions there are: landmarks
    sit beside the joints, on each side in another way. It is the floor of a change
    within a repetition (`formcheck.kinematics.errors`) of two sides.
    """

    marks: tuple[str, ...]
    floor: float
    difference: Callable[[_Frontal, Cycle], float]
    rest: Callable[[_Frontal, Cycle], float] = lambda _body, _cycle: 0.0


def _travel(body: _Frontal, cycle: Cycle) -> float:
    turn = cycle.turn - cycle.start
    right, left = (float(body.way(side, cycle)[turn]) for side in (RIGHT, LEFT))
    return float(asymmetry_index(right, left))


def _lag(body: _Frontal, cycle: Cycle) -> float:
    """Of the times halfway and at the top the smaller one: a late arm is late all the way.

    Near the top alone, where the hands may hardly move, a little less height would
    look like much time.
    """
    lags = [
        body.arrival(RIGHT, cycle, share) - body.arrival(LEFT, cycle, share)
        for share in (HALFWAY, ARRIVED)
    ]
    if lags[0] * lags[1] < 0:
        return 0.0
    return min(lags, key=abs) / body.motion.track.rate_hz


def _halfway_bend(body: _Frontal, cycle: Cycle) -> float:
    reached = [body.arrival(side, cycle, HALFWAY) for side in landmarks.SIDES]
    if not np.isfinite(reached).all():
        return math.nan
    frame = cycle.start + round(float(np.mean(reached)))
    return body.mean(body.bend(RIGHT) - body.bend(LEFT), frame)


def _bend_at_rest(body: _Frontal, cycle: Cycle) -> float:
    return body.mean(body.bend(RIGHT) - body.bend(LEFT), cycle.start)


def _elbow_height(body: _Frontal, cycle: Cycle) -> float:
    return body.mean(body.across("elbow")[:, 1] / body.motion.arm_px, cycle.turn)


def _elbow_height_at_rest(body: _Frontal, cycle: Cycle) -> float:
    return body.mean(body.across("elbow")[:, 1] / body.motion.arm_px, cycle.start)


def _to_ear(body: _Frontal) -> Floats:
    gaps = {s: body.point("ear", s)[:, 1] - body.point("shoulder", s)[:, 1] for s in (RIGHT, LEFT)}
    return np.asarray((gaps[RIGHT] - gaps[LEFT]) / body.motion.trunk_px)


HOW: dict[str, _How] = {
    "range": _How(("shoulder", "wrist"), 4.5, _travel),
    "lag": _How(("shoulder", "wrist"), 0.0, _lag),
    "elbow_height": _How(("elbow",), 0.028, _elbow_height, _elbow_height_at_rest),
    "elbow_flexion": _How(("shoulder", "elbow", "wrist"), 7.0, _halfway_bend, _bend_at_rest),
    "wrist_tilt": _How(
        ("wrist",),
        1.8,
        lambda body, cycle: body.mean(body.tilt("wrist"), cycle.turn),
        lambda body, cycle: body.mean(body.tilt("wrist"), cycle.start),
    ),
    "shoulder_tilt": _How(
        ("shoulder",),
        2.5,
        lambda body, cycle: body.mean(body.tilt("shoulder"), cycle.turn),
        lambda body, cycle: body.mean(body.tilt("shoulder"), cycle.start),
    ),
    "shrug": _How(
        ("shoulder", "ear"),
        0.035,
        lambda body, cycle: body.mean(_to_ear(body), cycle.turn),
        lambda body, cycle: body.mean(_to_ear(body), cycle.start),
    ),
}
"""How each comparison of the cue file is measured."""
