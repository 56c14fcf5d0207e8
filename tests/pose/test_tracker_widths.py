"""PyAV pads the lines of some widths, and pictures may be of odd sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from formcheck.pose.engine import Engine, load_engine
from formcheck.pose.model import load_model
from formcheck.video import VideoReader
from tests.helpers.clips import Encoding, encode

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RATE_HZ = 5


def sampled(clip: Path) -> list[NDArray[np.uint8]]:
    with VideoReader(clip) as reader:
        return [frame.image for frame in reader.frames(rate_hz=RATE_HZ, end_s=3.0)]


def resized(image: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    height = round(image.shape[0] * width / image.shape[1] / 2) * 2
    frame = av.VideoFrame.from_ndarray(image, format="rgb24")
    return np.ascontiguousarray(
        frame.to_ndarray(format="rgb24", width=width, height=height, interpolation="AREA")
    )


def bodies(clip: Path, engine: Engine) -> list[Floats | None]:
    """Landmarks in shares of the picture's size, per picture."""
    with VideoReader(clip) as reader:
        followed = load_engine(engine, load_model()).follow(reader.pictures())
        size = reader.display_wh
    return [
        sighting.people[0].xy_px / size if sighting.people else None
        for sighting in followed.sightings
    ]


@pytest.mark.parametrize("engine", list(Engine))
@pytest.mark.parametrize("width", [202, 854])
def test_widths_with_padded_lines_are_tracked_like_others(
    sample_clip: Path, tmp_path: Path, width: int, engine: Engine
) -> None:
    images = sampled(sample_clip)
    how = Encoding(fps=RATE_HZ, options={"crf": "15"})
    padded = encode(tmp_path / "padded.mp4", [resized(i, width) for i in images], how)
    plain = encode(tmp_path / "plain.mp4", [resized(i, 640) for i in images], how)
    pairs = zip(bodies(padded, engine), bodies(plain, engine), strict=True)
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    assert len(both) >= 0.9 * len(images)
    off = [np.median(np.abs(a - b)) for a, b in both]
    assert np.median(off) < 0.02
