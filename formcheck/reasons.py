"""Why something could not be judged: a code with data, not a sentence.

Every stage gives reasons; `formcheck.words.reasons` puts them into words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class ReasonCode(StrEnum):
    """Names of the report contract."""

    WRONG_VIEW = "wrong_view"
    NOT_FRONTAL = "not_frontal"
    VIEW_CHANGED = "view_changed"
    SHORT_SHOTS = "short_shots"
    VIEW_UNSURE = "view_unsure"
    NO_PLANE = "no_plane"
    NOT_SEEN = "not_seen"
    HIDDEN = "hidden"
    NO_LENGTHS = "no_lengths"
    NO_FEET = "no_feet"
    SIDE_HIDDEN = "side_hidden"
    TOO_FEW_FRAMES = "too_few_frames"
    NOT_MEASURED = "not_measured"
    NO_REPS = "no_reps"
    TOO_FEW_REPS = "too_few_reps"
    TOO_FEW_MEASURED = "too_few_measured"
    TOO_CLOSE = "too_close"
    EXCLUDED = "excluded"
    WHICH_BAR = "which_bar"
    LOW_BAR = "low_bar"
    ANY_LEAN = "any_lean"
    UPRIGHT_SHINS = "upright_shins"
    NO_SPEED = "no_speed"
    NO_HEIGHT = "no_height"
    ONE_ARM = "one_arm"
    NOT_STANDING = "not_standing"
    SHORT_TRAVEL = "short_travel"
    OTHER_MOVEMENT = "other_movement"
    NOT_FINISHED = "not_finished"
    CUT_OFF = "cut_off"
    NO_PICTURES = "no_pictures"
    NOT_OF_SET = "not_of_set"
    NO_MOVEMENT = "no_movement"
    OTHER_TURN = "other_turn"
    HALF_GIVEN = "half_given"
    HALF_CUT = "half_cut"
    OTHER_PACE = "other_pace"
    COUNT_UNSURE = "count_unsure"


Pace = Literal["slow", "fast"]


@dataclass(frozen=True)
class Reason:
    """Why something was not judged, or why a repetition is not a full one.

    Attributes
    ----------
    code
        What stood in the way.
    view
        Where the camera stands (`WRONG_VIEW`).
    views
        View groups from which it can be judged (`WRONG_VIEW`).
    needed, got
        Repetitions (`TOO_FEW_REPS`, `TOO_FEW_MEASURED`).
    of
        Repetitions that there are (`TOO_FEW_MEASURED`).
    share
        Of a full repetition's travel (`SHORT_TRAVEL`).
    exercise
        Title of the exercise that it does not look like (`OTHER_MOVEMENT`).
    parts
        Body parts whose place is a guess (`HIDDEN`).
    when
        The instant or window of a repetition in which they are; the turn has the exercise's
        name for it ("bottom"), a whole repetition none (`HIDDEN`); the half that is missing
        (`HALF_GIVEN`, `HALF_CUT`), too slow or too fast (`OTHER_PACE`); which of a set, "first" or
        "last" (`CUT_OFF`).
    outside
        Body parts, these or others, that the edge of the picture cuts off then (`HIDDEN`).
    reps
        Numbers of the repetitions, where it is said of a set (`HIDDEN`, `COUNT_UNSURE`,
        `VIEW_CHANGED`).
    at_s
        Where it does turn, seconds of the clip (`OTHER_TURN`).
    pace
        Whether it is too slow or too fast (`OTHER_PACE`).
    aside_deg
        How far the camera stands beside straight in front or behind (`NOT_FRONTAL`).
    text
        Words that were given: by a rule or exercise file, or by an earlier report.
    """

    code: ReasonCode
    view: str | None = None
    views: tuple[str, ...] = ()
    needed: int | None = None
    got: int | None = None
    of: int | None = None
    share: float | None = None
    exercise: str = ""
    parts: tuple[str, ...] = ()
    when: str = ""
    outside: tuple[str, ...] = ()
    reps: tuple[int, ...] = ()
    at_s: float | None = None
    pace: Pace | None = None
    aside_deg: float | None = None
    text: str = ""
