"""Open a clip's file, and no other file or place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av

if TYPE_CHECKING:
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


def open_container(path: Path) -> Any:
    """A clip's container (PyAV).

    Raises
    ------
    av.FFmpegError, OSError
        If it is not a container of pictures, or cannot be read.
    """
    # An absolute path: a relative one may look like a protocol ("concat:...").
    return av.open(
        str(path.absolute()),
        metadata_errors="ignore",
        options={
            "format_whitelist": CONTAINERS,
            "protocol_whitelist": PROTOCOLS,
            "pattern_type": "none",  # a picture's name is no pattern for those of others
        },
    )
