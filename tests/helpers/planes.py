"""Film a picture that is known as a formula, as the planes of any pixel format."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np

from formcheck.video import VideoReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from formcheck.video.picture import Picture

    Floats = NDArray[np.float64]
    Scene = Callable[[Floats, Floats], Floats]
    """From pixel numbers x and y of the displayed picture to RGB (..., 3) in 0..1."""

UNTAGGED = 2
RED_BLUE = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114), 9: (0.2627, 0.0593)}
"""Shares of red and blue in luma by colour space: BT.709, BT.601 (both of its), BT.2020."""
FULL = 2
UPRIGHT = (1, 0, 0, 1)


@dataclass(frozen=True)
class Film:
    """How a scene is stored.

    Attributes
    ----------
    pix_fmt, codec, suffix, options
        As FFmpeg names them.
    colorspace, color_range
        FFmpeg's numbers, and whether the file says so.
    matrix
        Coefficients (a, b, c, d) of the display matrix.
    aspect
        Width of a pixel in units of its height.
    other_field
        What every second line shows instead, for interlaced ones.
    """

    pix_fmt: str = "yuv420p"
    codec: str = "ffv1"
    suffix: str = "mov"
    options: dict[str, str] = field(default_factory=dict)
    colorspace: int = UNTAGGED
    color_range: int = 0
    matrix: tuple[int, int, int, int] = UPRIGHT
    aspect: Fraction = Fraction(1)
    other_field: Scene | None = None

    def displayed(self, stored: tuple[int, int]) -> tuple[int, int]:
        """Size as displayed of a stored size."""
        wide = round(stored[0] * self.aspect), stored[1]
        return wide if self.matrix[0] else wide[::-1]


def film(path: Path, scene: Scene, size: tuple[int, int], how: Film) -> Picture:
    """Encode a scene on a stored picture of such a size, and decode it again."""
    frame = _painted(scene, size, how)
    file = path / f"scene.{how.suffix}"
    with av.open(str(file), "w") as container:
        stream: Any = container.add_stream(how.codec, rate=30, options=how.options)
        stream.width, stream.height, stream.pix_fmt = *size, how.pix_fmt
        context = stream.codec_context
        context.colorspace, context.color_range = frame.colorspace, frame.color_range
        if how.aspect != 1:
            context.sample_aspect_ratio = how.aspect
        if how.matrix != UPRIGHT:
            a, b, c, d = (value << 16 for value in how.matrix)
            stream.set_display_matrix([a, b, 0, c, d, 0, 0, 0, 1 << 30])
        container.mux([*stream.encode(frame), *stream.encode(None)])
    with VideoReader(file) as reader:
        return next(reader.pictures())


def seen(scene: Scene, to_picture: Floats, side: int) -> Floats:
    """What a square of the scene shows, shape (side, side, 3)."""
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    x, y = (
        part[0] * column + part[1] * row + part[2] for part in np.asarray(to_picture, dtype=float)
    )
    return scene(x, y)


def _painted(scene: Scene, size: tuple[int, int], how: Film) -> Any:
    """A frame with every sample as the scene is at its place; FFmpeg packs what is packed."""
    packed: Any = av.VideoFormat(how.pix_fmt, *size)
    if len({part.plane for part in packed.components}) < len(packed.components):
        return _painted(scene, size, replace(how, pix_fmt="yuv444p")).reformat(format=packed.name)
    frame: Any = av.VideoFrame(*size, how.pix_fmt)
    frame.colorspace, frame.color_range = how.colorspace, how.color_range
    kind = frame.format
    for number, part in enumerate(kind.components):
        plane = frame.planes[part.plane]
        values = _component(scene, size, how, number, (plane.width, plane.height))
        dtype = np.dtype("u1" if part.bits == 8 else "<u2")
        row = plane.line_size // dtype.itemsize
        lines = np.zeros((plane.height, row), dtype)
        lines[:, : plane.width] = values.round().clip(0, (1 << part.bits) - 1)
        plane.update(lines.tobytes())
    return frame


def _component(
    scene: Scene, size: tuple[int, int], how: Film, number: int, plane: tuple[int, int]
) -> Floats:
    """Samples of one component: their places, what is there, as it is stored."""
    kind: Any = av.VideoFormat(how.pix_fmt, *size)
    bits = kind.components[number].bits
    # Chroma lies on every second column and between two lines, luma on all of them.
    across, down = -(-size[0] // plane[0]), -(-size[1] // plane[1])
    stored = np.meshgrid(
        np.arange(plane[0]) * float(across), np.arange(plane[1]) * down + (down - 1) / 2
    )
    rgb = scene(*_displayed(stored, size, how))
    if how.other_field is not None:
        rgb[1::2] = how.other_field(*_displayed(stored, size, how))[1::2]
    if kind.is_rgb:
        return np.asarray(rgb[..., number] * ((1 << bits) - 1))
    red, blue = RED_BLUE[5 if how.colorspace == UNTAGGED else how.colorspace]
    luma = rgb @ [red, 1 - red - blue, blue]
    unit, top = 1 << (bits - 8), (1 << bits) - 1
    full = how.color_range == FULL or how.pix_fmt.startswith(("yuvj", "gray"))
    if number == 0:
        return np.asarray(luma * top if full else luma * 219 * unit + 16 * unit)
    colour, share = (rgb[..., 2], blue) if number == 1 else (rgb[..., 0], red)
    difference = (colour - luma) / 2 / (1 - share)
    return np.asarray(difference * (top if full else 224 * unit) + 128 * unit)


def _displayed(stored: Any, size: tuple[int, int], how: Film) -> tuple[Floats, Floats]:
    """Displayed pixel numbers of stored ones: from the middle, by the display matrix."""
    wide = how.displayed(size) if how.matrix[0] else how.displayed(size)[::-1]
    x = (stored[0] - (size[0] - 1) / 2) * wide[0] / size[0]
    y = stored[1] - (size[1] - 1) / 2
    a, b, c, d = how.matrix
    width, height = how.displayed(size)
    return a * x + c * y + (width - 1) / 2, b * x + d * y + (height - 1) / 2
