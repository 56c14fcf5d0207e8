"""The reference squat at 45 degrees beside marker motion capture and published trackers.

The recording (``squat.mp4``, ``squat.mocap.json`` and the results of two
published trackers, ``squat.mono.json`` and ``squat.wham.json``) is not part of
the project. Bodies' origins are joint centres, metres, y up, 100 Hz.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table
from scipy.optimize import minimize_scalar
from scipy.signal import find_peaks

from benchmarks.errors import summarise
from formcheck.kinematics.angles import AngleSource, compute_angles
from formcheck.kinematics.geometry import flexion, signed_angle

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from benchmarks.clips import Analyzer
    from formcheck.clip import ClipAnalysis

    Floats = NDArray[np.float64]
    Curves = tuple[Floats, dict[str, Floats]]

MIN_DEPTH_M = 0.15
MAX_LAG_S = 0.15
NAMES = (
    "knee_flexion_left",
    "knee_flexion_right",
    "hip_flexion_left",
    "hip_flexion_right",
    "trunk_lean",
)
HEADINGS = ("near knee", "far knee", "near hip", "far hip", "trunk lean")
TRACKERS = {"OpenCap Monocular": "squat.mono.json", "WHAM": "squat.wham.json"}


def body_angles(file: Path) -> Curves:
    """Times and angles of a file of bodies, under formcheck's definitions."""
    data = json.loads(file.read_text())
    body = {name: np.array(value["translation"]) for name, value in data["bodies"].items()}
    across = (body["femur_l"] - body["femur_r"]) * (1.0, 0.0, 1.0)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    forward = np.cross(across, (0.0, 1.0, 0.0))
    trunk = (body["humerus_l"] + body["humerus_r"] - body["femur_l"] - body["femur_r"]) / 2

    def flat(vector: Floats) -> Floats:
        return np.stack([(vector * forward).sum(axis=1), vector[:, 1]], axis=1)

    angles = {"trunk_lean": np.degrees(np.arctan2(*flat(trunk).T))}
    for side, name in (("l", "left"), ("r", "right")):
        hip, knee, ankle = (body[f"{part}_{side}"] for part in ("femur", "tibia", "talus"))
        angles[f"knee_flexion_{name}"] = flexion(hip, knee, ankle)
        angles[f"hip_flexion_{name}"] = -signed_angle(flat(hip - knee), flat(trunk))
    return np.asarray(data["time"]), angles


def bottoms(file: Path) -> Floats:
    """Times at which the middle of the hips is lowest, seconds."""
    data = json.loads(file.read_text())
    hips = [np.array(data["bodies"][f"femur_{s}"]["translation"])[:, 1] for s in "lr"]
    lows, _ = find_peaks(-np.mean(hips, axis=0), prominence=MIN_DEPTH_M)
    return np.asarray(np.asarray(data["time"])[lows])


def video_curves(clip: ClipAnalysis) -> dict[str, Curves]:
    """Angles of the video by method."""
    motion, raw = clip.analysis.motion, clip.tracked.track
    return {
        "raw picture": (raw.t_s, dict(compute_angles(raw, motion.view, AngleSource.IMAGE).columns)),
        "raw world": (raw.t_s, dict(compute_angles(raw, motion.view, AngleSource.WORLD).columns)),
        "formcheck": (motion.t_s, dict(motion.angles.columns)),
    }


def lag_s(curves: Curves, truth: Curves, name: str = "knee_flexion_right") -> float:
    """By how much an angle is behind the truth: the shift with the least squared error."""

    def cost(shift: float) -> float:
        difference = curves[1][name] - np.interp(curves[0] - shift, truth[0], truth[1][name])
        return float(np.nanmean(difference**2))

    return float(minimize_scalar(cost, bounds=(-MAX_LAG_S, MAX_LAG_S), method="bounded").x)


def mocap_table(folder: Path, analyze: Analyzer) -> Table:
    """RMSE (bias, lag removed in seconds) per joint of every method.

    The best shift is taken for every method and angle alike: no method's clock is
    favoured, and what is left is the error of the angle.
    """
    truth = body_angles(folder / "squat.mocap.json")
    clip = analyze(folder / "squat.mp4", exercise="squat")
    rows = video_curves(clip)
    rows |= {tracker: body_angles(folder / file) for tracker, file in TRACKERS.items()}
    table = Table(
        title="Squat at 45 degrees against motion capture: RMSE (bias, lag removed), degrees, s"
    )
    for heading in ("method", *HEADINGS):
        table.add_column(heading)
    for method, curves in rows.items():
        t_s, columns = curves
        cells = []
        for name in NAMES:
            lag = lag_s(curves, truth, name)
            error = summarise(columns[name] - np.interp(t_s - lag, truth[0], truth[1][name]))
            cells.append(f"{error.rmse:.1f} ({error.bias:+.1f}, {lag:+.3f})")
        table.add_row(method, *cells)
    return table


def turn_lines(folder: Path, analyze: Analyzer) -> list[str]:
    """Repetitions found and the difference of each turn."""
    truth = bottoms(folder / "squat.mocap.json")
    analysis = analyze(folder / "squat.mp4").analysis
    turns = [r.rep.turn_s for r in analysis.reps if r.rep.counts]
    lines = [f"{analysis.exercise}: {len(turns)} repetitions, motion capture has {len(truth)}"]
    lines += [
        f"  turn {turn:6.2f} s, motion capture {real:6.2f} s, {turn - real:+.3f} s"
        for turn, real in zip(turns, truth, strict=False)
    ]
    return lines
