"""Shoulders, elbows and hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.series.registry import (
    height_px,
    over_sides,
    series,
    working_arms,
)
from formcheck.pose import landmarks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

CHIN_BELOW_MOUTH = 1.5
"""Chin to mouth over mouth to nose (reference 1.3)."""


@series("shoulder_level", "arm", "height of the shoulders in the picture")
def _shoulder_level(motion: Motion) -> Floats:
    return height_px(motion, "shoulder") / motion.arm_px


@series("wrist_level", "arm", "height of the working hands in the picture")
def _wrist_level(motion: Motion) -> Floats:
    return over_sides(
        working_arms(motion), lambda s: -motion.track.point("wrist", s)[:, 1] / motion.arm_px
    )


@series("arm_drop", "arm", "working hands below their shoulders")
def _arm_drop(motion: Motion) -> Floats:
    def drop(side: str) -> Floats:
        reach = motion.track.point("wrist", side) - motion.track.point("shoulder", side)
        return np.asarray(reach[:, 1] / motion.arm_px)

    return over_sides(working_arms(motion), drop)


@series("arm_rise", "arm", "working hands above their shoulders")
def _arm_rise(motion: Motion) -> Floats:
    return -motion.series("arm_drop")


@series("wrist_over_head", "trunk", "lower hand above the nose")
def _wrist_over_head(motion: Motion) -> Floats:
    hands = [-motion.track.point("wrist", side)[:, 1] for side in landmarks.SIDES]
    nose = -motion.track.point("nose")[:, 1]
    return np.asarray((np.minimum(*hands) - nose) / motion.trunk_px)


@series("wrist_over_hip", "trunk", "working hands above the hips")
def _wrist_over_hip(motion: Motion) -> Floats:
    wrist = over_sides(working_arms(motion), lambda s: -motion.track.point("wrist", s)[:, 1])
    return (wrist - height_px(motion, "hip")) / motion.trunk_px


@series("elbow_over_shoulder", "arm", "elbows above the shoulders")
def _elbow_over_shoulder(motion: Motion) -> Floats:
    def height(side: str) -> Floats:
        reach = motion.track.point("elbow", side) - motion.track.point("shoulder", side)
        return np.asarray(-reach[:, 1] / motion.arm_px)

    return over_sides(working_arms(motion), height)


@series("elbow_over_wrist", "arm", "elbows above the hands")
def _elbow_over_wrist(motion: Motion) -> Floats:
    def height(side: str) -> Floats:
        reach = motion.track.point("elbow", side) - motion.track.point("wrist", side)
        return np.asarray(-reach[:, 1] / motion.arm_px)

    return over_sides(working_arms(motion), height)


@series("wrist_to_shoulder", "arm", "distance of the hands from their shoulders in the picture")
def _wrist_to_shoulder(motion: Motion) -> Floats:
    def reach(side: str) -> Floats:
        span = motion.track.point("wrist", side) - motion.track.point("shoulder", side)
        return np.asarray(np.linalg.norm(span, axis=1) / motion.arm_px)

    return over_sides(working_arms(motion), reach)


@series("elbow_past_trunk", "upper arm", "elbow behind the hip-shoulder line")
def _elbow_past_trunk(motion: Motion) -> Floats:
    """Distance of the elbow from the trunk line over the upper arm's length (reference A10)."""
    beta = np.radians(motion.series("upper_arm_to_trunk"))
    return np.asarray(np.sin(beta))


@series("chin_over_bar", "trunk", "chin above the hands on the bar")
def _chin_over_bar(motion: Motion) -> Floats:
    """Chin from nose and mouth; the bar from the fingers (index and little finger)."""
    track = motion.track
    mouth = -track.xy_px[:, landmarks.MOUTH, 1].mean(axis=1)
    nose = -track.point("nose")[:, 1]
    chin = mouth - CHIN_BELOW_MOUTH * np.abs(nose - mouth)
    fingers = [
        track.point(name, side) for name in ("pinky", "index") for side in working_arms(motion)
    ]
    bar = -np.mean(fingers, axis=0)[:, 1]
    return np.asarray((chin - bar) / motion.trunk_px)


@series("hip_swing", "arm", "hips across the picture relative to the hands")
def _hip_swing(motion: Motion) -> Floats:
    hands = over_sides(working_arms(motion), lambda s: motion.track.point("wrist", s)[:, 0])
    return np.asarray((motion.track.middle("hip")[:, 0] - hands) / motion.arm_px)
