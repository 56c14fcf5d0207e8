"""Folders on this machine: listing them, and writing that lasts."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from formcheck.storage.errors import NoFolderError, StorageError, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PART = ".formcheck-part"
"""Suffix of what is being written. Ours alone: what is left is swept away, and browsers
and other tools have ``.part`` files of their own."""
_CANNOT_SYNC = (errno.EINVAL, errno.ENOTSUP)
"""What some network mounts answer to syncing a folder."""


@dataclass(frozen=True)
class FileFacts:
    """A file in a folder.

    Attributes
    ----------
    name
        Relative to the folder, with ``/`` between its parts.
    size
        Bytes.
    stamp
        Text that differs when the content may have changed: size, and time of
        change or the store's own tag.
    modified
        Time of change, seconds since 1970; None where it is not told.
    """

    name: str
    size: int
    stamp: str
    modified: float | None


def write_durably(file: Path, data: bytes | BinaryIO, /) -> None:
    """Write a file so that a power cut leaves the old one or the new one.

    Parameters
    ----------
    file
        Where to.
    data
        The content, or an open file to copy it from.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.", suffix=PART)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            if isinstance(data, bytes):
                stream.write(data)
            else:
                shutil.copyfileobj(data, stream)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)
    _sync_folder(file.parent)


@lru_cache(maxsize=1)
def _umask() -> int:
    """What new files of this process may not be; it can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make a rename in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(descriptor)


def local_files(root: Path, unlisted: Callable[[str, str], None] | None, /) -> Iterator[FileFacts]:
    """Every file below a folder; hidden ones and hidden folders left out.

    Parameters
    ----------
    root
        The folder.
    unlisted
        Told what below it cannot be used: its relative name and why.

    Raises
    ------
    NoFolderError
        If it is not there.
    StorageError
        If it cannot be listed itself.
    """
    if not root.is_dir():
        what = "is not a folder" if root.exists() else "does not exist"
        raise NoFolderError(f"Expected a folder, but {root} {what}.")

    def refuse(place: Path, why: str) -> None:
        if place == root:
            raise StorageError(f"Cannot list {root}: {why}.")
        if unlisted is not None:
            unlisted(_printable(place.relative_to(root)), why)

    for file in _walk(root, refuse):
        try:
            facts = _local_facts(file, root)
        except OSError as error:
            refuse(file, reason(error))
            continue
        if _is_text(facts.name):
            yield facts
        else:
            refuse(file, "its name is not UTF-8")


def _walk(root: Path, refuse: Callable[[Path, str], None]) -> Iterator[Path]:
    for place, folders, names in os.walk(
        root, onerror=lambda error: refuse(Path(error.filename), reason(error))
    ):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place) / name for name in names if not name.startswith("."))


def _local_facts(file: Path, root: Path) -> FileFacts:
    """Of a link that leads nowhere, a device or a pipe: nothing but its name."""
    name = file.relative_to(root).as_posix()
    if not file.is_file():
        return FileFacts(name, 0, "no file", None)
    facts = file.stat()
    return FileFacts(name, facts.st_size, f"{facts.st_size}:{facts.st_mtime_ns}", facts.st_mtime)


def _is_text(name: str) -> bool:
    """Whether a name can be written down; Linux lets it be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(name: Path) -> str:
    return name.as_posix().encode(errors="backslashreplace").decode()
