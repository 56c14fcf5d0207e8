"""Why something was not judged, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.reasons import Reason, ReasonCode
from formcheck.words.language import _, later, percent, plural
from formcheck.words.terms import filmed, filmed_from
from formcheck.words.text import clock, reps_named, some
from formcheck.words.tracking import parts_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ASIDE = later(
    "the camera did not stand straight enough in front or behind to compare left and right"
)
"""Where it was nearly there: the view may well be called one from the front."""
WORDS = {
    ReasonCode.WRONG_VIEW: later("can't be judged {view}; film {views}"),
    ReasonCode.NOT_FRONTAL: later(
        "left and right can only be compared from straight in front or behind"
    ),
    ReasonCode.VIEW_CHANGED: later("this rep was filmed from another angle than most of the clip"),
    ReasonCode.SHORT_SHOTS: later(
        "the clip is cut together from short shots; film one set in one take"
    ),
    ReasonCode.VIEW_UNSURE: later("it was not clear which way you face"),
    ReasonCode.NO_PLANE: later("can't be judged from this angle; film from the side"),
    ReasonCode.NOT_SEEN: later("formcheck could not follow the body parts it needs well enough"),
    ReasonCode.NO_LENGTHS: later(
        "formcheck could not follow shin, thigh and torso well enough; film your whole body from "
        "the side"
    ),
    ReasonCode.NO_FEET: later(
        "formcheck could not follow heels and toes well enough; film from the side with your feet "
        "in the frame"
    ),
    ReasonCode.SIDE_HIDDEN: later(
        "formcheck could not follow one side well enough for most of the time"
    ),
    ReasonCode.TOO_FEW_FRAMES: later("too few frames of the way up"),
    ReasonCode.NOT_MEASURED: later("it could not be measured"),
    ReasonCode.NO_REPS: later("no rep was found"),
    ReasonCode.TOO_CLOSE: later("borderline: too close to call at this accuracy"),
    ReasonCode.EXCLUDED: later("something else in the rep makes it impossible to tell"),
    ReasonCode.WHICH_BAR: later(
        "tell formcheck where you hold the bar to judge this: with a low bar, your back need not "
        "be parallel to your shins"
    ),
    ReasonCode.LOW_BAR: later("with a low bar, your back need not be parallel to your shins"),
    ReasonCode.ANY_LEAN: later(
        "at these proportions and angles almost any lean would balance; "
        "tell formcheck where you hold the bar and film from the side"
    ),
    ReasonCode.UPRIGHT_SHINS: later("no lean would balance over shins this upright"),
    ReasonCode.NO_SPEED: later("speed means nothing in this exercise"),
    ReasonCode.NO_HEIGHT: later("tell formcheck your height to get speed in m/s"),
    ReasonCode.ONE_ARM: later(
        "one arm works at a time, so there is nothing to compare within a rep"
    ),
    ReasonCode.NOT_STANDING: later("no three seconds of standing still were seen from the side"),
    ReasonCode.SHORT_TRAVEL: later("{share} of the range of motion expected of a full rep"),
    ReasonCode.OTHER_MOVEMENT: later("does not look like {exercise}"),
    ReasonCode.NOT_FINISHED: later("you did not come back to where you began"),
    ReasonCode.CUT_OFF: later("the clip, or what is seen of you, begins or ends within this rep"),
    ReasonCode.NO_PICTURES: later("the recording has no pictures for a part of it"),
    ReasonCode.NO_MOVEMENT: later("no movement of the lift was seen in it"),
    ReasonCode.OTHER_TURN: later("does not turn at the time set by hand, but at about {at}"),
    ReasonCode.HALF_GIVEN: later("the time set by hand for this rep does not hold {half}"),
    ReasonCode.HALF_CUT: later("the clip or the shot begins or ends in the middle of {half}"),
    ReasonCode.COUNT_UNSURE: later("formcheck is not sure of every rep"),
    ReasonCode.NOT_OF_SET: later(
        "too small and too far from the set: taken for set-up or re-racking"
    ),
}
"""Sentences that need no more than what is put in; the others have functions below."""
TAKE_TOGETHER = later("film one set in one take")
"""What to do about short shots."""
WHEN = {
    "rest": later("at the start and end"),
    "eccentric": later("on the way down"),
    "concentric": later("on the way up"),
    "start": later("at the start"),
    "end": later("at the end"),
    "bottom": later("at the bottom"),
    "top": later("at the top"),
}
"""Windows and instants of a repetition; a turn that a user's own lift names stays as it is."""
HALVES = {"eccentric": later("the way down"), "concentric": later("the way up")}
_PACES = {
    ("slow", "eccentric"): later("moves like a rep, but too slow on the way down to count as one"),
    ("slow", "concentric"): later("moves like a rep, but too slow on the way up to count as one"),
    ("fast", "eccentric"): later("moves like a rep, but too fast on the way down to count as one"),
    ("fast", "concentric"): later("moves like a rep, but too fast on the way up to count as one"),
    ("slow", ""): later("moves like a rep, but too slow to count as one"),
    ("fast", ""): later("moves like a rep, but too fast to count as one"),
}
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
    'formcheck could not follow your hip well enough at the bottom; another angle may help'
    >>> sentence(Reason(ReasonCode.HIDDEN, parts=("hip",), outside=("foot",)))
    'formcheck could not follow your hip well enough; film with your whole body in the frame'
    >>> sentence(Reason(ReasonCode.OTHER_PACE, pace="slow", when="eccentric"))
    'moves like a rep, but too slow on the way down to count as one'
    >>> sentence(Reason(ReasonCode.NOT_FRONTAL, aside_deg=21.6))
    'the camera did not stand straight enough in front or behind to compare left and right'
    >>> sentence(Reason(ReasonCode.EXCLUDED, text="the torso swings too much to tell"))
    'the torso swings too much to tell'
    """
    if reason.text:
        return _(reason.text)
    if reason.aside_deg is not None:
        return _(ASIDE)
    if reason.code in _MADE:
        return _MADE[reason.code](reason)
    return _(WORDS[reason.code]).format(
        view=filmed(reason.view or "unknown"),
        views=filmed_from(reason.views),
        share=percent(reason.share or 0.0),
        exercise=some(reason.exercise),
        half=_(HALVES.get(reason.when, f"the {reason.when}")),
        at=clock(reason.at_s or 0.0),
    )


def _too_few(reason: Reason) -> str:
    return plural(
        "needs at least {n} rep, got {got}",
        "needs at least {n} reps, got {got}",
        reason.needed or 0,
    ).format(n=reason.needed or 0, got=reason.got)


def _too_few_measured(reason: Reason) -> str:
    return plural(
        "needs at least {n} rep that can be measured, got {got} of {of}",
        "needs at least {n} reps that can be measured, got {got} of {of}",
        reason.needed or 0,
    ).format(n=reason.needed or 0, got=reason.got, of=reason.of)


def _pace(reason: Reason) -> str:
    return _(_PACES[reason.pace or "slow", reason.when])


def _hidden(reason: Reason) -> str:
    when = _when(reason)
    told = _at_edge(reason, when) if {*reason.parts} <= {*reason.outside} else _badly(reason, when)
    what = told.format(parts=parts_named(reason.parts) if reason.parts else "", when=when)
    return _("{what}; {advice}").format(what=what, advice=_film(reason))


def _badly(reason: Reason, when: str) -> str:
    if not reason.parts:
        return _(WORDS[ReasonCode.NOT_SEEN])
    if not when:
        return _("formcheck could not follow your {parts} well enough")
    return _("formcheck could not follow your {parts} well enough {when}")


def _at_edge(reason: Reason, when: str) -> str:
    if not reason.parts:
        return (
            _("body parts that it needs were at the edge of the frame or outside {when}")
            if when
            else _("body parts that it needs were at the edge of the frame or outside")
        )
    if not when:
        return plural(
            "your {parts} was at the edge of the frame or outside",
            "your {parts} were at the edge of the frame or outside",
            len(reason.parts),
        )
    return plural(
        "your {parts} was at the edge of the frame or outside {when}",
        "your {parts} were at the edge of the frame or outside {when}",
        len(reason.parts),
    )


def _when(reason: Reason) -> str:
    """In which part of which repetitions something is not seen; empty for all of it."""
    when = _(WHEN.get(reason.when, f"at the {reason.when}")) if reason.when else ""
    if not reason.reps:
        return when
    reps = reps_named(reason.reps)
    if not when:
        return _("in {reps}").format(reps=reps)
    if reason.when in ("eccentric", "concentric"):
        return _("{when} in {reps}").format(when=when, reps=reps)
    return _("{when} of {reps}").format(when=when, reps=reps)


def _film(reason: Reason) -> str:
    """How to film so that it is seen: why it is not, nobody knows but for the edge of the frame."""
    if reason.outside:  # what is next to it suffers with it
        return _("film with your whole body in the frame")
    return _("another angle may help")


_MADE: Mapping[ReasonCode, Callable[[Reason], str]] = {
    ReasonCode.HIDDEN: _hidden,
    ReasonCode.TOO_FEW_REPS: _too_few,
    ReasonCode.TOO_FEW_MEASURED: _too_few_measured,
    ReasonCode.OTHER_PACE: _pace,
}


def said(reason: Reason | None, /) -> str | None:
    """A reason as part of a sentence, if there is one."""
    return None if reason is None else sentence(reason)


def wants_filming_hint(code: ReasonCode | None, /) -> bool:
    """Whether how to film for a rule belongs beside the reason; so it does where none is known.

    >>> wants_filming_hint(ReasonCode.NOT_SEEN), wants_filming_hint(ReasonCode.WRONG_VIEW)
    (True, False)
    """
    return code is None or code in SEEN_BADLY
