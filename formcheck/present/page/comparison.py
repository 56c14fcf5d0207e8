"""The page of two clips side by side."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from formcheck.present.page.render import rendered
from formcheck.words import comparison as words

if TYPE_CHECKING:
    from formcheck.compare.model import ComparisonReport


def comparison_page(
    report: ComparisonReport, figure: bytes, disclaimer: str, /, *, video: str | None = None
) -> str:
    """The page of a comparison.

    Parameters
    ----------
    report
        The comparison.
    figure
        The curves as SVG. As a picture it keeps its own style, which the page's
        security policy would not allow it in the text.
    disclaimer
        What the page says at its end.
    video
        Name of the video next to the page; None without one.
    """
    return rendered(
        "comparison.html.jinja",
        scripts=[],
        disclaimer=disclaimer,
        report=report,
        figure=f"data:image/svg+xml;base64,{base64.b64encode(figure).decode('ascii')}",
        video=video,
        words=words,
    )
