"""Write pictures with their own times to an H.264 file that plays everywhere.

The file appears whole or not at all: it is prepared beside its place and moved
there when it is complete.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import av
import cv2
import numpy as np

from formcheck.errors import OutputError, reason_of
from formcheck.files import made_folder, replacing
from formcheck.video.sound import CHANNELS, LAYOUT, RATE_HZ, SoundReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    Samples = NDArray[np.float32]

TICKS_HZ = 90_000
"""Clock of the file: a whole number of ticks per picture at all usual frame rates."""
BT709, BT601_MATRIX = 1, 6
"""Colours as screens show them; the matrix is the one that OpenCV converts with."""
TV_RANGE = 1
SOUND_AHEAD_S = 0.5
"""Sound is written this far ahead of the pictures, so that players need not seek."""
SOUND_GAP_S = 0.05
"""Longer gaps of the sound are filled with silence."""
PIECE = 1024
"""Samples in a frame of AAC."""


@dataclass(frozen=True)
class WriterSettings:
    """How a video is encoded.

    Attributes
    ----------
    width, height
        Size in pixels, both even.
    fps
        About how many pictures a second come; their own times count.
    crf
        Constant rate factor of x264: lower is better and larger.
    preset
        Speed of x264.
    x264
        Its further parameters. The defaults halve the time and leave the size.
    sound_bits
        Bits of sound a second.

    Raises
    ------
    ValueError
        If a size is odd or not positive.
    """

    width: int
    height: int
    fps: float = 30.0
    crf: int = 21
    preset: str = "superfast"
    x264: str = "bframes=0:mbtree=0:rc-lookahead=0"
    sound_bits: int = 160_000

    def __post_init__(self) -> None:
        if min(self.width, self.height) <= 0 or self.width % 2 or self.height % 2:
            raise ValueError(f"expected even sizes, got {self.width} x {self.height}")


class VideoWriter:
    """Context manager that writes one mp4 file: H.264, yuv420p, index first.

    Parameters
    ----------
    path
        The file. It is replaced when the new one is complete, and untouched
        after an error; folders that are missing are made.
    settings
        Size and quality.
    sound
        Where the sound comes from, opened; None for a silent file.

    Raises
    ------
    OutputError
        If the file cannot be written.

    Examples
    --------
    >>> with VideoWriter(Path("out.mp4"), WriterSettings(640, 360)) as out:  # doctest: +SKIP
    ...     out.write(image, 0.0)
    """

    def __init__(
        self, path: str | Path, settings: WriterSettings, *, sound: SoundReader | None = None
    ) -> None:
        self.path = Path(path).absolute()
        self._settings = settings
        self._sound = _SoundTrack(sound) if sound is not None and sound.found else None
        self._last_pts = -1
        self._planes = np.empty((settings.height * 3 // 2, settings.width), np.uint8)

    def __enter__(self) -> Self:
        self._whole = self._written_whole()
        with self._explained():
            self._whole.__enter__()
        return self

    @contextmanager
    def _written_whole(self) -> Iterator[None]:
        """The file while it is prepared, in its place afterwards; nothing is left of an error."""
        with made_folder(self.path.parent):
            if self.path.is_dir():
                raise OutputError(f"Cannot write {self.path}: it is a folder.")
            with replacing(self.path) as (part,), self._opened(part):
                yield
                self._finish()

    @contextmanager
    def _opened(self, part: Path) -> Iterator[None]:
        container: Any = av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"})
        self._container = container
        try:
            self._add_streams()
            yield
            container.close()
        except BaseException:
            with suppress(av.FFmpegError, OSError):
                container.close()
            raise

    def _add_streams(self) -> None:
        how = self._settings
        rate = Fraction(how.fps).limit_denominator(1001)
        self._stream: Any = self._container.add_stream(
            "libx264",
            rate=rate,
            options={"preset": how.preset, "crf": str(how.crf), "x264-params": how.x264},
        )
        self._stream.width, self._stream.height = how.width, how.height
        self._stream.pix_fmt = "yuv420p"
        context = self._stream.codec_context
        context.time_base = Fraction(1, TICKS_HZ)
        context.thread_type = "AUTO"
        context.color_primaries = context.color_trc = BT709
        context.colorspace = BT601_MATRIX
        context.color_range = TV_RANGE
        if self._sound is not None:
            self._sound.open(self._container, how.sound_bits)

    def write(self, image: Image, t_s: float) -> None:
        """Append a picture.

        Parameters
        ----------
        image
            Shape (height, width, 3), uint8 RGB.
        t_s
            When it is shown, seconds; later than the one before.

        Raises
        ------
        ValueError
            If its size or time does not fit.
        OutputError
            If it cannot be written.
        """
        expected = (self._settings.height, self._settings.width, 3)
        if image.shape != expected:
            raise ValueError(f"expected a picture of shape {expected}, got {image.shape}")
        pts = round(t_s * TICKS_HZ)
        if pts <= self._last_pts:
            raise ValueError(f"expected increasing times, got {t_s} s")
        self._last_pts = pts
        cv2.cvtColor(image, cv2.COLOR_RGB2YUV_I420, dst=self._planes)
        picture: Any = av.VideoFrame.from_ndarray(self._planes, format="yuv420p")
        picture.pts, picture.time_base = pts, Fraction(1, TICKS_HZ)
        with self._explained():
            self._container.mux(self._stream.encode(picture))
            if self._sound is not None:
                self._sound.write_until(t_s + SOUND_AHEAD_S)

    def hold_sound(self, seconds: float) -> None:
        """Silence for this long, from about the last picture on; then the sound goes on."""
        if self._sound is not None:
            self._sound.hold(seconds)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What went wrong elsewhere is not this file's.
        with self._explained() if error is None else nullcontext():
            self._whole.__exit__(kind, error, trace)

    def _finish(self) -> None:
        if self._last_pts < 0:
            raise OutputError(f"Cannot write {self.path}: there is no frame.")
        end_s = self._last_pts / TICKS_HZ + 1 / self._settings.fps
        if self._sound is not None:
            self._sound.write_until(end_s)
            self._sound.finish()
        self._container.mux(self._stream.encode(None))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the system or the encoder says into one sentence."""
        try:
            yield
        except (av.FFmpegError, OSError) as error:
            raise OutputError(f"Cannot write {self.path}: {reason_of(error)}.") from error


class _SoundTrack:
    """Pieces of sound become an AAC stream without gaps, as late as it is told."""

    def __init__(self, reader: SoundReader) -> None:
        self._pieces: Iterator[tuple[float, Samples]] = reader.pieces()
        self._waiting: tuple[float, Samples] | None = None
        self._buffer: Samples = np.zeros((CHANNELS, 0), np.float32)
        self._written = 0
        self._late_s = 0.0

    def open(self, container: Any, bits: int) -> None:
        """Add the stream to a file."""
        self._container = container
        self._stream: Any = container.add_stream("aac", rate=RATE_HZ, layout=LAYOUT)
        self._stream.bit_rate = bits

    def hold(self, seconds: float) -> None:
        """Let what has not been written yet come later."""
        self._late_s += seconds

    def write_until(self, end_s: float) -> None:
        """Write the sound up to a time of the file."""
        while self._known_s < end_s:
            piece = self._waiting or next(self._pieces, None)
            self._waiting = None
            if piece is None:
                return
            t_s, samples = piece
            if t_s + self._late_s >= end_s:
                self._waiting = piece
                return
            missing = round((t_s + self._late_s - self._known_s) * RATE_HZ)
            if missing > SOUND_GAP_S * RATE_HZ:
                self._append(np.zeros((CHANNELS, missing), np.float32))
            self._append(samples)

    @property
    def _known_s(self) -> float:
        return float(self._written + self._buffer.shape[1]) / RATE_HZ

    def _append(self, samples: Samples) -> None:
        self._buffer = np.concatenate([self._buffer, samples], axis=1)
        while self._buffer.shape[1] >= PIECE:
            self._encode(self._buffer[:, :PIECE])
            self._buffer = self._buffer[:, PIECE:]

    def _encode(self, samples: Samples) -> None:
        frame: Any = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples), format="fltp", layout=LAYOUT
        )
        frame.sample_rate, frame.pts = RATE_HZ, self._written
        frame.time_base = Fraction(1, RATE_HZ)
        self._written += samples.shape[1]
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what is left."""
        if self._buffer.shape[1]:
            self._encode(self._buffer)
        self._container.mux(self._stream.encode(None))
