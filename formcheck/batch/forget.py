"""Forget an athlete: what formcheck wrote about the clips, and what a batch made of it.

Clips are never deleted, and in a folder of results only the files that formcheck wrote.
Files of a batch that tell of others as well are made anew by its next run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pydantic import ValidationError

from formcheck.batch.athletes import ATHLETE_FILES, ATHLETES, athlete_of
from formcheck.batch.combined import MANIFEST_FILE
from formcheck.batch.index import INDEX_FILE
from formcheck.batch.record import CLIPS, RECORD_FILE
from formcheck.batch.summary import ALL_FILES
from formcheck.errors import OutputError, reason_of
from formcheck.history.names import name_key
from formcheck.report.files import REPORT_FILE
from formcheck.report.model import Report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from formcheck.history.clip import Clip

OF_ALL = (INDEX_FILE, *ALL_FILES, MANIFEST_FILE)


def made_from(folders: Iterable[Path], /) -> list[Path]:
    """Files of batches that were made from the results of clips, among others.

    The next run of the batch makes them anew, from the results that are left.

    Parameters
    ----------
    folders
        Result folders of clips.

    Returns
    -------
    list
        Existing files: summaries, index, manifest, and profiles of the athletes.
    """
    found = (file for folder in folders for file in _made_from(folder))
    return sorted({file for file in found if file.is_file()})


def _made_from(folder: Path) -> Iterator[Path]:
    root = _root(folder)
    if root is None:
        return
    yield from (root.parent / name for name in OF_ALL)
    athlete = athlete_of(folder.relative_to(root).as_posix())
    made = root.parent / ATHLETES
    if athlete is None or not made.is_dir():
        return
    for place in made.iterdir():
        if name_key(place.name) == name_key(athlete):
            yield from (place / name for name in ATHLETE_FILES)


def folders_above(folders: Iterable[Path], /) -> list[Path]:
    """Folders of batches that mirror those of the clips, the innermost first."""
    found = set()
    for folder in folders:
        root = _root(folder)
        if root is not None:
            found |= {place for place in folder.parents if place.is_relative_to(root)} - {root}
    return sorted(found, key=lambda place: -len(place.parts))


def _root(folder: Path) -> Path | None:
    """The folder of all result folders of a batch."""
    for place in folder.parents:
        if place.name == CLIPS and (place.parent / MANIFEST_FILE).is_file():
            return place
    return None


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
            raise OutputError(
                f"Cannot delete the results in {self.folder}: {reason_of(error)}."
            ) from error


def result_folders(clips: Iterable[Clip], /) -> list[ResultFolder]:
    """Folders on this computer that really hold results of these clips.

    The history knows one folder of each clip. In a batch there is one for every copy of it
    that the athlete has, under whatever spelling of the name.
    """
    named = {(c.facts.result, c.facts.video_sha256) for c in clips if c.facts.result}
    hashes: dict[Path, set[str]] = {}
    for name, sha256 in named:
        hashes.setdefault(Path(name), set()).add(sha256)
    every = {sha256 for _, sha256 in named}
    for copy in {copy for place in tuple(hashes) for copy in _beside(place)}:
        hashes.setdefault(copy, every)
    found = [_result_folder(place, own) for place, own in sorted(hashes.items())]
    return [folder for folder in found if folder is not None]


def _beside(folder: Path) -> Iterator[Path]:
    """Result folders of a batch that are of the same athlete as one of them."""
    root = _root(folder)
    athlete = None if root is None else athlete_of(folder.relative_to(root).as_posix())
    if root is None or athlete is None:
        return
    for place in root.iterdir():
        if place.is_dir() and name_key(place.name) == name_key(athlete):
            yield from (record.parent for record in place.rglob(RECORD_FILE))


def elsewhere(clips: Iterable[Clip], /) -> list[str]:
    """Results that are kept at an address, which is out of reach here."""
    return sorted({c.facts.result for c in clips if c.facts.result and "://" in c.facts.result})


def _result_folder(folder: Path, hashes: Collection[str]) -> ResultFolder | None:
    """The folder, if its report is one of these very clips."""
    try:
        report = Report.model_validate_json((folder / REPORT_FILE).read_bytes())
    except (OSError, ValueError, ValidationError):
        return None
    if report.video.sha256 not in hashes:
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
