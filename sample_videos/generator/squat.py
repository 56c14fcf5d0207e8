"""Squats: arms forward, folded, with a weight at the chest, or with a bar on the back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sample_videos.generator.body import SIDES
from sample_videos.generator.motion import Goals, Movement, Prop, Shot, Stance
from sample_videos.generator.rig import ArmGoal, Posed
from sample_videos.generator.vec import LEFT, Array, smooth, vec

if TYPE_CHECKING:
    from sample_videos.generator.timeline import Moment

_LEAN_TOP, _KNEE_TOP = 3.0, 5.0
_LEAN, _KNEE = 38.0, 122.0
_LOAD = {"barbell": 0.5, "goblet": 0.18}


class Squat(Movement):
    """Knee flexion and trunk lean follow the phase; the hips go where balance puts them.

    Doses: `lean` trunk lean at the bottom (degrees), `depth` knee flexion at
    the bottom (degrees), `hips_first` extra lean early in the ascent
    (degrees), `knees_in` turn of the knees (degrees), `heel_rise` angle of
    the feet (degrees).
    """

    def shot(self, t: float) -> Shot:
        """Pose the figure at a time, s."""
        moment = self.timeline.at(t)
        lean, knee = self._lean_and_knee(t, moment)
        s, rep = moment.phase, moment.rep
        wink = 6.0 * float(np.clip((s - 0.75) / 0.25, 0, 1))
        trunk = self.trunk(lean, 0.0, wink, look=5 + 0.25 * lean)
        inward = self.fault("knees_in", rep) * s**0.8 * (0.85 if moment.direction > 0 else 1.0)
        arms = self.spec.arms
        stance = Stance(
            knee,
            trunk,
            partial(getattr(self, f"_arms_{arms}"), phase=s),
            self._load if arms in _LOAD else None,
            _LOAD.get(arms, 0.0),
            inward=inward,
            heel=self.fault("heel_rise", rep) * smooth((s - 0.3) / 0.7),
        )
        posed = self.stand(t, stance)
        if arms == "barbell":
            bar = self._load(posed)
            return Shot(posed, moment, (Prop("barbell", bar),), bar)
        props = (Prop("dumbbell", self._load(posed), vec(0, 1, 0)),) if arms == "goblet" else ()
        return Shot(posed, moment, props)

    def _lean_and_knee(self, t: float, moment: Moment) -> tuple[float, float]:
        s, rep = moment.phase, moment.rep
        deepest = self.fault("depth", rep, self.spec.knee_deg or _KNEE) * self.variation[rep]
        furthest = self.fault("lean", rep, self.spec.lean_deg or _LEAN)
        lean = _LEAN_TOP + (furthest - _LEAN_TOP) * s**0.9
        knee = _KNEE_TOP + (deepest - _KNEE_TOP) * s
        first = self.fault("hips_first", rep)
        if first and moment.direction < 0:
            bump = float(np.sin(np.pi * np.sqrt(1 - s)) ** 1.2)
            lean += first * bump
            knee -= 0.35 * first * bump
        return lean + self.sway_deg(t), max(knee, 3.0)

    def _load(self, posed: Posed) -> Array:
        """Bar on the upper back, or weight in front of the chest, m."""
        joints, k = self.rig.joints, self.rig.skeleton.scale
        if self.spec.arms == "goblet":
            point = vec(0, joints["thorax_top"][1] - 0.06 * k, 0.205 * k)
        else:
            point = vec(0, joints["neck_low"][1] - 0.045 * k, joints["thorax_top"][2] - 0.088 * k)
        return posed.at("thorax_top", point)

    def _arms_front(self, posed: Posed, phase: float) -> Goals:
        raised = 22 + 64 * smooth(phase * 1.4)
        goals = {}
        length = 0.972 * (self.rig.upper_arm + self.rig.forearm)
        for side, sign in SIDES:
            angle = np.radians(raised)
            along = vec(sign * 0.08, -np.cos(angle), np.sin(angle))
            wrist = posed.points["shoulder" + side] + length * along
            pole = vec(sign, -0.7, -0.4)
            across = vec(sign * 0.75, 0, -0.6)
            goals[side] = ArmGoal(wrist, pole, along, across, 12.0, wrist=True)
        clavicle = (raised / 90 * 4, raised / 90 * 8)
        return goals, {side: clavicle for side, _ in SIDES}

    def _arms_chest(self, posed: Posed, phase: float) -> Goals:
        del phase
        return self._held(posed, 0.050, -0.10, 0.26)

    def _arms_goblet(self, posed: Posed, phase: float) -> Goals:
        del phase
        return self._held(posed, 0.075, -0.13, 0.185)

    def _held(self, posed: Posed, half: float, up: float, front: float) -> Goals:
        """Both hands before the chest; offsets from the middle of the shoulders, m."""
        chest, k = posed.rotations["thorax_top"], self.rig.skeleton.scale
        middle = posed.points["mid_shoulder"]
        goals = {}
        for side, sign in SIDES:
            wrist = middle + chest @ vec(sign * half, up, front) * k
            axis = chest @ vec(-sign * 0.25, 0.75, 0.25)
            across = chest @ vec(sign * 0.2, -0.3, 0.8)
            goals[side] = ArmGoal(wrist, vec(sign * 0.45, -1, 0), axis, across, 28.0, wrist=True)
        return goals, {side: (3.0, 6.0) for side, _ in SIDES}

    def _arms_barbell(self, posed: Posed, phase: float) -> Goals:
        del phase
        bar = self._load(posed)
        half = (self.spec.grip_m or 0.84) / 2
        goals = {}
        for side, sign in SIDES:
            pole = vec(sign * 0.25, -1, -0.35)
            goals[side] = ArmGoal(bar + sign * half * LEFT, pole, vec(0, 1, 0.25), sign * LEFT)
        return goals, {side: (6.0, -12.0) for side, _ in SIDES}
