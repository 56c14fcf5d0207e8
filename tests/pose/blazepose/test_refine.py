from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.pose.blazepose.refine import refine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

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
