"""The page in a real browser, opened from disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from formcheck.present.page.media import Player, find_player
from formcheck.present.page.render import profile_page, report_page
from formcheck.report.build_upper_back import build_profile
from tests.present.page.conftest import HOSTILE, all_seen, opened, partly_hidden

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.present.page.conftest import Scheme, Written

LOADED = "document.querySelector('video').readyState >= 2"
AT = "document.querySelector('video').currentTime"
LOOKS: list[tuple[str, Scheme]] = [("phone", "light"), ("phone", "dark"), ("desktop", "light")]


def wait_until(page: Page, condition: str) -> None:
    """As `Page.wait_for_function`, which the page's policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"Not within 5 s: {condition}")


def playhead(page: Page) -> float:
    """Left edge of the first curve's cursor, pixels."""
    box = page.locator(".playhead").first.bounding_box()
    assert box is not None
    return box["x"]


def axe_findings(page: Page) -> list[str]:
    return [f"{v['id']}: {v['help']}" for v in Axe().run(page).response["violations"]]


@pytest.mark.parametrize(("size", "scheme"), [*LOOKS, ("desktop", "dark")])
def test_the_page_is_quiet_fits_and_is_accessible(
    browser: Browser, written: Written, size: str, scheme: Scheme
) -> None:
    with opened(browser, written.page, size, scheme) as seen:
        wait_until(seen.page, LOADED)
        seen.page.locator("#made ~ details summary").click()
        assert seen.page.locator(".plot canvas").count() >= 2
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert seen.page.evaluate(wide) == 0
        assert axe_findings(seen.page) == []
        assert {url.partition(":")[0] for url in seen.requests} <= {"file", "data", "blob"}
        assert seen.messages == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_hidden_is_drawn_and_named(
    browser: Browser, written: Written, tmp_path: Path, scheme: Scheme
) -> None:
    report = partly_hidden(written.report)
    file = tmp_path / "report.html"
    file.write_text(report_page(report, written.clip, player=None, pictures={}))
    pixels = "document.querySelector('.plot canvas').toDataURL()"
    with opened(browser, file, "desktop", scheme) as seen:
        slider = seen.page.locator("#time").bounding_box()
        band = seen.page.locator(".hidden-band").bounding_box()
        rect = seen.page.locator(".hidden-band rect").first.bounding_box()
        assert slider is not None
        assert band is not None
        assert rect is not None
        assert band["x"] == pytest.approx(slider["x"] + 8, abs=2)
        share = 1.5 / (written.clip.analysis.motion.t_s[-1] - written.clip.analysis.motion.t_s[0])
        assert rect["width"] == pytest.approx(share * band["width"], abs=2)
        now = seen.page.locator("#hidden-now")
        assert now.inner_text() == ""
        seen.page.get_by_role("button", name="Rep 1", exact=True).click()
        assert now.inner_text() == "Not followed well here: wrist"
        assert seen.page.get_by_role("status").inner_text().endswith("not followed well: wrist")
        seen.page.locator(".hidden-list summary").click()
        assert seen.page.locator(".hidden-list li").count() == 2
        assert axe_findings(seen.page) == []
        assert seen.messages == []
        hatched = seen.page.evaluate(pixels)
        seen.page.emulate_media(media="print", color_scheme=scheme)
        assert seen.page.get_by_text("Partly unsure:").is_visible()
        assert now.is_hidden()
    file.write_text(report_page(all_seen(written.report), written.clip, player=None, pictures={}))
    with opened(browser, file, "desktop", scheme) as seen:
        assert seen.page.locator("#hidden-now").count() == 0
        assert seen.page.evaluate(pixels) != hatched
        assert seen.messages == []


def test_the_video_plays_and_the_cursor_follows(browser: Browser, written: Written) -> None:
    with opened(browser, written.page) as seen:
        wait_until(seen.page, LOADED)
        before = playhead(seen.page)
        seen.page.evaluate("document.querySelector('video').play()")
        wait_until(seen.page, f"{AT} > 0.4")
        assert seen.page.evaluate("document.querySelector('video').error") is None
        assert playhead(seen.page) > before


def test_a_repetition_and_a_fault_are_one_click_away(browser: Browser, written: Written) -> None:
    second = written.report.reps[1]
    with opened(browser, written.page) as seen:
        wait_until(seen.page, LOADED)
        before = playhead(seen.page)
        seen.page.get_by_role("button", name="Rep 2", exact=True).click()
        assert seen.page.evaluate(AT) == pytest.approx(second.start_s, abs=0.05)
        assert playhead(seen.page) > before + 20
        assert seen.page.locator("tr.current").get_attribute("data-rep") == "2"
        status = seen.page.get_by_role("status").inner_text()
        assert "rep 2" in status
        assert "Shin lean" in status
        show = seen.page.locator(".fault button").first
        show.click()
        moment = float(show.get_attribute("data-t") or "nan")
        assert seen.page.evaluate(AT) == pytest.approx(moment, abs=0.05)


def test_clicking_and_dragging_in_a_curve_seeks(browser: Browser, written: Written) -> None:
    length_s = written.report.video.duration_s
    with opened(browser, written.page) as seen:
        wait_until(seen.page, LOADED)
        plot = seen.page.locator(".u-over").first
        box = plot.bounding_box()
        assert box is not None
        plot.click(position={"x": box["width"] / 2, "y": 20})
        assert seen.page.evaluate(AT) == pytest.approx(length_s / 2, abs=0.2)
        seen.page.mouse.down()
        seen.page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 20, steps=3)
        seen.page.mouse.up()
        assert seen.page.evaluate(AT) == pytest.approx(length_s * 0.75, abs=0.2)


def test_the_keyboard_reaches_a_repetition_and_the_slider(
    browser: Browser, written: Written
) -> None:
    with opened(browser, written.page) as seen:
        wait_until(seen.page, LOADED)
        for _ in range(20):
            seen.page.keyboard.press("Tab")
            if seen.page.evaluate("document.activeElement.innerText") == "Rep 3":
                break
        seen.page.keyboard.press("Enter")
        third = written.report.reps[2].start_s
        assert seen.page.evaluate(AT) == pytest.approx(third, abs=0.05)
        seen.page.locator("#time").focus()
        seen.page.keyboard.press("ArrowRight")
        assert seen.page.evaluate(AT) > third


def test_a_hostile_file_name_is_text(browser: Browser, written: Written) -> None:
    with opened(browser, written.page) as seen:
        assert seen.page.locator("bdi").first.inner_text() == HOSTILE
        assert HOSTILE in seen.page.title()
        assert seen.page.locator("img[src=x]").count() == 0
        assert seen.messages == []


def test_hostile_rule_texts_are_text_and_a_missing_video_is_said(
    browser: Browser, written: Written, tmp_path: Path
) -> None:
    bad = "</script><script>alert(1)</script> {{ 7 * 7 }}"
    checks = [c.model_copy(update={"message": bad, "title": bad}) for c in written.report.checks]
    report = written.report.model_copy(update={"checks": checks})
    file = tmp_path / "report.html"
    file.write_text(report_page(report, written.clip, player=Player("gone.mp4")))
    with opened(browser, file) as seen:
        seen.page.locator("#no-video").wait_for(state="visible")
        assert seen.page.locator("#player").is_hidden()
        assert bad in seen.page.locator(".message").first.inner_text()
        seen.page.get_by_role("button", name="Rep 2", exact=True).click()
        assert seen.page.locator("tr.current").get_attribute("data-rep") == "2"
        assert "dialog" not in seen.messages


def test_a_page_without_video_and_a_profile_are_quiet_and_accessible(
    browser: Browser, written: Written, tmp_path: Path
) -> None:
    alone, profile = tmp_path / "report.html", tmp_path / "profile.html"
    alone.write_text(report_page(written.report, written.clip))
    profile.write_text(profile_page(build_profile([written.report])))
    for file in (alone, profile):
        with opened(browser, file, "phone", "dark") as seen:
            assert axe_findings(seen.page) == []
            assert seen.messages == []
            assert {url.partition(":")[0] for url in seen.requests} <= {"file", "data"}


def test_an_embedded_video_plays_from_the_page_alone(
    browser: Browser, written: Written, tmp_path: Path
) -> None:
    clip = Path(written.report.video.path)
    player = find_player(written.report, clip, tmp_path, embed=True)
    file = tmp_path / "report.html"
    file.write_text(report_page(written.report, written.clip, player=player))
    with opened(browser, file) as seen:
        wait_until(seen.page, LOADED)
        seen.page.get_by_role("button", name="Rep 2", exact=True).click()
        second = written.report.reps[1].start_s
        assert seen.page.evaluate(AT) == pytest.approx(second, abs=0.05)
        assert {url.partition(":")[0] for url in seen.requests} <= {"file", "data"}
