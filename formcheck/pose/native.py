"""Loading MediaPipe: late, quietly, and with a sentence when a library is missing."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from formcheck.errors import MissingLibraryError

if TYPE_CHECKING:
    from collections.abc import Iterator

DEBIAN_PACKAGES = ("libxcb1", "libgl1", "libglib2.0-0", "libegl1", "libgles2")
"""What MediaPipe and its OpenCV wheel load on a minimal Debian 12 or Ubuntu."""


def missing_library_sentence(detail: str) -> str:
    """What to tell a user whose system lacks a library that MediaPipe loads."""
    return (
        f"A system library that MediaPipe needs is missing ({detail}). On Debian or Ubuntu run: "
        f"sudo apt-get install -y {' '.join(DEBIAN_PACKAGES)}"
    )


def import_mediapipe() -> Any:
    """The `mediapipe` module.

    Raises
    ------
    MissingLibraryError
        If it, or a system library it loads, is not installed.
    """
    os.environ.setdefault("GLOG_minloglevel", "3")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import mediapipe  # heavy: about a second  # noqa: PLC0415
        from mediapipe.tasks.python import vision  # noqa: F401, PLC0415
    except ModuleNotFoundError as error:
        raise MissingLibraryError(f"The Python package {error.name} is not installed.") from error
    except (ImportError, OSError) as error:
        raise MissingLibraryError(missing_library_sentence(str(error))) from error
    return mediapipe


def mute_native_stderr() -> None:
    """Send what native code writes to file descriptor 2 to nowhere, for good.

    For programs that own their process: the threads of MediaPipe may log at any
    time, also while it is being shut down. Python's own standard error keeps
    its way out through a copy of the descriptor. Does nothing where standard
    error has been replaced, as in tests.
    """
    own = sys.__stderr__
    if own is None or sys.stderr is not own:
        return
    own.flush()
    copy = os.fdopen(os.dup(2), "w", buffering=1, encoding=own.encoding, errors=own.errors)
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 2)
    os.close(sink)
    sys.stderr = copy


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Drop what native code writes to file descriptor 2 in the meantime.

    MediaPipe's C++ side logs start-up chatter before any of its own switches
    can silence it. Python exceptions are not affected.
    """
    sys.stderr.flush()
    saved = os.dup(2)
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(sink)
        os.close(saved)
