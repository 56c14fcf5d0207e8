"""A few parts of a clip are followed as the whole clip is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from formcheck.pose.glimpses import PART_S, PARTS, Glimpses, glimpse, look_at_light, parts_of
from formcheck.pose.model import load_model
from formcheck.pose.tracker import track_video
from formcheck.video import VideoReader
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

LONG, SHORT = SAMPLES / "weak_upper_back_pull_up.mp4", SAMPLES / "squat_side_shallow.mp4"


@pytest.fixture(scope="module")
def long() -> Glimpses:
    return glimpse(LONG, load_model())


def test_parts_lie_evenly_and_do_not_grow_with_the_clip() -> None:
    for duration_s in (12.1, 60.0, 3600.0):
        parts = parts_of(duration_s)
        assert len(parts) == PARTS
        assert sum(end_s - start_s for start_s, end_s in parts) == pytest.approx(PARTS * PART_S)
        assert all(a[1] <= b[0] for a, b in pairwise(parts))
        assert parts[0][0] == pytest.approx(duration_s - parts[-1][1])
    assert parts_of(None) == [(0.0, PARTS * PART_S)]


def test_a_long_clip_is_seen_where_the_whole_track_is(long: Glimpses) -> None:
    whole = track_video(LONG, load_model()).track
    assert len(long.spans) == PARTS
    assert long.people == 1
    assert long.rate_hz == pytest.approx(20.0, abs=0.1)
    trunk = np.linalg.norm(whole.middle("shoulder") - whole.middle("hip"), axis=1).max()
    for (first, last), (start_s, end_s) in zip(long.spans, parts_of(19.2), strict=True):
        times = long.track.t_s[first : last + 1]
        assert start_s <= times[0]
        assert times[-1] <= end_s
        own = np.isin(np.round(whole.t_s, 4), np.round(times, 4))
        assert own.sum() == len(times)
        off = np.linalg.norm(long.track.xy_px[first : last + 1] - whole.xy_px[own], axis=2)
        assert np.median(off) < 0.02 * trunk


def test_between_two_parts_nobody_is_seen(long: Glimpses) -> None:
    between = [last + 1 for _, last in long.spans[:-1]]
    assert np.flatnonzero(~long.track.tracked).tolist() == between


def test_a_short_clip_is_looked_at_as_a_whole() -> None:
    found, whole = glimpse(SHORT, load_model()), track_video(SHORT, load_model())
    assert found.spans == ((0, len(whole.track) - 1),)
    np.testing.assert_allclose(found.track.xy_px, whole.track.xy_px)
    light = look_at_light(VideoReader(SHORT), found.track)
    assert light is not None
    assert 0.1 < light.brightness < 0.9


def test_a_stream_without_time_stamps_is_seen_from_its_beginning(tmp_path: Path) -> None:
    bare = tmp_path / "clip.h264"
    with av.open(str(SHORT)) as source, av.open(str(bare), "w", format="h264") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    with VideoReader(bare) as reader:
        assert list(reader.part(0.0, 1.0)) == []
    found = glimpse(bare, load_model())
    assert found.track.tracked.mean() > 0.9
    assert look_at_light(VideoReader(bare), found.track) is None
