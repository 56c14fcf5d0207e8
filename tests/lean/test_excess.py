from __future__ import annotations

import math

import pytest

from formcheck.lean.excess import LeanExcess, Share, reference_shin, split_lean
from formcheck.lean.needed import Band, Body, Carried, Legs, needed_lean
from formcheck.lifter import Bar

BODY = Body(0.4305, 0.42875, 0.504, 0.07)
EXPECTED, MEASURED = Band(38.0, 44.0), Band(40.0, 46.0)


def excess(
    lean_deg: float, measured: Band | None = MEASURED, pitch_deg: float = math.nan
) -> LeanExcess:
    found = split_lean(lean_deg, EXPECTED, measured, pitch_deg=pitch_deg)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("seen", "reference"),
    [
        ([], 30.0),
        ([math.nan], 30.0),
        ([18.0, 22.0], 30.0),
        ([33.0] * 50, 33.0),
        ([42.0] * 50, 35.0),
        ([32.0] * 99 + [80.0], 32.0),
    ],
)
def test_reference_shin(seen: list[float], reference: float) -> None:
    assert reference_shin(seen) == pytest.approx(reference)


def test_parts_are_measured_from_the_bands() -> None:
    found = excess(56.0, pitch_deg=3.0)
    assert found.total_deg == pytest.approx(12.0)
    assert found.shin_deg == pytest.approx(2.0)
    assert found.balance_deg == pytest.approx(13.0)
    assert (found.largest, found.shin_explains) == (Share.BALANCE, False)
    assert found.shin_deg + found.balance_deg == pytest.approx(56.0 - EXPECTED.mid_deg)


def test_a_lost_position_can_be_the_largest_part() -> None:
    assert excess(50.0, pitch_deg=14.0).largest is Share.PITCH


@pytest.mark.parametrize(("shift", "explains"), [(5.9, False), (6.1, True)])
def test_shins_explain_from_sixty_percent(shift: float, explains: bool) -> None:
    measured = Band(EXPECTED.low_deg + shift, EXPECTED.high_deg + shift)
    found = excess(54.0, measured, pitch_deg=20.0)
    assert found.total_deg == pytest.approx(10.0)
    assert found.shin_explains is explains
    assert (found.largest is Share.SHIN) is explains


def test_within_the_need_nothing_is_explained() -> None:
    found = excess(43.0, pitch_deg=10.0)
    assert found.total_deg < 0
    assert (found.largest, found.shin_explains) == (None, False)


def test_shins_too_upright_for_any_balance_explain_everything() -> None:
    found = excess(70.0, None)
    assert math.isnan(found.shin_deg)
    assert math.isnan(found.balance_deg)
    assert (found.largest, found.shin_explains) == (Share.SHIN, True)


def test_without_an_expected_band_or_a_lean_there_is_no_verdict() -> None:
    assert split_lean(50.0, None, MEASURED) is None
    assert split_lean(math.nan, EXPECTED, MEASURED) is None


def test_long_thighs_alone_are_no_excess() -> None:
    """Balanced over a normal shin, whatever the proportions, nobody leans too much."""
    for ratio in (0.75, 0.85, 0.95, 1.02):
        trunk = 0.93275 / (1 + ratio)
        body = Body(0.4305, 0.93275 - trunk, trunk, 0.07)
        band = needed_lean(body, Legs(0, 35), Carried(bars=(Bar.HIGH,)))
        assert band is not None
        found = split_lean(band.mid_deg, band, band)
        assert found is not None
        assert found.total_deg <= 0


def test_upright_shins_in_a_balanced_squat_are_named() -> None:
    expected = needed_lean(BODY, Legs(0, 33), Carried(bars=(Bar.HIGH,)))
    measured = needed_lean(BODY, Legs(0, 22), Carried(bars=(Bar.HIGH,)))
    assert measured is not None
    found = split_lean(measured.mid_deg, expected, measured, pitch_deg=1.0)
    assert found is not None
    assert found.total_deg > 5
    assert found.shin_explains
    assert found.largest is Share.SHIN
