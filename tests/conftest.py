from __future__ import annotations

from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[1] / "sample_videos" / "clips"


@pytest.fixture(scope="session")
def squat_clip() -> Path:
    """A rendered squat, three repetitions from the side."""
    return SAMPLES / "squat_side_good.mp4"


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of tracks for the whole test run, so that a clip is tracked once."""
    return tmp_path_factory.mktemp("tracks")
