"""The export: every row, in three formats, and as the documentation says."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from formcheck.errors import UsageError
from formcheck.history.clip import clip_of
from formcheck.history.export import COLUMNS, export_rows, write_export
from tests.history.conftest import week

if TYPE_CHECKING:
    from tests.history.conftest import Reports

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "history.md").read_text(encoding="utf-8")


def test_every_number_of_the_reports_is_there_in_every_format(
    tmp_path: Path, reports: Reports
) -> None:
    made = [reports.of(n, load_kg=60.0) for n in range(3)]
    clips = [clip_of("Ann, \"A\"\n'=1'", r, week(n), "out") for n, r in enumerate(made)]
    rows = export_rows(clips)
    per_clip = 1 + sum(len(rep.measurements) for rep in made[0].reps) + len(made[0].checks)
    for name in ("a.csv", "a.json", "a.parquet"):
        assert write_export(clips, tmp_path / name) == len(rows) == 3 * per_clip
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == rows
    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == rows
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [*csv.DictReader(file)]
    assert texts == [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows]
    lean = [r for r in rows if r["name"] == "trunk_lean_bottom" and r["row"] == "measurement"]
    assert [(r["rep"], r["value"]) for r in lean[:3]] == [
        (rep.index, rep.measurements["trunk_lean_bottom"].value) for rep in made[0].reps
    ]
    assert {r["load_kg"] for r in rows} == {60.0}


def test_an_empty_history_has_its_columns(tmp_path: Path) -> None:
    write_export([], tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text("utf-8-sig").split() == [",".join(COLUMNS)]
    write_export([], tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet").column_names == [*COLUMNS]


def test_the_documented_columns_are_those_exported() -> None:
    table = PAGE.partition("## The export")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [*COLUMNS]


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ends with \.csv, \.parquet, \.json, got 'a\.xlsx'"):
        write_export([], tmp_path / "a.xlsx")


def test_the_export_opens_in_a_spreadsheet_and_runs_nothing(
    tmp_path: Path, reports: Reports
) -> None:
    names = ['=HYPERLINK("http://x")', "+1", "-2", "@cmd", "Zoë"]
    clips = [clip_of(name, reports.of(n), week(n), None) for n, name in enumerate(names)]
    write_export(clips, tmp_path / "all.csv")
    data = (tmp_path / "all.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfrow,athlete,")
    rows = csv.DictReader(data.decode("utf-8-sig").splitlines())
    cells = {row["athlete"] for row in rows if row["row"] == "clip"}
    assert cells == {f"'{name}" for name in names[:-1]} | {"Zoë"}
