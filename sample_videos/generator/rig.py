"""Posing: every bone gets a rigid transform from the rest pose to the world.

Bone lengths are constant by construction, joints are exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sample_videos.generator.body import BONES, NECK, SIDES, SPINE
from sample_videos.generator.vec import (
    FORWARD,
    LEFT,
    Array,
    between,
    frame,
    partial,
    rot_axis,
    rot_x,
    rot_y,
    rot_z,
    swing,
    twist_about,
    two_bone,
    unit,
)

if TYPE_CHECKING:
    from sample_videos.generator.body import Skeleton

Bend = tuple[float, float, float]
NO_BEND: Bend = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class ArmGoal:
    """Where a hand should be.

    Attributes
    ----------
    point
        Centre of the grip (or the wrist, if `wrist`), m.
    pole
        Direction towards which the elbow points.
    axis, across
        Direction of the hand from the wrist, and from index to little finger.
    curl_deg
        Flexion of each finger joint.
    wrist
        Whether `point` is the wrist.
    """

    point: Array
    pole: Array
    axis: Array
    across: Array
    curl_deg: float = 62.0
    wrist: bool = False


@dataclass(frozen=True)
class PlantedLeg:
    """Leg whose foot stands somewhere: ankle (m), foot rotation, knee direction, heel angle."""

    ankle: Array
    foot: Array
    pole: Array
    heel_deg: float = 0.0


@dataclass(frozen=True)
class FreeLeg:
    """Leg given by its angles: hip flexion and abduction, knee flexion, plantar flexion."""

    hip: float
    abduction: float
    knee: float
    ankle: float


@dataclass
class Pose:
    """Everything that determines where the bones are; `pelvis` is the middle of the hips."""

    pelvis: Array
    pelvis_rotation: Array
    legs: dict[str, PlantedLeg | FreeLeg]
    arms: dict[str, ArmGoal] = field(default_factory=dict)
    spine: tuple[Bend, ...] = (NO_BEND,) * len(SPINE)
    neck_deg: float = 0.0
    clavicles: dict[str, tuple[float, float]] = field(default_factory=dict)


class Posed:
    """A posed figure: `points` (m) and rigid transforms of the bones."""

    def __init__(self, joints: dict[str, Array]) -> None:
        self._joints = joints
        self.points: dict[str, Array] = {}
        self.rotations: dict[str, Array] = {}
        self.offsets: dict[str, Array] = {}

    def attach(self, bone: str, rotation: Array, rest: Array, position: Array) -> None:
        """Give a bone a rotation such that its rest point comes to `position`."""
        self.rotations[bone] = rotation
        self.offsets[bone] = position - rotation @ rest

    def at(self, bone: str, rest: Array) -> Array:
        """World position of a rest point that moves with a bone, m."""
        position: Array = self.rotations[bone] @ rest + self.offsets[bone]
        return position

    def joint(self, bone: str, name: str) -> Array:
        """World position of a rest joint that moves with a bone, m."""
        return self.at(bone, self._joints[name])

    def matrices(self) -> Array:
        """Return the transforms of all bones, shape (bones, 3, 4)."""
        stack = [np.c_[self.rotations[bone], self.offsets[bone]] for bone in BONES]
        return np.array(stack)


class Rig:
    """Poses one skeleton."""

    def __init__(self, skeleton: Skeleton) -> None:
        self.skeleton = skeleton
        self.joints = j = skeleton.joints
        self.thigh = skeleton.length("hip_l", "knee_l")
        self.shank = skeleton.length("knee_l", "ankle_l")
        self.upper_arm = skeleton.length("shoulder_l", "elbow_l")
        self.forearm = skeleton.length("elbow_l", "wrist_l")
        self.mid_hip = (j["hip_l"] + j["hip_r"]) / 2
        self._elbow_hinge: dict[str, Array] = {}
        self._hand_axis: dict[str, Array] = {}
        self._grip: dict[str, Array] = {}
        for side, _ in SIDES:
            upper = j["elbow" + side] - j["shoulder" + side]
            lower = j["wrist" + side] - j["elbow" + side]
            hand = j["knuckles" + side] - j["wrist" + side]
            self._elbow_hinge[side] = unit(np.cross(upper, lower))
            self._hand_axis[side] = unit(hand)
            palm = j["hand_palm" + side] * 0.030 * skeleton.scale
            self._grip[side] = j["wrist" + side] + 0.92 * hand + palm

    def hand_rotation(self, goal: ArmGoal, side: str) -> Array:
        """Rotation of the hand that a goal asks for."""
        rest = frame(self._hand_axis[side], self.joints["hand_across" + side])
        rotation: Array = frame(goal.axis, goal.across) @ rest.T
        return rotation

    def wrist_goal(self, goal: ArmGoal, side: str) -> Array:
        """Where the wrist has to be for a goal, m."""
        if goal.wrist:
            return goal.point
        grip = self._grip[side] - self.joints["wrist" + side]
        position: Array = goal.point - self.hand_rotation(goal, side) @ grip
        return position

    def pose(self, pose: Pose) -> Posed:
        """Place all bones."""
        posed = Posed(self.joints)
        self._place_spine(posed, pose)
        for side, sign in SIDES:
            self._place_clavicle(posed, pose, side, sign)
            self._place_arm(posed, pose.arms[side], side)
            leg = pose.legs[side]
            if isinstance(leg, PlantedLeg):
                self._place_planted(posed, leg, side)
            else:
                self._place_free(posed, leg, side, sign)
        for name, (bone, rest) in self.skeleton.marks.items():
            posed.points[name] = posed.at(bone, rest)
        points = posed.points
        points["mid_shoulder"] = (points["shoulder_l"] + points["shoulder_r"]) / 2
        return posed

    def _place_spine(self, posed: Posed, pose: Pose) -> None:
        joints = self.joints
        posed.attach("pelvis", pose.pelvis_rotation, self.mid_hip, pose.pelvis)
        posed.points["mid_hip"] = pose.pelvis
        parent = "pelvis"
        bends = [*pose.spine, *[(pose.neck_deg / len(NECK), 0.0, 0.0)] * len(NECK)]
        for bone, (flex, lean, turn) in zip((*SPINE, *NECK), bends, strict=True):
            rotation = posed.rotations[parent] @ rot_x(flex) @ rot_z(lean) @ rot_y(turn)
            posed.attach(bone, rotation, joints[bone], posed.joint(parent, bone))
            parent = bone

    def _place_clavicle(self, posed: Posed, pose: Pose, side: str, sign: float) -> None:
        raised, forward = pose.clavicles.get(side, (0.0, 0.0))
        chest = "thorax_top"
        rotation = posed.rotations[chest] @ rot_z(sign * raised) @ rot_y(-sign * forward)
        name = "clavicle" + side
        posed.attach(name, rotation, self.joints[name], posed.joint(chest, name))
        posed.points["shoulder" + side] = posed.joint(name, "shoulder" + side)

    def _place_arm(self, posed: Posed, goal: ArmGoal, side: str) -> None:
        j, points = self.joints, posed.points
        hand = self.hand_rotation(goal, side)
        shoulder = points["shoulder" + side]
        lengths = (self.upper_arm, self.forearm)
        elbow, wrist, hinge = two_bone(shoulder, self.wrist_goal(goal, side), lengths, goal.pole)
        points["elbow" + side], points["wrist" + side] = elbow, wrist
        rest_upper = j["elbow" + side] - j["shoulder" + side]
        rest_lower = j["wrist" + side] - j["elbow" + side]
        rest_hinge = self._elbow_hinge[side]
        upper = frame(elbow - shoulder, hinge) @ frame(rest_upper, rest_hinge).T
        lower = frame(wrist - elbow, hinge) @ frame(rest_lower, rest_hinge).T
        girdle = posed.rotations["clavicle" + side]
        untwisted = swing(girdle @ rest_upper, elbow - shoulder) @ girdle
        top = partial(untwisted, upper, 0.45)
        posed.attach("upper_arm_top" + side, top, j["shoulder" + side], shoulder)
        posed.attach("upper_arm" + side, upper, j["elbow" + side], elbow)
        along = unit(wrist - elbow)
        twist = twist_about(hand @ lower.T, along)
        posed.attach(
            "forearm_top" + side, rot_axis(along, 0.2 * twist) @ lower, j["elbow" + side], elbow
        )
        posed.attach(
            "forearm" + side, rot_axis(along, 0.65 * twist) @ lower, j["wrist" + side], wrist
        )
        posed.attach("hand" + side, hand, j["wrist" + side], wrist)
        self._place_fingers(posed, goal.curl_deg, side)

    def _place_fingers(self, posed: Posed, curl: float, side: str) -> None:
        j = self.joints
        axis = np.cross(self._hand_axis[side], j["hand_palm" + side])
        thumb_axis = np.cross(
            j["thumb_tip" + side] - j["thumb" + side],
            j["hand_palm" + side] + 0.6 * j["hand_across" + side],
        )
        chain = (
            ("fingers", "hand", "knuckles", axis, 1.2 * curl),
            ("fingertips", "fingers", "finger_mid", axis, 1.4 * curl),
            ("thumb", "hand", "thumb", thumb_axis, 0.6 * curl),
        )
        for bone, parent, joint, about, angle in chain:
            rotation = posed.rotations[parent + side] @ rot_axis(about, angle)
            position = posed.joint(parent + side, joint + side)
            posed.attach(bone + side, rotation, j[joint + side], position)

    def _place_planted(self, posed: Posed, leg: PlantedLeg, side: str) -> None:
        j, points = self.joints, posed.points
        hip = points["hip" + side] = posed.joint("pelvis", "hip" + side)
        knee, ankle, hinge = two_bone(hip, leg.ankle, (self.thigh, self.shank), leg.pole)
        points["knee" + side], points["ankle" + side] = knee, ankle
        thigh = frame(knee - hip, hinge) @ frame(j["knee" + side] - j["hip" + side], LEFT).T
        shank = frame(ankle - knee, hinge) @ frame(j["ankle" + side] - j["knee" + side], LEFT).T
        posed.attach("thigh" + side, thigh, j["hip" + side], hip)
        posed.attach("shank" + side, shank, j["knee" + side], knee)
        self._place_foot(posed, leg.foot, leg.heel_deg, side)

    def _place_free(self, posed: Posed, leg: FreeLeg, side: str, sign: float) -> None:
        j, points = self.joints, posed.points
        hip = points["hip" + side] = posed.joint("pelvis", "hip" + side)
        pelvis = posed.rotations["pelvis"]
        thigh = pelvis @ rot_z(sign * leg.abduction) @ rot_x(-leg.hip)
        posed.attach("thigh" + side, thigh, j["hip" + side], hip)
        points["knee" + side] = knee = posed.joint("thigh" + side, "knee" + side)
        resting = between(j["knee" + side] - j["hip" + side], j["ankle" + side] - j["knee" + side])
        shank = thigh @ rot_x(leg.knee - resting)
        posed.attach("shank" + side, shank, j["knee" + side], knee)
        points["ankle" + side] = posed.joint("shank" + side, "ankle" + side)
        self._place_foot(posed, shank @ rot_x(leg.ankle), 0.0, side)

    def _place_foot(self, posed: Posed, foot: Array, heel_deg: float, side: str) -> None:
        j = self.joints
        posed.attach("foot" + side, foot, j["ankle" + side], posed.points["ankle" + side])
        ball = posed.joint("foot" + side, "ball" + side)
        posed.attach("toes" + side, foot @ rot_x(-heel_deg), j["ball" + side], ball)

    def lean_of(self, bends: tuple[Bend, ...]) -> float:
        """Lean of the line mid-hip to mid-shoulder with an upright pelvis, degrees."""
        joints = self.joints
        posed = Posed(joints)
        posed.attach("pelvis", np.eye(3), self.mid_hip, self.mid_hip)
        parent = "pelvis"
        for bone, (flex, lean, turn) in zip(SPINE, bends, strict=True):
            rotation = posed.rotations[parent] @ rot_x(flex) @ rot_z(lean) @ rot_y(turn)
            posed.attach(bone, rotation, joints[bone], posed.joint(parent, bone))
            parent = bone
        middle = (joints["shoulder_l"] + joints["shoulder_r"]) / 2
        line = posed.at(parent, middle) - self.mid_hip
        return float(np.degrees(np.arctan2(line @ FORWARD, line[1])))
