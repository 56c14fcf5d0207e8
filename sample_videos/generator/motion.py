"""What all exercises share: faults per rep, trunk, balance over the feet."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from sample_videos.generator.body import SIDES
from sample_videos.generator.rig import ArmGoal, Bend, PlantedLeg, Pose, Posed, Rig
from sample_videos.generator.timeline import Moment, Timeline
from sample_videos.generator.vec import FORWARD, LEFT, Array, rot_x, rot_y, vec

if TYPE_CHECKING:
    from collections.abc import Callable

    from sample_videos.generator.spec import MotionSpec

_LIMB_MASS = (  # both ends, share of body mass of one side, centre from the first end (Winter)
    ("hip", "knee", 0.100, 0.433),
    ("knee", "ankle", 0.0465, 0.433),
    ("heel", "toe", 0.0145, 0.5),
    ("shoulder", "elbow", 0.028, 0.436),
    ("elbow", "wrist", 0.022, 0.682),
)
_TRUNK_MASS, _HEAD_MASS = 0.497, 0.081
MID_FOOT = 0.46
"""Where the load stands: share of the way from ankle to ball of the foot."""
_ROUNDS = 12
_BALANCED = 5e-5


Goals = tuple[dict[str, ArmGoal], dict[str, tuple[float, float]]]
"""Arm goals and clavicle angles (raised, forward; degrees) by side."""


@dataclass(frozen=True)
class Prop:
    """Equipment in the hands: centre (m) and direction of its bar."""

    kind: Literal["barbell", "dumbbell"]
    centre: Array
    along: Array = field(default_factory=lambda: LEFT)


@dataclass(frozen=True)
class Shot:
    """The figure at one time."""

    posed: Posed
    moment: Moment
    props: tuple[Prop, ...] = ()
    bar: Array | None = None


@dataclass(frozen=True)
class Trunk:
    """Pelvis rotation, bends of the spine and pitch of the neck."""

    pelvis: Array
    spine: tuple[Bend, ...]
    neck_deg: float


@dataclass(frozen=True)
class Stance:
    """How to stand on planted feet.

    Attributes
    ----------
    knee
        Knee flexion, degrees.
    trunk
        Posture of the trunk.
    arms
        Gives arm goals and clavicle angles (degrees) for the pose of the round before.
    load, load_mass
        Where the load is (m) and its mass as a share of body mass.
    inward
        Turn of the knees towards each other, degrees.
    heel
        Angle by which the heels are raised, degrees.
    aside, forward
        Where hips and centre of mass are beside the middle and before the
        balanced place, m.
    """

    knee: float
    trunk: Trunk
    arms: Callable[[Posed], Goals]
    load: Callable[[Posed], Array] | None = None
    load_mass: float = 0.0
    inward: float = 0.0
    heel: float = 0.0
    aside: float = 0.0
    forward: float = 0.0


class Movement(ABC):
    """Moves a rig through a set of one exercise."""

    stalls: str | None = None
    """Fault that draws out the end of the way out."""

    def __init__(self, rig: Rig, spec: MotionSpec) -> None:
        self.rig, self.spec = rig, spec
        rng = np.random.default_rng(spec.seed + 1000)
        stall = spec.faults.get(self.stalls, 0.0) if self.stalls else 0.0
        stalled = (
            frozenset(n for n in range(spec.reps) if self._shows_faults(n))
            if stall
            else frozenset()
        )
        self.timeline = Timeline(spec, stall, stalled, spec.faults.get("speed_loss", 0.0))
        self.variation = 1 + spec.rep_variation * rng.normal(size=spec.reps)
        self._sway = [_wander(rng) for _ in range(2)]
        self._depth = 0.0
        self._last: Posed | None = None

    @abstractmethod
    def shot(self, t: float) -> Shot:
        """Pose the figure at a time, s."""

    def _shows_faults(self, rep: int) -> bool:
        chosen = self.spec.fault_reps
        return chosen is None or rep + 1 in chosen

    def fault(self, name: str, rep: int, healthy: float = 0.0) -> float:
        """Dose of a fault in a rep, or the healthy value."""
        return self.spec.faults.get(name, healthy) if self._shows_faults(rep) else healthy

    def over_set(self, name: str, rep: int) -> float:
        """Share of a fault's dose that has come by a rep, if it grows from first to last."""
        return self.spec.faults.get(name, 0.0) * rep / max(self.spec.reps - 1, 1)

    def between_reps(self, name: str, t: float) -> float:
        """Like `over_set`, for what also shows at rest: it changes on the way back."""
        if name not in self.spec.faults:
            return 0.0
        times, done = [0.0], [0.0]
        for number, rep in enumerate(self.timeline.reps[:-1]):
            times += [rep.leave, rep.end]
            done += [float(number), number + 1.0]
        return self.over_set(name, 1) * float(np.interp(t, times, done))

    def sway_deg(self, t: float) -> float:
        """Slow unintended change of an angle, degrees."""
        return self.spec.sway_deg * self._sway[0](t)

    def trunk(
        self, lean: float, thoracic: float = 0.0, lumbar: float = 0.0, look: float = 6.0
    ) -> Trunk:
        """Trunk whose line mid-hip to mid-shoulder has a given lean.

        Parameters
        ----------
        lean
            Degrees, positive forward.
        thoracic, lumbar
            Flexion spread over the upper and the lower spine, degrees.
        look
            Pitch of the head, degrees, positive down.
        """
        shares = ((0.0, 0.6), (0.0, 0.4), (0.2, 0.0), (0.3, 0.0), (0.5, 0.0))
        spine = tuple((thoracic * a + lumbar * b, 0.0, 0.0) for a, b in shares)
        pitch = lean - self.rig.lean_of(spine)
        neck = float(np.clip(look - pitch - thoracic - lumbar, -58, 40))
        return Trunk(rot_x(pitch), spine, neck)

    def stand(self, t: float, stance: Stance) -> Posed:
        """Stand at a time (s) with the centre of mass over the middle of the feet."""
        trunk, load = stance.trunk, stance.load
        legs = {side: self._planted(side, sign, stance) for side, sign in SIDES}
        target = self._support(stance.heel) + stance.forward
        aside = 0.004 * self._sway[1](t) + stance.aside
        posed = self._last or self._first_pose(trunk, legs)
        for _ in range(_ROUNDS):
            goals, clavicles = stance.arms(posed)
            pelvis = self._pelvis(stance.knee, legs, aside)
            posed = self.rig.pose(
                Pose(
                    pelvis, trunk.pelvis, dict(legs), goals, trunk.spine, trunk.neck_deg, clavicles
                )
            )
            weight = (load(posed), stance.load_mass) if load else None
            error = centre_of_mass(posed, weight)[2] - target
            self._depth -= 0.9 * error
            if abs(error) < _BALANCED:
                break
        self._last = posed
        return posed

    def _planted(self, side: str, sign: float, stance: Stance) -> PlantedLeg:
        joints, toe_out = self.rig.joints, self.spec.toe_out_deg
        turn = rot_y(sign * toe_out)
        ankle, ball = joints["ankle" + side], joints["ball" + side]
        stand = vec(sign * self.spec.stance_m / 2, ankle[1], 0.0)
        planted_ball = stand + turn @ (ball - ankle)
        foot = turn @ rot_x(stance.heel)
        pole = rot_y(sign * (toe_out - stance.inward)) @ FORWARD
        return PlantedLeg(planted_ball + foot @ (ankle - ball), foot, pole, stance.heel)

    def _support(self, heel: float) -> float:
        """Where the centre of mass should be along Z, m; under the balls on raised heels."""
        joints = self.rig.joints
        ball = float(joints["ball_l"][2] - joints["ankle_l"][2]) * np.cos(
            np.radians(self.spec.toe_out_deg)
        )
        raised = min(1.0, max(0.0, heel) / 12)
        return float(ball * (MID_FOOT + (0.85 - MID_FOOT) * raised))

    def _pelvis(self, knee: float, legs: dict[str, PlantedLeg], aside: float) -> Array:
        rig = self.rig
        square = rig.thigh**2 + rig.shank**2 + 2 * rig.thigh * rig.shank * np.cos(np.radians(knee))
        ankle = legs["_l"].ankle
        across = ankle[0] - rig.joints["hip_l"][0]
        back = self._depth - ankle[2]
        height = ankle[1] + np.sqrt(max(square - across**2 - back**2, 1e-4))
        return vec(aside, height, self._depth)

    def _first_pose(self, trunk: Trunk, legs: dict[str, PlantedLeg]) -> Posed:
        arms = {side: hanging_arm(vec(sign * 0.25, 0.8, 0.1), sign) for side, sign in SIDES}
        pelvis = self._pelvis(5.0, legs, 0.0)
        return self.rig.pose(Pose(pelvis, trunk.pelvis, dict(legs), arms, trunk.spine))


def hanging_arm(wrist: Array, sign: float) -> ArmGoal:
    """Relaxed arm that hangs down to a wrist position (m)."""
    return ArmGoal(wrist, vec(sign * 0.4, 0, -1), vec(0, -1, 0.08), vec(0, 0, -1), 18.0, wrist=True)


def centre_of_mass(posed: Posed, load: tuple[Array, float] | None = None) -> Array:
    """Centre of mass of the body and an optional load (position in m, share of body mass)."""
    points = posed.points
    head = (points["ear_l"] + points["ear_r"]) / 2
    trunk = (points["mid_hip"] + points["mid_shoulder"]) / 2
    pieces = [(trunk, _TRUNK_MASS), (head, _HEAD_MASS)]
    for side, _ in SIDES:
        for a, b, mass, share in _LIMB_MASS:
            pieces.append(((1 - share) * points[a + side] + share * points[b + side], mass))
    if load is not None:
        pieces.append(load)
    total = sum(mass for _, mass in pieces)
    centre: Array = sum((mass * place for place, mass in pieces), np.zeros(3)) / total
    return centre


def _wander(rng: np.random.Generator) -> Callable[[float], float]:
    """Slow random curve of time (s) with an amplitude of about one."""
    rates, starts = rng.uniform(0.15, 0.6, 3), rng.uniform(0, 2 * np.pi, 3)
    return lambda t: float(np.sin(2 * np.pi * rates * t + starts).sum() / 1.7)
