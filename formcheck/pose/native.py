"""Keep native libraries from writing into the terminal."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONE_AT_A_TIME = threading.Lock()
"""Of two threads that swap the descriptor at once, one would put the sink back."""


def mute_native_stderr() -> None:
    """Send what native code writes to file descriptor 2 to nowhere, for good.

    For programs that own their process: native threads may log at any
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

    LiteRT and MediaPipe log start-up chatter before any of their own switches
    can silence it. Python exceptions are not affected.
    """
    with _ONE_AT_A_TIME, ExitStack() as restored:
        if sys.stderr is not None:
            sys.stderr.flush()
        with suppress(OSError):  # where standard error is closed there is nothing to drop
            saved = os.dup(2)
            restored.callback(os.close, saved)
            restored.callback(os.dup2, saved, 2)
            sink = os.open(os.devnull, os.O_WRONLY)
            restored.callback(os.close, sink)
            os.dup2(sink, 2)
        yield
