"""A look before judging as data: what ``formcheck inspect --json`` gives."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from formcheck import __version__
from formcheck.filming import faults_of, gives_score, judged_from
from formcheck.kinematics.belief import Trust
from formcheck.report.filming import (
    FilmingPart,
    HiddenPart,
    ViewPart,
    filming_part,
    hidden_parts,
    view_part,
)
from formcheck.report.parts import Part
from formcheck.words.language import ENGLISH, _, spoken

if TYPE_CHECKING:
    from formcheck.exercises.schema import Exercise
    from formcheck.inspection import Inspection


class LookedAtPart(Part):
    """A part of the clip that was looked at, seconds."""

    start_s: float
    end_s: float


class UnjudgedPart(Part):
    """A rule that the view does not let judge."""

    rule: str
    title: str
    film: str = Field(description="How to film for it.")


class GoodForPart(Part):
    """What the view is good for in one exercise."""

    exercise: str
    title: str
    judged: list[str] = Field(description="Titles of the rules that can be judged.")
    unjudged: list[UnjudgedPart]
    score: bool = Field(description="Whether enough of the critical rules can be judged.")


class InspectionReport(Part):
    """How a clip is filmed."""

    schema_version: Literal["1.0"] = "1.0"
    version: str
    language: str = Field(default=ENGLISH, description="Of all words; codes are the same in all.")
    path: str
    width: int = Field(description="As displayed, pixels.")
    height: int = Field(description="As displayed, pixels.")
    duration_s: float | None = Field(description="As the file says; null if it does not.")
    rate_hz: float = Field(description="Frames per second by the clip's own time stamps.")
    looked_at: list[LookedAtPart]
    filming: FilmingPart
    view: ViewPart
    trust: Trust
    believed: float = Field(
        ge=0, le=1, description="Share of body parts and times whose place is known well enough."
    )
    hidden: list[HiddenPart]
    people: int
    exercise: str | None = Field(description="What it was looked at for; null for any exercise.")
    recognised: str | None = Field(
        default=None, description="What it was judged as, told or recognised; null without one."
    )
    good_for: list[GoodForPart]


def build_inspection(inspection: Inspection, /) -> InspectionReport:
    """The report of a look before judging."""
    seen, filming, book = inspection.glimpses, inspection.filming, inspection.book
    width, height = seen.track.frame_wh
    t_s = seen.track.t_s
    return InspectionReport(
        version=__version__,
        language=spoken(),
        path=os.fsencode(inspection.path).decode("utf-8", "replace"),
        width=width,
        height=height,
        duration_s=None if seen.duration_s is None else round(seen.duration_s, 3),
        rate_hz=round(seen.rate_hz, 3),
        looked_at=[
            LookedAtPart(start_s=round(float(t_s[a]), 3), end_s=round(float(t_s[b]), 3))
            for a, b in seen.spans
        ],
        filming=filming_part(filming, before=True),
        view=view_part(filming.view),
        trust=filming.belief.trust,
        believed=round(filming.belief.share, 3),
        hidden=hidden_parts(filming.belief),
        people=seen.people,
        exercise=inspection.exercise,
        recognised=inspection.recognised,
        good_for=[
            _good_for(inspection, exercise)
            for exercise in book.exercises
            if inspection.exercise in (None, exercise.id)
        ],
    )


def _good_for(inspection: Inspection, exercise: Exercise) -> GoodForPart:
    view = inspection.filming.view
    every = inspection.book.rules[exercise.id].for_variant(None).rule
    rules = faults_of(every)
    judged = judged_from(view, rules)
    return GoodForPart(
        exercise=exercise.id,
        title=_(exercise.title),
        judged=[_(rule.title) for rule in judged],
        unjudged=[
            UnjudgedPart(rule=rule.id, title=_(rule.title), film=_(rule.film))
            for rule in rules
            if rule not in judged
        ],
        score=gives_score(view, every),
    )
