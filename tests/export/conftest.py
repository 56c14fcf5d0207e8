from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formcheck import analyze
from formcheck.export.markers import marker_set
from formcheck.export.source import source_of
from formcheck.kinematics.motion import measure_motion
from formcheck.pose import landmarks
from formcheck.pose.cache import TrackCache
from formcheck.pose.cleaning import clean
from tests.conftest import SAMPLES
from tests.helpers import skeleton as sk

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.export.markers import MarkerSet
    from formcheck.export.source import Source


@pytest.fixture(scope="session")
def side(shared_cache: Path) -> Source:
    """A rendered squat from the lifter's left."""
    clip = SAMPLES / "squat_side_good.mp4"
    return source_of(analyze(clip, cache=TrackCache(shared_cache)))


@pytest.fixture(scope="session")
def oblique(shared_cache: Path) -> Source:
    """A rendered squat at 45 degrees."""
    clip = SAMPLES / "squat_oblique_good.mp4"
    return source_of(analyze(clip, cache=TrackCache(shared_cache)))


@pytest.fixture(scope="session")
def gappy() -> MarkerSet:
    """A squat at 45 degrees; the last marker, which ends the lines of files, is missing a while."""
    last = landmarks.index("foot_index", "right")
    track = sk.without(sk.squat(sk.even_set(2), camera=sk.Camera(45)), 2.0, 2.5, [last])
    return marker_set(measure_motion(clean(track)))
