"""What ``formcheck export`` does, once its options are known."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from formcheck.analysis import UNKNOWN
from formcheck.cli.clips import Analyser
from formcheck.cli.command import DONE
from formcheck.cli.screen import STANDARD_OUTPUT, say_written, side_screen
from formcheck.errors import UNKNOWN_EXERCISE, UsageError
from formcheck.export.c3d import c3d_bytes, load_library
from formcheck.export.markers import marker_set
from formcheck.export.opensim import coordinates, mot_text, trc_text
from formcheck.export.source import REPORT_SUFFIX, angles_beside, source_behind, source_of
from formcheck.export.tables import angles_table, landmarks_table, parquet_bytes, reps_table
from formcheck.files import check_place, write_text
from formcheck.tables import parquet_library

if TYPE_CHECKING:
    from rich.console import Console

    from formcheck.cli.commands import ExportOptions
    from formcheck.export.source import Source
    from formcheck.kinematics.motion import Motion
    from formcheck.pose.model import Quality
    from formcheck.pose.tracker import TrackSettings
    from formcheck.tables import Table

TABULAR = ("csv", "parquet")
FORMATS = (*TABULAR, "trc", "mot", "c3d")
BINARY = ("parquet", "c3d")
TABLES = ("angles", "landmarks", "reps")
FOR_REPORTS = ("quality", "model", "no_cache")
"""Options of an analysis that exporting a report takes as well."""
NAMES = {"trc": "A TRC file", "mot": "A MOT file", "c3d": "A C3D file"}
MOT_NOTES = (
    "Joint angles from a phone video, under the names and signs of the OpenSim model by",
    "Rajagopal: knee flexion is positive. For gait2392 and gait2354 turn the sign of knee_angle.",
    "pelvis_tilt and hip_flexion take the trunk as rigid from hips to shoulders.",
)


def run(options: ExportOptions, /) -> int:
    """Export a clip or a report.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    FormcheckError
        If an option is wrong, the source is no use for the format or the file cannot
        be written.
    """
    file = _checked(options)
    console = side_screen(quiet=options.quiet)
    source = _reported(options, console) if _is_report(options) else _filmed(options, console)
    _spare(Path(source.report.video.path), file)
    for warning in source.warnings:
        console.print(warning, markup=False)
    data = _content(options, source)
    if file == STANDARD_OUTPUT:
        typer.echo(data, nl=False)
    else:
        write_text(data, file)
        say_written(file, quiet=options.quiet)
    return UNKNOWN_EXERCISE if source.report.exercise.id == UNKNOWN else DONE


def _is_report(options: ExportOptions) -> bool:
    return options.source.suffix.lower() == REPORT_SUFFIX


def _checked(options: ExportOptions) -> Path:
    """The file to write, once nothing speaks against it."""
    kind, table = options.format, options.table
    if kind not in FORMATS:
        raise UsageError(f"--format: expected one of {', '.join(FORMATS)}, got {kind!r}.")
    if table is not None:
        if kind not in TABULAR:
            raise UsageError(f"--table is for {' and '.join(TABULAR)}, not for {kind}.")
        if table not in TABLES:
            raise UsageError(f"--table: expected one of {', '.join(TABLES)}, got {table!r}.")
    if kind == "c3d":
        load_library()
    if kind == "parquet":
        parquet_library()
    file = _file(options)
    if file == STANDARD_OUTPUT:
        if kind in BINARY:
            raise UsageError(f"--out: {kind} is not text; name a file instead of -.")
        return file
    _spare(options.source, file)
    check_place(file)
    return file


def _file(options: ExportOptions) -> Path:
    """The file that is written: next to the source unless told otherwise."""
    if options.out is not None:
        return options.out
    source, kind = options.source, options.format
    table = f"_{options.table or TABLES[0]}" if kind in TABULAR else ""
    return source.parent / f"{source.stem}{table}.{kind}"


def _spare(source: Path, file: Path) -> None:
    """Refuse to replace what is exported."""
    if file.exists() and source.exists() and file.samefile(source):
        raise UsageError(f"{file} is the source itself; choose another file with --out.")


def _analyser(options: ExportOptions) -> Analyser:
    how = options.analysis
    return Analyser.of(how, lifter=options.lifter.told(), cached=not how.no_cache)


def _filmed(options: ExportOptions, console: Console) -> Source:
    """A clip, analysed now."""
    return source_of(_analyser(options).analysed(options.source, console))


def _reported(options: ExportOptions, console: Console) -> Source:
    """An earlier report, with the movement tracked as it was then."""
    for group in (options.analysis, options.lifter):
        for option in fields(group):
            if getattr(group, option.name) != option.default and option.name not in FOR_REPORTS:
                raise UsageError(
                    f"--{option.name.replace('_', '-')}: a report is exported as it was made; "
                    "give the clip instead."
                )
    analyser = _analyser(options)

    def track(clip: Path, settings: TrackSettings, model: Path | Quality) -> Motion:
        again = replace(analyser, settings=settings, model=model, beside=False)
        return again.analysed(clip, console).analysis.motion

    return source_behind(options.source, track, model=analyser.model)


def _content(options: ExportOptions, source: Source) -> str | bytes:
    """What goes into the file."""
    report, kind = source.report, options.format
    if kind in TABULAR:
        table = _table(options, source)
        return table.csv_text() if kind == "csv" else parquet_bytes(table)
    motion = source.movement(NAMES[kind])
    name = _file(options)
    if name == STANDARD_OUTPUT:
        name = Path(report.video.path).with_suffix(f".{kind}")
    if kind == "mot":
        found = coordinates(motion)
        if not found.columns:
            raise UsageError("No joint angle of an OpenSim model is seen in this clip.")
        return mot_text(found, name.stem, MOT_NOTES)
    markers = marker_set(motion, height_m=source.height_m)
    return trc_text(markers, name.name) if kind == "trc" else c3d_bytes(markers, report)


def _table(options: ExportOptions, source: Source) -> Table:
    if options.table == "reps":
        return reps_table(source.report)
    if options.table == "landmarks":
        return landmarks_table(source.movement("A table of landmarks").track, source.report)
    if source.motion is None:
        return angles_beside(options.source, source.report, source.missing or "")
    return angles_table(source.motion, source.report)
