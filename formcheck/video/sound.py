"""The sound of a video file, as even pieces on the clock of its pictures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Self

import av
import numpy as np

from formcheck.errors import VideoError
from formcheck.video.clock import Clock
from formcheck.video.container import open_container
from formcheck.video.tracks import choose_track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

RATE_HZ = 48_000
LAYOUT = "stereo"
CHANNELS = 2


class SoundReader:
    """Context manager that decodes the sound of a part of a video.

    Parameters
    ----------
    path
        The video file.
    start_s, end_s
        Part of the clip, seconds since its first picture.

    Attributes
    ----------
    found
        Whether the file has sound that can be decoded; known on entry.

    Raises
    ------
    VideoError
        If the file cannot be opened.
    """

    def __init__(self, path: Path, *, start_s: float = 0.0, end_s: float = math.inf) -> None:
        self._path = path
        self._start_s, self._end_s = start_s, end_s
        self.found = False

    def __enter__(self) -> Self:
        try:
            self._origin_s = _first_picture_s(self._path)
            self._container: Any = open_container(self._path)
        except (av.FFmpegError, OSError) as error:
            raise VideoError(f"Cannot read the sound of {self._path.name}.") from error
        streams = self._container.streams.audio
        self.found = bool(streams) and streams[0].codec_context is not None
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._container.close()

    def pieces(self) -> Iterator[tuple[float, NDArray[np.float32]]]:
        """Time since the part's start, and samples of shape (channels, n) at `RATE_HZ`.

        What is damaged is passed over; the times tell of gaps.
        """
        if not self.found:
            return
        resampler = av.AudioResampler(format="fltp", layout=LAYOUT, rate=RATE_HZ)
        length_s = self._end_s - self._start_s
        clock = Clock(1 / RATE_HZ)  # where that of the pictures leaps, this one does as well
        for frame in self._decoded():
            if frame.pts is None:
                continue
            passed_s = clock.tick(float(frame.pts * frame.time_base))
            t_s = clock.pieces[0].file_s - self._origin_s + passed_s - self._start_s
            if t_s > length_s:
                return
            if t_s < 0:
                continue
            samples = [part.to_ndarray() for part in resampler.resample(frame)]
            if samples:
                yield t_s, np.concatenate(samples, axis=1)

    def _decoded(self) -> Iterator[Any]:
        stream = self._container.streams.audio[0]
        try:
            for packet in self._container.demux(stream):
                try:
                    yield from stream.codec_context.decode(packet)
                except av.FFmpegError:
                    continue
        except (av.FFmpegError, OSError):
            return


def _first_picture_s(path: Path) -> float:
    with open_container(path) as container:
        track = choose_track(path, container)
        for picture in () if track is None else container.decode(track):
            if picture.pts is not None and picture.time_base is not None:
                return float(picture.pts * picture.time_base)
    return 0.0
