"""A decoded picture as its planes, sampled where somebody looks at it.

Turning a whole 1080p picture into RGB and scaling it costs more than finding a body
in it. What a network looks at is one square of it, so that square is read straight
from the planes: one affine map takes care of place, size, turn, rotation flags,
mirroring, pixel aspect and chroma subsampling, and only the square becomes RGB.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Image = NDArray[np.uint8]
    Square = NDArray[np.float32]

FULL_RANGE = 2
"""FFmpeg's AVCOL_RANGE_JPEG."""
LUMA_WEIGHTS = {1: (0.2126, 0.0722), 4: (0.30, 0.11), 7: (0.212, 0.087)} | dict.fromkeys(
    (9, 10), (0.2627, 0.0593)
)
"""Weights of red and blue in luma by FFmpeg's AVColorSpace (ITU-R BT.709, FCC, SMPTE 240M,
BT.2020); `USUAL_WEIGHTS` for BT.601 and for untagged video, as FFmpeg's scaler takes it."""
USUAL_WEIGHTS = (0.299, 0.114)
COARSE = 4.0
"""Pixels of a plane to one of the square from which the plane is halved first. Below, single
samples are what the networks were trained on: means over four gave hips and trunk 0.2
degrees further from motion capture (1280 lines). Above, most pixels would go unseen."""
MOST_BYTES = 1 << 23
"""The sum of fewer bytes fits into 31 bits."""
NOT_LUMA = {0, 8}
"""Colour spaces that are not luma and two colour differences: RGB, YCgCo."""


@dataclass(frozen=True)
class Orientation:
    """How a stored picture has to be turned to be upright.

    Attributes
    ----------
    turns
        Quarter turns counter-clockwise.
    mirrored
        Whether left and right are exchanged after the turn.
    """

    turns: int = 0
    mirrored: bool = False

    @classmethod
    def of(cls, frame: Any) -> Orientation:
        """Read from a decoded frame's display matrix, to the nearest quarter turn.

        The matrix takes stored (x, y) to displayed (a x + c y, b x + d y).
        """
        data = frame.side_data.get("DISPLAYMATRIX")
        if data is None:
            return cls()
        a, b, _, c, d, *_ = np.frombuffer(data, "<i4").astype(float)
        mirrored = bool(a * d < b * c)
        angle = -math.atan2(b, -a if mirrored else a)
        return cls(round(angle / (math.pi / 2)) % 4, mirrored)

    def turned_on(self, turns: int, /) -> Orientation:
        """So many more quarter turns counter-clockwise of what is displayed."""
        return Orientation((self.turns + (-turns if self.mirrored else turns)) % 4, self.mirrored)

    def upright(self, image: Image) -> Image:
        """The picture turned counter-clockwise, then mirrored; C-contiguous."""
        image = np.rot90(image, self.turns)
        return np.ascontiguousarray(image[:, ::-1] if self.mirrored else image)

    def swap(self, size: tuple[int, int]) -> tuple[int, int]:
        """Width and height after (or before) the turn."""
        return (size[1], size[0]) if self.turns % 2 else size

    def to_stored(self, size: tuple[int, int]) -> Floats:
        """Shape (2, 3): from upright to stored pixel numbers.

        Parameters
        ----------
        size
            Width and height of the stored picture, in pixels of the upright one.
        """
        last_x, last_y = size[0] - 1, size[1] - 1
        turned = {
            0: [[1, 0, 0], [0, 1, 0]],
            1: [[0, -1, last_x], [1, 0, 0]],
            2: [[-1, 0, last_x], [0, -1, last_y]],
            3: [[0, 1, 0], [-1, 0, last_y]],
        }[self.turns]
        matrix = np.array(turned, dtype=float)
        if self.mirrored:
            flip = np.array([[-1, 0, self.swap(size)[0] - 1], [0, 1, 0]], dtype=float)
            matrix = compose(matrix, flip)
        return matrix


def compose(outer: Floats, inner: Floats) -> Floats:
    """Shape (2, 3): the affine map that first does `inner`, then `outer`."""
    linear = outer[:, :2] @ inner[:, :2]
    return np.column_stack([linear, outer[:, :2] @ inner[:, 2] + outer[:, 2]])


@dataclass(frozen=True, eq=False)
class _Plane:
    """One plane, and the map from stored full-size pixel numbers to its own."""

    values: NDArray[Any]
    own: Floats


@lru_cache
def _to_rgb(weights: tuple[float, float], bits: int, *, full: bool) -> NDArray[np.float32]:
    """Shape (3, 4): from sample values Y, U, V to RGB in 0..1 (ITU-R BT.601-7, 2.5)."""
    red, blue = weights
    green = 1 - red - blue
    matrix = np.array(
        [
            [1, 0, 2 * (1 - red)],
            [1, -2 * blue * (1 - blue) / green, -2 * red * (1 - red) / green],
            [1, 2 * (1 - blue), 0],
        ]
    )
    unit = 1 << (bits - 8)
    top = (1 << bits) - 1
    luma, chroma = (top, top) if full else (219 * unit, 224 * unit)
    matrix = matrix / np.array([luma, chroma, chroma])
    zero = np.array([0 if full else 16 * unit, 128 * unit, 128 * unit])
    return np.column_stack([matrix, -matrix @ zero]).astype(np.float32)


class Picture:
    """One picture of a clip, upright in square pixels, not yet converted.

    Parameters
    ----------
    t_s
        Seconds since the clip's first picture.
    frame
        The decoded frame (PyAV).
    orientation
        How it has to be turned.
    size
        Displayed width and height, square pixels: the same for all pictures of a clip.
    shape
        Width and height of this picture, square pixels, which is shown as large as fits, in
        the middle; None if it fills the size.

    Attributes
    ----------
    size, shape
        As given.
    begins_shot
        Whether the clip cuts just before it, as far as `formcheck.video.shots` looked.

    Notes
    -----
    Pixel numbers are those of pixel centres: the first pixel is 0. Chroma is taken to
    lie on every second luma column and between two luma rows (MPEG's usual place);
    the quarter of a pixel by which some cameras differ is not looked at.
    """

    def __init__(
        self,
        t_s: float,
        frame: Any,
        orientation: Orientation,
        size: tuple[int, int],
        shape: tuple[int, int] | None = None,
    ) -> None:
        self.t_s = t_s
        self.size = size
        self.shape = shape or size
        self.begins_shot = False
        self._frame = frame
        self._orientation = orientation

    def rgb(self, max_side: int | None = None) -> Image:
        """The whole picture, shape (height, width, 3), uint8, C-contiguous.

        Parameters
        ----------
        max_side
            It is scaled down to at most this many pixels on the longer side; None
            keeps the displayed size.
        """
        factor = 1.0 if max_side is None else min(1.0, max_side / max(self.size))
        scaled = max(1, round(self.size[0] * factor)), max(1, round(self.size[1] * factor))
        inner = self._filled(scaled)
        width, height = self._orientation.swap(inner)
        frame = self._frame
        if frame.interlaced_frame:
            lines = np.ascontiguousarray(frame.to_ndarray(format="rgb24")[::2])
            frame = av.VideoFrame.from_ndarray(lines, format="rgb24")
        image = frame.to_ndarray(format="rgb24", width=width, height=height, interpolation="AREA")
        image = self._orientation.upright(image)
        if inner == scaled:
            return image
        framed = np.zeros((scaled[1], scaled[0], 3), np.uint8)
        left, top = (scaled[0] - inner[0]) // 2, (scaled[1] - inner[1]) // 2
        framed[top : top + inner[1], left : left + inner[0]] = image
        return framed

    def _filled(self, size: tuple[int, int]) -> tuple[int, int]:
        """The largest width and height of this picture's shape within a size."""
        if self.shape == self.size:
            return size
        factor = min(size[0] / self.shape[0], size[1] / self.shape[1])
        wide, high = (max(1, round(side * factor)) for side in self.shape)
        return min(wide, size[0]), min(high, size[1])

    def sample(self, to_picture: Floats, side: int, *, black_outside: bool = False) -> Square:
        """A square of the picture.

        Parameters
        ----------
        to_picture
            Shape (2, 3): takes pixel numbers of the square to pixel numbers here.
        side
            Pixels on a side of the square.
        black_outside
            What lies outside the picture is black; otherwise its edge is repeated.

        Returns
        -------
        ndarray
            Shape (side, side, 3), float32 RGB in 0..1.
        """
        stored = compose(self._to_stored, to_picture)
        luma, chroma = self._black
        found = []
        for plane, black in zip(self._planes, (luma, chroma, chroma), strict=False):
            outside = black if black_outside else None
            found.append(_warped(plane.values, compose(plane.own, stored), side, outside))
        if found[0].ndim == 2 and len(found) == 1:  # a grey picture
            found += [np.full_like(found[0], chroma)] * 2
        values = found[0] if len(found) == 1 else cv2.merge(found)
        rgb = np.asarray(cv2.transform(values.astype(np.float32), self._matrix), np.float32)
        clipped: Square = np.clip(rgb, 0, 1, out=rgb)
        return clipped

    def coarse(self, side: int) -> NDArray[np.float32]:
        """The whole picture's brightness in 0..1 as a square, as it is stored: not upright."""
        small = _means(self._planes[0].values, side).astype(np.float32)
        bits = self._frame.format.components[0].bits if self._is_planar else 8
        brightness = small.mean(axis=2) if small.ndim == 3 else small
        return np.asarray(brightness / np.float32((1 << bits) - 1), np.float32)

    @cached_property
    def _to_stored(self) -> Floats:
        """From pixel numbers as displayed to those of the stored frame."""
        inner = self._filled(self.size)
        wide, high = self._orientation.swap(inner)
        scale = self._frame.width / wide, self._frame.height / high
        shift = [(factor - 1) / 2 for factor in scale]
        stretch = np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]]])
        stored = compose(stretch, self._orientation.to_stored((wide, high)))
        left, top = ((most - side) // 2 for most, side in zip(self.size, inner, strict=True))
        return compose(stored, np.array([[1.0, 0.0, -left], [0.0, 1.0, -top]]))

    @cached_property
    def _is_planar(self) -> bool:
        """Whether the planes are luma and colour differences that can be read as they are."""
        kind = self._frame.format
        bits = {part.bits for part in kind.components}
        planes = {part.plane for part in kind.components}
        return (
            not (kind.is_rgb or kind.has_palette or kind.is_big_endian or kind.is_bit_stream)
            and self._frame.colorspace not in NOT_LUMA
            and len(planes) == len(kind.components) != 2
            and len(bits) == 1
            and bits <= set(range(8, 17))
            and all(plane.line_size > 0 for plane in self._frame.planes)
        )

    @cached_property
    def _planes(self) -> list[_Plane]:
        if not self._is_planar:
            image = np.ascontiguousarray(self._frame.to_ndarray(format="rgb24"))
            return [self._plane(image, 1, 1)]
        kind, frame = self._frame.format, self._frame
        dtype = np.dtype("u1" if kind.components[0].bits == 8 else "<u2")
        planes = []
        for plane in frame.planes[: min(3, len(kind.components))]:
            row = plane.line_size // dtype.itemsize
            values = np.frombuffer(plane, dtype).reshape(-1, row)[: plane.height, : plane.width]
            across, down = round(frame.width / plane.width), round(frame.height / plane.height)
            planes.append(self._plane(values, across, down))
        return planes

    def _plane(self, values: NDArray[Any], across: int, down: int) -> _Plane:
        """A plane with one sample for so many pixels; of interlaced ones the first field."""
        own = np.array([[1 / across, 0, 0], [0, 1 / down, -(down - 1) / 2 / down]])
        if self._frame.interlaced_frame:
            # The lines between were filmed half a frame interval later.
            values = values[::2]
            own[1] /= 2
        return _Plane(values, own)

    @cached_property
    def _black(self) -> tuple[int, int]:
        """Sample values of black: luma (or red, green and blue), colour difference."""
        if not self._is_planar:
            return 0, 0
        unit = 1 << (self._frame.format.components[0].bits - 8)
        return (0 if self._is_full else 16 * unit), 128 * unit

    @property
    def _is_full(self) -> bool:
        # FFmpeg writes and reads grey pictures so, whatever they say of themselves.
        named = str(self._frame.format.name).startswith(("yuvj", "gray"))
        return named or bool(self._frame.color_range == FULL_RANGE)

    @cached_property
    def _matrix(self) -> NDArray[np.float32]:
        if not self._is_planar:
            return np.eye(3, 4, dtype=np.float32) / np.float32(255)
        weights = LUMA_WEIGHTS.get(self._frame.colorspace, USUAL_WEIGHTS)
        return _to_rgb(weights, self._frame.format.components[0].bits, full=self._is_full)


def _means(values: NDArray[Any], side: int) -> NDArray[Any]:
    """Means of so many equal parts of a plane across, and as many down."""
    if values.ndim == 3 or values.dtype != np.uint8 or values.size >= MOST_BYTES:
        return np.asarray(cv2.resize(values, (side, side), interpolation=cv2.INTER_AREA))
    # OpenCV's own take longer, and several times as long where a part is no whole pixels.
    sums = np.asarray(cv2.integral(values))
    (rows, down), (columns, across) = (_edges(size, side) for size in values.shape)
    return np.asarray(down @ sums[rows][:, columns] @ across.T)


@lru_cache
def _edges(size: int, parts: int) -> tuple[NDArray[np.intp], Floats]:
    """Means of equal parts of a line, from the sums of what is before a pixel.

    Returns
    -------
    pixels
        Shape (2 * parts + 2,): those before and after the parts' edges.
    means
        Shape (parts, 2 * parts + 2): by what their sums are multiplied.
    """
    edges = np.linspace(0, size, parts + 1)
    before = np.minimum(edges.astype(int), size - 1)
    share = np.diag(edges - before)
    up_to = np.hstack([np.eye(parts + 1) - share, share])
    return np.concatenate([before, before + 1]), np.diff(up_to, axis=0) * parts / size


def _warped(values: NDArray[Any], to_plane: Floats, side: int, black: int | None) -> NDArray[Any]:
    """A square of a plane; one that is much larger is halved first (see `COARSE`)."""
    pixels = math.sqrt(abs(np.linalg.det(to_plane[:, :2])))
    most = math.floor(math.log2(min(values.shape[:2])))
    halvings = min(most, max(0, math.floor(math.log2(pixels / COARSE)) + 1))
    if halvings:
        values, to_plane = _halved(values, to_plane, side, halvings)
    border = cv2.BORDER_REPLICATE if black is None else cv2.BORDER_CONSTANT
    return np.asarray(
        cv2.warpAffine(
            values,
            to_plane,
            (side, side),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=border,
            borderValue=(black or 0,) * 3,
        )
    )


def _halved(
    values: NDArray[Any], to_plane: Floats, side: int, times: int
) -> tuple[NDArray[Any], Floats]:
    """The part of a plane under a square, halved so many times, and the map to it."""
    step = 1 << times
    corners = np.array([[0, side, 0, side], [0, 0, side, side], [1, 1, 1, 1]])
    x, y = to_plane @ corners
    spans = []
    for places, end in ((x, values.shape[1]), (y, values.shape[0])):
        whole = end // step * step
        low = np.clip(math.floor(places.min() / step) - 1, 0, whole // step - 1) * step
        high = np.clip(math.ceil(places.max() / step) + 1, 1, whole // step) * step
        spans.append((int(low), int(max(low + step, high))))
    (left, right), (top, bottom) = spans
    part = values[top:bottom, left:right]
    for _ in range(times):
        size = part.shape[1] // 2, part.shape[0] // 2
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    moved = to_plane.copy()
    moved[:, 2] -= (left, top)
    moved /= step
    moved[:, 2] -= (step - 1) / 2 / step
    return part, moved
