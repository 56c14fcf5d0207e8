"""The same squat as people's files really have it: containers, clocks and tracks gone wrong.

All are made from the rendered clip ``squat_side_hips_first.mp4``: three repetitions whose
turning points are known.
"""

from __future__ import annotations

from pathlib import Path

from formcheck.pose.tracker import TrackSettings

FOLDER = Path(__file__).resolve().parents[1] / "recordings"
TURNS_S = (2.11, 4.47, 7.03)
NEAR_S = 0.3
SETTINGS = TrackSettings(rate_hz=15.0)
"""Half as many pictures as usual: enough for repetitions, in half the time."""


def recording(name: str) -> Path:
    """A file, by its name."""
    return FOLDER / name


RECORDINGS = sorted(file.name for file in FOLDER.iterdir())
