"""Write the report's files, whole or not at all, and read a report again."""

from __future__ import annotations

import csv
import io
import math
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from formcheck.errors import OutputError, UsageError
from formcheck.report.model import Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from formcheck.kinematics.angles import Angles

REPORT_FILE = "report.json"
ANGLES_FILE = "angles.csv"
PAGE_FILE = "report.html"
ANNOTATED_FILE = "annotated.mp4"
THUMBNAIL_FILE = "thumbnail.webp"
FOLDER_SUFFIX = "_formcheck"


def default_folder(clip: Path, /) -> Path:
    """Where the files go unless told otherwise: next to the clip, named after it.

    >>> default_folder(Path("videos/squat.mp4")).as_posix()
    'videos/squat_formcheck'
    """
    return clip.parent / (clip.stem + FOLDER_SUFFIX)


def report_json(report: Report, /) -> str:
    """The report as indented JSON text."""
    return report.model_dump_json(indent=2) + "\n"


def angles_csv(angles: Angles, /) -> str:
    """Angles over time as CSV text: an empty cell where there is no value."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["t_s", *(f"{name}_deg" for name in angles.columns), "visibility"])
    columns = [_cells(values, 2) for values in angles.columns.values()]
    rows.writerows(zip(_cells(angles.t_s, 4), *columns, _cells(angles.visibility, 3), strict=True))
    return text.getvalue()


def _cells(values: NDArray[np.float64], digits: int) -> list[str]:
    return [f"{value:.{digits}f}" if math.isfinite(value) else "" for value in values]


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
        raise UsageError(f"Cannot read {file}: {error.strerror}.") from error
    except ValidationError as error:
        raise UsageError(f"{file} is not a formcheck report.") from error


def write_report(
    report: Report, angles: Angles, folder: Path, /, *, page: str | None = None
) -> None:
    """Write ``report.json``, ``angles.csv`` and the page into a folder, made if need be.

    Parameters
    ----------
    report
        The report.
    angles
        The angles it was made from.
    folder
        An earlier report in it is replaced, and is untouched if this fails.
    page
        The HTML page; None writes none.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    texts = {ANGLES_FILE: angles_csv(angles)}
    if page is not None:
        texts[PAGE_FILE] = page
    write_files(texts | {REPORT_FILE: report_json(report)}, folder)


def write_files(texts: Mapping[str, str | bytes], folder: Path, /) -> None:
    """Write texts (or bytes) under their names into a folder: all of them, or none.

    Raises
    ------
    OutputError
        If one cannot be written.
    """
    with _plain_errors(folder), _made(folder), _staging(folder) as staging:
        for name, text in texts.items():
            data = text.encode("utf-8") if isinstance(text, str) else text
            (staging / name).write_bytes(data)
            if (folder / name).is_dir():
                raise OutputError(f"Cannot write to {folder}: {name} is a folder there.")
        for name in texts:
            (staging / name).replace(folder / name)


def write_text(text: str | bytes, file: Path, /) -> None:
    """Write one text (or bytes) into a file, whole or not at all; a device or a pipe is written to.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    if file.exists() and not file.is_file() and not file.is_dir():
        with _plain_errors(file):
            file.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    else:
        file = Path(os.path.realpath(file))
        write_files({file.name: text}, file.parent)


def check_folder(folder: Path, /) -> None:
    """See early whether a folder can be written to, without making it.

    Raises
    ------
    OutputError
        If it is not a folder, or nothing may be written there.
    """
    nearest = folder.absolute()
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        raise OutputError(f"Cannot write to {folder}: {nearest} is not a folder.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputError(f"Cannot write to {folder}: permission denied.")


@contextmanager
def _plain_errors(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"Cannot write to {place}: {reason}.") from error


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make a folder and what lies above it; after a failure, undo just that."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for place in missing:
            with suppress(OSError):
                place.rmdir()
        raise


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder to prepare files in, on the same file system, gone afterwards."""
    staging = Path(tempfile.mkdtemp(dir=folder, prefix=".formcheck-"))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
