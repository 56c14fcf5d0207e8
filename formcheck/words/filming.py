"""How well a clip is filmed and what to change first, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.words.terms import TELL_LIFTER, filmed, filmed_from
from formcheck.words.text import clock, joined
from formcheck.words.tracking import MOST_NAMED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from formcheck.filming import Filming, Point
    from formcheck.kinematics.belief import Hidden

VERDICTS = {
    "good": "Filmed well",
    "partly": "Only part of this can be judged",
    "again": "Film it again",
}
MARKS = {"ok": "ok", "note": "better", "change": "change"}
"""In front of each thing that was looked at."""
MOST_TIMES = 3
"""More stretches of time than this say nothing."""
SEVERAL_PEOPLE = "There are several people in the frame; the one lifting was tracked."
WRONG_ONE = f"If it is the wrong one, {TELL_LIFTER}."
POINTED_AT = "There are several people in the frame; the one pointed at was tracked."

_FINE: Mapping[str, str] = {
    "frame": "Nothing that counts is out of the frame for long.",
    "clear": "What counts is seen well for most of the time.",
    "light": "The light is fine.",
    "sharpness": "You are sharp in the picture.",
    "size": "You are about {value:.0f} pixels tall.",
    "steady": "You are seen from the same side throughout.",
    "presence": "You are there all the time.",
    "rate": "{value:.0f} frames per second.",
    "people": "Nobody else of similar size is in the frame.",
    "level": "The camera is level.",
}
_WRONG: Mapping[str, str] = {
    "frame": "Your {parts} at the edge of the frame or outside {share} of the time.",
    "clear": "Your {parts} not seen well enough {share} of the time.",
    "light": "You are {what}.",
    "sharpness": "You are blurred.",
    "size": "You are only about {value:.0f} pixels tall.",
    "steady": "The camera angle changes in {value:.0%} of what was looked at.",
    "presence": "You were visible in only {value:.0%} of what was looked at.",
    "rate": "Only {value:.0f} frames per second, so times are rough.",
    "people": SEVERAL_PEOPLE,
    "level": "Shoulders and hips slope by {slope:.0f}°: the camera is not level, or you are not.",
}
_UNCLEAR = "You are not seen clearly enough to judge all of it."
_SHORT = "You are seen for less than a second: too short to tell the rest."
_LONGER = "film one whole repetition or more."
_LIGHT = {
    "dark": "dark in the picture",
    "burnt_out": "mostly white in the picture",
    "flat": "hardly to be told from what is around you",
}
_ADVICE: Mapping[str, str] = {
    "view": "film {views}.",
    "frame": "move the camera back or turn it until your whole body, {parts} included, is in the "
    "frame.",
    "clear": "move the camera until your {named} in clear view.",
    "sharpness": "hold the camera still, focus on yourself, and film in more light.",
    "size": "come closer with the camera, or film in a higher resolution.",
    "steady": "leave the camera in one place.",
    "presence": "film only the set, with you in the frame from start to end.",
    "rate": "film with 30 frames per second or more.",
    "people": "have nobody else in the frame.",
    "level": "put the camera up level.",
}
_SIDE_ADVICE = "film from a little in front of the side, so that your {named} in clear view."
_LIGHT_ADVICE = {
    "dark": "turn on more light, and have it behind the camera.",
    "burnt_out": "film with less light on you, or tap on yourself so that the camera adapts.",
    "flat": "wear something lighter or darker than what is behind you.",
}


def headline(filming: Filming, /) -> str:
    """Whether to film like this, and the one thing to change: the first that is read."""
    verdict, first = VERDICTS[filming.verdict], filming.first
    if first is None:
        return f"{verdict}: nothing to change."
    lead = "Better still" if filming.verdict == "good" else "Change first"
    return f"{verdict}. {lead}: {advice(first)}"


def advice(point: Point, /) -> str:
    """What to do about a point that is not fine, to follow a colon."""
    if point.what == "short":
        return _LONGER
    words = _LIGHT_ADVICE[point.what] if point.topic == "light" else _ADVICE[point.topic]
    if point.topic == "clear" and point.what == "side":
        words = _SIDE_ADVICE
    return words.format(
        views=filmed_from(point.views) if point.views else "",
        named=_are(point.parts),
        parts=joined(list(point.parts[:MOST_NAMED]) or ["body"]),
    )


def finding(point: Point, view: str, /) -> str:
    """What was seen of one thing that was looked at.

    Parameters
    ----------
    point
        What was looked at.
    view
        Label of the view.
    """
    if point.topic == "view":
        wrong = "; too few of the key points for a score" if point.what == "no_score" else ""
        return f"Filmed {filmed(view)}{wrong}."
    if point.topic == "clear" and point.mark != "ok" and not point.parts:
        return _UNCLEAR
    if point.what == "short":
        return _SHORT
    words = (_FINE if point.mark == "ok" else _WRONG)[point.topic]
    value = point.value or 0.0
    return words.format(
        value=value,
        slope=abs(value),
        share=f"{value:.0%}",
        parts=_are(point.parts),
        what=_LIGHT.get(point.what, ""),
    )


def times(point: Point, hidden: Sequence[Hidden], /) -> str:
    """When the parts that a point is about are not believed; empty without any.

    The first few stretches, those that overlap as one.
    """
    spans: list[tuple[float, float]] = []
    for one in hidden:
        if one.part not in point.parts:
            continue
        if spans and one.start_s <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], one.end_s))
        else:
            spans.append((one.start_s, one.end_s))
    told = [f"{clock(start_s)} to {clock(end_s)}" for start_s, end_s in spans[:MOST_TIMES]]
    return joined([*told, "later"] if len(spans) > MOST_TIMES else told) if told else ""


def _are(parts: Sequence[str]) -> str:
    """Body parts with the verb; the body where no part is named.

    >>> _are(["hip", "knee"]), _are([])
    ('hip and knee are', 'body is')
    """
    named = list(parts[:MOST_NAMED]) or ["body"]
    return f"{joined(named)} {'are' if len(named) > 1 else 'is'}"
