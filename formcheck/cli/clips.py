"""Clips as commands name and analyse them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from formcheck.cli.options import analysed_as
from formcheck.cli.screen import TrackingProgress
from formcheck.clip import analyze
from formcheck.edits import NO_EDITS
from formcheck.edits_file import EDITS_SUFFIX, edits_beside
from formcheck.errors import EditsError, UsageError
from formcheck.kinematics.motion import no_such_series
from formcheck.kinematics.series import SERIES
from formcheck.lifter import NOBODY_ASKED
from formcheck.pose.cache import TrackCache
from formcheck.pose.engine import mute_native_stderr
from formcheck.pose.tracker import TrackSettings
from formcheck.rules.book import load_book
from formcheck.video.container import MOST_SLOWED
from formcheck.words.text import lower_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from formcheck.cli.options import AnalysisOptions
    from formcheck.clip import ClipAnalysis
    from formcheck.edits import Edits
    from formcheck.lifter import Lifter
    from formcheck.pose.model import Quality
    from formcheck.rules.book import RuleBook

SLOWEST_HZ, FASTEST_HZ = 5.0, 120.0


@dataclass(frozen=True)
class Analyser:
    """Analyses clips as the options say, which are checked before any clip is read."""

    book: RuleBook
    exercise: str | None
    settings: TrackSettings
    model: Path | Quality
    lifter: Lifter
    cached: bool
    edits: Edits = NO_EDITS
    beside: bool = True
    """Whether the file of edits beside a clip is respected; what `edits` has goes before it."""

    @classmethod
    def of(
        cls,
        options: AnalysisOptions,
        *,
        lifter: Lifter = NOBODY_ASKED,
        cached: bool = True,
    ) -> Self:
        """What the options ask for.

        Raises
        ------
        FormcheckError
            If one of them makes no sense.
        """
        settings, book = _settings(options), load_book(options.rules)
        exercise = analysed_as(options.exercise, book)
        model = options.model or options.quality
        return cls(book, exercise, settings, model, lifter, cached, options.edits())

    def analysed(self, clip: Path, console: Console, /) -> ClipAnalysis:
        """Analyse a clip, with a bar for the progress.

        Raises
        ------
        FormcheckError
            If it cannot be analysed.
        """
        edits = self.edits
        if self.beside:
            edits = edits.over(edits_beside(clip, self.book.names()))
        mute_native_stderr()
        try:
            with TrackingProgress(console) as progress:
                return analyze(
                    clip,
                    exercise=self.exercise,
                    lifter=self.lifter,
                    edits=edits,
                    book=self.book,
                    settings=self.settings,
                    model=self.model,
                    cache=TrackCache() if self.cached else None,
                    progress=progress,
                )
        except EditsError as error:  # says what the user wrote: an option, or a line of the file
            said = "--" if self.edits.reps else f"{clip}{EDITS_SUFFIX}: "
            raise UsageError(f"{said}{error}") from error


def _settings(options: AnalysisOptions) -> TrackSettings:
    if not SLOWEST_HZ <= options.sample_rate <= FASTEST_HZ:
        raise UsageError(
            f"--sample-rate: expected {SLOWEST_HZ:g} to {FASTEST_HZ:g} frames per second, "
            f"got {options.sample_rate:g}."
        )
    start_s, end = options.part_s
    end_s = math.inf if end is None else end
    if not 0 <= start_s < math.inf:
        raise UsageError(f"--start: expected 0 or more seconds, got {start_s:g}.")
    if not start_s < end_s:
        raise UsageError(f"--end: expected more than the start at {start_s:g} s, got {end_s:g} s.")
    pace = options.pace
    if pace is not None and not 1 / MOST_SLOWED <= pace <= MOST_SLOWED:
        raise UsageError(
            f"--slow-motion: expected how many times as slow, up to {MOST_SLOWED:g}, got {pace:g}."
        )
    return TrackSettings(options.sample_rate, start_s, end_s, options.engine, slow_motion=pace)


def one_rep(source: Path, /) -> tuple[Path, int | None]:
    """A clip, and the repetition that ``CLIP#3`` names.

    A file that is really called so is that file.

    >>> one_rep(Path("squat.mp4#3")), one_rep(Path("squat.mp4"))
    ((PosixPath('squat.mp4'), 3), (PosixPath('squat.mp4'), None))
    """
    found = re.fullmatch(r"(.+)#(\d{1,6})", str(source), re.DOTALL)
    if found is None or source.exists():
        return source, None
    return Path(found[1]), int(found[2])


def chosen_series(names: Sequence[str], /) -> tuple[str, ...]:
    """The series that ``--series`` names: repeated, or with commas between them.

    Raises
    ------
    UsageError
        If there is no such series.
    """
    chosen = [name.strip() for value in names for name in value.split(",")]
    for name in chosen:
        if name not in SERIES:
            raise UsageError(f"--series: {lower_first(no_such_series(name))}")
    return tuple(dict.fromkeys(chosen))
