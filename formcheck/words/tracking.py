"""How far a clip's tracking can be relied on, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.words.language import _, later, later_plural, plural
from formcheck.words.text import clock, counted, in_small, joined, lower_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.exercises.detect import OtherLift
    from formcheck.filming import Filming

TITLES = {
    "good": later("Tracking: good"),
    "partly": later("Tracking: partly unsure"),
    "poor": later("Tracking: do not rely on it"),
}
SIGNS = {"good": "✓", "partly": "◐", "poor": "✗"}
"""Beside the titles: how far to rely on a clip is never told by colour alone."""
HIDDEN = "hidden"
"""Code of the warning that says so in a sentence."""
MOST_NAMED = 3
"""More body parts than this say nothing."""
PART_NAMES = {
    "head": later("head"),
    "shoulder": later("shoulder"),
    "elbow": later("elbow"),
    "wrist": later("wrist"),
    "hip": later("hip"),
    "knee": later("knee"),
    "ankle": later("ankle"),
    "foot": later("foot"),
}
"""Parts of the body as people call them."""

SHORT_SHOTS = "short_shots"
"""Code of the warning that a clip is cut together from short shots."""
OTHER_LIFT = "other_lift"
"""Code of the warning that another lift fills a part of the clip."""
ANOTHER_LIFT = later("Another lift is in the clip, too")
"""Beside a clip in a list; the report says when, and which."""
ON_TRUST = (HIDDEN, SHORT_SHOTS, OTHER_LIFT)
"""Codes of warnings that come before the numbers."""
NO_SCORE = later("No score: too few of the key points could be judged.")
NOT_RELIABLE = later("No score: formcheck could not follow you well enough to rely on the numbers.")
CUT_TOGETHER = later("No score: the clip is cut together from short shots.")


def no_score(trust: str | None, warnings: Iterable[str] = (), /) -> str:
    """Why a clip with repetitions has no score, from its trust and the codes of its warnings."""
    if SHORT_SHOTS in warnings:
        return _(CUT_TOGETHER)
    why = NOT_RELIABLE if trust == "poor" else NO_SCORE
    return _(why)


def parts_named(parts: Iterable[str], /) -> str:
    """Body parts as a list.

    >>> parts_named(["hip", "knee"])
    'hip and knee'
    """
    return joined([_(PART_NAMES.get(part, part)) for part in parts])


def shots_sentence(shots: int, *, short: bool) -> str:
    """What a lifter should know of a clip of several shots."""
    if short:
        told = plural(
            "The clip cuts, or the tracked body jumps, once, and most of it is short shots: they "
            "may show several people or sets, so nothing is judged. Film one set in one take.",
            "The clip cuts, or the tracked body jumps, {n} times, and most of it is short shots: "
            "they may show several people or sets, so nothing is judged. Film one set in one take.",
            shots - 1,
        )
    else:
        told = plural(
            "The clip cuts, or the tracked body jumps, once: no rep is counted across that, and "
            "all of them are taken for one lifter's.",
            "The clip cuts, or the tracked body jumps, {n} times: no rep is counted across that, "
            "and all of them are taken for one lifter's.",
            shots - 1,
        )
    return told.format(n=shots - 1)


def other_lift_sentence(other: OtherLift, judged: str, /) -> str:
    """What a lifter should know of a clip that shows two lifts; `judged` is the set's title."""
    return _(
        "{start} to {end} looks like another lift ({lift}, {reps}): only the {judged} was judged. "
        "Film one lift in a clip."
    ).format(
        start=clock(other.start_s),
        end=clock(other.end_s),
        lift=lower_first(_(other.exercise.title)),
        reps=counted(other.reps, "{n} rep", "{n} reps"),
        judged=in_small(_(judged)),
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
        return _(LESS_SURE[before])
    if not parts:
        return _(POOR_BODY[before])
    at_edge = {*parts} <= {*filming.cut}
    one, several = (POOR if trust == "poor" else PARTLY)[before, at_edge]
    return plural(one, several, len(parts)).format(parts=parts_named(parts))


LESS_SURE = (
    later(
        "Some numbers are less sure than usual, though you are seen well for most of the time: "
        "they have a wider margin or are not judged."
    ),
    later(
        "Some numbers will be less sure than usual, though you are seen well for most of the time."
    ),
)
PARTLY = {
    (False, False): later_plural(
        "Partly unsure: formcheck could not follow your {parts} well enough at times; what rests "
        "on that has a wider margin or is not judged.",
        "Partly unsure: formcheck could not follow your {parts} well enough at times; what rests "
        "on that has a wider margin or is not judged.",
    ),
    (False, True): later_plural(
        "Partly unsure: your {parts} was at the edge of the frame or outside at times; what rests "
        "on that has a wider margin or is not judged.",
        "Partly unsure: your {parts} were at the edge of the frame or outside at times; what rests "
        "on that has a wider margin or is not judged.",
    ),
    (True, False): later_plural(
        "Partly unsure: formcheck could not follow your {parts} well enough at times; what rests "
        "on that will have a wider margin or not be judged.",
        "Partly unsure: formcheck could not follow your {parts} well enough at times; what rests "
        "on that will have a wider margin or not be judged.",
    ),
    (True, True): later_plural(
        "Partly unsure: your {parts} was at the edge of the frame or outside at times; what rests "
        "on that will have a wider margin or not be judged.",
        "Partly unsure: your {parts} were at the edge of the frame or outside at times; what rests "
        "on that will have a wider margin or not be judged.",
    ),
}
POOR = {
    (False, False): later_plural(
        "Do not rely on the numbers of this clip: formcheck could not follow your {parts} well "
        "enough for much of the time.",
        "Do not rely on the numbers of this clip: formcheck could not follow your {parts} well "
        "enough for much of the time.",
    ),
    (False, True): later_plural(
        "Do not rely on the numbers of this clip: your {parts} was at the edge of the frame or "
        "outside for much of the time.",
        "Do not rely on the numbers of this clip: your {parts} were at the edge of the frame or "
        "outside for much of the time.",
    ),
    (True, False): later_plural(
        "Most of it would be a guess: formcheck could not follow your {parts} well enough for much "
        "of the time.",
        "Most of it would be a guess: formcheck could not follow your {parts} well enough for much "
        "of the time.",
    ),
    (True, True): later_plural(
        "Most of it would be a guess: your {parts} was at the edge of the frame or outside for "
        "much of the time.",
        "Most of it would be a guess: your {parts} were at the edge of the frame or outside for "
        "much of the time.",
    ),
}
"""What is said of a clip that was judged (False), and of one that was only looked at (True), of
body parts that could not be followed (False), and that were at the edge of the frame (True)."""
POOR_BODY = (
    later(
        "Do not rely on the numbers of this clip: formcheck could not follow your body well enough "
        "for much of the time."
    ),
    later(
        "Most of it would be a guess: formcheck could not follow your body well enough for much of "
        "the time."
    ),
)
"""Where no part is named."""
