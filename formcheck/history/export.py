"""Everything the history holds, as rows for other programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from formcheck.errors import UsageError
from formcheck.history.store import FACTS
from formcheck.report.files import write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from formcheck.history.records import Clip

    Rows = list[dict[str, Any]]

_NUMBERS = ("start_s", "end_s", "score", "load_kg")
COLUMNS: Mapping[str, str] = {
    "row": "text",
    "athlete": "text",
    "recorded_at": "text",
    "date_source": "text",
    **{n: "number" if n in _NUMBERS else "text" for n in FACTS},
    "rep_count": "count",
    "rep": "count",
    "kind": "text",
    "name": "text",
    "value": "number",
    "unit": "text",
    "error": "number",
    "valid": "truth",
    "severity": "text",
}
"""Columns of the export in order, with the kind of what they hold."""


def export_rows(clips: Sequence[Clip], /) -> Rows:
    """All rows: of each clip one of its own, its measurements and its verdicts."""
    return [{name: row.get(name) for name in COLUMNS} for clip in clips for row in _rows(clip)]


def _rows(clip: Clip) -> Iterator[dict[str, Any]]:
    head = {
        "athlete": clip.athlete,
        "recorded_at": clip.recorded.moment.isoformat(timespec="seconds"),
        "date_source": clip.recorded.source,
    } | asdict(clip.facts)
    yield {"row": "clip"} | head
    for value in clip.values:
        yield {"row": "measurement"} | head | asdict(value)
    for verdict in clip.verdicts:
        own = {
            "name": verdict.rule,
            "value": verdict.value,
            "unit": verdict.unit,
            "error": verdict.error,
            "severity": verdict.severity,
        }
        yield {"row": "check"} | head | own


def csv_bytes(rows: Rows, /) -> bytes:
    """Rows as CSV; an empty cell where there is no value."""
    text = io.StringIO()
    table = csv.DictWriter(text, [*COLUMNS], lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode("utf-8")


def json_bytes(rows: Rows, /) -> bytes:
    """Rows as a JSON list of objects."""
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def parquet_bytes(rows: Rows, /) -> bytes:
    """Rows as Parquet."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load and rarely wanted
    import pyarrow.parquet as pq  # noqa: PLC0415

    kinds = {
        "text": pa.string(),
        "number": pa.float64(),
        "count": pa.int64(),
        "truth": pa.bool_(),
    }
    shape = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=shape), sink)
    return bytes(sink.getvalue())


_FORMATS: Mapping[str, Callable[[Rows], bytes]] = {
    ".csv": csv_bytes,
    ".parquet": parquet_bytes,
    ".json": json_bytes,
}


def check_export(file: Path, /) -> None:
    """Refuse a name whose suffix says no format.

    Raises
    ------
    UsageError
        If it does not.
    """
    if file.suffix.lower() not in _FORMATS:
        raise UsageError(
            f"--export: expected a name that ends with {', '.join(_FORMATS)}, got {file.name!r}."
        )


def write_export(clips: Sequence[Clip], file: Path, /) -> int:
    """Write all rows of clips into a file, its suffix names the format; returns their number.

    Raises
    ------
    UsageError
        If the suffix names none.
    OutputError
        If it cannot be written.
    """
    check_export(file)
    rows = export_rows(clips)
    write_text(_FORMATS[file.suffix.lower()](rows), file)
    return len(rows)
