"""What a rule file (TOML) may say. Checked with pydantic."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from formcheck.exercises.schema import Feature, SeriesName, Strict

ViewGroup = Literal["side", "oblique", "front"]
"""``front`` stands for front and back views."""
Better = Literal["low", "high"]


class Measurement(Strict):
    """A number measured on every repetition.

    Exactly one of the three sources is given:

    feature
        A statistic of a series; with `minus` or `over`, its difference from or
        ratio to a second feature of the same repetition.
    ways
        Mean difference of a series between the way back and the way out at
        equal heights of the exercise's signal (reference A18).
    built_in
        A number that repetitions carry: durations of the two halves in seconds,
        or the travel of the signal.

    `short` is the title's few words for a table's heading.
    """

    name: str
    title: str
    short: str = ""
    unit: str
    feature: Feature | None = None
    minus: Feature | None = None
    over: Feature | None = None
    ways: SeriesName | None = None
    built_in: Literal["out_s", "back_s", "travel"] | None = None
    scale: float = 1.0

    @model_validator(mode="after")
    def _one_source(self) -> Measurement:
        given = [s for s in (self.feature, self.ways, self.built_in) if s is not None]
        if len(given) != 1:
            raise ValueError("expected exactly one of feature, ways and built_in")
        if self.minus is not None and self.over is not None:
            raise ValueError("expected minus or over, got both")
        if self.feature is None and (self.minus is not None or self.over is not None):
            raise ValueError("minus and over compare with a feature; expected feature beside them")
        if self.scale == 0:
            raise ValueError("scale: expected another number than 0")
        return self


class Limits(Strict):
    """Where each grade begins, in the measurement's unit."""

    mild: float
    moderate: float
    severe: float


class Rule(Strict):
    """A judgement on a measurement.

    Attributes
    ----------
    id
        ``exercise.rule``.
    over_set
        "loss": the rule judges how much of the measurement is lost from the
        first to the last repetitions (0.2 = a fifth), not each repetition.
    views
        Views from which it may be judged.
    min_reps
        Fewest repetitions for a verdict on the set.
    critical
        Whether the score may be given only when such rules were assessed.
    message, film
        What to tell the lifter when it is flagged; how to film so that it can
        be assessed.
    source, evidence
        Where the criterion comes from; evidence tag of the reference
        (``J`` = judgement).
    """

    id: str
    title: str
    measurement: str
    better: Better
    limits: Limits
    views: Annotated[tuple[ViewGroup, ...], Field(min_length=1)] = get_args(ViewGroup)
    over_set: Literal["loss"] | None = None
    min_reps: Annotated[int, Field(ge=1)] = 1
    critical: bool = False
    weight: Annotated[float, Field(ge=0, le=1)] = 0.5
    message: str
    film: str = ""
    source: str
    evidence: str

    @model_validator(mode="after")
    def _ordered(self) -> Rule:
        values = (self.limits.mild, self.limits.moderate, self.limits.severe)
        expected = sorted(values, reverse=self.better == "high")
        if list(values) != expected or len(set(values)) != 3:
            order = "rise" if self.better == "low" else "fall"
            raise ValueError(f"limits must {order} from mild to severe, got {values}")
        return self


class RuleSet(Strict):
    """The measurements and rules of one exercise."""

    exercise: str
    measurement: tuple[Measurement, ...]
    rule: tuple[Rule, ...]

    @model_validator(mode="after")
    def _names_fit(self) -> RuleSet:
        names = [m.name for m in self.measurement]
        ids = [r.id for r in self.rule]
        for what, values in (("measurement", names), ("rule", ids)):
            twice = {v for v in values if values.count(v) > 1}
            if twice:
                raise ValueError(f"{what} {sorted(twice)[0]!r} is defined twice")
        for rule in self.rule:
            if rule.measurement not in names:
                raise ValueError(f"rule {rule.id}: unknown measurement {rule.measurement!r}")
            if not rule.id.startswith(f"{self.exercise}."):
                raise ValueError(
                    f"rule {rule.id}: expected an id that starts with {self.exercise}."
                )
        return self
