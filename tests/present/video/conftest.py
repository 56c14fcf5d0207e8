from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck import analyze
from formcheck.pose.cache import TrackCache

if TYPE_CHECKING:
    from formcheck import ClipAnalysis

SAMPLES = Path(__file__).resolve().parents[3] / "sample_videos" / "clips"


@pytest.fixture(scope="session")
def uneven(shared_cache: Path) -> ClipAnalysis:
    """A row with a variable frame rate, without faults at single moments."""
    return analyze(SAMPLES / "row_side_short_range.mp4", cache=TrackCache(shared_cache))


@pytest.fixture(scope="session")
def faulty(shared_cache: Path) -> ClipAnalysis:
    """A squat whose hips rise first, from the side."""
    return analyze(SAMPLES / "squat_side_lean.mp4", cache=TrackCache(shared_cache))


@pytest.fixture(scope="session")
def turned(shared_cache: Path) -> ClipAnalysis:
    """A row that is stored sideways."""
    return analyze(SAMPLES / "row_side_tiring.mp4", cache=TrackCache(shared_cache))
