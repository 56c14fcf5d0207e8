"""Sizes of the faults of every rep, measured on the joint centres.

Names are the faults of `spec.FAULTS`; each value says how much of it a rep
shows, whether it was asked for or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sample_videos.generator.truth import Recording

    Floats = NDArray[np.float64]
    Columns = dict[str, Floats]

ASCENT_LEVELS = np.arange(0.10, 0.46, 0.05)
INITIATION_DEG = 15.0
"""Flexion of the elbows that counts as the beginning of a pull."""
SINCE_FIRST: dict[str, Callable[[float, Sequence[float]], float]] = {
    "range_loss": lambda own, all_: 1 - own / all_[0],
    "speed_loss": lambda own, all_: 1 - own / max(all_),
    "hinge_loss": lambda own, all_: all_[0] - own,
    "lean_growth": lambda own, all_: own - all_[0],
}
"""Measures that compare a rep with the first or best one; none of them shows in the first."""


class _Rep:
    """Frames of one rep."""

    def __init__(self, recording: Recording, angles: Columns, number: int) -> None:
        times = recording.reps[number]
        t = recording.t_s
        inside = (t >= times["start_s"] - 1e-6) & (t <= times["end_s"] + 1e-6)
        self.t = t[inside]
        self.start, self.turn = times["start_s"], times["turn_s"]
        self.joints = {name: value[inside] for name, value in recording.joints.items()}
        self.angles = {name: value[inside] for name, value in angles.items()}
        self.bar = recording.bar[inside] if recording.bar is not None else None
        self.still = {name: value[0] for name, value in recording.joints.items()}

    def both(self, name: str) -> Floats:
        """Mean of both sides of an angle, degrees."""
        return (self.angles[f"{name}_left_deg"] + self.angles[f"{name}_right_deg"]) / 2

    def middle(self, name: str) -> Floats:
        """Middle of a joint of both sides, m."""
        half: Floats = (self.joints[f"left_{name}"] + self.joints[f"right_{name}"]) / 2
        return half

    def first(self, column: Floats) -> float:
        """Value at the start."""
        return float(np.interp(self.start, self.t, column))

    def top(self, column: Floats) -> float:
        """Value at the turn."""
        return float(np.interp(self.turn, self.t, column))

    def trunk(self) -> float:
        """Length of the trunk at the start, m."""
        return self.first(np.linalg.norm(self.middle("shoulder") - self.middle("hip"), axis=1))

    def neck(self) -> Floats:
        """Line shoulder to ear against the trunk line, sagittal, forward positive, degrees."""
        shoulder = self.middle("shoulder")
        neck, trunk = self.middle("ear") - shoulder, shoulder - self.middle("hip")
        angle: Floats = np.degrees(_pitch(neck) - _pitch(trunk))
        return angle

    def arm_behind(self) -> Floats:
        """Upper arm against the trunk line, sagittal, elbow behind it positive, degrees."""
        shoulder = self.middle("shoulder")
        arm, trunk = self.middle("elbow") - shoulder, self.middle("hip") - shoulder
        angle: Floats = np.degrees(_pitch(arm) - _pitch(trunk))
        return (angle + 180) % 360 - 180

    def ear_over_shoulder(self) -> Floats:
        """Ears before the shoulders along the trunk, in trunk lengths."""
        hip, shoulder = self.middle("hip"), self.middle("shoulder")
        line = (shoulder - hip) / np.linalg.norm(shoulder - hip, axis=1, keepdims=True)
        distance: Floats = np.sum((self.middle("ear") - shoulder) * line, axis=1)
        return distance / self.trunk()

    def arm(self) -> Floats:
        """Length of upper arm and forearm, m."""
        return self.gap("shoulder", "elbow") + self.gap("elbow", "wrist")

    def elbow_over_shoulder(self) -> Floats:
        """Elbows above the shoulders, in arm lengths."""
        over: Floats = (self.middle("elbow") - self.middle("shoulder"))[:, 1] / self.arm()
        return over

    def side_gap(self, side: str, a: str, b: str) -> Floats:
        """Distance of two joints of a side, m."""
        gap: Floats = np.linalg.norm(
            self.joints[f"{side}_{a}"] - self.joints[f"{side}_{b}"], axis=1
        )
        return gap

    def gap(self, a: str, b: str) -> Floats:
        """Distance of two joints, mean of both sides, m."""
        mean: Floats = np.mean([self.side_gap(s, a, b) for s in ("left", "right")], axis=0)
        return mean

    def apart(self, name: str) -> Floats:
        """Distance of a pair of joints, m."""
        line = self.joints[f"left_{name}"] - self.joints[f"right_{name}"]
        apart: Floats = np.linalg.norm(line, axis=1)
        return apart


def _pitch(line: Floats) -> Floats:
    """Sagittal direction from upright, forward positive, rad."""
    angle: Floats = np.arctan2(line[:, 2], line[:, 1])
    return angle


def _squat(rep: _Rep) -> dict[str, float]:
    knees = rep.joints["left_knee"][:, 0] - rep.joints["right_knee"][:, 0]
    ankles = rep.joints["left_ankle"][:, 0] - rep.joints["right_ankle"][:, 0]
    sides = ("left", "right")
    heels = np.mean(
        [rep.joints[f"{s}_heel"][:, 1] - rep.still[f"{s}_heel"][1] for s in sides], axis=0
    )
    height = rep.middle("hip")[:, 1]
    low = height < (height.min() + height.max()) / 2
    neck, arm, raised = rep.neck(), rep.arm_behind(), rep.both("shoulder_elevation")
    rest = (neck[0] + neck[-1]) / 2
    lean = rep.angles["trunk_lean_deg"]
    aside = (rep.middle("hip") - rep.middle("ankle"))[:, 0]
    return {
        "lean": float(lean.max()),
        "depth": float(rep.both("thigh_elevation").min()),
        "lean_growth": rep.top(lean),
        "hips_first": _ascent_change(rep, lean),
        "kneeback": _ascent_change(rep, rep.both("shin_inclination")),
        "upper_trunk": rep.top(neck) - rest,
        "head": float(np.median(neck) - rest),
        "elbows_lift": float(arm.max()) - rep.first(arm),
        "elbows_drop": rep.first(raised) - float(raised.min()),
        "shift": abs(rep.top(aside) - rep.first(aside)) / rep.first(ankles),
        "balance": rep.top(_load_ahead(rep)),
        "knees_in": float((knees / ankles)[low].min()),
        "heel_rise": float(heels.max()),
    }


def _levels(height: Floats) -> Floats:
    levels: Floats = height.min() + ASCENT_LEVELS * (height.max() - height.min())
    return levels


def _at_ascent(rep: _Rep, column: Floats) -> float:
    """Mean over the early way up, taken at heights of the hips."""
    height = rep.middle("hip")[:, 1]
    bottom = int(height.argmin())
    return float(np.interp(_levels(height), height[bottom:], column[bottom:]).mean())


def _ascent_change(rep: _Rep, column: Floats) -> float:
    """How much larger an angle is on the way up than down, at equal hip heights, degrees."""
    height = rep.middle("hip")[:, 1]
    bottom = int(height.argmin())
    down = (height[: bottom + 1][::-1], column[: bottom + 1][::-1])
    return _at_ascent(rep, column) - float(np.interp(_levels(height), *down).mean())


def _load_ahead(rep: _Rep) -> Floats:
    """Bar, or else shoulders, before the middle of the feet, in foot lengths."""
    load = rep.middle("shoulder") if rep.bar is None else rep.bar
    heel, toe = rep.middle("heel"), rep.middle("toe")
    ahead: Floats = (load - (heel + toe) / 2)[:, 2] / np.linalg.norm(toe - heel, axis=1)
    return ahead


def _pull(rep: _Rep) -> dict[str, float]:
    lean = rep.angles["trunk_lean_deg"]
    trunk = np.linalg.norm(rep.middle("shoulder") - rep.middle("hip"), axis=1)
    still = np.linalg.norm(
        sum(rep.still[f"{s}_shoulder"] - rep.still[f"{s}_hip"] for s in ("left", "right")) / 2
    )
    reach = rep.gap("shoulder", "wrist")
    return {
        "heave": float(lean.max() - lean.min()),
        "hinge_angle": float(lean.mean()),
        "top_range": float(_elbow_past_trunk(rep).max()),
        "shrug": float((trunk - still).max()),
        "range_loss": float(reach.max() - reach.min()),
        "hinge_loss": rep.first(lean),
    }


def _row(rep: _Rep) -> dict[str, float]:
    knee, neck = rep.both("knee_flexion"), rep.neck()
    early = rep.t <= rep.turn
    ranges = [rep.side_gap(side, "shoulder", "wrist") for side in ("left", "right")]
    left, right = (rep.first(gap) - rep.top(gap) for gap in ranges)
    return _pull(rep) | {
        "leg_drive": rep.first(knee) - float(knee[early].min()),
        "neck": float(neck.max() - neck.min()),
        "upper_trunk": rep.first(neck),
        "asymmetry": abs(left - right) / max(left, right),
        "ear_drop": rep.first(rep.ear_over_shoulder()) - rep.top(rep.ear_over_shoulder()),
    }


def _upright_row(rep: _Rep) -> dict[str, float]:
    measures = _pull(rep)
    over = (rep.middle("elbow") - rep.middle("wrist"))[:, 1]
    across = {name: rep.apart(name) for name in ("wrist", "shoulder")}
    return measures | {
        "height": rep.top(rep.elbow_over_shoulder()),
        "sway": measures["heave"],
        "lead": rep.top(over / rep.arm()),
        "grip": rep.first(across["wrist"] / across["shoulder"]),
    }


def _reverse_fly(rep: _Rep) -> dict[str, float]:
    lean, elbow = rep.angles["trunk_lean_deg"], rep.both("elbow_flexion")
    return _pull(rep) | {
        "hinge": rep.first(lean),
        "height": float(rep.elbow_over_shoulder().max()),
        "elbows": rep.top(elbow) - rep.first(elbow),
        "ear_drop": rep.first(rep.ear_over_shoulder()) - rep.top(rep.ear_over_shoulder()),
    }


def _elbow_past_trunk(rep: _Rep) -> Floats:
    """Distance of the elbows behind the trunk line over the upper-arm length, sagittal plane."""
    hip, shoulder = rep.middle("hip")[:, 1:], rep.middle("shoulder")[:, 1:]
    line = (shoulder - hip) / np.linalg.norm(shoulder - hip, axis=1, keepdims=True)
    elbow = rep.middle("elbow")[:, 1:] - hip
    dorsal = line[:, 1] * elbow[:, 0] - line[:, 0] * elbow[:, 1]
    past: Floats = dorsal / rep.gap("shoulder", "elbow")
    return past


def _pull_up(rep: _Rep) -> dict[str, float]:
    assert rep.bar is not None
    hips = rep.both("hip_flexion")
    across = rep.joints["left_shoulder"] - rep.joints["right_shoulder"]
    tilt = np.degrees(np.arctan2(across[:, 1], np.abs(across[:, 0])))
    ear, height = rep.ear_over_shoulder(), rep.middle("shoulder")[:, 1]
    travel = rep.top(height) - rep.first(height)
    return {
        "chin": float((rep.joints["chin"][:, 1] - rep.bar[:, 1]).max()),
        "hang": float(rep.both("elbow_flexion").min()),
        "kip": float(hips.max() - hips.min()),
        "top_stall": _top_speed(rep),
        "asymmetry": float(np.abs(tilt).max()),
        "shrug": rep.top(ear) - rep.first(ear),
        "initiation": _initiation(rep, ear),
        "rounding": float(np.sin(np.radians(rep.top(rep.arm_behind())))),
        "range_loss": travel,
        "speed_loss": travel / (rep.turn - rep.start),
    }


def _initiation(rep: _Rep, ear: Floats) -> float:
    """Way of the shoulders from the ears while the elbows bend for the first time."""
    elbow = rep.both("elbow_flexion")
    up = rep.t <= rep.turn
    bending = np.maximum.accumulate(elbow[up])
    return float(np.interp(rep.first(elbow) + INITIATION_DEG, bending, ear[up])) - rep.first(ear)


def _top_speed(rep: _Rep) -> float:
    """Mean speed in the top third of the way up over that in the middle third."""
    up = rep.t <= rep.turn
    height = rep.middle("shoulder")[up, 1]
    levels = height.min() + np.array([1 / 3, 2 / 3, 0.985]) * (height.max() - height.min())
    rising = np.maximum.accumulate(height)
    one, two, top = np.interp(levels, rising, rep.t[up])
    return float((two - one) * (0.985 - 2 / 3) * 3 / max(top - two, 1e-6))


_MEASURES: dict[str, Callable[[_Rep], dict[str, float]]] = {
    "squat": _squat,
    "bent_over_row": _row,
    "upright_row": _upright_row,
    "reverse_fly": _reverse_fly,
    "pull_up": _pull_up,
}


def rep_measures(exercise: str, recording: Recording, angles: Columns) -> list[dict[str, float]]:
    """Measures of every rep, rounded.

    ``sample_videos/README.md`` says what each is, and in which unit.
    """
    measure = _MEASURES[exercise]
    values = [measure(_Rep(recording, angles, n)) for n in range(len(recording.reps))]
    for name, compare in SINCE_FIRST.items():
        if name in values[0]:
            own = [value[name] for value in values]
            for value in values:
                value[name] = compare(value[name], own)
    return [{name: round(float(v), 4) + 0.0 for name, v in value.items()} for value in values]
