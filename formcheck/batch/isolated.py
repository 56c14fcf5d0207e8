"""Do a clip in a worker process that may crash or hang without harm to anything else.

Every thread that calls `work_isolated` keeps one worker, which does all clips
of that thread. So any `concurrent.futures` executor whose workers are threads
becomes a pool of processes: a `ThreadPoolExecutor` here, Dask's elsewhere.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import CancelledError
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formcheck.batch.job import failure, write_failure
from formcheck.batch.record import kept_record
from formcheck.batch.settings import WorkerError
from formcheck.errors import UNEXPECTED, FormcheckError
from formcheck.machine import CORES_VARIABLE

if TYPE_CHECKING:
    from formcheck.batch.job import Job
    from formcheck.batch.record import Record

START_S = 120.0
"""A worker that has not loaded the libraries by then does not start at all."""
LOOK_EVERY_S = 1.0
ASIDE = "formcheck-worker-"
FRESH_S = 60.0
"""A folder for temporary files that is younger may not have been claimed yet."""
IDLE_S = 300.0
"""Without a job for so long a worker gives its memory back."""
WORKER_BYTES = 1e9
"""Memory for a worker (0.4 to 0.8 GB measured); one that has grown beyond it is replaced."""
IDLE = 0
"""Exit code of a worker that left between two clips: nothing to do, or grown too large."""

_own = threading.local()
_all: set[Worker] = set()


class WorkerGoneError(Exception):
    """A worker process has ended, by itself or by force."""


class Worker:
    """A worker process, the line to it, and a folder for what it puts aside."""

    def __init__(self, idle_s: float = IDLE_S) -> None:
        self._busy = threading.Lock()
        self._stop = threading.Event()
        _sweep_aside()
        self._aside = tempfile.mkdtemp(prefix=ASIDE)
        self._claim = os.open(self._aside, os.O_RDONLY)
        fcntl.flock(self._claim, fcntl.LOCK_EX)
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "formcheck.batch.worker"),
                    *(str(theirs.fileno()), self._aside, str(idle_s)),
                ],
                stdin=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                env={"OPENBLAS_NUM_THREADS": "1"}
                | os.environ
                | {"TMPDIR": self._aside, CORES_VARIABLE: "1"},
            )
        self._line = Connection(ours.detach())

    def await_start(self) -> None:
        """Wait until it has loaded everything.

        Raises
        ------
        WorkerError
            If it does not start.
        CancelledError
            If it was stopped meanwhile.
        """
        with self._busy:
            try:
                if self._answer(START_S) is not None:
                    return
                how = f"not ready after {START_S:g} s"
            except WorkerGoneError:
                how = self.exit_words()
        if self.was_stopped():
            raise CancelledError
        raise WorkerError(
            f"A worker process does not start ({how}); "
            f"{sys.executable} -m formcheck.batch.worker shows why."
        )

    def do(self, job: Job, timeout_s: float) -> Record | FormcheckError | None:
        """What the worker answers; None if it does not in time.

        Raises
        ------
        WorkerGoneError
            If the worker has ended.
        CancelledError
            If nobody waits for the clip any more.
        """
        with self._busy:
            try:
                self._line.send(job)
            except OSError as error:
                raise WorkerGoneError from error
            answer: Record | FormcheckError | None = self._answer(timeout_s)
        return answer

    def _answer(self, timeout_s: float) -> Any:
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            try:
                if self._line.poll(min(left, LOOK_EVERY_S)):
                    return self._line.recv()
            except (EOFError, OSError) as error:
                raise WorkerGoneError from error
            if _given_up():
                raise CancelledError
        return None

    def lives(self) -> bool:
        """Whether it can be given a clip."""
        return not self.was_stopped() and self._process.poll() is None

    def was_stopped(self) -> bool:
        """Whether it was ended by force."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Kill it; also while another thread waits for its answer."""
        self._stop.set()
        self._process.kill()

    def end(self) -> None:
        """Kill it and clear away what is left of it."""
        self.stop()
        with self._busy:
            self._process.wait()
            self._line.close()
            if self._process.stdin is not None:
                self._process.stdin.close()
            shutil.rmtree(self._aside, ignore_errors=True)
            if self._claim >= 0:
                os.close(self._claim)
                self._claim = -1

    def exit_code(self) -> int:
        """How it ended by itself."""
        return self._process.wait()

    def exit_words(self) -> str:
        """How it ended by itself, in words."""
        code = self.exit_code()
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
    CancelledError
        If the run was given up in the meantime.
    """
    try:
        answer = _asked(job, timeout_s)
    except WorkerGoneError:
        worker = _own.worker
        if worker.was_stopped():
            raise CancelledError from None
        reason = f"The worker process crashed on this clip ({worker.exit_words()})."
    except BaseException:
        _dismiss()
        raise
    else:
        if isinstance(answer, FormcheckError):
            raise answer
        if answer is not None:
            return answer
        reason = f"It took longer than {timeout_s:g} s (--timeout)."
    _dismiss()
    return settle_failed(job, reason)


def settle_failed(job: Job, reason: str, /) -> Record:
    """Write down that a clip could not be done, unless it was, and only the answer was lost.

    Raises
    ------
    FormcheckError
        If it cannot be written.
    """
    kept = kept_record(job.folder, job.file.stamp, job.settings.facts())
    if kept is not None:
        return kept
    failed = failure(job, reason, UNEXPECTED)
    write_failure(job, failed)
    return failed


def _asked(job: Job, timeout_s: float) -> Record | FormcheckError | None:
    worker: Worker | None = getattr(_own, "worker", None)
    if worker is not None and worker.lives():  # killed between two clips, it costs none
        try:
            return worker.do(job, timeout_s)
        except WorkerGoneError:
            if worker.was_stopped() or worker.exit_code() != IDLE:
                raise
    if worker is not None:
        _dismiss()
    return _new_worker().do(job, timeout_s)


def _new_worker() -> Worker:
    worker: Worker = Worker()
    _own.worker = worker
    _all.add(worker)
    worker.await_start()
    return worker


def _dismiss() -> None:
    """End this thread's worker."""
    worker: Worker | None = _own.__dict__.pop("worker", None)
    if worker is not None:
        _all.discard(worker)
        worker.end()


def _given_up() -> bool:
    """Whether Dask has given up the task of this thread, as when the run has ended.

    Dask itself lets running tasks go on to their end: hours after the run, for
    all it knows, they could overwrite the results of the next one.
    """
    dask: Any = sys.modules.get("distributed.worker")
    key = getattr(dask.thread_state, "key", None) if dask is not None else None
    if key is None:
        return False
    task = dask.get_worker().state.tasks.get(key)
    return task is None or task.state == "cancelled"


def _sweep_aside() -> None:
    """Delete what workers left behind that were killed together with who started them."""
    for place in Path(tempfile.gettempdir()).glob(f"{ASIDE}*"):
        try:
            claim = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue  # gone by now, or somebody else's
        try:
            if time.time() - os.fstat(claim).st_mtime > FRESH_S:
                fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(place, ignore_errors=True)
        except BlockingIOError:
            continue  # its owner lives
        finally:
            os.close(claim)


def end_workers() -> None:
    """End the worker processes of all threads: at once, also in the middle of a clip."""
    for worker in list(_all):
        worker.stop()
    while _all:
        _all.pop().end()
