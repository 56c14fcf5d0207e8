"""Tables as CSV, Parquet and data frames; whole clips' tables are tested where they are made."""

from __future__ import annotations

import csv
import io
import math
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyarrow import parquet

from formcheck.errors import MissingLibraryError
from formcheck.tables import Column, Table, numbers_from_csv, parquet_parts

if TYPE_CHECKING:
    from pathlib import Path

NOON = "2026-03-01T12:00:00+02:00"
TABLE = Table(
    (
        Column("name", ["=1+1", None], "text", description="whose it is"),
        Column("rep", [None, 7], "integer"),
        Column("rows", [2**40, None], "long"),
        Column("lean_deg", np.array([1.256, np.nan]), unit="deg", digits=2),
        Column("exact", [0.1, None]),
        Column("valid", [True, None], "truth"),
        Column("when", [NOON, None], "moment"),
    ),
    {"formcheck.view": "side"},
)
NONE = Table(tuple(Column(c.name, [], c.kind, digits=c.digits) for c in TABLE.columns))


def test_text() -> None:
    assert TABLE.csv_text().splitlines() == [
        "name,rep,rows,lean_deg,exact,valid,when",
        f"=1+1,,1099511627776,1.26,0.1,True,{NOON}",
        ",7,,,,,",
    ]


def test_text_for_a_spreadsheet() -> None:
    text = TABLE.csv_text(spreadsheet=True)
    assert text == "\ufeff" + TABLE.csv_text().replace("=1+1", "'=1+1")
    head = NONE.csv_text(spreadsheet=True)
    assert head + TABLE.csv_text(heading=False, spreadsheet=True) == text


def test_parquet_keeps_types_units_and_facts(tmp_path: Path) -> None:
    TABLE.write_parquet(tmp_path / "a.parquet")
    found = parquet.read_table(tmp_path / "a.parquet")
    assert [str(kind) for kind in found.schema.types] == [
        "string",
        "int32",
        "int64",
        "double",
        "double",
        "bool",
        "timestamp[ms, tz=UTC]",
    ]
    assert found.to_pylist() == [
        {
            "name": "=1+1",
            "rep": None,
            "rows": 2**40,
            "lean_deg": 1.256,
            "exact": 0.1,
            "valid": True,
            "when": datetime(2026, 3, 1, 10, tzinfo=UTC),
        },
        dict.fromkeys(found.column_names) | {"rep": 7},
    ]
    assert found.schema.field("lean_deg").metadata == {b"unit": b"deg"}
    assert found.schema.field("name").metadata == {b"description": b"whose it is"}
    assert found.schema.metadata == {b"formcheck.view": b"side"}


def test_parquet_part_by_part(tmp_path: Path) -> None:
    with parquet_parts(tmp_path / "a.parquet", NONE) as add:
        add(TABLE)
        add(TABLE)
    assert parquet.read_table(tmp_path / "a.parquet")["rep"].to_pylist() == [None, 7] * 2


def test_a_frame_has_pandas_own_types() -> None:
    pytest.importorskip("pandas", reason="an extra")
    frame = TABLE.frame()
    assert frame["rep"].dtype == "Int32"
    assert frame["lean_deg"].dtype == "float64"
    assert frame["when"][0] == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert frame["rows"].sum() == 2**40
    assert frame.isna().sum().to_dict() == dict.fromkeys(frame.columns, 1)
    assert frame.attrs == {"units": {"lean_deg": "deg"}, "facts": {"formcheck.view": "side"}}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("pyarrow", "A Parquet file needs the extra 'parquet': pip install 'formcheck[parquet]'."),
        ("pandas", "A data frame needs the extra 'frames': pip install 'formcheck[frames]'."),
    ],
)
def test_a_library_that_is_missing(
    name: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that is None in `sys.modules` is one that is not installed."""
    monkeypatch.setitem(sys.modules, name, None)
    make = TABLE.frame if name == "pandas" else lambda: TABLE.write_parquet(tmp_path / "a")
    with pytest.raises(MissingLibraryError) as caught:
        make()
    assert str(caught.value) == sentence
    assert not any(tmp_path.iterdir())


def test_columns_have_one_length() -> None:
    with pytest.raises(ValueError, match=r"one length, got \[1, 2\]"):
        Table((Column("a", [1.0]), Column("b", [1.0, 2.0])))


def test_numbers_are_read_again() -> None:
    table = Table((Column("a", [1.5, math.nan], digits=1), Column("b,c", [2.0, 3.0], digits=1)))
    again = numbers_from_csv(table.csv_text())
    assert [column.name for column in again.columns] == ["a", "b,c"]
    for column, old in zip(again.columns, table.columns, strict=True):
        np.testing.assert_array_equal(column.values, old.values)


@pytest.mark.parametrize("text", ["", "a,b\n1\n", "a,b\n1,2\n1,2,3\n", "a\nx\n"])
def test_what_is_no_table_of_numbers(text: str) -> None:
    with pytest.raises(ValueError):
        numbers_from_csv(text)


def test_any_text_comes_back() -> None:
    texts = ['a "quoted", one', "two\nlines", "", "ü", "\t"]
    text = Table((Column("a", texts, "text"), Column("b", range(5), "integer"))).csv_text()
    assert [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:] == texts
