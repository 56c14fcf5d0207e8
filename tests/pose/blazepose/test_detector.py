from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.pose.blazepose.detector import OVERLAP, anchors, decode, merge, overlap
from sample_videos.generator.truth import load_truth
from tests.conftest import SAMPLES
from tests.helpers.pictures import of_rgb, pictures_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.pose.blazepose.detector import Detector

    Floats = NDArray[np.float64]

COUNT = 2254
CLIPS = ["squat_side_good", "row_side_good", "pull_up_back_good", "squat_oblique_good"]
NUMBERS = (0, 40)

# --- anchors -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "x", "y"),
    [
        (0, 0.5 / 28, 0.5 / 28),
        (1, 0.5 / 28, 0.5 / 28),
        (2, 1.5 / 28, 0.5 / 28),
        (56, 0.5 / 28, 1.5 / 28),
        (1567, 27.5 / 28, 27.5 / 28),  # 28 * 28 * 2 of stride 8
        (1568, 0.5 / 14, 0.5 / 14),
        (1959, 13.5 / 14, 13.5 / 14),  # and 14 * 14 * 2 of stride 16
        (1960, 0.5 / 7, 0.5 / 7),
        (1965, 0.5 / 7, 0.5 / 7),
        (1966, 1.5 / 7, 0.5 / 7),
        (2002, 0.5 / 7, 1.5 / 7),
        (2253, 6.5 / 7, 6.5 / 7),  # and 7 * 7 * 6 of stride 32
    ],
)
def test_anchors_lie_on_three_grids(number: int, x: float, y: float) -> None:
    assert anchors().shape == (COUNT, 2)
    assert anchors()[number] == pytest.approx([x, y])


# --- decoding ------------------------------------------------------------------------


def test_nothing_said_is_an_empty_box_at_the_anchor() -> None:
    boxes, points = decode(np.zeros((COUNT, 12)), 224)
    assert boxes.shape == (COUNT, 4)
    assert points.shape == (COUNT, 4, 2)
    assert boxes == pytest.approx(np.tile(anchors(), 2))
    assert points == pytest.approx(np.repeat(anchors()[:, None], 4, axis=1))


def test_boxes_and_points_are_told_in_pixels_from_the_anchor() -> None:
    raw = np.zeros((COUNT, 12))
    raw[2] = [22.4, -11.2, 44.8, 67.2, 0, 224, -224, 0, 2.24, 4.48, 112, -112]
    x, y = 1.5 / 28, 0.5 / 28
    boxes, points = decode(raw, 224)
    assert boxes[2] == pytest.approx([x + 0.1 - 0.1, y - 0.05 - 0.15, x + 0.2, y - 0.05 + 0.15])
    expected = [[x, y + 1], [x - 1, y], [x + 0.01, y + 0.02], [x + 0.5, y - 0.5]]
    assert points[2] == pytest.approx(np.array(expected))


# --- overlap -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "share"),
    [
        ((0, 0, 2, 4), 1.0),
        ((1, 0, 3, 4), 4 / 12),
        ((0, 0, 1, 1), 1 / 8),  # inside
        ((-1, -1, 3, 5), 8 / 24),  # around
        ((2, 0, 4, 4), 0.0),  # they touch
        ((5, 5, 6, 6), 0.0),
        ((1, 5, 3, 9), 0.0),  # beside it in one direction only
        ((1, 1, 1, 1), 0.0),  # a point
        ((2, 4, 0, 0), 0.0),  # inside out
    ],
)
def test_overlap_is_shared_area_over_united_area(other: tuple[float, ...], share: float) -> None:
    box = np.array([0.0, 0, 2, 4])
    assert overlap(box, np.array([other, box])).tolist() == pytest.approx([share, 1.0])
    if share:
        assert overlap(np.array(other, float), box[None]).tolist() == pytest.approx([share])


def test_empty_boxes_share_nothing() -> None:
    point = np.zeros(4)
    assert overlap(point, np.zeros((2, 4))).tolist() == [0, 0]


# --- merging -------------------------------------------------------------------------


def answers(*lefts: float) -> Floats:
    """Boxes of 10 by 10 that begin so far to the right, each with points of its own."""
    return np.array([[x, 0, x + 10, 10, *np.arange(8.0) + 100 * x] for x in lefts], dtype=float)


def test_answers_for_one_person_are_their_mean_weighted_by_score() -> None:
    values = answers(0, 2)
    ((score, found),) = merge(np.array([0.6, 0.9]), values)
    assert score == 0.9
    assert found == pytest.approx((0.6 * values[0] + 0.9 * values[1]) / 1.5)


def test_people_come_surest_first() -> None:
    values = answers(0, 100, 200)
    found = merge(np.array([0.7, 0.6, 0.8]), values)
    assert [score for score, _ in found] == [0.8, 0.7, 0.6]
    np.testing.assert_allclose([v for _, v in found], values[[2, 0, 1]])


def test_of_two_equally_sure_the_first_comes_first() -> None:
    values = answers(*range(0, 4000, 100))
    found = merge(np.full(40, 0.7), values)
    np.testing.assert_allclose([v for _, v in found], values)


def test_only_what_overlaps_the_surest_is_merged_into_it() -> None:
    """A chain: each overlaps the next, the ends do not."""
    values = answers(0, 5, 10)
    shared = overlap(values[1, :4], values[:, :4])
    assert shared[[0, 2]] == pytest.approx([1 / 3, 1 / 3])
    assert OVERLAP < 1 / 3
    first, second = merge(np.array([0.9, 0.8, 0.7]), values)
    assert first[1] == pytest.approx((0.9 * values[0] + 0.8 * values[1]) / 1.7)
    assert second[1] == pytest.approx(values[2])
    ((_, all_three),) = merge(np.array([0.8, 0.9, 0.7]), values)
    assert all_three[0] == pytest.approx((0.9 * 5 + 0.7 * 10) / 2.4)


def test_boxes_that_hardly_overlap_are_two_people() -> None:
    assert len(merge(np.array([0.9, 0.8]), answers(0, 5.5))) == 2  # 0.29


def test_an_empty_box_is_told_once() -> None:
    values = np.zeros((1, 12))
    ((score, found),) = merge(np.array([0.9]), values)
    assert score == 0.9
    assert found.tolist() == values[0].tolist()


# --- on pictures ---------------------------------------------------------------------


@pytest.mark.parametrize("clip", CLIPS)
def test_the_lifter_of_a_sample_clip_is_found(detector: Detector, clip: str) -> None:
    """Hips to 10 px of pictures of 640, head up, all of the body in the region."""
    path = SAMPLES / f"{clip}.mp4"
    truth = load_truth(path.with_suffix(".json"))
    for number, picture in zip(NUMBERS, pictures_of(path, NUMBERS), strict=True):
        (found,) = detector.find(picture)
        assert 0.9 < found.score <= 1.0
        hips, shoulders = (
            (truth.pixels[f"left_{name}"][number] + truth.pixels[f"right_{name}"][number]) / 2
            for name in ("hip", "shoulder")
        )
        assert found.points[0] == pytest.approx(hips, abs=10)
        assert found.points[2] == pytest.approx(shoulders, abs=15)
        left, top, right, bottom = found.box
        nose = truth.pixels["nose"][number]
        assert left < nose[0] < right
        assert top < nose[1] < bottom
        region = found.region
        assert region is not None
        body = np.array([truth.pixels[name][number] for name in truth.pixels])
        matrix = region.to_picture(1)
        inside = np.linalg.solve(matrix[:, :2], (body - matrix[:, 2]).T)
        assert inside.min() > -0.02
        assert inside.max() < 1.02


def test_a_picture_that_lies_on_its_side(detector: Detector) -> None:
    (picture,) = pictures_of(SAMPLES / "pull_up_back_good.mp4", [0])
    upright = picture.rgb()
    for turns in (1, 3):
        (found,) = detector.find(of_rgb(np.rot90(upright, turns)))
        assert found.region is not None
        assert math.degrees(found.region.angle) == pytest.approx(90 * (turns - 2), abs=8)


def test_nobody_is_in_an_empty_picture(detector: Detector) -> None:
    for level in (0, 120, 255):
        assert detector.find(of_rgb(np.full((360, 640, 3), level, np.uint8))) == []


def test_two_people_side_by_side_are_two(detector: Detector) -> None:
    (one,) = pictures_of(SAMPLES / "pull_up_back_good.mp4", [0])
    (other,) = pictures_of(SAMPLES / "upright_row_front.mp4", [0])
    both = detector.find(of_rgb(np.hstack([one.rgb(), other.rgb()])))
    assert len(both) == 2
    assert both[0].score >= both[1].score
    left, right = sorted(both, key=lambda found: float(found.points[0, 0]))
    for found, picture, shift in ((left, one, 0), (right, other, 360)):
        (alone,) = detector.find(picture)
        assert found.points[0] - np.array([shift, 0]) == pytest.approx(alone.points[0], abs=12)


def test_the_size_of_the_picture_does_not_matter(detector: Detector) -> None:
    (picture,) = pictures_of(SAMPLES / "squat_oblique_good.mp4", [0])
    image = picture.rgb()
    large = np.repeat(np.repeat(image, 2, axis=0), 2, axis=1)
    (found,), (expected,) = (detector.find(of_rgb(shown)) for shown in (large, image))
    assert (found.points + 0.5) / 2 - 0.5 == pytest.approx(expected.points, abs=2)
