from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formcheck import analyze, build_report
from formcheck.pose.cache import TrackCache
from formcheck.report.model import FilesPart

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck import ClipAnalysis, Report


@pytest.fixture(scope="session")
def squat(squat_clip: Path, shared_cache: Path) -> ClipAnalysis:
    return analyze(squat_clip, cache=TrackCache(shared_cache))


@pytest.fixture(scope="session")
def squat_report(squat: ClipAnalysis) -> Report:
    return build_report(squat, FilesPart(angles_csv="angles.csv"))
