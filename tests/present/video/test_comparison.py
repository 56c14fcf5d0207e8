"""The video of both clips: which pictures stand side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from formcheck import analyze
from formcheck.compare import compare
from formcheck.pose.cache import TrackCache
from formcheck.present.video.comparison import (
    HOLD_S,
    Layout,
    NearestPicture,
    Pair,
    begin_times,
    film_comparison,
    frames_of_reps,
    pairs_of,
)
from formcheck.reps.cycles import Cycle
from formcheck.reps.engine import Rep, RepKind
from formcheck.video.reader import Frame
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path


def rep(index: int, start_s: float, turn_s: float, end_s: float) -> Rep:
    return Rep(
        index, Cycle(0, 1, 2, 1.0, "eccentric"), start_s, turn_s, end_s, RepKind.FULL, None, ()
    )


def frame(t_s: float) -> Frame:
    return Frame(t_s, np.zeros((2, 2, 3), np.uint8))


def test_b_is_where_a_is() -> None:
    pair = Pair(rep(1, 1.0, 2.0, 4.0), rep(1, 10.0, 13.0, 14.0))
    assert [pair.phase(t) for t in (1.0, 1.5, 2.0, 3.0, 4.0)] == [0, 25, 50, 75, 100]
    assert [pair.b_time(t) for t in (1.0, 1.5, 2.0, 3.0, 4.0)] == [10, 11.5, 13, 13.5, 14]


def test_only_pictures_of_repetitions_are_shown() -> None:
    pairs = [Pair(rep(1, 1.0, 1.5, 2.0), rep(1, 0.0, 1.0, 2.0))]
    pairs.append(Pair(rep(2, 3.0, 3.5, 4.0), rep(2, 2.0, 3.0, 4.0)))
    shown = [(n, f.t_s) for n, f in frames_of_reps(pairs, map(frame, np.arange(0, 9, 0.5)))]
    assert shown == [(0, 1.0), (0, 1.5), (0, 2.0), (1, 3.0), (1, 3.5), (1, 4.0)]
    assert begin_times(pairs) == [0.0, 1.0 + HOLD_S]


def test_the_nearest_picture_is_shown_again_and_again_or_left_out() -> None:
    pictures = NearestPicture(map(frame, [0.0, 1.0, 2.0, 3.0]))
    assert [pictures.at(t).t_s for t in (0.0, 0.4, 0.6, 0.7, 2.9, 9.0)] == [0, 0, 1, 1, 3, 3]


@pytest.mark.parametrize(
    ("first", "second"), [((360, 640), (640, 360)), ((1081, 1921), (90, 51)), ((2, 2), (2, 2))]
)
def test_both_are_equally_high(first: tuple[int, int], second: tuple[int, int]) -> None:
    layout = Layout.of(first, second)
    assert layout.width % 2 == layout.height % 2 == 0
    assert layout.picture_height <= 720
    left, right = (np.full((h, w, 3), v, np.uint8) for (w, h), v in ((first, 50), (second, 90)))
    image = layout.joined(left, right)
    assert image.shape == (layout.height, layout.width, 3)
    assert image[0, 0, 0] == 50
    assert image[layout.picture_height - 1, -1, 0] == 90


def test_a_video_of_two_sample_clips(squat_clip: Path, shared_cache: Path, tmp_path: Path) -> None:
    other = SAMPLES / "squat_side_shallow.mp4"
    cache = TrackCache(shared_cache)
    first, second = (analyze(clip, cache=cache) for clip in (squat_clip, other))
    found = compare(first.analysis, second.analysis)
    out = tmp_path / "both.mp4"
    film_comparison(found, first.tracked.video, second.tracked.video, out)
    pairs = pairs_of(found)
    assert len(pairs) == 3
    with av.open(str(out)) as container:
        pictures = list(container.decode(video=0))
    assert pictures[0].height == 640 + Layout.of((360, 640), (360, 640)).strip_height
    length = sum(pair.a.end_s - pair.a.start_s for pair in pairs) + 2 * HOLD_S
    assert float(pictures[-1].time or 0.0) == pytest.approx(length, abs=0.1)
    assert [path.name for path in tmp_path.iterdir()] == ["both.mp4"]
