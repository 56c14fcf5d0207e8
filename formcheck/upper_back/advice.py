"""Turn cues into at most three things to do this week (reference 5).

The plans with the strongest cues come first; each thing says which of the lifter's signs it
is for. Where the finding speaks of the upper back, work for it comes with work for the lower
back and hips, and the other way round. A lifter who says that something hurts gets the safety
text and nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from formcheck.upper_back.balance import Part
from formcheck.upper_back.cues import Finding, Hypothesis, cue_table
from formcheck.upper_back.library import Library, library, pulls, to_film
from formcheck.words.language import _
from formcheck.words.terms import filmed_from
from formcheck.words.text import joined, side_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from formcheck.upper_back.balance import SideDifference, UpperLower
    from formcheck.upper_back.cues import CueTable
    from formcheck.upper_back.evidence import CueEvidence, Evidence
    from formcheck.upper_back.library import Movement, Plan, Region, Routine, When

MIN_SHARE = 0.2
"""A cue with less than this share of its weight gets no advice: it may be noise (judgement)."""
MAX_EXERCISES = 2
MAX_WARM_UPS = 1
MAX_PLANS = MAX_EXERCISES + MAX_WARM_UPS
SIDES_POINTS = 0.5
"""Where a left-right difference ranks among the cues (judgement)."""


class Kind(StrEnum):
    """Kinds of the report contract."""

    EXERCISE = "exercise"
    WARM_UP = "warm_up"
    TECHNIQUE = "technique"
    FILMING = "filming"


@dataclass(frozen=True)
class Advice:
    """One thing to do.

    Attributes
    ----------
    kind, id
        What it is; the movement or plan it comes from.
    name, why, dose
        In plain words; why begins with what this lifter showed. The dose is None when there
        is none.
    cues
        How to do it; the first is what matters most for what this lifter showed.
    swaps
        Names of movements that can take its place.
    plan
        Identifier of the plan it belongs to; None for a partner and for filming.
    """

    kind: Kind
    id: str
    name: str
    why: str
    dose: str | None = None
    cues: tuple[str, ...] = ()
    swaps: tuple[str, ...] = ()
    plan: str | None = None


@dataclass(frozen=True)
class Guidance:
    """Everything to tell the lifter: what to do, how much of it, and safety."""

    items: tuple[Advice, ...]
    routine: tuple[str, ...]
    safety: tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """What besides the cues shapes the advice.

    Attributes
    ----------
    balance
        Upper against lower back; None when not assessed.
    sides
        Left-right comparisons.
    faults
        Rules with a fault that costs points, and what each weighs in the clip, or in most of
        several.
    shin_explains
        Whether upright shins explain a forward lean.
    pain
        Whether the lifter said that something hurts.
    film_from
        Groups of views that show the signs of the lift, where the camera stood in none of them.
    whole_set
        Whether a set was long enough to tell anything.
    """

    balance: UpperLower | None = None
    sides: tuple[SideDifference, ...] = ()
    faults: Mapping[str, float] = field(default_factory=dict)
    shin_explains: bool = False
    pain: bool = False
    film_from: tuple[str, ...] = ()
    whole_set: bool = False

    @property
    def lower_first(self) -> bool:
        """Whether the lower back and hips gave way first."""
        return self.balance is not None and self.balance.part is Part.LOWER


NO_CONTEXT = Context()


def advise(
    evidence: Evidence,
    context: Context = NO_CONTEXT,
    /,
    *,
    texts: Library | None = None,
    table: CueTable | None = None,
) -> Guidance:
    """Choose what to tell a lifter.

    Parameters
    ----------
    evidence
        The combined cues.
    context
        Balance, sides, shins, pain.
    texts, table
        The advice and the cues; None for those that come with formcheck.

    Returns
    -------
    Guidance
        At most three things to do and one to film. With pain only the safety text.
    """
    texts = texts or library()
    table = table or cue_table()
    if context.pain:
        return Guidance((), (), safety_text(pain=True, texts=texts))
    filming = _filming(evidence, context, texts, table)
    if evidence.grade is Finding.INSUFFICIENT:
        return Guidance((filming,), (), safety_text(texts=texts))
    things = _things(evidence, context, texts)
    exercises = [thing for thing in things if thing.kind is Kind.EXERCISE]
    routine = tuple(filter(None, (_said(one, exercises) for one in texts.routine)))
    return Guidance((*things, filming), routine, safety_text(texts=texts))


def _said(routine: Routine, exercises: Sequence[Advice]) -> str:
    """A sentence on how much and how often, with what it is about; empty if that is nothing."""
    names = [one.name for one in exercises if not routine.only or one.id in routine.only]
    return _(routine.text).format(movements=joined(names)) if names else ""


def safety_text(*, pain: bool = False, texts: Library | None = None) -> tuple[str, ...]:
    """The fixed safety wording, in paragraphs."""
    safety = (texts or library()).safety
    words = (_(safety.short), _(safety.see_someone), _(safety.ask_first))
    return (_(safety.pain), *words) if pain else words


def _plans(evidence: Evidence, context: Context, texts: Library) -> list[Plan]:
    """The plans to follow, the strongest reason first."""
    clear = [c for c in evidence.shown if c.points >= MIN_SHARE * c.cue.weight]
    points = {c.cue.id: c.points for c in clear}
    triggers = {
        "lower_leads": context.balance.lower if context.balance and context.lower_first else 0.0,
        "shin": math.inf if context.shin_explains else 0.0,
        "sides": SIDES_POINTS if any(s.is_flagged for s in context.sides) else 0.0,
    }
    kinds = ("always", _squat_plans(clear, evidence.leading))
    ranked = []
    for plan in texts.plan:
        if plan.trigger is not None:
            rank = triggers[plan.trigger]
        elif plan.faults:
            rank = max((context.faults.get(rule, 0.0) for rule in plan.faults), default=0.0)
        else:
            rank = max((points.get(c, 0.0) for c in plan.cues), default=0.0)
        if rank > 0 and plan.when in kinds:
            ranked.append((rank, plan))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    by_technique: dict[str, Plan] = {}
    for _rank, plan in ranked:
        by_technique.setdefault(plan.technique, plan)
    return list(by_technique.values())[:MAX_PLANS]


def _squat_plans(clear: Iterable[CueEvidence], leading: Hypothesis | None) -> When:
    """Whose plans fit a lift whose reason depends on the other cues."""
    if leading is Hypothesis.LOWER_BACK:
        return "always"
    pulls_show = any(c.exercise in pulls() and c.counted for c in clear)
    return "upper_back" if pulls_show and leading is not Hypothesis.LEGS else "legs"


def _things(evidence: Evidence, context: Context, texts: Library) -> list[Advice]:
    """Exercises, then a warm-up; a way to do the lift where there is neither."""
    plans = _plans(evidence, context, texts)
    strength = [_strength(plan, texts, lower_first=context.lower_first) for plan in plans]
    exercises = _in_turn(list(zip(plans, strength, strict=True)), MAX_EXERCISES)
    things = [
        _sided(_movement(Kind.EXERCISE, name, plan, texts), plan, context, texts)
        for plan, name in exercises
    ]
    if evidence.grade in (Finding.WATCH, Finding.LIKELY) or context.lower_first:
        things = _in_proportion(things, texts, lower_first=context.lower_first)
    warm_ups = _in_turn([(plan, plan.warm_up) for plan in plans], MAX_WARM_UPS)
    things += [_movement(Kind.WARM_UP, name, plan, texts) for plan, name in warm_ups]
    bare = [plan for plan in plans if not plan.strength and not plan.warm_up]
    return [*things, *(_technique(plan, texts) for plan in bare)][:MAX_PLANS]


def _strength(plan: Plan, texts: Library, *, lower_first: bool) -> tuple[str, ...]:
    """A plan's exercises; while the lower back needs work first, those that spare it."""
    easier = {i: texts.movements[i].easier_on_back for i in plan.strength}
    return tuple((lower_first and easier[i]) or i for i in plan.strength)


def _in_turn(lists: Sequence[tuple[Plan, tuple[str, ...]]], most: int) -> list[tuple[Plan, str]]:
    """First of each plan, then second of each, without repeats."""
    longest = max((len(own) for _, own in lists), default=0)
    ordered = [(plan, own[at]) for at in range(longest) for plan, own in lists if at < len(own)]
    first: dict[str, tuple[Plan, str]] = {}
    for plan, name in ordered:
        first.setdefault(name, (plan, name))
    return list(first.values())[:most]


def _in_proportion(things: list[Advice], texts: Library, *, lower_first: bool) -> list[Advice]:
    """The same with upper and lower back both trained, as the last of them if need be."""
    trained: set[str] = set()
    for thing in things:
        trained |= {*texts.movements[thing.id].trains}
    missing = {"upper_back", "lower_back"} - trained
    if len(missing) != 1:
        return things
    region: Region = "upper_back" if "upper_back" in missing else "lower_back"
    name = (texts.partner_upper if region == "upper_back" else texts.partner_lower)[0]
    name = (lower_first and texts.movements[name].easier_on_back) or name
    partner = _advice(Kind.EXERCISE, texts.movements[name], texts.partner_why[region], texts)
    return [*things[: MAX_EXERCISES - 1], partner]


def _movement(kind: Kind, name: str, plan: Plan, texts: Library) -> Advice:
    movement = texts.movements[name]
    advice = _advice(kind, movement, plan.why, texts)
    first = (_(plan.technique),) if name in plan.strength else ()
    return replace(advice, cues=(*first, *advice.cues), plan=plan.id)


def _sided(advice: Advice, plan: Plan, context: Context, texts: Library) -> Advice:
    """A thing to do against a difference, with what differs, by how much, and where to start."""
    flagged = next((s for s in context.sides if s.message is not None), None)
    if plan.trigger != "sides" or flagged is None:
        return advice
    size = side_size(flagged.value, flagged.error, flagged.variable.unit)
    told = f"{flagged.message} {size}" if size else f"{flagged.message}"
    start = _(texts.start_side[flagged.side or "left"])
    return replace(
        advice,
        why=f"{told} {_(texts.movements[advice.id].why)}",
        cues=(start, *advice.cues[1:]),
    )


def _advice(kind: Kind, movement: Movement, for_whom: str, texts: Library) -> Advice:
    name = _(movement.name)
    return Advice(
        kind,
        movement.id,
        _(texts.names.warm_up).format(name=name) if kind is Kind.WARM_UP else name,
        f"{_(for_whom)} {_(movement.why)}",
        _(movement.dose),
        tuple(map(_, movement.cues)),
        tuple(_(texts.movements[i].name) for i in movement.swaps),
    )


def _technique(plan: Plan, texts: Library) -> Advice:
    return Advice(
        Kind.TECHNIQUE,
        plan.id,
        _(texts.names.technique),
        _(plan.why),
        cues=(_(plan.technique),),
        plan=plan.id,
    )


def _filming(evidence: Evidence, context: Context, texts: Library, table: CueTable) -> Advice:
    """What footage would say most: a missing lift, or what separates the explanations."""
    filming = texts.filming
    name, how = _(filming.name), tuple(map(_, filming.how))
    if evidence.grade is Finding.INSUFFICIENT:
        first = [] if context.whole_set else [_(filming.whole_set)]
        if context.film_from:  # then nothing is known of the set
            first = [_(filming.other_view).format(views=filmed_from(context.film_from))]
        why = " ".join([*first, _(filming.most_direct)])
        return Advice(Kind.FILMING, "filming", name, why, cues=how)
    missing = [text for lift, text in to_film().items() if lift not in evidence.exercises]
    alternative = evidence.alternative
    if alternative is Hypothesis.LEGS and {*pulls()} & {*evidence.exercises}:
        alternative = None  # the pulls that tell legs from back are there already
    reasons = [] if alternative is None else [table.explanations[alternative].film]
    asks_for_pull = alternative is Hypothesis.LEGS
    if missing and not (reasons and (asks_for_pull or len(evidence.exercises) > 1)):
        reasons.append(missing[0])
    why = " ".join(map(_, reasons)) or _(filming.again)
    return Advice(Kind.FILMING, "filming", name, why, cues=how)
