"""What is kept of one clip: its record says what was done, with what, and how it ended."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError

from formcheck.report.model import Part

if TYPE_CHECKING:
    from formcheck.storage import Folder

RECORD_FILE = "record.json"
CLIPS = "clips"
"""Folder of the result folders; they mirror the tree of the clips."""


class Record(Part):
    """How one clip ended (``record.json``); written last, so what it names is there.

    No time of the run is in it: the same clip, model, rules and settings give
    the same record.
    """

    format: Literal[1] = 1
    clip: str = Field(description="Name of the file, relative to the folder of clips.")
    stamp: str = Field(description="Size and time of change, or the store's tag, of the file.")
    sha256: str | None = Field(description="Of the clip's content; null if it was not read.")
    key: str = Field(description="Hash of content, model, rules, settings and version.")
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
        key = record_key(self.sha256 or "", run)
        return self.final and self.stamp == stamp and self.key == key


def result_folder(results: Folder, clip: str, /) -> Folder:
    """Where the files of a clip go."""
    return results.inside(CLIPS).inside(clip)


def read_record(folder: Folder, /) -> Record | None:
    """The record in a result folder; None if there is none that can be used.

    Raises
    ------
    StorageError
        If it is there but cannot be read.
    """
    content = folder.read(RECORD_FILE)
    if content is None:
        return None
    try:
        return Record.model_validate_json(content)
    except ValidationError:  # of another version, or not ours: done again
        return None


def record_bytes(record: Record, /) -> bytes:
    """The record as the content of its file."""
    return (record.model_dump_json(indent=1) + "\n").encode()


def record_key(sha256: str, run: dict[str, Any], /) -> str:
    """What decides whether a clip has to be done again.

    Parameters
    ----------
    sha256
        Of the clip's content.
    run
        What all clips of a run share (`RunSettings.facts`).
    """
    return hashlib.sha256(json.dumps([sha256, run], sort_keys=True).encode()).hexdigest()
