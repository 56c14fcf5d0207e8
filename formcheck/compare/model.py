"""comparison.json: two clips of one exercise, and B - A with its error."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from formcheck import __version__
from formcheck.compare.curves import PHASE_PERCENT, series_title
from formcheck.reasons import ReasonCode
from formcheck.report.build_upper_back import number
from formcheck.report.model import ModelInfo
from formcheck.report.parts import Part
from formcheck.words.comparison import why_missing
from formcheck.words.language import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.analysis import AnalysedClip
    from formcheck.compare.comparison import Comparison, CurvePair, MeasuredPair, Side

DIGITS = 4


class ComparedClip(Part):
    """One of the two clips."""

    path: str
    sha256: str
    model: ModelInfo
    view: str
    variant: str | None
    reps: list[int] = Field(description="Numbers of the repetitions that are compared.")


class CurvePart(Part):
    """A series over the mean repetition of both clips, at each of `phase_percent`."""

    series: str
    title: str
    unit: str
    a_mean: list[float | None]
    a_sd: list[float | None] = Field(description="Between repetitions; null with fewer than two.")
    b_mean: list[float | None]
    b_sd: list[float | None]
    difference: list[float | None] = Field(description="B - A.")
    error: list[float | None] = Field(description="One standard error of the difference.")
    clear: list[bool] = Field(description="Whether it is larger than twice its error.")
    largest_at_percent: float | None = Field(description="Where the difference is largest.")


class DifferencePart(Part):
    """A measurement of both clips: medians over the repetitions, and B - A."""

    name: str
    title: str
    short: str = Field(description="The title in few words.")
    unit: str
    a: float | None
    a_error: float | None
    b: float | None
    b_error: float | None
    difference: float | None
    error: float | None = Field(description="One standard error of the difference.")
    clear: bool = Field(description="Whether it is larger than twice its error.")
    reason: str | None = Field(description="Why there is no difference to tell.")
    reason_codes: dict[str, ReasonCode] = Field(
        default_factory=dict, description="The same as a code for each clip without a value."
    )


class ComparisonReport(Part):
    """Two clips of one exercise (``comparison.json``)."""

    schema_version: Literal["1.0"] = "1.0"
    formcheck: str = Field(description="Version of formcheck.")
    exercise: str
    title: str
    phases: list[str] = Field(description="Names of the first half, the turn and the second half.")
    a: ComparedClip
    b: ComparedClip
    phase_percent: list[float] = Field(description="0 = start, 50 = turn, 100 = end.")
    curves: list[CurvePart]
    measurements: list[DifferencePart]
    notes: list[str] = Field(description="What the reader should know, in words.")


def build_comparison(
    comparison: Comparison, clip_a: AnalysedClip, clip_b: AnalysedClip, /
) -> ComparisonReport:
    """What is written of a comparison of two clips."""
    definition = comparison.definition
    return ComparisonReport(
        formcheck=__version__,
        exercise=definition.id,
        title=_(definition.title),
        phases=list(definition.phases),
        a=_clip(clip_a, comparison.a),
        b=_clip(clip_b, comparison.b),
        phase_percent=[float(p) for p in PHASE_PERCENT],
        curves=[_curve(pair) for pair in comparison.curves],
        measurements=[_difference(pair) for pair in comparison.measurements],
        notes=list(comparison.notes),
    )


def _clip(clip: AnalysedClip, side: Side) -> ComparedClip:
    video, analysis = clip.tracked.video, clip.analysis
    return ComparedClip(
        path=os.fsencode(video.path).decode("utf-8", "replace"),
        sha256=video.sha256,
        model=ModelInfo(name=clip.model.name, sha256=clip.model.sha256),
        view=analysis.motion.view.label.value,
        variant=None if analysis.variant is None else analysis.variant.id,
        reps=list(side.numbers),
    )


def _curve(pair: CurvePair) -> CurvePart:
    largest = pair.largest_at
    return CurvePart(
        series=pair.series,
        title=series_title(pair.series),
        unit=pair.unit,
        a_mean=_numbers(pair.a.mean),
        a_sd=_numbers(pair.a.sd),
        b_mean=_numbers(pair.b.mean),
        b_sd=_numbers(pair.b.sd),
        difference=_numbers(pair.difference),
        error=_numbers(pair.error),
        clear=[bool(clear) for clear in pair.clear],
        largest_at_percent=None if largest is None else float(PHASE_PERCENT[largest]),
    )


def _difference(pair: MeasuredPair) -> DifferencePart:
    told = not pair.missing
    return DifferencePart(
        name=pair.name,
        title=_(pair.title),
        short=_(pair.short),
        unit=pair.unit,
        a=number(pair.a, DIGITS),
        a_error=number(pair.a_error, DIGITS),
        b=number(pair.b, DIGITS),
        b_error=number(pair.b_error, DIGITS),
        difference=number(pair.difference, DIGITS) if told else None,
        error=number(pair.error, DIGITS) if told else None,
        clear=pair.clear,
        reason=why_missing(pair.missing) or None,
        reason_codes={label: why.code for label, why in pair.missing},
    )


def _numbers(values: NDArray[Any]) -> list[float | None]:
    return [number(float(value), DIGITS) for value in values]
