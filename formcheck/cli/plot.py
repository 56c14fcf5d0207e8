"""What ``formcheck plot`` does, once its options are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.cli.sources import analysed, chosen_series
from formcheck.compare.curves import key_series
from formcheck.errors import UsageError
from formcheck.files import check_folder, write_text
from formcheck.pose.native import mute_native_stderr
from formcheck.present.figure import kind_of, plot_clip, plot_reps
from formcheck.present.figure.image import NARROWEST_MM, WIDEST_MM
from formcheck.rules.book import load_book

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Request:
    """The options of ``formcheck plot``."""

    clip: Path
    out: Path
    series: tuple[str, ...] = ()
    reps: bool = False
    width_mm: float = 85.0
    exercise: str | None = None
    rules: tuple[Path, ...] = ()
    cached: bool = True


def run(request: Request, /) -> None:
    """Analyse a clip and write the figure of its angles.

    Raises
    ------
    FormcheckError
        If an option is wrong, the clip cannot be analysed or the figure not be written.
    """
    kind, series = kind_of(request.out), chosen_series(request.series)
    if not NARROWEST_MM <= request.width_mm <= WIDEST_MM:
        raise UsageError(
            f"--width: expected {NARROWEST_MM:g} to {WIDEST_MM:g} millimetres, "
            f"got {request.width_mm:g}."
        )
    check_folder(request.out.parent)
    book = load_book(request.rules)
    mute_native_stderr()
    clip = analysed(request.clip, book, exercise=request.exercise, cached=request.cached)
    analysis = clip.analysis
    series = series or key_series(analysis)
    if not series:
        raise UsageError("No angle was seen in this clip; --series names what to plot.")
    if request.reps and not analysis.rep_count:
        raise UsageError("--reps: no repetition was found in this clip.")
    plot = plot_reps if request.reps else plot_clip
    data = plot(analysis, series, kind, width_mm=request.width_mm)
    write_text(data, request.out)
