from __future__ import annotations

from pathlib import Path

import pytest

CLIPS = Path(__file__).resolve().parents[2] / "sample_videos" / "clips"


@pytest.fixture(scope="session")
def sample_clip() -> Path:
    """A rendered clip that comes with the source."""
    return CLIPS / "squat_side_good.mp4"
