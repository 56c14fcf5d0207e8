"""What this process may use of its machine: a container's or a job's share, not the whole."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path("/")
CORES_VARIABLE = "FORMCHECK_CORES"
"""Environment variable that names the most cores to use. A batch, which does several clips
at once, gives each of its workers one."""


def usable_cores(root: Path = ROOT, /) -> int:
    """Cores that this process may keep busy, at least one.

    Parameters
    ----------
    root
        Where ``proc`` and ``sys`` are.
    """
    quotas = [_ratio(folder) for folder in _groups(root, "cpu")]
    asked = _number(os.environ.get(CORES_VARIABLE, ""))
    return math.floor(max(1, min([_allowed_cores(), *quotas, asked])))


def usable_memory(root: Path = ROOT, /) -> float:
    """Bytes of memory that this process may fill; infinite if that is not known.

    Parameters
    ----------
    root
        Where ``proc`` and ``sys`` are.
    """
    limits = [
        _number(_text(folder / name))
        for folder in _groups(root, "memory")
        for name in ("memory.max", "memory.limit_in_bytes")
    ]
    return min([_installed(root), *limits])


def _allowed_cores() -> int:
    """Cores that the system schedules this process on; not every system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _installed(root: Path) -> float:
    for line in _text(root / "proc" / "meminfo").splitlines():
        name, _, rest = line.partition(":")
        if name == "MemTotal":
            return _number(rest.removesuffix("kB")) * 1024
    return math.inf


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """Control groups, of both versions, that this process is in, with those around them."""
    top = root / "sys" / "fs" / "cgroup"
    for line in _text(root / "proc" / "self" / "cgroup").splitlines():
        _, controllers, own = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        base = top / controller if controllers else top
        path = base / own.strip("/")
        while path != base:
            yield path
            path = path.parent
        yield base


def _ratio(folder: Path) -> float:
    """Cores that a group grants; infinite without a limit."""
    words = _text(folder / "cpu.max").split()
    if len(words) != 2:
        words = [_text(folder / f"cpu.cfs_{name}_us") for name in ("quota", "period")]
    quota, period = map(_number, words)
    return quota / period if quota > 0 and 0 < period < math.inf else math.inf


def _number(text: str) -> float:
    """A number; infinite for what is none, such as ``max``."""
    try:
        return float(text)
    except ValueError:
        return math.inf


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # this system has no such file
        return ""
