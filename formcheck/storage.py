"""Folders on this machine or behind an fsspec URL, with writing that is whole or not at all.

A `Folder` is a plain value (an address), so that it can be sent to a worker. A
file that was written is on disk: after a power cut it is the old one or the
new one, never a part. Remote files are fetched to a temporary file, because a
video decoder jumps about in them.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from formcheck.errors import FormcheckError, MissingLibraryError, OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SEPARATOR = "://"
ATOMIC = ("s3", "s3a", "gs", "gcs", "abfs", "az", "memory")
"""Protocols where a put appears whole by itself; elsewhere a file is put aside and moved."""
PART = ".part"
"""Suffix of what is being written."""


class StorageError(FormcheckError):
    """A folder or file cannot be read."""

    exit_code = 3


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
class Folder:
    """A folder, here or elsewhere.

    Attributes
    ----------
    address
        A path, or a URL such as ``s3://bucket/athletes``.
    """

    address: str

    @property
    def local(self) -> Path | None:
        """Its path; None when it is elsewhere."""
        if SEPARATOR not in self.address:
            return Path(self.address)
        scheme, _, path = self.address.partition(SEPARATOR)
        return Path(path) if scheme in ("file", "local") else None

    @property
    def shown(self) -> str:
        """The address without a password."""
        return without_password(self.address)

    @property
    def name(self) -> str:
        """The last part of the address."""
        own = self.local
        if own is not None:
            return own.resolve().name
        return PurePosixPath(urlsplit(self.address).path).name or urlsplit(self.address).netloc

    def at(self, name: str) -> str:
        """The address of a file in it."""
        own = self.local
        return str(own / name) if own is not None else f"{self.address.rstrip('/')}/{name}"

    def inside(self, name: str) -> Folder:
        """A folder in it."""
        return Folder(self.at(name))

    # --- reading ----------------------------------------------------------------

    def files(self, unlisted: Callable[[str, str], None] | None = None) -> Iterator[FileFacts]:
        """Every file below it, in no order; hidden ones and hidden folders left out.

        Parameters
        ----------
        unlisted
            Told the relative name of each folder below that cannot be listed, and why.

        Raises
        ------
        StorageError
            If it cannot be listed itself.
        """
        own = self.local
        yield from self._remote_files() if own is None else _local_files(own, unlisted)

    def _remote_files(self) -> Iterator[FileFacts]:
        system, root = self._system()
        with _plain_reading(self.shown):
            system.invalidate_cache()
            if not system.isdir(root):
                raise StorageError(f"There is no folder {self.shown}.")
            found: Mapping[str, Mapping[str, Any]] = system.find(root, detail=True)
        for path, facts in found.items():
            name = path[len(root) :].lstrip("/") if path.startswith(root) else path
            if not _hidden(name):
                yield _remote_facts(name, facts)

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of a file.

        Raises
        ------
        StorageError
            If it cannot be read.
        """
        with _plain_reading(self.at(name)):
            own = self.local
            if own is not None:
                with (own / name).open("rb") as file:
                    return file.read(size)
            system, root = self._system()
            return bytes(system.cat_file(f"{root}/{name}", start=0, end=size))

    def read(self, name: str) -> bytes | None:
        """A file's content; None if there is no such file.

        Raises
        ------
        StorageError
            If it is there but cannot be read.
        """
        with _plain_reading(self.at(name)):
            own = self.local
            try:
                if own is not None:
                    return (own / name).read_bytes()
                system, root = self._system()
                return bytes(system.cat_file(f"{root}/{name}"))
            except (FileNotFoundError, NotADirectoryError):
                return None

    @contextmanager
    def fetched(self, name: str) -> Iterator[Path]:
        """A file as a path on this machine: itself, or a copy that is gone afterwards.

        Raises
        ------
        StorageError
            If it cannot be fetched.
        """
        own = self.local
        if own is not None:
            yield own / name
            return
        system, root = self._system()
        with tempfile.TemporaryDirectory(prefix="formcheck-") as aside:
            copy = Path(aside) / PurePosixPath(name).name
            with _plain_reading(self.at(name)):
                system.get_file(f"{root}/{name}", str(copy))
            yield copy

    # --- writing ----------------------------------------------------------------

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all, making folders as needed.

        Raises
        ------
        OutputError
            If it cannot be written; what was there before is untouched.
        """
        with _plain_writing(self.at(name)):
            own = self.local
            if own is not None:
                write_durably(own / name, data)
            else:
                self._put(name, data)

    def _put(self, name: str, data: bytes) -> None:
        system, root = self._system()
        path = f"{root}/{name}"
        if self._protocol in ATOMIC:
            system.pipe_file(path, data)
            return
        system.makedirs(path.rpartition("/")[0], exist_ok=True)
        aside = f"{path}.{os.getpid()}{PART}"
        try:
            system.pipe_file(aside, data)
            system.mv(aside, path)
        except BaseException:
            with suppress(Exception):
                system.rm_file(aside)
            raise

    def remove(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises
        ------
        OutputError
            If it is there and cannot be deleted.
        """
        with _plain_writing(self.at(name)), suppress(FileNotFoundError):
            own = self.local
            if own is not None:
                (own / name).unlink()
            else:
                system, root = self._system()
                system.rm_file(f"{root}/{name}")

    # --- where it is ------------------------------------------------------------

    @property
    def _protocol(self) -> str:
        return self.address.partition(SEPARATOR)[0]

    def _system(self) -> tuple[Any, str]:
        """The file system and the folder's path on it."""
        return _opened(self.address, os.getpid())


@lru_cache(maxsize=8)
def _opened(address: str, _process: int) -> tuple[Any, str]:
    """A connection; one for each process, for connections do not survive a fork."""
    import fsspec  # noqa: PLC0415 - a local folder does not need it

    shown = without_password(address)
    try:
        with _plain_reading(shown):
            system, root = fsspec.core.url_to_fs(address)
    except ImportError as error:
        scheme = address.partition(SEPARATOR)[0]
        raise MissingLibraryError(
            f"{shown} needs a library that is not installed: "
            f"pip install 'formcheck[{EXTRAS.get(scheme, scheme)}]'."
        ) from error
    except ValueError as error:
        raise UsageError(f"{shown}: expected a folder or a URL that fsspec knows.") from error
    return system, root.rstrip("/")


EXTRAS = {"gs": "gcs", "gcs": "gcs", "s3a": "s3", "ssh": "sftp"}
"""Names of the extras that differ from the protocol."""


def without_password(address: str, /) -> str:
    """An address fit to be shown and stored.

    >>> without_password("sftp://anna:secret@host:2222/clips")
    'sftp://anna@host:2222/clips'
    """
    if SEPARATOR not in address:
        return address
    parts = urlsplit(address)
    user, at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=user.partition(":")[0] + at + host, query=""))


def write_durably(file: Path, data: bytes, /) -> None:
    """Write a file so that a power cut leaves the old one or the new one.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=PART)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
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
    finally:
        os.close(descriptor)


def _local_files(root: Path, unlisted: Callable[[str, str], None] | None) -> Iterator[FileFacts]:
    if not root.is_dir():
        what = "is not a folder" if root.exists() else "does not exist"
        raise StorageError(f"Expected a folder, but {root} {what}.")

    def refuse(error: OSError) -> None:
        place = Path(error.filename)
        if place == root:
            raise StorageError(f"Cannot list {root}: {_reason(error)}.") from error
        if unlisted is not None:
            unlisted(place.relative_to(root).as_posix(), _reason(error))

    for place, folders, names in os.walk(root, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(place) / name
            if name.startswith(".") or not file.is_file():
                continue
            with suppress(FileNotFoundError):  # gone since it was listed
                facts = file.stat()
                stamp = f"{facts.st_size}:{facts.st_mtime_ns}"
                relative = file.relative_to(root).as_posix()
                yield FileFacts(relative, facts.st_size, stamp, facts.st_mtime)


def _remote_facts(name: str, facts: Mapping[str, Any]) -> FileFacts:
    size = int(facts.get("size") or 0)
    changed: Any = facts.get("mtime") or facts.get("LastModified") or facts.get("updated")
    tag = facts.get("ETag") or facts.get("etag") or changed or ""
    seconds = changed.timestamp() if isinstance(changed, datetime) else None
    return FileFacts(name, size, f"{size}:{tag}", seconds)


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


@contextmanager
def _plain_reading(address: str) -> Iterator[None]:
    try:
        yield
    except (FormcheckError, ImportError, ValueError):
        raise
    except Exception as error:  # each kind of store has errors of its own
        raise StorageError(f"Cannot read {without_password(address)}: {_reason(error)}.") from error


@contextmanager
def _plain_writing(address: str) -> Iterator[None]:
    try:
        yield
    except FormcheckError:
        raise
    except Exception as error:  # each kind of store has errors of its own
        raise OutputError(f"Cannot write {without_password(address)}: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return " ".join(said.split()).rstrip(".").lower() or type(error).__name__
