from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import SAMPLES
from tests.helpers.remux import remux

if TYPE_CHECKING:
    from pathlib import Path

SHORT_S = 1.2
"""Enough for something to be tracked in no time; repetitions are counted elsewhere."""


@pytest.fixture(scope="session")
def short_clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two athletes with short clips, and two files that are no videos."""
    folder = tmp_path_factory.mktemp("batch") / "clips"
    for athlete, names in {
        "anna": ("squat_side_good", "row_side_good"),
        "ben/may": ("squat_side_lean", "pull_up_back_good"),
    }.items():
        for name in names:
            remux(SAMPLES / f"{name}.mp4", folder / athlete / f"{name}.mp4", seconds=SHORT_S)
    (folder / "anna" / "broken.mp4").write_text("no video")
    (folder / "empty.mp4").write_bytes(b"")
    return folder
