from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.pose.blazepose.region import Region

if TYPE_CHECKING:
    from numpy.typing import NDArray

HIPS = np.array([100.0, 200.0])


def beside(right: float, down: float) -> NDArray[np.float64]:
    return np.asarray(HIPS + np.array([right, down]))


def around(right: float, down: float) -> Region:
    """The square around a body whose head lies so far from its hips."""
    region = Region.around(HIPS, beside(right, down))
    assert region is not None
    return region


def turned(degrees: float) -> Region:
    return Region(HIPS, 50.0, math.radians(degrees))


@pytest.mark.parametrize(
    ("right", "down", "degrees"),
    [
        (0, -40, 0),
        (40, 0, 90),
        (0, 40, 180),
        (-40, 0, -90),
        (30, -30, 45),
        (-30, -30, -45),
        (30, 30, 135),
    ],
)
def test_a_body_is_upright_in_its_square(right: float, down: float, degrees: float) -> None:
    region = around(right, down)
    assert math.degrees(region.angle) == pytest.approx(degrees)
    assert region.side == pytest.approx(2.5 * math.hypot(right, down))
    assert region.centre.tolist() == [100, 200]
    # Straight up in the crop is where the head is.
    to_picture = region.to_picture(256)
    middle, above = (to_picture @ [128, y, 1] for y in (128, 128 - 256 / 2.5))
    assert middle == pytest.approx(HIPS)
    assert above == pytest.approx(beside(right, down))


@pytest.mark.parametrize("apart", [0.0, 1.9, math.nan])
def test_two_points_that_coincide_are_no_body(apart: float) -> None:
    assert Region.around(HIPS, beside(0, -apart)) is None


def test_the_smallest_body() -> None:
    assert around(0, -2.0).side == pytest.approx(5.0)


def test_a_region_does_not_change_with_the_points_it_was_made_of() -> None:
    hips = HIPS.copy()
    region = Region.around(hips, beside(0, -40))
    hips += 7
    assert region is not None
    assert region.centre.tolist() == [100, 200]


@pytest.mark.parametrize("side", [1, 224, 256])
def test_corners_of_the_crop_are_corners_of_the_square(side: int) -> None:
    to_picture = Region(HIPS, 50.0, 0.0).to_picture(side)
    for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
        corner = to_picture @ [x * side, y * side, 1]
        assert corner == pytest.approx(HIPS + np.array([x - 0.5, y - 0.5]) * 50)


def test_a_square_turned_clockwise() -> None:
    """Its upper left corner is then above on the right."""
    to_picture = turned(90).to_picture(10)
    assert to_picture @ [0, 0, 1] == pytest.approx(beside(25, -25))
    assert to_picture @ [10, 0, 1] == pytest.approx(beside(25, 25))
    assert to_picture @ [0, 10, 1] == pytest.approx(beside(-25, -25))


def test_between_two_regions() -> None:
    first = Region(np.array([0.0, 10.0]), 40.0, 0.2)
    second = Region(np.array([8.0, 30.0]), 60.0, 0.6)
    quarter = first.between(second, 0.25)
    assert quarter.centre == pytest.approx([2, 15])
    assert (quarter.side, quarter.angle) == pytest.approx((45, 0.3))
    for share, end in ((0.0, first), (1.0, second)):
        there = first.between(second, share)
        assert there.centre == pytest.approx(end.centre)
        assert (there.side, there.angle) == pytest.approx((end.side, end.angle))


@pytest.mark.parametrize(
    ("start", "end", "half_way"),
    [(170, -170, 180), (-170, 170, 180), (-90, 100, -175), (10, -30, -10), (350, 10, 0)],
)
def test_the_shorter_way_round_is_taken(start: float, end: float, half_way: float) -> None:
    angle = turned(start).between(turned(end), 0.5).angle
    assert math.remainder(angle - math.radians(half_way), math.tau) == pytest.approx(0, abs=1e-12)
