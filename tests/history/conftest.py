from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck import analyze, build_report
from formcheck.history import Recorded
from formcheck.pose.cache import TrackCache

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck import Report
    from formcheck.report.model import MeasurementPart

FIRST = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Reports:
    """Copies of one real report, each of another clip, with what is changed in it."""

    real: Report
    settings: dict[str, object] = field(default_factory=dict)

    def of(
        self,
        number: int,
        *,
        measured: dict[str, float] | None = None,
        view: str | None = None,
        variant: str | None = "bodyweight",
        model: str | None = None,
        trust: str = "good",
        **told: object,
    ) -> Report:
        """The report with number as its clip; `measured` are values of all repetitions."""
        reps = [
            rep.model_copy(update={"measurements": _changed(rep.measurements, measured or {})})
            for rep in self.real.reps
        ]
        made = self.real.formcheck
        used = made.model if model is None else made.model.model_copy(update={"sha256": model})
        seen = self.real.view if view is None else self.real.view.model_copy(update={"label": view})
        return self.real.model_copy(
            update={
                "reps": reps,
                "view": seen,
                "tracking": self.real.tracking.model_copy(update={"trust": trust}),
                "exercise": self.real.exercise.model_copy(update={"variant": variant}),
                "formcheck": made.model_copy(
                    update={"model": used, "settings": made.settings | told}
                ),
                "video": self.real.video.model_copy(
                    update={"sha256": f"{number:064x}", "path": f"clips/{number}.mp4"}
                ),
            }
        )


def _changed(
    real: dict[str, MeasurementPart], values: dict[str, float]
) -> dict[str, MeasurementPart]:
    return {
        name: part.model_copy(update={"value": values.get(name, part.value)})
        for name, part in real.items()
    }


@pytest.fixture(scope="session")
def reports(squat_clip: Path, shared_cache: Path) -> Reports:
    clip = analyze(squat_clip, cache=TrackCache(shared_cache))
    return Reports(build_report(clip))


def week(number: int, source: str = "container", hours: int = 0) -> Recorded:
    """The moment of the session in this week."""
    moment = FIRST + timedelta(weeks=number, hours=hours)
    return Recorded(moment, source)  # type: ignore[arg-type]
