from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.batch.clips import find_clips, looks_like_video
from formcheck.storage import Folder, StorageError
from tests.helpers.clips import Encoding, encode, numbered

if TYPE_CHECKING:
    from pathlib import Path


def found(folder: Path, results: Path | None = None) -> list[str]:
    out = Folder(str(results or folder.parent / "out"))
    return [clip.name for clip in find_clips(Folder(str(folder)), results=out).clips]


def test_clips_are_told_by_their_content(tmp_path: Path) -> None:
    images = [numbered(n) for n in range(40)]
    for suffix in ("mp4", "mov", "mkv", "avi", "flv", "ts", "asf", "mpg"):
        codec = {"flv": "flv1", "asf": "wmv2", "mpg": "mpeg1video"}.get(suffix, "libx264")
        file = encode(tmp_path / f"clip.{suffix}", images, Encoding(codec=codec))
        file.rename(tmp_path / f"clip_{suffix}")
    assert found(tmp_path) == sorted(file.name for file in tmp_path.iterdir())
    assert len(found(tmp_path)) == 8


def test_what_is_no_video_is_left_out_unless_it_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("squats on Monday")
    (tmp_path / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(64))
    (tmp_path / "song.m4a").write_bytes(b"\0\0\0\x18ftypM4A " + bytes(64))
    (tmp_path / "program.ts").write_text("const a = 1;\n" * 100)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "broken.mp4").write_text("no video at all")
    (tmp_path / "nothing.MOV").write_bytes(b"")
    (tmp_path / "link.mkv").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.mp4")
    assert found(tmp_path) == ["broken.mp4", "link.mkv", "nothing.MOV", "pipe.mp4"]


def test_hidden_files_and_own_results_are_left_out(tmp_path: Path) -> None:
    for name in (
        "a/x.mp4",
        "a/.x.mp4",
        ".trash/x.mp4",
        "a/x_formcheck/annotated.mp4",
        "results/clips/a/x.mp4/annotated.mp4",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    assert found(tmp_path, tmp_path / "results") == ["a/x.mp4"]


def test_names_of_any_kind(tmp_path: Path) -> None:
    names = ["a b.mp4", "#1%20?.mp4", "çelik/ünï.mp4", "new\nline.mp4", "=1+1.mp4"]
    for name in (*names, os.fsdecode(b"\xff\xfe.mp4")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert found(tmp_path) == sorted(names)
    everything = find_clips(Folder(str(tmp_path)), results=Folder(str(tmp_path / "out")))
    ((name, reason),) = everything.unlisted
    assert name.endswith(".mp4")
    assert reason == "its name is not UTF-8"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="does not exist"):
        found(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="is not a folder"):
        found(tmp_path / "file")


def test_a_transport_stream_needs_several_packets() -> None:
    packet = b"\x47" + bytes(187)
    assert looks_like_video(packet * 5)
    assert not looks_like_video(packet)
    assert not looks_like_video(np.arange(1024, dtype=np.uint8).tobytes())
