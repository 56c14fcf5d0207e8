"""Every command that tells something does so in the language that is asked for."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Here


def test_report_page_and_terminal_are_german(
    here: Here, squat_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = here("analyze", squat_clip, "--language", "de", "--out", tmp_path)
    assert "Kniebeuge" in done.stdout
    assert "Kurz gesagt" in done.stdout
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["language"] == "de"
    assert report["exercise"]["id"] == "squat"
    assert report["exercise"]["title"] == "Kniebeuge"
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<html lang="de">' in page
    assert "Kein Fehler gefunden" in page
    monkeypatch.setenv("FORMCHECK_LANGUAGE", "de")
    assert "Kniebeuge" in here("analyze", squat_clip, "--out", tmp_path).stdout
    english = here("analyze", squat_clip, "--language", "en", "--out", tmp_path).stdout
    assert "In short" in english
    assert "Kniebeuge" not in english


def test_workers_of_a_batch_speak_the_language_of_the_command(
    here: Here, squat_clip: Path, tmp_path: Path
) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    shutil.copy(squat_clip, clips)
    out = tmp_path / "out"
    batch = ("batch", clips, "--out", out, "--no-history", "--workers", "1")
    assert "jetzt analysiert" in here(*batch, "--language", "de").stdout
    (file,) = out.rglob("report.json")
    assert json.loads(file.read_text(encoding="utf-8"))["language"] == "de"
    assert '<html lang="de">' in (out / "index.html").read_text(encoding="utf-8")
    assert "1 analysed now" in here(*batch).stdout  # in another language it is another result
    assert json.loads(file.read_text(encoding="utf-8"))["language"] == "en"


@pytest.mark.parametrize("command", ["analyze", "annotate", "inspect"])
def test_an_unknown_language_is_refused_in_one_sentence(
    here: Here, squat_clip: Path, command: str
) -> None:
    done = here(command, squat_clip, "--language", "tlh")
    assert done.returncode == 2
    assert done.stderr == "--language: expected en or de, got 'tlh'.\n"
