"""Who does the work: processes of this machine, or a Dask cluster. One interface.

Both give a `concurrent.futures.Executor` whose threads call
`formcheck.batch.isolated.work_isolated`, and how many jobs it does at once.
"""

from __future__ import annotations

import logging
import socket
import time
import warnings
from abc import abstractmethod
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from formcheck.batch.isolated import WORKER_BYTES, end_workers
from formcheck.batch.settings import WorkerError
from formcheck.errors import MissingLibraryError, UsageError
from formcheck.machine import usable_cores, usable_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

CONNECT_S = 10.0
SCHEDULER_PORT = 8786
PATIENCE_S = 120.0
"""So long a cluster without workers is waited for at the start."""
COUNT_EVERY_S = 5.0


def default_workers() -> int:
    """As many workers as this process may use cores, if they find room in the memory."""
    return max(1, min(usable_cores(), int(min(usable_memory() / WORKER_BYTES, 1e6))))


@contextmanager
def local_workers(workers: int, /) -> Iterator[tuple[Executor, int]]:
    """Worker processes of this machine; they end with the context."""
    executor = ThreadPoolExecutor(workers)
    try:
        yield executor, workers
    finally:
        executor.shutdown(wait=False, cancel_futures=True)  # first: else it starts the next clip
        end_workers()
        executor.shutdown()


class ElasticExecutor(Executor):
    """An executor whose workers come and go."""

    @abstractmethod
    def workers_now(self) -> int:
        """How many jobs it does at once at the moment."""


class DaskExecutor(ElasticExecutor):
    """The workers of a Dask cluster.

    Parameters
    ----------
    client
        Connected to its scheduler.
    say
        Told in a sentence when there are no workers, and when there are again.
    """

    def __init__(self, client: Any, say: Callable[[str], None]) -> None:
        self._client = client
        self._say = say
        # Not pure: a clip that is done again, with other rules, is another task.
        self._inner: Executor = client.get_executor(pure=False)
        self._workers = 0
        self._counted = -COUNT_EVERY_S

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do a call on the cluster."""
        return self._inner.submit(fn, *args, **kwargs)

    def workers_now(self) -> int:
        """Threads of all Dask workers, a few seconds ago."""
        if time.monotonic() - self._counted >= COUNT_EVERY_S:
            self._count()
        return self._workers

    def await_workers(self) -> None:
        """Wait until there is a worker.

        Raises
        ------
        WorkerError
            If none comes.
        """
        self._count()
        if not self._workers:
            self._say(f"The cluster has no workers yet; waiting for up to {PATIENCE_S:g} s.")
        deadline = time.monotonic() + PATIENCE_S
        while not self._workers and time.monotonic() < deadline:
            time.sleep(0.5)
            self._count()
        if not self._workers:
            raise WorkerError(
                f"The cluster had no workers for {PATIENCE_S:g} s; start some with: dask worker "
                f"{self._client.scheduler.address}"
            )

    def _count(self) -> None:
        try:
            workers = sum(self._client.nthreads().values())
        except OSError:
            return  # the connection is lost for now: if it is for good, the tasks say so
        if self._counted > 0 and workers == 0 < self._workers:
            self._say("The cluster has no workers any more; waiting for new ones.")
        if self._counted > 0 and self._workers == 0 < workers:
            self._say("The cluster has workers again.")
        self._workers, self._counted = workers, time.monotonic()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Give up what is not done; running clips are ended by their workers."""
        self._inner.shutdown(wait=wait and not cancel_futures)


def _say_nothing(_: str) -> None:
    """For those who do not care."""


@contextmanager
def dask_workers(
    address: str, /, say: Callable[[str], None] = _say_nothing
) -> Iterator[tuple[Executor, int]]:
    """The workers of a Dask cluster.

    Parameters
    ----------
    address
        Of its scheduler, as ``tcp://host:8786``.
    say
        Told in a sentence when there are no workers.

    Raises
    ------
    MissingLibraryError
        If Dask is not installed.
    WorkerError
        If there is no scheduler, or it has no workers.
    UsageError
        If the address is none.
    """
    client = _connected(address)
    try:
        executor = DaskExecutor(client, say)
        executor.await_workers()
        try:
            yield executor, executor.workers_now()
        finally:
            executor.shutdown(cancel_futures=True)
    finally:
        client.close()


def _connected(address: str) -> Any:
    try:
        import distributed  # heavy, and an extra  # noqa: PLC0415
    except ImportError as error:
        raise MissingLibraryError.of_extra("--dask", "dask") from error
    _knock(address)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)  # a sentence says it instead
    try:
        with warnings.catch_warnings():
            # Versions of other packages may differ; that of formcheck each worker checks.
            warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
            connect: Any = distributed.Client
            return connect(address, timeout=CONNECT_S, set_as_default=False)
    except OSError as error:
        raise WorkerError(
            f"What answers at {address} is no Dask scheduler (or one with TLS, as tls://)."
        ) from error


def _knock(address: str) -> None:
    """Whether anything is there; Dask itself takes half a minute to find out."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or SCHEDULER_PORT
        if parts.scheme not in ("tcp", "tls") or not host:
            raise ValueError(address)
    except ValueError as error:
        raise UsageError(
            f"--dask: expected an address such as tcp://host:8786, got {address}."
        ) from error
    try:
        socket.create_connection((host, port), CONNECT_S).close()
    except OSError as error:
        raise WorkerError(
            f"There is no Dask scheduler at {address} ({error.strerror or error})."
        ) from error
