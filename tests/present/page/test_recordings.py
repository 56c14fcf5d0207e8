"""What the browser shows when a button is pressed, on files as people really have them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from formcheck import analyze
from formcheck.pose.cache import TrackCache
from formcheck.video import VideoReader
from tests.helpers.recordings import RECORDINGS, SETTINGS, recording
from tests.present.page.conftest import opened

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from formcheck import ClipAnalysis

UNPLAYABLE = {
    "clock_jumps_10h.ts",
    "clock_restarts_other_rate.ts",
    "h264_bframes.avi",
    "motion_photo.jpg",
    "mp4_without_ctts.mp4",  # plays, but shows pictures at other times than their own
}
PLAYED = [name for name in RECORDINGS if name not in UNPLAYABLE]
SAME_S = 0.002
"""Matroska's stamps are whole milliseconds."""
PRESS = """async ([button, meant, same]) => {
  const video = document.querySelector("video");
  let shown = null;
  const next = (_, picture) => {
    shown = picture.mediaTime;
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
  const before = video.currentTime;
  button.click();
  // The picture of the press before may be told late: one that is not meant is waited out.
  for (let tries = 0; tries < 100; tries += 1) {
    await new Promise((done) => setTimeout(done, 20));
    const there = shown === null ? Math.abs(video.currentTime - before) < 1e-6
                                 : Math.abs(shown - meant) <= same;
    if (!video.seeking && there) break;
  }
  return shown;
}"""


def page_of(clip: ClipAnalysis, folder: Path) -> Path:
    return clip.save(folder) / "report.html"


def file_times(clip: ClipAnalysis) -> tuple[np.ndarray, np.ndarray]:
    """Clip seconds of all pictures, and the file's own stamps in order of time."""
    video = clip.tracked.video
    with VideoReader.again(video) as reader:
        times = np.array([picture.t_s for picture in reader.pictures()])
    with av.open(video.path) as container:
        track = container.streams.best("video")
        assert track is not None
        decoded: list[Any] = list(container.decode(track))
    return times, np.array([float(one.pts * one.time_base) for one in decoded])


def wrong_buttons(page: Page, clip: ClipAnalysis) -> list[tuple[float, float, float | None]]:
    """Times of buttons, the picture meant and the one that is shown, where they differ."""
    times, stamps = file_times(clip)
    buttons, wrong, last = page.locator("button[data-t]"), [], None
    assert buttons.count() > 3
    for number in range(buttons.count()):
        button = buttons.nth(number).element_handle()
        assert button is not None
        meant_s = float(button.get_attribute("data-t") or "nan")
        meant = float(stamps[np.argmin(np.abs(times - meant_s))])
        shown = page.evaluate(PRESS, [button, meant, SAME_S])
        last = last if shown is None else shown  # the same picture is not shown again
        if last is None or abs(last - meant) > SAME_S:
            wrong.append((meant_s, meant, last))
    return wrong


def retimed(source: Path, target: Path, fps: int) -> Path:
    """The same pictures, so many a second."""
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        track = old.streams.video[0]
        assert track.average_rate is not None
        assert track.time_base is not None
        copy = new.add_stream_from_template(track)
        copy.time_base = Fraction(1, 90_000)
        factor = track.time_base * track.average_rate * Fraction(90_000, fps)
        for packet in old.demux(track):
            if packet.pts is None or packet.dts is None:
                continue
            packet.pts, packet.dts = round(packet.pts * factor), round(packet.dts * factor)
            packet.duration = round(Fraction(90_000, fps))
            packet.time_base, packet.stream = Fraction(1, 90_000), copy
            new.mux(packet)
    return target


@pytest.mark.parametrize("name", PLAYED)
def test_each_button_shows_the_very_picture(
    browser: Browser, shared_cache: Path, tmp_path: Path, name: str
) -> None:
    clip = analyze(recording(name), settings=SETTINGS, cache=TrackCache(shared_cache))
    with opened(browser, page_of(clip, tmp_path)) as seen:
        seen.page.wait_for_timeout(300)
        assert wrong_buttons(seen.page, clip) == []
        assert seen.messages == []


@pytest.mark.parametrize("fps", [12, 30, 50])
def test_each_button_shows_the_very_picture_at_any_rate(
    browser: Browser, shared_cache: Path, tmp_path: Path, fps: int
) -> None:
    file = retimed(recording("video_3s_after_sound.mp4"), tmp_path / "clip.mp4", fps)
    clip = analyze(file, exercise="squat", settings=SETTINGS, cache=TrackCache(shared_cache))
    with opened(browser, page_of(clip, tmp_path)) as seen:
        seen.page.wait_for_timeout(300)
        assert wrong_buttons(seen.page, clip) == []


@pytest.mark.parametrize("name", sorted(UNPLAYABLE))
def test_a_page_without_its_video_says_so(
    browser: Browser, shared_cache: Path, tmp_path: Path, name: str
) -> None:
    clip = analyze(recording(name), settings=SETTINGS, cache=TrackCache(shared_cache))
    with opened(browser, page_of(clip, tmp_path)) as seen:
        assert seen.page.locator("video").count() == 0
        assert seen.page.locator("#no-video").is_visible()


def test_the_cursor_follows_what_the_browser_shows(
    browser: Browser, shared_cache: Path, tmp_path: Path
) -> None:
    """In a clip whose clock starts at ten seconds."""
    name = "clock_starts_at_10s.webm"
    clip = analyze(recording(name), settings=SETTINGS, cache=TrackCache(shared_cache))
    with opened(browser, page_of(clip, tmp_path)) as seen:
        seen.page.wait_for_timeout(300)
        video, clock = seen.page.locator("video"), seen.page.locator("#clock")
        assert clock.inner_text() == "0:00.0"
        video.evaluate("video => { video.currentTime = 14.02; }")
        seen.page.wait_for_timeout(300)
        assert clock.inner_text() == "0:04.0"
        video.evaluate("video => video.play()")
        seen.page.wait_for_timeout(700)
        video.evaluate("video => video.pause()")
        seen.page.wait_for_timeout(200)
        at_s = video.evaluate("video => video.currentTime")
        assert float(clock.inner_text().split(":")[1]) == pytest.approx(at_s - 10, abs=0.15)


def test_a_clip_that_lies_on_its_side_stands_on_the_page(
    browser: Browser, shared_cache: Path, tmp_path: Path
) -> None:
    name = "sideways_no_mark.mp4"
    clip = analyze(recording(name), settings=SETTINGS, cache=TrackCache(shared_cache))
    with opened(browser, page_of(clip, tmp_path)) as seen:
        seen.page.wait_for_timeout(300)
        box = seen.page.locator("video").bounding_box()
        around = seen.page.locator("#player").bounding_box()
        assert box is not None
        assert around is not None
        assert box["height"] / box["width"] == pytest.approx(640 / 360, rel=0.02)
        assert around == pytest.approx(box, abs=2)
