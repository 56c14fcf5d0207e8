"""Programs measured as the system sees them, and figures of rounds in which they take turns.

What this module imports must stay small: Linux counts what a process uses before it becomes
another program to that program's peak.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
MEGABYTE = 1e6
KIBIBYTE = 1024
NOT_RECOGNISED = 5
"""The exit code of ``formcheck analyze`` when it wrote a report without an exercise."""


@dataclass(frozen=True)
class Spent:
    """What a finished process took.

    Attributes
    ----------
    wall_s, cpu_s
        Seconds by the clock, and of all its threads and children on the processor.
    peak_mb
        Most memory it had at once, megabytes.
    load
        Load average before it began.
    said
        Its standard output.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    load: float
    said: str

    def __str__(self) -> str:
        return (
            f"{self.wall_s:8.2f} s {self.cpu_s:8.2f} s of processor {self.peak_mb:7.0f} MB"
            f"   load before {self.load:.1f}"
        )


@dataclass(frozen=True)
class Program:
    """A Python that has some version of formcheck, and where its tracks are kept.

    Attributes
    ----------
    python
        The interpreter.
    home
        Folder that is put first where it looks for modules; None for what is installed.
    cache
        Folder for tracks.
    """

    python: Path
    home: Path | None
    cache: Path

    def spend(self, *arguments: str) -> Spent:
        """Run it and wait for it, in an empty folder."""
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        environment["FORMCHECK_CACHE"] = str(self.cache)
        if self.home is not None:
            environment["PYTHONPATH"] = str(self.home)
        return _spend([str(self.python), *arguments], environment)

    def analyze(self, clip: Path, *options: str) -> Spent:
        """Run ``formcheck analyze``."""
        with tempfile.TemporaryDirectory() as folder:
            return self.spend(
                *("-m", "formcheck", "analyze", str(clip), "--quiet", "--out", folder), *options
            )


def _spend(command: Sequence[str], environment: Mapping[str, str]) -> Spent:
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory() as place,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as errors,
    ):
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=place, env=environment, stdout=out, stderr=errors)
        _, status, use = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        said, complaint = (file.read().decode(errors="replace") for file in (out, errors))
    if process.returncode not in (0, NOT_RECOGNISED):
        sys.exit(f"{command[1:]} ended with {process.returncode}:\n{complaint[-2000:]}")
    peak_mb = use.ru_maxrss * KIBIBYTE / MEGABYTE
    return Spent(wall_s, use.ru_utime + use.ru_stime, peak_mb, load, said)


def told(spent: Spent) -> Any:
    """What a program of the benchmark printed as JSON."""
    return json.loads(spent.said)


def take_turns(
    ways: Mapping[str, Callable[[], Spent]], rounds: int, say: Callable[[str], None]
) -> dict[str, list[Spent]]:
    """Run each way once in each round, and tell of every run as it ends."""
    runs: dict[str, list[Spent]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, run in ways.items():
            runs[name].append(run())
            say(f"    {number + 1} {name:28} {runs[name][-1]}")
    return runs


def median(runs: Sequence[Spent], what: str) -> float:
    """The median of one of the figures of `Spent`."""
    return float(statistics.median(getattr(run, what) for run in runs))


def ratio(over: Sequence[float], under: Sequence[float]) -> str:
    """The median of the rounds' ratios, with the least and the greatest."""
    found = [a / b for a, b in zip(over, under, strict=True)]
    return f"{statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [list(head), ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
