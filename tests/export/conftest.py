from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formcheck import analyze
from formcheck.export.material import material_of
from formcheck.pose.cache import TrackCache
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.export.material import Material


@pytest.fixture(scope="session")
def side(shared_cache: Path) -> Material:
    """A rendered squat from the lifter's left."""
    clip = SAMPLES / "squat_side_good.mp4"
    return material_of(analyze(clip, cache=TrackCache(shared_cache)))


@pytest.fixture(scope="session")
def oblique(shared_cache: Path) -> Material:
    """A rendered squat at 45 degrees."""
    clip = SAMPLES / "squat_oblique_good.mp4"
    return material_of(analyze(clip, cache=TrackCache(shared_cache)))
