"""The video writer, read back with FFmpeg's own eyes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from formcheck.errors import OutputError
from formcheck.video import VideoReader
from formcheck.video.sound import SoundReader
from formcheck.video.writer import VideoWriter, WriterSettings
from tests.helpers.clips import CORNERS, Encoding, corners, encode, numbered, read_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SMALL = WriterSettings(160, 96)
EVEN = [number / 30 for number in range(12)]
UNEVEN = [0.0, 0.04, 0.05, 0.2, 0.21, 0.7, 1.9, 1.933]
TICK_S = 1 / 90_000


def write(path: Path, times: Sequence[float]) -> Path:
    with VideoWriter(path, SMALL) as out:
        for number, t_s in enumerate(times):
            out.write(numbered(number), t_s)
    return path


def stopped(path: Path, error: type[BaseException]) -> None:
    with VideoWriter(path, SMALL) as out:
        out.write(numbered(0), 0.0)
        raise error


def stamps(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(f.pts * f.time_base) for f in container.decode(video=0)]  # type: ignore[operator]


def boxes(path: Path) -> list[bytes]:
    """Names of an mp4 file's outermost boxes, in order."""
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        names.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at + 8 : at + 16], "big") if size == 1 else size
    return names


def test_format(tmp_path: Path) -> None:
    path = write(tmp_path / "out.mp4", EVEN)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        context: Any = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.width, context.height) == (160, 96)
        assert not container.streams.audio
    names = boxes(path)
    assert names.index(b"moov") < names.index(b"mdat")


@pytest.mark.parametrize("times", [EVEN, UNEVEN, [n * 1001 / 30000 for n in range(9)]])
def test_pictures_keep_times_and_order(tmp_path: Path, times: list[float]) -> None:
    path = write(tmp_path / "out.mp4", times)
    assert stamps(path) == pytest.approx(times, abs=TICK_S)
    with VideoReader(path) as reader:
        assert [read_number(f.image) for f in reader.frames()] == list(range(len(times)))


def test_colours_survive(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, SMALL) as out:
        for number in range(3):
            out.write(corners(), number / 30)
    with VideoReader(path) as reader:
        image = next(reader.frames()).image
    for (x, y), name in {(40, 24): "red", (120, 24): "green", (40, 72): "blue"}.items():
        assert image[y, x] == pytest.approx(CORNERS[name], abs=8)


@pytest.mark.parametrize("name", ['it\'s "quoted".mp4', "🏋️ sét.mp4", "a:b%d #1.mp4"])
def test_odd_names(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "новая папка" / name, EVEN)
    assert [p.name for p in path.parent.iterdir()] == [name]
    assert len(stamps(path)) == len(EVEN)


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_interrupted_writing_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error):
        stopped(tmp_path / "new" / "out.mp4", error)
    assert list(tmp_path.iterdir()) == []


def test_interrupted_writing_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        stopped(path, KeyboardInterrupt)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_appears_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, SMALL) as out:
        out.write(numbered(0), 0.0)
        assert not path.exists()
    assert path.is_file()


def test_what_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(OutputError, match="Cannot write"),
        VideoWriter(tmp_path / "file" / "out.mp4", SMALL),
    ):
        pass
    (tmp_path / "out.mp4").mkdir()
    with pytest.raises(OutputError, match="folder"), VideoWriter(tmp_path / "out.mp4", SMALL):
        pass
    with pytest.raises(OutputError, match="no frame"), VideoWriter(tmp_path / "a.mp4", SMALL):
        pass
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "out.mp4"]


def test_wrong_pictures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="even"):
        WriterSettings(161, 96)
    with VideoWriter(tmp_path / "out.mp4", SMALL) as out:
        out.write(numbered(0), 1.0)
        with pytest.raises(ValueError, match="increasing"):
            out.write(numbered(1), 1.0)
        with pytest.raises(ValueError, match="shape"):
            out.write(numbered(1, 96, 160), 2.0)


def tone(path: Path, *, seconds: float, burst: tuple[float, float]) -> Path:
    """A clip whose sound is silent but for a burst."""
    rate = 44_100
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 160, 96, "yuv420p"
        sound: Any = container.add_stream("aac", rate=rate, layout="mono")
        for number in range(round(seconds * 30)):
            picture = av.VideoFrame.from_ndarray(numbered(number % 256), format="rgb24")
            container.mux(video.encode(picture))
            t_s = (number * 1470 + np.arange(1470)) / rate
            loud = (t_s >= burst[0]) & (t_s < burst[1])
            wave = (0.8 * loud * np.sin(2 * np.pi * 440 * t_s)).astype(np.float32)
            frame: Any = av.AudioFrame.from_ndarray(wave[None], format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, number * 1470, Fraction(1, rate)
            container.mux(sound.encode(frame))
        container.mux(video.encode(None))
        container.mux(sound.encode(None))
    return path


def heard(path: Path) -> tuple[float, float]:
    """When the sound of a file begins and ends to be loud, seconds."""
    with SoundReader(path) as sound:
        pieces = [(t + np.arange(s.shape[1]) / 48_000, s[0]) for t, s in sound.pieces()]
    t_s = np.concatenate([t for t, _ in pieces])
    loud = t_s[np.abs(np.concatenate([s for _, s in pieces])) > 0.2]
    return float(loud[0]), float(loud[-1])


def test_sound_stays_with_its_pictures(tmp_path: Path) -> None:
    clip = tone(tmp_path / "clip.mp4", seconds=3.0, burst=(1.5, 2.0))
    path = tmp_path / "out.mp4"
    with SoundReader(clip, start_s=1.0) as sound, VideoWriter(path, SMALL, sound=sound) as out:
        for number in range(60):
            out.write(numbered(number), number / 30)
    with av.open(str(path)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
    assert heard(path) == pytest.approx((0.5, 1.0), abs=0.04)


def test_held_sound_comes_later(tmp_path: Path) -> None:
    clip = tone(tmp_path / "clip.mp4", seconds=4.0, burst=(3.0, 3.5))
    path = tmp_path / "out.mp4"
    with SoundReader(clip) as sound, VideoWriter(path, SMALL, sound=sound) as out:
        for number in range(180):
            if number == 30:
                out.hold_sound(2.0)
            out.write(numbered(number), number / 30)
    assert heard(path) == pytest.approx((5.0, 5.5), abs=0.04)


def test_a_clip_without_sound_gives_a_silent_file(tmp_path: Path) -> None:
    clip = encode(tmp_path / "clip.mp4", [numbered(0)] * 3, Encoding())
    with SoundReader(clip) as sound, VideoWriter(tmp_path / "o.mp4", SMALL, sound=sound) as out:
        assert not sound.found
        out.write(numbered(0), 0.0)
    with av.open(str(tmp_path / "o.mp4")) as container:
        assert not container.streams.audio
