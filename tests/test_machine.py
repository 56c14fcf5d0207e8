from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

import pytest

from formcheck.batch.executors import default_workers
from formcheck.batch.isolated import WORKER_BYTES
from formcheck.machine import CORES_VARIABLE, usable_cores, usable_memory

if TYPE_CHECKING:
    from pathlib import Path

SEEN = len(os.sched_getaffinity(0))
GROUPS = {
    "version 2, in a container": ("0::/\n", "cpu.max", "{quota} 100000\n", "memory.max"),
    "version 2, a job's step": (
        *("0::/slurm/job_7/step_0\n", "slurm/job_7/cpu.max", "{quota} 100000\n"),
        "slurm/memory.max",
    ),
    "version 1": (
        "7:memory:/pod\n3:cpu,cpuacct:/pod\n",
        *("cpu/pod/cpu.cfs_quota_us", "{quota}\n", "memory/pod/memory.limit_in_bytes"),
    ),
}


def system(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.mark.parametrize("kind", GROUPS)
def test_a_control_group_limits_cores_and_memory(kind: str, tmp_path: Path) -> None:
    own, cores, quota, memory = GROUPS[kind]
    files = {
        "proc/self/cgroup": own,
        "proc/meminfo": "MemFree: 1 kB\nMemTotal:       8000000 kB\n",
        f"sys/fs/cgroup/{cores}": quota.format(quota=150000),
        f"sys/fs/cgroup/{memory}": "2000000000\n",
        "sys/fs/cgroup/cpu/pod/cpu.cfs_period_us": "100000\n",
    }
    root = system(tmp_path, files)
    assert usable_cores(root) == 1  # one and a half would have two workers wait for each other
    assert usable_memory(root) == 2e9


def test_without_a_limit_it_is_what_the_machine_has(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/user.slice\n",
        "proc/meminfo": "MemTotal:       8000000 kB\n",
        "sys/fs/cgroup/user.slice/cpu.max": "max 100000\n",
        "sys/fs/cgroup/user.slice/memory.max": "max\n",
    }
    root = system(tmp_path, files)
    assert (usable_cores(root), usable_memory(root)) == (SEEN, 8000000 * 1024)


def test_a_system_that_tells_nothing_limits_nothing(tmp_path: Path) -> None:
    assert (usable_cores(tmp_path), usable_memory(tmp_path)) == (SEEN, math.inf)


def test_workers_fit_into_this_machine() -> None:
    workers = default_workers()
    assert 1 <= workers <= SEEN
    assert workers == 1 or workers * WORKER_BYTES <= usable_memory()


@pytest.mark.parametrize(
    ("asked", "cores"),
    [("1", 1), ("0", 1), ("-3", 1), ("-inf", 1), ("inf", None), ("nan", None), ("many", None)],
)
def test_the_environment_may_ask_for_fewer_cores(
    monkeypatch: pytest.MonkeyPatch, asked: str, cores: int | None
) -> None:
    monkeypatch.delenv(CORES_VARIABLE, raising=False)
    all_cores = usable_cores()
    monkeypatch.setenv(CORES_VARIABLE, asked)
    assert usable_cores() == (cores or all_cores)
