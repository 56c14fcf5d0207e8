"""One video file: analyse it, and look at what was found.

This is the edge where the file is opened, tracked and its track kept. `ClipAnalysis` has
the result in the shapes that people work with: text, tables, figures, files.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from formcheck.analysis import AnalysedClip
from formcheck.edits import NO_EDITS
from formcheck.errors import NobodyFoundError, UsageError
from formcheck.kinematics.belief import Trust
from formcheck.lifter import NOBODY_ASKED
from formcheck.pipeline import analyze_track
from formcheck.pose.cache import TrackCache, renamed
from formcheck.pose.glimpses import look_at_light
from formcheck.pose.model import Quality, load_model, model_source
from formcheck.pose.tracker import TrackSettings, track_video
from formcheck.pose.upright import quarter_turns
from formcheck.rules.book import built_in_book
from formcheck.video import VideoReader, changed, file_sha256

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from formcheck.analysis import Analysis
    from formcheck.edits import Edits
    from formcheck.lifter import Lifter
    from formcheck.pose.cache import TrackStore
    from formcheck.pose.model import ModelSource, PoseModel
    from formcheck.pose.tracker import Progress, TrackedVideo
    from formcheck.report.model import Report
    from formcheck.rules.book import RuleBook

PLOT_WIDTH_MM = 160.0


class ClipAnalysis(AnalysedClip):
    """An analysed clip, as `formcheck.analyze` returns it.

    It shows itself in a line or two, in a notebook as a small table. Everything found
    is in `analysis`, the tracked video in `tracked`. `reps` and `angles` need pandas
    (``pip install 'formcheck[frames]'``), `poses` xarray (``formcheck[movement]``).
    """

    def __repr__(self) -> str:
        from formcheck.present.notebook import plain  # noqa: PLC0415 - see `_report`

        return f"<ClipAnalysis {plain(self._report)}>"

    def _repr_html_(self) -> str:
        from formcheck.present.notebook import table  # noqa: PLC0415

        return table(self._report)

    # What the methods need is imported when they are called: commands and batches call none.
    @cached_property
    def _report(self) -> Report:
        from formcheck.report.build import build_report  # noqa: PLC0415

        return build_report(self)

    def report(self) -> Report:
        """The report: what ``report.json`` holds."""
        return self._report

    @property
    def score(self) -> float | None:
        """0 to 100; None where too little could be judged."""
        return self.analysis.score

    @property
    def exercise(self) -> str:
        """Identifier of the exercise, or "unknown"."""
        return self.analysis.exercise

    @property
    def reps(self) -> pd.DataFrame:
        """One row for each repetition, by its number.

        Its kind, its times and those of its phases, its score, each measurement with its
        error, and each rule's verdict (``docs/api.md``).

        Raises
        ------
        MissingLibraryError
            If pandas is not installed.
        """
        from formcheck.export.tables import reps_frame  # noqa: PLC0415

        return reps_frame(self._report)

    @property
    def angles(self) -> pd.DataFrame:
        """One row for each picture that was looked at.

        Its time, its repetition and phase, the angles in degrees, their standard errors, and
        how well they are seen.

        Raises
        ------
        MissingLibraryError
            If pandas is not installed.
        """
        from formcheck.export.tables import angles_frame  # noqa: PLC0415

        return angles_frame(self.analysis.motion, self._report)

    def poses(self) -> xr.Dataset:
        """The clean landmarks as a dataset for the library movement.

        `position` in pixels (y down) and `confidence`, over the true times of the pictures.

        Raises
        ------
        MissingLibraryError
            If xarray is not installed.
        """
        from formcheck.export.tables import pose_dataset  # noqa: PLC0415

        return pose_dataset(self.analysis.motion.track, self.tracked.video.path)

    def plot(self, *series: str, over: Literal["time", "reps"] = "time") -> Figure:
        """A figure of some series, which a notebook shows.

        Parameters
        ----------
        *series
            Names of series (``formcheck rules series``), one panel each; without any,
            the angles that tell most about the clip.
        over
            The time of the clip, or all repetitions laid on one another.

        Raises
        ------
        UnknownSeriesError
            If there is no such series.
        UsageError
            If `over` is something else, or there is nothing to plot.
        """
        from formcheck.present.figure.clip import over_reps, over_time  # noqa: PLC0415
        from formcheck.present.figure.image import Size, painted  # noqa: PLC0415
        from formcheck.present.figure.inline import InlineFigure  # noqa: PLC0415
        from formcheck.shown import key_series  # noqa: PLC0415

        for name in series:
            self.analysis.motion.series(name)
        series = series or key_series(self.analysis, angles=True)
        if not series:
            raise UsageError("No angle was seen in this clip; name a series to plot.")
        if over not in ("time", "reps"):
            raise UsageError(f"over: expected 'time' or 'reps', got {over!r}.")
        if over == "reps" and not self.analysis.rep_count:
            raise UsageError("over='reps': no repetition was found in this clip.")
        paint = (over_time if over == "time" else over_reps)(self.analysis, series)
        return painted(paint, Size(len(series), PLOT_WIDTH_MM), make=InlineFigure)

    def save(self, folder: str | Path | None = None, /) -> Path:
        """Write what ``formcheck analyze`` writes: report.json, report.html and angles.csv.

        Parameters
        ----------
        folder
            Where, made if need be; None for the one next to the clip, named after it.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        OutputError
            If a file cannot be written.
        """
        from formcheck.present.page.media import find_player  # noqa: PLC0415
        from formcheck.present.page.render import report_page  # noqa: PLC0415
        from formcheck.report.build import build_report  # noqa: PLC0415
        from formcheck.report.files import (  # noqa: PLC0415
            ANGLES_FILE,
            PAGE_FILE,
            default_folder,
            write_report,
        )
        from formcheck.report.model import FilesPart  # noqa: PLC0415

        clip = Path(self.tracked.video.path)
        place = default_folder(clip) if folder is None else Path(folder)
        report = build_report(self, FilesPart(angles_csv=ANGLES_FILE, html=PAGE_FILE))
        player = find_player(report, clip, place, embed=False)
        page = report_page(report, self, player=player)
        write_report(report, self.analysis.motion, place, page=page)
        return place


def analyze(  # noqa: PLR0913 - each is one thing that a user may set
    path: str | Path,
    /,
    *,
    exercise: str | None = None,
    lifter: Lifter = NOBODY_ASKED,
    edits: Edits = NO_EDITS,
    book: RuleBook | None = None,
    settings: TrackSettings | None = None,
    model: ModelSource | str = Quality.STANDARD,
    cache: TrackStore | bool | None = True,
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
    edits
        What the user set by hand, such as the repetitions or whom to follow; `exercise`,
        `lifter` and `settings` win over it.
    book
        Exercises and rules; None for those that come with formcheck.
    settings
        Sampling rate, part of the clip and engine.
    model
        Which of the pose networks that come with formcheck ("fast", "standard" or "best"),
        or the file of another bundle.
    cache
        Where tracks are kept, so that the same clip is tracked once: as it comes, the
        user's own cache, which the command line uses as well. None (or False) tracks
        afresh and keeps nothing.
    progress
        Called while tracking with seconds done and in all (or None).

    Raises
    ------
    VideoError
        If the video cannot be read.
    NobodyFoundError
        If nobody is seen in it, or nobody where the lifter should be.
    UsageError
        If the exercise or the model is not what formcheck expects, or the edits do not fit
        the clip.
    """
    file, settings = Path(path), settings or TrackSettings()
    bundle = load_model(model_source(model))
    book = book or built_in_book()
    edits = replace(edits, lifter_at=settings.lifter_at or edits.lifter_at)
    edits, settings = edits.told(exercise, lifter), replace(settings, lifter_at=edits.lifter_at)
    if edits.exercise is not None:
        book.exercise(edits.exercise)  # a wrong name must not cost the time of tracking
    store = (TrackCache() if cache else None) if isinstance(cache, bool) else cache
    tracking = _Tracking(file, bundle, store, progress)

    def analysed(settings: TrackSettings) -> tuple[TrackedVideo, Analysis]:
        tracked = tracking.track(settings)
        judge = partial(analyze_track, lifter=lifter, edits=edits, book=book)
        return tracked, judge(tracked.track, network=bundle.quality)

    tracked, analysis = analysed(settings)
    turns = 0 if analysis.rep_count else quarter_turns(tracked.track)
    if turns:
        # Somebody who lies there points aside as well; of a lift there are repetitions then.
        upright = replace(settings, turned=(settings.turned + turns) % 4)
        with suppress(NobodyFoundError):
            turned = analysed(upright)
            if turned[1].rep_count:
                (tracked, analysis), settings = turned, upright
    good = analysis.belief.trust is Trust.GOOD
    light = None if good else look_at_light(VideoReader.again(tracked.video), tracked.track)
    return ClipAnalysis(tracked, bundle, settings, book, analysis, light)


@dataclass(frozen=True)
class _Tracking:
    """Tracks a file, or takes the track that is kept."""

    file: Path
    model: PoseModel
    cache: TrackStore | None
    progress: Progress | None

    def track(self, settings: TrackSettings) -> TrackedVideo:
        """The tracked video.

        Raises
        ------
        VideoError
            If it cannot be read, or is replaced meanwhile.
        """
        if self.cache is None:
            return track_video(self.file, self.model, settings, progress=self.progress)
        digest = file_sha256(self.file)
        stored = self.cache.load(digest, self.model.sha256, settings)
        if stored is not None:
            return renamed(stored, self.file)
        tracked = track_video(self.file, self.model, settings, progress=self.progress)
        if tracked.video.sha256 != digest:
            raise changed(self.file)
        self.cache.store(digest, self.model.sha256, settings, tracked)
        return tracked
