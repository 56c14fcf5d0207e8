"""Encode small videos whose pictures carry what a test wants to read back."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

TICKS = 1000
"""Ticks of the encoder's clock per second."""
SOUND_HZ = 48000
BITS = 8
QUIET: dict[str, dict[str, str]] = {
    "libx265": {"x265-params": "log-level=none", "preset": "ultrafast"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "8"},
    "libx264": {"preset": "ultrafast"},
}


def numbered(number: int, width: int = 160, height: int = 96) -> Image:
    """A picture of `BITS` vertical stripes that spell a number, bright for 1."""
    bits = [number >> bit & 1 for bit in reversed(range(BITS))]
    stripes = np.array(bits, dtype=np.uint8)[np.arange(width) * BITS // width]
    return np.broadcast_to((30 + 200 * stripes)[:, None], (height, width, 3)).astype(np.uint8)


def noisy(number: int) -> Image:
    """`numbered` with fixed noise, so that it takes some space in the file."""
    image = numbered(number)
    noise = np.random.default_rng(number).integers(-20, 21, image.shape)
    return (image + noise).clip(0, 255).astype(np.uint8)


def read_number(image: Image) -> int:
    """The number that `numbered` drew."""
    row = image[image.shape[0] // 2, :, 0]
    centres = ((np.arange(BITS) + 0.5) * len(row) / BITS).astype(int)
    return int("".join("1" if row[x] > 128 else "0" for x in centres), 2)


CORNERS = {"red": (220, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 220), "grey": (180,) * 3}


def corners(width: int = 160, height: int = 96) -> Image:
    """Quarters in red and green above, blue and grey below: no two ways up look alike."""
    image = np.empty((height, width, 3), np.uint8)
    x, y = width // 2, height // 2
    image[:y, :x], image[:y, x:] = CORNERS["red"], CORNERS["green"]
    image[y:, :x], image[y:, x:] = CORNERS["blue"], CORNERS["grey"]
    return image


def read_corners(image: Image) -> dict[tuple[int, int], str]:
    """Colour names of the quarters, by (x, y) with -1 for left or top and 1 for the others."""
    height, width = image.shape[:2]
    names = {}
    for x in (-1, 1):
        for y in (-1, 1):
            colour = image[height * (2 + y) // 4, width * (2 + x) // 4].astype(int)
            distance = {name: np.abs(colour - known).sum() for name, known in CORNERS.items()}
            names[x, y] = min(distance, key=lambda name: distance[name])
    return names


@dataclass(frozen=True)
class Encoding:
    """How a clip is encoded.

    Attributes
    ----------
    codec, pix_fmt, options
        As FFmpeg names them.
    fps
        Frame rate; also the spacing of pictures without `times`.
    times
        Presentation times in seconds, one per picture.
    matrix
        Coefficients (a, b, c, d) of the display matrix.
    aspect
        Width of a pixel in units of its height.
    audio
        Whether a sound stream comes before the video stream.
    muxer
        Options of the container.
    """

    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    options: dict[str, str] = field(default_factory=dict)
    fps: int = 30
    times: Sequence[float] | None = None
    matrix: tuple[int, int, int, int] | None = None
    aspect: Fraction | None = None
    audio: bool = False
    muxer: dict[str, str] = field(default_factory=dict)


def encode(path: Path, images: Sequence[Image], how: Encoding | None = None) -> Path:
    """Write a video file and return its path."""
    how = how or Encoding()
    with av.open(str(path), "w", options=how.muxer) as container:
        sound: Any = container.add_stream("aac", rate=SOUND_HZ) if how.audio else None
        stream = _add_stream(container, how, images[0])
        for number, image in enumerate(images):
            frame: Any = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
            if how.times is not None:
                frame.pts, frame.time_base = round(how.times[number] * TICKS), Fraction(1, TICKS)
            container.mux(stream.encode(frame))
            if sound is not None:
                container.mux(sound.encode(silence(number)))
        container.mux(stream.encode(None))
        if sound is not None:
            container.mux(sound.encode(None))
    return path


def _add_stream(container: Any, how: Encoding, image: Image) -> Any:
    options = QUIET.get(how.codec, {}) | how.options
    stream = container.add_stream(how.codec, rate=how.fps, options=options)
    stream.height, stream.width = image.shape[:2]
    stream.pix_fmt = how.pix_fmt
    if how.aspect is not None:
        stream.codec_context.sample_aspect_ratio = how.aspect
    if how.times is not None:
        stream.codec_context.time_base = Fraction(1, TICKS)
    if how.matrix is not None:
        a, b, c, d = (value << 16 for value in how.matrix)
        stream.set_display_matrix([a, b, 0, c, d, 0, 0, 0, 1 << 30])
    return stream


def silence(number: int) -> Any:
    """The numbered thirtieth of a second of silence."""
    samples = np.zeros((1, SOUND_HZ // 30), np.float32)
    frame: Any = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
    frame.sample_rate = SOUND_HZ
    frame.pts = number * SOUND_HZ // 30
    return frame
