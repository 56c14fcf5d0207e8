"""A look before judging: whether a clip is filmed well enough, and what to change first.

This is the edge where the file is opened. What is seen of it goes the way that every clip
goes (`formcheck.pipeline`), so that a look and the analysis after it say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.analysis import UNKNOWN
from formcheck.edits import NO_EDITS, Edits
from formcheck.pipeline import analyze_track, filming_of
from formcheck.pose.engine import Engine
from formcheck.pose.glimpses import glimpse, look_at_light
from formcheck.pose.model import Quality, load_model, model_source
from formcheck.rules.book import built_in_book
from formcheck.video import VideoReader

if TYPE_CHECKING:
    from formcheck.analysis import Analysis
    from formcheck.filming import Filming
    from formcheck.pose.glimpses import Glimpses
    from formcheck.pose.model import ModelSource
    from formcheck.pose.tracker import Progress
    from formcheck.rules.book import RuleBook
    from formcheck.video.light import Light


@dataclass(frozen=True, eq=False, repr=False)
class Inspection:
    """How a clip is filmed.

    Attributes
    ----------
    path
        The video file.
    glimpses
        What was seen of it.
    filming
        How well it is filmed.
    exercise
        Identifier of the exercise that it was looked at for; None for any.
    recognised
        Identifier of the exercise that it was judged as, told or recognised; None without one.
    book
        Exercises and rules.
    """

    path: Path
    glimpses: Glimpses
    filming: Filming
    exercise: str | None
    recognised: str | None
    book: RuleBook

    def __repr__(self) -> str:
        return f"<Inspection: {self}>"

    def __str__(self) -> str:
        from formcheck.words.filming import headline  # noqa: PLC0415

        return headline(self.filming)


def inspect(
    path: str | Path,
    /,
    *,
    exercise: str | None = None,
    edits: Edits = NO_EDITS,
    book: RuleBook | None = None,
    model: ModelSource | str = Quality.STANDARD,
    engine: Engine = Engine.LITERT,
    progress: Progress | None = None,
) -> Inspection:
    """Look at a few parts of a clip, to see whether it is filmed well enough to be judged.

    Parameters
    ----------
    path
        The video file.
    exercise
        Identifier of the exercise that is to be judged; None for any.
    edits
        What the user set by hand: the exercise, which `exercise` wins over, the bar, and whom
        to follow.
    book
        Exercises and rules; None for those that come with formcheck.
    model
        Which of the pose networks that come with formcheck, or the file of another bundle.
    engine
        What runs the networks.
    progress
        Called with the seconds looked at and those in all.

    Raises
    ------
    VideoError
        If the video cannot be read.
    NobodyFoundError
        If nobody is seen in it.
    UsageError
        If the exercise or the model is not what formcheck expects.
    """
    file, book = Path(path), book or built_in_book()
    exercise = exercise or edits.exercise
    if exercise is not None:
        exercise = book.exercise(exercise).id  # a wrong name must not cost the time of looking
    seen = glimpse(
        file,
        load_model(model_source(model)),
        engine=engine,
        progress=progress,
        lifter_at=edits.lifter_at,
    )
    analysis = analyze_track(seen.track, edits=Edits(exercise, bar=edits.bar), book=book)
    filming = inspect_glimpses(seen, analysis, light=look_at_light(VideoReader(file), seen.track))
    recognised = None if analysis.exercise == UNKNOWN else analysis.exercise
    return Inspection(file, seen, filming, exercise, recognised, book)


def inspect_glimpses(seen: Glimpses, analysis: Analysis, /, *, light: Light | None) -> Filming:
    """How well a lifter is filmed who was seen in a few parts of a clip.

    Parameters
    ----------
    seen
        What was seen of the clip.
    analysis
        The analysis of that, as of any track: what is judged decides what has to be seen.
    light
        How the body looks in the pictures; None where that was not looked at.
    """
    return filming_of(
        analysis, people=seen.people, light=light, rate_hz=seen.rate_hz, spans=seen.spans
    )
