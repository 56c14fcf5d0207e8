"""Are the stated errors honest? Share of comparisons within one and two standard errors.

For every repetition of every rendered clip, and of the motion-capture squat,
each angle at start and turn is compared with the truth, and its difference with
the error that formcheck states for it. Honest errors hold about 68 % of the
differences within one and at least 90 % within two.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table

from benchmarks.mocap import body_angles, lag_s
from benchmarks.rendered import ANGLES, HARD, VIEW_OF
from formcheck.kinematics.errors import series_error
from formcheck.reps.features import around

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from benchmarks.clips import Analyzer
    from benchmarks.rendered import Rendered
    from formcheck.analysis import Analysis

    Floats = NDArray[np.float64]
    Pairs = dict[tuple[str, str], list[tuple[float, float]]]


def _collect(
    analysis: Analysis, view: str, truth_t_s: Floats, truth: Mapping[str, Floats], pairs: Pairs
) -> None:
    """Add (difference, stated error) of the near side's angles at start and turn."""
    motion = analysis.motion
    for angle in ANGLES:
        column = angle if angle == "trunk_lean" else f"{angle}_{motion.view.near_side}"
        if column not in truth:
            continue
        stated = series_error(motion, angle, change=False)
        for analysed in analysis.reps:
            for frame in (analysed.rep.cycle.start, analysed.rep.cycle.turn):
                real = np.interp(motion.t_s[frame], truth_t_s, truth[column])
                found = around(motion.t_s, motion.angles[column], frame)
                if np.isfinite(found):
                    pairs[view, angle].append((found - float(real), stated))


def collect(clips: list[Rendered], mocap: Path | None, analyze: Analyzer) -> Pairs:
    """All comparisons by view and angle."""
    pairs: Pairs = defaultdict(list)
    for rendered in clips:
        if rendered.name in HARD:
            continue
        truth = {k.removesuffix("_deg"): v for k, v in rendered.truth.angles.items()}
        _collect(rendered.clip.analysis, rendered.view, rendered.truth.t_s, truth, pairs)
    if mocap is not None:
        clip = analyze(mocap / "squat.mp4", exercise="squat")
        curves = body_angles(mocap / "squat.mocap.json")
        motion = clip.analysis.motion
        lag = lag_s((motion.t_s, dict(motion.angles.columns)), curves)
        _collect(clip.analysis, VIEW_OF["oblique_front"], curves[0] + lag, curves[1], pairs)
    return pairs


def calibration_table(clips: list[Rendered], mocap: Path | None, analyze: Analyzer) -> Table:
    """Share within one and two stated errors, per view and angle."""
    table = Table(title="Stated errors: share of comparisons within them (start and turn of reps)")
    for heading in ("view", "angle", "n", "stated error", "RMS difference", "bias", "<= 1", "<= 2"):
        table.add_column(heading)
    total: list[float] = []
    for (view, angle), values in sorted(collect(clips, mocap, analyze).items()):
        difference, stated = np.array(values).T
        ratio = np.abs(difference) / stated
        total.extend(ratio)
        table.add_row(
            view,
            angle,
            str(len(ratio)),
            f"{np.median(stated):.1f}",
            f"{np.sqrt((difference**2).mean()):.1f}",
            f"{np.median(difference):+.1f}",
            f"{np.mean(ratio <= 1):.0%}",
            f"{np.mean(ratio <= 2):.0%}",
        )
    ratio = np.array(total)
    table.add_section()
    table.add_row(
        "all",
        "",
        str(len(ratio)),
        "",
        "",
        "",
        f"{np.mean(ratio <= 1):.0%}",
        f"{np.mean(ratio <= 2):.0%}",
    )
    return table
