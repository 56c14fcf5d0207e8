from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from formcheck.video import Frame, VideoInfo, VideoReader
from tests.helpers.clips import (
    Encoding,
    corners,
    encode,
    numbered,
    read_corners,
    read_number,
    silence,
)

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = [
    ("mp4", "libx264", "yuv420p"),
    ("mov", "libx264", "yuv420p10le"),
    ("mov", "libx265", "yuv420p"),
    ("mp4", "libx265", "yuv420p10le"),
    ("webm", "libvpx-vp9", "yuv420p"),
    ("mkv", "libvpx-vp9", "yuv420p"),
    ("mp4", "libsvtav1", "yuv420p"),
    ("webm", "libsvtav1", "yuv420p10le"),
    ("avi", "mpeg4", "yuv420p"),
    ("avi", "mjpeg", "yuvj420p"),
    ("mkv", "libx264", "yuv444p"),
]
CODEC_NAMES = {
    "libx264": {"h264"},
    "libx265": {"hevc"},
    "libvpx-vp9": {"vp9", "libvpx-vp9"},
    "libsvtav1": {"av1", "libdav1d"},
    "mpeg4": {"mpeg4"},
    "mjpeg": {"mjpeg"},
}
SYMMETRIES = [
    *((a, 0, 0, d) for a, d in product((1, -1), repeat=2)),
    *((0, b, c, 0) for b, c in product((1, -1), repeat=2)),
]
ROTATIONS = {(1, 0, 0, 1): 0, (0, -1, 1, 0): 90, (-1, 0, 0, -1): 180, (0, 1, -1, 0): 270}


def read(path: Path, max_side: int | None = None) -> tuple[list[Frame], VideoInfo]:
    with VideoReader(path, max_side=max_side) as reader:
        return list(reader.frames()), reader.info()


def assert_sound(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert image.shape[2] == 3


@pytest.mark.parametrize(("suffix", "codec", "pix_fmt"), FORMATS)
def test_every_codec_and_container(
    tmp_path: Path, suffix: str, codec: str, pix_fmt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVT_LOG", "0")
    images = [numbered(number) for number in range(12)]
    path = encode(tmp_path / f"clip.{suffix}", images, Encoding(codec=codec, pix_fmt=pix_fmt))
    frames, info = read(path)
    assert [read_number(frame.image) for frame in frames] == list(range(12))
    assert [frame.t_s for frame in frames] == pytest.approx(np.arange(12) / 30, abs=0.001)
    for frame, image in zip(frames, images, strict=True):
        assert_sound(frame.image)
        assert np.abs(frame.image.astype(int) - image).mean() < 12
    assert info.codec in CODEC_NAMES[codec]
    assert (info.width, info.height, info.rotation_deg, info.warnings) == (160, 96, 0, ())


@pytest.mark.parametrize(
    ("width", "height"), [(202, 360), (854, 480), (480, 854), (161, 97), (99, 203), (64, 64)]
)
def test_any_size_gives_contiguous_pictures(tmp_path: Path, width: int, height: int) -> None:
    image = corners(width, height)
    path = encode(tmp_path / "clip.mp4", [image] * 3, Encoding(pix_fmt="yuv444p"))
    frames, info = read(path)
    assert (info.width, info.height) == (width, height)
    for frame in frames:
        assert_sound(frame.image)
        assert frame.image.shape == image.shape
        assert np.abs(frame.image.astype(int) - image).mean() < 8


@pytest.mark.parametrize("matrix", SYMMETRIES)
@pytest.mark.parametrize("suffix", ["mp4", "mov"])
def test_the_display_matrix_is_applied(
    tmp_path: Path, suffix: str, matrix: tuple[int, int, int, int]
) -> None:
    a, b, c, d = matrix
    stored = read_corners(corners())
    expected = {(a * x + c * y, b * x + d * y): name for (x, y), name in stored.items()}
    path = encode(tmp_path / f"clip.{suffix}", [corners()] * 2, Encoding(matrix=matrix))
    frames, info = read(path)
    size = (160, 96) if a else (96, 160)
    assert (info.width, info.height) == size
    for frame in frames:
        assert_sound(frame.image)
        assert frame.image.shape[1::-1] == size
        assert read_corners(frame.image) == expected
    if matrix in ROTATIONS:
        assert info.rotation_deg == ROTATIONS[matrix]


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_wide_pixels_are_made_square(tmp_path: Path, suffix: str) -> None:
    how = Encoding(aspect=Fraction(4, 3))
    frames, info = read(encode(tmp_path / f"clip.{suffix}", [corners(120, 96)] * 2, how))
    assert (info.width, info.height) == (160, 96)
    assert frames[0].image.shape == (96, 160, 3)
    assert np.abs(frames[0].image.astype(int) - corners()).mean() < 8


def test_wide_pixels_of_a_turned_picture_make_it_taller(tmp_path: Path) -> None:
    how = Encoding(aspect=Fraction(4, 3), matrix=(0, 1, -1, 0))
    frames, info = read(encode(tmp_path / "clip.mp4", [corners(120, 96)] * 2, how))
    assert (info.width, info.height) == (96, 160)
    assert np.abs(frames[0].image.astype(int) - np.rot90(corners(), -1)).mean() < 8


def test_large_pictures_are_scaled_down_but_reported_as_displayed(tmp_path: Path) -> None:
    how = Encoding(matrix=(0, 1, -1, 0))
    frames, info = read(encode(tmp_path / "clip.mp4", [corners(320, 180)] * 2, how), max_side=160)
    assert (info.width, info.height) == (180, 320)
    assert frames[0].image.shape == (160, 90, 3)
    assert np.abs(frames[0].image.astype(int) - np.rot90(corners(160, 90), -1)).mean() < 8


def test_small_pictures_are_not_scaled_up(tmp_path: Path) -> None:
    frames, _ = read(encode(tmp_path / "clip.mp4", [corners()]), max_side=1000)
    assert frames[0].image.shape == (96, 160, 3)


def test_interlaced_pictures_show_one_moment(tmp_path: Path) -> None:
    woven = []
    for number in range(10):
        image = numbered(2 * number)
        image[1::2] = numbered(2 * number + 129)[1::2]
        woven.append(image)
    how = Encoding(options={"x264-params": "interlaced=1:qp=8"}, pix_fmt="yuv444p")
    frames, info = read(encode(tmp_path / "clip.mp4", woven, how))
    assert [read_number(frame.image) for frame in frames] == [2 * n for n in range(10)]
    for frame in frames:
        assert_sound(frame.image)
        assert np.abs(np.diff(frame.image.astype(int), axis=0)).mean() < 4
    assert (info.width, info.height) == (160, 96)


def test_sound_before_the_pictures_does_not_matter(tmp_path: Path) -> None:
    path = encode(tmp_path / "c.mp4", [numbered(n) for n in range(30)], Encoding(audio=True))
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["audio", "video"]
    frames, info = read(path)
    assert [read_number(frame.image) for frame in frames] == list(range(30))
    assert info.frames == 30


def test_a_cover_picture_is_not_the_video(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        video = container.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 160, 96, "yuv420p"
        container.mux(video.encode(av.VideoFrame.from_ndarray(numbered(5), format="rgb24")))
        container.mux(video.encode(None))
        picture = av.VideoFrame.from_ndarray(corners(64, 64), format="rgb24")
        container.mux([*cover.encode(picture), *cover.encode(None)])
    frames, info = read(path)
    assert [read_number(frame.image) for frame in frames] == [5]
    assert (info.width, info.height) == (160, 96)


def test_sound_with_a_cover_picture_is_no_video(tmp_path: Path) -> None:
    from formcheck.errors import VideoError

    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as container:
        sound = container.add_stream("aac", rate=48000)
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        container.mux([*sound.encode(silence(0)), *sound.encode(None)])
        picture = av.VideoFrame.from_ndarray(corners(64, 64), format="rgb24")
        container.mux([*cover.encode(picture), *cover.encode(None)])
    with pytest.raises(VideoError, match=r"song\.mp4 has no video stream"):
        read(path)
