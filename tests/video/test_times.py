from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.video import VideoReader
from formcheck.video.clock import Clock
from tests.helpers.clips import Encoding, encode, noisy, numbered, read_number

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.video import VideoInfo


def read(path: Path, **selection: float) -> tuple[list[float], list[int], VideoInfo]:
    with VideoReader(path) as reader:
        frames = list(reader.frames(**selection))
        info = reader.info()
    return [frame.t_s for frame in frames], [read_number(frame.image) for frame in frames], info


def codes(info: VideoInfo) -> set[str]:
    return {code for code, _ in info.warnings}


def counted(count: int) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    return [numbered(number) for number in range(count)]


def test_even_times_start_at_zero(tmp_path: Path) -> None:
    times, numbers, info = read(encode(tmp_path / "clip.mp4", counted(20), Encoding(fps=25)))
    assert times == pytest.approx(np.arange(20) / 25)
    assert numbers == list(range(20))
    assert info.frames == 20
    assert info.mean_fps == pytest.approx(25)
    assert info.duration_s == pytest.approx(0.8)
    assert not info.variable_frame_rate
    assert info.warnings == ()


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_variable_frame_rate_keeps_the_clips_own_times(tmp_path: Path, suffix: str) -> None:
    stamps = [0.0, 0.04, 0.2, 0.24, 0.3, 1.0, 1.1, 2.5]
    path = encode(tmp_path / f"clip.{suffix}", counted(8), Encoding(times=stamps))
    times, numbers, info = read(path)
    assert times == pytest.approx(stamps, abs=0.001)
    assert numbers == list(range(8))
    assert info.variable_frame_rate


def test_a_late_start_is_moved_to_zero(tmp_path: Path) -> None:
    stamps = [3.0, 3.1, 3.2]
    path = encode(tmp_path / "clip.mkv", counted(3), Encoding(times=stamps))
    times, _, info = read(path)
    assert times == pytest.approx([0.0, 0.1, 0.2], abs=0.001)
    assert info.duration_s == pytest.approx(0.3, abs=0.01)


def test_reordered_pictures_come_in_order_of_display(tmp_path: Path) -> None:
    how = Encoding(options={"preset": "medium", "bf": "3"})
    times, numbers, info = read(encode(tmp_path / "clip.mp4", counted(30), how))
    assert numbers == list(range(30))
    assert times == pytest.approx(np.arange(30) / 30)
    assert info.warnings == ()


@pytest.mark.parametrize(
    ("fps", "step"), [(12, 1), (24, 1), (30, 1), (36, 1), (50, 2), (60, 2), (120, 4), (240, 7)]
)
def test_sampling_at_about_30_hz_is_even(tmp_path: Path, fps: int, step: int) -> None:
    path = encode(tmp_path / "clip.mp4", counted(60), Encoding(fps=fps))
    times, numbers, info = read(path, rate_hz=30)
    assert numbers == list(range(0, 60, step))
    assert times == pytest.approx(np.arange(0, 60, step) / fps)
    assert info.frames == 60
    assert info.mean_fps == pytest.approx(fps)


def test_jittering_time_stamps_lose_no_picture(tmp_path: Path) -> None:
    jitter = np.random.default_rng(0).uniform(-0.003, 0.003, 60)
    stamps = (np.arange(60) / 30 + 0.01 + jitter).tolist()
    _, numbers, _ = read(
        encode(tmp_path / "c.mkv", counted(60), Encoding(times=stamps)), rate_hz=30
    )
    assert numbers == list(range(60))


def test_start_and_end_select_a_part_on_the_clips_clock(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mp4", counted(60))
    times, numbers, _ = read(path, start_s=0.5, end_s=1.0)
    assert numbers == list(range(15, 31))
    assert times[0] == pytest.approx(0.5)


def test_an_ended_part_is_not_called_incomplete(tmp_path: Path) -> None:
    _, _, info = read(encode(tmp_path / "clip.mp4", counted(60)), end_s=0.5)
    assert info.warnings == ()


def test_a_part_beyond_the_end_is_empty(tmp_path: Path) -> None:
    times, _, info = read(encode(tmp_path / "clip.mp4", counted(10)), start_s=5.0)
    assert times == []
    assert info.frames == 10


@pytest.mark.parametrize("fps", [20, 30, 60])
def test_a_bare_stream_gets_times_from_its_frame_rate(tmp_path: Path, fps: int) -> None:
    path = encode(tmp_path / "clip.h264", counted(20), Encoding(fps=fps))
    times, numbers, info = read(path)
    assert numbers == list(range(20))
    assert times == pytest.approx(np.arange(20) / fps)
    assert codes(info) == {"timestamps_rebuilt"}


@pytest.mark.parametrize(
    ("stamps", "expected", "rebuilt"),
    [
        ([5.0, 5.5, 6.0], [0.0, 0.5, 1.0], 0),
        ([None, None, None], [0.0, 0.1, 0.2], 3),
        ([None, 7.0, 7.2], [0.0, 0.1, 0.3], 1),
        ([0.0, 0.2, None, 0.6], [0.0, 0.2, 0.4, 0.6], 1),
        ([0.0, 0.2, 0.2, 0.6], [0.0, 0.2, 0.4, 0.6], 1),
        ([9.0, 9.3, 0.0, 9.9], [0.0, 0.3, 0.6, 0.9], 1),
    ],
)
def test_missing_and_backward_stamps_are_rebuilt(
    stamps: list[float | None], expected: list[float], rebuilt: int
) -> None:
    clock = Clock(fallback_step_s=0.1)
    assert [t_s for t_s, _ in clock.timed(zip(stamps, stamps, strict=True))] == pytest.approx(
        expected
    )
    assert clock.rebuilt == rebuilt


def test_a_long_clip_without_stamps_is_ready_in_time() -> None:
    """The usual step is kept, not found anew in everything before, at each picture."""
    clock = Clock(fallback_step_s=0.1)
    assert clock.tick(0.0) == 0.0
    assert clock.tick(0.2) == 0.2
    began = time.process_time()
    times = [clock.tick(None) for _ in range(50_000)]
    assert time.process_time() - began < 5.0  # ten times as long with a median of all
    assert times == pytest.approx(0.2 * np.arange(2, 50_002))


def test_a_wrong_frame_count_in_the_header_is_not_believed(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.avi", counted(20), Encoding(codec="mpeg4"))
    data = bytearray(path.read_bytes())
    for chunk, offset in ((b"avih", 8 + 16), (b"strh", 8 + 32)):
        place = data.index(chunk) + offset
        assert int.from_bytes(data[place : place + 4], "little") == 20
        data[place : place + 4] = (5000).to_bytes(4, "little")
    path.write_bytes(data)
    times, numbers, info = read(path)
    assert numbers == list(range(20))
    assert times == pytest.approx(np.arange(20) / 30)
    assert info.frames == 20
    assert info.duration_s == pytest.approx(20 / 30)
    assert codes(info) == {"video_ends_early"}


def test_one_picture_is_a_video(tmp_path: Path) -> None:
    times, numbers, info = read(encode(tmp_path / "clip.mp4", [numbered(77)]))
    assert (times, numbers) == ([0.0], [77])
    assert info.frames == 1
    assert info.duration_s == pytest.approx(1 / 30)


@pytest.mark.parametrize(
    ("suffix", "codec", "muxer"),
    [
        ("mp4", "libx264", {"movflags": "faststart"}),
        ("mkv", "libx264", {}),
        ("webm", "libvpx-vp9", {}),
    ],
)
def test_a_truncated_file_gives_what_it_has_and_a_warning(
    tmp_path: Path, suffix: str, codec: str, muxer: dict[str, str]
) -> None:
    images = [noisy(number) for number in range(60)]
    path = encode(tmp_path / f"clip.{suffix}", images, Encoding(codec=codec, muxer=muxer))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    times, numbers, info = read(path)
    assert 25 <= len(numbers) <= 45
    assert numbers == list(range(len(numbers)))
    assert times == pytest.approx(np.arange(len(times)) / 30, abs=0.001)
    assert "video_ends_early" in codes(info)


def test_damage_in_the_middle_costs_only_the_damaged_part(tmp_path: Path) -> None:
    images = [noisy(number) for number in range(60)]
    path = encode(tmp_path / "clip.mp4", images, Encoding(options={"g": "10"}))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = np.random.default_rng(0).bytes(3000)
    path.write_bytes(data)
    times, numbers, info = read(path)
    assert numbers[:20] == list(range(20))
    assert numbers[-10:] == list(range(50, 60))
    assert times[-1] == pytest.approx(59 / 30)
    assert codes(info) == {"video_damaged"}


def test_a_file_that_cannot_be_read_on_keeps_pictures_the_decoder_still_holds(
    tmp_path: Path,
) -> None:
    images = [noisy(number) for number in range(40)]
    how = Encoding(options={"preset": "medium", "bf": "3"})
    path = encode(tmp_path / "clip.mp4", images, how)
    data = bytearray(path.read_bytes())
    size = data.index(b"stsz") + 16 + 4 * 20
    data[size : size + 4] = (0x20000000).to_bytes(4, "big")  # one picture of half a gigabyte
    path.write_bytes(data)
    times, numbers, info = read(path)
    assert numbers == list(range(20))
    assert times == pytest.approx(np.arange(20) / 30)
    assert codes(info) == {"video_damaged", "video_ends_early"}
