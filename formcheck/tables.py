"""Tables: typed columns that become CSV, Parquet or a data frame, all in this one place.

CSV needs nothing but Python. The libraries behind the others are extras, loaded where
they are used: an analysis must not wait for them.
"""

from __future__ import annotations

import csv
import io
import math
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from formcheck.errors import MissingLibraryError
from formcheck.files import write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Compression = Literal["zstd", "snappy"]

Kind = Literal["text", "integer", "long", "number", "truth", "moment"]
"""What values are: integers have 32 bits and long ones 64, moments are ISO 8601 text."""
FRAME_TYPES: dict[Kind, str] = {
    "text": "string",
    "integer": "Int32",
    "long": "Int64",
    "number": "float64",
    "truth": "boolean",
    "moment": "datetime64[ms, UTC]",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""A spreadsheet may run text that begins so (or hide the last); see `unformulated`."""
MARK = "\ufeff"
"""At the beginning of a file it tells spreadsheets that the text is UTF-8."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column: None (or NaN among numbers) where there is no value.

    Attributes
    ----------
    name
        Heading.
    values
        One for each row, all of the kind.
    kind
        What the values are.
    unit
        Unit of the values; None where there is none.
    description
        One phrase; None where the name says it.
    digits
        Decimals of a number worth writing as text; None for all it has.
    """

    name: str
    values: Sequence[Any] | Floats
    kind: Kind = "number"
    unit: str | None = None
    description: str | None = None
    digits: int | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of one length, and facts about all of them as text.

    Raises
    ------
    ValueError
        If the columns differ in length.
    """

    columns: tuple[Column, ...]
    facts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lengths = {len(column.values) for column in self.columns}
        if len(lengths) > 1:
            raise ValueError(f"expected columns of one length, got {sorted(lengths)}")

    def csv_text(self, *, heading: bool = True, spreadsheet: bool = False) -> str:
        """The table as CSV: an empty cell where there is no value.

        Parameters
        ----------
        heading
            Whether the names come first; without, the text goes on from another part.
        spreadsheet
            Whether it is to be opened as it is: marked as UTF-8, and no text is run as
            a formula.
        """
        text = io.StringIO()
        lines = csv.writer(text, lineterminator="\n")
        rows: Iterable[Sequence[Any]] = zip(
            *(_cells(column) for column in self.columns), strict=True
        )
        if heading:
            text.write(MARK if spreadsheet else "")
            rows = chain([[column.name for column in self.columns]], rows)
        lines.writerows(map(_safe, rows) if spreadsheet else rows)
        return text.getvalue()

    def parquet_bytes(
        self, *, compression: Compression = "zstd", dictionaries: bool | Sequence[str] = True
    ) -> bytes:
        """The table as a Parquet file: typed columns, nulls, units and facts as metadata.

        The facts are metadata of the schema; unit and description are metadata of a
        column's field, under these names.

        Parameters
        ----------
        compression
            Of the values.
        dictionaries
            Which columns name each value once: all, none or these. It is no use for
            numbers that hardly repeat.

        Raises
        ------
        MissingLibraryError
            If pyarrow is not installed.
        """
        sink = io.BytesIO()
        with parquet_parts(sink, self, compression=compression, dictionaries=dictionaries) as add:
            add(self)
        return sink.getvalue()

    def write_csv(self, file: Path, /, *, spreadsheet: bool = False) -> None:
        """Write the table as CSV, whole or not at all; see `csv_text`.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        write_text(self.csv_text(spreadsheet=spreadsheet), file)

    def write_parquet(self, file: Path, /, *, compression: Compression = "zstd") -> None:
        """Write the table as Parquet, whole or not at all; see `parquet_bytes`.

        Raises
        ------
        MissingLibraryError
            If pyarrow is not installed.
        OutputError
            If it cannot be written.
        """
        write_text(self.parquet_bytes(compression=compression), file)

    def frame(self) -> Any:
        """The table as a pandas data frame, with missing values as pandas has them.

        Units and facts are in its ``attrs``.

        Raises
        ------
        MissingLibraryError
            If pandas is not installed.
        """
        pandas = _library("pandas", "A data frame", "frames")
        frame = pandas.DataFrame(
            {c.name: pandas.Series(_typed(c), dtype=FRAME_TYPES[c.kind]) for c in self.columns}
        )
        frame.attrs["units"] = {c.name: c.unit for c in self.columns if c.unit is not None}
        frame.attrs["facts"] = dict(self.facts)
        return frame


@contextmanager
def parquet_parts(
    out: Any,
    first: Table,
    /,
    *,
    compression: Compression = "zstd",
    dictionaries: bool | Sequence[str] = True,
) -> Iterator[Callable[[Table], None]]:
    """A Parquet file that is written part by part; see `Table.parquet_bytes`.

    Parameters
    ----------
    out
        A path or an open binary file.
    first
        Says what the columns are and holds the facts; its rows do not matter.
    compression, dictionaries
        As for `Table.parquet_bytes`.

    Yields
    ------
    callable
        Appends a part that has the same columns.

    Raises
    ------
    MissingLibraryError
        If pyarrow is not installed.
    """
    pa = parquet_library()
    schema = _schema(pa, first)

    def add(part: Table) -> None:
        arrays = [
            pa.array(_typed(column), kind, from_pandas=True)
            for column, kind in zip(part.columns, schema.types, strict=True)
        ]
        file.write_table(pa.Table.from_arrays(arrays, schema=schema))

    writer = import_module("pyarrow.parquet").ParquetWriter
    with writer(out, schema, compression=compression, use_dictionary=dictionaries) as file:
        yield add


def parquet_installed() -> bool:
    """Whether Parquet can be written here."""
    return find_spec("pyarrow") is not None


def parquet_library() -> Any:
    """The module pyarrow.

    Raises
    ------
    MissingLibraryError
        If it is not installed.
    """
    return _library("pyarrow", "A Parquet file", "parquet")


def _schema(pa: Any, table: Table) -> Any:
    kinds = {
        "text": pa.string(),
        "integer": pa.int32(),
        "long": pa.int64(),
        "number": pa.float64(),
        "truth": pa.bool_(),
        "moment": pa.timestamp("ms", tz="UTC"),
    }
    fields = []
    for column in table.columns:
        told = {"unit": column.unit, "description": column.description}
        metadata = {name: text for name, text in told.items() if text is not None}
        fields.append(pa.field(column.name, kinds[column.kind], metadata=metadata or None))
    return pa.schema(fields, metadata=dict(table.facts) or None)


def numbers_from_csv(text: str, /) -> Table:
    """A table of numbers from CSV with headings; an empty cell is NaN.

    Raises
    ------
    ValueError
        If there are no headings, a cell is no number or lines differ in length.
    """
    try:
        head, *rows = csv.reader(io.StringIO(text, newline=""))
    except csv.Error as error:
        raise ValueError(f"expected CSV, got {error}") from error
    cells = [[float(cell) if cell else math.nan for cell in row] for row in rows]
    columns = np.array(cells, np.float64).reshape(len(rows), len(head)).T
    return Table(tuple(Column(n, values) for n, values in zip(head, columns, strict=True)))


def unformulated(value: object, /) -> object:
    """A cell that a spreadsheet shows and does not run.

    Text that begins like a formula gets an apostrophe in front, and so does text
    that begins with one: taking one away where there is one gives the text back.

    >>> unformulated("=cmd()"), unformulated("squat.mp4"), unformulated(-3.5)
    ("'=cmd()", 'squat.mp4', -3.5)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _safe(row: Iterable[object]) -> list[object]:
    return [unformulated(cell) for cell in row]


def _cells(column: Column) -> Sequence[Any] | Floats:
    if column.digits is None:
        if column.kind != "number":
            return column.values
        return ["" if v is None or math.isnan(v) else v for v in column.values]
    return [
        f"{value:.{column.digits}f}" if value is not None and math.isfinite(value) else ""
        for value in column.values
    ]


def _typed(column: Column) -> Sequence[Any] | Floats:
    if column.kind != "moment":
        return column.values
    return [None if value is None else datetime.fromisoformat(value) for value in column.values]


def _library(name: str, what: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingLibraryError.of_extra(what, extra) from error
