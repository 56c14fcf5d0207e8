"""What formcheck wrote about an athlete outside the history, and deleting it.

Clips are never deleted, and in a folder of results only the files that formcheck wrote.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pydantic import ValidationError

from formcheck.errors import OutputError
from formcheck.report.files import REPORT_FILE
from formcheck.report.model import Report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.history.records import Clip

RECORD_FILE = "record.json"
"""Written by ``formcheck batch`` beside a clip's results; names all of them."""


@dataclass(frozen=True)
class ResultFolder:
    """A folder with results of a clip, and the files in it that formcheck wrote."""

    folder: Path
    files: tuple[Path, ...]

    @classmethod
    def of(cls, files: Iterable[Path]) -> list[Self]:
        """Files, by the folders that they lie in."""
        found: dict[Path, list[Path]] = {}
        for file in files:
            found.setdefault(file.parent, []).append(file)
        return [cls(folder, tuple(own)) for folder, own in found.items()]

    def delete(self) -> None:
        """Delete the files, and the folder if nothing else is in it.

        Raises
        ------
        OutputError
            If one cannot be deleted.
        """
        try:
            for file in self.files:
                file.unlink(missing_ok=True)
            if not self.folder.is_symlink() and not any(self.folder.iterdir()):
                self.folder.rmdir()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise OutputError(f"Cannot delete the results in {self.folder}: {reason}.") from error


def result_folders(clips: Iterable[Clip], /) -> list[ResultFolder]:
    """Folders on this computer that really hold results of these clips."""
    wanted = {(c.facts.result, c.facts.video_sha256) for c in clips if c.facts.result is not None}
    found = [_result_folder(Path(name), sha256) for name, sha256 in sorted(wanted) if name]
    return [folder for folder in found if folder is not None]


def elsewhere(clips: Iterable[Clip], /) -> list[str]:
    """Results that are kept at an address, which is out of reach here."""
    return sorted({c.facts.result for c in clips if c.facts.result and "://" in c.facts.result})


def _result_folder(folder: Path, video_sha256: str) -> ResultFolder | None:
    """The folder, if its report is one of this very clip."""
    try:
        report = Report.model_validate_json((folder / REPORT_FILE).read_bytes())
    except (OSError, ValueError, ValidationError):
        return None
    if report.video.sha256 != video_sha256:
        return None
    told = [getattr(report.files, name) for name in type(report.files).model_fields]
    names = {REPORT_FILE, *_recorded(folder), *(name for name in told if isinstance(name, str))}
    files = [folder / name for name in sorted(names) if Path(name).name == name]
    mine = [file for file in files if file.is_file() and not file.is_symlink()]
    return ResultFolder(folder, tuple(mine))


def _recorded(folder: Path) -> list[str]:
    """The record of a batch, if there is one, and the files that it names."""
    try:
        files = json.loads((folder / RECORD_FILE).read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    if not isinstance(files, dict):
        return []
    return [RECORD_FILE, *files]
