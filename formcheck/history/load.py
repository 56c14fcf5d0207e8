"""What got worse while the weight went up, and the weight at which it was fine.

Only from weights that were told. That one follows from the other is not said: both are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.history.model import LoadPart
from formcheck.upper_back.library import lift_name
from formcheck.words import history as words
from formcheck.words.language import _
from formcheck.words.quantities import weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.history.model import ClipPart, TrendPart

HEAVIER = 1.05
"""Told weights that differ by this factor are worth a note (judgement)."""
ROUGHLY_KG = 2.5
"""A weight to go back to is told to the nearest of these, downwards: plates come so."""


def load_part(
    exercise: str, clips: Sequence[ClipPart], trends: Sequence[TrendPart], /
) -> LoadPart | None:
    """What got worse with more weight; None where nothing did, or weights were not told.

    Parameters
    ----------
    exercise
        Its identifier.
    clips, trends
        Of one lift, the clips in order of time.
    """
    worse = [t for t in trends if any(change.direction == "worse" for change in t.changes)]
    told = [clip.load_kg for clip in clips if clip.load_kg is not None]
    if not worse or not told or told[-1] <= HEAVIER * told[0]:
        return None
    fine = [_fine(trend, clips) for trend in worse]
    both = set.intersection(*fine)
    lighter = [kg for at, clip in enumerate(clips) if at in both and (kg := clip.load_kg)]
    below = [kg for kg in lighter if kg * HEAVIER < told[-1]]
    back_kg = max(below) // ROUGHLY_KG * ROUGHLY_KG if below else None
    message = words.worse_with_weight(
        [trend.heading for trend in worse], told[0], told[-1], max(below, default=None)
    )
    lift = lift_name(exercise)
    advice = None
    if back_kg:
        advice = _("Take the {lift} back to about {weight}").format(
            lift=lift, weight=weight(back_kg)
        )
    return LoadPart(
        first_kg=told[0], last_kg=told[-1], back_to_kg=back_kg, message=message, advice=advice
    )


def _fine(trend: TrendPart, clips: Sequence[ClipPart]) -> set[int]:
    """Places of the clips with a weight whose value lies within the rule's first limit."""
    told = [point for point in trend.points if clips[point.clip].load_kg is not None]
    return {point.clip for point in told if words.within(trend, point.value)}
