"""Connections to stores behind fsspec URLs: opened late, one for each thread, renewed once."""

from __future__ import annotations

import os
import threading
import uuid
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from formcheck.errors import FormcheckError, MissingLibraryError, UsageError
from formcheck.storage.errors import plain_reading, reason
from formcheck.storage.local import PART, FileFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SEPARATOR = "://"
ATOMIC = ("s3", "s3a", "gs", "gcs", "abfs", "az", "memory")
"""Protocols where a put appears whole by itself, and whose library tries again by itself.
Elsewhere a file is put aside and moved, and a lost connection is opened anew."""
SFTP = ("sftp", "ssh")
EXTRAS = {"s3": "s3", "s3a": "s3", "sftp": "sftp", "ssh": "sftp"}
"""Extras that bring the library of a protocol; fsspec names that of the others."""
ANSWERS = (
    *(FormcheckError, FileNotFoundError, FileExistsError, PermissionError),
    *(IsADirectoryError, NotADirectoryError, ImportError),
)
"""Errors that are what the store says, and no sign of a lost connection."""

T = TypeVar("T")
_own = threading.local()


def protocol(address: str, /) -> str:
    """The protocol of a URL."""
    return address.partition(SEPARATOR)[0]


def ask_store(address: str, action: Callable[[Any, str], T], /) -> T:
    """Do something on the file system of a URL; once more if the connection was lost.

    Parameters
    ----------
    address
        The URL.
    action
        Given the file system and the URL's path on it. May be called twice.

    Raises
    ------
    StorageError
        If there is no connection.
    MissingLibraryError
        If the protocol needs a library that is not installed.
    UsageError
        If it is no URL that fsspec knows.
    """
    try:
        return action(*_connection(address))
    except ANSWERS:
        raise
    except Exception:
        if protocol(address) in ATOMIC:
            raise
    # A connection that idled too long, or a server that was started anew.
    _own.connections.pop(address)
    return action(*_connection(address, fresh=True))


def _connection(address: str, *, fresh: bool = False) -> tuple[Any, str]:
    """The file system and the path on it; of this thread, for SSH connections are not shared.

    Nor do they survive a fork.
    """
    if getattr(_own, "process", None) != os.getpid():
        _own.process, _own.connections = os.getpid(), {}
    if address not in _own.connections:
        _own.connections[address] = _opened(address, fresh=fresh)
    found: tuple[Any, str] = _own.connections[address]
    return found


def _opened(address: str, *, fresh: bool) -> tuple[Any, str]:
    shown = without_password(address)
    options = {"skip_instance_cache": True} if fresh else {}
    try:
        import fsspec  # noqa: PLC0415 - a local folder does not need it

        if protocol(address) in SFTP:
            from formcheck.storage.sftp import KnownHostsSFTP  # noqa: PLC0415

            for name in SFTP:
                fsspec.register_implementation(name, KnownHostsSFTP, clobber=True)
        with plain_reading(shown):
            system, root = _url_to_fs(address, options)
    except ImportError as error:
        extra = EXTRAS.get(protocol(address))
        how = str(error).rstrip(".") if extra is None else f"pip install 'formcheck[{extra}]'"
        raise MissingLibraryError(
            f"{shown} needs a library that is not installed: {how}."
        ) from error
    return system, root.rstrip("/")


def _url_to_fs(address: str, options: Mapping[str, Any]) -> tuple[Any, str]:
    import fsspec  # noqa: PLC0415

    try:
        system, root = fsspec.core.url_to_fs(address, **options)
    except ValueError as error:
        shown = without_password(address)
        raise UsageError(f"{shown}: expected a folder or a URL that fsspec knows.") from error
    return system, root


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


def changed_at(facts: Mapping[str, Any], /) -> datetime | None:
    """When a file was changed, by what a store tells of it."""
    for name in ("mtime", "LastModified", "last_modified", "updated", "created"):
        value = facts.get(name)
        if isinstance(value, datetime):
            return value
        if isinstance(value, str):
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                continue
    return None


def remote_files(
    system: Any, root: str, unlisted: Callable[[str, str], None] | None, /
) -> list[FileFacts] | None:
    """Every file below a folder, hidden ones left out; None if the folder is not there.

    Parameters
    ----------
    system, root
        The file system and the folder's path on it.
    unlisted
        Told the relative name of each folder below that cannot be listed, and why.
    """
    system.invalidate_cache()
    if not _is_folder(system, root):
        return None
    flat = _protocols(system) & {*ATOMIC}
    found = system.find(root, detail=True).values() if flat else _walk(system, root, unlisted)
    names = ((facts["name"].removeprefix(root).strip("/"), facts) for facts in found)
    return [_remote_facts(system, name, facts) for name, facts in names if not _hidden(name)]


def _protocols(system: Any) -> set[str]:
    own = system.protocol
    return {own} if isinstance(own, str) else {*own}


def _is_folder(system: Any, path: str) -> bool:
    """Whether it is there; `system.isdir` takes a lost connection for a no."""
    try:
        return bool(system.info(path or "/")["type"] == "directory")
    except FileNotFoundError:
        return False


def _walk(
    system: Any, root: str, unlisted: Callable[[str, str], None] | None
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
            if unlisted is not None:
                unlisted(folder.removeprefix(root).strip("/"), reason(error))
            continue
        for entry in entries:
            if entry["type"] != "directory":
                yield entry
            elif not entry["name"].rpartition("/")[2].startswith("."):
                folders.append(entry["name"])


def _remote_facts(system: Any, name: str, facts: Mapping[str, Any]) -> FileFacts:
    if facts["type"] == "link":
        try:
            facts = system.info(facts["name"])
        except FileNotFoundError:
            return FileFacts(name, 0, "no file", None)
    size = int(facts.get("size") or 0)
    changed = changed_at(facts)
    tag = facts.get("ETag") or facts.get("etag") or changed or ""
    return FileFacts(name, size, f"{size}:{tag}", changed.timestamp() if changed else None)


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def read_together(names: list[str], /) -> Callable[[Any, str], list[bytes | None]]:
    """An action for `ask_store`: the contents of many files, None for those not there."""

    def act(system: Any, root: str) -> list[bytes | None]:
        paths = [f"{root}/{name}" for name in names]
        found = system.cat(paths, on_error="return")
        return [_content(found[system._strip_protocol(path)]) for path in paths]  # noqa: SLF001

    return act


def _content(answer: Any) -> bytes | None:
    if isinstance(answer, FileNotFoundError):
        return None
    if isinstance(answer, BaseException):
        raise answer
    return bytes(answer)


def send(system: Any, content: bytes | Path, path: str, /) -> None:
    """Put bytes, or a file of this machine, to a path of a store."""
    if isinstance(content, Path):
        system.put_file(str(content), path)
    else:
        system.pipe_file(path, content)


def send_aside(system: Any, content: bytes | Path, path: str, /) -> None:
    """Send to another name, then rename."""
    aside = f"{path}.{uuid.uuid4().hex}{PART}"
    try:
        try:
            send(system, content, aside)
        except FileNotFoundError:
            system.makedirs(path.rpartition("/")[0], exist_ok=True)
            send(system, content, aside)
        system.mv(aside, path)
    except BaseException:
        with suppress(Exception):
            system.rm_file(aside)
        raise
