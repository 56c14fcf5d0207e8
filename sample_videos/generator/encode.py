"""H.264 in MP4."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sample_videos.generator.spec import VideoSpec
    from sample_videos.generator.vec import Array

SIDEWAYS_DEG = 90
_KEY_EVERY = 250


def encode(
    path: Path, pictures: Iterable[Array], ticks: Sequence[int], clock: int, spec: VideoSpec
) -> None:
    """Write a video.

    Parameters
    ----------
    path
        MP4 file.
    pictures
        Upright frames, uint8, shape (height, width, 3).
    ticks
        Time stamp of each frame, in 1/`clock` s.
    clock
        Ticks a second.
    spec
        Quality; `rotate` stores the frames lying on their side, with a
        display matrix that sets them up again.
    """
    partial = path.with_suffix(".mp4.part")
    with av.open(str(partial), "w", format="mp4") as container:
        options = {"crf": str(spec.crf), "preset": "medium", "threads": "1"}
        rate = Fraction(spec.fps).limit_denominator(1001)
        stream = container.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height = spec.width, spec.height
        if spec.rotate:
            stream.width, stream.height = spec.height, spec.width
            stream.set_display_rotation(SIDEWAYS_DEG)
        stream.pix_fmt = "yuv420p"
        stream.gop_size = _KEY_EVERY
        stream.time_base = stream.codec_context.time_base = Fraction(1, clock)
        for picture, tick in zip(pictures, ticks, strict=True):
            stored = np.rot90(picture, -1) if spec.rotate else picture
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(stored), format="rgb24")
            frame.pts, frame.time_base = tick, Fraction(1, clock)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    partial.replace(path)
