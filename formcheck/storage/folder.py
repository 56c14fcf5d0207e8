"""Folders on this machine or behind an fsspec URL, with writing that is whole or not at all.

A `Folder` is a plain value (an address), so that it can be sent to a worker. A
file that was written is on disk: after a power cut it is the old one or the
new one, never a part. Remote files are fetched to a temporary file, because a
video decoder jumps about in them.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from formcheck.files import PART
from formcheck.storage.errors import NoFolderError, plain_reading, plain_writing
from formcheck.storage.local import LocalStore
from formcheck.storage.remote import SEPARATOR, RemoteStore, without_password

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from formcheck.storage.local import FileFacts


def _ignore(_name: str, _why: str) -> None:
    """For those who do not care what cannot be listed."""


@dataclass(frozen=True)
class Folder:
    """A folder, here or elsewhere.

    Attributes
    ----------
    address
        A path, or a URL such as ``s3://bucket/athletes``.
    below
        Where in it, with ``/`` between the parts. Not part of the address:
        a name may hold what means something else in a URL (``?``, ``#``).
    """

    address: str
    below: str = ""

    @property
    def local(self) -> Path | None:
        """Its path; None when it is elsewhere."""
        if SEPARATOR not in self.address:
            return Path(self.address, self.below)
        scheme, _, path = self.address.partition(SEPARATOR)
        return Path(path, self.below) if scheme in ("file", "local") else None

    @property
    def shown(self) -> str:
        """The address without a password."""
        return replace(self, address=without_password(self.address)).at("").rstrip("/") or "/"

    @property
    def name(self) -> str:
        """The last part of the address."""
        own = self.local
        if own is not None:
            return own.resolve().name
        parts = urlsplit(without_password(self.address))
        return PurePosixPath(self.below or parts.path).name or parts.netloc

    def at(self, name: str) -> str:
        """The address of a file in it."""
        own = self.local
        if own is not None:
            return str(own / name)
        return "/".join([self.address.rstrip("/"), *filter(None, [self.below]), name])

    def shown_at(self, name: str) -> str:
        """The address of a file in it, without a password."""
        return replace(self, address=without_password(self.address)).at(name)

    def inside(self, name: str) -> Folder:
        """A folder in it."""
        return replace(self, below=f"{self.below}/{name}" if self.below else name)

    @property
    def _store(self) -> LocalStore | RemoteStore:
        own = self.local
        if own is not None:
            return LocalStore(own)
        return RemoteStore(self.address, self.below, self.shown)

    # --- reading ----------------------------------------------------------------

    def files(self, unlisted: Callable[[str, str], None] = _ignore) -> Iterator[FileFacts]:
        """Every file below it, in no order; hidden ones and hidden folders left out.

        A link that leads nowhere, a device or a pipe counts as an empty file.

        Parameters
        ----------
        unlisted
            Told the relative name of each folder below that cannot be listed
            (and of each file whose name is no text), and why.

        Raises
        ------
        NoFolderError
            If it is not there.
        StorageError
            If it cannot be listed itself.
        """
        return self._store.files(unlisted)

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of a file.

        Raises
        ------
        StorageError
            If it cannot be read.
        """
        with plain_reading(self.shown_at(name)):
            return self._store.read(name, size)

    def read(self, name: str) -> bytes | None:
        """A file's content; None if there is no such file.

        Raises
        ------
        StorageError
            If it is there but cannot be read.
        """
        with plain_reading(self.shown_at(name)), suppress(FileNotFoundError, NotADirectoryError):
            return self._store.read(name)
        return None

    def read_all(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Many files: names with contents, or with None where there is no such file.

        Raises
        ------
        StorageError
            If one is there but cannot be read.
        """
        store = self._store
        if isinstance(store, RemoteStore) and store.object_store:
            with plain_reading(self.shown):
                yield from store.read_all(names)
        else:
            yield from ((name, self.read(name)) for name in names)

    @contextmanager
    def fetched(self, name: str) -> Iterator[Path]:
        """A file as a path on this machine: itself, or a copy that is gone afterwards.

        Raises
        ------
        StorageError
            If it cannot be fetched.
        """
        store = self._store
        if isinstance(store, LocalStore):
            yield store.root / name
            return
        with tempfile.TemporaryDirectory(prefix="formcheck-") as aside:
            copy = Path(aside) / PurePosixPath(name).name
            with plain_reading(self.shown_at(name)):
                store.fetch(name, copy)
            yield copy

    # --- writing ----------------------------------------------------------------

    def write(self, name: str, content: bytes | Path) -> None:
        """Write a file, whole or not at all, making folders as needed.

        Parameters
        ----------
        name
            Relative to the folder.
        content
            Bytes, or a file of this machine to copy: for what is too large for the memory.

        Raises
        ------
        OutputError
            If it cannot be written; what was there before is untouched.
        """
        with plain_writing(self.shown_at(name)):
            self._store.write(name, content)

    put = write

    def remove(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises
        ------
        OutputError
            If it is there and cannot be deleted.
        """
        with plain_writing(self.shown_at(name)), suppress(FileNotFoundError):
            self._store.remove(name)

    def sweep(self) -> None:
        """Delete what interrupted writes left here and below.

        Raises
        ------
        StorageError, OutputError
            If the folder cannot be listed, or a file not be deleted.
        """
        if self._store.object_store:
            return  # they leave nothing
        with suppress(NoFolderError):
            for name in [file.name for file in self.files() if file.name.endswith(PART)]:
                self.remove(name)
