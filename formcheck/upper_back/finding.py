"""Weigh upper-back cues. So far no cue is measured, and the finding says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DISCLAIMER = (
    "formcheck gives general training information from video. It is not medical advice and "
    "cannot detect injury or diagnose weakness. Stop if you feel sharp pain."
)


class Finding(StrEnum):
    """Grades of the report contract."""

    NONE = "none"
    WATCH = "watch"
    LIKELY = "likely"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True)
class UpperBack:
    """The finding with its evidence (points of the reference, section 4.3)."""

    finding: Finding
    confidence: str
    evidence: float


def judge_upper_back() -> UpperBack:
    """The finding of one clip: insufficient, for no cue is measured yet."""
    return UpperBack(Finding.INSUFFICIENT, "low", 0.0)
