"""When a clip was recorded, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from formcheck.errors import UsageError, VideoError
from formcheck.video import file_sha256

if TYPE_CHECKING:
    from datetime import date

    from formcheck.report.model import Report

DateSource = Literal["container", "file", "told"]


@dataclass(frozen=True)
class Recorded:
    """The moment of recording.

    Attributes
    ----------
    moment
        With its time zone.
    source
        Who says so: the video's container, the file's time of change (which copying
        may have moved), or the user.
    """

    moment: datetime
    source: DateSource

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            raise ValueError("expected a moment with its time zone")

    @property
    def day(self) -> date:
        """The day where it was recorded."""
        return self.moment.date()


def told_date(text: str, /) -> Recorded:
    """What ``--date`` says: a day or a moment, local time unless it names a zone.

    Raises
    ------
    UsageError
        If it is neither.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        return Recorded(moment if moment.tzinfo is not None else moment.astimezone(), "told")
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"--date: expected a date such as 2026-03-01, got {text!r}.") from error


def recorded_of(report: Report, /) -> Recorded | None:
    """When the clip of a report was recorded.

    By its container; else by the time of the file, if it is still where the report
    says and has the same content; else None.

    Raises
    ------
    UsageError
        If what the report says is no moment with a time zone.
    """
    told = report.video.recorded_at
    if told is not None:
        try:
            return Recorded(datetime.fromisoformat(told), "container")
        except ValueError as error:
            raise UsageError(
                f"recorded_at in a report: expected a moment with its time zone, got {told!r}."
            ) from error
    clip = Path(report.video.path)
    try:
        if file_sha256(clip) != report.video.sha256:
            return None
        return Recorded(datetime.fromtimestamp(clip.stat().st_mtime).astimezone(), "file")
    except (OSError, ValueError, VideoError):
        return None
