from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from formcheck import analyze, build_report
from formcheck.pose.cache import TrackCache
from formcheck.present.page.media import find_player
from formcheck.present.page.render import report_page
from formcheck.report.files import write_report
from formcheck.report.filming import HiddenPart
from formcheck.report.model import FilesPart, WarningPart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Dialog, Page

    from formcheck import ClipAnalysis, Report

ROOT = Path(__file__).resolve().parents[3]
FAULTY = ROOT / "sample_videos" / "clips" / "squat_side_lean.mp4"
HOSTILE = 'it\'s "a" <img src=x onerror=alert(1)> <script>alert(1)<script> & 100% #1 💪.mp4'
Scheme = Literal["light", "dark"]
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}


@dataclass(frozen=True)
class Written:
    """A report with its page on disk, beside a clip with a hostile name."""

    clip: ClipAnalysis
    report: Report
    page: Path


@dataclass
class Opened:
    """A page in the browser and what it did that it must not do."""

    page: Page
    requests: list[str]
    messages: list[str]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> Written:
    folder = tmp_path_factory.mktemp("page")
    file = folder / HOSTILE
    shutil.copy(FAULTY, file)
    clip = analyze(file, cache=TrackCache(shared_cache))
    report = build_report(clip, FilesPart(html="report.html"))
    out = folder / "out"
    page = report_page(report, clip, player=find_player(report, file, out, embed=False))
    write_report(report, clip.analysis.motion, out, page=page)
    return Written(clip, report, out / "report.html")


def partly_hidden(report: Report) -> Report:
    """The report of a clip that hides wrists for most of the first repetition, and knees."""
    start_s = report.reps[0].start_s
    parts = [("wrist", 0.0, 1.0), ("knee", 0.5, 1.5), ("wrist", 3.0, 3.5)]
    hidden = [
        HiddenPart.model_validate({"part": part, "start_s": start_s + a, "end_s": start_s + b})
        for part, a, b in parts
    ]
    tracking = report.tracking.model_copy(
        update={"trust": "partly", "believed": 0.8, "hidden": hidden}
    )
    warnings = [WarningPart(code="hidden", message="Partly unsure: your wrist.")]
    return report.model_copy(update={"tracking": tracking, "warnings": warnings})


def all_seen(report: Report) -> Report:
    """The report as versions wrote it that did not know what is hidden."""
    tracking = report.tracking.model_copy(update={"trust": None, "believed": None, "hidden": []})
    return report.model_copy(update={"tracking": tracking, "warnings": []})


@contextmanager
def opened(
    browser: Browser, file: Path, size: str = "desktop", scheme: Scheme = "light"
) -> Iterator[Opened]:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    seen = Opened(page, [], [])
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", lambda message: seen.messages.append(message.text))
    page.on("pageerror", lambda error: seen.messages.append(str(error)))

    def refuse(dialog: Dialog) -> None:
        seen.messages.append("dialog")
        dialog.dismiss()

    page.on("dialog", refuse)
    page.goto(file.as_uri())
    try:
        yield seen
    finally:
        context.close()
