from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formcheck import analyze, build_report
from formcheck.pose.cache import TrackCache
from formcheck.report.model import FilesPart

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck import Report


@pytest.fixture(scope="session")
def squat_report(squat_clip: Path, shared_cache: Path) -> Report:
    return build_report(
        analyze(squat_clip, cache=TrackCache(shared_cache)), FilesPart(angles_csv="angles.csv")
    )
