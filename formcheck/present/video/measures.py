"""Which angles, lines and trails tell something about this clip: chosen from its data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.angles import AngleSource
from formcheck.kinematics.view import ViewLabel
from formcheck.lean.proportions import needed_lean_series
from formcheck.pose import landmarks
from formcheck.reps.features import window_frames
from formcheck.rules.computed import SetContext
from formcheck.rules.computed.lean import bars_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.analysis import Analysis
    from formcheck.kinematics.motion import Motion
    from formcheck.reps.cycles import Cycle

    Floats = NDArray[np.float64]

JOINTS = {
    "knee": ("hip", "knee", "ankle"),
    "hip": ("shoulder", "hip", "knee"),
    "elbow": ("shoulder", "elbow", "wrist"),
}
MOVES_DEG = 35.0
"""A joint that bends less than this in a repetition is not what the lift is about."""
MOST_JOINTS = 2
LEANS_DEG, SWAYS_DEG = 15.0, 20.0
"""The trunk is shown when it leans or sways more than this."""


@dataclass(frozen=True, eq=False)
class JointAngle:
    """A joint whose flexion is shown.

    Attributes
    ----------
    chain
        Landmark numbers: from one end over the joint to the other.
    degrees
        Shape (T,).
    """

    chain: tuple[int, int, int]
    degrees: Floats


@dataclass(frozen=True, eq=False)
class Measures:
    """What is drawn beside the skeleton.

    Attributes
    ----------
    joints
        Joints with an angle.
    lean
        Shape (T,): trunk lean in degrees; None when it tells nothing.
    band
        Shape (T, 2): lowest and highest lean that the lifter's build needs; None
        where it cannot be told.
    trail
        Shape (T, 2): the point whose path is shown, pixels; None for no exercise.
    """

    joints: tuple[JointAngle, ...] = ()
    lean: Floats | None = None
    band: Floats | None = None
    trail: Floats | None = None


def choose_measures(analysis: Analysis, /) -> Measures:
    """What to draw for this exercise, view and set."""
    motion = analysis.motion
    cycles = [r.rep.cycle for r in analysis.reps if r.rep.counts]
    if not cycles or analysis.definition is None:
        return Measures()
    part = analysis.definition.trail
    sides = (motion.arm,) if part == "wrist" and motion.arm != "both" else landmarks.SIDES
    if motion.view.is_side and part == "wrist" and motion.arm == "both":
        sides = (motion.view.near_side,)
    trail = np.mean([motion.track.point(part, side) for side in sides], axis=0)
    lean = motion.angles["trunk_lean"] if _lean_tells(motion, cycles) else None
    band = None
    if motion.view.is_side and analysis.lean is not None and lean is not None:
        band = _needed(analysis, cycles)
    return Measures(_joints(motion, cycles), lean, band, np.asarray(trail))


def _frames(cycles: list[Cycle], window: str = "rep") -> NDArray[np.intp]:
    return np.concatenate([window_frames(cycle, window) for cycle in cycles])


def _joints(motion: Motion, cycles: list[Cycle]) -> tuple[JointAngle, ...]:
    """The joints that bend most, read where the picture shows their bend."""
    straight_on = motion.view.label in (ViewLabel.FRONT, ViewLabel.BACK)
    sides = landmarks.SIDES if straight_on else (motion.view.near_side,)
    arm = motion.view.near_side if motion.arm == "both" else motion.arm
    frames, found = _frames(cycles), []
    for joint, names in JOINTS.items():
        for side in sides if straight_on or joint != "elbow" else (arm,):
            column = f"{joint}_flexion_{side}"
            values = motion.angles[column]
            foreshortened = motion.angles.sources[column] is AngleSource.WORLD
            bend = _travel(values[frames])
            if bend >= MOVES_DEG and not (straight_on and foreshortened):
                chain = [landmarks.index(name, side) for name in names]
                angle = JointAngle((chain[0], chain[1], chain[2]), values)
                found.append((bend, angle))
    found.sort(key=lambda one: -one[0])
    return tuple(angle for _, angle in found[:MOST_JOINTS])


def _travel(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.ptp(np.percentile(known, [5, 95]))) if len(known) else 0.0


def _lean_tells(motion: Motion, cycles: list[Cycle]) -> bool:
    if motion.view.label in (ViewLabel.FRONT, ViewLabel.BACK, ViewLabel.UNKNOWN):
        return False
    values = motion.angles["trunk_lean"][_frames(cycles)]
    known = values[np.isfinite(values)]
    return bool(len(known)) and (
        abs(float(np.median(known))) > LEANS_DEG or _travel(values) > SWAYS_DEG
    )


def _needed(analysis: Analysis, cycles: list[Cycle]) -> Floats | None:
    if analysis.definition is None:
        return None
    reps = [r.rep for r in analysis.reps if r.rep.counts]
    variant = None if analysis.variant is None else analysis.variant.id
    context = SetContext(analysis.motion, analysis.definition, reps, analysis.lifter, variant)
    low, high = needed_lean_series(
        analysis.motion,
        _frames(cycles, "turn"),
        _frames(cycles, "rest"),
        bars=bars_of(context),
        load_share=analysis.lifter.load_share,
    )
    inside = np.zeros(len(low), dtype=bool)
    inside[_frames(cycles)] = True
    band = np.stack([low, high], axis=1)
    band[~inside] = np.nan
    return band if np.isfinite(band).any() else None
