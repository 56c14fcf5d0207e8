"""What a rule file (TOML), built in or a user's, may say. Checked with pydantic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from formcheck.data_files import one_of
from formcheck.exercises.schema import Exercise, Feature, SeriesName, Strict
from formcheck.kinematics.series import SERIES
from formcheck.rules.computed import COMPUTED

ViewGroup = Literal["side", "oblique", "front"]
"""``front`` stands for front and back views."""
Better = Literal["low", "high", "zero"]
"""What is good: little, much, or neither side of zero."""
OverSet = Literal["loss", "fall", "growth"]
BodyPart = Literal["legs", "trunk", "arms", "feet"]


RENAMED_COMPUTED = {
    "out_s": "'eccentric_s' or 'concentric_s', whichever half that is",
    "back_s": "'eccentric_s' or 'concentric_s', whichever half that is",
    "travel": "'amplitude'",
    "girdle_drop_at_start": "'scapular_depression_at_start'",
}
"""Computed measurements of earlier versions, and what is expected instead."""


def _known_computed(name: str) -> str:
    if name in RENAMED_COMPUTED:
        raise ValueError(f"expected {RENAMED_COMPUTED[name]}, got {name!r}")
    if name not in COMPUTED:
        raise ValueError(f"unknown measurement {name!r}, {one_of(sorted(COMPUTED), name)}")
    return name


ComputedName = Annotated[str, AfterValidator(_known_computed)]
"""A name of `formcheck.rules.computed.COMPUTED`."""


class Measurement(Strict):
    """A number measured on every repetition.

    Exactly one of the three sources is given:

    feature
        A statistic of a series; with `minus` or `over`, its difference from or
        ratio to a second feature of the same repetition.
    concentric_minus_eccentric
        How much larger a series is while the weight goes up than while it goes down:
        mean over equal heights of the exercise's signal (reference A18).
    built_in
        A computed measurement (`formcheck.rules.computed.COMPUTED`): durations,
        speeds, lean against what the lifter's build needs and the like.

    `short` is the title's few words for a table's heading.
    """

    renamed: ClassVar[Mapping[str, str]] = {"ways": "concentric_minus_eccentric"}

    name: str
    title: str
    short: str = ""
    unit: str
    feature: Feature | None = None
    minus: Feature | None = None
    over: Feature | None = None
    concentric_minus_eccentric: SeriesName | None = None
    built_in: ComputedName | None = None
    scale: float = 1.0

    @property
    def named_short(self) -> str:
        """What it measures, in a few words."""
        return self.short or self.title

    @property
    def own_unit(self) -> str | None:
        """Unit that the source has by itself; None when it depends on the exercise."""
        if self.built_in is not None:
            return COMPUTED[self.built_in].unit
        if self.concentric_minus_eccentric is not None:
            return SERIES[self.concentric_minus_eccentric].unit
        if self.over is not None:
            return "ratio"
        return None if self.feature is None else SERIES[self.feature.series].unit

    @model_validator(mode="after")
    def _one_source(self) -> Measurement:
        sources = (self.feature, self.concentric_minus_eccentric, self.built_in)
        if sum(source is not None for source in sources) != 1:
            raise ValueError(
                "expected exactly one of feature, concentric_minus_eccentric and built_in"
            )
        if self.minus is not None and self.over is not None:
            raise ValueError("expected minus or over, got both")
        if self.feature is None and (self.minus is not None or self.over is not None):
            raise ValueError("minus and over compare with a feature; expected feature beside them")
        if self.scale == 0:
            raise ValueError("scale: expected another number than 0")
        return self

    @model_validator(mode="after")
    def _right_unit(self) -> Measurement:
        if self.scale == 1 and self.own_unit not in (None, self.unit):
            raise ValueError(f"unit: expected {self.own_unit!r}, got {self.unit!r}")
        pair = (self.feature, self.minus or self.over)
        units = {SERIES[f.series].unit for f in pair if f is not None}
        if len(units) > 1:
            raise ValueError(f"expected series of one unit, got {' and '.join(sorted(units))}")
        return self


class Limits(Strict):
    """Where each grade begins, in the measurement's unit."""

    mild: float
    moderate: float
    severe: float

    def ordered(self, better: Better, /) -> bool:
        """Whether the grades follow each other in the direction that is worse."""
        values = [self.mild, self.moderate, self.severe]
        if better == "zero" and self.mild <= 0:
            return False
        return values == sorted(set(values), reverse=better == "high")


class Also(Strict):
    """A second measurement that must be at fault as well; the milder of both decides."""

    measurement: str
    better: Better
    limits: Limits

    @model_validator(mode="after")
    def _ordered(self) -> Also:
        _check_order(self.limits, self.better)
        return self


class Unless(Strict):
    """A measurement that spoils the rule's own: beyond `above` nothing can be told."""

    measurement: str
    above: float
    reason: str


def _check_order(limits: Limits, better: Better) -> None:
    if not limits.ordered(better):
        order = {"low": "rise", "high": "fall", "zero": "be above 0 and rise"}[better]
        got = f"{limits.mild:g}, {limits.moderate:g}, {limits.severe:g}"
        raise ValueError(f"limits must {order} from mild to severe, got {got}")


class Rule(Strict):
    """A judgement on a measurement.

    Attributes
    ----------
    id
        ``exercise.rule``.
    also
        A second condition.
    unless
        When a repetition cannot be judged.
    body
        Parts of the body that a fault is seen in: an annotated video marks them.
    over_set
        The rule judges how the measurement changes over the set, not each
        repetition: "loss" is the share lost from the first to the last
        repetitions (0.2 = a fifth), "fall" the share that the last lacks of the
        best one, "growth" how much it grows, in its own unit (negative: shrinks).
    variants
        Variants of the exercise that it is for; all when empty.
    views
        Views from which it may be judged.
    min_reps
        Fewest repetitions for a verdict on the set.
    weight
        Share of 25 points that a severe fault costs. 0: for information, not a fault.
    critical
        Whether the score may be given only when such rules were assessed.
    off
        Why it does not judge unless a user switches it on; empty: it judges.
    message, film
        What to tell the lifter when it is flagged; how to film so that it can
        be assessed.
    source, evidence
        Where the criterion comes from; evidence tag of ``docs/sources.md``
        (``J`` = judgement).
    """

    id: str
    title: str
    measurement: str
    better: Better
    limits: Limits
    views: Annotated[tuple[ViewGroup, ...], Field(min_length=1)] = get_args(ViewGroup)
    also: Also | None = None
    unless: Unless | None = None
    body: tuple[BodyPart, ...] = ()
    over_set: OverSet | None = None
    variants: tuple[str, ...] = ()
    min_reps: Annotated[int, Field(ge=1)] = 1
    critical: bool = False
    weight: Annotated[float, Field(ge=0, le=1)] = 0.5
    off: str = ""
    message: str
    film: str = ""
    source: str
    evidence: str

    @model_validator(mode="after")
    def _ordered(self) -> Rule:
        _check_order(self.limits, self.better)
        return self


class RuleSet(Strict):
    """The measurements and rules of one exercise."""

    exercise: str
    measurement: tuple[Measurement, ...]
    rule: tuple[Rule, ...]

    def named(self, name: str, /) -> Measurement:
        """The measurement of this name."""
        return next(m for m in self.measurement if m.name == name)

    def differences_of(self, series: str, /) -> list[str]:
        """Names of the measurements that compare a series in both halves of a repetition."""
        return [m.name for m in self.measurement if m.concentric_minus_eccentric == series]

    def computed_as(self, built_in: str, /) -> list[str]:
        """Names of the measurements that come from a formula."""
        return [m.name for m in self.measurement if m.built_in == built_in]

    def for_variant(self, variant: str | None, /) -> RuleSet:
        """The set without the rules of other variants; None: of any variant."""
        kept = tuple(r for r in self.rule if not r.variants or variant in r.variants)
        return self.model_copy(update={"rule": kept})

    @model_validator(mode="after")
    def _names_fit(self) -> RuleSet:
        names = [m.name for m in self.measurement]
        ids = [r.id for r in self.rule]
        for what, values in (("measurement", names), ("rule", ids)):
            twice = {v for v in values if values.count(v) > 1}
            if twice:
                raise ValueError(f"{what} {sorted(twice)[0]!r} is defined twice")
        for rule in self.rule:
            wanted = [rule.measurement]
            wanted += [extra.measurement for extra in (rule.also, rule.unless) if extra is not None]
            unknown = [name for name in wanted if name not in names]
            if unknown:
                raise ValueError(f"rule {rule.id}: unknown measurement {unknown[0]!r}")
            if not rule.id.startswith(f"{self.exercise}."):
                raise ValueError(
                    f"rule {rule.id}: expected an id that starts with {self.exercise}."
                )
        return self


OWN = "own"
"""Evidence tag of a user's rule."""


class Change(Strict):
    """What is different about an existing rule; what is left out stays.

    `unit` changes nothing: it is refused unless it is the unit of the limits.
    """

    enabled: bool | None = None
    title: str | None = None
    limits: Limits | None = None
    unit: str | None = None
    message: str | None = None
    film: str | None = None
    weight: Annotated[float, Field(ge=0, le=1)] | None = None
    critical: bool | None = None
    views: Annotated[tuple[ViewGroup, ...], Field(min_length=1)] | None = None
    min_reps: Annotated[int, Field(ge=1)] | None = None

    @property
    def new_values(self) -> dict[str, object]:
        """The rule's fields that are given."""
        return {
            name: getattr(self, name)
            for name in self.model_fields_set - {"enabled", "unit"}
            if getattr(self, name) is not None
        }


class OwnMeasurement(Measurement):
    """A new measurement; `exercise` may be left out where the file defines one."""

    exercise: str | None = None


class OwnRule(Rule):
    """A new rule; `unit`, when given, is checked against that of the limits."""

    unit: str | None = None
    source: str = "own rule"
    evidence: str = OWN


class UserFile(Strict):
    """A user's rule file."""

    exercise: Exercise | None = None
    measurement: tuple[OwnMeasurement, ...] = ()
    rule: tuple[OwnRule, ...] = ()
    change: dict[str, Change] = Field(default_factory=dict)
