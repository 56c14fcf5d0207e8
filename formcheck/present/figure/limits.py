"""Where a rule judges a plotted series directly, and from which value on it objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.reps.features import TURN_SHARE
from formcheck.rules.evaluate import view_problem

if TYPE_CHECKING:
    from formcheck.analysis import Analysis

INSTANT = 0.07
"""Half of the width of a mark at an instant, share of a repetition."""


@dataclass(frozen=True)
class Mark:
    """The first limit of a rule on a series.

    Attributes
    ----------
    rule
        The rule's title.
    value
        In the series' unit.
    place
        "start", "turn", "end", or "rep" when anywhere in the repetition.
    half_share
        How far around the place it reaches, share of a repetition.
    """

    rule: str
    value: float
    place: str
    half_share: float

    def span(self, start: float, turn: float, end: float, /) -> tuple[float, float]:
        """From where to where it is drawn, on the axis of the three instants."""
        length = end - start
        centre = {"start": start, "turn": turn, "end": end}.get(self.place)
        if centre is None:
            return start, end
        half = self.half_share * length
        return max(start, centre - half), min(end, centre + half)


def marks_of(analysis: Analysis, series: str, /) -> tuple[Mark, ...]:
    """Limits on a series that a rule judges as it is, repetition by repetition, in this view."""
    if analysis.rules is None:
        return ()
    found = []
    for rule in analysis.rules.rule:
        measurement = analysis.rules.named(rule.measurement)
        feature = measurement.feature
        plain = (
            feature is not None
            and feature.stat not in ("range", "net")
            and measurement.minus is None
            and measurement.over is None
            and measurement.scale == 1
        )
        judged = rule.over_set is None and not rule.off
        seen = view_problem(rule, analysis.motion.view) is None
        if not (plain and judged and seen) or feature is None or feature.series != series:
            continue
        place = feature.stat.removeprefix("at_") if feature.stat.startswith("at_") else "rep"
        half_share = INSTANT
        if feature.window == "turn":
            place, half_share = "turn", TURN_SHARE
        limits = {rule.limits.mild}
        if rule.better == "zero":
            limits.add(-rule.limits.mild)
        found += [Mark(rule.title, value, place, half_share) for value in sorted(limits)]
    return tuple(found)
