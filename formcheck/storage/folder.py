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
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from formcheck.storage.errors import NoFolderError, plain_reading, plain_writing
from formcheck.storage.local import PART, local_files, write_durably
from formcheck.storage.remote import (
    ATOMIC,
    SEPARATOR,
    ask_store,
    protocol,
    read_together,
    remote_files,
    send,
    send_aside,
    without_password,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from formcheck.storage.local import FileFacts

T = TypeVar("T")
AT_ONCE = 200
"""Files read together where a store can do that."""


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

    # --- reading ----------------------------------------------------------------

    def files(self, unlisted: Callable[[str, str], None] | None = None) -> Iterator[FileFacts]:
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
        own = self.local
        if own is not None:
            yield from local_files(own, unlisted)
            return
        with plain_reading(self.shown):
            found = self._ask(lambda system, root: remote_files(system, root, unlisted))
        if found is None:
            raise NoFolderError(f"There is no folder {self.shown}.")
        yield from found

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of a file.

        Raises
        ------
        StorageError
            If it cannot be read.
        """
        with plain_reading(self.shown_at(name)):
            own = self.local
            if own is not None:
                with (own / name).open("rb") as file:
                    return file.read(size)
            return self._ask(lambda s, root: bytes(s.cat_file(f"{root}/{name}", start=0, end=size)))

    def read(self, name: str) -> bytes | None:
        """A file's content; None if there is no such file.

        Raises
        ------
        StorageError
            If it is there but cannot be read.
        """
        with plain_reading(self.shown_at(name)):
            own = self.local
            try:
                if own is not None:
                    return (own / name).read_bytes()
                return self._ask(lambda system, root: bytes(system.cat_file(f"{root}/{name}")))
            except (FileNotFoundError, NotADirectoryError):
                return None

    def read_all(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Many files: names with contents, or with None where there is no such file.

        Raises
        ------
        StorageError
            If one is there but cannot be read.
        """
        if self.local is not None or not self._whole_at_once:
            yield from ((name, self.read(name)) for name in names)
            return
        waiting = iter(names)
        while part := list(islice(waiting, AT_ONCE)):
            with plain_reading(self.shown):
                contents = self._ask(read_together(part))
            yield from zip(part, contents, strict=True)

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
        with tempfile.TemporaryDirectory(prefix="formcheck-") as aside:
            copy = Path(aside) / PurePosixPath(name).name
            with plain_reading(self.shown_at(name)):
                self._ask(lambda system, root: system.get_file(f"{root}/{name}", str(copy)))
            yield copy

    # --- writing ----------------------------------------------------------------

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all, making folders as needed.

        Raises
        ------
        OutputError
            If it cannot be written; what was there before is untouched.
        """
        with plain_writing(self.shown_at(name)):
            own = self.local
            if own is not None:
                write_durably(own / name, data)
            else:
                self._put(name, data)

    def put(self, name: str, file: Path) -> None:
        """Copy a file of this machine into the folder, whole or not at all.

        For what is too large to be held as bytes.

        Raises
        ------
        OutputError
            If it cannot be written; what was there before is untouched.
        """
        with plain_writing(self.shown_at(name)):
            own = self.local
            if own is not None:
                with file.open("rb") as content:
                    write_durably(own / name, content)
            else:
                self._put(name, file)

    def _put(self, name: str, content: bytes | Path) -> None:
        if self._whole_at_once:
            self._ask(lambda system, root: send(system, content, f"{root}/{name}"))
        else:
            self._ask(lambda system, root: send_aside(system, content, f"{root}/{name}"))

    def remove(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises
        ------
        OutputError
            If it is there and cannot be deleted.
        """
        with plain_writing(self.shown_at(name)), suppress(FileNotFoundError):
            own = self.local
            if own is not None:
                (own / name).unlink()
            else:
                self._ask(lambda system, root: system.rm_file(f"{root}/{name}"))

    def sweep(self) -> None:
        """Delete what interrupted writes left here and below.

        Raises
        ------
        StorageError, OutputError
            If the folder cannot be listed, or a file not be deleted.
        """
        if self.local is None and self._whole_at_once:
            return
        try:
            left = [file.name for file in self.files() if file.name.endswith(PART)]
        except NoFolderError:
            return
        for name in left:
            self.remove(name)

    @property
    def _whole_at_once(self) -> bool:
        return protocol(self.address) in ATOMIC

    def _ask(self, action: Callable[[Any, str], T]) -> T:
        """Do something, given the file system and the folder's path on it."""

        def act(system: Any, root: str) -> T:
            return action(system, f"{root}/{self.below}" if self.below else root)

        return ask_store(self.address, act)
