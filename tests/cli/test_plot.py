"""``formcheck plot``: one figure file, or one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import CommandLine, Here


@pytest.mark.parametrize("clip", ["squat_side_good", "row_side_tiring", "pull_up_front_low"])
@pytest.mark.parametrize("extra", [[], ["--overlay"]])
def test_sample_clips(here: Here, tmp_path: Path, clip: str, extra: list[str]) -> None:
    out = tmp_path / "new" / "angles.svg"
    done = here("plot", SAMPLES / f"{clip}.mp4", "-o", out, *extra)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Written: {out}\n", "")
    told = {"".join(t.itertext()) for t in ET.parse(out).iter() if t.tag.endswith("}text")}
    assert ("Repetition (%)" if extra else "Time (s)") in told
    assert any(words.endswith("(deg)") for words in told)
    assert [path.name for path in out.parent.iterdir()] == ["angles.svg"]


def test_kinds_and_named_series(
    formcheck: CommandLine, here: Here, squat_clip: Path, tmp_path: Path
) -> None:
    for suffix, magic in ((".pdf", b"%PDF-"), (".png", b"\x89PNG")):
        out = tmp_path / f"angles{suffix}"
        done = here(
            "plot", squat_clip, "-o", out, "--series", "trunk_lean,neck", "--series", "heel_rise"
        )
        assert done.returncode == 0, done.stderr
        assert out.read_bytes().startswith(magic)
    out = tmp_path / "angles.svg"
    formcheck.run("plot", squat_clip, "--out", out, "--series", "heel_rise", "--width", "174")
    assert "Heel rise (foot lengths)" in out.read_text()
    assert "Knee flexion" not in out.read_text()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["-o", "angles.jpg"], "--out: expected a name that ends in .svg, .pdf, .png"),
        (["-o", "a.svg", "--series", "nose_length"], "--series: there is no series 'nose_length'"),
        (
            ["-o", "a.svg", "--series", "knee_flexon"],
            "--series: there is no series 'knee_flexon'; similar: knee_flexion, knee_flexion_3d",
        ),
        (["-o", "a.svg", "--series", ""], "--series: there is no series ''"),
        (["-o", "a.svg", "--width", "nan"], "--width: expected 50 to 400 millimetres, got nan."),
        (["-o", "a.svg", "--width", "9"], "--width: expected 50 to 400 millimetres, got 9."),
        (["-o", "a.svg", "--exercise", "yoga"], "--exercise: expected one of squat, "),
    ],
)
def test_wrong_options_are_one_sentence(
    here: Here, squat_clip: Path, tmp_path: Path, options: list[str], sentence: str
) -> None:
    options = [str(tmp_path / o) if "." in o else o for o in options]
    done = here("plot", squat_clip, *options)
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_unreadable_clip_leaves_an_old_figure_alone(here: Here, tmp_path: Path) -> None:
    clip, out = tmp_path / "clip.mp4", tmp_path / "angles.svg"
    clip.write_text("no video")
    out.write_text("old")
    assert here("plot", clip, "-o", out).returncode == 3
    assert out.read_text() == "old"


def test_a_folder_in_the_way(here: Here, squat_clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "angles.svg"
    out.mkdir()
    done = here("plot", squat_clip, "-o", out)
    assert done.returncode == 6
    assert "is a folder there" in done.stderr
    assert list(tmp_path.rglob("*")) == [out]


@pytest.mark.parametrize("command", ["plot", "compare"])
def test_help_imports_nothing_heavy(command: str) -> None:
    code = f"""
import sys
from formcheck.cli.app import app
try:
    app(["{command}", "--help"])
except SystemExit:
    pass
print([name for name in ("av", "cv2", "jinja2", "matplotlib", "numpy") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
