from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import WORKER

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class CommandLine:
    """Runs formcheck in a process of its own."""

    cache: Path

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "FORMCHECK_CACHE": str(self.cache),
            "FORMCHECK_HISTORY": str(self.cache / f"history{WORKER}.sqlite"),  # not the user's own
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "80",
        }

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "formcheck", *map(str, arguments)],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "formcheck", *map(str, arguments)],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="session")
def formcheck(shared_cache: Path) -> CommandLine:
    return CommandLine(shared_cache)
