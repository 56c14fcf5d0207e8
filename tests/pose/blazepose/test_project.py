from __future__ import annotations

import math

import numpy as np
import pytest

from formcheck.pose.blazepose.project import to_picture, turned
from formcheck.pose.blazepose.region import Region

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
