"""Squats: arms forward, folded, a weight at the chest, a bar on the back or in front."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sample_videos.generator.body import SIDES
from sample_videos.generator.motion import Goals, Movement, Prop, Shot, Stance, Trunk
from sample_videos.generator.rig import ArmGoal, Posed
from sample_videos.generator.vec import LEFT, Array, rot_x, smooth, unit, vec

if TYPE_CHECKING:
    from sample_videos.generator.timeline import Moment

_LEAN_TOP, _KNEE_TOP = 3.0, 5.0
_LEAN, _KNEE = 38.0, 122.0
_LOAD = {"barbell": 0.5, "front_rack": 1.4, "goblet": 0.18}
_BARS = ("barbell", "front_rack")
_ELBOWS_UP = 72.0
"""Upper arms from the line shoulder to hip with the bar in front, degrees."""


class Squat(Movement):
    """Knee flexion and trunk lean follow the phase; the hips go where balance puts them.

    Doses: `lean` trunk lean at the bottom (degrees), `depth` knee flexion at
    the bottom (degrees), `hips_first` extra lean early in the ascent
    (degrees), `knees_in` turn of the knees (degrees), `heel_rise` angle of
    the feet (degrees), `lean_growth` lean gained from the first to the last
    rep (degrees), `upper_trunk` rounding of the upper back and `head` fall of
    the head at the bottom (degrees), `elbows_lift` and `elbows_drop` way of
    the elbows backwards with the bar on the back and down with it in front
    (degrees), `shift` of the hips to the left (stance widths), `balance`
    place of the centre of mass before the middle of the feet (foot lengths).
    """

    def shot(self, t: float) -> Shot:
        """Pose the figure at a time, s."""
        moment = self.timeline.at(t)
        lean, knee = self._lean_and_knee(t, moment)
        s, rep = moment.phase, moment.rep
        wink = 6.0 * float(np.clip((s - 0.75) / 0.25, 0, 1))
        trunk = self._trunk_of(lean, wink, s, rep)
        inward = self.fault("knees_in", rep) * s**0.8 * (0.85 if moment.direction > 0 else 1.0)
        arms = self.spec.arms
        stance = Stance(
            knee,
            trunk,
            partial(getattr(self, f"_arms_{arms}"), phase=s, rep=rep),
            self._load if arms in _LOAD else None,
            _LOAD.get(arms, 0.0),
            inward=inward,
            heel=self.fault("heel_rise", rep) * smooth((s - 0.3) / 0.7),
            aside=self.fault("shift", rep) * self.spec.stance_m * smooth(s),
            forward=self.fault("balance", rep) * self._foot * s,
        )
        posed = self.stand(t, stance)
        if arms in _BARS:
            bar = self._load(posed)
            return Shot(posed, moment, (Prop("barbell", bar),), bar)
        props = (Prop("dumbbell", self._load(posed), vec(0, 1, 0)),) if arms == "goblet" else ()
        return Shot(posed, moment, props)

    @property
    def _foot(self) -> float:
        """Heel to toe, m."""
        marks = self.rig.skeleton.marks
        return float(np.linalg.norm(marks["toe_l"][1] - marks["heel_l"][1]))

    def _trunk_of(self, lean: float, wink: float, s: float, rep: int) -> Trunk:
        """Trunk at a phase; a falling head no longer looks ahead."""
        rounding, head = self.fault("upper_trunk", rep), self.fault("head", rep)
        trunk = self.trunk(lean, rounding * s, wink, look=5 + 0.25 * lean)
        if not rounding and not head:
            return trunk
        standing = self.trunk(_LEAN_TOP, look=5 + 0.25 * _LEAN_TOP).neck_deg
        share = smooth(8 * s) if head else s
        neck = (1 - share) * trunk.neck_deg + share * (standing + head)
        return replace(trunk, neck_deg=neck)

    def _lean_and_knee(self, t: float, moment: Moment) -> tuple[float, float]:
        s, rep = moment.phase, moment.rep
        deepest = self.fault("depth", rep, self.spec.knee_deg or _KNEE) * self.variation[rep]
        furthest = self.fault("lean", rep, self.spec.lean_deg or _LEAN)
        furthest += self.over_set("lean_growth", rep)
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
        elif self.spec.arms == "front_rack":
            point = vec(0, joints["shoulder_l"][1] + 0.050 * k, 0.085 * k)
        else:
            point = vec(0, joints["neck_low"][1] - 0.045 * k, joints["thorax_top"][2] - 0.088 * k)
        return posed.at("thorax_top", point)

    def _arms_front(self, posed: Posed, phase: float, rep: int) -> Goals:
        del rep
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

    def _arms_chest(self, posed: Posed, phase: float, rep: int) -> Goals:
        del phase, rep
        return self._held(posed, 0.050, -0.10, 0.26)

    def _arms_goblet(self, posed: Posed, phase: float, rep: int) -> Goals:
        del phase, rep
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

    def _arms_barbell(self, posed: Posed, phase: float, rep: int) -> Goals:
        bar = self._load(posed)
        half = (self.spec.grip_m or 0.84) / 2
        goals = {}
        for side, sign in SIDES:
            pole = vec(sign * 0.25, -1, -0.35)
            if "elbows_lift" in self.spec.faults:
                turn = self.fault("elbows_lift", rep) * smooth(1.5 * phase)
                pole = posed.rotations["thorax_top"] @ rot_x(turn) @ pole
            goals[side] = ArmGoal(bar + sign * half * LEFT, pole, vec(0, 1, 0.25), sign * LEFT)
        return goals, {side: (6.0, -12.0) for side, _ in SIDES}

    def _arms_front_rack(self, posed: Posed, phase: float, rep: int) -> Goals:
        """Elbows up in front, fingers under the bar."""
        bar, chest = self._load(posed), posed.rotations["thorax_top"]
        half, k = (self.spec.grip_m or 0.50) / 2, self.rig.skeleton.scale
        raised = _ELBOWS_UP - self.fault("elbows_drop", rep) * smooth(1.5 * phase)
        lower, hand = self.rig.forearm, 0.070 * k
        goals = {}
        for side, sign in SIDES:
            angle = np.radians(raised)
            upper = chest @ unit([sign * 0.12, -np.cos(angle), np.sin(angle)])
            elbow = posed.points["shoulder" + side] + self.rig.upper_arm * upper
            grip = bar + sign * half * LEFT
            gap = float(np.linalg.norm(grip - elbow))
            along, up = (grip - elbow) / gap, chest @ vec(0, 1, 0)
            way = float(np.clip((lower**2 - hand**2 + gap**2) / (2 * gap), 0.0, 0.999 * lower))
            rise = np.sqrt(lower**2 - way**2)
            wrist = elbow + way * along + rise * unit(up - (up @ along) * along)
            goals[side] = ArmGoal(wrist, elbow - wrist, grip - wrist, sign * LEFT, 40.0, wrist=True)
        return goals, {side: (8.0, 8.0) for side, _ in SIDES}
