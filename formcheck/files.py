"""Write files whole or not at all: what is written lies beside its place until it is complete."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.errors import OutputError, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

PART = ".formcheck-part"
"""Suffix of what is being written. Ours alone: what a power cut leaves is swept away by it, and
browsers and other tools have ``.part`` files of their own."""
NAME_KEPT = 40
"""Letters of the name that a part begins with: names of files may not be long."""
_CANNOT_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EACCES)
"""What some network mounts answer to syncing a folder, and folders that may not be listed."""


@contextmanager
def replacing(*files: Path, mode: int | None = None) -> Iterator[tuple[Path, ...]]:
    """Files to write, which take the places of others when all of them are complete.

    Parameters
    ----------
    *files
        Where to, in folders that are there. After an error they are as they were,
        and nothing is left beside them; after a power cut each is the old or the new one.
    mode
        Who may use the files, before the process's mask is taken from it; None for those
        who may use the files that are replaced, and everybody for new ones.

    Yields
    ------
    tuple of Path
        An empty file for each, in the same folder.

    Raises
    ------
    OSError
        If one cannot be written.

    Examples
    --------
    >>> with replacing(Path("angles.csv")) as (part,):  # doctest: +SKIP
    ...     part.write_text("t_s")
    """
    parts = tuple(
        file.with_name(f"{file.name[:NAME_KEPT]}.{secrets.token_hex(8)}{PART}") for file in files
    )
    try:
        for part, file in zip(parts, files, strict=True):
            part.touch(0o666 if mode is None else mode, exist_ok=False)
            if (
                mode is None and file.is_file()
            ):  # who may read the old file may read the new one, nobody else
                part.chmod(stat.S_IMODE(file.stat().st_mode))
        yield parts
        for part in parts:
            with part.open("r+b") as written:
                os.fsync(written.fileno())
        for part, file in zip(parts, files, strict=True):
            part.replace(file)
    finally:
        for part in parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    for folder in {file.parent for file in files}:
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """Make what was renamed in a folder last."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


@contextmanager
def made_folder(folder: Path, /) -> Iterator[None]:
    """Make a folder and what lies above it; after an error, undo just that."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for place in missing:
            with suppress(OSError):
                place.rmdir()
        raise


def write_files(contents: Mapping[str, str | bytes], folder: Path, /) -> None:
    """Write texts (or bytes) under their names into a folder, made if need be: all, or none.

    Raises
    ------
    OutputError
        If one cannot be written.
    """
    places = [folder / name for name in contents]
    with _plain_errors(folder), made_folder(folder), replacing(*places) as parts:
        for part, place, content in zip(parts, places, contents.values(), strict=True):
            part.write_bytes(_bytes(content))
            if place.is_dir():
                raise OutputError(f"Cannot write to {folder}: {place.name} is a folder there.")


def write_text(content: str | bytes, file: Path, /) -> None:
    """Write one text (or bytes), whole or not at all; a device or a pipe is written to.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    with _plain_errors(file):
        opened = _opened_already(file)
        if opened is not None:
            opened.flush()
            opened.buffer.write(_bytes(content))
            opened.flush()
            return
        if _is_device(file):
            file.write_bytes(_bytes(content))
            return
    file = Path(os.path.realpath(file))
    write_files({file.name: content}, file.parent)


def _is_device(file: Path) -> bool:
    """Whether it is written to as it stands: a device or a pipe."""
    return file.exists() and not file.is_file() and not file.is_dir()


def _opened_already(file: Path) -> TextIO | None:
    """Standard output or error, where a name such as ``/dev/stdout`` stands for it.

    It may lead to a file, which must not be replaced under those who write to it as well.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            if file.exists() and os.path.samestat(file.stat(), os.fstat(stream.fileno())):
                return stream
    return None


def check_place(file: Path, /) -> None:
    """See early whether a file can be written, without making it; see `check_folder`.

    Raises
    ------
    OutputError
        If nothing may be written there.
    """
    with _plain_errors(file):
        written_to = _opened_already(file) is not None or _is_device(file)
    if not written_to:
        check_folder(file.parent)


def check_folder(folder: Path, /) -> None:
    """See early whether a folder can be written to, without making it.

    Raises
    ------
    OutputError
        If it is not a folder, or nothing may be written there.
    """
    nearest = folder.absolute()
    with _plain_errors(folder):
        while not nearest.exists() and nearest != nearest.parent:
            nearest = nearest.parent
    if not nearest.is_dir():
        raise OutputError(f"Cannot write to {folder}: {nearest} is not a folder.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputError(f"Cannot write to {folder}: permission denied.")


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


@contextmanager
def _plain_errors(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"Cannot write to {place}: {reason_of(error)}.") from error
