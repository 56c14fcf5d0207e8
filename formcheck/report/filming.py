"""How a clip is filmed, as a report and a look before judging have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from formcheck.filming import Mark, Topic, Verdict
from formcheck.kinematics.belief import Trust
from formcheck.report.parts import Part
from formcheck.words.filming import advice, finding, headline, times
from formcheck.words.tracking import trust_sentence

if TYPE_CHECKING:
    from formcheck.filming import Filming, Point
    from formcheck.kinematics.belief import Belief
    from formcheck.kinematics.view import View


class HiddenPart(Part):
    """A body part whose place is a guess for a while."""

    part: Literal["head", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot"]
    start_s: float
    end_s: float


class ViewPart(Part):
    """From where the camera looks."""

    label: Literal[
        "side_left", "side_right", "front", "back", "oblique_front", "oblique_back", "unknown"
    ]
    yaw_deg: float = Field(description="0 = true side view, 90 = true front or back view.")
    yaw_error_deg: float
    confidence: float = Field(ge=0, le=1)


class PointPart(Part):
    """One thing that was looked at."""

    topic: Topic
    mark: Mark
    finding: str = Field(description="What was seen.")
    advice: str | None = Field(description="What to do about it; null where it is fine.")
    times: str = Field(description="When body parts were not seen or cut off, in words.")
    parts: list[str] = Field(description="Body parts that it is about.")
    value: float | None


class FilmingPart(Part):
    """How well a clip is filmed, and what to change first."""

    verdict: Verdict
    headline: str = Field(description="The verdict with the one thing to change.")
    change: str | None = Field(default=None, description="The one thing to change.")
    why: str | None = Field(
        description="What is not seen well, in words; null where tracking is good."
    )
    points: list[PointPart]


def view_part(view: View, /) -> ViewPart:
    """From where the camera looks."""
    return ViewPart(
        label=view.label.value,
        yaw_deg=round(view.yaw_deg, 1),
        yaw_error_deg=round(view.yaw_error_deg, 1),
        confidence=round(view.confidence, 3),
    )


def hidden_parts(belief: Belief, /) -> list[HiddenPart]:
    """What is hidden, and when."""
    return [
        HiddenPart.model_validate(
            {"part": h.part, "start_s": round(h.start_s, 2), "end_s": round(h.end_s, 2)}
        )
        for h in belief.hidden
    ]


def filming_part(filming: Filming, /, *, before: bool = False) -> FilmingPart:
    """How well a clip is filmed; `before` where it was only looked at."""
    good = filming.belief.trust is Trust.GOOD
    return FilmingPart(
        verdict=filming.verdict,
        headline=headline(filming),
        change=None if filming.first is None else advice(filming.first),
        why=None if good else trust_sentence(filming, before=before),
        points=[_point(point, filming) for point in filming.points],
    )


def _point(point: Point, filming: Filming) -> PointPart:
    return PointPart(
        topic=point.topic,
        mark=point.mark,
        finding=finding(point, filming.view.label),
        advice=None if point.mark is Mark.OK else advice(point),
        times=times(point, filming.belief.hidden),
        parts=list(point.parts),
        value=None if point.value is None else round(point.value, 3),
    )
