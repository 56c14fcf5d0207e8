"""The page of an athlete over time: plots that say what the numbers say."""

from __future__ import annotations

import shutil
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from formcheck.history import athlete_history
from formcheck.history.clip import clip_of
from formcheck.present.page.history import history_page, plot, report_link
from tests.history.conftest import Reports, week
from tests.present.page.conftest import HOSTILE, opened

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from formcheck.history.model import AthleteHistory
    from tests.present.page.conftest import Scheme, Written

LEAN = "lean_gain_ascent"
LIMIT = 5.0


@pytest.fixture(scope="module")
def found(written: Written) -> AthleteHistory:
    """Twelve sessions of a lifter with a hostile name; the back leans more and more."""
    reports = Reports(written.report)
    results = [str(written.page.parent), "s3://bucket/1", None]
    clips = [
        clip_of(
            HOSTILE,
            reports.of(n, measured={LEAN: 12.0 + 4 * n}, load_kg=60.0 + n),
            week(n, "file" if n == 3 else "container"),
            results[n % 3],
        )
        for n in range(12)
    ]
    return athlete_history(HOSTILE, clips)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_plot_has_the_points_the_band_and_the_limit(found: AthleteHistory) -> None:
    (lift,) = found.lifts
    trend = next(t for t in lift.trends if t.name == LEAN)
    drawn = plot(trend, lift)
    assert len(drawn.dots) == 12
    assert drawn.band is None  # wider than all that was seen
    one = drawn.dots[0].y - drawn.dots[1].y  # 4 degrees
    assert one > 0
    assert drawn.dots[0].low - drawn.dots[0].y == pytest.approx(
        trend.points[0].error / 4 * one, abs=0.3
    )
    assert drawn.limits[0] == pytest.approx(drawn.dots[0].y + (12 - LIMIT) / 4 * one, abs=0.3)
    assert [tick.label for tick in drawn.across] == ["2 Mar 26", "9 Apr 26", "18 May 26"]
    assert drawn.line is not None
    assert drawn.line[1] == pytest.approx(drawn.dots[0].y, abs=0.3)
    still = next(t for t in lift.trends if t.name == "descent_s")
    quiet = plot(still, lift)
    assert quiet.line is None
    assert still.band is not None
    assert quiet.band is not None
    high = quiet.dots[0].low - quiet.dots[0].y
    assert quiet.band[1] == pytest.approx(2 * still.band / still.points[0].error * high, rel=0.05)
    assert quiet.centre == pytest.approx(quiet.band[0] + quiet.band[1] / 2, abs=0.2)
    assert "no change beyond the error" in plot(still, lift).label


def test_it_needs_no_script_and_nothing_else(found: AthleteHistory, tmp_path: Path) -> None:
    text = history_page(found, tmp_path / "page.html")
    page = Tags()
    page.feed(text)
    tags = [tag for tag, _ in page.found]
    assert not {"script", "img", "iframe", "object"} & set(tags)
    assert not [attrs for _, attrs in page.found if "style" in attrs]
    policy = next(a["content"] or "" for t, a in page.found if t == "meta" and a.get("content"))
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    assert tags.count("svg") == len(found.lifts[0].trends)
    assert "1 measurement changed by more than its noise." in text
    assert "5 March" not in text
    assert "23 March 2026*" in text
    assert "only the file&#39;s date" in text
    levels = [int(tag[1]) for tag in tags if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1
    assert max(b - a for a, b in pairwise(levels)) <= 1


def test_links_lead_to_reports_that_are_there(written: Written, tmp_path: Path) -> None:
    folder = tmp_path / "results of #1 & 100%"
    folder.mkdir()
    shutil.copy(written.page, folder / "report.html")
    page = tmp_path / "pages" / "anna.html"
    assert report_link(str(folder), page) == "../results%20of%20%231%20%26%20100%25/report.html"
    assert report_link(str(tmp_path), page) is None
    assert report_link("s3://bucket/folder", page) is None
    assert report_link(None, page) is None


@pytest.mark.parametrize(
    ("size", "scheme"),
    [("phone", "dark"), ("phone", "light"), ("desktop", "light"), ("desktop", "dark")],
)
def test_in_a_browser_it_is_quiet_fits_and_is_accessible(
    browser: Browser, found: AthleteHistory, tmp_path: Path, size: str, scheme: Scheme
) -> None:
    file = tmp_path / "anna.html"
    file.write_text(history_page(found, file), encoding="utf-8")
    with opened(browser, file, size, scheme) as seen:
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert seen.page.evaluate(wide) == 0
        broken = [f"{v['id']}: {v['help']}" for v in Axe().run(seen.page).response["violations"]]
        assert broken == []
        assert seen.messages == []
        assert {url.partition(":")[0] for url in seen.requests} <= {"file", "data"}
        assert HOSTILE in seen.page.locator("h1").inner_text()
        filled = "getComputedStyle(document.querySelector('.trend .dot')).fill"
        assert seen.page.evaluate(filled) != "rgb(0, 0, 0)"  # the style was allowed


def test_a_click_on_a_clip_opens_its_report(
    browser: Browser, found: AthleteHistory, tmp_path: Path
) -> None:
    file = tmp_path / "anna.html"
    file.write_text(history_page(found, file), encoding="utf-8")
    with opened(browser, file) as seen:
        links = seen.page.locator("td a")
        assert links.count() == 4  # every third has its results here
        links.first.click()
        assert seen.page.url.endswith("/report.html")
        assert HOSTILE in seen.page.title()
