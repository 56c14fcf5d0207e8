"""Kinds of files that public reports tell of, each small: what the reader makes of them."""

from __future__ import annotations

import shutil
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest

from formcheck.errors import VideoError
from formcheck.video import VideoReader
from formcheck.video.photos import video_inside
from tests.helpers.clips import Encoding, encode, numbered, read_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from formcheck.video import VideoInfo

FPS = 25
COUNT = 60
REORDERED = {"preset": "medium", "bf": "3"}
PHOTO = cv2.imencode(".jpg", numbered(5))[1].tobytes()


def clip(path: Path, **options: str) -> Path:
    images = [numbered(n) for n in range(COUNT)]
    return encode(path, images, Encoding(fps=FPS, options=options))


def restamped(
    source: Path, target: Path, stamps: Callable[[int, float, float], tuple[float, float] | None]
) -> Path:
    """The packets with other presentation and decoding stamps, seconds; None leaves one out."""
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        track = old.streams.video[0]
        copy = new.add_stream_from_template(track)
        for number, packet in enumerate(old.demux(track)):
            if packet.pts is None or packet.dts is None or packet.time_base is None:
                continue
            times = stamps(
                number, float(packet.pts * packet.time_base), float(packet.dts * packet.time_base)
            )
            if times is None:
                continue
            packet.time_base = Fraction(1, 90_000)
            packet.pts, packet.dts = (round(90_000 * time) for time in times)
            packet.duration, packet.stream = 90_000 // FPS, copy
            new.mux(packet)
    return target


def read(path: Path) -> tuple[list[float], list[int], VideoInfo]:
    with VideoReader(path) as reader:
        frames = list(reader.frames())
        info = reader.info()
    return [f.t_s for f in frames], [read_number(f.image) for f in frames], info


def codes(info: VideoInfo) -> set[str]:
    return {code for code, _ in info.warnings}


@pytest.mark.parametrize("suffix", ["mkv", "mov", "flv", "ts"])
def test_stamps_in_the_order_of_decoding_are_put_right(tmp_path: Path, suffix: str) -> None:
    source = clip(tmp_path / "source.mp4", **REORDERED)
    file = restamped(source, tmp_path / f"clip.{suffix}", lambda _, _p, d: (d + 0.2, d + 0.2))
    times, numbers, info = read(file)
    assert numbers == list(range(COUNT))
    assert times == pytest.approx(np.arange(COUNT) / FPS, abs=0.001)
    assert codes(info) == {"timestamps_reordered"}
    assert not info.variable_frame_rate


def test_single_pictures_of_such_a_clip_are_not_taken_from_wrong_places(tmp_path: Path) -> None:
    source = clip(tmp_path / "source.mp4", **REORDERED)
    file = restamped(source, tmp_path / "clip.mkv", lambda _, _p, d: (d + 0.2, d + 0.2))
    with VideoReader(file) as reader:
        assert list(reader.pictures_at([0.4])) == []
        assert list(reader.part(0.2, 0.6)) == []


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
@pytest.mark.parametrize("leap_s", [7200.0, 20_000.0])
def test_a_clock_that_leaps_is_joined(tmp_path: Path, suffix: str, leap_s: float) -> None:
    source = clip(tmp_path / "source.mp4", bf="0")

    def leaping(number: int, shown_s: float, decoded_s: float) -> tuple[float, float]:
        on_s = leap_s if number >= 20 else 0.0
        return shown_s + on_s, decoded_s + on_s

    file = restamped(source, tmp_path / f"clip.{suffix}", leaping)
    times, numbers, info = read(file)
    assert numbers == list(range(COUNT))
    assert times == pytest.approx(np.arange(COUNT) / FPS, abs=0.001)
    [(t_s, by_s)] = info.leaps
    assert t_s == pytest.approx(20 / FPS)
    assert by_s == pytest.approx(leap_s, abs=0.001)
    assert info.duration_s == pytest.approx(COUNT / FPS)


def test_a_track_of_stills_is_not_the_clip_even_by_default(tmp_path: Path) -> None:
    source = clip(tmp_path / "source.mp4", bf="0")
    file = tmp_path / "clip.mkv"
    with av.open(str(source)) as old, av.open(str(file), "w") as new:
        stills = new.add_stream("libx264", rate=1)
        stills.width, stills.height, stills.pix_fmt = 320, 240, "yuv420p"
        copy = new.add_stream_from_template(old.streams.video[0])
        stills.disposition = av.stream.Disposition.default
        copy.disposition = av.stream.Disposition(0)
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(numbered(0, 320, 240), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1)
            new.mux(stills.encode(frame))
        new.mux(stills.encode(None))
        for packet in old.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                new.mux(packet)
    _, numbers, info = read(file)
    assert numbers == list(range(COUNT))
    assert (info.width, info.height) == (160, 96)


def test_the_video_in_a_jpeg_motion_photo_is_the_clip(tmp_path: Path) -> None:
    video = clip(tmp_path / "source.mp4", **REORDERED).read_bytes()
    file = tmp_path / "MVIMG, 1.jpg"
    file.write_bytes(PHOTO + b"MotionPhoto_Data" + video + b"SEFT" + bytes(40))
    _, numbers, info = read(file)
    assert numbers == list(range(COUNT))
    assert info.warnings == ()


def test_the_video_in_a_heif_motion_photo_is_the_clip(tmp_path: Path) -> None:
    video = clip(tmp_path / "source.mp4", **REORDERED).read_bytes()

    def box(kind: bytes, content: bytes) -> bytes:
        return (8 + len(content)).to_bytes(4, "big") + kind + content

    file = tmp_path / "photo.heic"
    brands = b"heic" + bytes(4) + b"mif1heic"
    file.write_bytes(box(b"ftyp", brands) + box(b"mdat", bytes(500)) + box(b"mpvd", video))
    _, numbers, _ = read(file)
    assert numbers == list(range(COUNT))


def test_a_photo_is_said_to_be_one(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(PHOTO)
    assert video_inside(file) is None
    with VideoReader(file) as reader:
        assert len(list(reader.frames())) == 1
        info = reader.info()
    assert codes(info) == {"one_picture"}


def test_pictures_of_another_shape_keep_it(tmp_path: Path) -> None:
    """VP8 streams may change their size; the later ones stand in the middle of the first's."""
    wide, tall = (tmp_path / f"{name}.webm" for name in ("wide", "tall"))
    how = Encoding(codec="libvpx", fps=FPS)
    encode(wide, [numbered(255, 160, 96)] * 10, how)
    encode(tall, [numbered(255, 96, 160)] * 10, how)
    file = tmp_path / "both.webm"
    with av.open(str(file), "w") as new:
        copy, base = None, 0
        for part in (wide, tall):
            with av.open(str(part)) as old:
                copy = copy or new.add_stream_from_template(old.streams.video[0])
                packets = [one for one in old.demux(video=0) if one.pts is not None]
                for packet in packets:
                    packet.pts = packet.dts = (packet.pts or 0) + base
                    packet.stream = copy
                    new.mux(packet)
                base += 400
    with VideoReader(file) as reader:
        pictures = list(reader.pictures())
        images = [picture.rgb() for picture in pictures]
    assert [picture.shape for picture in pictures] == [(160, 96)] * 10 + [(96, 160)] * 10
    assert {image.shape for image in images} == {(96, 160, 3)}
    assert images[0].min() > 180
    high, width = 96, round(96 * 96 / 160)
    left = (160 - width) // 2
    assert images[-1][:, left + 2 : left + width - 2].min() > 180
    assert images[-1][:, : left - 2].max() == 0
    square = pictures[-1].sample(
        np.array([[width / 32, 0, left], [0, high / 32, 0]]), 32, black_outside=True
    )
    assert square[2:-2, 2:-2].min() > 0.7


@pytest.mark.parametrize("copied", [True, False])
def test_a_file_that_becomes_another_is_refused(tmp_path: Path, copied: bool) -> None:
    file, other = clip(tmp_path / "clip.mp4"), clip(tmp_path / "other.mp4", g="5")
    with VideoReader(file) as reader:
        next(iter(reader.frames()))
        if copied:
            shutil.copy(other, file)
        else:
            other.replace(file)
        with pytest.raises(VideoError, match=r"clip\.mp4 was changed while it was read"):
            reader.info()


def test_sound_beyond_the_last_picture_is_nothing_missing(tmp_path: Path) -> None:
    file = tmp_path / "clip.mkv"
    images = [numbered(n) for n in range(60)]
    encode(file, images, Encoding(times=[n / 60 for n in range(60)], audio=True))
    assert read(file)[2].warnings == ()
