from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck import analyze, build_report
from formcheck.pose.cache import TrackCache
from formcheck.report.model import FilesPart
from tools.setup_system import browser as find_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from formcheck import ClipAnalysis, Report

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
def squat(squat_clip: Path, shared_cache: Path) -> ClipAnalysis:
    return analyze(squat_clip, cache=TrackCache(shared_cache))


@pytest.fixture(scope="session")
def squat_report(squat: ClipAnalysis) -> Report:
    return build_report(squat, FilesPart(angles_csv="angles.csv"))


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What keeps tracks without being told where does not do so in the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORMCHECK_CACHE", str(tmp_path_factory.mktemp("user_cache")))
        yield


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
