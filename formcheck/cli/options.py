"""Options that several commands take, each declared once.

An option means the same wherever it is. What belongs together is a dataclass, whose fields
a command gets with `formcheck.cli.command`; the rest are annotations.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck.edits import NO_EDITS, Edits, RepTimes, Spot
from formcheck.errors import UsageError
from formcheck.lifter import LOADS_KG, Bar, Lifter
from formcheck.pose.engine import Engine
from formcheck.pose.model import Quality
from formcheck.words.naming import named
from formcheck.words.quantities import centimetres, effort, kilograms

if TYPE_CHECKING:
    from formcheck.rules.book import RuleBook

ClipArgument = Annotated[
    Path, typer.Argument(metavar="CLIP", help="The video: one set of one exercise.")
]
ExerciseOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help='Which exercise, e.g. squat or "bent-over row" [default: detected].'
    ),
]
RulesOption = Annotated[
    tuple[Path, ...],
    typer.Option(metavar="FILE", help="Your own rules (TOML); repeat for several files."),
]
SeriesOption = Annotated[
    tuple[str, ...],
    typer.Option(
        metavar="NAME",
        help="Which curves; repeat for several [default: what the rules measure].",
    ),
]
HistoryOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="History file [default: FORMCHECK_HISTORY, or your own]."),
]
JsonOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Also write the result as JSON; - prints only the JSON."),
]
AnnotateOption = Annotated[
    bool, typer.Option("--annotate", help="Also write annotated.mp4, the clip with overlays.")
]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Ignore and don't save cached tracking.")
]
NoPageOption = Annotated[bool, typer.Option("--no-html", help="Don't write an HTML page.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]

BODYWEIGHT_KG = (20.0, 350.0)
HEIGHT_CM = (120.0, 230.0)


@dataclass(frozen=True)
class AnalysisOptions:
    """How clips are tracked and judged."""

    exercise: ExerciseOption = None
    rules: RulesOption = ()
    sample_rate: Annotated[
        float, typer.Option(metavar="HZ", help="Frames analysed per second, 5 to 120.")
    ] = 30.0
    quality: Annotated[
        Quality,
        typer.Option(help="Pose model; best takes three to five times as long as standard."),
    ] = Quality.STANDARD
    model: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Use this pose model (.task) instead of --quality."),
    ] = None
    engine: Annotated[
        Engine,
        typer.Option(help="What runs the pose model; mediapipe needs formcheck[mediapipe]."),
    ] = Engine.LITERT

    @property
    def part_s(self) -> tuple[float, float | None]:
        """The part of the clip, seconds; None for its end."""
        return 0.0, None

    @property
    def pace(self) -> float | None:
        """How many times as slow as the lift clips play; None for what they tell."""
        return None

    def edits(self) -> Edits:
        """What the options set by hand in a clip, beside what holds for several."""
        return NO_EDITS


@dataclass(frozen=True)
class ClipOptions(AnalysisOptions):
    """How one clip, or a part of it, is tracked and judged."""

    start: Annotated[float, typer.Option(metavar="S", help="Start at this second.")] = 0.0
    end: Annotated[
        float | None,
        typer.Option(metavar="S", help="Stop at this second [default: end of the clip]."),
    ] = None
    reps: Annotated[
        str | None,
        typer.Option(
            metavar="TIMES",
            help="Count these reps instead: 3.1-5.0,5.4-7.2, or start-turn-end, in seconds.",
        ),
    ] = None
    lifter: Annotated[
        str | None,
        typer.Option(
            metavar="X,Y",
            help="Follow who is at this pixel at the start; X,Y@S for second S.",
        ),
    ] = None
    slow_motion: Annotated[
        float | None,
        typer.Option(
            metavar="TIMES",
            help="The clip plays so many times as slow as the lift [default: what it tells].",
        ),
    ] = None
    no_cache: NoCacheOption = False

    @property
    def part_s(self) -> tuple[float, float | None]:
        """The part of the clip, seconds; None for its end."""
        return self.start, self.end

    @property
    def pace(self) -> float | None:
        """How many times as slow as the lift the clip plays; None for what it tells."""
        return self.slow_motion

    def edits(self) -> Edits:
        """What the options set by hand in the clip.

        Raises
        ------
        UsageError
            If a value makes no sense.
        """
        return Edits(reps=_reps(self.reps), lifter_at=_spot(self.lifter, self.start))


@dataclass(frozen=True)
class LifterOptions:
    """What the lifter tells, as no camera sees it."""

    bar: Annotated[
        str | None,
        typer.Option(
            metavar="WHERE",
            help="Where you hold the weight in a squat: high, low, front, goblet or none.",
        ),
    ] = None
    load: Annotated[
        str | None,
        typer.Option(metavar="KG", help="Weight lifted, including the bar; or 225lb."),
    ] = None
    bodyweight: Annotated[
        str | None, typer.Option(metavar="KG", help="Your body weight; or 165lb.")
    ] = None
    height: Annotated[
        str | None,
        typer.Option(metavar="CM", help="Your height, or 5'10; gives speeds in metres per second."),
    ] = None

    def told(self) -> Lifter:
        """What the options say of the lifter.

        Raises
        ------
        UsageError
            If a value makes no sense.
        """
        load_kg = kilograms("--load", self.load, LOADS_KG)
        bodyweight_kg = kilograms("--bodyweight", self.bodyweight, BODYWEIGHT_KG)
        height_cm = centimetres("--height", self.height, HEIGHT_CM)
        height_m = None if height_cm is None else height_cm / 100
        bar = _bar(self.bar)
        if bar is Bar.NONE and load_kg:
            raise UsageError("--bar: expected where you hold the weight of --load, got none.")
        return Lifter(bar, load_kg, bodyweight_kg, height_m)


@dataclass(frozen=True)
class LifterAndSetOptions(LifterOptions):
    """What the lifter tells, and how the set was."""

    rpe: Annotated[
        str | None, typer.Option(metavar="N", help="How hard the set felt (RPE), 1 to 10.")
    ] = None
    rir: Annotated[
        str | None,
        typer.Option(metavar="N", help="Instead: reps in reserve (RIR), left in the tank."),
    ] = None
    pain: Annotated[
        bool, typer.Option("--pain", help="Something hurts, so recommend no exercises.")
    ] = False

    def told(self) -> Lifter:
        """What the options say of the lifter.

        Raises
        ------
        UsageError
            If a value makes no sense.
        """
        return replace(super().told(), rpe=effort(self.rpe, self.rir), pain=self.pain)


def _bar(name: str | None) -> Bar | None:
    if name is None:
        return None
    try:
        return Bar(name)
    except ValueError:
        known = [bar.value for bar in Bar]
        raise UsageError(
            f"--bar: expected {', '.join(known[:-1])} or {known[-1]}, got {name!r}."
        ) from None


# --- what is set by hand ------------------------------------------------------------------


def _reps(text: str | None) -> tuple[RepTimes, ...]:
    if text is None:
        return ()
    try:
        times = [map(_seconds, part.split("-")) for part in text.split(",")]
        return Edits(reps=tuple(RepTimes.of(*rep) for rep in times)).reps
    except UsageError as error:
        raise UsageError(f"--{error}") from error
    except ValueError as error:
        raise UsageError(
            f"--reps: expected times in seconds, as in 3.1-5.0,5.4-7.2, got {text!r}."
        ) from error


def _seconds(text: str) -> float:
    """A time in seconds, or as reports write it.

    >>> _seconds("63.5"), _seconds("1:03.5")
    (63.5, 63.5)
    """
    minutes, colon, seconds = text.rpartition(":")
    return 60.0 * int(minutes) + float(seconds) if colon else float(seconds)


def _spot(text: str | None, start_s: float) -> Spot | None:
    """A point of the picture, at the start of what is looked at unless it names a time."""
    if text is None:
        return None
    point, at, time = text.partition("@")
    try:
        x_px, y_px = map(float, point.split(","))
        return Spot(x_px, y_px, _seconds(time) if at else start_s)
    except UsageError as error:
        raise UsageError(f"--{error}") from error
    except ValueError as error:
        raise UsageError(
            f"--lifter: expected a point in pixels, as in 640,360 or 640,360@2.5, got {text!r}."
        ) from error


# --- the exercise that a user names, however it is spelt --------------------------------


def analysed_as(name: str | None, book: "RuleBook", /) -> str | None:
    """The exercise that ``--exercise`` names; None when it is to be detected.

    Raises
    ------
    UsageError
        If there is no such exercise.
    """
    return None if name is None else named(name, book.names())


def with_rules(name: str | None, book: "RuleBook", /) -> str | None:
    """What there are rules for, by the name that ``formcheck rules`` was given.

    Raises
    ------
    UsageError
        If there are none for it.
    """
    return None if name is None else named(name, [*book.headings(), *book.names()], "EXERCISE")
