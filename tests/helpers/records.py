"""Made-up records of clips, as a batch keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from formcheck.batch.record import Record

if TYPE_CHECKING:
    from collections.abc import Sequence


def done(
    clip: str, reps: Sequence[dict[str, Any]] = (), *, dated: str = "container", **told: Any
) -> Record:
    """A clip that was done: a squat without a fault, but for what is told."""
    first: dict[str, Any] = {
        "exercise": "squat",
        "exercise_confidence": 0.9,
        "view": "side_left",
        "rep_count": len(reps),
        "score": 100.0,
        "severity": "ok",
        "main_point": "Nothing to fix in the 6 points that could be judged.",
        "upper_back": "none",
        "rule.squat.depth": "ok",
    }
    first = {name: value for name, value in (first | told).items() if value is not None}
    rows = [{"rep": n + 1, "kind": "full", **rep} for n, rep in enumerate(reps)]
    return Record.model_validate(
        {
            **facts(clip),
            "status": "done",
            "exit_code": 0,
            "reason": None,
            "recorded_at": "2026-03-01T17:20:05+01:00",
            "date_source": dated,
            "files": {"report.html": 1, "report.json": 1, "thumbnail.webp": 1},
            "rows": [first, *rows],
        }
    )


def failed(clip: str, reason: str = "It is empty.") -> Record:
    """A clip that could not be done."""
    return Record.model_validate(
        {
            **facts(clip),
            "status": "failed",
            "exit_code": 3,
            "reason": reason,
            "recorded_at": None,
            "date_source": None,
            "files": {},
            "rows": [],
        }
    )


def facts(clip: str) -> dict[str, Any]:
    return {
        "clip": clip,
        "stamp": "1:1",
        "sha256": "ab" * 32,
        "key": "key",
        "final": True,
        "frames": 100,
    }
