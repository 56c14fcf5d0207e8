"""The table of upper-back cues: what each weighs and what else explains it.

Weights, caps and shares are judgement: no study gives them (reference 4.1).
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from formcheck.data_files import built_in, read_data
from formcheck.exercises.schema import Strict
from formcheck.lifter import Bar
from formcheck.rules.book import built_in_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FILE = "cues.toml"


def _known_lift(name: str) -> str:
    known = built_in_book().rules
    if name not in known:
        raise ValueError(f"unknown lift {name!r}; known: {', '.join(known)}")
    return name


Lift = Annotated[str, AfterValidator(_known_lift)]
"""An exercise, or standing still (`STANDING`)."""
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(gt=0)]
SHIN = "shin"
"""What may explain a cue in part, beside other cues: shins that stay upright."""
Words = Annotated[str, Field(min_length=1)]


class Hypothesis(StrEnum):
    """What may be behind a cue."""

    UPPER_BACK = "upper_back"
    LEGS = "legs"
    LOWER_BACK = "lower_back"
    MOBILITY = "mobility"
    LOAD = "load"


RIVALS = tuple(h for h in Hypothesis if h is not Hypothesis.UPPER_BACK)


class Shares(Strict):
    """How a cue's points are divided among the explanations; they sum to 1."""

    upper_back: Share = 0.0
    legs: Share = 0.0
    lower_back: Share = 0.0
    mobility: Share = 0.0
    load: Share = 0.0

    @model_validator(mode="after")
    def _whole(self) -> Shares:
        total = sum(self.of(h) for h in Hypothesis)
        if abs(total - 1) > 1e-6:
            raise ValueError(f"expected shares that sum to 1, got {total:g}")
        return self

    def of(self, hypothesis: Hypothesis, /) -> float:
        """The share of one explanation."""
        return float(getattr(self, hypothesis.value))


class Explanation(Strict):
    """An explanation in words, and the footage that would tell it from the others."""

    id: Hypothesis
    title: Words
    text: Words
    film: Words


class Group(Strict):
    """Cues that show the same thing: their sum is capped.

    `counted` is false when the group says nothing about the upper back.
    """

    id: str
    exercise: Lift
    cap: Weight
    counted: bool = True


class Cue(Strict):
    """A sign that the upper back may limit the lift.

    Attributes
    ----------
    id
        Identifier, as in section 4.1 of ``docs/reference.md``.
    group
        Identifier of its group, which names the exercise.
    weight
        Points when severe, persistent, well measured and not explained away.
    shares
        Division of the points among the explanations.
    message
        What was seen, in plain words, without a cause.
    looks_at
        What is looked at, whether or not the sign is shown.
    other_explanations
        What else would look the same; the report must name them.
    rules
        Rules that feed it; of several the most severe counts.
    bars
        Bar positions for which it is judged; empty for all.
    explained_by
        What, when it is found in the same set, explains the cue in part: `SHIN`, or
        another cue.
    whole_set
        Whether it is one verdict on the set, so that no repetition shows it by itself.
    needs_speed
        Whether it is read from speeds or durations, so that slow sampling harms it.
    evidence, source
        Evidence tag (``docs/sources.md``) and where the criterion comes from.
    """

    id: str
    group: str
    weight: Weight
    shares: Shares
    title: Words
    message: Words
    looks_at: Words
    other_explanations: Annotated[tuple[Words, ...], Field(min_length=1)]
    rules: Annotated[tuple[Words, ...], Field(min_length=1)]
    explained_by: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    whole_set: bool = False
    needs_speed: bool = False
    evidence: Words
    source: Words


class LowerPart(Strict):
    """A cue's part in the lower-back score (reference 4.4).

    It counts only while none of `unless` is shown and every one of `clean` was
    measured without a fault. `test` marks what tests the lower back directly.
    """

    id: str
    weight: Weight
    rules: Annotated[tuple[Words, ...], Field(min_length=1)]
    unless: tuple[str, ...] = ()
    clean: tuple[str, ...] = ()
    test: bool = False


class Theme(Strict):
    """Cues of several lifts that show the same thing; `text` says so in words."""

    id: str
    cues: Annotated[tuple[str, ...], Field(min_length=2)]
    text: Words


class SideVariable(Strict):
    """A left-right comparison with the sizes from which it is told.

    `lifts` are the exercises in which both sides show it to a camera in front.
    `message` may use ``{side}`` (the side with the smaller value), ``{other}``,
    ``{count}`` and ``{reps}``.
    """

    id: str
    title: Words
    unit: Literal["percent", "arm", "deg", "s", "trunk"]
    lifts: Annotated[tuple[Lift, ...], Field(min_length=1)]
    watch: Weight
    clear: Weight
    message: Words

    @model_validator(mode="after")
    def _fits(self) -> SideVariable:
        if self.watch >= self.clear:
            raise ValueError(f"expected watch < clear, got {self.watch:g} and {self.clear:g}")
        try:
            self.message.format(side="left", other="right", count=5, reps=6)
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError(f"unknown placeholder in message: {error}") from error
        return self


class CueTable(Strict):
    """All cues with groups, explanations and themes, the lower-back parts, the sides."""

    explanation: tuple[Explanation, ...]
    group: tuple[Group, ...]
    cue: tuple[Cue, ...]
    theme: tuple[Theme, ...] = ()
    lower: tuple[LowerPart, ...]
    side: tuple[SideVariable, ...]

    @model_validator(mode="after")
    def _fits(self) -> CueTable:
        _unique("explanation", (e.id for e in self.explanation))
        _unique("group", (g.id for g in self.group))
        _unique("cue", (c.id for c in self.cue))
        _unique("lower", (p.id for p in self.lower))
        _unique("side", (s.id for s in self.side))
        missing = set(Hypothesis) - {e.id for e in self.explanation}
        if missing:
            raise ValueError(f"no explanation {sorted(missing)[0].value!r}")
        groups = {g.id for g in self.group}
        for cue in self.cue:
            if cue.group not in groups:
                raise ValueError(f"cue {cue.id}: unknown group {cue.group!r}")
        known = {c.id for c in self.cue}
        places = [(f"lower {p.id}", (*p.unless, *p.clean)) for p in self.lower]
        places += [(f"theme {t.id}", t.cues) for t in self.theme]
        places += [
            (f"cue {c.id}", tuple(reason for reason in c.explained_by if reason != SHIN))
            for c in self.cue
        ]
        for place, named in places:
            unknown = [c for c in named if c not in known]
            if unknown:
                raise ValueError(f"{place}: unknown cue {unknown[0]!r}")
        return self

    @cached_property
    def cues(self) -> dict[str, Cue]:
        """Cues by identifier."""
        return {c.id: c for c in self.cue}

    @cached_property
    def groups(self) -> dict[str, Group]:
        """Groups by identifier."""
        return {g.id: g for g in self.group}

    @cached_property
    def explanations(self) -> dict[Hypothesis, Explanation]:
        """Explanations by what they stand for."""
        return {e.id: e for e in self.explanation}

    @cached_property
    def sides(self) -> dict[str, SideVariable]:
        """Left-right comparisons by identifier."""
        return {s.id: s for s in self.side}

    def exercise(self, cue: Cue, /) -> str:
        """The exercise that a cue is seen in."""
        return self.groups[cue.group].exercise

    def fed_by(self, rule: str, /, *, bar: str | None = None) -> tuple[Cue, ...]:
        """Cues that a rule feeds.

        Parameters
        ----------
        rule
            Rule identifier.
        bar
            Bar position, None when unknown: then cues that need one are left out.
        """
        fed: Sequence[Cue] = [c for c in self.cue if rule in c.rules]
        return tuple(c for c in fed if not c.bars or bar in c.bars)


def _unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for identifier in ids:
        if identifier in seen:
            raise ValueError(f"{what} {str(identifier)!r} is defined twice")
        seen.add(identifier)


@lru_cache(maxsize=1)
def cue_table() -> CueTable:
    """The cues that come with formcheck."""
    return read_data(built_in("upper_back", FILE), CueTable)


class Finding(StrEnum):
    """Grades of the report contract."""

    NONE = "none"
    WATCH = "watch"
    LIKELY = "likely"
    INSUFFICIENT = "insufficient"
