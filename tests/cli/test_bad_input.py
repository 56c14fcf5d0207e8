"""Whatever is wrong: one sentence, the documented exit code, nothing written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from formcheck.cli.app import app
from tests.helpers.clips import encode, numbered, silence

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import CommandLine, Here

    Refused = Callable[..., tuple[int, str]]


def missing(folder: Path) -> Path:
    return folder / "gone.mp4"


def empty(folder: Path) -> Path:
    (folder / "clip.mp4").touch()
    return folder / "clip.mp4"


def text(folder: Path) -> Path:
    (folder / "clip.mp4").write_text("This is not a video.\n" * 100)
    return folder / "clip.mp4"


def audio_only(folder: Path) -> Path:
    with av.open(str(folder / "clip.mp4"), "w") as container:
        sound = container.add_stream("aac", rate=48000)
        container.mux([*sound.encode(silence(0)), *sound.encode(None)])
    return folder / "clip.mp4"


def truncated(folder: Path) -> Path:
    path = nobody(folder)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def nobody(folder: Path) -> Path:
    return encode(folder / "clip.mp4", [numbered(number) for number in range(30)])


def one_picture(folder: Path) -> Path:
    return encode(folder / "clip.mp4", [np.full((96, 160, 3), 90, np.uint8)])


def a_folder(folder: Path) -> Path:
    return folder


CLIPS: list[tuple[Callable[[Path], Path], int, str]] = [
    (missing, 3, "gone.mp4"),
    (a_folder, 3, "folder"),
    (empty, 3, "empty"),
    (text, 3, "not a video"),
    (audio_only, 3, "no video stream"),
    (truncated, 3, "not a video"),
    (nobody, 4, "Nobody"),
    (one_picture, 4, "Nobody"),
]
OPTIONS = [
    (("--exercise", "bench"), 2, "squat, bent_over_row"),
    (("--start", "3", "--end", "2"), 2, "--end"),
    (("--start", "-1"), 2, "--start"),
    (("--end", "nan"), 2, "--end"),
    (("--sample-rate", "4"), 2, "--sample-rate"),
    (("--sample-rate", "500"), 2, "--sample-rate"),
    (("--model", "gone.task"), 2, "pose model"),
    (("--model", __file__), 2, "pose bundle"),
]


@pytest.fixture
def refused(
    monkeypatch: pytest.MonkeyPatch, shared_cache: Path, capfd: pytest.CaptureFixture[str]
) -> Refused:
    """Runs ``formcheck analyze``; gives the exit code and the one sentence on standard error.

    In this process, to be quick; `capfd` sees what native code writes, too.
    """
    monkeypatch.setenv("FORMCHECK_CACHE", str(shared_cache))

    def run(*arguments: str | Path) -> tuple[int, str]:
        with pytest.raises(SystemExit) as caught:
            app(["analyze", *map(str, arguments)])
        printed, sentence = capfd.readouterr()
        assert printed == ""
        assert "Traceback" not in sentence
        assert sentence.endswith(".\n")
        assert sentence.count("\n") == 1, sentence
        assert isinstance(caught.value.code, int)
        return caught.value.code, sentence

    return run


@pytest.mark.parametrize(("make", "code", "words"), CLIPS)
def test_bad_clips(
    refused: Refused,
    tmp_path: Path,
    make: Callable[[Path], Path],
    code: int,
    words: str,
) -> None:
    clip = make(tmp_path)
    before = sorted(tmp_path.iterdir())
    returned, sentence = refused(clip, "--out", tmp_path / "new" / "out")
    assert returned == code
    assert words in sentence
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(("options", "code", "words"), OPTIONS)
def test_bad_options_are_refused_before_decoding(
    refused: Refused, tmp_path: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    returned, sentence = refused(missing(tmp_path), *options)
    assert returned == code
    assert words in sentence


def test_output_below_a_file(refused: Refused, squat_clip: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for options in (("--out", file / "out"), ("--out", file), ("--json", file / "x.json")):
        code, sentence = refused(squat_clip, *options)
        assert code == 6
        assert f"{file} is not a folder" in sentence
    assert list(tmp_path.iterdir()) == [file]


def test_an_unwritable_file_leaves_the_earlier_report(
    refused: Refused, squat_clip: Path, tmp_path: Path
) -> None:
    (tmp_path / "report.json").write_text("earlier")
    (tmp_path / "angles.csv").mkdir()
    code, sentence = refused(squat_clip, "--out", tmp_path)
    assert code == 6
    assert "angles.csv is a folder" in sentence
    assert (tmp_path / "report.json").read_text() == "earlier"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_process_of_its_own(formcheck: CommandLine, tmp_path: Path) -> None:
    done = formcheck.run("analyze", nobody(tmp_path), "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "Nobody could be followed in clip.mp4.\n"


def test_an_unknown_option(here: Here) -> None:
    done = here("analyze", "clip.mp4", "--frobnicate")
    assert done.returncode == 2
    assert "No such option: --frobnicate" in done.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--quality", "good"), "'good' is not one of 'fast', 'standard', 'best'."),
        (("--sample-rate", "often"), "expected a valid number."),
    ],
)
def test_what_typer_refuses_is_said_in_our_words(
    here: Here, options: tuple[str, str], sentence: str
) -> None:
    last = here("analyze", "clip.mp4", *options).stderr.splitlines()[-1]
    assert last == f"Error: Invalid value for '{options[0]}': {sentence}"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("arguments", [["--help"], ["exercises"], ["rules", "list"], ["schema"]])
def test_output_that_takes_no_more(formcheck: CommandLine, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "formcheck", *arguments],
            env=formcheck.environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    sentence = "Cannot write the output: no space left on device.\n"
    assert (done.returncode, done.stderr) == (6, sentence)


def test_debug_shows_where(here: Here, tmp_path: Path) -> None:
    done = here("analyze", missing(tmp_path), "--debug")
    assert done.returncode == 3
    assert "Traceback" in done.stderr
    assert "gone.mp4" in done.stderr.splitlines()[-1]


def test_control_characters_in_a_name(refused: Refused, tmp_path: Path) -> None:
    code, sentence = refused(tmp_path / "a\nb\x1b[31m.mp4")
    assert code == 3
    assert "a?b?[31m.mp4" in sentence
