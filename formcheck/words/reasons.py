"""Why something was not judged, in words."""

from __future__ import annotations

from formcheck.reasons import Reason, ReasonCode
from formcheck.words.terms import TELL_BAR, TELL_HEIGHT, filmed, filmed_from
from formcheck.words.text import clock, counted, reps_named, some
from formcheck.words.tracking import AT_EDGE, NOT_WELL, parts_were

WORDS = {
    ReasonCode.WRONG_VIEW: "can't be judged {view}; film {views}",
    ReasonCode.NOT_FRONTAL: "left and right can only be compared from straight in front or behind",
    ReasonCode.VIEW_CHANGED: "this rep was filmed from another angle than most of the clip",
    ReasonCode.SHORT_SHOTS: "the clip is cut together from short shots; film one set in one take",
    ReasonCode.VIEW_UNSURE: "it was not clear which way you face",
    ReasonCode.NO_PLANE: "can't be judged from this angle; film from the side",
    ReasonCode.NOT_SEEN: "the body parts it needs were not seen well enough",
    ReasonCode.HIDDEN: "{parts} {unseen}{when}; film {film}",
    ReasonCode.NO_LENGTHS: (
        "shin, thigh and torso were not seen well enough; film your whole body from the side"
    ),
    ReasonCode.NO_FEET: (
        "heels and toes were not seen well enough; film from the side with your feet in the frame"
    ),
    ReasonCode.SIDE_HIDDEN: "one side was not seen well enough for most of the time",
    ReasonCode.TOO_FEW_FRAMES: "too few frames of the way up",
    ReasonCode.NOT_MEASURED: "it could not be measured",
    ReasonCode.NO_REPS: "no rep was found",
    ReasonCode.TOO_FEW_REPS: "needs at least {needed}, got {got}",
    ReasonCode.TOO_FEW_MEASURED: "could be measured in too few reps; needs at least {needed}",
    ReasonCode.TOO_CLOSE: "borderline: too close to call at this accuracy",
    ReasonCode.EXCLUDED: "something else in the rep makes it impossible to tell",
    ReasonCode.WHICH_BAR: (
        f"{TELL_BAR} to judge this: with a low bar, your back need not be parallel to your shins"
    ),
    ReasonCode.LOW_BAR: "with a low bar, your back need not be parallel to your shins",
    ReasonCode.ANY_LEAN: (
        "at these proportions and angles almost any lean would balance; "
        f"{TELL_BAR} and film from the side"
    ),
    ReasonCode.UPRIGHT_SHINS: "no lean would balance over shins this upright",
    ReasonCode.NO_SPEED: "speed means nothing in this exercise",
    ReasonCode.NO_HEIGHT: f"{TELL_HEIGHT} to get speed in m/s",
    ReasonCode.ONE_ARM: "one arm works at a time, so there is nothing to compare within a rep",
    ReasonCode.NOT_STANDING: "no three seconds of standing still were seen from the side",
    ReasonCode.SHORT_TRAVEL: "{share:.0%} of the range of motion expected of a full rep",
    ReasonCode.OTHER_MOVEMENT: "does not look like {exercise}",
    ReasonCode.NOT_FINISHED: "you did not come back to where you began",
    ReasonCode.CUT_OFF: "what is seen of you begins or ends in the middle of it",
    ReasonCode.NO_MOVEMENT: "no movement of the lift was seen in it",
    ReasonCode.OTHER_TURN: "does not turn at the time set by hand, but at about {at}",
    ReasonCode.HALF_GIVEN: "the time set by hand for this rep does not hold {half}",
    ReasonCode.HALF_CUT: "the clip or the shot begins or ends in the middle of {half}",
    ReasonCode.OTHER_PACE: "moves like a rep, but too {pace}{when} to count as one",
    ReasonCode.COUNT_UNSURE: "some reps are seen too badly to be sure of the count",
    ReasonCode.NOT_OF_SET: "too small and too far from the set: taken for set-up or re-racking",
}
WHEN = {
    "rest": "at the start and end",
    "eccentric": "on the way down",
    "concentric": "on the way up",
}
"""Windows of a repetition; instants and turns are named as they are called."""
SEEN_BADLY = frozenset(
    {
        ReasonCode.VIEW_UNSURE,
        ReasonCode.NOT_SEEN,
        ReasonCode.SIDE_HIDDEN,
        ReasonCode.TOO_FEW_FRAMES,
        ReasonCode.NOT_MEASURED,
        ReasonCode.NO_REPS,
        ReasonCode.EXCLUDED,
    }
)
"""Codes that better footage may cure and whose words do not say how to film."""


def sentence(reason: Reason, /) -> str:
    """A reason as part of a sentence: in lower case, without a full stop.

    >>> sentence(Reason(ReasonCode.WRONG_VIEW, view="side_left", views=("front",)))
    "can't be judged from the left side; film from the front or back"
    >>> sentence(Reason(ReasonCode.TOO_FEW_REPS, needed=3, got=2))
    'needs at least 3 reps, got 2'
    >>> sentence(Reason(ReasonCode.HIDDEN, view="side_left", parts=("hip",), when="bottom"))
    'your hip was not seen well enough at the bottom; film in good light, from a little in front'
    >>> sentence(Reason(ReasonCode.HIDDEN, parts=("hip",), outside=("foot",), reps=(1, 2, 3)))
    'your hip was not seen well enough in reps 1 to 3; film with your whole body in the frame'
    >>> sentence(Reason(ReasonCode.OTHER_PACE, pace="slow", when="eccentric"))
    'moves like a rep, but too slow on the way down to count as one'
    >>> sentence(Reason(ReasonCode.EXCLUDED, text="the torso swings too much to tell"))
    'the torso swings too much to tell'
    """
    if reason.text:
        return reason.text
    return WORDS[reason.code].format(
        view=filmed(reason.view or "unknown"),
        views=filmed_from(reason.views),
        needed=counted(reason.needed or 0, "rep"),
        got=reason.got,
        share=reason.share,
        exercise=some(reason.exercise),
        parts=parts_were(reason.parts) or "body parts that it needs were",
        unseen=AT_EDGE if {*reason.parts} <= {*reason.outside} else NOT_WELL,
        when=_when(reason),
        half=WHEN.get(reason.when, f"the {reason.when}").removeprefix("on "),
        film=_film(reason),
        pace=reason.pace,
        at=clock(reason.at_s or 0.0),
    )


def _when(reason: Reason) -> str:
    """In which part of which repetitions something is not seen; empty for all of it."""
    when = WHEN.get(reason.when, f"at the {reason.when}") if reason.when else ""
    if reason.reps:
        when += f"{' of' if when.startswith('at') else ' in'} {reps_named(reason.reps)}"
    return when and f" {when.strip()}"


def _film(reason: Reason) -> str:
    """How to film so that it is seen: why it is not, nobody knows but for the edge of the frame."""
    if reason.outside:  # what is next to it suffers with it
        return "with your whole body in the frame"
    if (reason.view or "").startswith("side"):  # plates hide what is behind them
        return "in good light, from a little in front"
    return "in good light, with a clear view of you"


def said(reason: Reason | None, /) -> str | None:
    """A reason as part of a sentence, if there is one."""
    return None if reason is None else sentence(reason)


def wants_filming_hint(code: ReasonCode | None, /) -> bool:
    """Whether how to film for a rule belongs beside the reason; so it does where none is known.

    >>> wants_filming_hint(ReasonCode.NOT_SEEN), wants_filming_hint(ReasonCode.WRONG_VIEW)
    (True, False)
    """
    return code is None or code in SEEN_BADLY
