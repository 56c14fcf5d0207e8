"""The video that a page shows: beside it, or inside."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from formcheck.errors import VideoError

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.report.model import Report

KINDS = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/mp4",
    ".webm": "video/webm",
}
"""Containers that browsers play; a phone's .mov is an mp4 to them."""
CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1"})
"""HEVC plays in some browsers; where it does not, the page says so."""


@dataclass(frozen=True)
class Player:
    """A video for the page.

    Attributes
    ----------
    address
        Relative to the page, or a ``data:`` address.
    annotated
        Whether it shows what was measured.
    """

    address: str
    annotated: bool = False


def find_player(report: Report, clip: Path, folder: Path, /, *, embed: bool) -> Player | None:
    """The annotated video if there is one, else the clip if browsers play it.

    Parameters
    ----------
    report
        The report: names the annotated video and the clip's codec.
    clip, folder
        The video file and where the page will be.
    embed
        Put the whole video into the page.

    Raises
    ------
    VideoError
        If a video to embed cannot be read.
    """
    name = report.files.annotated_video
    file = clip if name is None else folder / name
    kind = KINDS.get(file.suffix.lower())
    if kind is None or (name is None and report.video.codec not in CODECS):
        return None
    if embed:
        try:
            content = base64.b64encode(file.read_bytes()).decode("ascii")
        except OSError as error:
            raise VideoError(f"Cannot read {file}: {error.strerror}.") from error
        return Player(f"data:{kind};base64,{content}", name is not None)
    return Player(relative_address(file, folder), name is not None)


def relative_address(file: Path, folder: Path, /) -> str:
    """The address of a file as seen from a page in a folder.

    >>> from pathlib import Path
    >>> relative_address(Path("/clips/set 1#.mp4"), Path("/clips/out"))
    '../set%201%23.mp4'
    """
    way = os.path.relpath(os.path.realpath(file), os.path.realpath(folder))
    return quote(os.fsencode(way.replace(os.sep, "/")))
