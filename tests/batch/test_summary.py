"""The table of all clips, as a coach opens it and as a program reads it."""

from __future__ import annotations

import csv
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from formcheck.batch.athletes import athlete_of
from formcheck.batch.summary import (
    ALL_FILES,
    FIXED,
    GROUP_ROWS,
    STEMS,
    Row,
    columns,
    summary_rows,
    write_summary,
)
from formcheck.errors import OutputError
from formcheck.kinematics.belief import Trust
from formcheck.rules.book import built_in_book, load_book
from formcheck.storage import Folder
from tests.helpers.records import done, failed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck import Report
    from formcheck.batch.record import Record
    from formcheck.rules.book import RuleBook

DOCS = Path(__file__).resolve().parents[2] / "docs" / "summary.md"
HOSTILE = "=cmd()|'a',\"b\"\n<script>;#?.mp4"
REP = {"value.trunk_lean_bottom": -3.25, "error.trunk_lean_bottom": 4.0, "rule.squat.depth": "mild"}
RECORDS = [
    done(HOSTILE, [REP]),
    done("anna/b.mp4", [REP, REP], score=None, dated="file", warnings="low_coverage"),
    done("anna/unknown.mp4", exercise="unknown", severity="not_assessed"),
    failed("ben/a.mp4", "+x is no video."),
    done("caf\udce9/ü.mp4", [REP]),
]


def written(folder: Path, records: Iterable[Record], book: RuleBook | None = None) -> Path:
    book = book or built_in_book()
    write_summary(Folder(str(folder)), records, book, athlete_of=athlete_of)
    return folder


def csv_rows(folder: Path, row: Row = "clip") -> list[dict[str, str]]:
    with (folder / f"{STEMS[row]}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def parquet_rows(folder: Path, row: Row = "clip") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read_table(folder / f"{STEMS[row]}.parquet").to_pylist()
    return rows


@pytest.mark.parametrize(("row", "count"), [("clip", 5), ("rep", 4)])
def test_both_files_hold_the_same_values(tmp_path: Path, row: Row, count: int) -> None:
    text, typed = csv_rows(written(tmp_path, RECORDS), row), parquet_rows(tmp_path, row)
    kinds = {column.name: column.kind for column in columns(built_in_book(), row)}
    read: dict[str, Any] = {
        "text": lambda cell: cell.removeprefix("'"),
        "integer": int,
        "number": float,
        "moment": lambda cell: datetime.fromisoformat(cell).astimezone(UTC),
    }
    assert len(text) == len(typed) == count
    for cells, values in zip(text, typed, strict=True):
        assert list(cells) == list(values) == list(kinds)
        told = {name: read[kinds[name]](cell) for name, cell in cells.items() if cell}
        assert told == {name: value for name, value in values.items() if value is not None}


def test_clips_and_repetitions_have_a_table_each(tmp_path: Path) -> None:
    clips, reps = (parquet_rows(written(tmp_path, RECORDS), row) for row in ("clip", "rep"))
    assert [row["clip"] for row in clips] == [
        record.clip.replace("\udce9", "\\udce9") for record in RECORDS
    ]
    assert [(row["clip"], row["rep"]) for row in reps[:3]] == [
        (HOSTILE, 1),
        ("anna/b.mp4", 1),
        ("anna/b.mp4", 2),
    ]
    assert not {"rep", "kind", "turn_s"} & {*clips[0]}
    assert not {"status", "rep_count", "main_point"} & {*reps[0]}
    second = reps[1]
    assert (second["clip"], second["athlete"]) == ("anna/b.mp4", "anna")
    assert (second["exercise"], second["view"]) == ("squat", "side_left")
    assert second["value.trunk_lean_bottom"] == -3.25
    bad = next(row for row in clips if row["status"] == "failed")
    assert (bad["exit_code"], bad["reason"]) == (3, "+x is no video.")
    assert bad["exercise"] is None


def test_the_row_of_a_clip_says_how_far_to_rely_on_it(squat_report: Report) -> None:
    tracking = squat_report.tracking.model_copy(update={"trust": Trust.POOR, "believed": 0.485})
    clip, *reps = summary_rows(squat_report.model_copy(update={"tracking": tracking}))
    assert (clip["trust"], clip["believed"]) == ("poor", 0.485)
    assert not any("trust" in row or "believed" in row for row in reps)


def test_a_spreadsheet_runs_nothing(tmp_path: Path) -> None:
    rows = csv_rows(written(tmp_path, RECORDS))
    assert rows[0]["clip"] == "'" + HOSTILE
    assert {row["reason"] for row in rows} == {"", "'+x is no video."}
    number = re.compile(r"-?\d+(\.\d+)?")
    reps = csv_rows(tmp_path, "rep")
    for row in (*rows, *reps):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n"))
            assert not cell.startswith("-") or number.fullmatch(cell)
    assert reps[0]["value.trunk_lean_bottom"] == "-3.25"


def test_names_that_are_no_text_are_written_as_text(tmp_path: Path) -> None:
    last = parquet_rows(written(tmp_path, RECORDS))[-1]
    assert (last["clip"], last["athlete"]) == ("caf\\udce9/ü.mp4", "caf\\udce9")


def test_the_columns_do_not_depend_on_the_clips(tmp_path: Path) -> None:
    one = parquet.read_table(written(tmp_path / "one", RECORDS) / "summary.parquet")
    two = parquet.read_table(written(tmp_path / "two", [failed("z.mp4")]) / "summary.parquet")
    none = parquet.read_table(written(tmp_path / "none", []) / "summary.parquet")
    stacked = pa.concat_tables([one, two, none])
    assert stacked.num_rows == one.num_rows + 1
    assert csv_rows(tmp_path / "none") == []
    names = stacked.column_names
    assert len(names) == len(set(names))


def test_own_rules_bring_columns(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        '[[rule]]\nid = "squat.pause"\ntitle = "Pause"\nmeasurement = "ascent_s"\n'
        'better = "low"\nlimits = { mild = 1, moderate = 2, severe = 3 }\n'
        'message = "Faster."\nsource = "mine"\nevidence = "J"\n'
    )
    names = [column.name for column in columns(load_book([file]), "rep")]
    built_in = [column.name for column in columns(built_in_book(), "rep")]
    assert set(names) - set(built_in) == {"rule.squat.pause"}
    told: dict[str, Any] = {"rule.squat.pause": "mild"}
    rows = parquet_rows(written(tmp_path, [done("a.mp4", **told)], load_book([file])))
    assert rows[0]["rule.squat.pause"] == "mild"


def test_rules_that_are_off_have_no_column() -> None:
    names = {column.name for row in STEMS for column in columns(built_in_book(), row)}
    off = {f"rule.{rule.id}" for rule in built_in_book().off}
    assert off
    assert not off & names


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        written(tmp_path / folder, RECORDS)
    for name in ALL_FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("row", STEMS)
def test_every_column_says_what_it_is(tmp_path: Path, row: Row) -> None:
    schema = parquet.read_schema(written(tmp_path, []) / f"{STEMS[row]}.parquet")
    described = {f.name: f.metadata[b"description"].decode() for f in schema}
    assert described == {c.name: c.meaning for c in columns(built_in_book(), row)}
    assert described["value.trunk_lean_bottom"] == "Trunk lean at the bottom, deg"


def test_the_page_of_columns_is_right() -> None:
    lines = re.findall(r"^\| `(.+?)` \| (\w+) \| (\w+) \| (.+) \|$", DOCS.read_text(), re.M)
    fixed = [(c.name, c.kind, c.rows, c.meaning) for c in FIXED]
    assert lines[: len(FIXED)] == fixed
    kinds = {name: (kind, rows) for name, kind, rows, _ in lines[len(FIXED) :]}
    every = {column.name: column for row in STEMS for column in columns(built_in_book(), row)}
    own = [every[name] for name in every if name not in {column.name for column in FIXED}]
    assert {name.partition(".")[0] for name in kinds} == {c.name.partition(".")[0] for c in own}
    for column in own:
        start = column.name.partition(".")[0]
        (name,) = (name for name in kinds if name.startswith(f"{start}."))
        assert kinds[name][0] == column.kind
        assert kinds[name][1] == "both" or column.rows == "clip"


def test_without_the_library_for_parquet_there_is_csv_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that is None in `sys.modules` is one that is not installed."""
    written(tmp_path, RECORDS)
    texts = {file.name: file.read_bytes() for file in tmp_path.glob("*.csv")}
    assert len(texts) == 2
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    written(tmp_path, RECORDS)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == texts


def test_many_rows_are_written_part_by_part(tmp_path: Path) -> None:
    taken = 0

    def counted() -> Iterable[Record]:
        nonlocal taken
        for number in range(GROUP_ROWS // 4 + 10):
            taken += 1
            yield done(f"{number:05}.mp4", [REP, REP, REP])

    written(tmp_path, counted())
    for row, each in (("clip", 1), ("rep", 3)):
        file = parquet.ParquetFile(tmp_path / f"{STEMS[row]}.parquet")  # type: ignore[index]
        assert file.num_row_groups == 2
        assert file.metadata.num_rows == each * taken
        file.close()


def test_records_out_of_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="in order"):
        written(tmp_path, [done("b.mp4"), done("a.mp4")])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_elsewhere_gets_the_files_too() -> None:
    folder = Folder("memory://table")
    write_summary(folder, RECORDS, built_in_book(), athlete_of=athlete_of)
    content = folder.read("summary.csv")
    assert content is not None
    assert content.decode("utf-8-sig").startswith("clip,athlete,status,")


def test_a_file_is_put_whole_or_not_at_all(tmp_path: Path) -> None:
    source, folder = tmp_path / "source", Folder(str(tmp_path / "out"))
    source.write_bytes(b"new" * 100_000)
    folder.write("a/b", b"old")
    folder.put("a/b", source)
    assert folder.read("a/b") == source.read_bytes()
    with pytest.raises(OutputError, match="Cannot write"):
        folder.put("a/b", tmp_path / "gone")
    assert folder.read("a/b") == source.read_bytes()
    assert [file.name for file in (tmp_path / "out" / "a").iterdir()] == ["b"]


@pytest.mark.parametrize("row", STEMS)
def test_polars_and_duckdb_read_both_files(tmp_path: Path, row: Row) -> None:
    """A name with a line break, names that look like values, a moment that is not known."""
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    named = [done(f"{name}/a.mp4", [REP]) for name in ("0012", "1e5", "NA", "None", "null", "true")]
    records = sorted([*RECORDS, *named], key=lambda record: record.clip)
    folder, own = written(tmp_path, records), columns(built_in_book(), row)
    rows = parquet_rows(folder, row)
    names = [cells["athlete"] for cells in rows]
    for kind in ("csv", "parquet"):
        file = folder / f"{STEMS[row]}.{kind}"
        read = getattr(polars, f"read_{kind}")(file)
        assert read.columns == [column.name for column in own]
        assert read["athlete"].to_list() == names
        assert duckdb.sql(f"SELECT athlete FROM '{file}'").fetchall() == [(name,) for name in names]
    days = read["recorded_at"].dt.day().to_list()
    assert days == [None if cells["recorded_at"] is None else 1 for cells in rows]
    (mean,) = duckdb.sql(f"""SELECT avg("value.trunk_lean_bottom") FROM '{file}'""").fetchall()
    assert mean == ((-3.25,) if row == "rep" else (None,))
    folded = [column.name.lower() for column in own]
    assert len(folded) == len(set(folded))  # SQL knows no case
