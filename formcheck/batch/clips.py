"""Find the clips in a folder, by what the files hold and not only by their names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from formcheck.edits_file import EDITS_SUFFIX
from formcheck.notes import NOTES_FILE, NOTES_SUFFIX
from formcheck.report.files import FOLDER_SUFFIX
from formcheck.storage import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.storage import FileFacts, Folder

SUFFIXES = frozenset(
    (
        *(".mp4", ".m4v", ".mov", ".3gp", ".3g2", ".avi", ".mkv", ".webm", ".ogv"),
        *(".mpg", ".mpeg", ".mts", ".m2ts", ".wmv", ".flv"),
    )
)
"""A file called so was meant as a video: if it is none, it is named as a bad clip.
Not ``.ts``, which programs are called as well: those are told by their content."""
HEAD_BYTES = 1024
_MAGIC = (
    (0, b"\x1aE\xdf\xa3"),  # Matroska, WebM
    (0, b"FLV\x01"),
    (0, b"\x00\x00\x01\xba"),  # MPEG program stream
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),  # ASF, WMV
    (8, b"AVI LIST"),
)
_NOT_FILMS = (b"M4A ", b"M4B ", b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"crx ")
"""Brands of the mp4 family that are sound or still pictures."""
_PACKET = 188
"""Bytes of a packet of an MPEG transport stream; each begins with 0x47."""


@dataclass(frozen=True)
class Found:
    """What a folder holds.

    Attributes
    ----------
    clips
        Files that are, or by their name should be, videos; by name. Their stamps are of the
        files of edits and notes beside them, too.
    unlisted
        Names of sub-folders that could not be looked into, each with the reason.
    """

    clips: tuple[FileFacts, ...]
    unlisted: tuple[tuple[str, str], ...]


def find_clips(folder: Folder, /, *, results: Folder) -> Found:
    """Find the clips below a folder.

    Hidden files and everything that formcheck wrote are left out.

    Parameters
    ----------
    folder
        Where to look.
    results
        Where the batch writes: may lie inside.

    Raises
    ------
    StorageError
        If the folder cannot be listed.
    """
    own = _below(folder, results)
    unlisted: list[tuple[str, str]] = []
    clips: list[FileFacts] = []
    beside: dict[str, str] = {}
    for file in folder.files(lambda name, why: unlisted.append((name, why))):
        if _written_by_us(file.name, own):
            continue
        if file.name.endswith((EDITS_SUFFIX, NOTES_SUFFIX)) or _of_folder(file.name):
            beside[file.name] = file.stamp
        elif _may_be_clip(folder, file):
            clips.append(file)
    found = (_with_beside(file, beside) for file in sorted(clips, key=lambda file: file.name))
    return Found(tuple(found), tuple(sorted(unlisted)))


def _of_folder(name: str) -> bool:
    return PurePosixPath(name).name == NOTES_FILE


def _with_beside(file: FileFacts, beside: Mapping[str, str]) -> FileFacts:
    """A clip that has also changed when its edits or notes, or those on its folder, have."""
    told = {
        "edits": file.name + EDITS_SUFFIX,
        "notes": file.name + NOTES_SUFFIX,
        "folder": folder_notes(file.name),
    }
    stamps = [f"{what} {beside[name]}" for what, name in told.items() if name in beside]
    return replace(file, stamp=", ".join([file.stamp, *stamps])) if stamps else file


def folder_notes(clip: str, /) -> str:
    """Name of the file with notes on a clip's folder.

    >>> folder_notes("anna/may/squat.mp4"), folder_notes("squat.mp4")
    ('anna/may/notes.md', 'notes.md')
    """
    return str(PurePosixPath(clip).with_name(NOTES_FILE))


def _below(folder: Folder, results: Folder) -> str | None:
    """Name of the results within the folder; None when they are elsewhere."""
    if folder.local is not None and results.local is not None:
        root, out = folder.local.resolve(), results.local.resolve()
        return out.relative_to(root).as_posix() if out.is_relative_to(root) else None
    root_url = folder.address.rstrip("/") + "/"
    inside = results.address.startswith(root_url)
    return results.address[len(root_url) :].rstrip("/") if inside else None


def _written_by_us(name: str, own: str | None) -> bool:
    path = PurePosixPath(name)
    if own is not None and (own == "." or path.is_relative_to(own)):
        return own != "."
    return any(part.endswith(FOLDER_SUFFIX) for part in path.parts[:-1])


def _may_be_clip(folder: Folder, file: FileFacts) -> bool:
    if PurePosixPath(file.name).suffix.lower() in SUFFIXES:
        return True
    if file.size == 0:
        return False
    try:
        return looks_like_video(folder.head(file.name, HEAD_BYTES))
    except StorageError:
        return False  # not called a video and not readable: nobody meant it as a clip


def looks_like_video(head: bytes, /) -> bool:
    """Whether the first bytes of a file are those of a video container.

    >>> looks_like_video(b"....ftypisom"), looks_like_video(b"....ftypheic")
    (True, False)
    """
    if head[4:8] == b"ftyp":
        return head[8:12] not in _NOT_FILMS
    if any(head[at : at + len(magic)] == magic for at, magic in _MAGIC):
        return True
    packets = head[::_PACKET]
    return len(packets) >= 4 and set(packets) == {0x47}
