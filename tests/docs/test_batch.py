"""The Python example of ``docs/batch.md`` runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import SAMPLES
from tests.helpers.remux import remux

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")


def test_the_example_runs(tmp_path: Path, shared_cache: Path) -> None:
    example = PAGE.partition("```python\n")[2].partition("```")[0]
    remux(SAMPLES / "row_side_good.mp4", tmp_path / "clips" / "row.mp4", seconds=2.0)
    (tmp_path / "clips" / "bad.mp4").write_text("no video")
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        env=os.environ | {"FORMCHECK_CACHE": str(shared_cache), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {line.partition(" ")[0] for line in done.stdout.splitlines()} == {"bad.mp4", "row.mp4"}
    assert "bad.mp4 failed bad.mp4 is not a video" in done.stdout
    assert "row.mp4 done" in done.stdout
