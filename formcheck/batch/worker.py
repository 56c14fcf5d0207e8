"""A worker: a process of its own that does one clip after the other.

    python -m formcheck.batch.worker DESCRIPTOR FOLDER SECONDS

It reads jobs from the socket that it inherited and answers each with a record
(or with the error that must end the run). The libraries and the model are
loaded once. It ends with the process that started it, however that ends, and
after so many seconds without a job; temporary files lie in the folder that it was given.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.batch.isolated import IDLE, WORKER_BYTES
from formcheck.batch.job import work
from formcheck.batch.run import LOCK_FILE
from formcheck.batch.settings import WorkerError
from formcheck.errors import FormcheckError
from formcheck.pose.engine import mute_native_stderr

if TYPE_CHECKING:
    from formcheck.batch.job import Job

READY = "ready"
KILL_FIRST = "500"
"""When memory runs out, the system ends a worker rather than what started it."""


def main() -> None:
    """Answer jobs until there are no more."""
    if len(sys.argv) != 4:
        sys.exit("Workers are started by formcheck; by hand this only shows that they load.")
    descriptor, aside, idle_s = int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    threading.Thread(target=_end_with_parent, args=(aside,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started it
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(KILL_FIRST)
    mute_native_stderr()
    with Connection(descriptor) as line:
        line.send(READY)
        while line.poll(idle_s):
            try:
                job = line.recv()
            except EOFError:
                break
            line.send(_answer(job))
            if _resident_bytes() > WORKER_BYTES:
                break
    shutil.rmtree(aside, ignore_errors=True)
    sys.exit(IDLE)


def _answer(job: Job) -> object:
    try:
        _check_place(job)
        return work(job)
    except FormcheckError as error:
        return error


def _resident_bytes() -> int:
    """Memory of this process now; where the system does not tell, the most so far."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS counts bytes
    return pages * os.sysconf("SC_PAGE_SIZE")


def _check_place(job: Job) -> None:
    """Refuse to work where the folders are not those of the run.

    Otherwise every clip would be missing, or results be written where nobody looks.
    """
    clips, results = job.clips.local, job.results.local
    for folder, there in (
        (clips, clips is None or clips.is_dir()),
        (results, results is None or (results / LOCK_FILE).exists()),
    ):
        if not there:
            raise WorkerError(
                f"Expected the folder {folder} of this run on every worker, but "
                f"{socket.gethostname()} does not see it; share it, or use URLs."
            )


def _end_with_parent(aside: Path) -> None:
    """Standard input ends when the process at its other end is gone, even if it was killed."""
    os.read(sys.stdin.fileno(), 1)
    shutil.rmtree(aside, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    main()
