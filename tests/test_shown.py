"""Which series are shown, and where on them the limits of rules are drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from formcheck.kinematics.series import SERIES
from formcheck.pipeline import analyze_track
from formcheck.reps.features import feature_value
from formcheck.shown import FEWEST, MOST, Limit, against_rest, at_rest, key_series, limits_on
from tests.helpers.skeleton import FRONT, SQUAT_BOTTOM, even_set, pull_up, squat

LEANING = replace(SQUAT_BOTTOM, trunk=70.0)


def test_the_worst_fault_comes_first_then_the_weightiest_rules() -> None:
    usual = analyze_track(squat(even_set(3)), exercise="squat")
    assert key_series(usual)[:2] == ("thigh_elevation", "trunk_lean")
    folded = analyze_track(squat(even_set(3), bottom=LEANING), exercise="squat")
    assert key_series(folded)[0] == "trunk_lean"
    for found in (usual, folded):
        assert FEWEST <= len(key_series(found)) <= MOST
    pulled = analyze_track(pull_up(even_set(3)), exercise="pull_up")
    assert key_series(pulled)[:2] == ("chin_over_bar", "elbow_flexion")
    assert "elbow_past_trunk" not in key_series(pulled)  # seen from behind


def test_a_figure_shows_angles() -> None:
    usual = analyze_track(squat(even_set(3)), exercise="squat")
    assert {"knee_flexion", "hip_flexion"} < set(key_series(usual, angles=True))
    assert {SERIES[name].unit for name in key_series(usual, angles=True)} == {"deg"}
    pulled = analyze_track(pull_up(even_set(3)), exercise="pull_up")
    assert key_series(pulled, angles=True)[:2] == ("elbow_flexion", "shoulder_elevation")


def test_without_rules_the_large_joints_are_shown() -> None:
    usual = analyze_track(squat(even_set(2)), exercise="squat")
    unknown = replace(usual, rules=None, definition=None)
    assert key_series(unknown) == ("knee_flexion", "hip_flexion", "elbow_flexion")


def test_a_limit_belongs_to_a_rule_that_judged_the_series_itself() -> None:
    side = analyze_track(squat(even_set(2)), exercise="squat")
    (limit,) = limits_on("thigh_elevation", side)
    assert (limit.value, limit.above, limit.where) == (5.0, True, "at_turn")
    assert limits_on("trunk_lean", side) == ()  # judged as a difference of both ways
    front = analyze_track(squat(even_set(2), camera=FRONT), exercise="squat")
    assert limits_on("thigh_elevation", front) == ()


@pytest.mark.parametrize(
    ("where", "spans"),
    [
        ("rep", [(1.0, 6.0)]),
        ("first_half", [(1.0, 3.0)]),
        ("second_half", [(3.0, 6.0)]),
        ("turn", [(2.25, 3.75)]),
        ("rest", [(1.0, 1.375), (5.625, 6.0)]),
        ("at_start", [(1.0, 1.5)]),
        ("at_turn", [(2.5, 3.5)]),
        ("at_end", [(5.5, 6.0)]),
    ],
)
def test_a_limit_is_drawn_where_its_rule_looks(
    where: str, spans: list[tuple[float, float]]
) -> None:
    found = Limit("Depth", 5.0, above=True, where=where).spans(1.0, 3.0, 6.0)
    assert [pytest.approx(span) for span in spans] == found


def test_a_curve_of_what_is_judged_against_standing_shows_what_the_rule_judges() -> None:
    found = analyze_track(squat(even_set(2)), exercise="squat")
    base = against_rest("heel_rise", found)
    assert base is not None
    assert against_rest("thigh_elevation", found) is None  # judged as it is
    assert [limit.rule for limit in limits_on("heel_rise", found, base)] == ["Heels down"]
    assert limits_on("heel_rise", found) == ()
    standing = base.model_copy(update={"series": "thigh_elevation"})
    taken = at_rest(standing, found)
    for one in found.reps:
        cycle = one.rep.cycle
        own = feature_value(found.motion, cycle, standing)
        assert own > 60.0  # else nothing would be taken off
        assert taken[[cycle.start, cycle.turn, cycle.end]] == pytest.approx(own)
    assert taken[0] == pytest.approx(feature_value(found.motion, found.reps[0].rep.cycle, standing))
