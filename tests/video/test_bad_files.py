from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest

from formcheck.errors import VideoError
from formcheck.video import VideoReader, file_sha256
from tests.helpers.clips import Encoding, encode, noisy, numbered, silence

if TYPE_CHECKING:
    from pathlib import Path


def refused(path: Path) -> str:
    with pytest.raises(VideoError) as caught, VideoReader(path):
        pass
    sentence = str(caught.value)
    assert path.name in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "Errno" not in sentence
    assert caught.value.exit_code == 3
    return sentence


def test_missing_file(tmp_path: Path) -> None:
    assert "There is no file" in refused(tmp_path / "gone.mp4")


def test_folder(tmp_path: Path) -> None:
    assert "folder" in refused(tmp_path)


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.touch()
    assert "is empty" in refused(path)


@pytest.mark.parametrize(
    "text",
    [
        "This is not a video.\n" * 200,
        "x",
        "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/part.ts\n#EXT-X-ENDLIST\n",
    ],
)
def test_text_named_like_a_video(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clip.mp4"
    path.write_text(text)
    assert "not a video that can be read" in refused(path)


def test_subtitles_named_like_a_video(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_text("1\n00:00:00,000 --> 00:00:01,000\nDeeper!\n")
    assert "no video stream" in refused(path)


def test_sound_only(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        sound = container.add_stream("aac", rate=48000)
        container.mux([*sound.encode(silence(0)), *sound.encode(None)])
    assert "no video stream" in refused(path)


def test_header_without_pictures(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mkv", [numbered(1)])
    data = path.read_bytes()
    cluster = data.index(b"\x1f\x43\xb6\x75")
    path.write_bytes(data[: cluster + 40])  # the picture's own bytes are cut off
    assert "No frame" in refused(path)


def test_truncated_before_its_index(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mp4", [noisy(number) for number in range(20)])
    path.write_bytes(path.read_bytes()[:20000])
    assert "not a video that can be read" in refused(path)


def test_unknown_codec(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mp4", [numbered(number) for number in range(5)])
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzzz"))
    assert "cannot be decoded" in refused(path)


def test_pictures_damaged_beyond_use(tmp_path: Path) -> None:
    path = encode(
        tmp_path / "clip.mp4",
        [noisy(number) for number in range(20)],
        Encoding(muxer={"movflags": "faststart"}),
    )
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    data[start:] = bytes(len(data) - start)
    path.write_bytes(data)
    assert "No frame" in refused(path)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi"])
def test_random_damage_never_escapes_as_another_error(tmp_path: Path, suffix: str) -> None:
    source = encode(tmp_path / f"source.{suffix}", [noisy(number) for number in range(8)])
    sound = source.read_bytes()
    path = tmp_path / f"clip.{suffix}"
    outcomes = set()
    for seed in range(40):
        random = np.random.default_rng(seed)
        data = bytearray(sound)
        area = 800 if seed % 2 else len(data)
        for place in random.integers(0, area, 30):
            data[place] = random.integers(256)
        path.write_bytes(data)
        try:
            with VideoReader(path, max_side=64) as reader:
                times = [frame.t_s for frame in reader.frames()]
                assert reader.info().frames >= len(times)
        except VideoError:
            outcomes.add("refused")
        else:
            outcomes.add("read")
            assert times[0] == 0
            assert np.all(np.diff(times) > 0)
    assert outcomes == {"refused", "read"}


def test_a_name_that_looks_like_a_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path as RelativePath

    encode(tmp_path / "clip.mp4", [numbered(1)]).rename(tmp_path / "concat:clip.mp4")
    monkeypatch.chdir(tmp_path)
    with VideoReader(RelativePath("concat:clip.mp4")) as reader:
        assert len(list(reader.frames())) == 1


def test_hash_of_the_content(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mp4", [numbered(1)])
    expected = hashlib.sha256(path.read_bytes()).hexdigest()
    assert file_sha256(path) == expected
    with VideoReader(path) as reader:
        assert reader.info().sha256 == expected


def test_hash_of_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="There is no file"):
        file_sha256(tmp_path / "gone.mp4")


@pytest.mark.parametrize("end", ["", "#EXT-X-ENDLIST\n"])
@pytest.mark.parametrize("name", ["clip.m3u8", "clip.mp4"])
def test_a_playlist_opens_no_other_file(tmp_path: Path, name: str, end: str) -> None:
    encode(tmp_path / "other.ts", [numbered(number) for number in range(5)])
    path = tmp_path / name
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nother.ts\n{end}")
    assert "not a video that can be read" in refused(path)


def test_a_list_of_files_opens_none_of_them(tmp_path: Path) -> None:
    encode(tmp_path / "other.mp4", [numbered(number) for number in range(5)])
    path = tmp_path / "clip.mp4"
    path.write_text("ffconcat version 1.0\nfile other.mp4\n")
    assert "not a video that can be read" in refused(path)


def test_a_name_is_no_pattern_for_other_files(tmp_path: Path) -> None:
    for name, brightness in (("c%d.png", 40), ("c1.png", 200), ("c2.png", 200)):
        image = np.full((48, 64, 3), brightness, np.uint8)
        data = cv2.imencode(".png", image)[1].tobytes()
        (tmp_path / name).write_bytes(data)
    with VideoReader(tmp_path / "c%d.png") as reader:
        seen = [frame.image.mean() for frame in reader.frames()]
    assert seen == [40]
