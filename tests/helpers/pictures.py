"""Decoded pictures for tests that look at some of a clip."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import av
import numpy as np

from formcheck.video import VideoReader
from formcheck.video.picture import Orientation, Picture

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray


def pictures_of(clip: Path, numbers: Iterable[int]) -> list[Picture]:
    """The numbered pictures of a clip."""
    wanted = set(numbers)
    with VideoReader(clip) as reader:
        pairs = zip(range(max(wanted) + 1), reader.pictures(), strict=False)
        return [picture for number, picture in pairs if number in wanted]


def of_rgb(image: NDArray[np.uint8], t_s: float = 0.0) -> Picture:
    """A picture whose frame is stored as RGB."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
    return Picture(t_s, frame, Orientation(), (image.shape[1], image.shape[0]))


def timed(images: Iterable[NDArray[np.uint8]], step_s: float = 1 / 30) -> list[Picture]:
    """Pictures of RGB images, evenly in time."""
    return [of_rgb(image, number * step_s) for number, image in zip(count(), images, strict=False)]
