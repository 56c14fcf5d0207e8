"""Pictures fetched one by one are those that reading the whole clip gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.video import VideoReader
from tests.conftest import SAMPLES
from tests.helpers.clips import Encoding, encode, noisy, read_number

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {"g": "10", "bf": "3", "preset": "veryfast"}
"""A key picture every ten, and pictures that are stored in another order than shown."""


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.mov"])
def test_each_picture_is_the_one_of_its_time(tmp_path: Path, name: str) -> None:
    path = encode(tmp_path / name, [noisy(n) for n in range(120)], Encoding(options=KEYS))
    with VideoReader(path, max_side=80) as reader:
        whole = {frame.t_s: frame.image for frame in reader.frames(rate_hz=30)}
    wanted = [list(whole)[n] for n in (0, 1, 3, 37, 38, 71, 119)]
    with VideoReader(path, max_side=80) as reader:
        found = list(reader.frames_at(wanted))
    assert [frame.t_s for frame in found] == wanted
    for frame in found:
        assert np.array_equal(frame.image, whole[frame.t_s])


def watched(reader: VideoReader) -> list[object]:
    """The pictures that a reader decodes from now on."""
    decoded: list[object] = []
    decode = reader._file._decode

    def counting(packet: object) -> list[object]:
        pictures: list[object] = decode(packet)
        decoded.extend(pictures)
        return pictures

    reader._file._decode = counting  # type: ignore[method-assign]
    return decoded


def test_far_pictures_are_reached_without_those_between(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mp4", [noisy(n) for n in range(240)], Encoding(options=KEYS))
    with VideoReader(path) as reader:
        decoded = watched(reader)
        (frame,) = reader.frames_at([200 / 30])
    assert read_number(frame.image) == 200
    assert len(decoded) < 40


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
def test_what_lies_between_two_key_pictures_is_decoded_once(tmp_path: Path, name: str) -> None:
    how = Encoding(options=KEYS | {"g": "120"})
    path = encode(tmp_path / name, [noisy(n) for n in range(240)], how)
    numbers = [31, 75, 110, 225]
    with VideoReader(path) as reader:
        times = [picture.t_s for picture in reader.pictures()]
    with VideoReader(path) as reader:
        decoded = watched(reader)
        found = list(reader.frames_at([times[number] for number in numbers]))
    assert [read_number(frame.image) for frame in found] == numbers
    assert len(decoded) < 240


def test_times_that_no_picture_has_are_left_out(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mp4", [noisy(n) for n in range(30)], Encoding(options=KEYS))
    with VideoReader(path) as reader:
        assert [f.t_s for f in reader.frames_at([0.016, 0.1, 7.0])] == [0.1]


def test_a_stream_without_time_stamps_gives_none(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.h264", [noisy(n) for n in range(20)])
    with VideoReader(path) as reader:
        assert list(reader.frames_at([0.2])) == []


def test_a_sample_clip_picture_by_picture() -> None:
    path = SAMPLES / "pull_up_side_kip.mp4"
    with VideoReader(path, max_side=120) as reader:
        whole = {f.t_s: f.image for n, f in enumerate(reader.frames(rate_hz=30)) if n % 60 == 17}
    with VideoReader(path, max_side=120) as reader:
        found = {f.t_s: f.image for f in reader.frames_at(whole)}
    assert list(found) == list(whole)
    assert all(np.array_equal(found[t_s], whole[t_s]) for t_s in whole)


def test_a_part_is_what_reading_the_whole_clip_gives_there(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mp4", [noisy(n) for n in range(120)], Encoding(options=KEYS))
    with VideoReader(path) as reader:
        late = [read_number(p.rgb()) for p in reader.part(3.0, 3.5)]
        early = [(p.t_s, read_number(p.rgb())) for p in reader.part(0.0, 0.2, rate_hz=15)]
        beyond = list(reader.part(9.0, 10.0))
        assert reader.rate_hz == pytest.approx(30.0)
    assert late == list(range(90, 106))
    assert [number for _, number in early] == [0, 2, 4, 6]
    assert [t_s for t_s, _ in early] == pytest.approx([0, 2 / 30, 4 / 30, 6 / 30], abs=1e-3)
    assert beyond == []


def test_the_rate_is_that_of_the_stamps_and_not_of_the_header(tmp_path: Path) -> None:
    how = Encoding(times=[n / 12 for n in range(48)], fps=30, options=KEYS)
    path = encode(tmp_path / "clip.mkv", [noisy(n) for n in range(48)], how)
    with VideoReader(path) as reader:
        assert len(list(reader.part(1.0, 2.0))) == 13
        assert reader.rate_hz == pytest.approx(12.0, abs=0.2)


def test_a_stream_without_time_stamps_has_no_parts(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.h264", [noisy(n) for n in range(20)])
    with VideoReader(path) as reader:
        assert list(reader.part(0.0, 1.0)) == []
