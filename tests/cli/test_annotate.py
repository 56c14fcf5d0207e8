from __future__ import annotations

import json
import shutil
import signal
import time
from typing import TYPE_CHECKING

import av
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import CommandLine, Here


def height_of(path: Path) -> int:
    with av.open(str(path)) as container:
        return container.streams.video[0].codec_context.height


def test_annotate_writes_next_to_the_clip(
    formcheck: CommandLine, squat_clip: Path, tmp_path: Path
) -> None:
    clip = tmp_path / 'it\'s my "best" 🏋️.mp4'
    shutil.copy(squat_clip, clip)
    done = formcheck.run("annotate", clip, "--video-height", "240", "--blur-face")
    assert (done.returncode, done.stderr) == (0, "")
    out = clip.with_name(clip.stem + "_annotated.mp4")
    assert done.stdout == f"Written: {out}\n"
    assert height_of(out) == 240
    assert sorted(tmp_path.iterdir()) == sorted([clip, out])


def test_analyze_annotates_into_the_folder(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    done = here("analyze", squat_clip, "--out", folder, "--annotate", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads((folder / "report.json").read_text())
    assert report["files"]["annotated_video"] == "annotated.mp4"
    assert height_of(folder / "annotated.mp4") == report["video"]["height"]


def test_the_clip_itself_is_refused(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    shutil.copy(squat_clip, clip)
    done = here("annotate", clip, "-o", tmp_path / "." / "clip.mp4")
    assert done.returncode == 2
    assert "the clip itself" in done.stderr
    assert clip.read_bytes() == squat_clip.read_bytes()


def test_wrong_wishes_are_refused_before_any_work(
    here: Here, squat_clip: Path, tmp_path: Path
) -> None:
    begun = time.monotonic()
    wrong: tuple[tuple[list[str | Path], int, str], ...] = (
        (["-o", tmp_path / "out.avi"], 2, ".mp4"),
        (["-o", tmp_path / "out.mp4", "--video-height", "7"], 2, "--video-height"),
        (["-o", tmp_path / "out.mp4", "--exercise", "yoga"], 2, "yoga"),
        (["-o", squat_clip / "out.mp4"], 6, "not a folder"),
    )
    for arguments, code, words in wrong:
        done = here("annotate", squat_clip, "--no-cache", *arguments)
        assert (done.returncode, done.stdout) == (code, "")
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert time.monotonic() - begun < 60
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("squat")  # is tracked by then
def test_an_interrupted_run_leaves_nothing(
    formcheck: CommandLine, squat_clip: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    process = formcheck.start("annotate", squat_clip, "-o", folder / "out.mp4")
    until = time.monotonic() + 60
    while not list(folder.iterdir()) and time.monotonic() < until:
        time.sleep(0.01)
    assert list(folder.iterdir()), "writing has not begun"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert list(folder.iterdir()) == []
