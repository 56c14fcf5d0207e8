"""Exercises with the weight hanging from the arms: bent-over row, upright row, reverse fly."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import partial

import numpy as np

from sample_videos.generator.body import SIDES
from sample_videos.generator.motion import Goals, Movement, Prop, Shot, Stance
from sample_videos.generator.rig import ArmGoal, Posed
from sample_videos.generator.vec import LEFT, Array, unit, vec

_LOWEST_BAR = 0.235


@dataclass(frozen=True)
class _Frame:
    """Trunk as the arms see it: middle of hips and shoulders (m), length (m), directions."""

    hip: Array
    shoulder: Array
    length: float
    along: Array
    ventral: Array


def _frame_of(posed: Posed) -> _Frame:
    hip, shoulder = posed.points["mid_hip"], posed.points["mid_shoulder"]
    along = unit(shoulder - hip)
    length = float(np.linalg.norm(shoulder - hip))
    return _Frame(hip, shoulder, length, along, vec(0, -along[2], along[1]))


class _BarLift(Movement):
    """Lifts a barbell on a straight path between two points that move with the trunk."""

    load_mass = 0.35
    default_grip_m = 0.58

    @abstractmethod
    def path(self, frame: _Frame, reach: float) -> tuple[Array, Array]:
        """Lowest and highest place of the bar for an arm reach below the shoulders, m."""

    def bar_at(self, posed: Posed, phase: float) -> Array:
        """Centre of the bar, m."""
        frame, rig = _frame_of(posed), self.rig
        half = (self.spec.grip_m or self.default_grip_m) / 2
        aside = half - abs(posed.points["shoulder_l"][0])
        arm = (rig.upper_arm + rig.forearm) * 0.992
        reach = np.sqrt(max(arm**2 - aside**2, 0.01)) + 0.083 * rig.skeleton.scale
        low, high = self.path(frame, reach)
        place: Array = low + (high - low) * phase
        place[0] = 0.0
        return place

    def hands(self, posed: Posed, phase: float, pole: Array, axis: Array) -> dict[str, ArmGoal]:
        """Arm goals; `pole` and `axis` are for the left side and mirrored for the right."""
        bar = self.bar_at(posed, phase)
        half = (self.spec.grip_m or self.default_grip_m) / 2
        goals = {}
        for side, sign in SIDES:
            mirror = vec(sign, 1, 1)
            goals[side] = ArmGoal(
                bar + sign * half * LEFT, pole * mirror, axis * mirror, sign * LEFT
            )
        return goals


class Row(_BarLift):
    """Bent-over barbell row.

    Doses: `heave` swing of the trunk (degrees), `hinge_angle` trunk lean
    (degrees), `top_range` share of the way the bar goes, `range_loss` share
    of the way lost from the first to the last rep, `shrug` raise of the
    shoulder girdle (degrees).
    """

    def shot(self, t: float) -> Shot:
        """Pose the figure at a time, s."""
        moment = self.timeline.at(t)
        s, rep = moment.phase, moment.rep
        heave = self.fault("heave", rep)
        lean = self.fault("hinge_angle", rep, self.spec.lean_deg or 62.0)
        lean += self.sway_deg(t) - heave * s**0.9
        knee = (self.spec.knee_deg or 26.0) - 0.15 * heave * s
        reached = s * self._range(rep)
        trunk = self.trunk(lean, look=12 + 0.45 * lean)
        shrug = self.fault("shrug", rep) * (0.25 + 0.75 * s)
        arms = partial(self._arms, reached=reached, shrug=shrug)
        load = partial(self.bar_at, phase=reached)
        posed = self.stand(t, Stance(knee, trunk, arms, load, self.load_mass))
        bar = self.bar_at(posed, reached)
        return Shot(posed, moment, (Prop("barbell", bar),), bar)

    def _range(self, rep: int) -> float:
        last = max(self.spec.reps - 1, 1)
        fade = 1 - self.spec.faults.get("range_loss", 0.0) * rep / last
        whole = self.fault("top_range", rep, 1.0) * fade
        return float(min(whole * self.variation[rep], 1.03))

    def path(self, frame: _Frame, reach: float) -> tuple[Array, Array]:
        """Straight below the shoulders to the lower ribs."""
        k = self.rig.skeleton.scale
        low = vec(0, max(frame.shoulder[1] - reach, _LOWEST_BAR), frame.shoulder[2] - 0.02 * k)
        deep = 0.135 + 0.06 * max(0.0, self.rig.skeleton.spec.weight - 0.4)
        high = frame.hip + 0.36 * frame.length * frame.along + deep * k * frame.ventral
        return low, high

    def _arms(self, posed: Posed, reached: float, shrug: float) -> Goals:
        axis = unit([0, -1, -0.05 + 0.25 * reached])
        goals = self.hands(posed, reached, vec(0.55, 0.75, -0.65), axis)
        clavicle = (shrug, 6 - 13 * reached)
        return goals, {side: clavicle for side, _ in SIDES}


class UprightRow(_BarLift):
    """Barbell pulled up along the front of the body to the chest."""

    load_mass = 0.2
    default_grip_m = 0.46

    def shot(self, t: float) -> Shot:
        """Pose the figure at a time, s."""
        moment = self.timeline.at(t)
        s = moment.phase * min(1.03, float(self.variation[moment.rep]))
        trunk = self.trunk((self.spec.lean_deg or 4.0) - 2 * s + self.sway_deg(t))
        arms = partial(self._arms, reached=s)
        load = partial(self.bar_at, phase=s)
        stance = Stance(self.spec.knee_deg or 8.0, trunk, arms, load, self.load_mass)
        posed = self.stand(t, stance)
        bar = self.bar_at(posed, s)
        return Shot(posed, moment, (Prop("barbell", bar),), bar)

    def path(self, frame: _Frame, reach: float) -> tuple[Array, Array]:
        """From the thighs to the upper chest."""
        k = self.rig.skeleton.scale
        low = vec(0, frame.shoulder[1] - 0.985 * reach, frame.hip[2] + 0.145 * k)
        high = frame.hip + 0.80 * frame.length * frame.along + 0.175 * k * frame.ventral
        return low, high

    def _arms(self, posed: Posed, reached: float) -> Goals:
        pole = vec(1.0, 0.15 + 0.5 * reached, -0.25 + 0.15 * reached)
        goals = self.hands(posed, reached, pole, unit([-0.25 * reached, -1, 0.25 * reached]))
        return goals, {side: (10 * reached, 2.0) for side, _ in SIDES}


class ReverseFly(Movement):
    """Bent over, both arms raised sideways with a dumbbell in each hand."""

    def shot(self, t: float) -> Shot:
        """Pose the figure at a time, s."""
        moment = self.timeline.at(t)
        s = moment.phase * float(self.variation[moment.rep])
        trunk = self.trunk((self.spec.lean_deg or 74.0) + self.sway_deg(t), look=42)
        arms = partial(self._arms, raised=s)
        posed = self.stand(t, Stance(self.spec.knee_deg or 24.0, trunk, arms, _hands, 0.12))
        along = _frame_of(posed).along
        palm = 0.03 * self.rig.skeleton.scale
        props = []
        for side, _ in SIDES:
            place = posed.joint("hand" + side, "knuckles" + side)
            inward = posed.rotations["hand" + side] @ self.rig.joints["hand_palm" + side]
            props.append(Prop("dumbbell", place + palm * inward, along))
        return Shot(posed, moment, tuple(props))

    def _arms(self, posed: Posed, raised: float) -> Goals:
        frame = _frame_of(posed)
        angle = np.radians(6 + 76 * raised)
        down = unit((1 - raised) * vec(0, -1, 0) + raised * frame.ventral)
        bend = np.radians(20)
        upper, lower = self.rig.upper_arm, self.rig.forearm
        length = np.sqrt(upper**2 + lower**2 + 2 * upper * lower * np.cos(bend))
        goals = {}
        for side, sign in SIDES:
            aside = sign * LEFT
            along = np.cos(angle) * down + np.sin(angle) * aside
            pole = np.cos(angle) * aside - np.sin(angle) * down
            wrist = posed.points["shoulder" + side] + length * along
            goals[side] = ArmGoal(wrist, pole, along, -frame.along, wrist=True)
        return goals, {side: (0.0, 6 - 12 * raised) for side, _ in SIDES}


def _hands(posed: Posed) -> Array:
    middle: Array = (posed.points["wrist_l"] + posed.points["wrist_r"]) / 2
    return middle
