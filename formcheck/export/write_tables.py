"""Tables as CSV text and as Parquet."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from formcheck.export.tables import Column, Table


def csv_text(table: Table, /) -> str:
    """A table as CSV: a line of headings, and an empty cell where there is no value."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([column.name for column in table.columns])
    rows.writerows(zip(*(_cells(column) for column in table.columns), strict=True))
    return text.getvalue()


def parquet_bytes(table: Table, /) -> bytes:
    """A table as a Parquet file: typed columns, nulls, units and facts as metadata.

    The table's facts are metadata of the schema; a column's unit is metadata of
    its field, under ``unit``.
    """
    import pyarrow as pa  # noqa: PLC0415 - a third of a second that other formats need not wait
    from pyarrow import parquet  # noqa: PLC0415

    kinds = {"float": pa.float64(), "int": pa.int32(), "text": pa.string()}
    fields, arrays = [], []
    for column in table.columns:
        kind = kinds[column.kind]
        unit = None if column.unit is None else {"unit": column.unit}
        fields.append(pa.field(column.name, kind, metadata=unit))
        arrays.append(pa.array(column.values, kind, from_pandas=True))
    schema = pa.schema(fields, metadata=dict(table.facts))
    sink = io.BytesIO()
    texts = [column.name for column in table.columns if column.kind == "text"]
    full = pa.Table.from_arrays(arrays, schema=schema)
    parquet.write_table(full, sink, compression="zstd", use_dictionary=texts)
    return sink.getvalue()


def _cells(column: Column) -> list[str]:
    if column.kind == "float":
        return [_number(value, column.digits) for value in column.values]
    return ["" if value is None else str(value) for value in column.values]


def _number(value: Any, digits: int) -> str:
    return f"{value:.{digits}f}" if value is not None and math.isfinite(value) else ""
