"""Decode the pictures of a file's track, from its start or from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import numpy as np

from formcheck.errors import VideoError
from formcheck.video.container import open_container
from formcheck.video.tracks import Stamps, believed_stamps, choose_track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

NEAR_S = 1.0
"""To a picture this close ahead it is quicker to decode on than to jump."""
SAME_S = 1e-4
"""Times this close are those of one picture."""


class Decoder:
    """An opened file and the track of it that is the clip. Times are on the file's own clock.

    Parameters
    ----------
    path
        The file.

    Attributes
    ----------
    container, track
        Of PyAV.
    stamps
        What tells the times of its pictures.
    damaged
        Whether something had to be passed over so far.
    wanted_s
        Shape (N,): presentation times of the only pictures that are wanted; None for all.

    Raises
    ------
    VideoError
        If it is no video, or of a kind that cannot be decoded.
    """

    def __init__(self, path: Path) -> None:
        self.damaged = False
        self.wanted_s: NDArray[np.float64] | None = None
        try:
            self.container: Any = open_container(path)
        except (av.FFmpegError, OSError) as error:
            raise VideoError(
                f"{path.name} is not a video that can be read (of another kind, or damaged)."
            ) from error
        try:
            self.track: Any = choose_track(path, self.container)
            if self.track is None:
                raise VideoError(f"{path.name} has no video stream.")
            if self.track.codec_context is None:
                raise VideoError(f"{path.name} is in a video format that cannot be decoded.")
            self.track.thread_type = "AUTO"
            self.stamps = believed_stamps(path, self.track.index)
        except BaseException:
            self.container.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.container.close()

    def pictures(self) -> Iterator[Any]:
        """Decoded pictures; what is damaged is passed over, the rest is kept."""
        try:
            for packet in self.container.demux(self.track):
                self._skip_others(packet)
                yield from self._decode(packet)
        except (av.FFmpegError, OSError):
            self.damaged = True
            yield from self._decode(None)

    def _decode(self, packet: Any) -> list[Any]:
        try:
            pictures: list[Any] = self.track.codec_context.decode(packet)
        except av.FFmpegError:
            self.damaged = True
            return []
        self.damaged |= any(picture.is_corrupt for picture in pictures)
        return pictures

    def from_key_picture(self, presented_s: float) -> Iterator[Any]:
        """Decoded pictures from the last key picture at or before a presentation time."""
        try:
            ticks = round(presented_s / self.track.time_base)
            self.container.seek(ticks, stream=self.track)
        except (av.FFmpegError, OSError):
            return iter(())
        return self.pictures()

    def is_jump_quicker(self, from_s: float, to_s: float) -> bool:
        """Whether a key picture lies between two presentation times, as far as the index tells."""
        if to_s - from_s <= NEAR_S:
            return False
        entries, tick_s = self.track.index_entries, self.track.time_base
        if not len(entries) or entries[-1].timestamp * tick_s < to_s - NEAR_S:
            return True  # an index that grows while the file is read, or of key pictures alone
        key = entries.search_timestamp(round(to_s / tick_s))
        return bool(key < 0 or entries[key].timestamp * tick_s > from_s)

    def _skip_others(self, packet: Any) -> None:
        """Have the decoder pass over a picture that neither is wanted nor others depend on."""
        if self.wanted_s is None or packet.pts is None:
            return
        away_s = np.abs(self.wanted_s - float(packet.pts * self.track.time_base))
        wanted = bool((away_s <= SAME_S).any())
        self.track.codec_context.skip_frame = "DEFAULT" if wanted else "NONREF"

    def presented_s(self, picture: Any) -> float | None:
        """Presentation time; `picture.time` is NaN for pictures flushed after an error."""
        return None if picture.pts is None else float(picture.pts * self.track.time_base)

    def stamp_s(self, picture: Any) -> float | None:
        """What is to be believed of a picture's time; None where nothing is."""
        if self.stamps is Stamps.NONE:
            return None
        if self.stamps is Stamps.SHOWN:
            return self.presented_s(picture)
        return None if picture.dts is None else float(picture.dts * self.track.time_base)

    @property
    def told_length_s(self) -> float | None:
        """What the header says that the track lasts, file seconds; None if it does not."""
        if self.track.duration and self.track.time_base:
            return float(self.track.duration * self.track.time_base)
        if self.container.duration:
            return float(self.container.duration / av.time_base)
        return None
