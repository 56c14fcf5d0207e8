"""The curves of the page as its script draws them, with limits and moments of faults."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from formcheck.kinematics.series import SERIES
from formcheck.present.reading import hidden_spans
from formcheck.shown import against_rest, at_rest, key_series, limits_on, read_from
from formcheck.words.language import _, decimal_mark, later
from formcheck.words.severity import FAULTS
from formcheck.words.text import of_length
from formcheck.words.tracking import parts_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from formcheck.analysis import AnalysedClip, Analysis
    from formcheck.exercises.schema import Feature
    from formcheck.report.model import Report

    Floats = NDArray[np.float64]

FASTEST_HZ = 15.0
MOST_POINTS = 1500
TITLES = {
    "arm_drop": later("Hands below the shoulders"),
    "arm_rise": later("Hands above the shoulders"),
    "chin_over_bar": later("Chin above the hands"),
    "elbow_flexion": later("Elbow bend"),
    "elbow_past_trunk": later("Elbow behind the body"),
    "heel_rise": later("Heel lift"),
    "hip_height": later("Hip height"),
    "hip_flexion": later("Hip bend"),
    "hip_shift": later("Hip shift to the side"),
    "knee_flexion": later("Knee bend"),
    "knee_separation": later("Knee width"),
    "neck": later("Head forward"),
    "shin_inclination": later("Shin lean"),
    "shoulder_elevation": later("Arm raise"),
    "shoulder_to_ear": later("Shoulder to ear"),
    "thigh_elevation": later("Thigh above level"),
    "trunk_lean": later("Trunk lean"),
    "upper_arm_to_trunk": later("Upper arm to trunk"),
}

AT_REST = later("{what}, less what it is at rest")
"""Of a curve that shows what its rule judges."""


def page_data(clip: AnalysedClip, report: Report, /, *, annotated: bool = False) -> dict[str, Any]:
    """What the page's script draws, ready for JSON.

    Parameters
    ----------
    clip, report
        The analysed clip and its report.
    annotated
        Whether the page's video is the annotated one, which begins with the first picture
        that was looked at and plays at the speed of the lift.
    """
    analysis, video, motion = clip.analysis, clip.tracked.video, clip.analysis.motion
    pieces = [(float(motion.t_s[0]), 0.0)] if annotated else video.pieces
    frames = thinned(motion.t_s)
    return {
        "words": script_words(),
        "t": [round(float(t), 3) for t in motion.t_s[frames]],
        "start": round(float(motion.t_s[0]), 3),
        "end": round(float(max(motion.t_s[-1], motion.t_s[0] + 0.1)), 3),
        "pieces": [[round(t_s, 4), round(file_s, 4)] for t_s, file_s in pieces],
        "pace": 1.0 if annotated else video.pace,
        "turned": 0 if annotated else video.turned,
        "half": round(video.shortest_step_s / 2, 4),
        "reps": [
            {
                "index": rep.index,
                "start": rep.start_s,
                "end": rep.end_s,
                "counts": rep.counts,
            }
            for rep in report.reps
        ],
        "hidden": [
            {"start": span.start_s, "end": span.end_s, "parts": parts_named(span.parts)}
            for span in hidden_spans(report)
        ],
        "guesses": [
            {"start": one.start_s, "end": one.end_s, "part": parts_named([one.part])}
            for one in report.tracking.hidden
        ],
        "curves": [
            _curve(name, number, analysis, report, frames)
            for number, name in enumerate(key_series(analysis))
        ],
    }


def script_words() -> dict[str, str]:
    """What the page's script says, with places for what it puts in."""
    return {
        "decimal": decimal_mark(),
        "percent": _("{number}%"),
        "seconds": _("{number} s"),
        "rep": _("rep {reps}"),
        "between": _("between reps"),
        "unseen": _("not seen"),
        "hidden": _("not followed well: {parts}"),
        "here": _("Not followed well here: {parts}"),
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


def _curve(
    name: str, number: int, analysis: Analysis, report: Report, frames: NDArray[np.intp]
) -> dict[str, Any]:
    unit = SERIES[name].unit
    degrees = unit == "deg"
    scale = 1.0 if degrees else 100.0
    base = against_rest(name, analysis)
    values = analysis.motion.series(name)
    if base is not None:
        values = values - at_rest(base, analysis)
    values = values[frames] * scale
    return {
        "id": f"curve-{number}",
        "title": _(TITLES.get(name, name.replace("_", " ").capitalize())),
        "meaning": _meaning(name) if base is None else _(AT_REST).format(what=_meaning(name)),
        "sign": "°" if degrees else "%",
        "values": [round(float(v), 1) if math.isfinite(v) else None for v in values],
        "limits": list(_limits(name, analysis, report, scale, base)),
        "marks": list(_marks(name, analysis, report)),
    }


def _meaning(name: str) -> str:
    """What a curve shows, with the body part that is its unit where it does not say it."""
    unit, meaning = SERIES[name].unit, SERIES[name].meaning
    told = _(meaning)
    return told if unit in ("deg", "ratio") or unit in meaning else of_length(told, unit)


def _limits(
    name: str, analysis: Analysis, report: Report, scale: float, base: Feature | None
) -> Iterator[dict[str, Any]]:
    counted = [rep for rep in report.reps if rep.counts]
    for limit in limits_on(name, analysis, base):
        yield {
            "title": _(limit.rule),
            "value": round(limit.value * scale, 1),
            "above": limit.above,
            "spans": [
                span for rep in counted for span in limit.spans(rep.start_s, rep.turn_s, rep.end_s)
            ],
        }


def _marks(name: str, analysis: Analysis, report: Report) -> Iterator[dict[str, Any]]:
    """Moments of faults that are read from the series."""
    flagged = {
        check.rule
        for check in report.checks
        if check.severity in FAULTS and read_from(check.measurement, analysis) == name
    }
    for rep in report.reps:
        for own in rep.checks:
            if own.rule in flagged and own.severity in FAULTS and own.at_s is not None:
                yield {"t": own.at_s, "severity": own.severity}
