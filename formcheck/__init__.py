"""formcheck: what is wrong with a lift, when, and how sure that is, from a phone video.

>>> import formcheck
>>> clip = formcheck.analyze("squat.mp4")  # doctest: +SKIP
>>> clip.reps, clip.plot("knee_flexion"), clip.save("squat_report")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.2.0"

TYPE_CHECKING = False  # as type checkers read it; the module typing takes longer than the rest
if TYPE_CHECKING:
    from typing import Any

    from formcheck.analysis import Analysis
    from formcheck.clip import ClipAnalysis, analyze
    from formcheck.edits import Edits, RepTimes, Spot
    from formcheck.edits_file import edits_beside
    from formcheck.errors import FormcheckError, UnknownSeriesError
    from formcheck.history.clip import Recorded
    from formcheck.history.overview import athlete_history
    from formcheck.history.store import History
    from formcheck.inspection import Inspection, inspect
    from formcheck.lifter import Bar, Lifter
    from formcheck.pipeline import analyze_track
    from formcheck.pose.cache import TrackCache
    from formcheck.pose.model import Quality
    from formcheck.pose.track import PoseTrack
    from formcheck.pose.tracker import TrackSettings
    from formcheck.report.build import build_report
    from formcheck.report.files import read_report, write_report
    from formcheck.report.model import Report
    from formcheck.rules.book import RuleBook, load_book

__all__ = [
    "Analysis",
    "Bar",
    "ClipAnalysis",
    "Edits",
    "FormcheckError",
    "History",
    "Inspection",
    "Lifter",
    "PoseTrack",
    "Quality",
    "Recorded",
    "RepTimes",
    "Report",
    "RuleBook",
    "Spot",
    "TrackCache",
    "TrackSettings",
    "UnknownSeriesError",
    "__version__",
    "analyze",
    "analyze_track",
    "athlete_history",
    "build_report",
    "edits_beside",
    "inspect",
    "load_book",
    "read_report",
    "write_report",
]

_HOME = {
    "Analysis": "formcheck.analysis",
    "Bar": "formcheck.lifter",
    "ClipAnalysis": "formcheck.clip",
    "Edits": "formcheck.edits",
    "FormcheckError": "formcheck.errors",
    "History": "formcheck.history.store",
    "Inspection": "formcheck.inspection",
    "Lifter": "formcheck.lifter",
    "PoseTrack": "formcheck.pose.track",
    "Quality": "formcheck.pose.model",
    "Recorded": "formcheck.history.clip",
    "RepTimes": "formcheck.edits",
    "Report": "formcheck.report.model",
    "RuleBook": "formcheck.rules.book",
    "Spot": "formcheck.edits",
    "TrackCache": "formcheck.pose.cache",
    "TrackSettings": "formcheck.pose.tracker",
    "UnknownSeriesError": "formcheck.errors",
    "analyze": "formcheck.clip",
    "analyze_track": "formcheck.pipeline",
    "athlete_history": "formcheck.history.overview",
    "build_report": "formcheck.report.build",
    "edits_beside": "formcheck.edits_file",
    "inspect": "formcheck.inspection",
    "load_book": "formcheck.rules.book",
    "read_report": "formcheck.report.files",
    "write_report": "formcheck.report.files",
}

if not TYPE_CHECKING:  # to a type checker a name that is not there stays an error

    def __getattr__(name: str) -> Any:
        """Import on first use: ``import formcheck`` and ``formcheck --help`` stay quick."""
        if name in _HOME:
            return getattr(import_module(_HOME[name]), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """What there is, imported or not."""
    return sorted(__all__)
