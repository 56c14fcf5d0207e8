"""What goes wrong with folders and files, as one sentence."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from formcheck.errors import FormcheckError, OutputError, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class StorageError(FormcheckError):
    """A folder or file cannot be read."""

    exit_code = 3


class NoFolderError(StorageError):
    """There is no such folder."""


@contextmanager
def plain_reading(shown: str, /) -> Iterator[None]:
    """Turn what goes wrong while reading an address (without password) into a `StorageError`."""
    try:
        yield
    except (FormcheckError, ImportError):
        raise
    except Exception as error:  # each kind of store has errors of its own
        raise StorageError(f"Cannot read {shown}: {reason(error)}.") from error


@contextmanager
def plain_writing(shown: str, /) -> Iterator[None]:
    """Turn what goes wrong while writing to an address into an `OutputError`."""
    try:
        yield
    except StorageError as error:  # no connection
        raise OutputError(str(error)) from error
    except (FormcheckError, ImportError):
        raise
    except Exception as error:  # each kind of store has errors of its own
        raise OutputError(f"Cannot write {shown}: {reason(error)}.") from error


def reason(error: Exception, /) -> str:
    """Why something failed, as the end of a sentence."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "permission denied"
    return reason_of(error)
