"""Real footage, when a folder of it is at hand: nothing may crash.

``FORMCHECK_CLIPS`` names a folder of clips in folders by exercise. How well
formcheck does on them is measured by ``benchmarks/``, not here.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from formcheck import analyze, build_report
from formcheck.pose.cache import TrackCache
from formcheck.report.model import FilesPart
from formcheck.rules.book import built_in_book

FOLDER = os.environ.get("FORMCHECK_CLIPS")
FILMS = {".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v"}


def smallest(folder: Path, kind: str) -> Path | None:
    files = [f for f in (folder / kind).rglob("*") if f.suffix.lower() in FILMS]
    return min(files, key=lambda f: (f.stat().st_size, f.name), default=None)


@pytest.mark.skipif(not FOLDER, reason="FORMCHECK_CLIPS names no folder of real clips")
@pytest.mark.parametrize("kind", ["squat", "row", "pullup"])
def test_a_real_clip(kind: str, shared_cache: Path) -> None:
    clip = smallest(Path(str(FOLDER)), kind)
    if clip is None:
        pytest.skip(f"no {kind} there")
    done = analyze(clip, cache=TrackCache(shared_cache))
    assert done.analysis.exercise in {*[e.id for e in built_in_book().exercises], "unknown"}
    end_s = float(done.tracked.track.t_s[-1])
    for rep in done.analysis.reps:
        assert 0.0 <= rep.rep.start_s < rep.rep.turn_s < rep.rep.end_s <= end_s
    for check in done.analysis.checks:
        assert math.isfinite(check.value) or check.reason
    report = build_report(done, FilesPart(angles_csv="angles.csv"))
    assert report.rep_count == done.analysis.rep_count
