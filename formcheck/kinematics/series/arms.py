"""Shoulders, elbows and hands.

Where the hands are held and whether both work tells variants apart; those places are mostly
from the world landmarks, because from no single view the picture shows forward, up and
across, and are only good for clear differences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.angles import AngleSource, sagittal_points
from formcheck.kinematics.series.registry import (
    body_sides,
    height_px,
    over_sides,
    series,
    working_arms,
)
from formcheck.pose import landmarks
from formcheck.signals import known_median, running_maximum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

AHEAD_S = 0.5
"""So soon after the end of a repetition the hands arrive overhead that it threw up."""
CHIN_BELOW_MOUTH = 1.5
"""Chin to mouth over mouth to nose (reference 1.3)."""


@series("shoulder_level", "arm", "height of the shoulders in the image", parts=("shoulder",))
def _shoulder_level(motion: Motion) -> Floats:
    return height_px(motion, "shoulder") / motion.arm_px


@series("wrist_level", "arm", "height of the working hands in the image", parts=("wrist",))
def _wrist_level(motion: Motion) -> Floats:
    return over_sides(
        working_arms(motion), lambda s: -motion.steady.point("wrist", s)[:, 1] / motion.arm_px
    )


@series("arm_drop", "arm", "working hands below their shoulders", parts=("shoulder", "wrist"))
def _arm_drop(motion: Motion) -> Floats:
    def drop(side: str) -> Floats:
        reach = motion.steady.point("wrist", side) - motion.steady.point("shoulder", side)
        return np.asarray(reach[:, 1] / motion.arm_px)

    return over_sides(working_arms(motion), drop)


@series("arm_rise", "arm", "working hands above their shoulders", parts=("shoulder", "wrist"))
def _arm_rise(motion: Motion) -> Floats:
    return -motion.series("arm_drop")


@series("wrist_over_head", "trunk", "lower hand above the nose", parts=("head", "wrist"))
def _wrist_over_head(motion: Motion) -> Floats:
    hands = [-motion.steady.point("wrist", side)[:, 1] for side in landmarks.SIDES]
    nose = -motion.steady.point("nose")[:, 1]
    return np.asarray((np.minimum(*hands) - nose) / motion.trunk_px)


@series(
    "overhead",
    "trunk",
    "lower hand above the nose, 0 below it, at most in the next half second",
    parts=("head", "wrist"),
)
def _overhead(motion: Motion) -> Floats:
    """A press that a repetition led to ends after it."""
    above = motion.series("wrist_over_head")
    ahead = max(1, round(AHEAD_S * motion.track.rate_hz)) if len(above) > 1 else 1
    highest = running_maximum(np.nan_to_num(above, nan=-np.inf), ahead + 1, before=0)
    return np.where(np.isfinite(highest), np.maximum(highest, 0.0), np.nan)


@series("wrist_over_hip", "trunk", "working hands above the hips", parts=("wrist", "hip"))
def _wrist_over_hip(motion: Motion) -> Floats:
    wrist = over_sides(working_arms(motion), lambda s: -motion.steady.point("wrist", s)[:, 1])
    return (wrist - height_px(motion, "hip")) / motion.trunk_px


def _rise_px(motion: Motion, side: str, upper: str, lower: str) -> Floats:
    """Shape (T,): how far a landmark is above another one of its side, pixels."""
    return np.asarray(-(motion.steady.point(upper, side) - motion.steady.point(lower, side))[:, 1])


@series("elbow_over_shoulder", "arm", "elbows above the shoulders", parts=("shoulder", "elbow"))
def _elbow_over_shoulder(motion: Motion) -> Floats:
    return over_sides(
        working_arms(motion), lambda s: _rise_px(motion, s, "elbow", "shoulder") / motion.arm_px
    )


@series("elbow_over_wrist", "arm", "elbows above the hands", parts=("elbow", "wrist"))
def _elbow_over_wrist(motion: Motion) -> Floats:
    return over_sides(
        working_arms(motion), lambda s: _rise_px(motion, s, "elbow", "wrist") / motion.arm_px
    )


@series(
    "wrist_to_shoulder",
    "arm",
    "distance of the hands from their shoulders in the image",
    parts=("shoulder", "wrist"),
)
def _wrist_to_shoulder(motion: Motion) -> Floats:
    def reach(side: str) -> Floats:
        span = motion.steady.point("wrist", side) - motion.steady.point("shoulder", side)
        return np.asarray(np.linalg.norm(span, axis=1) / motion.arm_px)

    return over_sides(working_arms(motion), reach)


@series(
    "elbow_past_trunk",
    "upper arm",
    "elbow behind the hip-shoulder line",
    parts=("shoulder", "elbow", "hip"),
)
def _elbow_past_trunk(motion: Motion) -> Floats:
    """Distance of the elbow from the trunk line over the upper arm's length (reference A10)."""
    beta = np.radians(motion.series("upper_arm_to_trunk"))
    return np.asarray(np.sin(beta))


@series("chin_over_bar", "trunk", "chin above the hands on the bar", parts=("head", "wrist"))
def _chin_over_bar(motion: Motion) -> Floats:
    """Chin from nose and mouth; the bar from the fingers (index and little finger)."""
    track = motion.steady
    mouth = -track.xy_px[:, landmarks.MOUTH, 1].mean(axis=1)
    nose = -track.point("nose")[:, 1]
    chin = mouth - CHIN_BELOW_MOUTH * np.abs(nose - mouth)
    fingers = [
        track.point(name, side) for name in ("pinky", "index") for side in working_arms(motion)
    ]
    bar = -np.mean(fingers, axis=0)[:, 1]
    return np.asarray((chin - bar) / motion.trunk_px)


@series("hip_swing", "arm", "hips across the image relative to the hands", parts=("wrist", "hip"))
def _hip_swing(motion: Motion) -> Floats:
    hands = over_sides(working_arms(motion), lambda s: motion.steady.point("wrist", s)[:, 0])
    return np.asarray((motion.steady.middle("hip")[:, 0] - hands) / motion.arm_px)


ARM_CHAIN = ("shoulder", "elbow", "wrist")


@series(
    "wrist_ahead",
    "trunk",
    "hands in front of their shoulders, from world landmarks",
    parts=("shoulder", "wrist"),
)
def _wrist_ahead(motion: Motion) -> Floats:
    points = sagittal_points(motion.track, motion.view, AngleSource.WORLD)[..., 0]

    def ahead(side: str) -> Floats:
        wrist, shoulder = (points[:, landmarks.index(n, side)] for n in ("wrist", "shoulder"))
        return np.asarray(wrist - shoulder)

    return over_sides(body_sides(motion), ahead) / _world_trunk(motion)


@series(
    "wrist_over_shoulder",
    "trunk",
    "hands above their shoulders in the image",
    parts=("shoulder", "wrist"),
)
def _wrist_over_shoulder(motion: Motion) -> Floats:
    return over_sides(
        body_sides(motion), lambda s: _rise_px(motion, s, "wrist", "shoulder") / motion.trunk_px
    )


@series(
    "wrist_along_trunk",
    "trunk",
    "hands along the line from hips (0) to shoulders (1), from world landmarks",
    parts=("shoulder", "hip", "wrist"),
)
def _wrist_along_trunk(motion: Motion) -> Floats:
    world = motion.track.world_m
    ends = [
        np.mean([world[:, landmarks.index(name, side)] for side in landmarks.SIDES], axis=0)
        for name in ("hip", "shoulder")
    ]
    trunk = ends[1] - ends[0]
    length = np.linalg.norm(trunk, axis=1)

    def along(side: str) -> Floats:
        hand = world[:, landmarks.index("wrist", side)] - ends[0]
        return np.asarray((hand * trunk).sum(axis=1) / np.maximum(length, 1e-3) ** 2)

    return over_sides(working_arms(motion), along)


@series(
    "wrist_away",
    "trunk",
    "distance of the hands from their shoulders, from world landmarks",
    parts=("shoulder", "wrist"),
)
def _wrist_away(motion: Motion) -> Floats:
    def distance(side: str) -> Floats:
        return _world_distance(motion, ("wrist", side), ("shoulder", side))

    return over_sides(body_sides(motion), distance) / _world_trunk(motion)


@series(
    "wrist_separation",
    "ratio",
    "hands apart over shoulders apart, from world landmarks",
    parts=("shoulder", "wrist"),
)
def _wrist_separation(motion: Motion) -> Floats:
    hands = _world_distance(motion, ("wrist", "left"), ("wrist", "right"))
    shoulders = _world_distance(motion, ("shoulder", "left"), ("shoulder", "right"))
    return hands / max(1e-3, known_median(shoulders))


@series(
    "arm_seen",
    "ratio",
    "how well the better seen arm is seen over the clip",
    parts=("shoulder", "elbow", "wrist"),
)
def _arm_seen(motion: Motion) -> Floats:
    best = max(motion.seen(ARM_CHAIN, side) for side in body_sides(motion))
    return np.full(len(motion.t_s), best)


@series(
    "one_arm",
    "ratio",
    "1 when only one hand moves over the clip, else 0",
    parts=("shoulder", "wrist"),
)
def _one_arm(motion: Motion) -> Floats:
    return np.full(len(motion.t_s), 0.0 if motion.arm == "both" else 1.0)


def _world_distance(motion: Motion, first: tuple[str, str], second: tuple[str, str]) -> Floats:
    world = motion.track.world_m
    span = world[:, landmarks.index(*first)] - world[:, landmarks.index(*second)]
    return np.asarray(np.linalg.norm(span, axis=1))


def _world_trunk(motion: Motion) -> float:
    """Median trunk of the world landmarks, metres."""
    sides = [_world_distance(motion, ("shoulder", s), ("hip", s)) for s in landmarks.SIDES]
    return max(0.1, known_median(np.concatenate(sides)))


@series(
    "grip_width",
    "ratio",
    "hands apart over shoulders apart, across the image",
    parts=("shoulder", "wrist"),
)
def _grip_width(motion: Motion) -> Floats:
    apart = {
        name: np.abs(
            motion.steady.point(name, "left")[:, 0] - motion.steady.point(name, "right")[:, 0]
        )
        for name in ("wrist", "shoulder")
    }
    return np.asarray(apart["wrist"] / np.maximum(apart["shoulder"], 0.1 * motion.trunk_px))
