"""Options that several commands take, each declared once.

An option means the same wherever it is. What belongs together is a dataclass, whose fields
a command gets with `formcheck.cli.command`; the rest are annotations.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck.errors import UsageError
from formcheck.lifter import Bar, Lifter
from formcheck.pose.engine import Engine
from formcheck.pose.model import Quality

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

LOAD_KG, BODYWEIGHT_KG = (0.0, 600.0), (20.0, 350.0)
HEIGHT_CM, RPE = (120.0, 230.0), (1.0, 10.0)


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


@dataclass(frozen=True)
class ClipOptions(AnalysisOptions):
    """How one clip, or a part of it, is tracked and judged."""

    start: Annotated[float, typer.Option(metavar="S", help="Start at this second.")] = 0.0
    end: Annotated[
        float | None,
        typer.Option(metavar="S", help="Stop at this second [default: end of the clip]."),
    ] = None
    no_cache: NoCacheOption = False

    @property
    def part_s(self) -> tuple[float, float | None]:
        """The part of the clip, seconds; None for its end."""
        return self.start, self.end


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
        float | None, typer.Option(metavar="KG", help="Weight lifted, including the bar.")
    ] = None
    bodyweight: Annotated[float | None, typer.Option(metavar="KG", help="Your body weight.")] = None
    height: Annotated[
        float | None,
        typer.Option(metavar="CM", help="Your height; gives speeds in metres per second."),
    ] = None

    def told(self) -> Lifter:
        """What the options say of the lifter.

        Raises
        ------
        UsageError
            If a value makes no sense.
        """
        _expect("--load", self.load, "kilograms", LOAD_KG)
        _expect("--bodyweight", self.bodyweight, "kilograms", BODYWEIGHT_KG)
        _expect("--height", self.height, "centimetres", HEIGHT_CM)
        height_m = None if self.height is None else self.height / 100
        return Lifter(_bar(self.bar), self.load, self.bodyweight, height_m)


@dataclass(frozen=True)
class LifterAndSetOptions(LifterOptions):
    """What the lifter tells, and how the set was."""

    rpe: Annotated[
        float | None, typer.Option(metavar="N", help="How hard the set felt, 1 to 10.")
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
        _expect("--rpe", self.rpe, "a rating", RPE)
        return replace(super().told(), rpe=self.rpe, pain=self.pain)


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


def _expect(option: str, value: float | None, what: str, limits: tuple[float, float]) -> None:
    low, high = limits
    if value is not None and not low <= value <= high:
        raise UsageError(f"{option}: expected {what}, {low:g} to {high:g}, got {value:g}.")


# --- the exercise that a user names, however it is spelt --------------------------------


def named(name: str, known: Iterable[tuple[str, str]], /, what: str = "--exercise") -> str:
    """The identifier that is meant.

    Parameters
    ----------
    name
        What the user wrote: identifier or title; case, spaces and hyphens do not matter.
    known
        Identifiers and titles.
    what
        Where it was written.

    Raises
    ------
    UsageError
        If nothing is called that.

    Examples
    --------
    >>> named("Bent over row", [("squat", "Squat"), ("bent_over_row", "Bent-over row")])
    'bent_over_row'
    """
    ids = dict(known)
    meant = {_key(title): id_ for id_, title in ids.items()} | {_key(id_): id_ for id_ in ids}
    if _key(name) in meant:
        return meant[_key(name)]
    close = get_close_matches(_key(name), meant, 1)
    hint = f" (did you mean {meant[close[0]]}?)" if close else ""
    every = ", ".join(ids) or "none"
    raise UsageError(f"{what}: expected one of {every}, got {name!r}{hint}.")


def analysed_as(name: str | None, book: "RuleBook", /) -> str | None:
    """The exercise that ``--exercise`` names; None when it is to be detected.

    Raises
    ------
    UsageError
        If there is no such exercise.
    """
    return None if name is None else named(name, [(e.id, e.title) for e in book.exercises])


def with_rules(name: str | None, book: "RuleBook", /) -> str | None:
    """What there are rules for, by the name that ``formcheck rules`` was given.

    Raises
    ------
    UsageError
        If there are none for it.
    """
    return None if name is None else named(name, book.headings(), "EXERCISE")


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
