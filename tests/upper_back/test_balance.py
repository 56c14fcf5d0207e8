from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from formcheck.reasons import Reason, ReasonCode
from formcheck.upper_back.balance import (
    Part,
    SideDifference,
    SideGrade,
    asymmetry_index,
    compare_upper_lower,
    judge_sides,
    lower_points,
    upper_lower,
)
from formcheck.upper_back.evidence import combine
from formcheck.upper_back.observations import CueObservation


def seen(cue: str, severity: float, quality: float = 0.85) -> CueObservation:
    return CueObservation(cue, severity, 1.0 if severity else 0.0, quality, 1.0, 8, 1)


def test_lower_back_score_adds_its_parts() -> None:
    clean_top = seen("RW_TOP", 0)
    hinge, heave, pitch = seen("RW_HINGE", 1), seen("RW_HEAVE", 0.67), seen("SQ_PITCH", 0.67)
    expected = 0.85 * (1.2 + 0.4 * 0.67 + 0.6 * 0.67)
    assert lower_points([hinge, heave, pitch, clean_top]) == pytest.approx(expected)


@pytest.mark.parametrize(
    "others",
    [
        [],  # the row's top was not looked at
        [seen("RW_TOP", 0.5)],
        [seen("RW_TOP", 0), seen("SQ_UPFLEX", 0.5)],
    ],
)
def test_a_pitch_counts_only_when_the_trunk_tips_as_one_block(
    others: list[CueObservation],
) -> None:
    hinge = seen("RW_HINGE", 0)
    assert lower_points([hinge, seen("SQ_PITCH", 1), *others]) == 0
    whole = [hinge, seen("SQ_PITCH", 1), seen("RW_TOP", 0), seen("SQ_UPFLEX", 0)]
    assert lower_points(whole) == pytest.approx(0.6 * 0.85)


def test_the_score_is_capped() -> None:
    parts = [seen(c, 1, 1.0) for c in ("RW_HINGE", "RW_HEAVE", "SQ_PITCH", "RF_HINGE")]
    assert lower_points([*parts, seen("RW_TOP", 0)]) == 2.5


@pytest.mark.parametrize("parts", [[], [seen("RW_HEAVE", 1)], [seen("RW_HINGE", 1, 0.4)]])
def test_without_a_test_of_the_lower_back_there_is_no_score(parts: list[CueObservation]) -> None:
    assert lower_points(parts) is None
    assert compare_upper_lower(combine([seen("RW_TOP", 1)], {}), parts) is None


@pytest.mark.parametrize(
    ("upper", "lower", "part"),
    [
        (1.0, 0.0, Part.UPPER),
        (0.0, 1.0, Part.LOWER),
        (0.99, 0.0, Part.LEVEL),
        (1.6, 1.5, Part.BOTH),
        (1.5, 1.4, Part.LEVEL),
        (2.9, 1.6, Part.UPPER),
        (0.0, 0.0, Part.LEVEL),
    ],
)
def test_upper_against_lower(upper: float, lower: float, part: Part) -> None:
    assert upper_lower(upper, lower).part is part


def test_hinge_drift_with_clean_rows_points_to_the_lower_back() -> None:
    """Worked case I (reference, appendix B)."""
    observations = [
        seen("SQ_PITCH", 0.67),
        seen("RW_HINGE", 1),
        *(seen(c, 0) for c in ("RW_TOP", "RW_ROMLOSS", "RW_SHRUG")),
        seen("RW_HEAVE", 0.67),
    ]
    found = compare_upper_lower(combine(observations, {"bent_over_row": True}), observations)
    assert found is not None
    assert found.part is Part.LOWER


def test_asymmetry_index_is_signed_and_relative_to_the_larger() -> None:
    assert asymmetry_index([1.0, 0.9, -1.0], [0.9, 1.0, -0.5]) == pytest.approx([10, -10, -50])
    missing = asymmetry_index([0.0, np.nan], [0.0, 1.0])
    assert np.isnan(missing).all()


def sides(  # noqa: PLR0913 - what a test changes
    differences: list[float],
    variable: str = "range",
    *,
    off_front_deg: float = 5.0,
    visibility: float = 0.9,
    offset: float = 0.0,
    error: float = 0.0,
    of: int = 0,
    problem: Reason | None = None,
) -> SideDifference:
    return judge_sides(
        variable,
        differences,
        of=of,
        problem=problem,
        off_front_deg=off_front_deg,
        visibility=visibility,
        offset=offset,
        error=error,
    )


@pytest.mark.parametrize(
    ("variable", "size", "grade"),
    [
        ("range", 9.9, SideGrade.OK),
        ("range", 10.1, SideGrade.WATCH),
        ("range", 15.1, SideGrade.CLEAR),
        ("elbow_height", 0.079, SideGrade.OK),
        ("elbow_height", 0.081, SideGrade.WATCH),
        ("elbow_height", 0.121, SideGrade.CLEAR),
        ("elbow_flexion", 10.1, SideGrade.WATCH),
        ("elbow_flexion", 15.1, SideGrade.CLEAR),
        ("wrist_tilt", 4.1, SideGrade.WATCH),
        ("wrist_tilt", 7.1, SideGrade.CLEAR),
        ("lag", 0.11, SideGrade.WATCH),
        ("lag", 0.21, SideGrade.CLEAR),
        ("shoulder_tilt", 5.1, SideGrade.WATCH),
        ("shoulder_tilt", 8.1, SideGrade.CLEAR),
        ("shrug", 0.061, SideGrade.WATCH),
        ("shrug", 0.101, SideGrade.CLEAR),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_edges_of_side_differences(variable: str, size: float, grade: SideGrade, sign: int) -> None:
    found = sides([sign * size] * 6, variable)
    assert found.grade is grade
    if found.is_flagged:
        assert found.side == ("left" if sign > 0 else "right")


def test_the_message_names_the_side_and_counts() -> None:
    found = sides([12, 13, 11, 12, 14, 12, -1, 12], "range")
    assert found.message == (
        "Your left arm travels less than your right arm in 7 of 8 repetitions."
    )


def test_differences_must_point_the_same_way() -> None:
    steady, wavering = [30.0] * 7 + [-30.0] * 3, [30.0] * 6 + [-30.0] * 4
    assert sides(steady, error=0.0).same_way == 7
    assert sides(wavering).grade is SideGrade.OK
    assert sides(wavering).message is None


def test_differences_must_exceed_their_error() -> None:
    spread = [2.0, 30.0, 12.0, 4.0, 12.0]
    found = sides(spread)
    assert 2 * found.error > 12
    assert found.grade is SideGrade.OK
    assert sides([12.0] * 5).grade is SideGrade.WATCH
    assert sides([12.0] * 5, error=15.0).grade is SideGrade.OK


def test_a_constant_offset_is_subtracted() -> None:
    assert sides([6.0] * 6, "wrist_tilt", offset=5.0).grade is SideGrade.OK
    found = sides([6.0] * 6, "wrist_tilt", offset=-2.0)
    assert found.grade is SideGrade.CLEAR
    assert found.value == pytest.approx(8.0)


@pytest.mark.parametrize(
    ("differences", "changes", "reason"),
    [
        ([20.0] * 4, {}, Reason(ReasonCode.TOO_FEW_REPS, needed=5, got=4)),
        (
            [20.0] * 4 + [math.nan] * 3,
            {},
            Reason(ReasonCode.TOO_FEW_MEASURED, needed=5, got=4, of=7),
        ),
        ([20.0] * 2 + [math.nan], {}, Reason(ReasonCode.TOO_FEW_MEASURED, needed=5, got=2, of=3)),
        ([20.0] * 3, {"of": 4}, Reason(ReasonCode.TOO_FEW_MEASURED, needed=5, got=3, of=4)),
        (
            [20.0] * 6,
            {"off_front_deg": 80.0, "problem": Reason(ReasonCode.ONE_ARM)},
            Reason(ReasonCode.ONE_ARM),
        ),
        ([20.0] * 6, {"off_front_deg": 80.0}, Reason(ReasonCode.NOT_FRONTAL)),
        ([20.0] * 6, {"off_front_deg": 22.0}, Reason(ReasonCode.NOT_FRONTAL, aside_deg=22.0)),
        ([20.0] * 6, {"off_front_deg": math.nan}, Reason(ReasonCode.NOT_FRONTAL)),
        ([20.0] * 6, {"visibility": 0.5}, Reason(ReasonCode.SIDE_HIDDEN)),
    ],
)
def test_sides_are_not_assessed_without_a_basis(
    differences: list[float], changes: dict[str, Any], reason: Reason
) -> None:
    found = sides(differences, "range", **changes)
    assert found.grade is SideGrade.NOT_ASSESSED
    assert found.reason == reason
    assert math.isnan(found.value)


def test_noise_around_zero_is_no_difference() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        assert sides(list(rng.normal(0, 8, size=6))).grade is not SideGrade.CLEAR
