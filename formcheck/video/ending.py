"""Whether a file ends before it says that it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av

from formcheck.video.container import open_container

if TYPE_CHECKING:
    from pathlib import Path

EARLY_END_S = 0.5
"""Pictures that end this long before they should are worth a warning."""
TAG = "DURATION"
"""Matroska's tag of a track's own length, which some programs write as its end."""


def ends_early(
    path: Path, container: Any, stream: Any, read_to_s: float, /
) -> tuple[float, float] | None:
    """How long it should be and how long it is, seconds; None where all pictures are there.

    Parameters
    ----------
    path, container, stream
        The file and its video track.
    read_to_s
        The file's clock at the end of its last picture, seconds.
    """
    promised_s = _track_end_s(stream)
    if promised_s is None and container.duration:
        promised_s = _file_end_s(container)
        if promised_s - read_to_s > EARLY_END_S:
            # The length of all tracks: where another one lasts so long, nothing is missing.
            others_s = _end_of_others_s(path, stream.index)
            promised_s = promised_s if promised_s - others_s > EARLY_END_S else None
    if promised_s is None or promised_s - read_to_s <= EARLY_END_S:
        return None
    begins_s = float((stream.start_time or 0) * stream.time_base)
    return promised_s - begins_s, read_to_s - begins_s


def _track_end_s(stream: Any) -> float | None:
    """Where the track says that it ends."""
    if stream.duration and stream.time_base:
        return float(((stream.start_time or 0) + stream.duration) * stream.time_base)
    hours, minutes, seconds = ("0:0:" + stream.metadata.get(TAG, "")).split(":")[-3:]
    try:
        return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
    except ValueError:
        return None


def _file_end_s(container: Any) -> float:
    """Where the file says that its last track ends; Matroska counts from 0."""
    from_zero = "matroska" in container.format.name
    begins = 0 if from_zero else container.start_time or 0
    return float((begins + container.duration) / av.time_base)


def _end_of_others_s(path: Path, video: int) -> float:
    """Where packets of the other tracks end, seconds."""
    end_s = 0.0
    try:
        with open_container(path) as container:
            others = [one for one in container.streams if one.index != video]
            for packet in container.demux(others) if others else ():
                if packet.pts is not None:
                    ends = packet.pts + (packet.duration or 0)
                    end_s = max(end_s, float(ends * packet.time_base))
    except (av.FFmpegError, OSError):
        pass  # it ends where it is damaged
    return end_s
