"""Places of panels, reading between samples, and what is said when."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.present.video.body import Timeline
from formcheck.present.video.canvas import Box, haloed
from formcheck.present.video.panels import Whereabouts, find_place, share_inside
from formcheck.present.video.video import output_size

NOWHERE = np.zeros((0, 2))


@pytest.mark.parametrize(
    "lifter",
    [
        Box(0, 0, 300, 720),
        Box(980, 0, 1280, 720),
        Box(300, 0, 1280, 300),
        Box(0, 220, 1280, 720),
        Box(250, 100, 1000, 720),
    ],
)
def test_panels_cover_neither_lifter_nor_each_other(lifter: Box) -> None:
    taken: list[Box] = []
    for size in ((240.0, 110.0), (230.0, 180.0), (200.0, 50.0)):
        where = Whereabouts(lifter, NOWHERE, NOWHERE)
        box = find_place(size, (1280, 720), where, taken, 10).box
        assert box.overlap(lifter) == 0
        assert all(box.overlap(other) == 0 for other in taken)
        assert min(box.left, box.top) >= 10
        assert box.right <= 1270
        assert box.bottom <= 710
        taken.append(box)


def test_where_the_lifter_fills_the_picture_the_emptiest_place_is_taken() -> None:
    points = np.array([(x, y) for x in range(0, 640, 10) for y in range(0, 360, 10)], float)
    points = points[~((points[:, 0] > 400) & (points[:, 1] > 240))]
    everywhere = Whereabouts(Box(0, 0, 640, 360), points, NOWHERE)
    place = find_place((200, 80), (640, 360), everywhere, (), 8)
    assert (place.x, place.y) == (1, 1)


def test_hips_are_covered_last() -> None:
    """The emptiest corner is where the hips go: another one is taken."""
    points = np.array([(x, y) for x in range(0, 640, 10) for y in range(0, 360, 10)], float)
    points = points[~((points[:, 0] > 400) & (points[:, 1] > 240))]
    close = Whereabouts(Box(0, 0, 640, 360), points, np.array([[600.0, 340.0]]))
    place = find_place((200, 80), (640, 360), close, (), 8)
    assert not share_inside(close.hips, place.box)


def test_a_number_goes_beside_what_it_may_not_cover() -> None:
    image = np.zeros((360, 640, 3), np.uint8)
    hip = Box(310, 170, 330, 190)
    first = haloed(image, "104°", (320, 180), (255, 255, 255), 20, avoid=[hip])
    second = haloed(image, "87°", (320, 180), (255, 255, 255), 20, avoid=[hip, first])
    assert first.overlap(hip) == second.overlap(hip) == second.overlap(first) == 0
    for plate in (first, second):
        assert abs((plate.left + plate.right) / 2 - 320) < 100
        assert abs((plate.top + plate.bottom) / 2 - 180) < 100


def test_reading_between_samples() -> None:
    t_s = np.array([0.0, 0.1, 0.2, 0.3, 0.9, 1.0])
    values = np.array([0.0, 1.0, 2.0, np.nan, 4.0, 8.0])
    time = Timeline(t_s, breaks=(2,))
    assert time.read(values, 0.05) == pytest.approx(0.5)
    assert time.read(values, 0.1) == 1.0
    assert time.read(values, 0.19) == 1.0  # never across a cut
    assert np.isnan(time.read(values, 0.25))  # an unknown end
    assert np.isnan(time.read(values, 0.6))  # a gap
    assert time.read(values, 0.975) == pytest.approx(7.0)
    assert time.read(values, 1.05) == 8.0
    assert np.isnan(time.read(values, 1.5))
    assert np.isnan(time.read(values, -0.1))


def test_sizes_are_even() -> None:
    assert output_size((641, 361), None) == (640, 360)
    assert output_size((1080, 1920), 721) == (406, 720)
