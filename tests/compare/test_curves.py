"""Repetitions on a common axis: known bodies, so that every value is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.compare import PHASE_PERCENT, average_reps, compare, normalise
from formcheck.compare.curves import phase_times
from formcheck.errors import UsageError
from formcheck.pipeline import analyze_track
from tests.helpers.skeleton import SQUAT_BOTTOM, even_set, row, squat, without

if TYPE_CHECKING:
    from formcheck.analysis import Analysis

TURN = 50


def analysed(lean: float = 40.0, count: int = 3, **move: float) -> Analysis:
    bottom = replace(SQUAT_BOTTOM, trunk=lean)
    return analyze_track(squat(even_set(count, **move), bottom=bottom), exercise="squat")


@pytest.fixture(scope="module")
def usual() -> Analysis:
    return analysed()


@pytest.fixture(scope="module")
def leaning() -> Analysis:
    return analysed(50.0)


def test_a_repetition_has_its_turn_in_the_middle(usual: Analysis) -> None:
    for found in usual.reps:
        times = phase_times(found.rep)
        assert times[[0, TURN, 100]] == pytest.approx(
            [found.rep.start_s, found.rep.turn_s, found.rep.end_s]
        )
        knee = normalise(usual.motion, found.rep, "knee_flexion")
        assert knee.shape == PHASE_PERCENT.shape == (101,)
        assert abs(int(np.argmax(knee)) - TURN) <= 5
        assert knee[TURN] == pytest.approx(float(SQUAT_BOTTOM.knee), abs=1.0)


def test_ten_degrees_more_lean_are_ten_degrees_at_the_turn_and_nothing_elsewhere(
    usual: Analysis, leaning: Analysis
) -> None:
    found = compare(usual, leaning)
    curves = {pair.series: pair for pair in found.curves}
    lean = curves["trunk_lean"]
    assert lean.difference[TURN] == pytest.approx(10.0, abs=0.5)
    assert lean.difference[[0, -1]] == pytest.approx([0.0, 0.0], abs=0.5)
    assert lean.largest_at is not None
    assert abs(lean.largest_at - TURN) <= 6
    for name in ("knee_flexion", "thigh_elevation", "shin_inclination"):
        assert np.abs(curves[name].difference).max() < 1.0
    measured = {pair.name: pair for pair in found.measurements}
    assert measured["trunk_lean_bottom"].difference == pytest.approx(10.0, abs=0.5)
    assert measured["knee_flexion_bottom"].difference == pytest.approx(0.0, abs=0.5)
    reverse = compare(leaning, usual)
    assert reverse.curves[0].difference == pytest.approx(-found.curves[0].difference)


def test_a_difference_counts_beyond_twice_its_error(usual: Analysis, leaning: Analysis) -> None:
    small = compare(usual, leaning, series=["trunk_lean"]).curves[0]
    assert small.error[TURN] == pytest.approx(np.hypot(4.0, 4.0), rel=0.05)
    assert not small.clear.any()  # 10 degrees are less than twice 5.7
    large = compare(usual, analysed(60.0), series=["trunk_lean", "knee_flexion"])
    assert large.curves[0].clear[TURN]
    assert not large.curves[0].clear[[0, 5, 95, 100]].any()
    assert not large.curves[1].clear.any()
    assert "trunk_lean_bottom" in [pair.name for pair in large.differences]
    assert "knee_flexion_bottom" not in [pair.name for pair in large.differences]


def test_tempo_makes_no_difference_to_curves_but_to_times() -> None:
    even = analysed(first_half_s=1.2, hold_s=0.0, second_half_s=1.0)
    slow = analysed(first_half_s=2.4, hold_s=0.0, second_half_s=0.7)
    found = compare(even, slow)
    for pair in found.curves:
        assert np.abs(pair.difference).max() < 0.12 * np.ptp(pair.a.mean)  # an event, two frames
        assert not pair.clear.any()
    times = {pair.name: pair for pair in found.measurements}
    assert times["descent_s"].difference == pytest.approx(1.2, abs=0.3)
    assert times["descent_s"].clear


def test_each_half_is_stretched_by_itself(usual: Analysis) -> None:
    """A series that is a function of the phase alone comes out as that function."""
    slow = analysed(first_half_s=2.6, hold_s=0.6, second_half_s=0.8)
    for analysis in (usual, slow):
        for found in analysis.reps:
            knots = [found.rep.start_s, found.rep.turn_s, found.rep.end_s]
            values = np.interp(analysis.motion.t_s, knots, [-20.0, 80.0, 10.0])
            analysis.motion._cache["neck_3d"] = values
            expected = np.interp(PHASE_PERCENT, [0.0, 50.0, 100.0], [-20.0, 80.0, 10.0])
            assert normalise(analysis.motion, found.rep, "neck_3d") == pytest.approx(expected)


def test_a_clip_does_not_differ_from_itself(usual: Analysis) -> None:
    found = compare(usual, usual)
    for pair in found.curves:
        assert np.all(pair.difference == 0.0)
        assert np.all(pair.error > 0.0)
    assert found.differences == ()
    assert found.notes == ()


def test_mean_and_sd_of_known_repetitions(usual: Analysis) -> None:
    reps = [found.rep for found in usual.reps]
    curve = average_reps(usual.motion, reps, "trunk_lean")
    each = np.array([normalise(usual.motion, rep, "trunk_lean") for rep in reps])
    assert curve.mean == pytest.approx(each.mean(axis=0))
    assert curve.sd == pytest.approx(each.std(axis=0, ddof=1))
    single = average_reps(usual.motion, reps[:1], "trunk_lean")
    assert single.mean == pytest.approx(each[0])
    assert np.isnan(single.sd).all()
    assert np.isfinite(single.mean_error).all()


def test_steep_parts_are_less_sure_because_events_have_errors_in_time(usual: Analysis) -> None:
    pair = compare(usual, usual, series=["knee_flexion"]).curves[0]
    assert pair.error[25] > 1.5 * pair.error[TURN]


def test_what_was_not_seen_is_no_number() -> None:
    moves = even_set(2)
    track = without(squat(moves), moves[0].turn_s - 0.4, moves[0].turn_s - 0.1, [25, 26])
    analysis = analyze_track(squat(moves), exercise="squat")
    assert analysis.rep_count == 2
    values = analysis.motion.series("knee_flexion").copy()
    gap = (track.t_s > moves[0].turn_s - 0.4) & (track.t_s < moves[0].turn_s - 0.1)
    values[gap] = np.nan
    analysis.motion._cache["knee_flexion"] = values
    reps = [found.rep for found in analysis.reps]
    first = normalise(analysis.motion, reps[0], "knee_flexion")
    assert np.isnan(first[30:45]).any()
    assert np.isfinite(first[[0, TURN, 100]]).all()
    both = average_reps(analysis.motion, reps, "knee_flexion")
    assert np.isfinite(both.mean).all()  # half of the repetitions is enough
    lone = np.isnan(first)
    assert np.isnan(both.sd[lone]).all()
    alone = average_reps(analysis.motion, reps[:1], "knee_flexion")
    assert np.isnan(alone.mean[lone]).all()
    pair = compare(analysis, analysis, rep_a=1, rep_b=1, series=["knee_flexion"]).curves[0]
    assert not pair.clear.any()


def test_one_repetition_of_each(usual: Analysis, leaning: Analysis) -> None:
    found = compare(usual, leaning, rep_a=2, rep_b=3)
    assert (found.a.numbers, found.b.numbers) == ((2,), (3,))
    assert len(found.notes) == 2
    assert "only one rep" in found.notes[0]


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_repetition_that_is_not_there(usual: Analysis, number: int) -> None:
    with pytest.raises(UsageError, match=f"Clip B has no rep {number} that counts; it has 1,"):
        compare(usual, usual, rep_b=number)


def test_other_exercises_are_not_compared(usual: Analysis) -> None:
    rows = analyze_track(row(even_set(3)), exercise="bent_over_row")
    with pytest.raises(UsageError, match="Clip A is a squat and clip B a bent-over row"):
        compare(usual, rows)


def test_unknown_exercises_and_empty_clips_are_refused(usual: Analysis) -> None:
    still = squat(even_set(1, size=0.01))
    with pytest.raises(UsageError, match="clip B was not recognised; name it with --exercise"):
        compare(usual, analyze_track(still))
    with pytest.raises(UsageError, match="No reps were found in clip A"):
        compare(analyze_track(still, exercise="squat"), usual)


def test_measurements_that_a_view_cannot_tell_are_left_out(usual: Analysis) -> None:
    names = {pair.name for pair in compare(usual, usual).measurements}
    assert "trunk_lean_bottom" in names
    assert "knee_separation" not in names  # judged from the front only


def test_what_is_at_fault_in_either_clip_is_compared(usual: Analysis, leaning: Analysis) -> None:
    names = [pair.series for pair in compare(usual, leaning).curves]
    assert names[0] == "shin_inclination"  # the back folds beyond it
    assert compare(usual, usual).curves[0].series == "thigh_elevation"
    assert names == [pair.series for pair in compare(leaning, usual).curves]
