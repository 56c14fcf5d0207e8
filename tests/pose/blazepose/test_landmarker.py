from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.pose import landmarks
from formcheck.pose.blazepose.landmarker import refine, sigmoid
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


CELLS = 64
COLD = -12.0


def logits(heat: Floats) -> NDArray[np.float32]:
    heat = np.clip(heat, 1e-9, 1 - 1e-9)
    return np.log(heat / (1 - heat)).astype(np.float32)


def warm_spot(column: float, row: float, *, hottest: float = 0.9) -> NDArray[np.float32]:
    """A map of one landmark: a Gaussian, one cell wide."""
    rows, columns = np.indices((CELLS, CELLS))
    return logits(hottest * np.exp(-((columns - column) ** 2 + (rows - row) ** 2) / 2))[..., None]


def cold(count: int = 1) -> NDArray[np.float32]:
    return np.full((CELLS, CELLS, count), COLD, np.float32)


def at(column: float, row: float) -> Floats:
    """One landmark in a cell."""
    return np.array([[column + 0.5, row + 0.5]]) / CELLS


@pytest.mark.parametrize("spot", [(20.0, 30.0), (20.3, 29.8), (19.6, 30.4)])
def test_a_landmark_moves_to_the_middle_of_the_heat(spot: tuple[float, float]) -> None:
    (found,) = refine(at(20, 30), warm_spot(*spot)) * CELLS
    assert found == pytest.approx(spot, abs=0.03)


def test_columns_and_rows_are_not_exchanged() -> None:
    (found,) = refine(at(20, 30), warm_spot(21.5, 30)) * CELLS
    assert found[0] > 21
    assert found[1] == pytest.approx(30, abs=0.01)


def test_the_mean_is_weighted_by_the_heat() -> None:
    heat = cold()
    heat[30, 20], heat[30, 22] = np.log(0.9 / 0.1), np.log(0.3 / 0.7)
    (found,) = refine(at(20, 30), heat) * CELLS
    assert found == pytest.approx([(0.9 * 20 + 0.3 * 22) / 1.2, 30], abs=0.01)


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("across", [True, False])
def test_three_cells_to_each_side_are_looked_at(sign: int, across: bool) -> None:
    for cells, moves in ((3, True), (4, False)):
        heat = cold()
        column, row = (20 + sign * cells, 30) if across else (20, 30 + sign * cells)
        heat[row, column] = 5.0
        (found,) = refine(at(20, 30), heat)
        if moves:
            assert found * CELLS == pytest.approx([column, row], abs=0.05)
        else:
            assert found.tolist() == at(20, 30)[0].tolist()


def test_on_a_cold_map_a_landmark_stays() -> None:
    for heat in (cold(), warm_spot(21, 31, hottest=0.49)):
        assert refine(at(20, 30), heat).tolist() == at(20, 30).tolist()
    found = refine(at(20, 30), warm_spot(21, 31, hottest=0.51))
    assert found[0] * CELLS == pytest.approx([21, 31], abs=0.2)


@pytest.mark.parametrize(("column", "row"), [(0, 0), (63, 0), (0, 63), (63, 63), (1, 40)])
def test_at_the_border_only_cells_that_exist_count(column: int, row: int) -> None:
    """All equally warm: the mean of those within reach."""
    heat = np.full((CELLS, CELLS, 1), 2.0, np.float32)
    (found,) = refine(at(column, row), heat) * CELLS
    expected = [
        np.mean([cell for cell in range(place - 3, place + 4) if 0 <= cell < CELLS])
        for place in (column, row)
    ]
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("place", [(-0.01, 0.5), (1.0, 0.5), (0.5, -0.2), (0.5, 1.01)])
def test_a_landmark_outside_the_crop_stays(place: tuple[float, float]) -> None:
    heat = np.full((CELLS, CELLS, 1), 2.0, np.float32)
    assert refine(np.array([place]), heat).tolist() == [list(place)]


def test_each_landmark_has_its_own_map() -> None:
    heat = cold(3)
    heat[..., :1], heat[..., 2:] = warm_spot(10.4, 12), warm_spot(41, 50.7)
    places = np.concatenate([at(10, 12), at(30, 30), at(41, 50)])
    found = refine(places, heat)
    assert found[0] * CELLS == pytest.approx([10.4, 12], abs=0.05)
    assert found[1].tolist() == places[1].tolist()
    assert found[2] * CELLS == pytest.approx([41, 50.7], abs=0.05)


def test_nothing_is_changed_in_place() -> None:
    places, heat = at(20, 30), warm_spot(21, 31)
    before = places.copy(), heat.copy()
    refine(places, heat)
    assert (places == before[0]).all()
    assert (heat == before[1]).all()
