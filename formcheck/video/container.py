"""What a container says of itself, and how it is opened.

A clip's file is opened, and no other file or place.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import av

from formcheck.errors import VideoError, reason_of
from formcheck.video.photos import video_inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CONTAINERS = (
    "mov,matroska,avi,mpegts,mpeg,flv,asf,ogg,mxf,dv,ivf,obu,av1,rm,nut,wtv,"
    "mpegvideo,h264,hevc,m4v,mjpeg,vc1,gif,apng,png_pipe,jpeg_pipe,bmp_pipe,webp_pipe,image2,"
    "mp3,wav,flac,aac,aiff,amr,srt,ass,webvtt"
)
"""FFmpeg's readers of files that hold their own pictures, or none, which can be said then.
Playlists (HLS, DASH, concat, SDP) are not among them: they name other files or
addresses, which would be opened."""
PROTOCOLS = "file"


def check_file(path: Path) -> None:
    """Refuse what cannot be a video file, before anything is read from it.

    Raises
    ------
    VideoError
        If there is no such file, it is not a regular file, or it is empty.
    """
    if not path.exists():
        raise VideoError(f"There is no file {path}.")
    if not path.is_file():
        raise VideoError(f"{path} is a folder or device; expected a video file.")
    try:
        size = path.stat().st_size
    except OSError as error:
        raise VideoError(f"Cannot read {path}: {reason_of(error)}.") from error
    if size == 0:
        raise VideoError(f"{path.name} is empty.")


@dataclass(frozen=True)
class Identity:
    """What tells whether a path still has the file that it had, without reading it."""

    facts: tuple[int, ...]

    @classmethod
    def of(cls, path: Path, /) -> Identity:
        """Of the file that is there now.

        Raises
        ------
        VideoError
            If there is none any more.
        """
        try:
            found = path.stat()
        except OSError as error:
            raise VideoError(f"Cannot read {path}: {reason_of(error)}.") from error
        return cls((found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns))


def changed(path: Path, /) -> VideoError:
    """The error that a path has another file than before."""
    return VideoError(f"{path.name} was changed while it was read; analyse it again.")


def file_sha256(path: Path) -> str:
    """Hash of a file's content.

    Raises
    ------
    VideoError
        If the file cannot be read.
    """
    check_file(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise VideoError(f"Cannot read {path}: {reason_of(error)}.") from error


def open_container(path: Path) -> Any:
    """A clip's container (PyAV).

    Raises
    ------
    av.FFmpegError, OSError
        If it is not a container of pictures, or cannot be read.
    """
    # An absolute path: a relative one may look like a protocol ("concat:...").
    address, protocols = str(path.absolute()), PROTOCOLS
    inside = video_inside(path)
    if inside is not None:
        address = f"subfile,,start,{inside[0]},end,{inside[1]},,:{address}"
        protocols = f"subfile,{PROTOCOLS}"
    return av.open(
        address,
        metadata_errors="ignore",
        options={
            "format_whitelist": CONTAINERS,
            "protocol_whitelist": protocols,
            "pattern_type": "none",  # a picture's name is no pattern for those of others
        },
    )


KEYS = ("com.apple.quicktime.creationdate", "creation_time", "date", "DATE_RECORDED")
"""Most telling first: Apple's has the local time zone, the others are in UTC."""
EARLIEST_YEAR = 1990
"""Cameras without a clock say 1904 or 1970."""
ZONES = timedelta(days=1)
"""So far ahead a moment may seem to lie where another time zone was written as UTC."""


def recorded_at(metadata: Mapping[str, str], /) -> str | None:
    """Moment of recording, ISO 8601 with its time zone; None if not told or not credible.

    Parameters
    ----------
    metadata
        The container's tags; what lies in the future is not credible.

    Examples
    --------
    >>> recorded_at({"creation_time": "2026-03-01T17:20:05.000000Z"})
    '2026-03-01T17:20:05+00:00'
    >>> recorded_at({"creation_time": "1970-01-01T00:00:00.000000Z"}) is None
    True
    """
    credible = (moment for moment in _moments(metadata) if not in_future(moment))
    return next((moment.isoformat(timespec="seconds") for moment in credible), None)


def recorded_in_future(metadata: Mapping[str, str], /) -> datetime | None:
    """The moment of recording that a container tells, if all that it tells is still to come."""
    told = list(_moments(metadata))
    return told[0] if told and all(map(in_future, told)) else None


def in_future(moment: datetime, /) -> bool:
    """Whether a moment (with its time zone) is still to come: the camera's clock was wrong.

    >>> in_future(datetime(2026, 3, 1, tzinfo=UTC)), in_future(datetime(2999, 1, 1, tzinfo=UTC))
    (False, True)
    """
    return moment - datetime.now(UTC) > ZONES


def _moments(metadata: Mapping[str, str]) -> Iterator[datetime]:
    for key in KEYS:
        try:
            moment = datetime.fromisoformat(metadata[key].strip())
        except (KeyError, ValueError):
            continue
        if moment.year >= EARLIEST_YEAR:
            yield moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


CAPTURE_RATE = "com.android.capture.fps"
"""Android's key for the pictures a second that were filmed."""
SLOWED = 1.25
"""Rates that differ by less are the same rate, told with more or fewer digits."""

MOST_SLOWED = 100.0
"""Beyond is no slow motion, nor a time lapse in which a lift could be seen."""


def pace_of(metadata: Mapping[str, str], shown_hz: float, /) -> float:
    """Seconds of a file that pass in one second of what was filmed: over 1 in slow motion.

    Parameters
    ----------
    metadata
        The container's tags.
    shown_hz
        Pictures a second by the file's clock.

    Examples
    --------
    >>> pace_of({"com.android.capture.fps": "240.0"}, 30.0)
    8.0
    >>> pace_of({"com.android.capture.fps": "30.0"}, 29.97)
    1.0
    """
    try:
        pace = float(metadata[CAPTURE_RATE]) / shown_hz
    except (KeyError, ValueError):
        return 1.0
    told = SLOWED <= pace <= MOST_SLOWED or SLOWED <= 1 / max(pace, 1e-9) <= MOST_SLOWED
    return pace if told else 1.0
