from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.pose import landmarks
from formcheck.pose.blazepose.landmarker import sigmoid
from formcheck.pose.blazepose.region import Region
from sample_videos.generator.truth import load_truth
from tests.conftest import SAMPLES
from tests.helpers.pictures import of_rgb, pictures_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.pose.blazepose.detector import Detector
    from formcheck.pose.blazepose.landmarker import Body, Landmarker
    from formcheck.video.picture import Picture

    Floats = NDArray[np.float64]

JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
CLIPS = ["squat_side_good", "row_side_good", "pull_up_back_good", "squat_front_knees_in"]
NUMBERS = (0, 40)


def found_in(picture: Picture, detector: Detector) -> Region:
    region = detector.find(picture)[0].region
    assert region is not None
    return region


def off_px(body: Body, other: Floats, region: Region) -> Floats:
    """Distances in pixels of the crop."""
    apart: Floats = np.linalg.norm(body.xy_px - other, axis=1) * 256 / region.side
    return apart


@pytest.mark.parametrize("clip", CLIPS)
def test_joints_are_near_where_they_are(
    detector: Detector, landmarker: Landmarker, clip: str
) -> None:
    """Nose to 10 px of pictures of 640; joints to 10 in the middle, and none off by 25."""
    path = SAMPLES / f"{clip}.mp4"
    truth = load_truth(path.with_suffix(".json"))
    for number, picture in zip(NUMBERS, pictures_of(path, NUMBERS), strict=True):
        body = landmarker.measure(picture, found_in(picture, detector))
        assert body.presence > 0.95
        assert body.xy_px.shape == (33, 2)
        assert body.world_m.shape == (33, 3)
        assert body.xy_px[landmarks.NOSE] == pytest.approx(truth.pixels["nose"][number], abs=10)
        off = [
            np.linalg.norm(
                body.xy_px[landmarks.index(name, side)] - truth.pixels[f"{side}_{name}"][number]
            )
            for name in JOINTS
            for side in landmarks.SIDES
        ]
        assert np.median(off) < 10
        assert max(off) < 25


def test_the_next_region_is_around_the_same_body(
    detector: Detector, landmarker: Landmarker
) -> None:
    (picture,) = pictures_of(SAMPLES / "squat_side_good.mp4", [0])
    first = found_in(picture, detector)
    body = landmarker.measure(picture, first)
    assert body.region is not None
    assert body.region.centre == pytest.approx(first.centre, abs=0.03 * first.side)
    assert body.region.side == pytest.approx(first.side, rel=0.1)
    again = landmarker.measure(picture, body.region)
    assert again.region is not None
    assert again.region.side == pytest.approx(body.region.side, rel=0.05)


def test_metres_are_from_the_hips_and_point_as_the_picture_does(
    detector: Detector, landmarker: Landmarker
) -> None:
    """x right, y down, z away: of one who stands with the back to the camera."""
    (picture,) = pictures_of(SAMPLES / "pull_up_back_good.mp4", [0])
    body = landmarker.measure(picture, found_in(picture, detector))
    place = {
        f"{side}_{name}": body.world_m[landmarks.index(name, side)]
        for name in JOINTS
        for side in landmarks.SIDES
    }
    assert (place["left_hip"] + place["right_hip"]) / 2 == pytest.approx([0, 0, 0], abs=0.02)
    assert place["left_shoulder"][1] < -0.35
    assert place["left_ankle"][1] > 0.5
    assert place["left_hip"][0] < place["right_hip"][0]
    thigh = np.linalg.norm(place["left_knee"] - place["left_hip"])
    assert 0.3 < thigh < 0.55


def test_in_a_turned_region_the_body_is_where_it_was(
    detector: Detector, landmarker: Landmarker
) -> None:
    (picture,) = pictures_of(SAMPLES / "upright_row_front.mp4", [0])
    region = found_in(picture, detector)
    straight = landmarker.measure(picture, region)
    for degrees in (-10, 10):
        tilted = Region(region.centre, region.side, region.angle + math.radians(degrees))
        body = landmarker.measure(picture, tilted)
        off = off_px(body, straight.xy_px, region)
        assert np.median(off) < 3
        apart = np.linalg.norm((body.world_m - straight.world_m)[:, :2], axis=1)
        assert np.median(apart) < 0.05


def test_a_picture_on_its_side_gives_a_body_on_its_side(
    detector: Detector, landmarker: Landmarker
) -> None:
    (picture,) = pictures_of(SAMPLES / "upright_row_front.mp4", [0])
    image = picture.rgb()
    height, width = image.shape[:2]
    upright, turned = (of_rgb(shown) for shown in (image, np.rot90(image)))
    straight = landmarker.measure(upright, found_in(upright, detector))
    region = found_in(turned, detector)
    body = landmarker.measure(turned, region)
    expected = np.column_stack([straight.xy_px[:, 1], width - straight.xy_px[:, 0]])
    assert turned.size == (height, width)
    assert np.median(off_px(body, expected, region)) < 2
    lying = np.column_stack([straight.world_m[:, 1], -straight.world_m[:, 0]])
    assert np.median(np.linalg.norm(body.world_m[:, :2] - lying, axis=1)) < 0.03


def test_nobody_is_present_in_an_empty_picture(landmarker: Landmarker) -> None:
    for level in (0, 120):
        empty = of_rgb(np.full((360, 640, 3), level, np.uint8))
        body = landmarker.measure(empty, Region(np.array([320.0, 180.0]), 300.0, 0.0))
        assert body.presence < 0.2


def test_what_is_hidden_is_less_visible(detector: Detector, landmarker: Landmarker) -> None:
    (picture,) = pictures_of(SAMPLES / "squat_side_good.mp4", [0])
    body = landmarker.measure(picture, found_in(picture, detector))
    assert body.visibility.min() >= 0
    assert body.visibility.max() <= 1
    near, far = body.visibility[landmarks.index("hip", "left")], body.visibility.min()
    assert near > 0.95
    assert far < 0.9


def test_sigmoid_of_anything_is_a_share() -> None:
    logits = np.array([-1e9, -2.0, 0.0, 2.0, 1e9])
    assert sigmoid(logits) == pytest.approx([0, 0.1192029, 0.5, 0.8807971, 1])
