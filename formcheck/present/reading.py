"""What a reader of a report wants to know first: faults in order, where, how much.

Pure functions of the report, shared by the terminal, the page and the video.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.kinematics.belief import PARTS
from formcheck.kinematics.view import ViewLabel
from formcheck.present.which_reps import close_call, score_told
from formcheck.reasons import ReasonCode
from formcheck.rules.book import built_in_book
from formcheck.words.language import _, later
from formcheck.words.quantities import height, weight
from formcheck.words.reasons import TAKE_TOGETHER, wants_filming_hint
from formcheck.words.reasons import WORDS as REASONS
from formcheck.words.severity import FAULTS, grade_words
from formcheck.words.terms import BY_HAND, UNSEEN, filmed, filmed_from
from formcheck.words.text import (
    counted,
    either,
    full_sentence,
    in_small,
    joined,
    lower_first,
    some,
)
from formcheck.words.tracking import SHORT_SHOTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.report.model import (
        CandidatePart,
        Report,
        SetCheckPart,
        UpperBackPart,
    )

ALIKE, NAMED_ALIKE = 0.6, 2
"""From this share of its conditions on a repetition would count for a lift; so many are named."""
ALMOST = 0.78
"""From here on it would have been the clip's lift, did nothing speak against it."""
LEAST_HALF_S = 0.1
"""Nobody lowers or lifts a weight in less: formcheck finds no half below 0.15 s."""
UNSURE = 0.7
"""Below this confidence in the exercise, how to name it is said."""


LITTLE = 0.5
"""When less than this share of what the view shows was judged, the clip was not (judgement)."""
BADLY_SEEN = frozenset(
    {
        ReasonCode.HIDDEN,
        ReasonCode.NOT_SEEN,
        ReasonCode.NO_LENGTHS,
        ReasonCode.NO_FEET,
        ReasonCode.SIDE_HIDDEN,
        ReasonCode.VIEW_CHANGED,
        ReasonCode.VIEW_UNSURE,
        ReasonCode.SHORT_SHOTS,
    }
)
"""Why something was not judged that a clip from the same side could show."""


@dataclass(frozen=True)
class Unassessed:
    """Rules without a verdict for one reason; `film` says how to film for them."""

    titles: tuple[str, ...]
    reason: str
    film: str | None


@dataclass(frozen=True)
class HiddenSpan:
    """When some body parts are hidden, seconds of the clip; the parts from head to foot."""

    start_s: float
    end_s: float
    parts: tuple[str, ...]


def to_change(report: Report) -> str:
    """How to film instead; empty where nothing has to be changed.

    Also where little was judged: then the main point says it.
    """
    filming = report.filming
    if filming is None or filming.verdict == "good":
        return ""
    if report.rep_count and hardly_judged(report):
        return ""
    judged = any(check.severity != "not_assessed" for check in report.checks)
    return filming.headline if judged or filming.verdict == "again" else ""


def hardly_judged(report: Report) -> bool:
    """Whether nothing could be judged, or so little that it says nothing of the set.

    That is less than half of what the view shows, without a score; a fault of a clip whose
    tracking can be relied on says something all the same.
    """
    costly = [check for check in report.checks if check.weight > 0]
    judged = [check for check in costly if check.severity != "not_assessed"]
    unseen = [c for c in costly if c.severity == "not_assessed" and c.reason_code in BADLY_SEEN]
    if report.score is not None or (faults(report) and report.tracking.trust != "poor"):
        return False
    return not judged or len(judged) < LITTLE * (len(judged) + len(unseen))


def _what_to_film(report: Report) -> str:
    """How to film instead, to follow a colon; empty where nothing is known to help."""
    if SHORT_SHOTS in [warning.code for warning in report.warnings]:
        return _(TAKE_TOGETHER)
    points = [] if report.filming is None else report.filming.points
    return next((p.advice for p in points if p.mark == "change" and p.advice), "").rstrip(".")


def parts_hidden(report: Report) -> list[str]:
    """Body parts that are not seen for a while, those first that are it longest."""
    points = [] if report.filming is None else report.filming.points
    found = (part for p in points if p.topic in ("frame", "clear") for part in p.parts)
    return list(dict.fromkeys(found))


def main_point(report: Report) -> str:
    """The one sentence to remember."""
    found, judged = faults(report), sum(c.severity != "not_assessed" for c in report.checks)
    if hardly_judged(report):
        film, told = _what_to_film(report), _("This clip could not be judged: {advice}.")
        return told.format(advice=film) if film else _("This clip could not be judged.")
    if found:
        return _("Main thing to fix: {advice}").format(advice=lower_first(found[0].message))
    if report.tracking.trust == "poor":
        return " ".join([_("Nothing could be judged for sure."), *_unseen(report)])
    return counted(
        judged,
        "Nothing to fix in the {n} point that could be judged.",
        "Nothing to fix in the {n} points that could be judged.",
    )


def film_again(report: Report) -> list[str]:
    """What to change when the same lift is filmed again, as the first lines ask for it.

    Where no one place of the camera shows all that is judged, that it takes two clips.
    """
    asked = to_change(report) or (report.rep_count and hardly_judged(report))
    short = SHORT_SHOTS in [warning.code for warning in report.warnings]
    film = _(TAKE_TOGETHER) if short else report.filming and report.filming.change
    if not asked or not film:
        return []
    told = [_("This lift again. {advice}").format(advice=full_sentence(film))]
    weighed = [c for c in report.checks if c.weight > 0 and c.needs_view]
    first = _place(weighed)
    second = _place([c for c in weighed if first not in c.needs_view])
    if first and second:
        clips = _("To judge all of it takes two clips: one {first}, one {second}.")
        told.append(clips.format(first=filmed_from((first,)), second=filmed_from((second,))))
    return told


def _place(checks: Sequence[SetCheckPart]) -> str:
    """From where most of some rules can be judged; empty without rules."""
    places = [view for check in checks for view in check.needs_view]
    return max(places, key=places.count, default="")


def _unseen(report: Report) -> list[str]:
    """What could not be judged because it was not seen, as a sentence; none where nothing was."""
    found = [c for c in report.checks if c.weight > 0 and c.reason_code in BADLY_SEEN]
    told = _("Not judged, as formcheck could not follow you well enough: {titles}.")
    return [told.format(titles=_titles(found))] if found else []


def _titles(checks: Sequence[SetCheckPart]) -> str:
    return joined([lower_first(check.title) for check in checks])


def in_short(report: Report) -> list[str]:
    """What to fix, and the upper back, in a line each."""
    found = faults(report)
    if found:
        first, *others = [f"{lower_first(c.title)} ({grade_words(c.severity)})" for c in found]
        told = _("Fix first: {fault}; then {others}.") if others else _("Fix first: {fault}.")
        first_line = told.format(fault=first, others=joined(others) if others else "")
        lines = [first_line, *filter(None, [score_told(report)])]
    else:
        lines = [main_point(report)] if report.rep_count else []
    if report.upper_back.answer:
        answer = lower_first(report.upper_back.answer)
        lines.append(_("Upper back: {finding}").format(finding=answer))
    return lines


def hidden_spans(report: Report) -> list[HiddenSpan]:
    """When body parts are hidden, in order of time; what overlaps is one span."""
    spans: list[HiddenSpan] = []
    for one in sorted(report.tracking.hidden, key=lambda one: one.start_s):
        last = spans[-1] if spans else None
        if last is None or one.start_s > last.end_s:
            spans.append(HiddenSpan(one.start_s, one.end_s, (one.part,)))
            continue
        parts = {*last.parts, one.part}
        ends_s = max(last.end_s, one.end_s)
        named = tuple(part for part in PARTS if part in parts)
        spans[-1] = HiddenSpan(last.start_s, ends_s, named)
    return spans


def faults(report: Report) -> list[SetCheckPart]:
    """Flagged rules, what to fix first before the others (`formcheck.rules.priority`)."""
    flagged = [c for c in report.checks if c.severity in FAULTS and c.weight > 0]
    return sorted(flagged, key=lambda c: (-c.priority, FAULTS.index(c.severity), -c.weight))


def noticed(report: Report) -> list[SetCheckPart]:
    """Flagged rules that cost no points: a matter of style or effort."""
    return [c for c in report.checks if c.severity in FAULTS and c.weight == 0]


def this_week(finding: UpperBackPart, /) -> str:
    """The one thing to do first, from a finding; empty where too little was seen to say."""
    things = [advice for advice in finding.advice if advice.kind != "filming"]
    if things:
        first = things[0]
        return f"{first.name} ({first.dose})." if first.dose else f"{first.name}."
    if finding.finding == "insufficient" or not finding.advice:  # or something hurts
        return ""
    return _("Carry on: nothing that could be judged needs work of its own.")


def finding_colour(finding: UpperBackPart, /) -> str:
    """The finding that the badge has the colour of: no sign in little is no clean bill."""
    unsure = finding.finding == "none" and not finding.thorough
    return "insufficient" if unsure else finding.finding


def week_reason(finding: UpperBackPart, /) -> str:
    """Why that is the first thing to do; empty where there is nothing to do."""
    return next((a.why for a in finding.advice if a.kind != "filming"), "")


def uneven(finding: UpperBackPart, /) -> str:
    """How left and right differ in most clips, the first of it; empty where they do not."""
    sides = finding.balance.left_right
    own = [] if sides is None else [part for part in sides.variables if part.usual]
    told = [part.message for part in own if part.message]
    return told[0] if told else ""


def noted(report: Report, /) -> list[str]:
    """What the coach noted: on the clip, then on its folder."""
    return [note for note in (report.notes.clip, report.notes.folder) if note]


def set_by_hand(report: Report) -> str:
    """What formcheck did not find itself, as a sentence; a weight is said by `as_told`."""
    weight_told = report.formcheck.settings.get("load_kg") is not None
    own = [_(BY_HAND[name]) for name in report.by_hand if name != "load" or not weight_told]
    return _("Set by hand: {what}.").format(what=joined(own)) if own else ""


def as_told(report: Report, /) -> str:
    """The weight lifted and the body as they were told, as a sentence; empty without any."""
    say = {
        "load_kg": (later("weight {amount}"), weight),
        "bodyweight_kg": (later("body weight {amount}"), weight),
        "height_m": (later("height {amount}"), height),
    }
    known = {key: report.formcheck.settings.get(key) for key in say}
    told = [
        _(say[key][0]).format(amount=say[key][1](v)) for key, v in known.items() if v is not None
    ]
    return _("As told: {what}.").format(what=joined(told)) if told else ""


def unclear_hold(report: Report, /) -> str:
    """That it matters where the weight is held, and cannot be seen; empty where it is known."""
    known = report.exercise.variant is not None or "bar" in report.by_hand
    if report.lean is None or known:
        return ""
    return _("How you hold the weight is not clear here: tell formcheck where you hold the bar.")


def facts_told(report: Report, /) -> str:
    """What was told or set by hand, and what still should be."""
    return " ".join(filter(None, (as_told(report), set_by_hand(report), unclear_hold(report))))


def unsure(report: Report) -> bool:
    """Whether how to name the exercise is worth saying."""
    found = report.exercise
    return found.source == "detected" and found.confidence < UNSURE


def not_sure(report: Report) -> str:
    """What to say then."""
    return _(
        "Not sure this is {exercise}: if it isn't, tell formcheck which exercise it is."
    ).format(exercise=some(report.exercise.title))


def in_words(identifier: str) -> str:
    """An exercise as `--exercise` takes it, too, by its identifier.

    >>> in_words("bent_over_row"), in_words("my_own_lift")
    ('bent-over row', 'my own lift')
    """
    titles = (in_small(_(e.title)) for e in built_in_book().exercises if e.id == identifier)
    return next(titles, identifier.replace("_", " "))


def closest(report: Report) -> str:
    """Of an exercise that was not recognised: which lifts some of it moves like; may be empty.

    A lift that something speaks against is not among them. Where there is no other, what speaks
    against the one that it would else have been is told: it says what was seen.
    """
    found = report.exercise.candidates
    alike = sorted((c for c in found if c.reason is None and c.score >= ALIKE), key=_unlike)
    if alike:
        lifts = either([some(_title(c.id)) for c in alike[:NAMED_ALIKE]])
        return _("Some of it moves like {lifts}, but not clearly enough.").format(lifts=lifts)
    excluded = [c for c in found if c.reason and (c.likeness or 0.0) >= ALMOST]
    if not excluded:
        return ""
    most = max(excluded, key=lambda c: c.likeness or 0.0)
    told = _("Not {lift}: it looks as if {reason}.")
    return told.format(lift=some(_title(most.id)), reason=most.reason)


def _title(identifier: str) -> str:
    own = (e.title for e in built_in_book().exercises if e.id == identifier)
    return next(own, in_words(identifier))


def _unlike(candidate: CandidatePart) -> float:
    return -candidate.score


def starts_down(report: Report) -> bool:
    """Whether the weight goes down first."""
    first = next((rep.phases[0] for rep in report.reps if rep.phases), None)
    return first is not None and first.contraction == "eccentric"


def fine(report: Report) -> list[SetCheckPart]:
    """Rules that were judged and show no fault; none of a clip that is not to be relied on."""
    if report.tracking.trust == "poor":
        return []
    return [c for c in report.checks if c.severity == "ok" and c.weight > 0]


def unassessed(report: Report) -> list[Unassessed]:
    """Rules without a verdict, grouped by reason and by how to film for them.

    From where it is filmed already is no advice.
    The last group is what is never judged, so that nobody takes silence for praise.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for check in report.checks:
        if check.severity == "not_assessed" and check.weight > 0:
            reason = check.reason or _(REASONS[ReasonCode.NOT_MEASURED])
            fits = ViewLabel(report.view.label).group in check.needs_view
            film = "" if fits or not wants_filming_hint(check.reason_code) else check.film
            groups.setdefault((reason, film), []).append(f"{check.title}{close_call(check)}")
    found = [
        Unassessed(tuple(titles), full_sentence(reason), full_sentence(film) or None)
        for (reason, film), titles in groups.items()
    ]
    return found + never_judged(report)


def filmed_as(report: Report) -> str:
    """The view; where parts were seen from elsewhere, that it is the one of most of it."""
    points = () if report.filming is None else report.filming.points
    if any(point.topic == "steady" and point.value for point in points):
        told = _("from several angles, mostly {view}")
        return told.format(view=filmed(report.view.label))
    return filmed(report.view.label, confidence=report.view.confidence)


def never_judged(report: Report) -> list[Unassessed]:
    """What is not judged from anywhere."""
    unseen = tuple(report.exercise.unseen)
    return [Unassessed(unseen, _(UNSEEN), None)] if unseen else []


def is_timed(half_s: float) -> bool:
    """Whether a half of a repetition lasts at all; a time set by hand need not hold both."""
    return half_s >= LEAST_HALF_S
