"""The report's files: what they are called, writing them and reading a report again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from formcheck.errors import UsageError, reason_of
from formcheck.files import write_files
from formcheck.kinematics.errors import angle_errors
from formcheck.report.model import Report
from formcheck.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

REPORT_FILE = "report.json"
ANGLES_FILE = "angles.csv"
PAGE_FILE = "report.html"
SHEET_FILE = "report.pdf"
ANNOTATED_FILE = "annotated.mp4"
THUMBNAIL_FILE = "thumbnail.webp"
FOLDER_SUFFIX = "_formcheck"
TIME, VISIBILITY, ANGLE_SUFFIX, ERROR_SUFFIX = "t_s", "visibility", "_deg", "_error"
TIME_DIGITS = 4


def default_folder(clip: Path, /) -> Path:
    """Where the files go unless told otherwise: next to the clip, named after it.

    >>> from pathlib import Path
    >>> default_folder(Path("videos/squat.mp4")).as_posix()
    'videos/squat_formcheck'
    """
    return clip.parent / (clip.stem + FOLDER_SUFFIX)


def report_json(report: Report, /) -> str:
    """The report as indented JSON text."""
    return report.model_dump_json(indent=2) + "\n"


def series_table(t_s: Floats, degrees: Mapping[str, Floats], visibility: Floats, /) -> Table:
    """Angles over time: when first, and last how well the lifter is seen."""
    angles = [
        Column(name + ANGLE_SUFFIX, values, unit="deg", digits=2)
        for name, values in degrees.items()
    ]
    return Table((time_column(t_s), *angles, Column(VISIBILITY, visibility, digits=3)))


def time_column(t_s: Floats, /) -> Column:
    """Seconds of the clip, in as many digits as the report gives its times."""
    return Column(TIME, t_s, unit="s", digits=TIME_DIGITS)


def motion_table(motion: Motion, /) -> Table:
    """A movement's angles over time, then their standard errors."""
    angles = motion.angles
    errors = {name + ERROR_SUFFIX: error for name, error in angle_errors(motion).items()}
    return series_table(angles.t_s, {**angles.columns, **errors}, angles.visibility)


def angles_csv(motion: Motion, /) -> str:
    """Angles over time as CSV text: an empty cell where there is no value."""
    return motion_table(motion).csv_text()


def clip_places(report: Report, file: Path | None = None, /) -> list[Path]:
    """Where the clip of a report may be: as it was named, and beside the report.

    Parameters
    ----------
    report
        Names the clip as it was named then, which may have been in another working folder.
    file
        The ``report.json``; None if it is not known.
    """
    named = Path(report.video.path)
    if file is None:
        return [named]
    own = file.absolute().parent
    return [named, own / named, own.parent / named, own / named.name, own.parent / named.name]


def read_report(file: Path, /) -> Report:
    """A report from its file.

    Raises
    ------
    UsageError
        If it cannot be read or is no report.
    """
    try:
        return Report.model_validate_json(file.read_bytes())
    except OSError as error:
        raise UsageError(f"Cannot read {file}: {reason_of(error)}.") from error
    except ValidationError as error:
        raise UsageError(f"{file} is not a formcheck report{_nonsense(error)}.") from error


def _nonsense(error: ValidationError) -> str:
    """What makes no sense in what is a report otherwise; empty for anything else."""
    found = error.errors()
    if any(one["type"] != "value_error" for one in found):
        return ""
    place = ".".join(map(str, found[0]["loc"]))
    return f" ({place}: {found[0]['msg'].removeprefix('Value error, ')})"


def write_report(
    report: Report,
    motion: Motion,
    folder: Path,
    /,
    *,
    page: str | None = None,
    sheet: bytes | None = None,
) -> None:
    """Write ``report.json``, ``angles.csv`` and the page into a folder, made if need be.

    Parameters
    ----------
    report
        The report.
    motion
        The movement it was made from.
    folder
        An earlier report in it is replaced, and is untouched if this fails.
    page
        The HTML page; None writes none.
    sheet
        The page as PDF; None writes none.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    texts: dict[str, str | bytes] = {ANGLES_FILE: angles_csv(motion)}
    if page is not None:
        texts[PAGE_FILE] = page
    if sheet is not None:
        texts[SHEET_FILE] = sheet
    write_files(texts | {REPORT_FILE: report_json(report)}, folder)
