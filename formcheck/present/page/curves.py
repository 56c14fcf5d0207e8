"""Which curves the page shows, and where a rule judges them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from formcheck.kinematics.series import SERIES
from formcheck.present.reading import starts_down
from formcheck.rules.computed import COMPUTED
from formcheck.rules.computed.registry import SIGNAL
from formcheck.words.severity import FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from formcheck.analysis import Analysis
    from formcheck.kinematics.motion import Motion
    from formcheck.report.model import Report, RepPart, SetCheckPart
    from formcheck.rules.schema import Measurement, Rule

    Floats = NDArray[np.float64]

FEWEST, MOST = 2, 4
"""Curves on a page."""
FASTEST_HZ = 15.0
MOST_POINTS = 1500
AROUND_S = 0.35
"""A limit at an instant is drawn this far to either side of it."""
LEAST_SEEN = 0.5
"""A series that is missing in more of the clip than this is not shown."""
OTHERWISE = ("knee_flexion", "hip_flexion", "elbow_flexion", "trunk_lean")
"""What to show when the rules name too few."""
TITLES = {
    "arm_drop": "Hands below the shoulders",
    "arm_rise": "Hands above the shoulders",
    "chin_over_bar": "Chin above the hands",
    "elbow_flexion": "Elbow bend",
    "elbow_past_trunk": "Elbow behind the body",
    "heel_rise": "Heel lift",
    "hip_height": "Hip height",
    "hip_flexion": "Hip bend",
    "hip_shift": "Hip shift to the side",
    "knee_flexion": "Knee bend",
    "knee_separation": "Knee width",
    "neck": "Head forward",
    "shin_inclination": "Shin lean",
    "shoulder_elevation": "Arm raise",
    "shoulder_to_ear": "Shoulder to ear",
    "thigh_elevation": "Depth (thigh)",
    "trunk_lean": "Trunk lean",
    "upper_arm_to_trunk": "Upper arm to trunk",
}


def page_data(analysis: Analysis, report: Report, /, *, offset_s: float = 0.0) -> dict[str, Any]:
    """What the page's script draws, ready for JSON.

    Parameters
    ----------
    analysis, report
        The analysed clip and its report.
    offset_s
        The clip's time at which the page's video begins, seconds.
    """
    motion = analysis.motion
    frames = thinned(motion.t_s)
    return {
        "t": [round(float(t), 3) for t in motion.t_s[frames]],
        "start": round(float(motion.t_s[0]), 3),
        "end": round(float(max(motion.t_s[-1], motion.t_s[0] + 0.1)), 3),
        "offset": round(offset_s, 3),
        "reps": [
            {
                "index": rep.index,
                "start": rep.start_s,
                "end": rep.end_s,
                "counts": rep.counts,
            }
            for rep in report.reps
        ],
        "curves": [
            _curve(name, number, analysis, report, frames)
            for number, name in enumerate(shown_series(analysis, report))
        ],
    }


def thinned(t_s: Floats, /) -> NDArray[np.intp]:
    """Frames to draw: at most 15 a second and 1500 in all.

    >>> thinned(np.arange(0, 2, 1 / 30)).tolist()[:4]
    [0, 2, 4, 6]
    """
    length_s = float(t_s[-1] - t_s[0])
    step = max(1 / FASTEST_HZ, length_s / (MOST_POINTS - 1))
    wanted = np.arange(t_s[0], t_s[-1] + step / 2, step)
    return np.unique(np.clip(np.searchsorted(t_s, wanted - 1e-6), 0, len(t_s) - 1))


def shown_series(analysis: Analysis, report: Report, /) -> list[str]:
    """Two to four series, those of flagged rules first, then of the weightiest."""
    measured = _measured(report)
    ranked = sorted(
        (c for c in report.checks if c.rule in measured),
        key=lambda c: (c.severity not in FAULTS, c.weight == 0, -c.weight),
    )
    rules = analysis.rules
    wanted = [] if rules is None else [_read_from(c, analysis) for c in ranked]
    chosen: list[str] = []
    for name in wanted:
        if name is not None and name not in chosen and _seen(analysis.motion, name):
            chosen.append(name)
    for name in OTHERWISE:
        if len(chosen) < FEWEST + 1 and name not in chosen and _seen(analysis.motion, name):
            chosen.append(name)
    return chosen[:MOST]


def _measured(report: Report) -> set[str]:
    """Rules with a value, of a repetition or over the set."""
    own = {c.rule for rep in report.reps for c in rep.checks if c.value is not None}
    return own | {c.rule for c in report.checks if c.value is not None}


def _read_from(check: SetCheckPart, analysis: Analysis) -> str | None:
    """The series that a rule's measurement is read from; None when it is no single one."""
    if analysis.rules is None or analysis.definition is None:
        return None
    what = analysis.rules.named(check.measurement)
    if what.feature is not None:
        return what.feature.series
    if what.built_in is None:
        return what.concentric_minus_eccentric
    shown_by = COMPUTED[what.built_in].shown_by
    return analysis.definition.signal.series if shown_by == SIGNAL else shown_by


def _seen(motion: Motion, name: str) -> bool:
    return bool(np.isfinite(motion.series(name)).mean() > LEAST_SEEN)


def _curve(
    name: str, number: int, analysis: Analysis, report: Report, frames: NDArray[np.intp]
) -> dict[str, Any]:
    unit = SERIES[name].unit
    degrees = unit == "deg"
    scale = 1.0 if degrees else 100.0
    values = analysis.motion.series(name)[frames] * scale
    return {
        "id": f"curve-{number}",
        "title": TITLES.get(name, name.replace("_", " ").capitalize()),
        "meaning": SERIES[name].meaning,
        "sign": "°" if degrees else "%",
        "of": None if unit in ("deg", "ratio") or unit in SERIES[name].meaning else unit,
        "values": [round(float(v), 1) if math.isfinite(v) else None for v in values],
        "limits": list(_limits(name, analysis, report, scale)),
        "marks": list(_marks(name, analysis, report)),
    }


def _judging(name: str, analysis: Analysis, report: Report) -> Iterator[tuple[Rule, Measurement]]:
    """Rules whose limits are values of the series itself."""
    rules = analysis.rules
    if rules is None:
        return
    told = _measured(report)
    for rule in rules.rule:
        what = rules.named(rule.measurement)
        if what.feature is None or rule.id not in told:
            continue
        own = what.feature.series == name and what.feature.stat not in ("range", "net")
        alone = what.minus is None and what.over is None and what.scale == 1
        if own and alone and rule.over_set is None:
            yield rule, what


def _limits(
    name: str, analysis: Analysis, report: Report, scale: float
) -> Iterator[dict[str, Any]]:
    counted = [rep for rep in report.reps if rep.counts]
    down_first = starts_down(report)
    for rule, what in _judging(name, analysis, report):
        ends = [(1, True), (-1, False)] if rule.better == "zero" else [(1, rule.better == "low")]
        for sign, above in ends:
            yield {
                "title": rule.title,
                "value": round(sign * rule.limits.mild * scale, 1),
                "above": above,
                "spans": [_span(what, rep, down_first=down_first) for rep in counted],
            }


def _span(what: Measurement, rep: RepPart, *, down_first: bool) -> tuple[float, float]:
    """When in a repetition a limit holds, seconds."""
    feature = what.feature
    stat, window = ("", "rep") if feature is None else (feature.stat, feature.window)
    instants = {"at_start": rep.start_s, "at_turn": rep.turn_s, "at_end": rep.end_s}
    if stat in instants or window == "turn":
        middle = instants.get(stat, rep.turn_s)
        return middle - AROUND_S, middle + AROUND_S
    down, up = (rep.start_s, rep.turn_s), (rep.turn_s, rep.end_s)
    if not down_first:
        down, up = up, down
    return {"eccentric": down, "concentric": up}.get(window, (rep.start_s, rep.end_s))


def _marks(name: str, analysis: Analysis, report: Report) -> Iterator[dict[str, Any]]:
    """Moments of faults that are read from the series."""
    for check in _flagged_on(name, analysis, report.checks):
        for rep in report.reps:
            for own in rep.checks:
                if own.rule == check.rule and own.severity in FAULTS and own.at_s is not None:
                    yield {"t": own.at_s, "severity": own.severity}


def _flagged_on(
    name: str, analysis: Analysis, checks: Sequence[SetCheckPart]
) -> Iterator[SetCheckPart]:
    for check in checks:
        if check.severity in FAULTS and _read_from(check, analysis) == name:
            yield check
