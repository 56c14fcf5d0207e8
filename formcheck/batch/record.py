"""What is kept of one clip: its record says what was done, with what, and how it ended."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError

from formcheck.report.parts import Part

if TYPE_CHECKING:
    from formcheck.storage import Folder

RECORD_FILE = "record.json"
CLIPS = "clips"
"""Folder of the result folders; they mirror the tree of the clips."""
NO_NAME = "(no name)"


class Record(Part):
    """How one clip ended (``record.json``); written last, so what it names is there.

    No time of the run is in it: the same clip, model, rules and settings give
    the same record.
    """

    format: Literal[1] = 1
    clip: str = Field(description="Name of the file, relative to the folder of clips.")
    stamp: str = Field(
        description="Size and time of change, or the store's tag, of the file, its edits and notes."
    )
    sha256: str | None = Field(description="Of the clip's content; null if it was not read.")
    edits_sha256: str | None = Field(
        default=None, description="Of the file of edits beside the clip; null if there is none."
    )
    notes_sha256: str | None = Field(
        default=None, description="Of the notes on the clip and its folder; null without any."
    )
    key: str = Field(
        description="Hash of content, edits, notes, model, rules, settings and version."
    )
    status: Literal["done", "failed"]
    exit_code: int = Field(description="As `formcheck analyze` would have ended.")
    reason: str | None = Field(description="Why it failed, one sentence.")
    final: bool = Field(description="Whether trying again would end the same way.")
    recorded_at: str | None = Field(description="ISO 8601 with time zone.")
    date_source: Literal["container", "file"] | None
    frames: int = Field(description="Pictures tracked.")
    files: dict[str, int] = Field(description="Files in the result folder, with their sizes.")
    rows: list[dict[str, Any]] = Field(description="Rows of the summary: the clip, then its reps.")

    def still_holds(self, stamp: str, run: dict[str, Any]) -> bool:
        """Whether a file with this stamp, in a run with these facts, is done already."""
        key = record_key(self.sha256, self.edits_sha256, self.notes_sha256, run)
        return self.final and self.stamp == stamp and self.key == key


def place_of(clip: str, /) -> str:
    """Where below `CLIPS` the files of a clip go: a folder named like it.

    Keys of an object store may have empty parts. On a disk, and for a browser, those would
    be no parts at all, and two clips would have one folder.

    >>> place_of("anna/may/squat.mp4"), place_of("anna//squat.mp4")
    ('anna/may/squat.mp4', 'anna/(no name)/squat.mp4')
    """
    return "/".join(part or NO_NAME for part in clip.split("/"))


def result_folder(results: Folder, clip: str, /) -> Folder:
    """Where the files of a clip go."""
    return results.inside(CLIPS).inside(place_of(clip))


def read_record(folder: Folder, /) -> Record | None:
    """The record in a result folder; None if there is none that can be used.

    Raises
    ------
    StorageError
        If it is there but cannot be read.
    """
    content = folder.read(RECORD_FILE)
    return None if content is None else parsed_record(content)


def parsed_record(content: bytes, /) -> Record | None:
    """A record from the content of its file; None if it is none that can be used."""
    try:
        return Record.model_validate_json(content)
    except ValidationError:  # of another version, or not ours: done again
        return None


def is_whole(folder: Folder, record: Record, /) -> bool:
    """Whether every file that a record names is in its folder, in its size.

    Raises
    ------
    StorageError
        If the folder cannot be listed.
    """
    sizes = {file.name: file.size for file in folder.files()}
    return all(sizes.get(name) == size for name, size in record.files.items())


def kept_record(folder: Folder, stamp: str, run: dict[str, Any], /) -> Record | None:
    """The record of a clip that is done already, files and all; None if it is not.

    Parameters
    ----------
    folder
        Of its results.
    stamp
        Of the clip as it is now.
    run
        What all clips of a run share (`RunSettings.facts`).

    Raises
    ------
    StorageError
        If something is there but cannot be read.
    """
    record = read_record(folder)
    if record is None or not record.still_holds(stamp, run) or not is_whole(folder, record):
        return None
    return record


def record_bytes(record: Record, /) -> bytes:
    """The record as the content of its file."""
    return (record.model_dump_json(indent=1) + "\n").encode()


def record_key(
    sha256: str | None, edits_sha256: str | None, notes_sha256: str | None, run: dict[str, Any], /
) -> str:
    """What decides whether a clip has to be done again.

    Parameters
    ----------
    sha256, edits_sha256, notes_sha256
        Of the clip's content, and of edits and notes beside it, if there are any.
    run
        What all clips of a run share (`RunSettings.facts`).
    """
    beside = [] if edits_sha256 is None else [edits_sha256]
    beside += [] if notes_sha256 is None else [f"notes {notes_sha256}"]
    content = json.dumps([sha256 or "", run, *beside], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
