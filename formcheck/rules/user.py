"""What a user's rule file (TOML) may say. Checked with pydantic."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from formcheck.exercises.schema import Exercise, Strict
from formcheck.rules.schema import Limits, Measurement, Rule, ViewGroup

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
