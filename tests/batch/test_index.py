"""The page of all clips, in a real browser, opened from disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from formcheck.batch import index
from formcheck.batch.athletes import athlete_of
from formcheck.batch.attention import Outlook
from formcheck.batch.index import Index
from formcheck.rules.book import built_in_book
from formcheck.storage import Folder
from tests.helpers.records import done, failed
from tests.present.page.conftest import opened
from tests.present.page.test_browser import LOOKS, axe_findings, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from formcheck.batch.record import Record
    from tests.present.page.conftest import Scheme

HOSTILE = 'anna/it\'s "a" <img src=x onerror=alert(1)> & 100% #1?x=\\y\n💪.mp4'
NOT_TEXT = os.fsdecode(b"anna/caf\xe9.mp4")
BAD = "</script><script>alert(1)</script> {{ 7 * 7 }}"
FAULT: dict[str, Any] = {"severity": "moderate", "faults": "squat.depth squat.lean", "score": 80.0}
RECORDS = [
    done("a fine one.mp4", [{}], trust="good"),
    done("anna/mild.mp4", [{}, {}], severity="mild", faults="squat.tempo", score=95.0),
    done(NOT_TEXT, [{}], **FAULT),
    done(HOSTILE, [{}], **(FAULT | {"score": 70.0}), upper_back="watch", dated="file"),
    done("anna/row.mp4", [{}], exercise="bent_over_row", trust="poor"),
    failed("anna/text.mov", f"It is no video. {BAD}"),
    done(
        "ben/unknown.mp4",
        exercise="unknown",
        severity="not_assessed",
        score=None,
        main_point=None,
        upper_back="insufficient",
    ),
    failed("ben/empty.mp4"),
]


OUTLOOK = Outlook(
    "athletes/anna #1/profile.html",
    "watch",
    "open",
    "too few sessions to tell (1 of 5)",
    "Film <b>.",
)


def listed(records: list[Record]) -> Index:
    found = Index(built_in_book(), athlete_of=athlete_of)
    assert list(found.passing(records)) == records
    return found


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    image = np.full((200, 150, 3), 90, np.uint8)
    picture = cv2.imencode(".webp", image)[1].tobytes()
    for record in RECORDS:
        for name in record.files:
            file = folder / "clips" / record.clip / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(picture if name.endswith(".webp") else b"<title>a report</title>")
    (folder / "athletes" / "anna #1").mkdir(parents=True)
    (folder / "athletes" / "anna #1" / "profile.html").write_text("<title>a profile</title>")
    listed(RECORDS).write(Folder(str(folder)), {"anna": OUTLOOK})
    return folder / "index.html"


def shown(page: Page) -> list[str]:
    names = page.locator(".clip:not([hidden]) h3").all_text_contents()
    return [name.rpartition("/")[2] for name in names]


def names_of(page: Page, *parts: str) -> None:
    """Wait until just these clips are listed, in this order."""
    for _ in range(100):
        names = shown(page)
        if len(names) == len(parts) and all(map(str.__contains__, names, parts)):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"Not within 5 s: {parts}, but {shown(page)}")


@pytest.mark.parametrize(("size", "scheme"), [*LOOKS, ("desktop", "dark")])
def test_the_page_is_quiet_fits_and_is_accessible(
    browser: Browser,
    page_file: Path,
    size: str,
    scheme: Scheme,
) -> None:
    with opened(browser, page_file, size, scheme) as seen:
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert seen.page.evaluate(wide) == 0
        assert axe_findings(seen.page) == []
        seen.page.locator(".clip").last.scroll_into_view_if_needed()
        wait_until(seen.page, "[...document.images].every((i) => i.naturalWidth === 150)")
        assert seen.page.locator("img").count() == 6
        assert {url.partition(":")[0] for url in seen.requests} <= {"file", "data"}
        assert seen.messages == []


def test_the_worst_comes_first_and_says_why(
    browser: Browser,
    page_file: Path,
) -> None:
    with opened(browser, page_file) as seen:
        names_of(seen.page, "it's", "caf\\udce9", "mild", "row", "unknown", "a fine one")
        worst = seen.page.locator(".clip").first.inner_text()
        for words in (
            "Depth, Forward lean",
            "moderate",
            "70",
            "Upper back: keep an eye on it",
            "1 rep",
        ):
            assert words in worst
        assert "1 Mar 2026 (file time)" in worst
        assert "(file time)" not in seen.page.locator(".clip").nth(1).inner_text()
        assert "no score" in seen.page.locator(".clip").nth(4).inner_text()


def test_a_count_that_is_not_sure_is_a_range() -> None:
    page = listed([done("a.mp4", [{}], rep_count_low=1, rep_count_high=3)]).page()
    assert "1 to 3 reps" in page
    assert "1 rep" in listed([done("a.mp4", [{}])]).page()


def test_clips_not_to_be_relied_on_are_marked_and_found(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as seen:
        (marked,) = seen.page.get_by_text("Tracking: ").all()
        assert marked.inner_text() == "✗ Tracking: do not rely on it"
        seen.page.get_by_label("Words").fill("do not rely")
        names_of(seen.page, "row")


def test_failed_files_have_their_own_list(
    browser: Browser,
    page_file: Path,
) -> None:
    with opened(browser, page_file) as seen:
        seen.page.get_by_role("link", name="2 files could not be analysed").click()
        items = [item.inner_text() for item in seen.page.locator(".failures li").all()]
        assert items == [
            f"anna/text.mov It is no video. {BAD}",
            "ben/empty.mp4 It is empty.",
        ]
        assert seen.page.locator("#shown").inner_text() == "6 of 6 clips, 2 of 2 that failed"


def test_filters_narrow_the_list_and_the_address_keeps_them(
    browser: Browser,
    page_file: Path,
) -> None:
    with opened(browser, page_file) as seen:
        page = seen.page
        page.get_by_label("Athlete", exact=True).select_option("anna")
        names_of(page, "it's", "caf", "mild", "row")
        assert page.locator("#shown").inner_text() == "4 of 6 clips, 1 of 2 that failed"
        page.get_by_label("Verdict").select_option("Moderate fault or worse")
        names_of(page, "it's", "caf")
        page.get_by_label("Words").fill("FORWARD lean udce9")
        names_of(page, "caf")
        wait_until(page, "location.hash.includes('text=')")
        assert page.locator("#failures").is_hidden()
        page.reload()
        names_of(page, "caf")
        assert page.get_by_label("Athlete", exact=True).input_value() == "anna"
        page.get_by_role("button", name="Show all").click()
        names_of(page, "it's", "caf", "mild", "row", "unknown", "fine")
        assert page.evaluate("location.hash") == ""
        page.get_by_label("Lift").select_option("Bent-over row")
        names_of(page, "row")
        page.evaluate("location.hash = '#lift=unknown&athlete=nobody'")
        names_of(page, "unknown")
        assert seen.messages == []


def test_the_keyboard_filters(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as seen:
        seen.page.get_by_label("Lift").focus()
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.type("Not assessed")
        names_of(seen.page, "row", "unknown")
        assert "2 of 6 clips" in seen.page.get_by_role("status").inner_text()


@pytest.mark.parametrize("part", ["it's", "caf"])
def test_links_lead_to_reports_whatever_the_name(
    browser: Browser,
    page_file: Path,
    part: str,
) -> None:
    with opened(browser, page_file) as seen:
        seen.page.locator(".clip a", has_text=part).click()
        wait_until(seen.page, "document.title == 'a report'")


def test_a_broken_file_is_no_clip_of_an_athlete() -> None:
    index = Index(built_in_book(), athlete_of=athlete_of)
    for record in (done("anna/squat.mp4"), failed("anna/broken.mp4")):
        index.add(record)
    text = index.page({"anna": OUTLOOK})
    assert '>anna</bdi></a> <span class="muted">1 clip</span>' in text
    assert "1 file could not be analysed" in text
    index.leave_out("anna/locked", "permission denied")
    assert "1 file and 1 folder could not be analysed" in index.page()


def test_an_athlete_is_told_in_four_lines(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as seen:
        told = seen.page.locator(".athletes li").inner_text()
    for words in (
        "4 clips",
        "keep an eye on it",
        "Depth, moderate (squat)",
        "too few sessions to tell (1 of 5)",
        "Film <b>.",
    ):
        assert words in told


def test_the_worst_fault_is_the_first_of_the_worst_grade() -> None:
    told: dict[str, Any] = {"rule.squat.lean": "mild", "rule.squat.depth": "severe"}
    both = done("anna/squat.mp4", severity="severe", faults="squat.lean squat.depth", **told)
    (line,) = listed([both]).lines({"anna": OUTLOOK})
    assert (line.severity, line.fault, line.lift) == ("severe", "Depth", "squat")


def test_a_clip_not_to_be_relied_on_says_nothing_of_an_athlete() -> None:
    told: dict[str, Any] = {"rule.squat.depth": "severe"}
    poor = done("anna/squat.mp4", severity="severe", faults="squat.depth", trust="poor", **told)
    (line,) = listed([poor]).lines({"anna": OUTLOOK})
    assert (line.severity, line.fault, line.lift) == ("not_assessed", None, "squat")


def test_notes_are_shown_in_short_and_as_text() -> None:
    told = {"note": f"New <b>shoes</b>. {'long ' * 100}", "folder_note": "Sore <i>knee</i>."}
    text = listed([done("anna/a.mp4", [{}], **told)]).page({"anna": OUTLOOK})
    assert "Coach&#39;s notes: New &lt;b&gt;shoes&lt;/b&gt;. long" in text
    assert text.count("long ") < 60
    assert "<dd>Sore &lt;i&gt;knee&lt;/i&gt;.</dd>" in text


def test_a_clip_with_another_lift_is_marked() -> None:
    two = listed([done("a.mp4", [{}], warnings="other_lift few_reps"), done("b.mp4", [{}])])
    assert two.page().count("Another lift is in the clip, too") == 1
    assert two.two_lifts == ["a.mp4"]


def test_athletes_have_their_page(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as seen:
        seen.page.get_by_role("link", name="anna", exact=True).click()
        wait_until(seen.page, "document.title == 'a profile'")


def test_hostile_names_and_reasons_are_text(
    browser: Browser,
    page_file: Path,
) -> None:
    with opened(browser, page_file) as seen:
        name = seen.page.locator(".clip bdi").first.text_content()
        assert name == HOSTILE
        assert seen.page.locator("img[src=x]").count() == 0
        assert seen.messages == []


def test_without_javascript_everything_is_listed(
    browser: Browser,
    page_file: Path,
) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(page_file.as_uri())
        assert len(shown(page)) == 6
        assert page.locator("#filters").is_hidden()
        assert page.locator(".failures li").count() == 2
    finally:
        context.close()


def test_a_clip_without_page_or_picture_links_to_what_there_is() -> None:
    plain = RECORDS[0].model_copy(update={"files": {"report.json": 1}})
    text = listed([plain]).page()
    assert 'href="clips/a%20fine%20one.mp4/report.json"' in text
    assert "<img" not in text


def test_more_clips_than_a_browser_bears_are_cut_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index, "MOST", 3)
    monkeypatch.setattr(index, "MOST_FAILED", 1)
    records = [done(f"{n:02}.mp4", [{}], score=float(n)) for n in range(20, 40)]
    told: dict[str, Any] = {"severity": "severe", "score": 50.0}
    records += [done("last.mp4", [{}], **told), failed("x.mp4"), failed("y.mp4")]
    text = listed(records).page()
    assert text.count('<li class="clip') == 3
    for words in ("last.mp4", "20.mp4", "21.mp4", "21 clips", "The 3 clips", "The first 1 of 2"):
        assert words in text
    assert "y.mp4" not in text


def test_an_empty_batch_has_a_page() -> None:
    text = listed([]).page()
    assert "No clips were analysed." in text
    assert "0 clips" in text
