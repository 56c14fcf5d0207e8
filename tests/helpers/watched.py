"""Run a program and see whom it calls: at a proxy that only listens, and in its system calls."""

from __future__ import annotations

import os
import re
import shutil
import socketserver
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

PROXIES = tuple(
    spelt
    for name in ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "grpc_proxy")
    for spelt in (name, name.upper())
)
FIRST_BYTES = 200
GREETING_S = 2.0
LATE_S = 0.3
"""What a program left running has so long to call after the program has ended."""
TIMEOUT_S = 300.0

TRACE = (
    *("strace", "--follow-forks", "--seccomp-bpf", "-qq"),
    *("-e", "trace=network", "-e", "signal=none"),
)
OUTWARD = re.compile(r"\bsocket\((?!AF_UNIX\b)|sa_family=AF_(?!UNIX\b|UNSPEC\b)")
"""Opening a socket of any family but the one between processes, and saying whom it is for."""
NO_NETWORK = (("unshare", "--net"), ("unshare", "--map-root-user", "--net"))
"""Ways into a network namespace without interfaces: for root, and for everybody."""


@dataclass(frozen=True)
class Watched:
    """How a program ended, and whom it called meanwhile.

    Attributes
    ----------
    exit_code
        How it ended.
    said
        Its standard error.
    calls
        The first bytes of every connection to the proxy.
    sockets
        System calls that open a socket to somewhere, or use one; none if it was not traced.
    """

    exit_code: int
    said: str
    calls: tuple[bytes, ...]
    sockets: tuple[str, ...]


class _Proxy(socketserver.ThreadingTCPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.calls: list[bytes] = []


class _Visit(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, _Proxy)
        self.request.settimeout(GREETING_S)
        try:
            first = self.request.recv(FIRST_BYTES)
        except OSError:  # who connects and says nothing has called as well
            first = b""
        self.server.calls.append(first)


@contextmanager
def _listening() -> Iterator[_Proxy]:
    with _Proxy() as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()


def watch(
    command: Sequence[str],
    log: Path,
    *,
    environment: Mapping[str, str] = os.environ,
    cwd: Path | None = None,
    around: Sequence[str] = (),
) -> Watched:
    """Run a program to its end and see whom it calls, also through what it leaves running.

    Parameters
    ----------
    command
        The program and its arguments.
    log
        File for the trace.
    environment
        Its environment; proxies are added.
    cwd
        Where it runs.
    around
        A program that runs it, such as one of `NO_NETWORK`.
    """
    tracing = () if why_untraced() else (*TRACE, "--output", str(log))
    with _listening() as proxy:
        url = f"http://127.0.0.1:{proxy.server_address[1]}"
        done = subprocess.run(
            [*around, *tracing, *command],
            # An exception such as no_proxy=localhost would keep callers from the listener.
            env={**environment, **dict.fromkeys(PROXIES, url), "no_proxy": "", "NO_PROXY": ""},
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
        )
        time.sleep(LATE_S)
    lines = log.read_text().splitlines() if tracing else []
    return Watched(
        done.returncode,
        done.stderr,
        tuple(proxy.calls),
        tuple(dict.fromkeys(call for line in lines if (call := _outward(line)))),
    )


def _outward(line: str) -> str | None:
    """A line of the trace without the process, if it has to do with somewhere else."""
    return line.partition(" ")[2].strip() if OUTWARD.search(line) else None


@cache
def why_untraced() -> str | None:
    """Why system calls cannot be traced here, or None if they can."""
    if shutil.which(TRACE[0]) is None:
        return "strace is not installed: run `python3 tools/setup_system.py --tests`"
    return _refusal([*TRACE, "--output", os.devnull, "true"])


@cache
def no_network() -> tuple[str, ...] | None:
    """What runs a program without a network here, or None if the kernel allows none of it."""
    return next((way for way in NO_NETWORK if _refusal([*way, "true"]) is None), None)


def why_networked() -> str | None:
    """Why no program can be run without a network here, or None if one can."""
    if no_network() is not None:
        return None
    reasons = (_refusal([*way, "true"]) for way in NO_NETWORK)
    return "; ".join(dict.fromkeys(filter(None, reasons)))


def _refusal(command: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return f"{command[0]} is not installed"
    said = done.stderr.strip() or f"exit code {done.returncode}"
    return f"{command[0]} is not allowed here: {said}" if done.returncode else None
