"""The rows of a clip in the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from formcheck.report.model import Report


def summary_rows(report: Report, /) -> list[dict[str, Any]]:
    """One row for the clip, then one for each repetition."""
    return [{"row": "clip", "exercise": report.exercise.id, "score": report.score}]
