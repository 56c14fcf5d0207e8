"""Decode a video file into upright, square-pixel pictures with true times.

Times come from the container's presentation timestamps and start at 0 with the
first picture. Header frame counts and frame rates are never trusted. Rotation and
mirroring metadata and non-square pixels are applied; of interlaced pictures one
field is used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from formcheck.errors import VideoError
from formcheck.video.clock import Clock
from formcheck.video.container import (
    Identity,
    changed,
    check_file,
    file_sha256,
    pace_of,
    recorded_at,
    recorded_in_future,
)
from formcheck.video.decoder import SAME_S, Decoder
from formcheck.video.ending import ends_early
from formcheck.video.info import VideoInfo, clock_warnings
from formcheck.video.picture import Orientation, Picture
from formcheck.video.tracks import Stamps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

KEEP_AFTER = 0.8
"""A picture is sampled when this share of the sampling period has passed.

Below 1 so that a clip just slower or faster than the asked rate, or one with
jittering timestamps, is sampled evenly: at 30 Hz, clips of up to 37 fps keep
every frame, 48 to 60 fps every second one, 120 fps every fourth. No common
frame rate is a multiple of 30 / 0.8, where rounding would decide.
"""
VARIABLE_RATE_SPREAD = 0.25
"""A clip has a variable frame rate when over 2 % of its frame intervals are
further than this share from the median interval."""
SHORT = 2.0
"""Percentile of the intervals that is called short: the very shortest may be an accident."""
FALLBACK_FPS = 30.0
"""For a clip without time stamps whose header does not name a frame rate either."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture.

    Attributes
    ----------
    t_s
        Seconds since the clip's first picture.
    image
        Shape (height, width, 3), uint8 RGB, C-contiguous, upright.
    """

    t_s: float
    image: NDArray[np.uint8]


class VideoReader:
    """Context manager that yields sampled pictures of one video file.

    Parameters
    ----------
    path
        The file.
    max_side
        Pictures are scaled down to at most this many pixels on the longer
        side; None keeps the displayed size.
    pace
        Seconds of the file that pass in one of what was filmed (slow motion: over 1); None
        for what the file tells.
    turned
        Quarter turns counter-clockwise that pictures need beyond what the file tells.

    Attributes
    ----------
    display_wh
        Displayed width and height, known after the first picture was decoded
        (it is decoded on entry). Later pictures of another shape lie within it.

    Raises
    ------
    VideoError
        If the file is missing, empty, not a video, has no video stream, or no
        picture of it can be decoded.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        max_side: int | None = None,
        pace: float | None = None,
        turned: int = 0,
    ) -> None:
        self.path = Path(path)
        self._max_side = max_side
        self._pace, self._turned = pace, turned
        self._in_pieces = False
        self._complete = False
        self._decoded = 0
        self._last_lasts_s = 0.0
        self._steps_s: list[float] = []

    @classmethod
    def again(cls, video: VideoInfo, *, max_side: int | None = None) -> Self:
        """A reader of a video as it was read before."""
        reader = cls(video.path, max_side=max_side, pace=video.pace, turned=video.turned)
        reader._in_pieces = len(video.pieces) > 1
        return reader

    def __enter__(self) -> Self:
        check_file(self.path)
        self._identity = Identity.of(self.path)
        self._file = Decoder(self.path)
        try:
            self._begin()
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._file.close()

    def _begin(self) -> None:
        """Decode the first picture."""
        track = self._file.track
        rate = float(track.guessed_rate or track.average_rate or FALLBACK_FPS)
        if self._pace is None:
            self._pace = pace_of(self._file.container.metadata | track.metadata, rate)
        self._clock = Clock(1 / rate, self._pace)
        self._rest = self._file.pictures()
        first = next(self._rest, None)
        if first is None:
            raise VideoError(
                f"No frame of {self.path.name} can be decoded: it is damaged or has none."
            )
        self._first = [first]
        self._orientation = Orientation.of(first).turned_on(self._turned)
        self.display_wh = self._shape(first)

    def _shape(self, picture: Any) -> tuple[int, int]:
        """Width and height of a decoded picture as displayed, square pixels."""
        aspect = float(self._file.track.sample_aspect_ratio or 1)
        stored = (max(1, round(picture.width * aspect)), picture.height)
        return self._orientation.swap(stored)

    def frames(
        self,
        *,
        rate_hz: float | None = None,
        start_s: float = 0.0,
        end_s: float = math.inf,
    ) -> Iterator[Frame]:
        """Sampled pictures in order of time, as RGB.

        Parameters as for `pictures`.
        """
        for picture in self.pictures(rate_hz=rate_hz, start_s=start_s, end_s=end_s):
            yield self._as_frame(picture)

    def pictures(
        self,
        *,
        rate_hz: float | None = None,
        start_s: float = 0.0,
        end_s: float = math.inf,
    ) -> Iterator[Picture]:
        """Sampled pictures in order of time, not yet converted.

        Parameters
        ----------
        rate_hz
            About how many pictures a second of the clip's own clock; None for
            every picture. A clip with fewer gives all it has.
        start_s, end_s
            Part of the clip to yield, in clip seconds, end included.
        """
        period = 0.0 if rate_hz is None else KEEP_AFTER / rate_hz
        kept = -math.inf
        stamped = ((self._file.stamp_s(one), one) for one in chain(self._first, self._rest))
        for t_s, picture in self._clock.timed(stamped):
            self._decoded += 1
            self._last_lasts_s = float((picture.duration or 0) * self._file.track.time_base)
            if t_s > end_s:
                return
            if t_s < start_s or t_s - kept < period:
                continue
            kept = t_s
            yield self._as_picture(picture, t_s)
        self._complete = True

    def part(
        self, start_s: float, end_s: float, *, rate_hz: float | None = None
    ) -> Iterator[Picture]:
        """Sampled pictures of a part, decoded from the key picture before it.

        Parameters as for `pictures`. None where the part cannot be reached so: in a clip
        without time stamps, with some that lie, or with a damaged index.
        """
        origin_s = self._origin_s()
        if origin_s is None:
            return
        period = 0.0 if rate_hz is None else KEEP_AFTER / rate_hz
        before = kept = -math.inf
        for picture in self._file.from_key_picture(start_s * self._clock.pace + origin_s):
            presented_s = self._file.presented_s(picture)
            if presented_s is None or picture.is_corrupt:
                continue
            t_s = (presented_s - origin_s) / self._clock.pace
            if t_s > end_s:
                return
            if t_s < start_s or t_s <= before:
                continue
            if before > -math.inf:
                self._steps_s.append(t_s - before)
            before = t_s
            if t_s - kept >= period:
                kept = t_s
                yield self._as_picture(picture, t_s)

    def frames_at(self, times_s: Iterable[float], /) -> Iterator[Frame]:
        """Single pictures, each decoded from the key picture before it, as RGB.

        Parameters as for `pictures_at`.
        """
        for picture in self.pictures_at(times_s):
            yield self._as_frame(picture)

    def pictures_at(self, times_s: Iterable[float], /) -> Iterator[Picture]:
        """Single pictures, each decoded from the key picture before it.

        Parameters
        ----------
        times_s
            As `frames` gave them, increasing. Those that cannot be reached so are left out:
            in a clip without time stamps, with some that lie, or with a damaged index.
        """
        origin_s = self._origin_s()
        if origin_s is None:
            return
        times_s = list(times_s)
        wanted_s = np.array(times_s) * self._clock.pace + origin_s
        self._file.wanted_s = wanted_s
        at_s = -math.inf
        pictures: Iterator[Any] = iter(())
        for t_s, file_s in zip(times_s, wanted_s.tolist(), strict=True):
            if self._file.is_jump_quicker(at_s, file_s):
                pictures = self._file.from_key_picture(file_s)
            for picture in pictures:
                presented_s = self._file.presented_s(picture)
                if presented_s is None or picture.is_corrupt:
                    continue
                at_s = presented_s
                if at_s >= file_s - SAME_S:
                    if at_s <= file_s + SAME_S:
                        yield self._as_picture(picture, t_s)
                    break

    def _origin_s(self) -> float | None:
        """The file's clock at the clip's start; None where clip times are no sum with it."""
        if self._file.stamps is not Stamps.SHOWN or self._in_pieces:
            return None
        return self._file.presented_s(self._first[0])

    def estimated_duration_s(self) -> float | None:
        """The header's duration, for a progress display only; None if it has none."""
        told_s = self._file.told_length_s
        return None if told_s is None else told_s / self._clock.pace

    @property
    def rate_hz(self) -> float:
        """Pictures a second by the time stamps of what was read, sampled or not."""
        steps_s = self._steps_s or self._clock.intervals
        return float(1 / np.median(steps_s)) if steps_s else 1 / self._clock.step_s

    def _as_picture(self, decoded: Any, t_s: float) -> Picture:
        shape = self._shape(decoded)
        return Picture(t_s, decoded, self._orientation, self.display_wh, shape)

    def _as_frame(self, picture: Picture) -> Frame:
        return Frame(picture.t_s, picture.rgb(self._max_side))

    def info(self) -> VideoInfo:
        """What was read so far; complete once `frames` has been exhausted.

        Raises
        ------
        VideoError
            If the file is another one than when it was opened.
        """
        sha256 = file_sha256(self.path)
        if Identity.of(self.path) != self._identity:
            raise changed(self.path)
        clock = self._clock
        uneven = np.abs(np.asarray(clock.intervals) - clock.step_s)
        uneven = uneven > VARIABLE_RATE_SPREAD * clock.step_s
        read_s = clock.duration_s
        promised_s = 0.0 if self._complete else self.estimated_duration_s() or 0.0
        return VideoInfo(
            path=str(self.path),
            sha256=sha256,
            width=self.display_wh[0],
            height=self.display_wh[1],
            duration_s=max(read_s, promised_s),
            frames=self._decoded,
            mean_fps=self._decoded / read_s,
            variable_frame_rate=bool(len(uneven) and uneven.mean() > 0.02),
            rotation_deg=self._orientation.turns * 90,
            codec=self._file.track.codec_context.name,
            warnings=tuple(self._warnings()),
            recorded_at=recorded_at(self._tags),
            pace=clock.pace,
            turned=self._turned,
            pieces=tuple((one.t_s, one.file_s) for one in clock.pieces) or ((0.0, 0.0),),
            short_step_s=float(np.percentile(clock.intervals, SHORT)) if clock.intervals else 0.0,
        )

    @property
    def _tags(self) -> dict[str, str]:
        return dict(self._file.container.metadata | self._file.track.metadata)

    def _warnings(self) -> Iterator[tuple[str, tuple[float, ...]]]:
        if recorded_in_future(self._tags) is not None:
            yield "date_in_future", ()
        yield from clock_warnings(self._clock, self._file.stamps, self._decoded)
        if self._file.damaged:
            yield "video_damaged", ()
        if not self._complete:
            return
        if self._decoded == 1:
            yield "one_picture", ()
        clock = self._clock
        if len(clock.pieces) == 1 or clock.file_s is None:
            end_s = (clock.file_s or clock.last_s or 0.0) + max(
                self._last_lasts_s, clock.step_s * clock.pace
            )
            early = ends_early(self.path, self._file.container, self._file.track, end_s)
            if early is not None:
                yield "video_ends_early", early
