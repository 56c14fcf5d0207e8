"""A look before judging: whether a clip is filmed well enough, and what to change first.

This is the edge where the file is opened; `formcheck.filming` judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.filming import judge_filming
from formcheck.kinematics.belief import PARTS, believe
from formcheck.kinematics.motion import measure_motion
from formcheck.pose.cleaning import clean
from formcheck.pose.engine import Engine
from formcheck.pose.glimpses import glimpse, look_at_light
from formcheck.pose.model import Quality, load_model, model_source
from formcheck.rules.book import built_in_book
from formcheck.rules.looks import judged_parts
from formcheck.signals import runs

if TYPE_CHECKING:
    from formcheck.exercises.schema import Exercise
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
    book
        Exercises and rules.
    """

    path: Path
    glimpses: Glimpses
    filming: Filming
    exercise: str | None
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
    wanted = None if exercise is None else book.exercise(exercise)
    seen = glimpse(file, load_model(model_source(model)), engine=engine, progress=progress)
    light = look_at_light(file, seen.track)
    filming = inspect_glimpses(seen, light=light, exercise=wanted, book=book)
    return Inspection(file, seen, filming, exercise, book)


def inspect_glimpses(
    seen: Glimpses,
    /,
    *,
    light: Light | None = None,
    exercise: Exercise | None = None,
    book: RuleBook | None = None,
) -> Filming:
    """How well a lifter is filmed who was seen in a few parts of a clip.

    Only times count at which the lifter is there at all, and, where the exercise is known,
    only body parts that its rules need from where the camera looks.
    """
    motion = measure_motion(clean(seen.track), fitted=False)
    rules = None
    parts: frozenset[str] = frozenset()
    if exercise is not None:
        rules = (book or built_in_book()).rules[exercise.id].for_variant(None)
        parts = judged_parts(rules, exercise, motion.view)
    there = [
        (first + start, first + end - 1)
        for first, last in seen.spans
        for start, end in runs(motion.track.tracked[first : last + 1])
    ]
    return judge_filming(
        motion,
        believe(motion, there, parts or tuple(PARTS)),
        spans=seen.spans,
        rate_hz=seen.rate_hz,
        people=seen.people,
        light=light,
        rules=() if rules is None else rules.rule,
    )
