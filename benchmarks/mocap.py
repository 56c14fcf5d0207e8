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


def lag_s(curves: Curves, truth: Curves) -> float:
    """By how much a video's clock is behind: the shift with the least squared knee error."""

    def cost(shift: float) -> float:
        found = curves[1]["knee_flexion_right"]
        real = np.interp(curves[0] - shift, truth[0], truth[1]["knee_flexion_right"])
        difference = found - real
        return float(np.nanvar(difference))

    return float(minimize_scalar(cost, bounds=(-MAX_LAG_S, MAX_LAG_S), method="bounded").x)


def mocap_table(folder: Path, analyze: Analyzer) -> Table:
    """RMSE (bias) per joint of every method."""
    truth = body_angles(folder / "squat.mocap.json")
    clip = analyze(folder / "squat.mp4", exercise="squat")
    rows: dict[str, tuple[Curves, float]] = {}
    for method, curves in video_curves(clip).items():
        rows[method] = (curves, lag_s(curves, truth))
    for tracker, file in TRACKERS.items():
        rows[tracker] = (body_angles(folder / file), 0.0)
    table = Table(title="Squat at 45 degrees against motion capture: RMSE (bias), degrees")
    for heading in ("method", *HEADINGS, "lag removed, s"):
        table.add_column(heading)
    for method, ((t_s, columns), lag) in rows.items():
        cells = []
        for name in NAMES:
            error = summarise(columns[name] - np.interp(t_s - lag, truth[0], truth[1][name]))
            cells.append(f"{error.rmse:.1f} ({error.bias:+.1f})")
        table.add_row(method, *cells, f"{lag:.3f}")
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
