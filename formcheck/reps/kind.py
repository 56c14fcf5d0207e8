"""What became of a repetition."""

from __future__ import annotations

from enum import StrEnum


class RepKind(StrEnum):
    """Kinds of the report contract; full and partial repetitions count."""

    FULL = "full"
    PARTIAL = "partial"
    FAILED = "failed"
    INVALID = "invalid"

    @property
    def counts(self) -> bool:
        """Whether such a repetition is part of the repetition count."""
        return self in (RepKind.FULL, RepKind.PARTIAL)
