"""Pull-ups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sample_videos.generator.body import SIDES
from sample_videos.generator.motion import Movement, Shot
from sample_videos.generator.rig import ArmGoal, FreeLeg, Pose
from sample_videos.generator.vec import LEFT, Array, rot_z, smooth, unit, vec

if TYPE_CHECKING:
    from sample_videos.generator.timeline import Moment

BAR_HEIGHT = 1.36
"""Bar above the floor as a share of the stature."""
_ELBOW_HANG, _ELBOW_TOP = 9.0, 143.0
_BLADES_ALONE, _BLADES = 0.20, 0.30
"""Shares of the way's time: before the arms start, and until the shoulder blades are down."""


class PullUp(Movement):
    """Overhand pull-up; the height of the shoulders follows the phase.

    Doses: `chin` largest and `hang` smallest elbow flexion (degrees), `kip`
    swing of the hips (degrees), `top_stall` 0..2, `asymmetry` roll of the
    trunk at the top (degrees), `shrug` share of the shoulder blades' way down
    that is missing, `rounding` of the upper back at the top (degrees),
    `range_loss` and `speed_loss` shares of the way and of the speed lost from
    the first to the last rep.
    """

    stalls = "top_stall"

    def shot(self, t: float) -> Shot:
        """Pose the figure at a time, s."""
        moment, blades = self._blades_first(t)
        reached = max(0.0, moment.phase) * (1 - self.over_set("range_loss", moment.rep))
        moment = replace(moment, phase=reached)
        first = self.spec.girdle_first
        lowered = first * blades + (1 - first) * reached
        hips, trunk_swing = self._kip(moment)
        pose = self._hanging_pose(t, moment, (hips, trunk_swing), lowered)
        pose = replace(pose, pelvis=self._pelvis_under_bar(pose, moment, trunk_swing, t))
        return Shot(self.rig.pose(pose), moment, (), self._bar())

    def _blades_first(self, t: float) -> tuple[Moment, float]:
        """Moment of the arms, and phase of shoulder blades that go first and come back last."""
        moment = self.timeline.at(t)
        if not self.spec.girdle_first or not moment.direction:
            return moment, moment.phase
        rep, u = self.timeline.reps[moment.rep], moment.progress
        if moment.direction > 0:
            later = max(0.0, (u - _BLADES_ALONE) / (1 - _BLADES_ALONE))
            return self.timeline.at(rep.start + later * (rep.far - rep.start)), smooth(u / _BLADES)
        earlier = min(1 - 1e-9, u / (1 - _BLADES_ALONE))
        moment = self.timeline.at(rep.leave + earlier * (rep.end - rep.leave))
        return moment, smooth((1 - u) / _BLADES)

    def _bar(self) -> Array:
        return vec(0, BAR_HEIGHT * self.rig.skeleton.spec.stature_m, 0)

    def _hanging_pose(
        self, t: float, moment: Moment, kip: tuple[float, float], lowered: float
    ) -> Pose:
        s, (hips, swing) = moment.phase, kip
        rounding = self.fault("rounding", moment.rep) * s
        lean = -(2 + 13 * s) - 0.28 * swing + self.sway_deg(t) + 0.6 * rounding
        trunk = self.trunk(lean, -4 * s + rounding, -3 * s, look=-10 - 8 * s)
        roll = self.fault("asymmetry", moment.rep) * s**0.7
        knee = self.spec.knee_deg or 38.0
        legs, arms = {}, {}
        half = (self.spec.grip_m or 0.72 * self.rig.skeleton.scale) / 2
        for side, sign in SIDES:
            bend = float(np.clip(knee + 0.4 * max(hips, 0) + 3.5 * sign, 2, 130))
            legs[side] = FreeLeg(8 + hips + 0.3 * self.sway_deg(1.1 * t), -2.0, bend, 26.0)
            pole = vec(sign * 0.9, -0.35, 0.30 - 0.25 * s)
            axis = unit([-sign * 0.05, 1, 0.12])
            arms[side] = ArmGoal(self._bar() + sign * half * LEFT, pole, axis, sign * LEFT, 66.0)
        lowered *= 1 - self.fault("shrug", moment.rep)
        clavicle = (24 - 17 * lowered, -4 - 8 * s + 0.6 * rounding)
        return Pose(
            vec(0, 1, 0),
            rot_z(-roll) @ trunk.pelvis,
            dict(legs),
            arms,
            trunk.spine,
            trunk.neck_deg,
            {side: clavicle for side, _ in SIDES},
        )

    def _pelvis_under_bar(self, pose: Pose, moment: Moment, swing: float, t: float) -> Array:
        """Middle of the hips (m): from one elbow flexion to the other as the phase asks."""
        rig, rep, s = self.rig, moment.rep, moment.phase
        low = self.fault("hang", rep, _ELBOW_HANG)
        high = self.fault("chin", rep, _ELBOW_TOP) * min(1.0, float(self.variation[rep]))
        squares = [
            rig.upper_arm**2 + rig.forearm**2 + 2 * rig.upper_arm * rig.forearm * np.cos(angle)
            for angle in np.radians([low, high])
        ]
        depth = (-0.03 - 0.16 * s) * rig.skeleton.scale - 0.002 * swing
        depth -= 0.002 * self.fault("rounding", rep) * s * rig.skeleton.scale
        posed = rig.pose(pose)
        forward = depth - (posed.points["mid_shoulder"] - pose.pelvis)[2]
        heights = []
        for side, _ in SIDES:
            wrist = rig.wrist_goal(pose.arms[side], side)
            shoulder = posed.points["shoulder" + side] - pose.pelvis
            across = shoulder[0] - wrist[0]
            deep = shoulder[2] + forward - wrist[2]
            drops = [np.sqrt(max(square - across**2 - deep**2, 1e-4)) for square in squares]
            heights.append(wrist[1] - drops[0] * (1 - s) - drops[1] * s - shoulder[1])
        return vec(0.004 * self._sway[1](t), float(np.mean(heights)), forward)

    def _kip(self, moment: Moment) -> tuple[float, float]:
        """Hip flexion and trunk swing of a kipping rep, degrees."""
        dose, u = self.fault("kip", moment.rep), moment.progress
        if not dose or not moment.direction:
            return 0.0, 0.0
        if moment.direction < 0:
            wave = float(np.sin(np.pi * u)) * np.sin(np.pi * u)
            return -0.35 * dose * wave, -0.6 * dose * wave
        drive = np.sin(np.pi * smooth(u * 1.2))
        kick = -0.5 * np.sin(np.pi * np.clip((u - 0.55) / 0.45, 0, 1)) ** 2
        return dose * float(drive + kick), dose * float(np.sin(2 * np.pi * smooth(u)))
