"""Each clip's thumbnail, from the same reading of the clip as the page's stills."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from formcheck import analyze, build_report
from formcheck.batch.job import Job, work
from formcheck.batch.settings import RunSettings
from formcheck.pose.cache import TrackCache
from formcheck.pose.model import load_model
from formcheck.present.page import cards
from formcheck.present.page.media import (
    THUMBNAIL_BYTES,
    THUMBNAIL_PX,
    middle_s,
    stills,
    thumbnail,
)
from formcheck.present.page.render import report_page
from formcheck.report.files import THUMBNAIL_FILE
from formcheck.storage import Folder
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from formcheck import ClipAnalysis

FAULTY, FINE = "squat_side_lean.mp4", "squat_side_good.mp4"


@pytest.fixture(scope="module")
def clip(shared_cache: Path) -> ClipAnalysis:
    return analyze(SAMPLES / FAULTY, cache=TrackCache(shared_cache))


def decoded(data: bytes) -> NDArray[np.uint8]:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    return np.asarray(image, dtype=np.uint8)


@pytest.mark.parametrize("name", [FAULTY, FINE])
def test_a_clip_gets_the_same_thumbnail_with_and_without_a_page(
    name: str, tmp_path: Path, shared_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMCHECK_CACHE", str(shared_cache))
    clips = Folder(str(SAMPLES))
    (file,) = (file for file in clips.files() if file.name == name)
    made = []
    for html in (True, False):
        results = Folder(str(tmp_path / str(html)))
        settings = RunSettings(model_sha256=load_model().sha256, html=html)
        job = Job(clips, results, file, settings)
        record = work(job)
        data = job.folder.read(THUMBNAIL_FILE)
        assert data is not None
        assert record.files[THUMBNAIL_FILE] == len(data) <= THUMBNAIL_BYTES
        assert ("report.html" in record.files) == html
        made.append(data)
    assert made[0] == made[1]
    assert 100 < max(decoded(made[0]).shape) <= THUMBNAIL_PX


def test_the_page_is_the_same_with_pictures_made_before(clip: ClipAnalysis) -> None:
    report = build_report(clip)
    moments = cards.moments(report)
    assert len(moments) == 2
    made = stills(clip, [*moments, 0.0])
    assert report_page(report, clip, pictures=made) == report_page(report, clip)
    assert "<img" not in report_page(report, clip, pictures={})


def test_the_lifter_is_cut_out(clip: ClipAnalysis) -> None:
    track = clip.analysis.motion.track
    wide = replace(track, frame_wh=(1600, 900), xy_px=track.xy_px + np.array([900.0, 100.0]))
    image = np.zeros((270, 480, 3), np.uint8)
    image[:, 240:] = 200
    part = decoded(thumbnail(image, wide, middle_s(track)))
    assert part.shape[1] < 300
    assert part.mean() > 150  # he stands in the right half


def test_a_busy_picture_still_makes_a_small_file(clip: ClipAnalysis) -> None:
    track = clip.analysis.motion.track
    noise = np.random.default_rng(1).integers(0, 256, (960, 540, 3)).astype(np.uint8)
    data = thumbnail(noise, track, middle_s(track))
    assert len(data) <= THUMBNAIL_BYTES
    assert max(decoded(data).shape) == THUMBNAIL_PX


def test_the_middle_is_where_somebody_is_seen(clip: ClipAnalysis) -> None:
    track = clip.analysis.motion.track
    assert middle_s(track) == pytest.approx(track.t_s[len(track) // 2], abs=0.1)
    seen = track.tracked.copy()
    seen[: len(seen) * 3 // 4] = False
    xy_px = np.where(seen[:, None, None], track.xy_px, np.nan)
    late = replace(track, xy_px=xy_px)
    assert middle_s(late) > track.t_s[len(track) * 3 // 4]


def test_a_clip_that_cannot_be_jumped_in_is_read_instead(
    clip: ClipAnalysis, tmp_path: Path
) -> None:
    t_s = float(clip.analysis.motion.track.t_s[30])
    tracked = clip.tracked
    bare = tmp_path / "bare.h264"
    bare.write_bytes(bare_stream(SAMPLES / FAULTY))
    other = replace(clip, tracked=replace(tracked, video=replace(tracked.video, path=str(bare))))
    a, b = stills(clip, [t_s])[t_s], stills(other, [t_s])[t_s]
    assert np.abs(a.astype(int) - b.astype(int)).mean() < 2


def bare_stream(file: Path) -> bytes:
    """The pictures of a clip without container and time stamps."""
    import av

    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        to_stream = av.BitStreamFilterContext("h264_mp4toannexb", stream)
        packets = [one for packet in container.demux(stream) for one in to_stream.filter(packet)]
        return b"".join(bytes(packet) for packet in packets)
