"""Angles, turns and boundaries on the rendered sample clips, against their exact truth."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table
from scipy.signal import find_peaks

from benchmarks.errors import at_times, summarise
from formcheck.kinematics.angles import AngleSource, compute_angles
from formcheck.pose import landmarks
from sample_videos.generator.truth import Truth, load_truth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.clips import Analyzer
    from formcheck.clip import ClipAnalysis

    Floats = NDArray[np.float64]

CLIPS = Path(__file__).resolve().parents[1] / "sample_videos" / "clips"
ANGLES = (
    "trunk_lean",
    "knee_flexion",
    "hip_flexion",
    "elbow_flexion",
    "shin_inclination",
    "thigh_elevation",
    "shoulder_elevation",
)
VIEW_OF = {
    "side_left": "side",
    "side_right": "side",
    "front": "front/back",
    "back": "front/back",
    "oblique_front": "45 degrees",
    "oblique_back": "45 degrees",
}
HARD = frozenset({"row_side_big_plates"})
"""Clips that are hard on purpose, reported apart."""


@dataclass(frozen=True, eq=False)
class Rendered:
    """A sample clip with its truth and its analysis."""

    name: str
    truth: Truth
    clip: ClipAnalysis

    @property
    def view(self) -> str:
        """The true view's group."""
        return VIEW_OF[self.truth.document["view"]["label"]]


def load(analyze: Analyzer) -> list[Rendered]:
    """Analyse all sample clips, with their exercise given."""
    found = []
    for path in sorted(CLIPS.glob("*.mp4")):
        truth = load_truth(path.with_suffix(".json"))
        clip = analyze(path, exercise=truth.document["exercise"])
        found.append(Rendered(path.stem, truth, clip))
    return found


def methods(rendered: Rendered) -> dict[str, tuple[Floats, dict[str, Floats]]]:
    """Angles by method: raw picture, raw world landmarks, formcheck."""
    motion, raw = rendered.clip.analysis.motion, rendered.clip.tracked.track
    return {
        "raw picture": (
            raw.t_s,
            dict(compute_angles(raw, motion.view, AngleSource.IMAGE).columns),
        ),
        "raw world": (raw.t_s, dict(compute_angles(raw, motion.view, AngleSource.WORLD).columns)),
        "formcheck": (motion.t_s, dict(motion.angles.columns)),
    }


def angle_errors(clips: list[Rendered]) -> dict[tuple[str, str, str, str], Floats]:
    """Signed errors by view, angle, side (near, far, -) and method, degrees."""
    errors: dict[tuple[str, str, str, str], list[Floats]] = defaultdict(list)
    for rendered in clips:
        near = rendered.clip.analysis.motion.view.near_side
        for method, (t_s, columns) in methods(rendered).items():
            for column, truth in rendered.truth.angles.items():
                name = column.removesuffix("_deg")
                base = name.removesuffix("_left").removesuffix("_right")
                side = "-" if base == name else ("near" if name.endswith(near) else "far")
                error = columns[name] - at_times(t_s, rendered.truth.t_s, truth)
                errors[rendered.view, base, side, method].append(error)
    return {key: np.concatenate(values) for key, values in errors.items()}


def angle_table(clips: list[Rendered]) -> Table:
    """Median / 95th percentile (bias) per view, angle and method."""
    errors = angle_errors([c for c in clips if c.name not in HARD])
    table = Table(title="Rendered clips: absolute error, median / 95th percentile (bias), degrees")
    names = ("raw picture", "raw world", "formcheck")
    for heading in ("view", "angle", "side", *names):
        table.add_column(heading)
    for view in ("side", "45 degrees", "front/back"):
        for angle in ANGLES:
            for side in ("-", "near", "far"):
                if (view, angle, side, "formcheck") in errors:
                    cells = [str(summarise(errors[view, angle, side, name])) for name in names]
                    table.add_row(view, angle, side, *cells)
        table.add_section()
    return table


def baseline_turns(rendered: Rendered) -> Floats:
    """A trivial counter: peaks of one raw landmark's height (hip or nose), seconds."""
    raw = rendered.clip.tracked.track
    squat = rendered.truth.document["exercise"] == "squat"
    if rendered.truth.document["exercise"] == "pull_up":
        mark = landmarks.NOSE
    else:
        mark = landmarks.index("hip" if squat else "wrist", "left")
    height = -raw.xy_px[:, mark, 1]
    height = np.interp(raw.t_s, raw.t_s[np.isfinite(height)], height[np.isfinite(height)])
    signal = -height if squat else height
    peaks, _ = find_peaks(signal, prominence=0.5 * np.ptp(signal))
    return np.asarray(raw.t_s[peaks])


def timing_table(clips: list[Rendered]) -> Table:
    """Repetitions found, and errors of turn, start and end."""
    table = Table(title="Rendered clips: repetitions and times, seconds")
    headings = (
        "clip",
        "reps true",
        "found",
        "peak counter",
        "turn",
        "start",
        "end",
        "turn of peak counter",
    )
    for heading in headings:
        table.add_column(heading)
    turn_errors: list[float] = []
    for rendered in clips:
        truth = np.array(
            [
                [rep[k] for k in ("start_s", "turn_s", "end_s")]
                for rep in rendered.truth.document["reps"]
            ]
        )
        reps = [r.rep for r in rendered.clip.analysis.reps if r.rep.counts]
        found = np.array([[r.start_s, r.turn_s, r.end_s] for r in reps])
        peaks = baseline_turns(rendered)
        cells = ["-"] * 3
        if len(found) == len(truth):
            errors = np.median(np.abs(found - truth), axis=0)
            turn_errors.extend(np.abs(found - truth)[:, 1])
            cells = [f"{errors[k]:.2f}" for k in (1, 0, 2)]
        base = "-"
        if len(peaks) == len(truth):
            base = f"{np.median(np.abs(peaks - truth[:, 1])):.2f}"
        table.add_row(
            rendered.name, str(len(truth)), str(len(found)), str(len(peaks)), *cells, base
        )
    table.add_section()
    table.add_row("median turn error", "", "", "", f"{np.median(turn_errors):.3f}", "", "", "")
    return table
