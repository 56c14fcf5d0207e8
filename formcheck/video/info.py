"""What a video turned out to be, and what is to be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from formcheck.video.tracks import Stamps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formcheck.video.clock import Clock


@dataclass(frozen=True)
class VideoInfo:
    """What a video turned out to be after reading it.

    Attributes
    ----------
    path
        The file.
    sha256
        Hash of the file's content.
    width, height
        Size as displayed, in square pixels.
    duration_s
        From the first to the end of the last picture that was read.
    frames
        Pictures decoded (not what the header says).
    mean_fps
        Pictures per second of the clip's own clock.
    variable_frame_rate
        Whether the intervals between pictures differ noticeably.
    rotation_deg
        Counter-clockwise rotation that the metadata asked for: 0, 90, 180 or 270.
    codec
        Name of the video codec.
    warnings
        Pairs of a code and its numbers (`formcheck.words.video`), for example rebuilt timestamps.
    recorded_at
        When it was recorded, by its container: ISO 8601 with time zone, or None.
    pace
        Seconds of the file that pass in one of what was filmed: over 1 in slow motion.
    turned
        Quarter turns counter-clockwise beyond what the metadata asked for.
    pieces
        Clip seconds and the file's clock, seconds, where a part begins in which that runs on.
    short_step_s
        Pictures hardly ever follow one another faster, seconds; 0 where it is not known.
    """

    path: str
    sha256: str
    width: int
    height: int
    duration_s: float
    frames: int
    mean_fps: float
    variable_frame_rate: bool
    rotation_deg: int
    codec: str
    warnings: tuple[tuple[str, tuple[float, ...]], ...] = ()
    recorded_at: str | None = None
    pace: float = 1.0
    turned: int = 0
    pieces: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    short_step_s: float = 0.0

    @property
    def shortest_step_s(self) -> float:
        """From one picture to the next where they follow fast, seconds."""
        return self.short_step_s or 1 / self.mean_fps

    @property
    def leaps(self) -> list[tuple[float, float]]:
        """Clip seconds and by how much the file's clock leaps there, seconds."""
        return [
            (t_s, file_s - (before_file_s + (t_s - before_s) * self.pace))
            for (before_s, before_file_s), (t_s, file_s) in pairwise(self.pieces)
        ]


def clock_warnings(
    clock: Clock, stamps: Stamps, decoded: int, /
) -> Iterator[tuple[str, tuple[float, ...]]]:
    """What is to be said of a clip's times, codes and numbers.

    Parameters
    ----------
    clock
        After the last picture.
    stamps
        Where its stamps came from.
    decoded
        How many pictures there were.
    """
    if stamps is Stamps.DECODED:
        yield "timestamps_reordered", ()
    elif stamps is Stamps.NONE:
        yield "timestamps_ignored", ()
    elif clock.rebuilt:
        yield "timestamps_rebuilt", (clock.rebuilt, decoded)
