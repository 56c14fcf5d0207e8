"""Two clips over the repetition: their means above, the difference below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from formcheck.compare.comparison import CLEAR
from formcheck.compare.curves import PHASE_PERCENT, series_title
from formcheck.present.figure.clip import SD_ALPHA, band, legend, name_panel, phase_axis
from formcheck.present.figure.image import BLACK, BLUE, RULE, VERMILLION, Size, draw
from formcheck.words.comparison import MINUS
from formcheck.words.language import _
from formcheck.words.text import lower_first

if TYPE_CHECKING:
    from formcheck.compare.comparison import Comparison, CurvePair
    from formcheck.present.figure.image import Kind

WIDTH_MM = 174.0
"""Two columns of a journal: curves in the left one, differences in the right one."""


def plot_comparison(comparison: Comparison, kind: Kind, /, *, width_mm: float = WIDTH_MM) -> bytes:
    """The curves of A and B, and B - A with twice its error, one row for each series."""

    def paint(figure: Any) -> None:
        rows = figure.subplots(len(comparison.curves), 2, sharex=True, squeeze=False)
        for (left, right), pair in zip(rows, comparison.curves, strict=True):
            title, first = series_title(pair.series), pair is comparison.curves[0]
            name_panel(left, title, first=first)
            name_panel(right, f"B {MINUS} A: {lower_first(title)}", first=first)
            _means(left, pair)
            _difference(right, pair)
        for column in (rows[:, 0], rows[:, 1]):
            phase_axis(list(column), comparison.a.analysis)
        legend(figure, list(rows.ravel()), columns=4)

    return draw(paint, Size(len(comparison.curves), width_mm), kind)


def _means(panel: Any, pair: CurvePair) -> None:
    for label, curve, color, dash in (
        ("A", pair.a, BLUE, "solid"),
        ("B", pair.b, VERMILLION, (0, (5, 1.5))),
    ):
        mean = _("{clip}, mean").format(clip=label)
        panel.plot(PHASE_PERCENT, curve.mean, color=color, linestyle=dash, label=mean)
        band(panel, curve.mean, curve.sd, color, SD_ALPHA, _("{clip} ± one SD").format(clip=label))


def _difference(panel: Any, pair: CurvePair) -> None:
    panel.axhline(0.0, color=RULE, linewidth=0.6)
    difference, limit = pair.difference, CLEAR * pair.error
    panel.plot(PHASE_PERCENT, difference, color=BLACK, label=f"B {MINUS} A")
    band(panel, np.zeros_like(limit), limit, RULE, 0.18, _("within twice its error"))
    if pair.clear.any():
        panel.plot(
            PHASE_PERCENT,
            np.where(pair.clear, difference, np.nan),
            color=BLACK,
            linewidth=2.4,
            label=_("beyond twice its error"),
        )
