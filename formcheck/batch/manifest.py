"""The manifest of a run: what was done with what, and how each clip ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from formcheck.report.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.batch.record import Record

MANIFEST_FILE = "manifest.json"


class ManifestClip(Part):
    """One clip of the run."""

    clip: str
    status: Literal["done", "failed"]
    exit_code: int
    reason: str | None
    sha256: str | None
    key: str


class Manifest(Part):
    """``manifest.json``: made anew from the records at the end of every run."""

    format: Literal[1] = 1
    started_at: str = Field(description="ISO 8601, UTC; of the last run.")
    ended_at: str
    workers: int
    done_now: int = Field(description="Clips that the last run worked on.")
    clips_folder: str
    made_with: dict[str, Any] = Field(
        description="Version, model, rules and settings; a clip is done again when one changes."
    )
    done: int
    failed: int
    unlisted: list[str] = Field(description="Folders that could not be looked into.")
    clips: list[ManifestClip]


def manifest_clips(records: Iterable[Record], /) -> list[ManifestClip]:
    """What the manifest says of each clip."""
    return [
        ManifestClip(
            clip=r.clip,
            status=r.status,
            exit_code=r.exit_code,
            reason=r.reason,
            sha256=r.sha256,
            key=r.key,
        )
        for r in records
    ]
