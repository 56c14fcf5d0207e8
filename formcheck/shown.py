"""Which series tell most about a clip, and which limits of rules can be drawn on them.

The one answer for the page, for figures and for comparisons.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.series import SERIES
from formcheck.reps.features import TURN_SHARE, feature_value
from formcheck.rules.computed import COMPUTED
from formcheck.rules.computed.registry import SIGNAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.analysis import Analysis
    from formcheck.exercises.schema import Feature
    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

FEWEST, MOST, MOST_ANGLES = 3, 4, 5
"""Series of a report page, angles of a figure: more do not fit (judgement)."""
LEAST_SEEN = 0.5
"""A series that is missing more often than this while the lifter is seen is not shown."""
OTHERWISE = ("knee_flexion", "hip_flexion", "elbow_flexion", "trunk_lean")
"""What to show when the rules name fewer than the fewest."""
ARMS = ("elbow_flexion", "shoulder_elevation")
"""What is taken first then if there are rules: those with few angles work the arms."""
FLAGGED, UNJUDGED = 2.0, 0.4
"""What a fault adds to a rule's weight, and the weight of a measurement without a rule:
a little less than rules have unless they say otherwise (judgement)."""
INSTANT = 0.1
"""A limit at an instant is drawn this far to both sides of it, share of a repetition."""


@dataclass(frozen=True)
class Limit:
    """The first limit of a rule on a series that it judges as it is.

    Attributes
    ----------
    rule
        The rule's title.
    value
        In the series' unit.
    above
        Whether the fault lies above it.
    where
        The part of a repetition that is judged: "at_start", "at_turn", "at_end", "turn",
        "rest", "first_half", "second_half" or "rep".
    """

    rule: str
    value: float
    above: bool
    where: str

    def spans(self, start: float, turn: float, end: float, /) -> list[tuple[float, float]]:
        """From where to where it is drawn, on any axis with the three instants."""
        near, wide = INSTANT * (end - start), TURN_SHARE * (end - start)
        parts = {
            "at_start": [(start, start + near)],
            "at_turn": [(turn - near, turn + near)],
            "at_end": [(end - near, end)],
            "turn": [(turn - wide, turn + wide)],
            "rest": [(start, start + wide / 2), (end - wide / 2, end)],
            "first_half": [(start, turn)],
            "second_half": [(turn, end)],
            "rep": [(start, end)],
        }[self.where]
        return [(max(start, first), min(end, last)) for first, last in parts]


def key_series(*analyses: Analysis, angles: bool = False) -> tuple[str, ...]:
    """The series that tell most about one clip or, together, about several of one exercise.

    Those that flagged rules are read from come first, then those of the weightiest rules,
    and angles that are measured without being judged before those of light rules. All of
    them were seen in every clip.

    Parameters
    ----------
    *analyses
        The clips.
    angles
        Only series in degrees.
    """
    ranked = [one for analysis in analyses for one in _ranked(analysis)]
    ranked.sort(key=lambda one: -one[0])
    named = [name for _, name in ranked]
    most = MOST_ANGLES if angles else MOST
    chosen: list[str] = []
    for name in (*named, *(ARMS if named else ()), *OTHERWISE):
        enough = len(chosen) >= (most if name in named else FEWEST)
        if name in chosen or enough or (angles and SERIES[name].unit != "deg"):
            continue
        if all(_seen(analysis.motion, name) for analysis in analyses):
            chosen.append(name)
    return tuple(chosen)


def _ranked(analysis: Analysis) -> list[tuple[float, str]]:
    """How much each series of the rule file tells; it may be there more than once."""
    rules, judged = analysis.rules, judged_rules(analysis)
    if rules is None:
        return []
    found = [
        (
            check.rule.weight + FLAGGED * check.severity.is_fault,
            read_from(check.rule.measurement, analysis),
        )
        for check in analysis.checks
        if check.rule.id in judged
    ]
    with_rule = {rule.measurement for rule in rules.rule}
    # Only angles: nothing says whether this view shows the others.
    found += [
        (UNJUDGED, read_from(what.name, analysis))
        for what in rules.measurement
        if what.name not in with_rule and what.unit == "deg"
    ]
    return [(rank, name) for rank, name in found if name is not None]


def judged_rules(analysis: Analysis, /) -> set[str]:
    """Rules with a value, of a repetition or over the set."""
    own = {c.rule.id for rep in analysis.reps for c in rep.checks if math.isfinite(c.value)}
    return own | {c.rule.id for c in analysis.checks if math.isfinite(c.value)}


def read_from(measurement: str, analysis: Analysis, /) -> str | None:
    """The series that a measurement is read from; None when it is no single one."""
    if analysis.rules is None or analysis.definition is None:
        return None
    what = analysis.rules.named(measurement)
    if what.feature is not None:
        return what.feature.series
    if what.built_in is None:
        return what.concentric_minus_eccentric
    shown_by = COMPUTED[what.built_in].shown_by
    return analysis.definition.signal.series if shown_by == SIGNAL else shown_by


def limits_on(
    series: str, analysis: Analysis, /, against: Feature | None = None
) -> tuple[Limit, ...]:
    """First limits of the rules that judged values of the series in this clip.

    Parameters
    ----------
    series, analysis
        The series as it is.
    against
        What is taken off it before it is drawn (`against_rest`): limits of that.
    """
    if analysis.rules is None:
        return ()
    found, judged = [], judged_rules(analysis)
    for rule in analysis.rules.rule:
        what = analysis.rules.named(rule.measurement)
        feature = what.feature
        if feature is None or rule.id not in judged or rule.over_set is not None:
            continue
        own = feature.series == series and feature.stat not in ("range", "net")
        if not own or what.minus != against or what.over is not None or what.scale != 1:
            continue
        where, mild = _where(feature, analysis), rule.limits.mild
        if rule.better == "zero":
            found.append(Limit(rule.title, -mild, above=False, where=where))
        found.append(Limit(rule.title, mild, above=rule.better != "high", where=where))
    return tuple(found)


def against_rest(series: str, analysis: Analysis, /) -> Feature | None:
    """What the rules on a series take off it: its own value at rest; None where one does not.

    A curve of the series as it is would contradict what is told of such rules.
    """
    if analysis.rules is None:
        return None
    judged = judged_rules(analysis)
    named = [analysis.rules.named(r.measurement) for r in analysis.rules.rule if r.id in judged]
    bases = {what.minus for what in named if what.feature and what.feature.series == series}
    base = bases.pop() if len(bases) == 1 else None
    own = base is not None and base.series == series and base.window == "rest"
    return base if own else None


def at_rest(base: Feature, analysis: Analysis, /) -> Floats:
    """What `against_rest` takes off, at each frame.

    In a repetition it is that of the repetition, as in its measurement; between two it goes
    from one to the other.
    """
    motion = analysis.motion
    cycles = [one.rep.cycle for one in analysis.reps]
    found = [(cycle, feature_value(motion, cycle, base)) for cycle in cycles]
    known = [(cycle, value) for cycle, value in found if math.isfinite(value)]
    ends_s = [motion.t_s[end] for cycle, _value in known for end in (cycle.start, cycle.end)]
    values = [value for _cycle, value in known for _end in range(2)]
    return np.interp(motion.t_s, ends_s, values) if known else np.zeros(len(motion.t_s))


def _where(feature: Feature, analysis: Analysis) -> str:
    """The part of a repetition in which a feature looks, by its place on the axis."""
    if feature.stat.startswith("at_"):
        return feature.stat
    if feature.window not in ("eccentric", "concentric"):
        return feature.window
    down_first = analysis.definition is not None and analysis.definition.starts_down
    first = (feature.window == "eccentric") == down_first
    return "first_half" if first else "second_half"


def _seen(motion: Motion, series: str) -> bool:
    there = np.isfinite(motion.series(series))[motion.track.tracked]
    return bool(there.size) and float(there.mean()) > LEAST_SEEN
