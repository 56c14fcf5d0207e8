from __future__ import annotations

import numpy as np
import pytest

from formcheck.kinematics.geometry import angle_between, flexion, lean, signed_angle

Vector = tuple[float, ...]


@pytest.mark.parametrize(
    ("first", "second", "degrees"),
    [
        ((1, 0), (5, 0), 0),
        ((1, 0), (0, -3), 90),
        ((1, 0), (-2, 0), 180),
        ((1, 0), (1, 1), 45),
        ((0, 0, 1), (0, 1, 1), 45),
        ((1, 1, 1), (-1, -1, -1), 180),
        ((1, 0, 0), (1, 0, np.sqrt(3)), 60),
        ((1e-9, 0), (0, 1e9), 90),
    ],
)
def test_angle_between(first: Vector, second: Vector, degrees: float) -> None:
    a, b = np.array(first, dtype=float), np.array(second, dtype=float)
    assert angle_between(a, b).item() == pytest.approx(degrees, abs=1e-6)
    assert angle_between(b, a).item() == pytest.approx(degrees, abs=1e-6)


def test_angle_between_the_same_direction_is_never_nan() -> None:
    """Rounding can lift the cosine above 1."""
    vectors = np.random.default_rng(0).normal(size=(2000, 3))
    angles = angle_between(vectors, 3.3 * vectors)
    assert np.isfinite(angles).all()
    assert angles.max() < 1e-5


@pytest.mark.parametrize("bad", [(0.0, 0.0), (np.nan, 1.0)])
def test_no_direction_gives_nan(bad: Vector) -> None:
    assert np.isnan(angle_between(np.array(bad), np.array([1.0, 0.0])))


@pytest.mark.parametrize("bend", [0, 1, 45, 90, 135, 179])
def test_flexion_is_the_deviation_from_straight(bend: float) -> None:
    turn = np.radians(bend)
    joint = np.array([3.0, -2.0])
    proximal, distal = (
        joint + np.array([0.0, 2.0]),
        joint - 0.7 * np.array([np.sin(turn), np.cos(turn)]),
    )
    assert flexion(proximal, joint, distal).item() == pytest.approx(bend, abs=1e-6)
    assert flexion(distal, joint, proximal).item() == pytest.approx(bend, abs=1e-6)


@pytest.mark.parametrize(
    ("vector", "degrees"),
    [
        ((0, 1), 0),
        ((1, 1), 45),
        ((-1, 1), -45),
        ((1, 0), 90),
        ((-1, 0), -90),
        ((1, -1), 135),
        ((0.5, np.sqrt(3) / 2), 30),
    ],
)
def test_lean_is_positive_forward(vector: Vector, degrees: float) -> None:
    assert lean(np.array(vector, dtype=float)).item() == pytest.approx(degrees)


@pytest.mark.parametrize(
    ("first", "second", "degrees"),
    [
        ((1, 0), (0, 1), 90),
        ((0, 1), (1, 0), -90),
        ((1, 0), (1, -1), -45),
        ((2, 2), (-3, 0), 135),
        ((1, 0), (1, 0), 0),
    ],
)
def test_signed_angle_is_positive_counter_clockwise(
    first: Vector, second: Vector, degrees: float
) -> None:
    a, b = np.array(first, dtype=float), np.array(second, dtype=float)
    assert signed_angle(a, b).item() == pytest.approx(degrees)


def test_shapes_are_kept_and_nan_stays_where_it_is() -> None:
    points = np.random.default_rng(1).normal(size=(3, 7, 4, 2))
    points[0, 2, 1] = np.nan
    bent = flexion(points[0], points[1], points[2])
    assert bent.shape == (7, 4)
    assert np.argwhere(np.isnan(bent)).tolist() == [[2, 1]]
