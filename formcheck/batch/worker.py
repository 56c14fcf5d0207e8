"""A worker: a process of its own that does one clip after the other.

    python -m formcheck.batch.worker DESCRIPTOR

It reads jobs from the socket that it inherited and answers each with a record
(or with the error that must end the run). The libraries and the model are
loaded once. It ends with the process that started it, however that ends.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing.connection import Connection

from formcheck.batch.job import work
from formcheck.errors import FormcheckError
from formcheck.pose.native import mute_native_stderr


def main() -> None:
    """Answer jobs until there are no more."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started it
    mute_native_stderr()
    with Connection(int(sys.argv[1])) as line:
        while True:
            try:
                job = line.recv()
            except EOFError:
                return
            try:
                answer: object = work(job)
            except FormcheckError as error:
                answer = error
            line.send(answer)


def _end_with_parent() -> None:
    """Standard input ends when the process at its other end is gone, even if it was killed."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
