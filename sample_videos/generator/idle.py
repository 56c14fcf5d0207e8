"""People who only stand or walk in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sample_videos.generator.body import SIDES
from sample_videos.generator.motion import hanging_arm
from sample_videos.generator.rig import FreeLeg, Pose, Posed, Rig
from sample_videos.generator.vec import rot_x, rot_y, vec

if TYPE_CHECKING:
    from sample_videos.generator.spec import Bystander

_STEP_HZ = 0.9
_FULL_STRIDE = 0.9


def bystander_pose(rig: Rig, who: Bystander, t: float, duration: float) -> Posed:
    """Pose of a bystander at a time of a clip (s)."""
    start = np.array(who.start_m)
    end = np.array(who.end_m if who.end_m else who.start_m)
    place = start + (end - start) * t / duration
    walking = bool(np.any(end != start))
    stride = np.sin(2 * np.pi * _STEP_HZ * t) if walking else 0.0
    facing = np.degrees(np.arctan2(*(end - start))) if walking else who.facing_deg
    facing += 0.0 if walking else 5 * np.sin(0.9 * t)
    turn = rot_y(float(facing))
    hip = rig.mid_hip[1] - (0.018 * stride**2 if walking else 0.0)
    legs, arms = {}, {}
    for side, sign in SIDES:
        swing = sign * stride
        phase = np.cos(2 * np.pi * _STEP_HZ * t) * sign if walking else 0.0
        legs[side] = FreeLeg(
            20 * swing + 2, 2.0, 4 + 45 * max(0.0, phase) * (swing < _FULL_STRIDE), 0.0
        )
        shoulder = rig.joints["shoulder" + side] - rig.mid_hip
        drop = 0.97 * (rig.upper_arm + rig.forearm)
        arm = shoulder + drop * vec(sign * 0.12, -1, -0.28 * swing + 0.05)
        goal = hanging_arm(vec(place[0], hip, place[1]) + turn @ arm, sign)
        pole, across = turn @ goal.pole, turn @ goal.across
        arms[side] = type(goal)(goal.point, pole, goal.axis, across, goal.curl_deg, wrist=True)
    return rig.pose(Pose(vec(place[0], hip, place[1]), turn @ rot_x(2), dict(legs), arms))
