from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from formcheck.cli.app import app
from tests.conftest import WORKER

ROOT = Path(__file__).resolve().parents[2]
Here = Callable[..., subprocess.CompletedProcess[str]]


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
            "FORMCHECK_LANGUAGE": "",  # not the developer's own
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


@pytest.fixture
def here(
    formcheck: CommandLine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Here:
    """Runs formcheck in this process: another one takes more than a second to start.

    For each command some test starts one all the same. `capfd` sees what native code writes, too.
    """
    for name, value in formcheck.environment().items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        with pytest.raises(SystemExit) as caught:
            app([*map(str, arguments)], prog_name="formcheck")
        printed, error = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, int(str(caught.value.code)), printed, error)

    return run
