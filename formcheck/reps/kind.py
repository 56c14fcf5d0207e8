"""What becomes of a repetition, and of the weight in it."""

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


class Contraction(StrEnum):
    """What happens to the weight: it goes down, stays, or goes up."""

    ECCENTRIC = "eccentric"
    TURN = "turn"
    CONCENTRIC = "concentric"
