"""What a batch made from a clip's results together with others: it tells of them as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.batch.athletes import ATHLETE_FILES, ATHLETES, athlete_of
from formcheck.batch.index import INDEX_FILE
from formcheck.batch.manifest import MANIFEST_FILE
from formcheck.batch.record import CLIPS
from formcheck.batch.summary import CSV_FILE, PARQUET_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

OF_ALL = (INDEX_FILE, CSV_FILE, PARQUET_FILE, MANIFEST_FILE)


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
    if athlete is not None:
        yield from (root.parent / ATHLETES / athlete / name for name in ATHLETE_FILES)


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
