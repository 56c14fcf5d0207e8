"""Do a clip in a worker process that may crash or hang without harm to anything else.

Every thread that calls `work_isolated` keeps one worker, which does all clips
of that thread. So any `concurrent.futures` executor whose workers are threads
becomes a pool of processes: a `ThreadPoolExecutor` here, Dask's elsewhere.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from formcheck.batch.job import UNEXPECTED, failure, write_failure
from formcheck.errors import FormcheckError

if TYPE_CHECKING:
    from formcheck.batch.job import Job
    from formcheck.batch.record import Record

_own = threading.local()
_all: set[Worker] = set()


class Worker:
    """A worker process and the line to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "formcheck.batch.worker", str(theirs.fileno())],
                stdin=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
            )
        self._line = Connection(ours.detach())

    def do(self, job: Job, timeout_s: float) -> Record | FormcheckError | None:
        """What the worker answers; None if it does not in time.

        Raises
        ------
        EOFError, OSError
            If the worker is gone.
        """
        self._line.send(job)
        if not self._line.poll(timeout_s):
            return None
        answer: Record | FormcheckError = self._line.recv()
        return answer

    def end(self) -> int:
        """Kill it and return its exit code."""
        self._line.close()
        self._process.kill()
        code = self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        return code

    def exit_words(self) -> str:
        """How it ended by itself, in words."""
        code = self._process.wait()
        if code >= 0:
            return f"exit code {code}"
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"


def work_isolated(job: Job, timeout_s: float, /) -> Record:
    """Do a clip in this thread's worker process.

    Parameters
    ----------
    job
        The clip.
    timeout_s
        Longer than this it may not take.

    Returns
    -------
    Record
        Also for a clip at which the worker crashed or hung; another worker
        takes its place.

    Raises
    ------
    FormcheckError
        If something is wrong that concerns every clip.
    """
    worker: Worker | None = getattr(_own, "worker", None)
    if worker is None:
        worker = _own.worker = Worker()
        _all.add(worker)
    try:
        answer = worker.do(job, timeout_s)
    except (EOFError, OSError):
        reason = f"The worker process crashed on this clip ({worker.exit_words()})."
    else:
        if isinstance(answer, FormcheckError):
            raise answer
        if answer is not None:
            return answer
        reason = f"It took longer than {timeout_s:g} s (--timeout)."
    del _own.worker
    _all.discard(worker)
    worker.end()
    failed = failure(job, reason, UNEXPECTED)
    write_failure(job, failed)
    return failed


def end_workers() -> None:
    """End the worker processes of all threads: at once, also in the middle of a clip."""
    while _all:
        _all.pop().end()
