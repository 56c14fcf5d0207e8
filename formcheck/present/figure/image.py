"""A figure's size, type and colours, and its bytes as SVG, PDF or PNG."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from formcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from matplotlib.figure import Figure

MM_PER_INCH = 25.4
WIDTH_MM = 85.0
"""One column of a journal."""
NARROWEST_MM, WIDEST_MM = 50.0, 400.0
PANEL_MM, MARGIN_MM = 25.0, 20.0
"""Height of a panel, and of what is above and below all of them."""
DPI = 300
SALT = "formcheck"
"""Identifiers inside an SVG are made from it, so that they do not change."""
STYLE: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.labelpad": 2.0,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlepad": 3.0,
    "axes.titlesize": 8,
    "axes.unicode_minus": True,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "Helvetica"],
    "font.size": 8,
    "legend.borderpad": 0.0,
    "legend.columnspacing": 1.0,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "legend.handlelength": 1.6,
    "legend.handletextpad": 0.5,
    "lines.linewidth": 1.1,
    "pdf.fonttype": 42,
    "savefig.dpi": DPI,
    "svg.fonttype": "none",
    "svg.hashsalt": SALT,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
}

BLACK, BLUE, ORANGE, VERMILLION = "#000000", "#0072B2", "#E69F00", "#D55E00"
"""Of the palette of Okabe and Ito, which colour-blind readers can tell apart."""
SHADE, RULE = "#EEEEEE", "#767676"
"""Behind a repetition; lines that only guide the eye."""


class Kind(StrEnum):
    """What a figure is written as."""

    SVG = "svg"
    PDF = "pdf"
    PNG = "png"


SUFFIXES = {f".{kind}": kind for kind in Kind}
# A date or a version would change the bytes from day to day.
METADATA: dict[Kind, dict[str, None]] = {
    Kind.SVG: {"Creator": None, "Date": None, "Format": None, "Type": None},
    Kind.PDF: {"CreationDate": None, "Creator": None, "Producer": None},
    Kind.PNG: {"Software": None},
}


def kind_of(file: Path, /) -> Kind:
    """What a file's name says it is.

    Raises
    ------
    UsageError
        If it is none of the kinds.
    """
    kind = SUFFIXES.get(file.suffix.lower())
    if kind is None:
        raise UsageError(
            f"--out: expected a name that ends in {', '.join(SUFFIXES)}, got {file.name!r}."
        )
    return kind


@dataclass(frozen=True)
class Size:
    """Size of a figure of stacked panels."""

    panels: int
    width_mm: float = WIDTH_MM
    panel_mm: float = PANEL_MM

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height as matplotlib takes them."""
        height = self.panels * self.panel_mm + MARGIN_MM
        return self.width_mm / MM_PER_INCH, height / MM_PER_INCH


def draw(paint: Callable[[Any], None], size: Size, kind: Kind, /) -> bytes:
    """Paint a figure and give the bytes of its file.

    Parameters
    ----------
    paint
        Draws on the empty `matplotlib.figure.Figure` that it is given.
    size, kind
        How large, and what the bytes are.
    """
    with own_settings():
        figure = painted(paint, size)
        data = io.BytesIO()
        figure.savefig(data, format=kind.value, metadata=METADATA[kind])
    return _without_doctype(data.getvalue()) if kind is Kind.SVG else data.getvalue()


def painted(
    paint: Callable[[Any], None], size: Size, /, make: type[Figure] | None = None
) -> Figure:
    """A figure of the kind `make`, painted; pyplot does not know of it."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow, and most commands need none

    with own_settings():
        figure = (make or Figure)(figsize=size.inches, layout="constrained")
        paint(figure)
    return figure


@contextmanager
def own_settings() -> Iterator[None]:
    """Set matplotlib as formcheck wants it, whatever the program around it has set.

    Neither pyplot nor any setting that outlives it is touched: the settings of a
    program that uses formcheck stay as they are, and cannot change a figure.
    """
    import matplotlib as mpl  # noqa: PLC0415 - slow, and most commands need none

    with mpl.rc_context():
        settings: Any = mpl.rcParams
        settings.update({**_defaults(mpl), **STYLE})
        yield


def _defaults(mpl: Any) -> dict[str, Any]:
    """All settings of matplotlib as it comes, but for its backend."""
    return {k: v for k, v in mpl.rcParamsDefault.items() if "backend" not in k}


def _without_doctype(svg: bytes) -> bytes:
    """An SVG that refers to nothing outside of it."""
    return re.sub(rb"<!DOCTYPE[^>]*>\s*", b"", svg, count=1)
