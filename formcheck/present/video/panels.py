"""Repetition panel, fault messages and replay label, each where it covers the lifter least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.present.video import canvas
from formcheck.present.video.canvas import BOLD, DARK, OF, PALE, REGULAR, WHITE, Box
from formcheck.present.video.story import MOST_AT_ONCE
from formcheck.words.language import _, later
from formcheck.words.severity import SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from formcheck.present.video.story import Message, Story

    Floats = NDArray[np.float64]
    Image = NDArray[np.uint8]

ORDER = ((-1, -1), (1, -1), (-1, 1), (1, 1), (0, -1), (0, 1), (-1, 0), (1, 0))
"""Places that cover nothing are taken in this order."""
OPACITY = 0.66
PAD, LEADING = 0.55, 1.4
"""Space around and between lines, text heights."""
HEAD = 1.25
"""Size of a panel's first line, text heights."""
WIDEST = 0.94
"""Share of the picture's width that a message may take."""
SMALLEST, LEAST = 10, 0.7
"""Letters are never smaller than so many pixels, and than this share of their usual size."""
REPLAY = later("Replay, 1/4 speed")


@dataclass(frozen=True)
class Place:
    """A box and the edges that it is aligned to.

    Attributes
    ----------
    box
        Pixels.
    x, y
        -1 left or top, 0 middle, 1 right or bottom.
    """

    box: Box
    x: int
    y: int


@dataclass(frozen=True, eq=False)
class Whereabouts:
    """Where the lifter is over a part of the clip, drawn pixels.

    Attributes
    ----------
    box
        What the lifter takes up; None if not seen.
    points, hips
        Shape (n, 2): landmarks, and those of the hips alone: what they do is what most lifts
        are judged by, so they are covered last.
    """

    box: Box | None
    points: Floats
    hips: Floats


def find_place(
    size: tuple[float, float],
    picture: tuple[int, int],
    where: Whereabouts,
    taken: Sequence[Box],
    margin: float,
) -> Place:
    """The place for a panel.

    Parameters
    ----------
    size, picture
        Width and height of panel and picture, pixels.
    where
        What to keep free: the lifter's box, else the hips, else most landmarks.
    taken
        Other panels, never covered unless nothing else is left.
    margin
        Distance to the picture's edges, pixels.
    """

    def cost(place: Place) -> tuple[float, float, float, float]:
        body = 0.0 if where.box is None else place.box.overlap(where.box)
        others = sum(place.box.overlap(other.grown(margin / 2)) for other in taken)
        if body == 0:
            return others, 0.0, 0.0, 0.0
        hips, others_of_body = (share_inside(p, place.box) for p in (where.hips, where.points))
        return others, hips, others_of_body, body

    return min(_places(size, picture, taken, margin), key=cost)


def _places(
    size: tuple[float, float], picture: tuple[int, int], taken: Sequence[Box], margin: float
) -> Iterator[Place]:
    """Corners and edges of the picture, then what lies next to other panels."""
    for x, y in ORDER:
        left, top = (
            margin + (total - 2 * margin - own) * (side + 1) / 2
            for own, total, side in zip(size, picture, (x, y), strict=True)
        )
        yield Place(Box(left, top, left + size[0], top + size[1]), x, y)
    for other in taken:
        y = 1 if other.top > picture[1] / 2 else -1
        top = other.top - margin - size[1] if y > 0 else other.bottom + margin
        for x, left in ((-1, margin), (1, picture[0] - margin - size[0])):
            if margin <= top <= picture[1] - margin - size[1]:
                yield Place(Box(left, top, left + size[0], top + size[1]), x, y)


def share_inside(points: Floats, box: Box, /) -> float:
    """Share of points, shape (n, 2), in a box."""
    if not len(points):
        return 0.0
    low, high = (box.left, box.top), (box.right, box.bottom)
    return float(((points >= low) & (points <= high)).all(axis=1).mean())


@dataclass(frozen=True)
class Layout:
    """Where the panels of a clip are: one place each, so that nothing jumps.

    Attributes
    ----------
    reps, messages, replay
        Places; of messages None where there are none.
    text
        Height of their letters, pixels.
    """

    reps: Place
    messages: Place | None
    replay: Place
    text: int


def text_size(width: int, height: int, /) -> int:
    """Letters for a picture of this size, pixels: smaller in a narrow one."""
    return max(SMALLEST, round(0.036 * min(height, 1.25 * width)))


def arrange(
    story: Story,
    picture: tuple[int, int],
    text: int,
    *,
    lifting: Whereabouts,
    at_messages: Whereabouts,
) -> Layout:
    """Find the places of all panels, with smaller letters where large ones would cover the hips.

    Parameters
    ----------
    story
        What they will say.
    picture
        Width and height, pixels.
    text
        Height of letters where there is room, pixels.
    lifting, at_messages
        Where the lifter is during the set, and while messages are shown.
    """

    def covered(layout: Layout) -> float:
        hips = share_inside(lifting.hips, layout.reps.box)
        at_faults = [p.box for p in (layout.messages, layout.replay) if p is not None]
        return hips + sum(share_inside(at_messages.hips, box) for box in at_faults)

    sizes = range(text, min(text, max(SMALLEST, round(LEAST * text))) - 1, -1)
    layouts = (_arranged(story, picture, size, lifting, at_messages) for size in sizes)
    best = next(layouts)
    for layout in layouts:
        if covered(best) == 0:
            break
        best = min(best, layout, key=covered)
    return best


def _arranged(
    story: Story,
    picture: tuple[int, int],
    text: int,
    lifting: Whereabouts,
    at_messages: Whereabouts,
) -> Layout:
    margin = 0.5 * text
    reps = find_place(_headline_size(story, text), picture, lifting, (), margin)
    taken, messages = [reps.box], None
    if story.messages:
        sizes = [_pill_size(m, text, picture[0]) for m in story.messages]
        crowd = _crowd(story)
        height = crowd * max(s[1] for s in sizes) + (crowd - 1) * 0.4 * text
        size = (max(s[0] for s in sizes), height)
        messages = find_place(size, picture, at_messages, taken, margin)
        taken.append(messages.box)
    width = canvas.text_width(_(REPLAY), text, BOLD) + 2 * PAD * text
    replay = find_place((width, 1.9 * text), picture, at_messages, taken, margin)
    return Layout(reps, messages, replay, text)


def _crowd(story: Story) -> int:
    """Most messages at once."""
    return max(min(MOST_AT_ONCE, len(story.shown(m.start_s))) for m in story.messages)


def _sizes(text: int, lines: int) -> list[tuple[int, int]]:
    """Size and weight of each line of a panel."""
    return [(round(HEAD * text), BOLD), *[(text, REGULAR)] * (lines - 1)]


def _headline_size(story: Story, text: int) -> tuple[float, float]:
    first, *others = story.widest()
    width = max(
        canvas.text_width(first, round(HEAD * text), BOLD),
        canvas.text_width(story.title, round(HEAD * text), BOLD),
        *(canvas.text_width(line, text, REGULAR) for line in others),
    )
    lines = 3 if story.reps else 1
    height = (HEAD + (lines - 1) * LEADING + 2 * PAD) * text
    return width + (2 * PAD + 0.35) * text, height


def draw_headline(image: Image, story: Story, t_s: float, place: Place, text: int) -> None:
    """The repetition panel at a time."""
    shown, box = story.headline(t_s), place.box
    canvas.panel(image, box, radius=0.4 * text, opacity=OPACITY)
    colour = PALE if shown.severity is None else OF[shown.severity]
    strip = Box(box.left, box.top, box.left + 0.35 * text, box.bottom)
    canvas.panel(image, strip, radius=0.15 * text, opacity=1.0, colour=colour)
    base, left = box.top + (PAD + 0.88 * HEAD) * text, box.left + (0.35 + PAD) * text
    sizes = _sizes(text, len(shown.lines))
    for number, (line, (size, weight)) in enumerate(zip(shown.lines, sizes, strict=True)):
        judged = number == 1 and shown.severity is not None
        canvas.text(image, line, (left, base), colour if judged else WHITE, size, weight)
        base += LEADING * text


def _pill_text(message: Message, text: int, picture_width: int) -> int:
    """The text height at which a message fits the picture."""
    most = WIDEST * picture_width
    while text > 8 and _pill_width(message, text) > most:
        text -= 1
    return text


def _pill_width(message: Message, text: int) -> float:
    words = max(
        canvas.text_width(message.title, text, BOLD),
        canvas.text_width(message.detail, text, REGULAR),
    )
    return words + (3 * PAD + 1.8) * text


def _pill_size(message: Message, text: int, picture_width: int) -> tuple[float, float]:
    text = _pill_text(message, text, picture_width)
    return _pill_width(message, text), (1 + LEADING + 2 * PAD) * text


def draw_messages(image: Image, shown: list[Message], place: Place, text: int) -> None:
    """Messages, stacked from the edge that their place is aligned to."""
    area, gap = place.box, 0.4 * text
    near = area.bottom if place.y > 0 else area.top
    for message in shown:
        width, height = _pill_size(message, text, image.shape[1])
        left = area.left + (area.width - width) * (place.x + 1) / 2
        top = near - height if place.y > 0 else near
        _draw_pill(image, message, Box(left, top, left + width, top + height), text)
        near += -height - gap if place.y > 0 else height + gap


def _draw_pill(image: Image, message: Message, box: Box, text: int) -> None:
    text = _pill_text(message, text, image.shape[1])
    colour = OF[message.severity]
    canvas.panel(image, box, radius=0.6 * text, opacity=0.8)
    radius = 0.9 * text
    centre = np.array([box.left + PAD * text + radius, (box.top + box.bottom) / 2])
    canvas.dot(image, centre, radius, colour)
    symbol = SIGNS[message.severity]
    half = canvas.text_width(symbol, text, BOLD) / 2
    canvas.text(image, symbol, (centre[0] - half, centre[1] + 0.36 * text), DARK, text, BOLD)
    left, base = centre[0] + radius + PAD * text, box.top + (PAD + 0.85) * text
    canvas.text(image, message.title, (left, base), WHITE, text, BOLD)
    canvas.text(image, message.detail, (left, base + LEADING * text), colour, text, REGULAR)


def draw_replay(image: Image, place: Place, text: int) -> None:
    """The label of a replay."""
    box = place.box
    canvas.panel(image, box, radius=0.95 * text, opacity=0.9, colour=WHITE)
    at = (box.left + PAD * text, box.top + 1.3 * text)
    canvas.text(image, _(REPLAY), at, DARK, text, BOLD)
