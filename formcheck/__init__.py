"""formcheck: what is wrong with a lift, when, and how sure that is, from a phone video.

>>> import formcheck
>>> clip = formcheck.analyze("squat.mp4")  # doctest: +SKIP
>>> report = formcheck.build_report(clip)  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from formcheck.clip import analyze
    from formcheck.errors import FormcheckError
    from formcheck.pipeline import ClipAnalysis, analyze_track
    from formcheck.report.build import build_report
    from formcheck.report.model import Report
    from formcheck.rules.book import load_book

__all__ = [
    "ClipAnalysis",
    "FormcheckError",
    "Report",
    "__version__",
    "analyze",
    "analyze_track",
    "build_report",
    "load_book",
]

_HOME = {
    "ClipAnalysis": "formcheck.pipeline",
    "FormcheckError": "formcheck.errors",
    "Report": "formcheck.report.model",
    "analyze": "formcheck.clip",
    "analyze_track": "formcheck.pipeline",
    "build_report": "formcheck.report.build",
    "load_book": "formcheck.rules.book",
}


def __getattr__(name: str) -> Any:
    """Import on first use: ``import formcheck`` and ``formcheck --help`` stay quick."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
