"""One way for all tables to analyse a clip: which network, and where tracks are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import formcheck
from formcheck.pose.cache import TrackCache
from formcheck.pose.engine import Engine
from formcheck.pose.model import Quality
from formcheck.pose.tracker import TrackSettings

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.clip import ClipAnalysis


@dataclass(frozen=True)
class Analyzer:
    """Analyses clips with one network and engine, and keeps their tracks."""

    quality: Quality = Quality.STANDARD
    engine: Engine = Engine.LITERT
    cache: TrackCache = field(default_factory=TrackCache)

    def __call__(self, path: Path, /, **options: Any) -> ClipAnalysis:
        """Analyse a clip; options as for `formcheck.analyze`."""
        settings = TrackSettings(engine=self.engine)
        return formcheck.analyze(
            path, model=self.quality, settings=settings, cache=self.cache, **options
        )
