"""Terms in words: where the weight is held, from where the camera looks, kinds of reps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.lifter import Bar
from formcheck.words.language import _, later, later_plural
from formcheck.words.text import either

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BARS: Mapping[str, str] = {
    Bar.HIGH: later("bar high on the back"),
    Bar.LOW: later("bar low on the back"),
    Bar.FRONT: later("bar in front"),
    Bar.GOBLET: later("weight at the chest"),
    Bar.NONE: later("no weight"),
}
VIEWS = {
    "side_left": later("from the left side"),
    "side_right": later("from the right side"),
    "front": later("from the front"),
    "back": later("from behind"),
    "oblique_front": later("at an angle from the front"),
    "oblique_back": later("at an angle from behind"),
    "unknown": later("from an unclear angle"),
}
"""Each view of the report."""
ROUGHLY = {
    "side_left": later("roughly from the left side"),
    "side_right": later("roughly from the right side"),
    "front": later("roughly from the front"),
    "back": later("roughly from behind"),
}
"""Views that may as well be at an angle; one at an angle may not be said closer."""
SURE_VIEW = 5 / 6
"""Confidence in a view below which the edge to the next one lies within its standard error."""
GROUPS = {
    "side": later("from the side"),
    "oblique": later("at about 45 degrees"),
    "front": later("from the front or back"),
    "unknown": VIEWS["unknown"],
}
"""Views that rules treat alike."""
REP_KINDS = {
    "partial": later_plural("{reps} is partial (it counts)", "{reps} are partial (they count)"),
    "failed": later_plural(
        "{reps} failed (it does not count)", "{reps} failed (they do not count)"
    ),
    "invalid": later_plural(
        "{reps} is not a rep of this exercise (it does not count)",
        "{reps} are not reps of this exercise (they do not count)",
    ),
}
"""What is said of one repetition and of several, by their kinds; a full one needs no words."""
BY_HAND = {
    "exercise": later("the exercise"),
    "reps": later("the reps"),
    "lifter": later("whom to follow"),
    "bar": later("where the weight is held"),
    "load": later("the load"),
}
"""What can be set by hand."""
NOT_RECOGNISED = later("Exercise not recognised, so nothing was counted or scored.")
UNSEEN = later("formcheck can't see this from any side: watch the clip for it, or ask a coach.")
DOWN, UP = later("Down (eccentric)"), later("Up (concentric)")
"""The halves of a repetition whose times are its tempo."""
NOTES = later("Coach's notes")
THIS_WEEK = later("What to train this week")
FILM_AGAIN = later("Film one whole set, with your whole body in the frame and the camera still.")
TELL = later("tell formcheck")
"""With this, all of these begin."""
TELL_HEIGHT = later("tell formcheck your height")
TELL_BAR = later("tell formcheck where you hold the bar")
TELL_EXERCISE = later("tell formcheck which exercise it is")
TELL_LIFTER = later("tell formcheck whom to follow")
TELL_DATE = later("tell formcheck the real one")
OPTIONS = {
    TELL_HEIGHT: later("say your height with --height"),
    TELL_BAR: later("say where you hold the bar with --bar"),
    TELL_EXERCISE: later("name it with --exercise"),
    TELL_LIFTER: later("point at the lifter with --lifter X,Y"),
    TELL_DATE: later("use --date to set the real one"),
}
"""What to tell, in words that suit a page, and how to do so in a terminal. Messages have these
words in them as they are here, translations as they are translated."""
OTHER_EXERCISE = later("If this is another exercise, tell formcheck which exercise it is.")
_HELD: Mapping[frozenset[Bar], str] = {
    frozenset({Bar.HIGH}): later("with the bar high on the back"),
    frozenset({Bar.LOW}): later("with the bar low on the back"),
    frozenset({Bar.HIGH, Bar.LOW}): later("with the bar high or low on the back"),
    frozenset({Bar.FRONT}): later("with the bar in front"),
    frozenset({Bar.GOBLET}): later("with the weight at the chest"),
    frozenset({Bar.NONE}): later("with no weight"),
    frozenset({Bar.GOBLET, Bar.NONE}): later("with the weight at the chest or no weight"),
}


def with_options(text: str, /) -> str:
    """A text as a terminal shows it: it says how to tell formcheck something.

    >>> with_options("Tell formcheck your height to get speed in m/s.")
    'Say your height with --height to get speed in m/s.'
    """
    for what, option in OPTIONS.items():
        tell, add = _(what), _(option)
        text = text.replace(tell, add)
        text = text.replace(tell[:1].upper() + tell[1:], add[:1].upper() + add[1:])
    return text


def held(bars: Sequence[Bar], /) -> str:
    """One place or several that are possible, as part of a sentence.

    >>> held([Bar.FRONT]), held([Bar.HIGH, Bar.LOW]), held([Bar.NONE])
    ('with the bar in front', 'with the bar high or low on the back', 'with no weight')
    """
    together = _HELD.get(frozenset(bars))
    return _(together) if together else either([_(_HELD[frozenset({bar})]) for bar in bars])


def filmed(label: str, /, *, confidence: float = 1.0) -> str:
    """A view; only roughly that where its confidence is told and low.

    >>> filmed("oblique_front"), filmed("front"), filmed("front", confidence=0.7)
    ('at an angle from the front', 'from the front', 'roughly from the front')
    """
    sure = confidence >= SURE_VIEW
    return _(VIEWS[label] if sure else ROUGHLY.get(label, VIEWS[label]))


def filmed_from(groups: Iterable[str], /) -> str:
    """Any of several groups of views.

    >>> filmed_from(("side", "oblique"))
    'from the side or at about 45 degrees'
    """
    return either([_(GROUPS[group]) for group in groups])
