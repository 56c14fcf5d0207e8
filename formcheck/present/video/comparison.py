"""Two clips side by side, B slowed down or sped up so that the phases coincide.

It decodes both clips again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formcheck.compare.curves import TURN_PERCENT
from formcheck.present.video import canvas
from formcheck.present.video.canvas import DARK, GREY, SKY_BLUE, WHITE
from formcheck.video.reader import VideoReader
from formcheck.video.writer import VideoWriter, WriterSettings
from formcheck.words.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from formcheck.compare.comparison import Comparison
    from formcheck.exercises.schema import Exercise
    from formcheck.reps.engine import Rep
    from formcheck.video import VideoInfo
    from formcheck.video.reader import Frame

    Image = NDArray[np.uint8]

TALLEST_PX = 720
GAP_PX = 4
STRIP = 0.06
"""Height of the strip that shows the phase, share of the pictures' height."""
HOLD_S = 0.5
"""How long the end of a repetition stays before the next one begins."""
KNOTS = (0.0, TURN_PERCENT, 100.0)


@dataclass(frozen=True)
class Pair:
    """A repetition of A and the one of B that is shown beside it."""

    a: Rep
    b: Rep

    def phase(self, a_s: float) -> float:
        """Per cent of the repetition at a time of A."""
        return float(np.interp(a_s, [self.a.start_s, self.a.turn_s, self.a.end_s], KNOTS))

    def b_time(self, a_s: float) -> float:
        """When B is where A is at that time."""
        times = [self.b.start_s, self.b.turn_s, self.b.end_s]
        return float(np.interp(self.phase(a_s), KNOTS, times))


def pairs_of(comparison: Comparison, /) -> list[Pair]:
    """The first repetition of A with the first of B, and so on, as far as both go."""
    both = zip(comparison.a.reps, comparison.b.reps, strict=False)
    return [Pair(a.rep, b.rep) for a, b in both]


def film_comparison(
    comparison: Comparison, clip_a: VideoInfo, clip_b: VideoInfo, out: Path, /
) -> None:
    """Write the video: A on the left in its own time, B on the right.

    Parameters
    ----------
    comparison
        Gives the repetitions.
    clip_a, clip_b
        The clips they are from, as they were read.
    out
        The mp4 file, whole or not at all; silent.

    Raises
    ------
    VideoError
        If a clip cannot be read any more.
    OutputError
        If the video cannot be written.
    """
    pairs = pairs_of(comparison)
    with VideoReader.again(clip_a) as first, VideoReader.again(clip_b) as second:
        layout = Layout.of(first.display_wh, second.display_wh)
        settings = WriterSettings(layout.width, layout.height)
        later = NearestPicture(second.frames())
        begun = begin_times(pairs)
        with VideoWriter(out, settings) as writer:
            for number, frame in frames_of_reps(pairs, first.frames()):
                pair = pairs[number]
                image = layout.joined(frame.image, later.at(pair.b_time(frame.t_s)).image)
                _label(image, layout, pair, pair.phase(frame.t_s), comparison.definition)
                writer.write(image, begun[number] + frame.t_s - pair.a.start_s)


def begin_times(pairs: Sequence[Pair], /) -> list[float]:
    """When in the new video each pair begins, seconds."""
    lengths = [pair.a.end_s - pair.a.start_s + HOLD_S for pair in pairs]
    return [float(t) for t in np.cumsum([0.0, *lengths[:-1]])]


def frames_of_reps(
    pairs: Sequence[Pair], frames: Iterable[Frame], /
) -> Iterator[tuple[int, Frame]]:
    """A's pictures that lie in a repetition, each with the number of its pair."""
    number = 0
    for frame in frames:
        while number < len(pairs) and frame.t_s > pairs[number].a.end_s:
            number += 1
        if number == len(pairs):
            return
        if frame.t_s >= pairs[number].a.start_s:
            yield number, frame


class NearestPicture:
    """The picture nearest to a time; times must not fall.

    Parameters
    ----------
    frames
        At least one, in order of time.
    """

    def __init__(self, frames: Iterator[Frame]) -> None:
        self._frames = frames
        self._here = next(frames)
        self._next = next(frames, None)

    def at(self, t_s: float) -> Frame:
        """The picture to show at a time."""
        while self._next is not None and abs(self._next.t_s - t_s) <= abs(self._here.t_s - t_s):
            self._here, self._next = self._next, next(self._frames, None)
        return self._here


@dataclass(frozen=True)
class Layout:
    """Where the two pictures and the strip below them are, pixels; all sizes are even."""

    left_width: int
    right_width: int
    picture_height: int
    strip_height: int

    @classmethod
    def of(cls, first_wh: tuple[int, int], second_wh: tuple[int, int]) -> Layout:
        """Both pictures as high as the higher one, but not higher than `TALLEST_PX`."""
        height = _even(min(TALLEST_PX, max(first_wh[1], second_wh[1])))
        widths = [_even(height * wide / high) for wide, high in (first_wh, second_wh)]
        return cls(widths[0], widths[1], height, _even(max(20, STRIP * height)))

    @property
    def width(self) -> int:
        """Of the whole picture."""
        return self.left_width + GAP_PX + self.right_width

    @property
    def height(self) -> int:
        """Of the whole picture."""
        return self.picture_height + self.strip_height

    def joined(self, left: Image, right: Image) -> Image:
        """Both pictures on one canvas, with an empty strip."""
        image = np.empty((self.height, self.width, 3), np.uint8)
        image[:] = DARK
        for picture, at, width in (
            (left, 0, self.left_width),
            (right, self.left_width + GAP_PX, self.right_width),
        ):
            how = cv2.INTER_AREA if picture.shape[0] > self.picture_height else cv2.INTER_LINEAR
            scaled = cv2.resize(picture, (width, self.picture_height), interpolation=how)
            image[: self.picture_height, at : at + width] = scaled
        return image


def _even(size: float) -> int:
    return max(2, 2 * round(size / 2))


def _label(image: Image, layout: Layout, pair: Pair, phase: float, definition: Exercise) -> None:
    size = max(12, round(0.035 * layout.picture_height))
    for name, rep, centre in (
        ("A", pair.a, layout.left_width / 2),
        ("B", pair.b, layout.left_width + GAP_PX + layout.right_width / 2),
    ):
        label = _("{clip}, rep {rep}").format(clip=name, rep=rep.index)
        canvas.haloed(image, label, (centre, 1.2 * size), WHITE, size)
    strip = layout.strip_height
    middle = layout.picture_height + strip / 2
    first, last = _words(definition)
    word = first if phase < TURN_PERCENT else last
    size = round(0.5 * strip)
    canvas.text(image, word, (0.4 * size, middle + 0.35 * size), WHITE, size)
    widest = max(canvas.text_width(w, size, canvas.REGULAR) for w in _words(definition))
    left, right = 1.2 * size + widest, layout.width - 0.8 * size
    ends = [np.array([left + (right - left) * share, middle]) for share in (0, phase / 100, 1)]
    canvas.line(image, ends[0], ends[2], GREY, 2)
    canvas.line(image, ends[0], ends[1], SKY_BLUE, 4)
    turn = (left + right) / 2
    tick = 0.25 * strip
    canvas.line(image, np.array([turn, middle - tick]), np.array([turn, middle + tick]), GREY, 2)
    canvas.dot(image, ends[1], 0.18 * strip, WHITE)


def _words(definition: Exercise) -> tuple[str, str]:
    """Names of the two halves."""
    first, _turn, last = definition.phases
    return _(first), _(last)
