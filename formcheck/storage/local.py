"""Folders on this machine: listing them, and writing that lasts."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.files import replacing
from formcheck.storage.errors import NoFolderError, StorageError, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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


@dataclass(frozen=True)
class LocalStore:
    """Files below a folder of this machine; its errors are those of the system."""

    root: Path
    object_store = False

    def files(self, unlisted: Callable[[str, str], None]) -> Iterator[FileFacts]:
        """Every file below; hidden ones and hidden folders left out."""
        if not self.root.is_dir():
            what = "is not a folder" if self.root.exists() else "does not exist"
            raise NoFolderError(f"Expected a folder, but {self.root} {what}.")

        def refuse(error: OSError) -> None:
            if error.filename == str(self.root):
                raise StorageError(f"Cannot list {self.root}: {reason(error)}.")
            unlisted(_printable(Path(error.filename).relative_to(self.root)), reason(error))

        for place, folders, names in os.walk(self.root, onerror=refuse):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for file in (Path(place, name) for name in names if not name.startswith(".")):
                name = file.relative_to(self.root)
                if not _is_text(name):
                    unlisted(_printable(name), "its name is not UTF-8")
                    continue
                try:
                    facts = _facts(file, name.as_posix())
                except OSError as error:
                    unlisted(_printable(name), reason(error))
                    continue
                yield facts

    def read(self, name: str, size: int | None = None) -> bytes:
        """A file's content, or its first bytes."""
        with (self.root / name).open("rb") as file:
            return file.read(-1 if size is None else size)

    def write(self, name: str, content: bytes | Path) -> None:
        """Write a file, or copy one, whole or not at all."""
        write_durably(self.root / name, content)

    def remove(self, name: str) -> None:
        """Delete a file."""
        (self.root / name).unlink()


def write_durably(file: Path, content: bytes | Path, /) -> None:
    """Write a file so that a power cut leaves the old one or the new one.

    Parameters
    ----------
    file
        Where to.
    content
        Bytes, or a file to copy.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as (part,):
        if isinstance(content, bytes):
            part.write_bytes(content)
        else:
            shutil.copyfile(content, part)


def _facts(file: Path, name: str) -> FileFacts:
    """Of a link that leads nowhere, a device or a pipe: nothing but its name."""
    if not file.is_file():
        return FileFacts(name, 0, "no file", None)
    facts = file.stat()
    return FileFacts(name, facts.st_size, f"{facts.st_size}:{facts.st_mtime_ns}", facts.st_mtime)


def _is_text(name: Path) -> bool:
    """Whether a name can be written down; Linux lets it be any bytes."""
    try:
        str(name).encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(name: Path) -> str:
    return name.as_posix().encode(errors="backslashreplace").decode()
