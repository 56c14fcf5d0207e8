from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.pose.blazepose.region import Region, to_picture, turned

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


def square(degrees: float) -> Region:
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
    to_picture = square(90).to_picture(10)
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
    angle = square(start).between(square(end), 0.5).angle
    assert math.remainder(angle - math.radians(half_way), math.tau) == pytest.approx(0, abs=1e-12)


REGION = Region(np.array([210.0, 320.0]), 500.0, math.radians(-37))


def test_points_of_the_crop_come_back_to_where_they_were_cut_out() -> None:
    in_crop = np.random.default_rng(1).uniform(-0.2, 1.2, (33, 2))
    for side in (64, 256):
        matrix = REGION.to_picture(side)
        expected = in_crop * side @ matrix[:, :2].T + matrix[:, 2]
        assert to_picture(in_crop, REGION) == pytest.approx(expected)


def test_there_and_back_is_where_it_began() -> None:
    in_picture = np.random.default_rng(2).uniform(0, 640, (33, 2))
    matrix = REGION.to_picture(256)
    in_crop = np.linalg.solve(matrix[:, :2], (in_picture - matrix[:, 2]).T).T
    assert to_picture(in_crop / 256, REGION) == pytest.approx(in_picture)


@pytest.mark.parametrize(
    ("degrees", "corner"), [(0, (-50, -50)), (90, (50, -50)), (180, (50, 50)), (-90, (-50, 50))]
)
def test_the_middle_and_the_upper_left_corner(degrees: float, corner: tuple[int, int]) -> None:
    region = Region(np.array([200.0, 300.0]), 100.0, math.radians(degrees))
    middle, upper_left = to_picture(np.array([[0.5, 0.5], [0.0, 0.0]]), region)
    assert middle == pytest.approx([200, 300])
    assert upper_left == pytest.approx(np.array([200, 300]) + corner)


@pytest.mark.parametrize(
    ("degrees", "head"), [(0, (0, -1)), (90, (1, 0)), (180, (0, 1)), (-90, (-1, 0))]
)
def test_a_body_that_lies_also_lies_in_space(degrees: float, head: tuple[int, int]) -> None:
    """The head is up in the crop; depth stays what it is."""
    region = Region(np.zeros(2), 100.0, math.radians(degrees))
    (found,) = turned(np.array([[0.0, -1.0, 0.3]]), region)
    assert found == pytest.approx([*head, 0.3])


def test_turning_keeps_lengths() -> None:
    body = np.random.default_rng(3).normal(size=(33, 3))
    before, after = (
        np.linalg.norm(points[:, None] - points, axis=-1) for points in (body, turned(body, REGION))
    )
    assert after == pytest.approx(before)
