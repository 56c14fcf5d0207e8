"""How far a clip's tracking can be relied on, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from formcheck.words.text import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from formcheck.kinematics.belief import Belief

TITLES = {
    "good": "Tracking: good",
    "partly": "Tracking: partly hidden",
    "poor": "Tracking: do not rely on it",
}
SIGNS = {"good": "✓", "partly": "◐", "poor": "✗"}
"""Beside the titles: how far to rely on a clip is never told by colour alone."""
HIDDEN = "hidden"
"""Code of the warning that says so in a sentence."""
MOST_NAMED = 3
"""More body parts than this say nothing."""


SHORT_SHOTS = "short_shots"
"""Code of the warning that a clip is cut together from short shots."""
ON_TRUST = (HIDDEN, SHORT_SHOTS)
"""Codes of warnings that come before the numbers."""
NO_SCORE = "No score: too few of the key points could be judged."
NOT_RELIABLE = "No score: too much of you was hidden to rely on the numbers."


CUT_TOGETHER = "No score: the clip is cut together from short shots."


def no_score(trust: str | None, warnings: Iterable[str] = (), /) -> str:
    """Why a clip with repetitions has no score, from its trust and the codes of its warnings."""
    if SHORT_SHOTS in warnings:
        return CUT_TOGETHER
    return NOT_RELIABLE if trust == "poor" else NO_SCORE


class Span(Protocol):
    """When a body part is hidden: as an analysis or as a report says it."""

    @property
    def part(self) -> str:
        """Its name."""

    @property
    def start_s(self) -> float:
        """Seconds of the clip."""

    @property
    def end_s(self) -> float:
        """Seconds of the clip."""


def hidden_parts(hidden: Iterable[Span], /) -> list[str]:
    """The body parts that are hidden longest, as few as one reads."""
    lasts: Counter[str] = Counter()
    for one in hidden:
        lasts[one.part] += round(1000 * (one.end_s - one.start_s))
    return [part for part, _ in lasts.most_common(MOST_NAMED)]


def parts_were(parts: Sequence[str], /) -> str:
    """Body parts and the verb, as a sentence about them begins; empty without any.

    >>> parts_were(["hip"]), parts_were(["hip", "knee"])
    ('your hip was', 'your hip and knee were')
    """
    return f"your {joined(parts)} {'were' if len(parts) > 1 else 'was'}" if parts else ""


def shots_sentence(shots: int, *, short: bool) -> str:
    """What a lifter should know of a clip of several shots."""
    times = "once" if shots == 2 else f"{shots - 1} times"
    cuts = f"The clip cuts, or the tracked body jumps, {times}"
    if short:
        return (
            f"{cuts}, and most of it is short shots: they may show several people or sets, so "
            "nothing is judged. Film one set in one take."
        )
    return f"{cuts}: no rep is counted across that, and all of them are taken for one lifter's."


def trust_sentence(belief: Belief, /) -> str:
    """What a lifter should know before reading the numbers."""
    parts = hidden_parts(belief.hidden)
    if not parts and belief.trust == "partly":
        return (
            "Some numbers are less sure than usual, though nothing hides you for long: they have a "
            "wider margin or are not judged."
        )
    who = parts_were(parts) or "your body was"
    if belief.trust == "poor":
        return (
            f"Do not rely on the numbers of this clip: {who} hidden, blurred or out of the frame "
            "for much of the time."
        )
    return (
        f"Partly hidden: {who} hidden, blurred or out of the frame at times; what rests on that "
        "has a wider margin or is not judged."
    )
