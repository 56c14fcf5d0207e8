"""Tables and their files: every cell where it belongs, missing ones empty or null."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyarrow import parquet

from formcheck.export.source import Source
from formcheck.export.tables import angles_table, landmarks_table, parquet_bytes, reps_table
from formcheck.kinematics.motion import measure_motion
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from formcheck.report.files import angles_csv
from tests.helpers import skeleton as sk

if TYPE_CHECKING:
    from typing import Any

    from formcheck.tables import Table


def read_csv(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.csv_text())))


def read_parquet(table: Table) -> Any:
    return parquet.read_table(io.BytesIO(parquet_bytes(table)))


@pytest.fixture(scope="module")
def gap(side: Source) -> Source:
    """A stick figure's squat with nobody to be seen for a while, under the clip's report."""
    track = sk.without(sk.squat(sk.even_set(2)), 3.0, 3.6)
    return Source(side.report, measure_motion(clean(track)))


def test_angles_are_those_of_angles_csv(side: Source) -> None:
    motion = side.movement("")
    ours, theirs = (
        read_csv(angles_table(motion, side.report)),
        list(csv.DictReader(io.StringIO(angles_csv(motion)))),
    )
    assert list(ours[0])[:3] == ["t_s", "rep", "phase"]
    assert [{k: v for k, v in row.items() if k not in ("rep", "phase")} for row in ours] == theirs


def test_every_picture_has_its_repetition_and_phase(side: Source) -> None:
    rows = read_csv(angles_table(side.movement(""), side.report))
    inside = 0
    for row in rows:
        t_s = float(row["t_s"])
        own = [r for r in side.report.reps if r.start_s <= t_s <= r.end_s]
        assert row["rep"] == (str(own[-1].index) if own else "")
        inside += bool(own)
        if row["phase"]:
            named = [p for r in own for p in r.phases if p.name == row["phase"]]
            assert any(p.start_s <= t_s <= p.end_s for p in named)
    assert 0.5 * len(rows) < inside < len(rows)
    assert {row["phase"] for row in rows} >= {"", "descent", "bottom", "ascent"}


def test_missing_values_are_empty_in_csv_and_null_in_parquet(gap: Source) -> None:
    table = angles_table(gap.movement(""), gap.report)
    rows, typed = read_csv(table), read_parquet(table)
    knees = typed["knee_flexion_left_deg"].to_pylist()
    assert [value is None for value in knees] == [not r["knee_flexion_left_deg"] for r in rows]
    missing = [float(r["t_s"]) for r in rows if not r["knee_flexion_left_deg"]]
    assert min(missing) == pytest.approx(3.0, abs=0.04)
    assert max(missing) == pytest.approx(3.6, abs=0.04)
    known = [value for value in knees if value is not None]
    assert not any(math.isnan(value) for value in known)
    assert typed["rep"].null_count == sum(not r["rep"] for r in rows) > 0


def test_parquet_knows_types_units_and_where_it_comes_from(side: Source) -> None:
    typed = read_parquet(angles_table(side.movement(""), side.report))
    kinds = {name: str(typed.schema.field(name).type) for name in ("t_s", "rep", "phase")}
    assert kinds == {"t_s": "double", "rep": "int32", "phase": "string"}
    units = {name: typed.schema.field(name).metadata for name in ("t_s", "trunk_lean_deg")}
    assert units == {"t_s": {b"unit": b"s"}, "trunk_lean_deg": {b"unit": b"deg"}}
    facts = {key.decode(): value.decode() for key, value in typed.schema.metadata.items()}
    assert facts["formcheck.video_sha256"] == side.report.video.sha256
    assert facts["formcheck.exercise"] == "squat"
    assert json.loads(facts["formcheck.settings"]) == side.report.formcheck.settings
    exact = side.movement("").angles["trunk_lean"]
    assert np.array_equal(typed["trunk_lean_deg"].to_numpy(), exact)


def test_landmarks_are_the_clean_ones_in_pixels_and_metres(side: Source) -> None:
    track = side.movement("").track
    table = landmarks_table(track, side.report)
    assert len(table.columns) == 3 + 33 * 6
    typed, rows = read_parquet(table), read_csv(table)
    knee = landmarks.index("knee", "left")
    for letter, axis in (("x", 0), ("y", 1), ("z", 2)):
        metres = typed[f"left_knee_{letter}_m"].to_numpy()
        assert np.array_equal(metres, track.world_m[:, knee, axis])
        assert float(rows[40][f"left_knee_{letter}_m"]) == pytest.approx(metres[40], abs=1e-4)
    pixels = typed["left_knee_y_px"].to_numpy()
    assert np.array_equal(pixels, track.xy_px[:, knee, 1])
    assert (typed["left_hip_y_px"].to_numpy() < pixels).mean() > 0.9  # y is down


def test_repetitions_are_the_reports(side: Source) -> None:
    rows = read_csv(reps_table(side.report))
    typed = read_parquet(reps_table(side.report))
    assert [int(row["rep"]) for row in rows] == [r.index for r in side.report.reps]
    for row, rep in zip(rows, side.report.reps, strict=True):
        assert float(row["turn_s"]) == pytest.approx(rep.turn_s)
        lean = rep.measurements["trunk_lean_bottom"]
        assert lean.value is not None
        assert float(row["trunk_lean_bottom_deg"]) == pytest.approx(lean.value)
        assert "descent_s" in row
        speed = rep.measurements["mean_velocity"]  # no height was told
        assert not speed.valid
        assert row["mean_velocity_m_per_s"] == row["mean_velocity_m_per_s_error"] == ""
        severities = {check.rule: check.severity for check in rep.checks}
        assert row["squat_lean_severity"] == severities["squat.lean"]
    assert typed["mean_velocity_m_per_s"].null_count == len(rows)


def test_a_report_without_repetitions_has_an_empty_table(side: Source) -> None:
    report = side.report.model_copy(update={"reps": []})
    assert reps_table(report).csv_text() == "rep,kind,reason,start_s,turn_s,end_s,score\n"
    assert read_parquet(reps_table(report)).num_rows == 0
