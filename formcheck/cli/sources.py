"""Clips as plotting and comparing take them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from formcheck.cli.progress import TrackingProgress
from formcheck.clip import analyze
from formcheck.errors import UsageError
from formcheck.kinematics.series import SERIES
from formcheck.pose.cache import TrackCache

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.clip import ClipAnalysis
    from formcheck.rules.book import RuleBook


def one_rep(source: Path, /) -> tuple[Path, int | None]:
    """A clip, and the repetition that ``CLIP#3`` names.

    A file that is really called so is that file.

    >>> one_rep(Path("squat.mp4#3")), one_rep(Path("squat.mp4"))
    ((PosixPath('squat.mp4'), 3), (PosixPath('squat.mp4'), None))
    """
    named = re.fullmatch(r"(.+)#(\d{1,6})", str(source), re.DOTALL)
    if named is None or source.exists():
        return source, None
    return Path(named[1]), int(named[2])


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
            raise UsageError(
                f"--series: there is no series {name!r}; known are {', '.join(sorted(SERIES))}."
            )
    return tuple(dict.fromkeys(chosen))


def analysed(clip: Path, book: RuleBook, /, *, exercise: str | None, cached: bool) -> ClipAnalysis:
    """Analyse a clip with a bar for the progress.

    Raises
    ------
    FormcheckError
        If it cannot be analysed.
    """
    with TrackingProgress(Console(stderr=True)) as progress:
        return analyze(
            clip,
            exercise=exercise,
            book=book,
            cache=TrackCache() if cached else None,
            progress=progress,
        )
