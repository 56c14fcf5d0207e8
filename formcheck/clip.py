"""Analyse one video file: the edge where files are opened, tracked and cached."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.lifter import NOBODY_ASKED
from formcheck.pipeline import ClipAnalysis, analyze_track
from formcheck.pose.model import Quality, load_model
from formcheck.pose.stored import renamed
from formcheck.pose.tracker import TrackSettings, track_video
from formcheck.rules.book import built_in_book
from formcheck.video import file_sha256

if TYPE_CHECKING:
    from formcheck.lifter import Lifter
    from formcheck.pose.model import ModelSource, PoseModel
    from formcheck.pose.stored import TrackStore
    from formcheck.pose.tracker import Progress, TrackedVideo
    from formcheck.rules.book import RuleBook


def analyze(  # noqa: PLR0913 - each is one thing that a user may set
    path: str | Path,
    /,
    *,
    exercise: str | None = None,
    lifter: Lifter = NOBODY_ASKED,
    book: RuleBook | None = None,
    settings: TrackSettings | None = None,
    model: ModelSource = Quality.STANDARD,
    cache: TrackStore | None = None,
    progress: Progress | None = None,
) -> ClipAnalysis:
    """Analyse a video of one set of a lift.

    Parameters
    ----------
    path
        The video file.
    exercise
        Identifier of the exercise; None to detect it.
    lifter
        What the user told beside the video: bar, load, height and the like.
    book
        Exercises and rules; None for those that come with formcheck.
    settings
        Sampling rate, part of the clip and engine.
    model
        Which of the pose networks that come with formcheck, or another bundle.
    cache
        Where tracks are kept; None tracks afresh and keeps nothing.
    progress
        Called while tracking with seconds done and in all (or None).

    Raises
    ------
    VideoError
        If the video cannot be read.
    NobodyFoundError
        If nobody is seen in it.
    UsageError
        If the exercise or the model is not what formcheck expects.
    """
    file, settings = Path(path), settings or TrackSettings()
    bundle = load_model(model)
    book = book or built_in_book()
    if exercise is not None:
        book.exercise(exercise)  # a wrong name must not cost the time of tracking
    tracked = _track(file, bundle, settings, cache, progress)
    analysis = analyze_track(
        tracked.track, exercise=exercise, lifter=lifter, book=book, network=bundle.quality
    )
    return ClipAnalysis(tracked, bundle, settings, book, analysis)


def _track(
    file: Path,
    model: PoseModel,
    settings: TrackSettings,
    cache: TrackStore | None,
    progress: Progress | None,
) -> TrackedVideo:
    if cache is None:
        return track_video(file, model, settings, progress=progress)
    digest = file_sha256(file)
    stored = cache.load(digest, model.sha256, settings)
    if stored is not None:
        return renamed(stored, file)
    tracked = track_video(file, model, settings, progress=progress)
    cache.store(digest, model.sha256, settings, tracked)
    return tracked
