from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.setup_system import browser as find_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Name of this process if the tests are shared among several; else empty."""
SAMPLES = Path(__file__).resolve().parents[1] / "sample_videos" / "clips"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def squat_clip() -> Path:
    """A rendered squat, three repetitions from the side."""
    return SAMPLES / "squat_side_good.mp4"


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of tracks for all processes of a test run, so that a clip is tracked once."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if WORKER else own) / "tracks"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; one for all tests of a process, for a second could not be started beside it."""
    from playwright.sync_api import sync_playwright

    program = find_browser()
    if program is None:
        pytest.fail(
            "No Chromium was found: run `python3 tools/setup_system.py --tests`.", pytrace=False
        )
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=[*QUIET])
        yield started
        started.close()
