"""Repetitions of the reference squat beside its marker motion capture.

    python benchmarks/mocap_squat.py MOCAP_FOLDER

MOCAP_FOLDER holds ``squat.mp4`` and ``squat.mocap.json`` (100 Hz, metres, y up).
The recording is not part of the project.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.signal import find_peaks

import formcheck
from formcheck.pose.cache import TrackCache

MIN_DEPTH_M = 0.15


def mocap_bottoms(file: Path) -> np.ndarray:
    """Times at which the middle of the hips is lowest, seconds."""
    data = json.loads(file.read_text())
    hips = [np.array(data["bodies"][f"femur_{s}"]["translation"])[:, 1] for s in "lr"]
    lows, _ = find_peaks(-np.mean(hips, axis=0), prominence=MIN_DEPTH_M)
    return np.asarray(np.asarray(data["time"])[lows])


def main() -> None:
    """Print each turn, its truth and the difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    truth = mocap_bottoms(folder / "squat.mocap.json")
    analysis = formcheck.analyze(folder / "squat.mp4", cache=TrackCache()).analysis
    turns = np.array([r.rep.turn_s for r in analysis.reps if r.rep.counts])
    print(f"{analysis.exercise}, {len(turns)} repetitions; motion capture has {len(truth)}")
    for turn, real in zip(turns, truth, strict=False):
        print(f"turn {turn:6.2f} s, motion capture {real:6.2f} s, {turn - real:+.3f} s")


if __name__ == "__main__":
    main()
