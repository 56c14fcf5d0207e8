"""Terms in words: where the weight is held, from where the camera looks, kinds of reps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.lifter import Bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BARS: Mapping[str, str] = {
    Bar.HIGH: "bar high on the back",
    Bar.LOW: "bar low on the back",
    Bar.FRONT: "bar in front",
    Bar.GOBLET: "weight at the chest",
    Bar.NONE: "no weight",
}
VIEWS = {
    "side_left": "from the left side",
    "side_right": "from the right side",
    "front": "from the front",
    "back": "from behind",
    "oblique_front": "at an angle from the front",
    "oblique_back": "at an angle from behind",
    "unknown": "from an unclear angle",
}
"""Each view of the report."""
GROUPS = {
    "side": "from the side",
    "oblique": "at an angle",
    "front": "from the front or back",
    "unknown": VIEWS["unknown"],
}
"""Views that rules treat alike."""
REP_KINDS = {
    "partial": ("is partial (it counts)", "are partial (they count)"),
    "failed": ("failed (it does not count)", "failed (they do not count)"),
    "invalid": (
        "is not a rep of this exercise (it does not count)",
        "are not reps of this exercise (they do not count)",
    ),
}
"""What is said of one repetition and of several, by their kinds; a full one needs no words."""
BY_HAND = {
    "exercise": "the exercise",
    "reps": "the reps",
    "lifter": "whom to follow",
    "bar": "where the weight is held",
    "load": "the load",
}
"""What can be set by hand."""
UNSEEN = "formcheck can't see this from any side: watch the clip for it, or ask a coach."
NOTES = "Coach's notes"
THIS_WEEK = "What to train this week"
FILM_AGAIN = "Film one whole set, with your whole body in the frame and the camera still."
TELL_HEIGHT = "tell formcheck your height"
TELL_BAR = "tell formcheck where you hold the bar"
TELL_EXERCISE = "tell formcheck which exercise it is"
TELL_LIFTER = "tell formcheck whom to follow"
TELL_DATE = "tell formcheck the real one"
OPTIONS = {
    TELL_HEIGHT: "add --height",
    TELL_BAR: "add --bar",
    TELL_EXERCISE: "name it with --exercise",
    TELL_LIFTER: "point at the lifter with --lifter X,Y",
    TELL_DATE: "use --date to set the real one",
}
"""What to tell, in words that suit a page, and how to do so in a terminal."""
OTHER_EXERCISE = f" If this is another exercise, {TELL_EXERCISE}."


def with_options(text: str, /) -> str:
    """A text as a terminal shows it: it says how to tell formcheck something.

    >>> with_options("Tell formcheck your height to get speed in m/s.")
    'Add --height to get speed in m/s.'
    """
    for words, option in OPTIONS.items():
        text = text.replace(words, option)
        text = text.replace(words.capitalize(), option.capitalize())
    return text


def held(bars: Sequence[Bar], /) -> str:
    """One place or several that are possible, as part of a sentence.

    >>> held([Bar.FRONT]), held([Bar.HIGH, Bar.LOW]), held([Bar.NONE])
    ('with the bar in front', 'with the bar high or low on the back', 'with no weight')
    """
    if set(bars) == {Bar.HIGH, Bar.LOW}:
        return "with the bar high or low on the back"
    places = " or ".join(BARS[bar] for bar in bars)
    return f"with {places}" if bars[0] is Bar.NONE else f"with the {places}"


def filmed(label: str, /) -> str:
    """A view.

    >>> filmed("oblique_front")
    'at an angle from the front'
    """
    return VIEWS[label]


def filmed_from(groups: Iterable[str], /) -> str:
    """Any of several groups of views.

    >>> filmed_from(("side", "oblique"))
    'from the side or at an angle'
    """
    return " or ".join(GROUPS[group] for group in groups)
