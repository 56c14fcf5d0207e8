"""Which of a file's video tracks is the clip, and which of its stamps are to be believed."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import av

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

from formcheck.video.container import open_container

PEEKED = 600
"""Packets of all video tracks by which they are compared."""
STILL = 0.25
"""A track with fewer pictures than this share of the fullest one's holds stills."""
LOOKED_AT = 24
"""Pictures that are decoded to see whether they come with their own stamps: no coder puts
more of them into another order."""
_PICTURES = (
    av.stream.Disposition.attached_pic
    | av.stream.Disposition.timed_thumbnails
    | av.stream.Disposition.still_image
)
"""Tracks that say themselves that they are covers or thumbnails."""


class Stamps(StrEnum):
    """What tells the times of a track's pictures."""

    SHOWN = "shown"
    DECODED = "decoded"
    NONE = "none"


def choose_track(path: Path, container: Any, /) -> Any | None:
    """The video track that is the clip; None without one.

    That which players show by default, then the one with the most pictures; none of covers,
    thumbnails or stills while there is another.

    Parameters
    ----------
    path
        The file, which is looked into where it has several video tracks.
    container
        The opened file, of which the track is given.
    """
    tracks = [one for one in container.streams.video if not one.disposition & _PICTURES]
    tracks = [one for one in tracks if one.codec_context is not None] or tracks
    if not tracks:
        # A photo is a video of one picture, which is its cover as well.
        covers = av.stream.Disposition.attached_pic
        tracks = [one for one in container.streams.video if not one.disposition & covers]
    if len(tracks) < 2:
        return tracks[0] if tracks else None
    counts = _counted(path, [one.index for one in tracks])
    full = STILL * max(counts.values(), default=0)

    def rank(track: Any) -> tuple[bool, bool, int]:
        default = bool(track.disposition & av.stream.Disposition.default)
        return counts[track.index] >= full, default, track.frames or counts[track.index]

    return max(tracks, key=rank)


def _counted(path: Path, tracks: Sequence[int]) -> Counter[int]:
    """How many of the first pictures of a file are in each track."""
    counts: Counter[int] = Counter()
    try:
        with open_container(path) as container:
            for packet in container.demux([container.streams[index] for index in tracks]):
                counts[packet.stream_index] += packet.size > 0
                if counts.total() >= PEEKED:
                    break
    except (av.FFmpegError, OSError):
        pass  # what was counted so far tells enough
    return counts


def believed_stamps(path: Path, index: int, /) -> Stamps:
    """Which stamps of a video track tell when its pictures are shown.

    A file that gives the order of decoding as that of showing has pictures that come out of
    the decoder with stamps that go back.
    """
    try:
        return _believed(path, index)
    except (av.FFmpegError, OSError):
        return Stamps.SHOWN  # damaged: what can be read of it will tell


def _believed(path: Path, index: int) -> Stamps:
    with open_container(path) as container:
        track = container.streams[index]
        if not track.codec_context.has_b_frames or _is_reordered(container, track):
            return Stamps.SHOWN
    shown, decoded = [], []
    with open_container(path) as container:
        for number, picture in enumerate(container.decode(container.streams[index])):
            if number == LOOKED_AT or picture.pts is None:
                break
            shown.append(picture.pts)
            decoded.append(picture.dts)
    if _goes_on(shown):
        return Stamps.SHOWN
    return Stamps.DECODED if _goes_on(decoded) else Stamps.NONE


def _is_reordered(container: Any, track: Any) -> bool:
    """Whether stamps of the first packets are those of showing: not in the order of decoding."""
    stamps: list[int] = []
    for packet in container.demux(track):
        if packet.pts is None:
            return True  # nothing that could be wrong
        stamps.append(packet.pts)
        if len(stamps) > LOOKED_AT:
            break
    return not _goes_on(stamps)


def _goes_on(stamps: Sequence[int | None]) -> bool:
    known = [one for one in stamps if one is not None]
    return all(before < after for before, after in pairwise(known))
