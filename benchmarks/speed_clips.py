"""Clips to measure speed with: a sample clip at other sizes and rates, or any clip made long.

    python -m benchmarks.speed_clips TARGET --height 1080 --rate 60 --seconds 20
    python -m benchmarks.speed_clips TARGET --loop CLIP --seconds 3600

A program of its own, because it needs much memory: Linux counts what a process uses
before it becomes another program to that program's peak.
"""

from __future__ import annotations

import argparse
import math
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np

from benchmarks.annotate import repeat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

SOURCE = (
    Path(__file__).resolve().parents[1] / "sample_videos" / "clips" / "squat_side_hips_first.mp4"
)
PHONE = {"preset": "veryfast", "crf": "23"}
GRAIN = 4.5
"""Standard deviation of the noise put on luma at 30 pictures a second, in its 256 steps; it
grows with the root of the rate, for each picture has less light. Rendered pictures are so
clean that they would take a tenth of the bits that a phone's take, and decode too quickly."""
PLAY = 64
"""The noise is one field, a little larger than the picture and moved by up to so many pixels."""


def to_and_fro_s(t_s: float, length_s: float) -> float:
    """The time in a clip of some length that is played forwards, backwards and so on.

    >>> [to_and_fro_s(t_s, 2.0) for t_s in (0.5, 2.5, 4.5)]
    [0.5, 1.5, 0.5]
    """
    into = t_s % (2 * length_s)
    return min(into, 2 * length_s - into)


def _planes(packed: Image) -> list[Image]:
    """Luma and both colour differences of a picture as PyAV packs them (yuv420p)."""
    high, wide = packed.shape[0] * 2 // 3, packed.shape[1]
    flat, luma = packed.ravel(), high * wide
    parts = (flat[luma : luma + luma // 4], flat[luma + luma // 4 :])
    return [packed[:high], *(part.reshape(high // 2, wide // 2) for part in parts)]


def pictures(source: Path, size: tuple[int, int], rate: int, seconds: float) -> Iterator[Image]:
    """A clip played to and fro at another size and rate, each picture different.

    Parameters
    ----------
    source
        The clip.
    size
        Width and height, even.
    rate
        Pictures a second. Between two pictures of the source both are blended.
    seconds
        For how long.

    Yields
    ------
    ndarray
        Shape (3 / 2 height, width), uint8: planes as PyAV packs them (yuv420p).
    """
    wide, high = size
    with av.open(str(source)) as clip:
        fps = float(clip.streams.video[0].average_rate or rate)
        known = [frame.to_ndarray(format="yuv420p") for frame in clip.decode(video=0)]
    random = np.random.default_rng(0)
    rough = GRAIN * math.sqrt(rate / 30)
    grain = np.rint(random.normal(0, rough, (high + PLAY, wide + PLAY))).astype(np.int8)
    for number in range(round(seconds * rate)):
        at = to_and_fro_s(number / rate, (len(known) - 1) / fps) * fps
        before = min(int(at), len(known) - 2)
        share = at - before
        mixed = cv2.addWeighted(known[before], 1 - share, known[before + 1], share, 0)
        luma, *chroma = _planes(np.asarray(mixed, dtype=np.uint8))
        down, right = random.integers(0, PLAY, 2)
        moved = grain[down : down + high, right : right + wide]
        planes = [
            cv2.add(cv2.resize(luma, size), moved, dtype=cv2.CV_8U),
            *(cv2.resize(plane, (wide // 2, high // 2)) for plane in chroma),
        ]
        packed = np.concatenate([plane.ravel() for plane in planes])
        yield packed.reshape(high * 3 // 2, wide)


def make(target: Path, *, height: int, rate: int, seconds: float) -> None:
    """Encode the sample clip as a phone might have filmed it.

    Parameters
    ----------
    target
        The file.
    height
        Pixels on the picture's shorter side, as in 1080p; the phone stands upright.
    rate
        Pictures a second.
    seconds
        For how long.
    """
    size = height, height * 16 // 9 // 2 * 2
    with av.open(str(target), "w") as out:
        options = PHONE | {"g": str(rate)}
        stream: Any = out.add_stream("libx264", rate=Fraction(rate), options=options)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for packed in pictures(SOURCE, size, rate, seconds):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(packed, format="yuv420p")))
        out.mux(stream.encode(None))


def main() -> None:
    """Make one clip; it appears whole or not at all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("--height", type=int, default=1080)
    parser.add_argument("--rate", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--loop", type=Path, help="repeat this clip instead, packet by packet")
    asked = parser.parse_args()
    part = asked.target.with_name(f"unfinished_{asked.target.name}")
    if asked.loop is None:
        make(part, height=asked.height, rate=asked.rate, seconds=asked.seconds)
    else:
        repeat(asked.loop, part, seconds=asked.seconds)
    part.replace(asked.target)


if __name__ == "__main__":
    main()
