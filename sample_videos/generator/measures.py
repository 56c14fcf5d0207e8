"""Sizes of the faults of every rep, measured on the joint centres.

Names are the faults of `spec.FAULTS`; each value says how much of it a rep
shows, whether it was asked for or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sample_videos.generator.truth import Recording

    Floats = NDArray[np.float64]
    Columns = dict[str, Floats]

ASCENT_LEVELS = np.arange(0.10, 0.46, 0.05)


class _Rep:
    """Frames of one rep."""

    def __init__(self, recording: Recording, angles: Columns, number: int) -> None:
        times = recording.reps[number]
        t = recording.t_s
        inside = (t >= times["start_s"] - 1e-6) & (t <= times["end_s"] + 1e-6)
        self.t = t[inside]
        self.turn = times["turn_s"]
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

    def gap(self, a: str, b: str) -> Floats:
        """Distance of two joints, mean of both sides, m."""
        sides = [self.joints[f"{s}_{a}"] - self.joints[f"{s}_{b}"] for s in ("left", "right")]
        mean: Floats = np.mean([np.linalg.norm(line, axis=1) for line in sides], axis=0)
        return mean


def _squat(rep: _Rep) -> dict[str, float]:
    knees = rep.joints["left_knee"][:, 0] - rep.joints["right_knee"][:, 0]
    ankles = rep.joints["left_ankle"][:, 0] - rep.joints["right_ankle"][:, 0]
    sides = ("left", "right")
    heels = np.mean(
        [rep.joints[f"{s}_heel"][:, 1] - rep.still[f"{s}_heel"][1] for s in sides], axis=0
    )
    height = rep.middle("hip")[:, 1]
    low = height < (height.min() + height.max()) / 2
    return {
        "lean": float(rep.angles["trunk_lean_deg"].max()),
        "depth": float(rep.both("thigh_elevation").min()),
        "hips_first": _ascent_pitch(rep),
        "knees_in": float((knees / ankles)[low].min()),
        "heel_rise": float(heels.max()),
    }


def _ascent_pitch(rep: _Rep) -> float:
    """How much further the trunk leans on the way up than down, at equal hip heights, degrees."""
    height, lean = rep.middle("hip")[:, 1], rep.angles["trunk_lean_deg"]
    bottom = int(height.argmin())
    down = (height[: bottom + 1], lean[: bottom + 1])
    up = (height[bottom:], lean[bottom:])
    levels = height.min() + ASCENT_LEVELS * (height.max() - height.min())
    rising = np.interp(levels, *up)
    falling = np.interp(levels, down[0][::-1], down[1][::-1])
    return float((rising - falling).mean())


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
    return {
        "chin": float((rep.joints["chin"][:, 1] - rep.bar[:, 1]).max()),
        "hang": float(rep.both("elbow_flexion").min()),
        "kip": float(hips.max() - hips.min()),
        "top_stall": _top_speed(rep),
        "asymmetry": float(np.abs(tilt).max()),
    }


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
    "bent_over_row": _pull,
    "upright_row": _pull,
    "reverse_fly": _pull,
    "pull_up": _pull_up,
}


def rep_measures(exercise: str, recording: Recording, angles: Columns) -> list[dict[str, float]]:
    """Measures of every rep, rounded.

    Squat: `lean` largest trunk lean (degrees), `depth` least thigh elevation
    (degrees), `hips_first` extra lean on the way up (degrees), `knees_in`
    least knee over ankle separation in the lower half, `heel_rise` (m). Pulls: `heave` range of
    the trunk lean and `hinge_angle` its mean (degrees), `top_range` elbow
    past the trunk line over the upper-arm length, `shrug` rise of the
    shoulders along the trunk (m), `range_loss` share of the first rep's
    travel that is missing. Pull-up: `chin` largest height of the chin over
    the bar (m), `hang` least elbow flexion (degrees), `kip` range of hip
    flexion (degrees), `top_stall` speed in the top third over that in the
    middle third, `asymmetry` largest shoulder tilt (degrees).
    """
    measure = _MEASURES[exercise]
    values = [measure(_Rep(recording, angles, n)) for n in range(len(recording.reps))]
    if "range_loss" in values[0]:
        first = values[0]["range_loss"]
        for value in values:
            value["range_loss"] = 1 - value["range_loss"] / first
    return [{name: round(v, 4) + 0.0 for name, v in value.items()} for value in values]
