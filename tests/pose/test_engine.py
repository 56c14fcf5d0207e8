"""Native chatter is dropped, and nothing else, whatever state standard error is in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAY = "import os, sys; from formcheck.pose.engine import quiet_stderr\n"


def said(code: str) -> tuple[int, str]:
    """Exit code and standard error of a process."""
    done = subprocess.run(
        [sys.executable, "-c", SAY + code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    return done.returncode, done.stderr


def test_only_what_is_written_inside_is_dropped() -> None:
    code = "os.write(2, b'a'); c = quiet_stderr()\nwith c: os.write(2, b'b')\nos.write(2, b'c')"
    assert said(code) == (0, "ac")


@pytest.mark.parametrize(
    "state", ["sys.stderr = None", "os.close(2)", "os.close(2); sys.stderr = None"]
)
def test_standard_error_may_be_missing(state: str) -> None:
    code = f"{state}\nwith quiet_stderr(): done = True\nassert done"
    assert said(code) == (0, "")


def test_two_threads_put_the_descriptor_back() -> None:
    code = (
        "import threading, time\n"
        "def quiet():\n"
        "    for _ in range(200):\n"
        "        with quiet_stderr(): time.sleep(0)\n"
        "threads = [threading.Thread(target=quiet) for _ in range(4)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "os.write(2, b'back')"
    )
    assert said(code) == (0, "back")
