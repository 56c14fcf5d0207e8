"""A figure that a notebook shows by itself."""

from __future__ import annotations

import io

from matplotlib.figure import Figure

from formcheck.present.figure.image import own_settings

SCREEN_DPI = 144


class InlineFigure(Figure):
    """A matplotlib figure with a picture for notebooks.

    They show a plain figure only where ``%matplotlib inline`` or pyplot was loaded before.
    """

    def _repr_png_(self) -> bytes:
        data = io.BytesIO()
        with own_settings():
            self.savefig(data, format="png", dpi=SCREEN_DPI)
        return data.getvalue()
