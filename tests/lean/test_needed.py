from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from formcheck.lean.needed import (
    BAR_OFFSETS,
    FOREARM,
    FOREARM_CENTRE,
    HANDS_AT_BAR,
    HEAD,
    LIGHT_MOST_DEG,
    TRUNK,
    UPPER_ARM,
    UPPER_ARM_CENTRE,
    UPPER_BODY,
    Body,
    Carried,
    Legs,
    Offset,
    lean_for_bar,
    lean_for_mass,
    mass_x,
    needed_lean,
    needed_lean_error,
    upper_body_centre,
)
from formcheck.lifter import Bar

THIGH, TRUNK_M, SHANK, MID_FOOT = 0.42875, 0.504, 0.4305, 0.07
STANDARD = Body(SHANK, THIGH, TRUNK_M, MID_FOOT)
HIGH, LOW = BAR_OFFSETS[Bar.HIGH], BAR_OFFSETS[Bar.LOW]
SHINS = (20, 25, 30, 35, 40)

# Reference, appendix A.
BAR_VECTORS = [
    (STANDARD, Bar.HIGH, Legs(0, 30), 39.5),
    (STANDARD, Bar.LOW, Legs(0, 30), 47.47),
    (STANDARD, Bar.FRONT, Legs(0, 30), 24.65),
    (STANDARD, Bar.GOBLET, Legs(0, 30), 10.51),
    (Body(SHANK, 0.46638, 0.46638, MID_FOOT), Bar.HIGH, Legs(0, 30), 48.25),
    (STANDARD, Bar.HIGH, Legs(20, 28), 37.85),
]
MASS_VECTORS = [
    (Bar.HIGH, Legs(0, 30), {0.5: 49.85, 1.0: 45.92, 1.5: 44.16}),
    (Bar.LOW, Legs(0, 35), {0.5: 47.12, 1.0: 45.53, 1.5: 44.78}),
]
# Reference 3.1: thigh over trunk at the same sum, lean at shin 20 to 40.
TABLE = {
    0.70: ("24 20 16 13 10", "39 35 31 28 25", "47 42 38 34 30"),
    0.78: ("29 25 20 17 13", "44 39 35 32 28", "53 47 43 38 34"),
    0.85: ("34 29 25 20 17", "49 44 39 35 32", "59 53 47 43 38"),
    0.93: ("40 34 29 24 20", "54 49 44 39 35", "66 59 53 47 43"),
    1.00: ("46 40 34 29 24", "60 54 48 43 39", "75 65 58 52 47"),
    1.10: ("57 48 41 35 30", "70 62 55 49 44", "- 77 67 59 53"),
}


def with_ratio(thigh_over_trunk: float) -> Body:
    total = THIGH + TRUNK_M
    trunk = total / (1 + thigh_over_trunk)
    return Body(SHANK, total - trunk, trunk, MID_FOOT)


@pytest.mark.parametrize(("body", "bar", "legs", "lean"), BAR_VECTORS)
def test_bar_over_mid_foot(body: Body, bar: Bar, legs: Legs, lean: float) -> None:
    assert lean_for_bar(body, legs, BAR_OFFSETS[bar]) == pytest.approx(lean, abs=0.006)


@pytest.mark.parametrize("ratio", TABLE)
@pytest.mark.parametrize(("column", "bar"), list(enumerate((Bar.FRONT, Bar.HIGH, Bar.LOW))))
def test_table_of_the_reference(ratio: float, column: int, bar: Bar) -> None:
    for shin, printed in zip(SHINS, TABLE[ratio][column].split(), strict=True):
        lean = lean_for_bar(with_ratio(ratio), Legs(0, shin), BAR_OFFSETS[bar])
        if printed == "-":
            assert math.isnan(lean)
        else:
            # The table gives whole degrees of rounded ratios.
            assert lean == pytest.approx(float(printed), abs=1.0)


def test_no_solution_is_nan() -> None:
    long_thighs = Body(SHANK, 0.48858, 0.44417, MID_FOOT)
    assert math.isnan(lean_for_bar(long_thighs, Legs(0, 20), LOW))
    assert needed_lean(long_thighs, Legs(0, 20), Carried(bars=(Bar.LOW,))) is None
    # The band of an unknown bar would miss its upper edge.
    assert needed_lean(long_thighs, Legs(0, 20)) is None


def test_missing_angles_are_no_solution() -> None:
    assert math.isnan(lean_for_bar(STANDARD, Legs(math.nan, 30), HIGH))
    assert needed_lean(STANDARD, Legs(0, math.nan), Carried(bars=(Bar.HIGH,))) is None


@pytest.mark.parametrize(("bar", "legs", "leans"), MASS_VECTORS)
def test_centre_of_mass_over_mid_foot(bar: Bar, legs: Legs, leans: dict[float, float]) -> None:
    for share, lean in leans.items():
        found = lean_for_mass(STANDARD, legs, BAR_OFFSETS[bar], load_share=share)
        assert found == pytest.approx(lean, abs=0.006)


def test_the_centre_of_mass_is_where_the_lean_puts_it() -> None:
    rng = np.random.default_rng(0)
    solved = 0
    for _ in range(300):
        body = Body(*rng.uniform((0.38, 0.38, 0.45, 0.04), (0.5, 0.5, 0.6, 0.09)))
        legs = Legs(*rng.uniform((-20, 15), (80, 40)))
        load = Offset(*rng.uniform((0.8, -0.4), (1.1, 0.2)))
        share, upper = rng.uniform(0, 2), Offset(*rng.uniform((0.6, -0.1), (0.7, 0.1)))
        lean = lean_for_mass(body, legs, load, load_share=share, upper_body=upper)
        if math.isfinite(lean):
            solved += 1
            at = mass_x(body, legs, lean, load, load_share=share, upper_body=upper)
            assert at == pytest.approx(body.mid_foot, abs=1e-12)
    assert solved > 200


def test_a_heavier_bar_moves_the_need_toward_the_bar_limit() -> None:
    leans = [lean_for_mass(STANDARD, Legs(0, 30), HIGH, load_share=k) for k in (1, 10, 1e6)]
    bar = lean_for_bar(STANDARD, Legs(0, 30), HIGH)
    assert leans[0] > leans[1] > leans[2]
    assert leans[2] == pytest.approx(bar, abs=1e-3)


@pytest.mark.parametrize(
    ("change", "degrees"),
    [
        (lambda: (STANDARD, Legs(0, 25)), 4.5),
        (lambda: (Body(SHANK, 1.03 * THIGH, TRUNK_M, MID_FOOT), Legs(0, 30)), 1.7),
        (lambda: (Body(SHANK, THIGH, 0.97 * TRUNK_M, MID_FOOT), Legs(0, 30)), 1.2),
        (lambda: (Body(SHANK, THIGH, TRUNK_M, MID_FOOT + 0.01), Legs(0, 30)), 1.3),
        (lambda: (STANDARD, Legs(5, 30)), -0.2),
    ],
)
def test_sensitivities(change: object, degrees: float) -> None:
    body, legs = change()  # type: ignore[operator]
    base = lean_for_bar(STANDARD, Legs(0, 30), HIGH)
    assert lean_for_bar(body, legs, HIGH) - base == pytest.approx(degrees, abs=0.06)


def test_lengths_may_have_any_unit() -> None:
    pixels = Body(SHANK * 731, THIGH * 731, TRUNK_M * 731, MID_FOOT * 731)
    for share in (0.1, 0.8):
        metres = needed_lean(STANDARD, Legs(5, 33), Carried(bars=(Bar.HIGH,), load_share=share))
        scaled = needed_lean(pixels, Legs(5, 33), Carried(bars=(Bar.HIGH,), load_share=share))
        assert metres is not None
        assert scaled is not None
        assert scaled.low_deg == pytest.approx(metres.low_deg)
        assert scaled.high_deg == pytest.approx(metres.high_deg)


def test_the_band_runs_from_the_bar_to_the_whole_mass() -> None:
    band = needed_lean(STANDARD, Legs(0, 30), Carried(bars=(Bar.HIGH,), load_share=1.0))
    assert band is not None
    assert band.low_deg == pytest.approx(39.5, abs=0.01)
    assert band.high_deg == pytest.approx(45.92, abs=0.01)
    assert band.mid_deg == pytest.approx(42.71, abs=0.01)


def test_an_unknown_load_is_three_quarters_of_body_mass() -> None:
    unknown = needed_lean(STANDARD, Legs(0, 30), Carried(bars=(Bar.FRONT,)))
    assert unknown == needed_lean(
        STANDARD, Legs(0, 30), Carried(bars=(Bar.FRONT,), load_share=0.75)
    )


def test_an_unknown_bar_covers_high_and_low() -> None:
    legs = Legs(0, 33)
    both = needed_lean(STANDARD, legs)
    high, low = (needed_lean(STANDARD, legs, Carried(bars=(b,))) for b in (Bar.HIGH, Bar.LOW))
    assert both is not None
    assert high is not None
    assert low is not None
    assert both.low_deg == min(high.low_deg, low.low_deg)
    assert both.high_deg == max(high.high_deg, low.high_deg)


def test_without_a_bar_the_load_and_the_offsets_do_not_matter() -> None:
    legs = Legs(20, 35)
    plain = needed_lean(STANDARD, legs, Carried(bars=(Bar.NONE,)))
    assert plain is not None
    assert plain == needed_lean(STANDARD, legs, Carried(bars=(Bar.NONE,), load_share=2.0))
    assert plain == needed_lean(STANDARD, legs, Carried(bars=(Bar.HIGH,), load_share=0.0))
    assert plain.high_deg - plain.low_deg > 10


def test_a_light_goblet_has_a_wide_band() -> None:
    legs = Legs(10, 35)
    goblet = needed_lean(STANDARD, legs, Carried(bars=(Bar.GOBLET,)))
    front = needed_lean(STANDARD, legs, Carried(bars=(Bar.FRONT,)))
    assert goblet is not None
    assert goblet == needed_lean(STANDARD, legs, Carried(bars=(Bar.GOBLET,), load_share=0.2))
    assert front is not None
    assert goblet.high_deg - goblet.low_deg > front.high_deg - front.low_deg


def test_an_upright_shin_without_weight_cannot_be_judged() -> None:
    assert needed_lean(STANDARD, Legs(0, 25), Carried(bars=(Bar.NONE,))) is None


def test_arms_forward_need_less_lean() -> None:
    legs, forward = Legs(20, 35), Offset(0.65, -0.07)
    crossed = lean_for_mass(STANDARD, legs, HANDS_AT_BAR, load_share=0)
    reaching = lean_for_mass(STANDARD, legs, HANDS_AT_BAR, load_share=0, upper_body=forward)
    assert reaching < crossed - 3


def test_the_upper_bodys_parts_make_the_whole() -> None:
    assert pytest.approx(UPPER_BODY) == HEAD + TRUNK + UPPER_ARM + FOREARM


@pytest.mark.parametrize("lean", [0.0, 35.0, 80.0, -15.0])
def test_upper_body_centre_is_carried_by_the_trunk(lean: float) -> None:
    """Built upright with known offsets, then leaned and moved."""
    upright = {
        "hip": (0.0, 0.0),
        "shoulder": (0.0, 0.5),
        "ear": (0.05, 0.65),
        "elbow": (0.3, 0.5),
        "wrist": (0.55, 0.5),
    }
    ahead = (
        HEAD * 0.05 + UPPER_ARM * UPPER_ARM_CENTRE * 0.3 + FOREARM * (0.3 + FOREARM_CENTRE * 0.25)
    ) / UPPER_BODY
    up = (TRUNK * 0.25 + HEAD * 0.65 + (UPPER_ARM + FOREARM) * 0.5) / UPPER_BODY
    turn = math.radians(lean)
    moved = {
        name: (
            2 + x * math.cos(turn) + y * math.sin(turn),
            3 - x * math.sin(turn) + y * math.cos(turn),
        )
        for name, (x, y) in upright.items()
    }
    assert upper_body_centre(moved) == pytest.approx((up / 0.5, -ahead / 0.5))


def test_hands_at_the_shoulders_give_the_usual_centre() -> None:
    """0.65 trunk lengths, derived from segment tables (reference 3.1)."""
    points = {
        "hip": (0.0, 0.0),
        "shoulder": (0.0, 1.0),
        "ear": (0.0, 1.3),
        "elbow": (0.0, 0.7),
        "wrist": (0.0, 1.0),
    }
    along, behind = upper_body_centre(points)
    assert along == pytest.approx(0.65, abs=0.02)
    assert behind == 0


def test_impossible_bodies_are_refused() -> None:
    with pytest.raises(ValueError, match="positive thigh, got 0"):
        Body(0.4, 0.0, 0.5, 0.07)
    with pytest.raises(ValueError, match="different places"):
        upper_body_centre(dict.fromkeys(("hip", "shoulder", "ear", "elbow", "wrist"), (1.0, 1.0)))


def test_height_is_taken_from_the_trunk_unless_given() -> None:
    assert STANDARD.stature == pytest.approx(1.75)
    assert Body(SHANK, THIGH, TRUNK_M, MID_FOOT, height=1.8).stature == 1.8


@pytest.mark.parametrize(("bar", "printed"), [(Bar.HIGH, 5.1), (Bar.LOW, 6.1), (Bar.FRONT, 5.3)])
def test_the_error_is_that_of_the_references_simulation(bar: Bar, printed: float) -> None:
    """Bar over mid-foot, so a bar that outweighs the body (reference 3.1)."""
    heavy = needed_lean_error(STANDARD, Legs(0, 30), Carried(bars=(bar,), load_share=1e3))
    assert heavy == pytest.approx(printed, abs=0.35)


def test_a_taken_shin_angle_is_surer_than_a_measured_one() -> None:
    taken = needed_lean_error(STANDARD, Legs(0, 30), shin_error_deg=1.0)
    assert taken < needed_lean_error(STANDARD, Legs(0, 30))


def test_no_band_no_error() -> None:
    assert math.isnan(needed_lean_error(STANDARD, Legs(0, math.nan)))


@pytest.mark.parametrize("bars", [(Bar.NONE,), (Bar.GOBLET,), (Bar.GOBLET, Bar.NONE)])
def test_without_a_bar_no_lean_beyond_the_most_is_needed(bars: tuple[Bar, ...]) -> None:
    for shin in range(26, 40):
        band = needed_lean(STANDARD, Legs(0, shin), Carried(bars=bars))
        if band is not None:
            assert band.low_deg <= band.high_deg <= LIGHT_MOST_DEG
    # The model alone has no upper edge here.
    upper = lean_for_mass(
        replace(STANDARD, mid_foot=0.06 * 1.75), Legs(0, 28), HANDS_AT_BAR, load_share=0
    )
    assert math.isnan(upper)
    assert needed_lean(STANDARD, Legs(0, 28), Carried(bars=(Bar.NONE,))) is not None


def test_several_bars_share_a_band() -> None:
    legs = Legs(10, 35)
    each = [needed_lean(STANDARD, legs, Carried(bars=(bar,))) for bar in (Bar.GOBLET, Bar.NONE)]
    both = needed_lean(STANDARD, legs, Carried(bars=(Bar.GOBLET, Bar.NONE)))
    assert both is not None
    assert both.low_deg == min(band.low_deg for band in each if band is not None)
    assert both.high_deg == max(band.high_deg for band in each if band is not None)
    assert needed_lean(STANDARD, legs, Carried(bars=())) is None
