"""report.json, version 1: the shape that other tools rely on.

Names, units and meanings are fixed; fields may be added. The JSON Schema is
`Report.model_json_schema()` (``formcheck schema``).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from formcheck.kinematics.belief import Trust
from formcheck.lifter import Bar
from formcheck.reasons import ReasonCode
from formcheck.report.filming import FilmingPart, HiddenPart, ViewPart
from formcheck.report.parts import Part
from formcheck.reps.engine import RepKind
from formcheck.words.language import ENGLISH
from formcheck.words.severity import Severity


def _in_order(span: tuple[int, int] | None) -> tuple[int, int] | None:
    if span is not None and not 0 <= span[0] <= span[1]:
        raise ValueError(f"expected the fewest before the most reps, got {list(span)}")
    return span


CountRange = Annotated[tuple[int, int] | None, AfterValidator(_in_order)]
"""Fewest and most repetitions that there may be; None where it is not known."""
WHY_NOT = Field(default=None, description="The reason as a code; null in older reports.")


class ModelInfo(Part):
    """The pose model used."""

    name: str
    sha256: str


class Provenance(Part):
    """What produced the report."""

    version: str
    model: ModelInfo
    rules_sha256: str
    settings: dict[str, Any] = Field(description="Every option that changes the result.")


class VideoPart(Part):
    """The clip."""

    path: str
    sha256: str
    width: int = Field(description="As displayed, pixels.")
    height: int = Field(description="As displayed, pixels.")
    duration_s: float
    frames: int = Field(description="Frames decoded.")
    mean_fps: float
    variable_frame_rate: bool
    rotation_deg: int
    codec: str
    recorded_at: str | None = Field(
        default=None,
        description="By the container, ISO 8601 with time zone; null if it gives none.",
    )


class TrackingPart(Part):
    """How well the lifter was tracked."""

    frames_sampled: int
    frames_tracked: int
    frames_measured: int | None = Field(
        default=None,
        description="Frames that the pose network analysed; in the others, where the body moves "
        "evenly, it lies between its neighbours.",
    )
    coverage: float = Field(ge=0, le=1)
    mean_visibility: float
    noise_cm: float | None
    trust: Trust | None = Field(
        default=None,
        description="How far the tracking can be relied on during the reps; null in older reports.",
    )
    believed: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Share of the verdicts that hold in spite of what is not seen well; where "
        "nothing is judged, of the body parts and times whose place is known well enough.",
    )
    hidden: list[HiddenPart] = Field(
        default_factory=list,
        description="What rules need and was not seen well enough during the reps, and when.",
    )
    by_second: dict[str, Annotated[str, Field(pattern="^[0-9]*$")]] = Field(
        default_factory=dict,
        description="Landmark (left_knee) to one digit for each second of the clip from its start: "
        "tenths of the second's pictures in which its place is known well enough, rounded down; "
        "9 is nine tenths or more. 0 also where nobody is tracked or the clip was not analysed. "
        "Empty in older reports.",
    )
    subject_switches: int
    people: int = Field(description="Most people of similar size in any one frame.")


class CandidatePart(Part):
    """One exercise considered; `reason` says what speaks against most of what does not fit."""

    id: str
    score: float
    likeness: float | None = None
    reason: str | None = None


class ExercisePart(Part):
    """The exercise."""

    id: str
    title: str
    variant: str | None
    variant_title: str | None
    source: Literal["detected", "given"]
    confidence: float = Field(ge=0, le=1)
    candidates: list[CandidatePart]
    unseen: list[str] = Field(
        default_factory=list,
        description="What no view shows formcheck, so that it is never judged.",
    )


class PhasePart(Part):
    """A named part of a repetition; what the weight does in it is unknown in old reports."""

    name: str
    start_s: float
    end_s: float
    contraction: Literal["eccentric", "turn", "concentric"] | None = None


class MeasurementPart(Part):
    """A number with its standard error."""

    value: float | None
    unit: str
    error: float | None
    valid: bool
    reason: str | None
    reason_code: ReasonCode | None = WHY_NOT
    at_s: float | None


class LimitsPart(Part):
    """Where each grade begins."""

    mild: float
    moderate: float
    severe: float


class SecondPart(Part):
    """A rule's second condition, where it makes the verdict milder than the value does."""

    measures: str
    value: float
    error: float | None
    unit: str
    limits: LimitsPart
    better: Literal["low", "high", "zero"]


class RepCheckPart(Part):
    """The verdict of one rule on one repetition."""

    rule: str
    severity: Severity
    value: float | None
    unit: str
    error: float | None
    limits: LimitsPart
    at_s: float | None
    phase: str | None
    reason: str | None
    reason_code: ReasonCode | None = WHY_NOT
    decided_by: SecondPart | None = Field(
        default=None, description="The second condition, where it decided."
    )


class RepPart(Part):
    """One repetition."""

    index: int
    start_s: float
    turn_s: float
    end_s: float
    start_error_s: float | None = Field(default=None, description="One standard error, seconds.")
    end_error_s: float | None = Field(default=None, description="One standard error, seconds.")
    side: Literal["left", "right"] | None = Field(
        default=None, description="The arm that does it, where the other one rests."
    )
    kind: RepKind
    reason: str | None
    reason_code: ReasonCode | None = WHY_NOT
    share: float | None = Field(
        default=None, description="Of a full repetition's travel, where that is why it is partial."
    )
    phases: list[PhasePart]
    measurements: dict[str, MeasurementPart]
    checks: list[RepCheckPart]
    score: float | None

    @property
    def counts(self) -> bool:
        """Whether it is part of the repetition count."""
        return RepKind(self.kind).counts

    @property
    def is_partial(self) -> bool:
        """Whether it counts without being a full one."""
        return self.kind == RepKind.PARTIAL


class PassedPart(Part):
    """A movement before or after the set that is no repetition."""

    start_s: float
    end_s: float
    reason: str
    reason_code: ReasonCode


class SetCheckPart(Part):
    """The verdict of one rule on the set, with what the rule says."""

    rule: str
    title: str
    measurement: str = Field(description="Name among the measurements of each repetition.")
    measures: str = Field(description="What is measured, in a few words.")
    better: Literal["low", "high", "zero"]
    weight: float = Field(description="Share of 25 points that a severe fault costs.")
    critical: bool = Field(description="Whether it must be assessed for a score.")
    over_set: Literal["loss", "fall", "growth"] | None
    half: Literal["out", "back"] | None = Field(
        description="The half of a repetition whose time is judged."
    )
    severity: Severity
    value: float | None
    unit: str
    error: float | None
    limits: LimitsPart
    reps_flagged: list[int]
    reps_assessed: int
    message: str
    needs_view: list[str]
    film: str
    source: str
    evidence: str
    reason: str | None
    reason_code: ReasonCode | None = WHY_NOT
    decided_by: SecondPart | None = Field(
        default=None, description="The second condition, where it decided."
    )
    of_flagged: bool = Field(
        default=False,
        description="Whether the value is of the flagged repetitions alone: that of all is fine.",
    )
    priority: float = Field(default=0.0, description="How much to fix it first; 0: no fault.")
    cost: float = Field(default=0.0, description="Points that it takes off the score.")


class SidePart(Part):
    """One comparison of left and right; `side` shows the smaller value."""

    variable: str
    title: str
    value: float | None = Field(description="Right minus left, less any difference at rest.")
    error: float | None
    unit: Literal["percent", "arm", "deg", "s", "trunk"]
    grade: Literal["ok", "watch", "clear", "not_assessed"]
    side: Literal["left", "right"] | None
    same_way: int = Field(description="Repetitions that differ in this direction.")
    reps: int
    message: str | None
    reason: str | None = Field(description="Why it was not assessed.")
    reason_code: ReasonCode | None = WHY_NOT
    clips: int = Field(default=1, description="Clips that could be compared.")
    usual: bool = Field(default=True, description="Whether most of these clips say so.")
    note: str | None = Field(default=None, description="What the other clips say.")


class SidesPart(Part):
    """Left against right."""

    compared: bool
    summary: str | None = Field(description="In words, when no difference is flagged.")
    variables: list[SidePart]


class BalancePart(Part):
    """What should be kept in proportion."""

    left_right: SidesPart | None = Field(description="Null for lifts without a comparison.")
    upper_lower: dict[str, Any] | None


class CuePart(Part):
    """A sign that the upper back may limit the lift."""

    id: str
    title: str
    severity: Severity
    persistence: float
    reps: list[int]
    weight: float
    evidence: float
    message: str
    other_explanations: list[str]


class ObservationPart(Part):
    """A cue as one clip measured it: what findings over several clips are made of."""

    cue: str
    severity: float = Field(ge=0, le=1)
    persistence: float = Field(ge=0, le=1)
    quality: float = Field(ge=0, le=1)
    reps: int
    discount: float = Field(default=1.0, ge=0, le=1, description="Share left after context.")
    challenged: bool = Field(default=False, description="Whether the set was hard.")


class AdvicePart(Part):
    """Something to train or to do."""

    kind: Literal["exercise", "warm_up", "technique", "filming"]
    name: str
    why: str
    dose: str | None
    cues: list[str]


class PostureCheckPart(Part):
    """The verdict of one rule on standing still."""

    rule: str
    title: str
    severity: Severity
    value: float | None
    unit: str
    error: float | None
    limits: LimitsPart
    message: str
    reason: str | None
    reason_code: ReasonCode | None = WHY_NOT


class PosturePart(Part):
    """How the lifter stands: weak evidence."""

    start_s: float | None
    end_s: float | None
    checks: list[PostureCheckPart]
    reason: str | None = Field(description="Why standing was not judged.")
    reason_code: ReasonCode | None = WHY_NOT
    note: str


class UpperBackPart(Part):
    """Whether the upper back looks like the weak link."""

    finding: Literal["none", "watch", "likely", "insufficient"]
    confidence: Literal["low", "medium", "high"]
    evidence: float
    cues: list[CuePart]
    leading_alternative: str | None
    balance: BalancePart
    advice: list[AdvicePart]
    disclaimer: str
    notice: str = Field(
        default="", description="The disclaimer in a line, where a page has it all."
    )
    observations: list[ObservationPart] = Field(default_factory=list)
    answer: str = Field(default="", description="The finding in one sentence.")
    looked_at: list[str] = Field(
        default_factory=list, description="What was checked and what was not, in sentences."
    )
    stated: str = Field(default="", description="What the finding rests on.")
    thorough: bool = Field(default=False, description="Whether finding no sign means something.")
    unchecked: list[str] = Field(
        default_factory=list, description="Signs that belong to the lift but could not be judged."
    )
    routine: list[str] = Field(default_factory=list, description="How much and how often.")
    posture: PosturePart | None = None
    shin_explains: bool = Field(
        default=False, description="Whether upright shins explain a forward lean."
    )


class WarningPart(Part):
    """Something the reader should know."""

    code: str
    message: str


class FilesPart(Part):
    """Files next to the report, relative."""

    angles_csv: str | None = None
    annotated_video: str | None = None
    html: str | None = None
    pdf: str | None = None
    pose: str | None = None


class LeanPart(Part):
    """How far a squat leans against what the lifter's build needs, degrees."""

    lean_deg: float = Field(description="At the bottom, median over the repetitions.")
    lean_error_deg: float
    needed_low_deg: float
    needed_high_deg: float
    excess_deg: float = Field(description="Beyond the upper end of what is needed.")
    error_deg: float = Field(description="One standard error of the excess.")
    shin_deg: float | None = Field(description="Part that upright shins force.")
    balance_deg: float | None = Field(description="Part beyond what the measured legs need.")
    pitch_deg: float | None = Field(description="Extra lean on the way up.")
    largest: Literal["shin", "balance", "pitch"] | None
    shin_explains: bool
    bars: list[Bar] = Field(description="Where the weight may be held.")
    bar_told: bool
    load_share: float = Field(description="Weight over body weight that was assumed.")
    sentences: list[str]


class SpeedPart(Part):
    """How fast the weight goes up; what stands for the bar is named."""

    read_at: str
    unit: Literal["m/s", "arm/s"]
    values: list[float | None] = Field(description="Mean of each repetition that counts.")
    errors: list[float | None]
    loss: float | None = Field(description="Drop from the fastest rep to the last, as a share.")
    loss_error: float | None
    sentence: str | None


class NotesPart(Part):
    """What the coach noted, plain Markdown as it was written; empty where nothing was."""

    clip: str = Field(default="", description="On this clip.")
    folder: str = Field(default="", description="On all clips of its folder.")


class Report(Part):
    """One clip's report."""

    schema_version: Literal["1.0"] = "1.0"
    language: str = Field(default=ENGLISH, description="Of all words; codes are the same in all.")
    formcheck: Provenance
    video: VideoPart
    tracking: TrackingPart
    view: ViewPart
    filming: FilmingPart | None = Field(
        default=None, description="How well the clip is filmed; null in older reports."
    )
    exercise: ExercisePart
    reps: list[RepPart]
    rep_count: int
    count_range: CountRange = Field(
        default=None,
        description="Fewest and most repetitions that there may be; null in older reports.",
    )
    count_unsure: str | None = Field(
        default=None, description="Why it is not one number, in words; null where it is."
    )
    not_counted: list[PassedPart] = Field(
        default=[], description="Movements before and after the set that are no repetitions."
    )
    by_hand: list[Literal["exercise", "reps", "lifter", "bar", "load"]] = Field(
        default_factory=list,
        description="What was set by hand instead of found or guessed; the values are in the "
        "settings.",
    )
    checks: list[SetCheckPart]
    score: float | None
    lean: LeanPart | None = None
    speed: SpeedPart | None = None
    upper_back: UpperBackPart
    warnings: list[WarningPart]
    notes: NotesPart = Field(default_factory=NotesPart)
    files: FilesPart


class ProfileClip(Part):
    """One clip behind a profile."""

    path: str
    exercise: str
    title: str
    view: str
    rep_count: int
    count_range: CountRange = Field(
        default=None, description="Fewest and most that there may be; null in older reports."
    )
    score: float | None


class ProfileCue(Part):
    """A sign in one lift: in how many of its repetitions, over all its clips."""

    id: str
    title: str
    severity: Severity
    seen: int | None = Field(description="Null for a change over the whole set.")
    reps: int


class ProfileLift(Part):
    """The signs of one lift, the strongest first."""

    exercise: str
    name: str
    clips: int
    reps: int
    measured: int = Field(description="Signs that were looked for.")
    cues: list[ProfileCue]


class Profile(Part):
    """What several clips of one lifter say together (``profile.json``)."""

    schema_version: Literal["1.0"] = "1.0"
    language: str = Field(default=ENGLISH, description="Of all words; codes are the same in all.")
    clips: list[ProfileClip]
    left_out: list[str] = Field(description="Clips that were given twice, in words.")
    upper_back: UpperBackPart
    lifts: list[ProfileLift]
    agreement: list[str] = Field(description="What agrees across lifts, in words.")
    against: list[str] = Field(description="What speaks against the finding, in words.")
    missing: list[str] = Field(description="What footage is missing, in words.")
