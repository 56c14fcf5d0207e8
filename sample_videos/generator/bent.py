"""Exercises with the weight hanging from the arms: bent-over row, upright row, reverse fly."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sample_videos.generator.body import SIDES
from sample_videos.generator.motion import Goals, Movement, Prop, Shot, Stance, Trunk
from sample_videos.generator.rig import ArmGoal, Posed
from sample_videos.generator.vec import LEFT, Array, rot_z, smooth, unit, vec

_LOWEST_BAR = 0.235
_PROTRACTION = 0.6
"""How far the shoulders come forward with a rounded upper back, degrees a degree."""


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

    def ends_at(self, posed: Posed, phase: float, lag: float = 0.0) -> dict[str, Array]:
        """Where the bar is gripped, by side; the right side lags by a share of the way, m."""
        half = (self.spec.grip_m or self.default_grip_m) / 2
        ends = {}
        for side, sign in SIDES:
            own = phase if sign > 0 else phase * (1 - lag)
            ends[side] = self.bar_at(posed, own) + sign * half * LEFT
        return ends

    def hands(
        self, posed: Posed, phase: float, pole: Array, axis: Array, lag: float = 0.0
    ) -> dict[str, ArmGoal]:
        """Arm goals; `pole` and `axis` are for the left side and mirrored for the right."""
        ends = self.ends_at(posed, phase, lag)
        goals = {}
        for side, sign in SIDES:
            mirror = vec(sign, 1, 1)
            goals[side] = ArmGoal(ends[side], pole * mirror, axis * mirror, sign * LEFT)
        return goals


class Row(_BarLift):
    """Bent-over barbell row.

    Doses: `heave` swing of the trunk (degrees), `hinge_angle` trunk lean
    (degrees), `top_range` share of the way the bar goes, `range_loss` share
    of the way lost from the first to the last rep, `shrug` raise of the
    shoulder girdle (degrees), `hinge_loss` lean lost from the first to the
    last rep (degrees), `leg_drive` knee extension early in the pull
    (degrees), `neck` nod of the head towards the bar (degrees), `asymmetry` share
    of the way that the right hand lacks, `upper_trunk` rounding of the upper back with the arms
    hanging (degrees; half of it is left where the bar is at the body).
    """

    def shot(self, t: float) -> Shot:
        """Pose the figure at a time, s."""
        moment = self.timeline.at(t)
        s, rep = moment.phase, moment.rep
        heave = self.fault("heave", rep)
        lean = self.fault("hinge_angle", rep, self.spec.lean_deg or 62.0)
        lean += self.sway_deg(t) - heave * s**0.9 - self.between_reps("hinge_loss", t)
        knee = (self.spec.knee_deg or 26.0) - 0.15 * heave * s
        knee -= self.fault("leg_drive", rep) * smooth(2 * s)
        reached = s * self._range(rep)
        rounding = self.fault("upper_trunk", rep) * (1 - 0.5 * s)
        trunk = self._trunk_of(lean, rounding, 12 + 0.45 * lean + self.fault("neck", rep) * s)
        shrug = self.fault("shrug", rep) * (0.25 + 0.75 * s)
        lag = self.fault("asymmetry", rep)
        arms = partial(
            self._arms, reached=reached, shrug=shrug, lag=lag, forward=_PROTRACTION * rounding
        )
        load = partial(self.bar_at, phase=reached)
        posed = self.stand(t, Stance(knee, trunk, arms, load, self.load_mass))
        if not lag:
            bar = self.bar_at(posed, reached)
            return Shot(posed, moment, (Prop("barbell", bar),), bar)
        ends = self.ends_at(posed, reached, lag)
        bar = (ends["_l"] + ends["_r"]) / 2
        return Shot(posed, moment, (Prop("barbell", bar, unit(ends["_l"] - ends["_r"])),), bar)

    def _trunk_of(self, lean: float, rounding: float, look: float) -> Trunk:
        """Trunk with a rounded upper back, whose head goes with it instead of looking ahead."""
        straight = self.trunk(lean, look=look)
        if not rounding:
            return straight
        return replace(self.trunk(lean, rounding), neck_deg=straight.neck_deg)

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

    def _arms(
        self, posed: Posed, reached: float, shrug: float, lag: float, forward: float
    ) -> Goals:
        axis = unit([0, -1, -0.05 + 0.25 * reached])
        goals = self.hands(posed, reached, vec(0.55, 0.75, -0.65), axis, lag)
        clavicle = (shrug, 6 - 13 * reached + forward)
        return goals, {side: clavicle for side, _ in SIDES}


class UprightRow(_BarLift):
    """Barbell pulled up along the front of the body to the chest.

    Doses: `height` way of the bar (1 = to the chest), `sway` swing of the
    trunk backwards (degrees), `lead` turn of the elbows down at the top
    (degrees).
    """

    load_mass = 0.2
    default_grip_m = 0.46

    def shot(self, t: float) -> Shot:
        """Pose the figure at a time, s."""
        moment = self.timeline.at(t)
        rep = moment.rep
        s = moment.phase * min(1.03, float(self.variation[rep]))
        lean = (self.spec.lean_deg or 4.0) - 2 * s + self.sway_deg(t)
        lean += self.fault("sway", rep) * (0.4 - s)
        trunk = self.trunk(lean)
        s *= self.fault("height", rep, 1.0)
        arms = partial(self._arms, reached=s, turned=self.fault("lead", rep) * moment.phase)
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

    def _arms(self, posed: Posed, reached: float, turned: float) -> Goals:
        pole = vec(1.0, 0.15 + 0.5 * reached, -0.25 + 0.15 * reached)
        if turned:
            pole = rot_z(-turned) @ pole
        goals = self.hands(posed, reached, pole, unit([-0.25 * reached, -1, 0.25 * reached]))
        return goals, {side: (10 * reached, 2.0) for side, _ in SIDES}


class ReverseFly(Movement):
    """Bent over, both arms raised sideways with a dumbbell in each hand.

    Doses: `hinge` trunk lean (degrees), `hinge_loss` lean lost from the first
    to the last rep (degrees), `height` of the upper arms under the line of
    the shoulders at the top (degrees), `elbows` bend of the elbows on the way
    up (degrees), `heave` swing of the trunk (degrees), `shrug` raise of the
    shoulder girdle (degrees).
    """

    def shot(self, t: float) -> Shot:
        """Pose the figure at a time, s."""
        moment = self.timeline.at(t)
        rep = moment.rep
        s = moment.phase * float(self.variation[rep])
        lean = self.fault("hinge", rep, self.spec.lean_deg or 74.0) + self.sway_deg(t)
        lean -= self.fault("heave", rep) * s + self.between_reps("hinge_loss", t)
        trunk = self.trunk(lean, look=42)
        arms = partial(self._arms, raised=s, rep=rep)
        posed = self.stand(t, Stance(self.spec.knee_deg or 24.0, trunk, arms, _hands, 0.12))
        along = _frame_of(posed).along
        palm = 0.03 * self.rig.skeleton.scale
        props = []
        for side, _ in SIDES:
            place = posed.joint("hand" + side, "knuckles" + side)
            inward = posed.rotations["hand" + side] @ self.rig.joints["hand_palm" + side]
            props.append(Prop("dumbbell", place + palm * inward, along))
        return Shot(posed, moment, tuple(props))

    def _arms(self, posed: Posed, raised: float, rep: int) -> Goals:
        frame = _frame_of(posed)
        angle = np.radians(6 + (84 - self.fault("height", rep, 8.0)) * raised)
        down = unit((1 - raised) * vec(0, -1, 0) + raised * frame.ventral)
        bend = np.radians(20 + self.fault("elbows", rep) * raised)
        upper, lower = self.rig.upper_arm, self.rig.forearm
        length = np.sqrt(upper**2 + lower**2 + 2 * upper * lower * np.cos(bend))
        goals = {}
        for side, sign in SIDES:
            aside = sign * LEFT
            along = np.cos(angle) * down + np.sin(angle) * aside
            pole = np.cos(angle) * aside - np.sin(angle) * down
            wrist = posed.points["shoulder" + side] + length * along
            goals[side] = ArmGoal(wrist, pole, along, -frame.along, wrist=True)
        clavicle = (self.fault("shrug", rep) * raised, 6 - 12 * raised)
        return goals, {side: clavicle for side, _ in SIDES}


def _hands(posed: Posed) -> Array:
    middle: Array = (posed.points["wrist_l"] + posed.points["wrist_r"]) / 2
    return middle
