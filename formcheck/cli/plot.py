"""What ``formcheck plot`` does, once its options are known."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.cli.clips import Analyser, chosen_series
from formcheck.cli.screen import say_written, side_screen
from formcheck.errors import UsageError
from formcheck.files import check_place, write_text
from formcheck.present.figure import kind_of, plot_clip, plot_reps
from formcheck.present.figure.image import NARROWEST_MM, WIDEST_MM
from formcheck.shown import key_series

if TYPE_CHECKING:
    from formcheck.cli.commands import PlotOptions


def run(options: PlotOptions, /) -> None:
    """Analyse a clip and write the figure of its angles.

    Raises
    ------
    FormcheckError
        If an option is wrong, the clip cannot be analysed or the figure not be written.
    """
    kind, series = kind_of(options.out), chosen_series(options.series)
    if not NARROWEST_MM <= options.width <= WIDEST_MM:
        raise UsageError(
            f"--width: expected {NARROWEST_MM:g} to {WIDEST_MM:g} millimetres, "
            f"got {options.width:g}."
        )
    check_place(options.out)
    analyser = Analyser.of(options.analysis, cached=not options.analysis.no_cache)
    analysis = analyser.analysed(options.clip, side_screen(quiet=options.quiet)).analysis
    series = series or key_series(analysis, angles=True)
    if not series:
        raise UsageError(
            "No joint angle could be measured in this clip; choose what to plot with --series."
        )
    if options.overlay and not analysis.rep_count:
        raise UsageError("--overlay: expected at least one rep in the clip, found none.")
    plot = plot_reps if options.overlay else plot_clip
    data = plot(analysis, series, kind, width_mm=options.width)
    file = Path(os.path.realpath(options.out))
    write_text(data, file)
    say_written(options.out, quiet=options.quiet)
