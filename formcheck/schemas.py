"""JSON Schema of what formcheck writes as JSON: every field with what it means.

A field whose meaning needs more than its name says it where it is declared. What a name means
wherever it stands is said here, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from formcheck.compare.model import ComparisonReport
from formcheck.errors import UsageError
from formcheck.history.model import AthleteHistory, AthleteList
from formcheck.report.inspection import InspectionReport
from formcheck.report.model import Profile, Report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.report.parts import Part

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: Mapping[str, type[Part]] = {
    "report": Report,
    "profile": Profile,
    "history": AthleteHistory,
    "athletes": AthleteList,
    "comparison": ComparisonReport,
    "inspection": InspectionReport,
}
"""What has a schema, by the name that `formcheck schema` takes."""
VERSION = "schema_version"

MEANINGS: Mapping[str, str] = {
    "a": "Of the first clip.",
    "a_error": "One standard error of the first clip's value.",
    "a_mean": "Mean of the first clip's repetitions; null where it was not measured.",
    "advice": "What to train or to do, the most useful first.",
    "angles_csv": "Table of joint angles; null if it was not written.",
    "annotated_video": "Video with the body drawn in; null if it was not written.",
    "at_s": "When it was measured, seconds of the clip; null if at no one moment.",
    "athlete": "Name of the athlete.",
    "athletes": "The athletes by name.",
    "b": "Of the second clip.",
    "b_error": "One standard error of the second clip's value.",
    "b_mean": "Mean of the second clip's repetitions; null where it was not measured.",
    "b_sd": "Between repetitions of the second clip; null with fewer than two.",
    "balance": "What should be kept in proportion.",
    "bar": "Where the bar was told to be; null where it was not told.",
    "bar_told": "Whether it was told where the weight is held.",
    "better": "Which values are better: low ones, high ones, or those near zero.",
    "candidates": "The exercises that were considered, the likeliest first.",
    "checks": "Verdicts of the rules.",
    "clips": "The clips that it is made from.",
    "ListedAthlete.clips": "How many clips there are.",
    "ProfileLift.clips": "How many clips there are.",
    "AthleteHistory.clips": "How many clips there are.",
    "code": "Name of the warning for programs.",
    "codec": "Name of the video codec.",
    "compared": "Whether left and right could be compared.",
    "confidence": "How sure that is, 0 to 1.",
    "UpperBackPart.confidence": "How far to rely on the finding.",
    "contraction": "What the weight does: goes down, stays or goes up; null in older reports.",
    "coverage": "Share of the frames in which the lifter was seen.",
    "cue": "Identifier of the sign.",
    "cues": "Signs that were looked for.",
    "AdvicePart.cues": "What to think of while doing it.",
    "curves": "Series over the mean repetition.",
    "date_source": "Who says when it was recorded: the video, its file's time, or the user.",
    "day": "The day, ISO 8601.",
    "difference": "Second clip minus first; null where it cannot be told.",
    "direction": "Better or worse by the rule; more or less where no rule judges the value.",
    "disclaimer": "What the finding is not.",
    "dose": "How much and how often; null where that means nothing.",
    "duration_s": "From the first frame to the end of the last, seconds.",
    "end_s": "End, seconds of the clip.",
    "error": "One standard error, in the unit of the value; null where it is not known.",
    "errors": "One standard error of each value.",
    "evidence": "Points behind it.",
    "SetCheckPart.evidence": "Grade of the source: how well the rule is founded.",
    "exercise": "Identifier of the exercise.",
    "Report.exercise": "Which exercise it is, and how that is known.",
    "files": "What was written beside the report.",
    "film": "How to film so that the rule can be judged.",
    "filming": "How well the clip is filmed.",
    "finding": "What the signs come to.",
    "first": "When the earliest clip was recorded, ISO 8601.",
    "formcheck": "Version of formcheck.",
    "Report.formcheck": "What produced the report.",
    "frames_sampled": "Frames that were looked at.",
    "frames_tracked": "Frames in which the lifter was found.",
    "good_for": "What can be judged from there, exercise by exercise.",
    "grade": "How far left and right differ.",
    "heading": "Title in few words.",
    "hidden": "Body parts that are not seen well enough, and when.",
    "html": "The page; null if it was not written.",
    "id": "Identifier.",
    "index": "Number of the repetition, from 1.",
    "kind": "Whether it is full, partial, failed or another movement.",
    "AdvicePart.kind": "What sort of advice it is.",
    "label": "The side that the camera sees, by name.",
    "largest": "The largest part of the excess; null where there is none.",
    "last": "When the latest clip was recorded, ISO 8601.",
    "leading_alternative": "What explains the signs as well; null if nothing does.",
    "lean": "The lean of a squat against what the build needs; null where it cannot be told.",
    "lean_error_deg": "One standard error of the lean, degrees.",
    "lifts": "The lifts.",
    "likeness": "How alike the best repetition is to this exercise, 0 to 1; null if not compared.",
    "limits": "Where each grade of the rule begins.",
    "load_kg": "Weight that was told, kilograms; null where none was.",
    "looked_at": "Parts of the clip that were looked at.",
    "loss_error": "One standard error of the loss.",
    "mark": "Whether it is fine, worth a note, or to be changed.",
    "mean_fps": "Frames per second, mean over the clip.",
    "mean_visibility": "How well the pose model saw the body, mean, 0 to 1.",
    "measurements": "What was measured, by name.",
    "ComparisonReport.measurements": "What was measured in both clips.",
    "measures": "What is measured, in a few words.",
    "message": "One sentence.",
    "mild": "Where a fault is mild from.",
    "model": "The pose model used.",
    "moderate": "Where a fault is moderate from.",
    "name": "Name.",
    "needed_high_deg": "Most lean that the build needs, degrees.",
    "needed_low_deg": "Least lean that the build needs, degrees.",
    "needs_view": "Views that the rule can be judged from.",
    "noise_cm": "Unsteadiness of the tracked body, centimetres; null if it is not known.",
    "note": "What to bear in mind.",
    "notes": "What the reader should know, in words.",
    "observations": "The signs as each clip measured them.",
    "other_explanations": "What else the sign may come from.",
    "over_set": "How the rule compares the repetitions of a set; null if it judges each alone.",
    "part": "The body part.",
    "path": "The clip, as it was named.",
    "pdf": "The page on paper; null if it was not written.",
    "people": "Most people of similar size in any one frame.",
    "persistence": "In which share of the repetitions it was seen.",
    "phase": "Name of the phase in which it was measured; null if in none.",
    "phases": "The parts of the repetition, in order.",
    "points": "What was looked at, point by point.",
    "TrendPart.points": "The value in each clip.",
    "load": "What got worse while the told weight went up; null without any.",
    "first_kg": "Weight of the first of these sessions, kilograms.",
    "last_kg": "Weight of the last of these sessions, kilograms.",
    "pose": "The tracked body; null if it was not written.",
    "posture": "How the lifter stands; null where that was not looked at.",
    "quality": "How well it could be measured, 0 to 1.",
    "read_at": "What stands for the bar.",
    "reason": "Why not, in words that may change; null where there is nothing to explain.",
    "CandidatePart.reason": "What speaks against it; null for what fits.",
    "reason_code": "The reason as a code.",
    "recorded_at": "When it was recorded, ISO 8601 with time zone.",
    "rep_count": "Repetitions that count: full and partial ones.",
    "Report.reps": "Every repetition, whatever its kind.",
    "CuePart.reps": "Numbers of the repetitions in which it was seen.",
    "ObservationPart.reps": "Number of repetitions that were looked at.",
    "ProfileCue.reps": "Number of repetitions that were looked at.",
    "ProfileLift.reps": "Number of repetitions.",
    "SidePart.reps": "Number of repetitions that were compared.",
    "reps_assessed": "Number of repetitions that could be judged.",
    "reps_flagged": "Numbers of the repetitions with a fault.",
    "rotation_deg": "How far the file says to turn the picture, degrees counter-clockwise.",
    "rule": "Identifier of the rule.",
    "rules_sha256": "SHA-256 of the rules.",
    VERSION: "Version of this shape; fields may be added within one.",
    "score": "0 to 100; null when too little could be judged.",
    "CandidatePart.score": "How well it fits, 0 to 1.",
    "sentence": "In words; null where there is nothing to say.",
    "sentences": "In words.",
    "series": "Name of the series.",
    "sessions": "The value on each day.",
    "severe": "Where a fault is severe from.",
    "severity": "The verdict: ok, mild, moderate, severe or not_assessed.",
    "ObservationPart.severity": "How marked it is, 0 to 1.",
    "sha256": "SHA-256 of the file's content.",
    "shin_explains": "Whether upright shins explain a forward lean.",
    "side": "The side with the smaller value; null where none is.",
    "since": "Day of the first session after the change, ISO 8601.",
    "size": "How large the change is, in the unit of the trend.",
    "source": "Where the rule comes from.",
    "ExercisePart.source": "Whether it was recognised or given.",
    "speed": "Speed on the way up; null where it means nothing.",
    "start_s": "Start, seconds of the clip.",
    "subject_switches": "How often the tracked body jumped.",
    "title": "What it is called on the page.",
    "topic": "What was looked at.",
    "tracking": "How well the lifter was tracked.",
    "trust": "How far the tracking can be relied on.",
    "turn_s": "Bottom of a squat, top of a pull, seconds of the clip.",
    "unit": "Unit of the value.",
    "unjudged": "Rules that cannot be judged from there.",
    "upper_back": "Whether the upper back looks like the weak link.",
    "upper_lower": "How much the clips train the upper body against the lower; null if not told.",
    "valid": "Whether the value may be judged.",
    "value": "The value; null where it was not measured.",
    "variable": "Name of what is compared.",
    "variable_frame_rate": "Whether the times between frames differ noticeably.",
    "variables": "What was compared, one by one.",
    "variant": "Identifier of the variant; null where it has none or it is not clear.",
    "variant_title": "What the variant is called on the page; null where there is none.",
    "verdict": "What it comes to.",
    "version": "Version of formcheck.",
    "video": "The clip.",
    "view": "Where the camera stood.",
    "warnings": "What the reader should know.",
    "weight": "How much the sign counts.",
    "why": "What it is for.",
    "yaw_error_deg": "One standard error of the angle, degrees.",
}
"""By the name of a field; ``Part.field`` is for that part alone and goes first."""


def json_schema(name: str, /) -> dict[str, Any]:
    """The JSON Schema of one kind of file.

    Parameters
    ----------
    name
        One of `MODELS`.

    Raises
    ------
    UsageError
        If it is none of them.
    """
    if name not in MODELS:
        raise UsageError(f"Expected one of {', '.join(MODELS)}, got {name!r}.")
    model = MODELS[name]
    found = model.model_json_schema(mode="serialization")
    for part, schema in ((model.__name__, found), *found.get("$defs", {}).items()):
        for field, told in schema.get("properties", {}).items():
            if "description" not in told:
                own = f"{part}.{field}"
                told["description"] = MEANINGS[own] if own in MEANINGS else MEANINGS[field]
    version = found["properties"][VERSION]["const"]
    return {"$schema": DIALECT, "$id": f"urn:formcheck:{name}:{version}", **found}
