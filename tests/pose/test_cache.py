from __future__ import annotations

import io
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck import analyze, build_report
from formcheck.pose import landmarks
from formcheck.pose.cache import TrackCache, default_folder, renamed
from formcheck.pose.track import PoseTrack
from formcheck.pose.tracker import TrackedVideo, TrackSettings
from formcheck.video import VideoInfo

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = TrackSettings()


def tracked(frames: int = 20) -> TrackedVideo:
    random = np.random.default_rng(frames)
    shape = (frames, landmarks.COUNT)
    xy = random.normal(size=(*shape, 2))
    xy[3] = np.nan
    world = random.normal(size=(*shape, 3))
    world[3] = np.nan
    visibility = random.uniform(size=shape)
    visibility[3] = 0.0
    track = PoseTrack(np.arange(frames) / 30, xy, world, visibility, (360, 640))
    info = VideoInfo(
        path="a.mp4",
        sha256="v",
        width=360,
        height=640,
        duration_s=frames / 30,
        frames=frames,
        mean_fps=30.0,
        variable_frame_rate=False,
        rotation_deg=90,
        codec="h264",
        warnings=(("code", (3.0, 9.0)),),
    )
    return TrackedVideo(info, track, people=2, switches=1, measured=len(track))


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_what_is_stored_comes_back(tmp_path: Path) -> None:
    cache, given = TrackCache(tmp_path / "new"), tracked()
    cache.store("v", "m", SETTINGS, given)
    found = cache.load("v", "m", SETTINGS)
    assert found is not None
    assert found.video == given.video
    assert (found.people, found.switches) == (2, 1)
    assert found.track.frame_wh == (360, 640)
    for name in ("t_s", "xy_px", "world_m", "visibility"):
        np.testing.assert_array_equal(getattr(found.track, name), getattr(given.track, name))


def test_another_key_finds_nothing(tmp_path: Path) -> None:
    cache = TrackCache(tmp_path)
    cache.store("v", "m", SETTINGS, tracked())
    assert cache.load("w", "m", SETTINGS) is None
    assert cache.load("v", "n", SETTINGS) is None
    assert cache.load("v", "m", replace(SETTINGS, rate_hz=15.0)) is None
    assert cache.load("v", "m", replace(SETTINGS, end_s=2.0)) is None


def test_a_moved_clip_has_its_new_name() -> None:
    assert renamed(tracked(), Path("b.mp4")).video.path == "b.mp4"


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def no_bytes(_data: bytes) -> bytes:
    return b""


def other_text(_data: bytes) -> bytes:
    return b"not a track"


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return (
        data[:middle]
        + bytes(255 - byte for byte in data[middle : middle + 40])
        + data[middle + 40 :]
    )


def other_arrays(_data: bytes) -> bytes:
    file = io.BytesIO()
    np.savez(file, facts="{}", t_s=np.zeros(1), xy_px=np.zeros(1), world_m=np.zeros(1))
    return file.getvalue()


@pytest.mark.parametrize("damage", [cut, no_bytes, other_text, flipped, other_arrays])
def test_a_damaged_entry_is_ignored(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    cache = TrackCache(tmp_path)
    cache.store("v", "m", SETTINGS, tracked(200))
    file = only_file(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    assert cache.load("v", "m", SETTINGS) is None
    cache.store("v", "m", SETTINGS, tracked(200))
    assert cache.load("v", "m", SETTINGS) is not None


def test_the_entries_used_longest_ago_are_dropped(tmp_path: Path) -> None:
    TrackCache(tmp_path).store("0", "m", SETTINGS, tracked())
    size = only_file(tmp_path).stat().st_size
    cache = TrackCache(tmp_path, limit_bytes=int(3.5 * size))
    for number in range(1, 3):
        cache.store(str(number), "m", SETTINGS, tracked())
    for age, file in enumerate(sorted(tmp_path.iterdir(), key=lambda f: f.stat().st_mtime)):
        os.utime(file, (age, age))
    assert cache.load("0", "m", SETTINGS) is not None  # used again just now
    cache.store("3", "m", SETTINGS, tracked())
    assert cache.size_bytes() <= cache.limit_bytes
    assert cache.load("1", "m", SETTINGS) is None
    assert cache.load("0", "m", SETTINGS) is not None
    assert cache.load("3", "m", SETTINGS) is not None


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = TrackCache(tmp_path / "file" / "cache")
    cache.store("v", "m", SETTINGS, tracked())
    assert cache.load("v", "m", SETTINGS) is None
    assert (cache.size_bytes(), cache.clear()) == (0, 0)


def test_clear(tmp_path: Path) -> None:
    cache = TrackCache(tmp_path)
    cache.store("v", "m", SETTINGS, tracked())
    assert cache.clear() == 1
    assert list(tmp_path.iterdir()) == []


def test_forget_deletes_the_tracks_of_these_clips_alone(tmp_path: Path) -> None:
    cache = TrackCache(tmp_path)
    for content in "abc":
        video = replace(tracked().video, sha256=content)
        for rate in (15.0, 30.0):
            cache.store(content, "m", TrackSettings(rate), replace(tracked(), video=video))
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04")
    assert cache.forget("a", "c", "x") == 4
    assert cache.load("b", "m", SETTINGS) is not None
    assert cache.load("a", "m", SETTINGS) is None
    assert len([*tmp_path.iterdir()]) == 3


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FORMCHECK_CACHE", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.delenv("FORMCHECK_CACHE")
    assert default_folder().parts[-2:] == ("formcheck", "tracks")


def test_a_stored_clip_is_not_tracked_again(squat_clip: Path, shared_cache: Path) -> None:
    cache = TrackCache(shared_cache)
    first = build_report(analyze(squat_clip, cache=cache))
    looked: list[float] = []
    begun = time.perf_counter()
    again = analyze(
        squat_clip, cache=cache, progress=lambda done_s, _total_s: looked.append(done_s)
    )
    assert time.perf_counter() - begun < 3.0  # 0.2 s on an idle machine
    assert looked == []
    assert build_report(again) == first


def test_a_folder_in_the_way_is_left_alone(tmp_path: Path) -> None:
    cache = TrackCache(tmp_path)
    (tmp_path / "folder.npz").mkdir()
    (tmp_path / "junk.npz").write_bytes(b"junk")
    assert cache.clear() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["folder.npz"]
