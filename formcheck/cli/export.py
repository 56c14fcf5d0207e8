"""What ``formcheck export`` does, once its options are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from formcheck.cli.analyze import STANDARD_OUTPUT, analysed
from formcheck.errors import UsageError
from formcheck.export.beside import angles_beside
from formcheck.export.coordinates import coordinates
from formcheck.export.markers import marker_set
from formcheck.export.material import REPORT_SUFFIX, material_behind, material_of
from formcheck.export.tables import angles_table, landmarks_table, parquet_bytes, reps_table
from formcheck.export.write_c3d import c3d_bytes, load_library
from formcheck.export.write_opensim import mot_text, trc_text
from formcheck.files import check_folder, write_text
from formcheck.lifter import NOBODY_ASKED
from formcheck.pipeline import UNKNOWN
from formcheck.pose.native import mute_native_stderr
from formcheck.pose.tracker import TrackSettings
from formcheck.rules.book import load_book
from formcheck.tables import parquet_library

if TYPE_CHECKING:
    from formcheck.cli.analyze import Request
    from formcheck.export.material import Material
    from formcheck.kinematics.motion import Motion
    from formcheck.pose.model import Quality
    from formcheck.rules.book import RuleBook
    from formcheck.tables import Table

TABLES = ("csv", "parquet")
FORMATS = (*TABLES, "trc", "mot", "c3d")
BINARY = ("parquet", "c3d")
WHAT = ("angles", "landmarks", "reps")
NAMES = {"trc": "A TRC file", "mot": "A MOT file", "c3d": "A C3D file"}
MOT_NOTES = (
    "Joint angles from a phone video, under the names and signs of the OpenSim model by",
    "Rajagopal: knee flexion is positive. For gait2392 and gait2354 turn the sign of knee_angle.",
    "pelvis_tilt and hip_flexion take the trunk as rigid from hips to shoulders.",
)


@dataclass(frozen=True)
class Target:
    """What to write: a format, which of the tables, and the file (None: next to the source)."""

    kind: str
    what: str | None = None
    out: Path | None = None

    def file(self, source: Path, /) -> Path:
        """The file that is written for a clip or report."""
        if self.out is not None:
            return self.out
        table = f"_{self.what or WHAT[0]}" if self.kind in TABLES else ""
        return source.parent / f"{source.stem}{table}.{self.kind}"


def run(request: Request, target: Target, /) -> bool:
    """Export a clip or a report.

    Parameters
    ----------
    request
        As for ``formcheck analyze``; its clip may be a ``report.json``.
    target
        What to write.

    Returns
    -------
    bool
        Whether the exercise is known.

    Raises
    ------
    FormcheckError
        If an option is wrong, the source is no use for the format or the file cannot
        be written.
    """
    file = _checked(request, target)
    mute_native_stderr()
    console = Console(stderr=True, quiet=request.quiet, highlight=False, soft_wrap=True)
    reported = _is_report(request)
    material = _reported(request, console) if reported else _filmed(request, console)
    _spare(Path(material.report.video.path), file)
    for warning in material.warnings:
        console.print(warning, markup=False)
    data = _content(request, target, material)
    if file == STANDARD_OUTPUT:
        typer.echo(data, nl=False)
    else:
        write_text(data, file)
        Console(quiet=request.quiet, highlight=False, soft_wrap=True).print(
            f"Written: {file}", markup=False
        )
    return material.report.exercise.id != UNKNOWN


def _is_report(request: Request) -> bool:
    return request.clip.suffix.lower() == REPORT_SUFFIX


def _checked(request: Request, target: Target) -> Path:
    """The file to write, once nothing speaks against it."""
    if target.kind not in FORMATS:
        raise UsageError(f"--format: expected one of {', '.join(FORMATS)}, got {target.kind!r}.")
    if target.what is not None:
        if target.kind not in TABLES:
            raise UsageError(f"--what is for {' and '.join(TABLES)}, not for {target.kind}.")
        if target.what not in WHAT:
            raise UsageError(f"--what: expected one of {', '.join(WHAT)}, got {target.what!r}.")
    if target.kind == "c3d":
        load_library()
    if target.kind == "parquet":
        parquet_library()
    file = target.file(request.clip)
    if file == STANDARD_OUTPUT:
        if target.kind in BINARY:
            raise UsageError(f"--out: {target.kind} is no text; name a file instead of -.")
        return file
    _spare(request.clip, file)
    check_folder(file.parent)
    return file


def _spare(source: Path, file: Path) -> None:
    """Refuse to replace what is exported."""
    if file.exists() and source.exists() and file.samefile(source):
        raise UsageError(f"{file} is what is exported; choose another file with --out.")


def _filmed(request: Request, console: Console) -> Material:
    """A clip, analysed now."""
    settings, book = request.settings(), load_book(request.rules)
    if request.exercise is not None:
        book.exercise(request.exercise)
    return material_of(analysed(request, settings, book, console))


def _reported(request: Request, console: Console) -> Material:
    """An earlier report, with the movement tracked as it was then."""
    usual = TrackSettings()
    asked = {
        "--exercise": request.exercise is not None,
        "--rules": bool(request.rules),
        "--start": request.start_s != usual.start_s,
        "--end": request.end_s is not None,
        "--rate": request.rate_hz != usual.rate_hz,
        "--engine": request.engine != usual.engine,
        "--bar, --load, --bodyweight, --height": request.lifter != NOBODY_ASKED,
    }
    for option, given in asked.items():
        if given:
            raise UsageError(f"{option}: a report is exported as it was made; name the clip.")

    def track(clip: Path, settings: TrackSettings, model: Path | Quality) -> Motion:
        book: RuleBook = load_book(())
        again = replace(request, clip=clip, model=model)
        return analysed(again, settings, book, console).analysis.motion

    return material_behind(request.clip, track, model=request.model)


def _content(request: Request, target: Target, material: Material) -> str | bytes:
    """What goes into the file."""
    report = material.report
    if target.kind in TABLES:
        table = _table(request, target.what or WHAT[0], material)
        return table.csv_text() if target.kind == "csv" else parquet_bytes(table)
    motion = material.movement(NAMES[target.kind])
    name = target.file(request.clip)
    if name == STANDARD_OUTPUT:
        name = Path(report.video.path).with_suffix(f".{target.kind}")
    if target.kind == "mot":
        found = coordinates(motion)
        if not found.columns:
            raise UsageError("No joint angle of an OpenSim model is seen in this clip.")
        return mot_text(found, name.stem, MOT_NOTES)
    markers = marker_set(motion, height_m=material.height_m)
    return trc_text(markers, name.name) if target.kind == "trc" else c3d_bytes(markers, report)


def _table(request: Request, what: str, material: Material) -> Table:
    if what == "reps":
        return reps_table(material.report)
    if what == "landmarks":
        return landmarks_table(material.movement("A table of landmarks").track, material.report)
    if material.motion is None:
        return angles_beside(request.clip, material.report, material.missing or "")
    return angles_table(material.motion.angles, material.report)
