"""Every block of Python in the documentation runs, in its page's order."""

from __future__ import annotations

import re
import shutil
import socket
from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from tests.helpers.remux import remux

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
CLIP = re.compile(r'"([\w/]+\.mp4)"')
CLIPS = {"after.mp4": "squat_side_hips_first.mp4"}
"""Which sample a name stands for; the others are a good squat."""


def blocks(page: Path) -> list[str]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


PAGES = [page for page in (ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))) if blocks(page)]


def call_nobody(_socket: socket.socket, address: object) -> None:
    raise AssertionError(f"called {address}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_runs(
    page: Path, shared_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in CLIP.findall("".join(blocks(page))):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLES / CLIPS.get(name, "squat_side_good.mp4"), place)
    remux(SAMPLES / "row_side_good.mp4", tmp_path / "clips" / "row.mp4", seconds=2.0)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FORMCHECK_CACHE", str(shared_cache))
    monkeypatch.setattr(socket.socket, "connect", call_nobody)
    names: dict[str, object] = {"__name__": "__main__"}
    for number, block in enumerate(blocks(page), 1):
        exec(compile(block, f"{page.name}, block {number}", "exec"), names)


def test_no_block_is_missed() -> None:
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md")):
        fences = re.findall(
            r"^\s*(?:```|~~~) *(?:python|py|pycon)\b", page.read_text(), re.M | re.I
        )
        assert len(fences) == len(blocks(page)), page.name
    assert {page.name for page in PAGES} >= {"README.md", "api.md", "compare.md", "history.md"}
