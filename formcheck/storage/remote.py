"""Folders behind fsspec URLs: SFTP, object stores and what else fsspec knows."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from formcheck.errors import FormcheckError, MissingLibraryError, UsageError
from formcheck.files import PART
from formcheck.storage.errors import NoFolderError, plain_reading, reason
from formcheck.storage.local import FileFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

SEPARATOR = "://"
OBJECT_STORES = ("s3", "s3a", "gs", "gcs", "abfs", "az", "memory")
"""Elsewhere a file is put aside and moved, and a lost connection is opened anew."""
SFTP = ("sftp", "ssh")
EXTRAS = {"s3": "s3", "s3a": "s3", "sftp": "sftp", "ssh": "sftp"}
"""Extras that bring the library of a protocol; fsspec names that of the others."""
ANSWERS = (
    *(FormcheckError, FileNotFoundError, FileExistsError, PermissionError),
    *(IsADirectoryError, NotADirectoryError, ImportError),
)
"""Errors that are what the store says, and no sign of a lost connection."""
AT_ONCE = 200
"""Files read together where a store can do that."""

T = TypeVar("T")


@dataclass(frozen=True)
class RemoteStore:
    """Files below a URL; its errors are those of the store's library.

    Nothing is kept here: fsspec itself has one connection for each thread of a process, for
    SSH connections can neither be shared nor forked.
    """

    address: str
    below: str
    shown: str
    """The URL of the folder without a password."""

    @property
    def object_store(self) -> bool:
        """Whether a put appears whole, and the library itself tries again and reads together."""
        return _protocol(self.address) in OBJECT_STORES

    def files(self, unlisted: Callable[[str, str], None]) -> Iterator[FileFacts]:
        """Every file below; hidden ones and hidden folders left out."""
        shown = self.shown

        def listed(system: Any, root: str) -> list[FileFacts]:
            system.invalidate_cache()
            found: Iterable[Mapping[str, Any]] = ()
            if self.object_store:  # a key may be called like the folder: it is none of its files
                every = system.find(root, detail=True).values()
                found = [entry for entry in every if entry["name"].startswith(f"{root}/")]
            if not found and not _is_folder(system, root):
                raise NoFolderError(f"There is no folder {shown}.")
            if not self.object_store:
                found = _walk(system, root, unlisted)
            names = ((entry["name"].removeprefix(f"{root}/"), entry) for entry in found)
            return [_facts(system, name, entry) for name, entry in names if _counts(name)]

        with plain_reading(shown):
            found = self._ask(listed)
        yield from found

    def read(self, name: str, size: int | None = None) -> bytes:
        """A file's content, or its first bytes."""
        span = {} if size is None else {"start": 0, "end": size}
        return self._ask(lambda system, root: bytes(system.cat_file(f"{root}/{name}", **span)))

    def read_all(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Many files, a few hundred at once: names with contents, None where there is none."""
        waiting = iter(names)
        while part := list(islice(waiting, AT_ONCE)):
            yield from zip(part, self._ask(_read_together(part)), strict=True)

    def fetch(self, name: str, copy: Path) -> None:
        """Copy a file to this machine."""
        self._ask(lambda system, root: system.get_file(f"{root}/{name}", str(copy)))

    def write(self, name: str, content: bytes | Path) -> None:
        """Write a file, or copy one of this machine, whole or not at all."""
        put = _put if self.object_store else _put_aside
        self._ask(lambda system, root: put(system, content, f"{root}/{name}"))

    def remove(self, name: str) -> None:
        """Delete a file."""
        self._ask(lambda system, root: system.rm_file(f"{root}/{name}"))

    def _ask(self, action: Callable[[Any, str], T]) -> T:
        """Do something, given the file system and the folder's path on it.

        Once more if the connection idled too long, or the server was started anew.
        """
        system, root = _opened(self.address)
        root = f"{root}/{self.below}" if self.below else root
        try:
            return action(system, root)
        except ANSWERS:
            raise
        except Exception:
            if self.object_store:
                raise
        system.clear_instance_cache()
        return action(_opened(self.address)[0], root)


def _protocol(address: str) -> str:
    return address.partition(SEPARATOR)[0]


def _opened(address: str) -> tuple[Any, str]:
    """The file system of a URL, which fsspec keeps for this thread, and the path on it."""
    shown = without_password(address)
    try:
        import fsspec  # noqa: PLC0415 - an extra

        if _protocol(address) in SFTP:
            from formcheck.storage.sftp import KnownHostsSFTP  # noqa: PLC0415

            for name in SFTP:
                fsspec.register_implementation(name, KnownHostsSFTP, clobber=True)
        with plain_reading(shown):
            try:
                system, root = fsspec.core.url_to_fs(address)
            except ValueError as error:
                raise UsageError(
                    f"{shown}: expected a folder or a URL that fsspec knows."
                ) from error
    except ImportError as error:
        alone = "remote" if error.name == "fsspec" else None
        extra = EXTRAS.get(_protocol(address), alone)
        if extra is not None:
            raise MissingLibraryError.of_extra(shown, extra) from error
        raise MissingLibraryError(
            f"{shown} needs a library that is not installed: {str(error).rstrip('.')}."
        ) from error
    return system, root.rstrip("/")


def without_password(address: str, /) -> str:
    """An address fit to be shown and stored.

    >>> without_password("sftp://anna:secret@host:2222/clips")
    'sftp://anna@host:2222/clips'
    >>> without_password("sftp://anna:se/cr@et@host/clips")
    'sftp://anna@host/clips'
    """
    if SEPARATOR not in address:
        return address
    scheme, _, rest = address.partition(SEPARATOR)
    place, _, _ = rest.partition("/")
    user, colon, port = place.partition(":")
    if colon and "@" not in place and not port.isdigit() and "@" in rest:
        # A password with a slash in it, which ends the host for all readers of URLs.
        return f"{scheme}{SEPARATOR}{user}@{rest.rpartition('@')[2]}"
    parts = urlsplit(address)
    user, at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=user.partition(":")[0] + at + host, query=""))


def _is_folder(system: Any, path: str) -> bool:
    """Whether it is there; `system.isdir` takes a lost connection for a no."""
    try:
        return bool(system.info(path or "/")["type"] == "directory")
    except FileNotFoundError:
        return False


def _walk(
    system: Any, root: str, unlisted: Callable[[str, str], None]
) -> Iterator[Mapping[str, Any]]:
    """Files below a folder; `system.find` passes over what cannot be listed in silence."""
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            entries = system.ls(folder or "/", detail=True)
        except (PermissionError, FileNotFoundError) as error:
            if folder == root:
                raise
            unlisted(folder.removeprefix(f"{root}/"), reason(error))
            continue
        for entry in entries:
            if entry["type"] != "directory":
                yield entry
            elif not entry["name"].rpartition("/")[2].startswith("."):
                folders.append(entry["name"])


def _counts(name: str) -> bool:
    """Whether a name is that of a file that is not hidden; object stores have keys for folders."""
    *_, last = parts = name.split("/")
    return last != "" and not any(part.startswith(".") for part in parts)


def _facts(system: Any, name: str, facts: Mapping[str, Any]) -> FileFacts:
    if facts["type"] == "link":
        try:
            facts = system.info(facts["name"])
        except FileNotFoundError:
            return FileFacts(name, 0, "no file", None)
    size = int(facts.get("size") or 0)
    changed = _changed_at(facts)
    tag = facts.get("ETag") or facts.get("etag") or changed or ""
    return FileFacts(name, size, f"{size}:{tag}", changed.timestamp() if changed else None)


def _changed_at(facts: Mapping[str, Any]) -> datetime | None:
    """When a file was changed, by what a store tells of it."""
    for name in ("mtime", "LastModified", "last_modified", "updated", "created"):
        value = facts.get(name)
        if isinstance(value, str):
            with suppress(ValueError):
                value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return value
    return None


def _read_together(names: list[str]) -> Callable[[Any, str], list[bytes | None]]:
    """The contents of many files, None for those not there.

    Not `system.cat`, to which a name such as ``clip[1].mp4`` is a pattern.
    """

    def act(system: Any, root: str) -> list[bytes | None]:
        paths = [f"{root}/{name}" for name in names]
        answers = system.cat_ranges(paths, None, None, on_error="return")
        return [_content(answer) for answer in answers]

    return act


def _content(answer: bytes | Exception) -> bytes | None:
    if isinstance(answer, (FileNotFoundError, NotADirectoryError)):
        return None
    if isinstance(answer, Exception):
        raise answer
    return bytes(answer)


def _put(system: Any, content: bytes | Path, path: str) -> None:
    """Put bytes, or a file of this machine, to a path of a store."""
    if isinstance(content, Path):
        system.put_file(str(content), path)
    else:
        system.pipe_file(path, content)


def _put_aside(system: Any, content: bytes | Path, path: str) -> None:
    """Put to another name, then rename."""
    aside = f"{path}.{uuid.uuid4().hex}{PART}"
    try:
        try:
            _put(system, content, aside)
        except FileNotFoundError:
            system.makedirs(path.rpartition("/")[0], exist_ok=True)
            _put(system, content, aside)
        system.mv(aside, path)
    except BaseException:
        with suppress(Exception):
            system.rm_file(aside)
        raise
