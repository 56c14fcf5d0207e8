"""How well a clip is filmed and what to change first, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.words.language import _, decimal, later, percent, plural
from formcheck.words.terms import filmed, filmed_from
from formcheck.words.text import from_to, joined
from formcheck.words.tracking import MOST_NAMED, parts_named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from formcheck.filming import Filming, Point
    from formcheck.kinematics.belief import Hidden

MARKS = {"ok": later("ok"), "note": later("better"), "change": later("change")}
"""In front of each thing that was looked at."""
MOST_TIMES = 3
"""More stretches of time than this say nothing."""
SEVERAL_PEOPLE = later("More than one person is in the picture, or one is seen twice.")
WRONG_ONE = later("If it is the wrong one, tell formcheck whom to follow.")
POINTED_AT = later("formcheck followed the one pointed at.")
FOLLOWED = (
    later("formcheck followed the one on the left at {time}."),
    later("formcheck followed the one in the middle at {time}."),
    later("formcheck followed the one on the right at {time}."),
)
"""By the third of the picture's width."""

_NOTHING = {
    "good": later("Filmed well: nothing to change."),
    "partly": later("Only part of this can be judged: nothing to change."),
    "again": later("Film it again: nothing to change."),
}
_CHANGE = {
    "good": later("Filmed well. Better still: {advice}"),
    "partly": later("Only part of this can be judged. Change first: {advice}"),
    "again": later("Film it again. Change first: {advice}"),
}
_FINE: Mapping[str, str] = {
    "frame": later("Nothing that counts is out of the frame for long."),
    "clear": later("What counts is seen well for most of the time."),
    "light": later("The light is fine."),
    "sharpness": later("You are sharp in the picture."),
    "size": later("You are about {value} pixels tall."),
    "steady": later("You are seen from the same side throughout."),
    "presence": later("You are there all the time."),
    "rate": later("{value} frames per second."),
    "people": later("Nobody else of similar size is in the frame."),
    "level": later("The camera is level."),
}
_WRONG: Mapping[str, str] = {
    "sharpness": later("You are blurred."),
    "size": later("You are only about {value} pixels tall."),
    "steady": later("The camera angle changes in {share} of what was looked at."),
    "presence": later("You were visible in only {share} of what was looked at."),
    "rate": later("Only {value} frames per second, so times are rough."),
    "people": SEVERAL_PEOPLE,
    "level": later(
        "Shoulders and hips slope by {slope}°: the camera is not level, or you are not."
    ),
}
_FILMED = later("Filmed {view}.")
_VIEW = {
    "no_score": later("Filmed {view}; too few of the key points for a score."),
    "less": later("Filmed {view}; more can be judged {views}."),
}
"""Of a view that is not fine."""
_UNCLEAR = later("formcheck could not follow you well enough to judge all of it.")
_SHORT = later("You are seen for less than a second: too short to tell the rest.")
_SHOTS = later("The clip is cut together from several shots.")
_TO_DO = {
    "short": later("film one whole repetition or more."),
    "shots": later("film one set in one take."),
}
_LIGHT = {
    "dark": later("You are dark in the picture."),
    "burnt_out": later("You are mostly white in the picture."),
    "flat": later("You are hardly to be told from what is around you."),
}
_ADVICE: Mapping[str, str] = {
    "view": later("film {views}."),
    "sharpness": later("hold the camera still, focus on yourself, and film in more light."),
    "size": later("come closer with the camera, or film in a higher resolution."),
    "steady": later("leave the camera in one place."),
    "presence": later("film only the set, with you in the frame from start to end."),
    "rate": later("film with 30 frames per second or more."),
    "people": later("have nobody else in the frame."),
    "level": later("put the camera up level."),
}
_LIGHT_ADVICE = {
    "dark": later("turn on more light, and have it behind the camera."),
    "burnt_out": later(
        "film with less light on you, or tap on yourself so that the camera adapts."
    ),
    "flat": later("wear something lighter or darker than what is behind you."),
}
_BODY = later("body")
"""Where no part is named."""


def headline(filming: Filming, /) -> str:
    """Whether to film like this, and the one thing to change: the first that is read."""
    first = filming.first
    if first is None:
        return _(_NOTHING[filming.verdict])
    return _(_CHANGE[filming.verdict]).format(advice=advice(first))


def advice(point: Point, /) -> str:
    """What to do about a point that is not fine, to follow a colon."""
    if point.what in _TO_DO:
        return _(_TO_DO[point.what])
    if point.topic == "light":
        return _(_LIGHT_ADVICE[point.what])
    parts = _named(point.parts)[0]
    if point.topic == "frame":
        return _(
            "move the camera back or turn it until your whole body, {parts} included, is in the "
            "frame."
        ).format(parts=parts)
    if point.topic == "clear" and point.what == "side":
        return _(
            "try another angle, such as a step further to the front, to show your {parts} better."
        ).format(parts=parts)
    if point.topic == "clear":
        return _("try another angle to show your {parts} better.").format(parts=parts)
    return _(_ADVICE[point.topic]).format(views=filmed_from(point.views))


def finding(point: Point, view: str, /) -> str:
    """What was seen of one thing that was looked at.

    Parameters
    ----------
    point
        What was looked at.
    view
        Label of the view.
    """
    told, value = _finding(point), point.value or 0.0
    return told.format(
        view=filmed(view),
        views=filmed_from(point.views),
        value=decimal(value, 0),
        slope=decimal(abs(value), 0),
        share=percent(value),
        parts=_named(point.parts)[0],
    )


def _finding(point: Point) -> str:
    """The sentence, with places for what is put in."""
    topic = point.topic
    if topic == "view":
        return _(_VIEW.get(point.what, _FILMED))
    if topic == "clear" and point.mark != "ok" and not point.parts:
        return _(_UNCLEAR)
    if point.what == "shots":
        return _(_SHOTS)
    if point.what == "short" or point.mark == "ok":
        told = _SHORT if point.what == "short" else _FINE[topic]
        return _(told)
    if topic in ("frame", "clear"):
        return _unseen(point)
    told = _LIGHT[point.what] if topic == "light" else _WRONG[topic]
    return _(told)


def _unseen(point: Point) -> str:
    if point.topic == "frame":
        return plural(
            "Your {parts} is at the edge of the frame or outside {share} of the time.",
            "Your {parts} are at the edge of the frame or outside {share} of the time.",
            _named(point.parts)[1],
        )
    return _("formcheck could not follow your {parts} well enough {share} of the time.")


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
    told = [from_to(start_s, end_s) for start_s, end_s in spans[:MOST_TIMES]]
    return joined([*told, _("later")] if len(spans) > MOST_TIMES else told) if told else ""


def _named(parts: Sequence[str]) -> tuple[str, int]:
    """Body parts as a list and how many they are; the body where no part is named.

    >>> _named(["hip", "knee"]), _named([])
    (('hip and knee', 2), ('body', 1))
    """
    named = parts[:MOST_NAMED]
    return (parts_named(named), len(named)) if named else (_(_BODY), 1)
