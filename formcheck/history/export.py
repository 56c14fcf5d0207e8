"""Everything the history holds, as rows for other programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from formcheck.errors import UsageError
from formcheck.files import write_text
from formcheck.history.store import FACTS
from formcheck.tables import Column, Table, parquet_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from formcheck.history.clip import Clip
    from formcheck.tables import Kind

    Rows = list[dict[str, Any]]

_COUNTS = ("rep_count", "count_low", "count_high")
_NUMBERS = ("start_s", "end_s", "score", "load_kg")
COLUMNS: Mapping[str, Kind] = {
    "row": "text",
    "athlete": "text",
    "recorded_at": "text",
    "date_source": "text",
    **{n: "number" if n in _NUMBERS else "long" if n in _COUNTS else "text" for n in FACTS},
    "rep": "long",
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
    """All rows by names of columns: of each clip one, its measurements and its verdicts."""
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


def export_table(rows: Rows, /) -> Table:
    """Rows as a table."""
    return Table(tuple(Column(n, [row[n] for row in rows], kind) for n, kind in COLUMNS.items()))


def json_text(rows: Rows, /) -> str:
    """Rows as a JSON list of objects."""
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


_WRITERS: Mapping[str, Callable[[Rows, Path], None]] = {
    ".csv": lambda rows, file: export_table(rows).write_csv(file, spreadsheet=True),
    ".parquet": lambda rows, file: export_table(rows).write_parquet(file, compression="snappy"),
    ".json": lambda rows, file: write_text(json_text(rows), file),
}


def check_export(file: Path, /) -> None:
    """Refuse a name whose suffix says no format, or one that cannot be written here.

    Raises
    ------
    UsageError
        If it says none.
    MissingLibraryError
        If it is Parquet and pyarrow is not installed.
    """
    if file.suffix.lower() not in _WRITERS:
        raise UsageError(
            f"--export: expected a name that ends with {', '.join(_WRITERS)}, got {file.name!r}."
        )
    if file.suffix.lower() == ".parquet":
        parquet_library()


def write_export(clips: Sequence[Clip], file: Path, /) -> int:
    """Write all rows of clips into a file, its suffix names the format; returns their number.

    Raises
    ------
    UsageError
        If the suffix names none.
    OutputError
        If it cannot be written.
    MissingLibraryError
        If it is Parquet and pyarrow is not installed.
    """
    check_export(file)
    rows = export_rows(clips)
    _WRITERS[file.suffix.lower()](rows, file)
    return len(rows)
