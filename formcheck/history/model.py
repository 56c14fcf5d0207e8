"""An athlete over time, as the terminal, the page and ``--json`` show it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from formcheck.kinematics.belief import Trust
from formcheck.report.model import LimitsPart
from formcheck.report.parts import Part

Direction = Literal["better", "worse", "more", "less"]


class ClipPart(Part):
    """A clip of a lift."""

    recorded_at: str
    date_source: Literal["container", "file", "told"]
    path: str
    result: str | None = Field(description="Folder of its results, if known.")
    view: str
    score: float | None
    trust: Trust | None = Field(
        default=None,
        description="How far its tracking can be relied on; a poor one makes no trend. Null in "
        "results of earlier versions.",
    )
    rep_count: int
    count_range: tuple[int, int] | None = Field(
        default=None, description="Fewest and most that there may be; null where it is not known."
    )
    finding: str = Field(description="On the upper back, of this clip alone.")
    load_kg: float | None


class PointPart(Part):
    """A measurement in one clip: median of its repetitions and one standard error."""

    clip: int = Field(description="Place in the lift's clips, from 0.")
    value: float
    error: float


class SessionPart(Part):
    """A measurement on one day."""

    day: str
    value: float
    error: float


class ChangePart(Part):
    """A change that is larger than noise."""

    kind: Literal["latest", "trend"] = Field(
        description="Latest session against the earlier ones, or along a line over all."
    )
    size: float
    error: float = Field(description="One standard error.")
    needed: float = Field(description="Size above which it is called.")
    since: str
    direction: Direction


class TrendPart(Part):
    """A measurement over time."""

    name: str
    heading: str
    unit: str
    better: Literal["low", "high", "zero"] | None = Field(
        description="By the rule; null when none judges the value."
    )
    limits: LimitsPart | None
    points: list[PointPart]
    sessions: list[SessionPart]
    centre: float | None = Field(description="Weighted mean of the sessions before the latest.")
    band: float | None = Field(
        description="A latest session no further from the centre is no change."
    )
    band_from: Literal["stated", "scatter"] | None = Field(
        description="What sets the band: stated errors, or the lifter's own scatter."
    )
    line: list[float] | None = Field(description="Fitted line at the first and last session.")
    changes: list[ChangePart] = Field(description="Empty: no change was called.")
    verdict: str


class LoadPart(Part):
    """What got worse while the told weight went up."""

    first_kg: float
    last_kg: float
    back_to_kg: float | None = Field(
        description="Heaviest lighter weight at which all of it was within its limits, rounded "
        "down to 2.5 kg; null where there was none."
    )
    message: str
    advice: str | None


class LiftPart(Part):
    """Clips that can be compared, and what is measured in them."""

    exercise: str
    variant: str | None
    bar: str | None
    view: str = Field(description="Class of views: side, oblique, front or unknown.")
    title: str
    facts: str = Field(description="How many clips and sessions, from when to when.")
    clips: list[ClipPart]
    trends: list[TrendPart] = Field(description="Called changes first.")
    notes: list[str]
    load: LoadPart | None = None


class AthleteHistory(Part):
    """One athlete over time (``formcheck history NAME --json``)."""

    schema_version: Literal["1.0"] = "1.0"
    formcheck: str
    athlete: str
    clips: int
    level: float = Field(description="Chance of calling any change where there is none.")
    tests: int = Field(description="How many tests share it.")
    lifts: list[LiftPart]
    unknown: int = Field(description="Clips whose exercise was not recognised.")


class ListedAthlete(Part):
    """One athlete in the list."""

    name: str
    clips: int
    first: str
    last: str
    lifts: list[str]
    finding: str = Field(description="On the upper back, of the latest clip.")


class AthleteList(Part):
    """All athletes (``formcheck history --json``)."""

    schema_version: Literal["1.0"] = "1.0"
    athletes: list[ListedAthlete]
