"""How far a clip's tracking can be relied on, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.words.text import clock, counted, joined, lower_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from formcheck.exercises.detect import OtherLift
    from formcheck.filming import Filming

TITLES = {
    "good": "Tracking: good",
    "partly": "Tracking: partly unsure",
    "poor": "Tracking: do not rely on it",
}
SIGNS = {"good": "✓", "partly": "◐", "poor": "✗"}
"""Beside the titles: how far to rely on a clip is never told by colour alone."""
HIDDEN = "hidden"
"""Code of the warning that says so in a sentence."""
MOST_NAMED = 3
"""More body parts than this say nothing."""
NOT_WELL = "not seen well enough"
AT_EDGE = "at the edge of the frame or outside"
"""Of body parts whose place is a guess, all that is known: why one within the frame is not seen
(hidden, turned away, dark, blurred) is not."""

SHORT_SHOTS = "short_shots"
"""Code of the warning that a clip is cut together from short shots."""
OTHER_LIFT = "other_lift"
"""Code of the warning that another lift fills a part of the clip."""
ANOTHER_LIFT = "Another lift is in the clip, too"
"""Beside a clip in a list; the report says when, and which."""
ON_TRUST = (HIDDEN, SHORT_SHOTS, OTHER_LIFT)
"""Codes of warnings that come before the numbers."""
NO_SCORE = "No score: too few of the key points could be judged."
NOT_RELIABLE = "No score: too little of you was seen well enough to rely on the numbers."

CUT_TOGETHER = "No score: the clip is cut together from short shots."


def no_score(trust: str | None, warnings: Iterable[str] = (), /) -> str:
    """Why a clip with repetitions has no score, from its trust and the codes of its warnings."""
    if SHORT_SHOTS in warnings:
        return CUT_TOGETHER
    return NOT_RELIABLE if trust == "poor" else NO_SCORE


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


def other_lift_sentence(other: OtherLift, judged: str, /) -> str:
    """What a lifter should know of a clip that shows two lifts; `judged` is the set's title."""
    return (
        f"{clock(other.start_s)} to {clock(other.end_s)} looks like another lift "
        f"({lower_first(other.exercise.title)}, {counted(other.reps, 'rep')}): only the "
        f"{judged.lower()} was judged. Film one lift in a clip."
    )


def trust_sentence(filming: Filming, /, *, before: bool = False) -> str:
    """What a lifter should know before reading the numbers, or before the set.

    Parameters
    ----------
    filming
        How the clip is filmed; its tracking is not good.
    before
        Whether it was only looked at, so that there are no numbers yet.
    """
    trust, parts = filming.belief.trust, filming.parts[:MOST_NAMED]
    if not parts and trust == "partly":
        return LESS_SURE[before]
    who = parts_were(parts) or "your body was"
    how = AT_EDGE if parts and {*parts} <= {*filming.cut} else NOT_WELL
    return (POOR if trust == "poor" else PARTLY)[before].format(who=who, how=how)


LESS_SURE = (
    "Some numbers are less sure than usual, though you are seen well for most of the time: they "
    "have a wider margin or are not judged.",
    "Some numbers will be less sure than usual, though you are seen well for most of the time.",
)
PARTLY = (
    "Partly unsure: {who} {how} at times; what rests on that has a wider margin or is not judged.",
    "Partly unsure: {who} {how} at times; what rests on that will have a wider margin or not be "
    "judged.",
)
POOR = (
    "Do not rely on the numbers of this clip: {who} {how} for much of the time.",
    "Most of it would be a guess: {who} {how} for much of the time.",
)
"""What is said of a clip that was judged, and of one that was only looked at."""
