"""Photos with a video inside, as phones take them."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JPEG = b"\xff\xd8\xff"
BOX = b"ftyp"
"""Type of the box that an MP4 file begins with."""
HEIF = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})
"""Brands of photos in the same boxes as videos."""
MOTION = b"mpvd"
"""The box with the video of an HEIF photo (Google's motion photo format 1.0)."""
LARGEST_FTYP = 1024


def video_inside(path: Path, /) -> tuple[int, int] | None:
    """First byte and end of the video in a photo; None without one, or where it is no photo.

    Samsung's and Google's motion photos are a JPEG file with an MP4 file behind it, or an
    HEIF file with one in a box of its own.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(12)
        if not head.startswith(JPEG) and not (head[4:8] == BOX and head[8:12] in HEIF):
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return _behind_jpeg(content) if head.startswith(JPEG) else _in_heif(content)


def _behind_jpeg(content: mmap.mmap) -> tuple[int, int] | None:
    at = content.find(BOX)
    while at >= 0:
        size = int.from_bytes(content[at - 4 : at], "big")
        brand = content[at + 4 : at + 8]
        if 16 <= size <= LARGEST_FTYP and size % 4 == 0 and brand not in HEIF:
            return at - 4, len(content)
        at = content.find(BOX, at + 1)
    return None


def _in_heif(content: mmap.mmap) -> tuple[int, int] | None:
    for kind, first, end in _boxes(content):
        if kind == MOTION:
            return first, end
    return None


def _boxes(content: mmap.mmap) -> Iterator[tuple[bytes, int, int]]:
    """Type, first byte and end of each box of a file."""
    at = 0
    while at + 8 <= len(content):
        size, head = int.from_bytes(content[at : at + 4], "big"), 8
        if size == 1:  # 64 bits follow
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        end = len(content) if size == 0 else at + size
        if size and size < head:
            return
        yield content[at + 4 : at + 8], at + head, min(end, len(content))
        at = end
