"""What a clip's record keeps for the summary is what its report says."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from formcheck import analyze, build_report
from formcheck.batch.summary import summary_rows
from formcheck.pipeline import analyze_track
from formcheck.pose.cache import TrackCache
from formcheck.present.reading import faults, main_point
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck import ClipAnalysis
    from formcheck.report.model import Report


@pytest.fixture(scope="module")
def clip(shared_cache: Path) -> ClipAnalysis:
    return analyze(SAMPLES / "weak_upper_back_squat.mp4", cache=TrackCache(shared_cache))


@pytest.fixture(scope="module")
def report(clip: ClipAnalysis) -> Report:
    return build_report(clip)


@pytest.fixture(scope="module")
def rows(report: Report) -> list[dict[str, Any]]:
    return summary_rows(report)


def test_the_first_row_is_the_clips_verdict(report: Report, rows: list[dict[str, Any]]) -> None:
    first = rows[0]
    found = faults(report)
    assert (first["exercise"], first["rep_count"]) == ("squat", 5)
    assert first["score"] == report.score
    assert first["severity"] == found[0].severity
    assert first["faults"].split() == [check.rule for check in found]
    assert first["main_fault"] == found[0].rule
    assert first["main_point"] == main_point(report)
    for check in report.checks:
        assert first[f"rule.{check.rule}"] == check.severity
    assert (first["upper_back"], first["view"]) == (report.upper_back.finding, "side_left")


def test_each_repetition_has_its_own_row(report: Report, rows: list[dict[str, Any]]) -> None:
    assert [row["rep"] for row in rows[1:]] == [1, 2, 3, 4, 5]
    for row, rep in zip(rows[1:], report.reps, strict=True):
        assert (row["kind"], row["turn_s"]) == (rep.kind, rep.turn_s)
        assert row.get("score") == rep.score
        for check in rep.checks:
            assert row[f"rule.{check.rule}"] == check.severity
        lean = rep.measurements["trunk_lean_bottom"]
        assert row["value.trunk_lean_bottom"] == lean.value
        assert row["error.trunk_lean_bottom"] == lean.error
    assert rows[1]["severity"] == "severe"


def test_a_clips_value_is_the_middle_of_its_repetitions_as_rules_judge_it(
    report: Report, rows: list[dict[str, Any]]
) -> None:
    lean = next(c for c in report.checks if c.rule == "squat.lean")
    assert rows[0]["value.lean_excess"] == pytest.approx(lean.value, abs=1e-3)
    assert rows[0]["error.lean_excess"] == pytest.approx(lean.error, abs=1e-3)
    own = [row["value.knee_flexion_bottom"] for row in rows[1:]]
    assert rows[0]["value.knee_flexion_bottom"] == median(own)


def test_a_change_over_the_set_stands_apart_from_the_values(
    report: Report, rows: list[dict[str, Any]]
) -> None:
    growth = next(c for c in report.checks if c.rule == "squat.lean_growth")
    assert growth.value is not None
    assert rows[0]["change.squat.lean_growth"] == growth.value
    assert rows[0]["change_error.squat.lean_growth"] == growth.error
    assert not any(name.startswith("change") for row in rows[1:] for name in row)


def test_what_cannot_be_seen_from_there_has_no_value(
    report: Report, rows: list[dict[str, Any]]
) -> None:
    seen_from_the_front = report.reps[0].measurements["knee_separation"]
    assert seen_from_the_front.value is not None
    assert not any("knee_separation" in name for row in rows for name in row)
    assert rows[0]["rule.squat.knees_in"] == "not_assessed"


def test_what_is_not_known_is_not_named(rows: list[dict[str, Any]]) -> None:
    assert all(value is not None for row in rows for value in row.values())
    assert "reason" not in rows[1]


def test_an_unknown_exercise_has_one_row(clip: ClipAnalysis) -> None:
    still = clip.tracked.track.select(slice(0, 25))
    (row,) = summary_rows(build_report(replace(clip, analysis=analyze_track(still))))
    assert (row["exercise"], row["severity"]) == ("unknown", "not_assessed")
    assert not {"score", "main_fault", "main_point"} & set(row)


def test_repetitions_that_do_not_count_are_left_out_of_the_middle(report: Report) -> None:
    failed = report.reps[0].model_copy(update={"kind": "failed", "reason": "stopped half-way"})
    changed = report.model_copy(update={"reps": [failed, *report.reps[1:]]})
    first, row, *rest = summary_rows(changed)
    assert (row["kind"], row["reason"]) == ("failed", "stopped half-way")
    own = [r["value.descent_s"] for r in rest]
    assert first["value.descent_s"] == round(median(own), 4)
