"""When a clip was recorded, from what its container says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS = ("com.apple.quicktime.creationdate", "creation_time", "date", "DATE_RECORDED")
"""Most telling first: Apple's has the local time zone, the others are in UTC."""
EARLIEST_YEAR = 1990
"""Cameras without a clock say 1904 or 1970."""


def recorded_at(metadata: Mapping[str, str], /) -> str | None:
    """Moment of recording, ISO 8601 with its time zone; None if not told or not credible.

    Parameters
    ----------
    metadata
        The container's tags.

    Examples
    --------
    >>> recorded_at({"creation_time": "2026-03-01T17:20:05.000000Z"})
    '2026-03-01T17:20:05+00:00'
    >>> recorded_at({"creation_time": "1970-01-01T00:00:00.000000Z"}) is None
    True
    """
    for key in KEYS:
        try:
            moment = datetime.fromisoformat(metadata[key].strip())
        except (KeyError, ValueError):
            continue
        if moment.year >= EARLIEST_YEAR:
            zoned = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
            return zoned.isoformat(timespec="seconds")
    return None
