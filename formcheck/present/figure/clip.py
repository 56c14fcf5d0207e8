"""Angles of one clip: over time, or over all repetitions laid on one another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from formcheck.compare.curves import PHASE_PERCENT, TURN_PERCENT, average_reps, series_title
from formcheck.kinematics.errors import series_error
from formcheck.present.figure.image import (
    BLACK,
    BLUE,
    RULE,
    SHADE,
    VERMILLION,
    WIDTH_MM,
    Size,
    draw,
)
from formcheck.shown import limits_on
from formcheck.words.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from formcheck.analysis import Analysis
    from formcheck.present.figure.image import Kind
    from formcheck.shown import Limit

    Floats = NDArray[np.float64]

ERROR_ALPHA, SD_ALPHA, REP_ALPHA = 0.25, 0.30, 0.55
TURN_LINE: dict[str, Any] = {
    "color": RULE,
    "linewidth": 0.6,
    "linestyle": (0, (4, 3)),
    "zorder": 1,
}
TICKS = [1, 2, 3, 5, 10]
"""Steps between ticks: 30, 60, 90 suits angles."""
HEADROOM_PT = 12.0
"""Between the first panel and its title, for the names of repetitions or phases."""


def plot_clip(
    analysis: Analysis, series: Sequence[str], kind: Kind, /, *, width_mm: float = WIDTH_MM
) -> bytes:
    """Series over the time of the clip: repetitions shaded, turns and limits marked.

    Parameters
    ----------
    analysis
        The clip.
    series
        Names of `formcheck.kinematics.series.SERIES`, one panel each.
    kind
        What the bytes are.
    width_mm
        Width of the figure.
    """
    return draw(over_time(analysis, series), Size(len(series), width_mm), kind)


def plot_reps(
    analysis: Analysis, series: Sequence[str], kind: Kind, /, *, width_mm: float = WIDTH_MM
) -> bytes:
    """Series over the repetition: every one that counts, their mean and its band of one SD.

    Parameters are those of `plot_clip`.
    """
    return draw(over_reps(analysis, series), Size(len(series), width_mm), kind)


def over_time(analysis: Analysis, series: Sequence[str], /) -> Callable[[Any], None]:
    """What paints series over the time of the clip."""

    def paint(figure: Any) -> None:
        panels = stack(figure, len(series))
        for panel, name in zip(panels, series, strict=True):
            name_panel(panel, series_title(name), first=panel is panels[0])
            _over_time(panel, analysis, name)
        _number_reps(panels[0], analysis)
        panels[-1].set_xlabel(_("Time (s)"))
        legend(figure, panels)

    return paint


def over_reps(analysis: Analysis, series: Sequence[str], /) -> Callable[[Any], None]:
    """What paints series over the repetition."""

    def paint(figure: Any) -> None:
        panels = stack(figure, len(series))
        for panel, name in zip(panels, series, strict=True):
            name_panel(panel, series_title(name), first=panel is panels[0])
            _over_phase(panel, analysis, name)
        phase_axis(panels, analysis)
        legend(figure, panels)

    return paint


def stack(figure: Any, count: int, /) -> list[Any]:
    """Panels above one another that share their horizontal axis."""
    return list(figure.subplots(count, 1, sharex=True, squeeze=False)[:, 0])


def name_panel(panel: Any, title: str, /, *, first: bool) -> None:
    """Title with unit, and few ticks; room above the first panel."""
    panel.set_title(title, pad=HEADROOM_PT if first else None)
    panel.locator_params(axis="y", nbins=4, steps=TICKS)


def write_above(panel: Any, at: float, text: str, /) -> None:
    """A word between a panel and its title."""
    panel.annotate(
        text,
        (at, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 1.5),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=7,
        color=RULE,
        parse_math=False,
    )


def legend(figure: Any, panels: Sequence[Any], /, *, columns: int = 2) -> None:
    """One legend below all panels, each entry once."""
    entries: dict[str, Any] = {}
    for panel in panels:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    figure.legend(list(entries.values()), list(entries), loc="outside lower left", ncols=columns)


def _over_time(panel: Any, analysis: Analysis, name: str) -> None:
    motion = analysis.motion
    t_s, values = motion.t_s, motion.series(name)
    panel.plot(t_s, values, color=BLUE, label=_("measured"))
    error = series_error(motion, name, change=False)
    if math.isfinite(error) and np.isfinite(values).any():
        panel.fill_between(
            t_s, values - error, values + error, color=BLUE, alpha=ERROR_ALPHA, linewidth=0
        ).set_label(_("± one standard error"))
    limits = limits_on(name, analysis)
    for found in analysis.reps:
        rep = found.rep
        if not rep.counts:
            continue
        panel.axvspan(
            rep.start_s,
            rep.end_s,
            facecolor=SHADE,
            edgecolor="white",
            linewidth=1.0,
            zorder=0,
            label=_("repetition"),
        )
        panel.axvline(rep.turn_s, **TURN_LINE, label=_("turn"))
        for limit in limits:
            _limit(panel, limit, rep.start_s, rep.turn_s, rep.end_s)
    if len(t_s):
        panel.set_xlim(float(t_s[0]), float(t_s[-1]))
    _say_unseen(panel, values)


def _over_phase(panel: Any, analysis: Analysis, name: str) -> None:
    reps = [found.rep for found in analysis.reps if found.rep.counts]
    curve = average_reps(analysis.motion, reps, name)
    for values in curve.each:
        panel.plot(
            PHASE_PERCENT, values, color=RULE, linewidth=0.5, alpha=REP_ALPHA, label=_("repetition")
        )
    panel.plot(PHASE_PERCENT, curve.mean, color=BLUE, label=_("mean of {n}").format(n=len(reps)))
    band(panel, curve.mean, curve.sd, BLUE, SD_ALPHA, _("mean ± one SD"))
    for limit in limits_on(name, analysis):
        _limit(panel, limit, 0.0, TURN_PERCENT, 100.0)
    _say_unseen(panel, curve.mean)


def band(panel: Any, middle: Floats, half: Floats, color: str, alpha: float, label: str) -> None:
    """A band over the phase axis, where its half width is known."""
    if np.isfinite(half).any():
        panel.fill_between(
            PHASE_PERCENT, middle - half, middle + half, color=color, alpha=alpha, linewidth=0
        ).set_label(label)


def phase_axis(panels: Sequence[Any], analysis: Analysis, /) -> None:
    """Per cent of the repetition, the turn marked and the halves named."""
    for panel in panels:
        panel.axvline(TURN_PERCENT, **TURN_LINE)
        panel.set_xlim(0.0, 100.0)
        panel.set_xticks([0, 25, 50, 75, 100])
    panels[-1].set_xlabel(_("Repetition (%)"))
    definition = analysis.definition
    if definition is None:
        return
    for at, name in zip((25, 50, 75), definition.phases, strict=True):
        write_above(panels[0], at, _(name))


def _limit(panel: Any, limit: Limit, start: float, turn: float, end: float) -> None:
    for span in limit.spans(start, turn, end):
        panel.plot(
            span,
            [limit.value, limit.value],
            color=VERMILLION,
            linewidth=1.4,
            label=_("limit of a rule"),
        )


def _number_reps(panel: Any, analysis: Analysis) -> None:
    for found in analysis.reps:
        if found.rep.counts:
            middle = (found.rep.start_s + found.rep.end_s) / 2
            write_above(panel, middle, str(found.rep.index))


def _say_unseen(panel: Any, values: Floats) -> None:
    if not np.isfinite(values).any():
        panel.set_ylim(0.0, 1.0)
        panel.set_yticks([])
        panel.text(
            0.5,
            0.5,
            _("not seen in this clip"),
            transform=panel.transAxes,
            ha="center",
            color=BLACK,
        )
