"""The grades of an upper-back finding."""

from __future__ import annotations

from enum import StrEnum


class Finding(StrEnum):
    """Grades of the report contract."""

    NONE = "none"
    WATCH = "watch"
    LIKELY = "likely"
    INSUFFICIENT = "insufficient"
