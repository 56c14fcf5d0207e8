"""What each rule would measure on the clips of the fault grid if it saw the joint centres.

The truth takes each rule's own definition on the true joint centres. It differs from
``reps[].measures`` of the truth file where that is defined otherwise:

=============  ==========================================================================
depth          at the turn (file: extreme of the repetition)
lean           at the turn, beyond what the true lengths need (`needed_lean`)
parallel       trunk lean minus shin inclination at the turn (not in the file)
balance        with a bar as in the file, else of the body's centre of mass
lean_growth    trunk lean at the turn; slope over the set (file: against the first)
knees_back     `kneeback` of the file
knees_in       over the value in standing (file: not divided), least around the turn
heel_rise      median around the turn, in foot lengths heel to toe (file: largest, m)
hinge_angle    trunk lean at the start (file: mean)
hinge_loss     the same; slope over the set (file: against the first)
heave          lean at the start minus the least of the pull (file: range of the rep)
shrug          row and fly: `ear_drop` of the file
range_loss     travel, last two repetitions over the first two (file: against the first);
               row: of the wrists under the shoulders, vertical (file: distance)
speed_loss     last repetition against the best (file: every one)
chin           as in the file, in trunk lengths (file: m)
hang           elbow flexion at the start (file: least)
kip            5th to 95th percentile of hip flexion on the way up (file: whole range)
tempo,         time from start to turn, from turn to end, s (not in the file)
lowering
=============  ==========================================================================

Everything else is as in the file. A rule's second condition (`also`) is graded as well.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formcheck.lean.excess import reference_shin
from formcheck.lean.needed import (
    HANDS_AT_BAR,
    Band,
    Body,
    Carried,
    Legs,
    Offset,
    mass_x,
    needed_lean,
    upper_body_centre,
)
from formcheck.lifter import Bar
from formcheck.rules.evaluate import grade
from formcheck.words.severity import ORDER
from sample_videos.generator.measures import rep_measures
from sample_videos.generator.truth import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from formcheck.rules.schema import Limits, Rule
    from formcheck.words.severity import Severity
    from sample_videos.generator.truth import Truth

    Floats = NDArray[np.float64]

INSTANT_S, TURN_SHARE = 0.1, 0.15
"""As in `formcheck.reps.features`."""
EARLY = 0.35
"""As in `formcheck.rules.computed.reps`."""


class TrueRep:
    """One repetition of the truth.

    Parameters
    ----------
    truth
        The clip.
    number
        Of the repetition, from 0.
    bar
        Where the weight of a squat is held.
    """

    def __init__(self, truth: Truth, number: int, bar: Bar = Bar.NONE) -> None:
        entry = truth.document["reps"][number]
        self.start, self.turn, self.end = (entry[f"{n}_s"] for n in ("start", "turn", "end"))
        self.measures = _measures(truth)[number]
        self.bar = bar
        self.truth = truth

    def angle(self, name: str) -> Floats:
        """A column of angles, the mean of both sides where there are two."""
        angles = self.truth.angles
        if f"{name}_deg" in angles:
            return angles[f"{name}_deg"]
        return np.asarray((angles[f"{name}_left_deg"] + angles[f"{name}_right_deg"]) / 2)

    def middle(self, name: str) -> Floats:
        """Middle of a pair of joints, m."""
        joints = self.truth.joints
        return np.asarray((joints[f"left_{name}"] + joints[f"right_{name}"]) / 2)

    def apart(self, name: str) -> Floats:
        """Distance of a pair of joints across the body, m."""
        joints = self.truth.joints
        return np.asarray(np.abs(joints[f"left_{name}"] - joints[f"right_{name}"])[:, 0])

    def at(self, column: Floats, t: float) -> float:
        """Mean around a time."""
        return float(column[np.abs(self.truth.t_s - t) <= INSTANT_S / 2 + 1e-6].mean())

    def between(self, column: Floats, first: float, last: float) -> Floats:
        """Values of a stretch of time."""
        t = self.truth.t_s
        return column[(t >= first - 1e-6) & (t <= last + 1e-6)]

    def near_turn(self, column: Floats) -> Floats:
        """Values around the turn."""
        margin = TURN_SHARE * (self.end - self.start)
        return self.between(column, self.turn - margin, self.turn + margin)


def _measures(truth: Truth) -> list[dict[str, float]]:
    """Measures of every repetition, anew: older clips know fewer of them."""
    reps = truth.document["reps"]
    recording = Recording(truth.t_s, truth.joints, truth.pixels, truth.bar, reps, [])
    return rep_measures(truth.document["exercise"], recording, truth.angles)


def _measure(name: str) -> Callable[[TrueRep], float]:
    return lambda rep: rep.measures[name]


def _start_lean(rep: TrueRep) -> float:
    return rep.at(rep.angle("trunk_lean"), rep.start)


def _heel_rise(rep: TrueRep) -> float:
    heel, toe = rep.middle("heel"), rep.middle("toe")
    rise = heel[:, 1] - rep.at(heel[:, 1], rep.start)
    return float(np.median(rep.near_turn(rise)) / np.linalg.norm(heel - toe, axis=1).mean())


def _knees_in(rep: TrueRep) -> float:
    ratio = rep.apart("knee") / rep.apart("ankle")
    return float(rep.near_turn(ratio).min() / rep.at(ratio, rep.start))


def _chin(rep: TrueRep) -> float:
    trunk = np.linalg.norm(rep.middle("shoulder") - rep.middle("hip"), axis=1)
    return float(rep.measures["chin"] / np.median(trunk))


def _heave(rep: TrueRep) -> float:
    lean = rep.angle("trunk_lean")
    return rep.at(lean, rep.start) - float(rep.between(lean, rep.start, rep.turn).min())


def _hip_flexion(rep: TrueRep) -> Floats:
    """Trunk against thigh in the sagittal plane, negative when arched, degrees."""
    hip, shoulder, knee = (rep.middle(name) for name in ("hip", "shoulder", "knee"))
    trunk, thigh = shoulder - hip, hip - knee
    lean = np.arctan2(trunk[:, 2], trunk[:, 1]) - np.arctan2(thigh[:, 2], thigh[:, 1])
    return np.asarray(np.degrees(lean))


def _kip(rep: TrueRep) -> float:
    hips = rep.between(_hip_flexion(rep), rep.start, rep.turn)
    return float(np.subtract(*np.percentile(hips, [95, 5])))


def _pull_length(rep: TrueRep) -> float:
    drop = (rep.middle("shoulder") - rep.middle("wrist"))[:, 1]
    return float(abs(rep.at(drop, rep.start) - rep.at(drop, rep.turn)))


def _posture(rep: TrueRep) -> tuple[Body, Legs, Offset]:
    """Lengths in the sagittal plane, legs and centre of the upper body at the bottom."""

    def flat(name: str) -> Floats:
        points = rep.middle(name)
        return np.array([rep.at(points[:, axis], rep.turn) for axis in (2, 1)])

    names = ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe")
    at = {name: flat(name) for name in names}
    body = Body(
        shank=float(np.linalg.norm(at["knee"] - at["ankle"])),
        thigh=float(np.linalg.norm(at["hip"] - at["knee"])),
        trunk=float(np.linalg.norm(at["shoulder"] - at["hip"])),
        mid_foot=float(((at["heel"] + at["toe"]) / 2 - at["ankle"])[0]),
    )
    legs = Legs(
        rep.at(rep.angle("thigh_elevation"), rep.turn),
        rep.at(rep.angle("shin_inclination"), rep.turn),
    )
    parts = {name: at[name].tolist() for name in ("hip", "shoulder", "ear", "elbow", "wrist")}
    return body, legs, upper_body_centre(parts)


def _needed(rep: TrueRep) -> Band | None:
    """What lean the true lengths need over shins that are not too upright."""
    body, legs, centre = _posture(rep)
    reps = rep.truth.document["reps"]
    shin = rep.angle("shin_inclination")
    seen = [rep.between(shin, entry["start_s"], entry["end_s"]) for entry in reps]
    legs = legs._replace(shin_deg=reference_shin(np.concatenate(seen).tolist()))
    return needed_lean(body, legs, Carried(bars=(rep.bar,), upper_body=centre))


def _lean_excess(rep: TrueRep) -> float:
    """Lean beyond the upper edge of what the true lengths need."""
    need = _needed(rep)
    lean = rep.at(rep.angle("trunk_lean"), rep.turn)
    return math.nan if need is None else lean - need.high_deg


def _lean_over_middle(rep: TrueRep) -> float:
    """Lean beyond the middle of what the true lengths need."""
    need = _needed(rep)
    lean = rep.at(rep.angle("trunk_lean"), rep.turn)
    return math.nan if need is None else lean - need.mid_deg


def _parallel(rep: TrueRep) -> float:
    lean, shin = rep.angle("trunk_lean"), rep.angle("shin_inclination")
    return rep.at(lean, rep.turn) - rep.at(shin, rep.turn)


def _load_offset(rep: TrueRep) -> float:
    """Bar, or else the body's centre of mass, before the mid-foot, in foot lengths."""
    if rep.truth.bar is not None:
        return rep.measures["balance"]
    body, legs, centre = _posture(rep)
    lean = rep.at(rep.angle("trunk_lean"), rep.turn)
    place = mass_x(body, legs, lean, HANDS_AT_BAR, load_share=0.0, upper_body=centre)
    foot = float(np.linalg.norm((rep.middle("toe") - rep.middle("heel"))[0]))
    return (place - body.mid_foot) / foot


def _shoulder_lag(rep: TrueRep) -> float:
    """1 minus the shoulders' rise over the hips' in the first part of the way up."""
    hips = rep.between(rep.middle("hip")[:, 1], rep.turn, rep.end)
    shoulders = rep.between(rep.middle("shoulder")[:, 1], rep.turn, rep.end)
    early = slice(0, int(np.argmax(hips > hips[0] + EARLY * (hips.max() - hips[0]))) + 1)
    away = hips[early] - hips[early].mean()
    return float(1 - (away * shoulders[early]).sum() / (away**2).sum())


def _chord(rep: TrueRep) -> float:
    chord = np.linalg.norm((rep.middle("shoulder") - rep.middle("hip"))[:, 1:], axis=1)
    return float(np.median(rep.near_turn(chord)) / rep.at(chord, rep.start))


def _rise(rep: TrueRep) -> float:
    height = rep.middle("shoulder")[:, 1]
    return rep.at(height, rep.turn) - rep.at(height, rep.start)


TRUE_VALUES: dict[str, Callable[[TrueRep], float]] = {
    "squat.depth": lambda rep: rep.at(rep.angle("thigh_elevation"), rep.turn),
    "squat.lean": _lean_excess,
    "squat.hips_first": lambda rep: rep.measures["hips_first"],
    "squat.knees_in": _knees_in,
    "squat.heel_rise": _heel_rise,
    "squat.tempo": lambda rep: rep.turn - rep.start,
    "squat.lean_growth": lambda rep: rep.at(rep.angle("trunk_lean"), rep.turn),
    "squat.parallel": _parallel,
    "squat.knees_back": _measure("kneeback"),
    "squat.upper_trunk": _measure("upper_trunk"),
    "squat.head": _measure("head"),
    "squat.elbows_lift": _measure("elbows_lift"),
    "squat.elbows_drop": _measure("elbows_drop"),
    "squat.shift": _measure("shift"),
    "squat.balance": _load_offset,
    "bent_over_row.hinge_angle": _start_lean,
    "bent_over_row.hinge_loss": _start_lean,
    "bent_over_row.top_range": lambda rep: rep.measures["top_range"],
    "bent_over_row.heave": _heave,
    "bent_over_row.range_loss": _pull_length,
    "bent_over_row.lowering": lambda rep: rep.end - rep.turn,
    "bent_over_row.flare": lambda rep: rep.at(rep.angle("shoulder_elevation"), rep.turn),
    "bent_over_row.shrug": _measure("ear_drop"),
    "bent_over_row.leg_drive": _measure("leg_drive"),
    "bent_over_row.neck": _measure("neck"),
    "bent_over_row.asymmetry": _measure("asymmetry"),
    "pull_up.chin": _chin,
    "pull_up.hang": lambda rep: rep.at(rep.angle("elbow_flexion"), rep.start),
    "pull_up.kip": _kip,
    "pull_up.lowering": lambda rep: rep.end - rep.turn,
    "pull_up.top_stall": _measure("top_stall"),
    "pull_up.shrug": _measure("shrug"),
    "pull_up.initiation": _measure("initiation"),
    "pull_up.rounding": _measure("rounding"),
    "pull_up.range_loss": _rise,
    "pull_up.speed_loss": lambda rep: _rise(rep) / (rep.turn - rep.start),
    "pull_up.asymmetry": _measure("asymmetry"),
    "upright_row.height": _measure("height"),
    "upright_row.grip": _measure("grip"),
    "upright_row.sway": _measure("sway"),
    "upright_row.lead": _measure("lead"),
    "reverse_fly.hinge": _start_lean,
    "reverse_fly.hinge_loss": _start_lean,
    "reverse_fly.height": _measure("height"),
    "reverse_fly.elbows": _measure("elbows"),
    "reverse_fly.heave": _heave,
    "reverse_fly.shrug": _measure("ear_drop"),
}
"""What each rule would measure on a repetition if it saw the joint centres."""


TRUE_ALSO: dict[str, Callable[[TrueRep], float]] = {
    "lean_over_middle": _lean_over_middle,
    "shoulder_lag": _shoulder_lag,
    "lean_gain_ascent": _measure("hips_first"),
    "chord_loss": _chord,
}
"""By measurement: what a rule's second condition would measure."""


def true_reps(truth: Truth, /, bar: Bar = Bar.NONE) -> list[TrueRep]:
    """Every repetition; `bar` is where the weight of a squat is held."""
    return [TrueRep(truth, number, bar) for number in range(len(truth.document["reps"]))]


def true_grade(value: float, limits: Limits, rule: Rule, reps: Sequence[TrueRep], /) -> Severity:
    """Grade of a set's true value; the milder one where a rule has a second condition."""
    own = grade(value, limits, rule.better)
    if rule.also is None:
        return own
    other = float(np.median([TRUE_ALSO[rule.also.measurement](rep) for rep in reps]))
    return min(own, grade(other, rule.also.limits, rule.also.better), key=ORDER)


def true_of_set(values: Sequence[float], rule: Rule, /) -> float:
    """True value of the set: the median, or the change over the set that the rule judges."""
    if rule.over_set is None:
        return float(np.median(values))
    return OVER_SET[rule.over_set](np.asarray(values))


def _loss(values: Floats) -> float:
    group = 3 if len(values) >= 6 else 2
    return float(1 - np.mean(values[-group:]) / np.mean(values[:group]))


def _fall(values: Floats) -> float:
    return float(1 - values[-1] / values.max())


def _growth(values: Floats) -> float:
    first, later = np.triu_indices(len(values), 1)
    slopes = (values[later] - values[first]) / (later - first)
    return float(np.median(slopes) * (len(values) - 1))


OVER_SET: dict[str, Callable[[Floats], float]] = {"loss": _loss, "fall": _fall, "growth": _growth}
"""As in `formcheck.rules.schema.OverSet`."""
