"""Turn cues into a few things to do (reference 5).

At most three plans are followed, those with the strongest cues first. Upper-back
exercises come with one for the lower back and hips, and the other way round. A
lifter who says that something hurts gets the safety text and nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from formcheck.upper_back.balance import Part
from formcheck.upper_back.cues import Finding, Hypothesis, cue_table
from formcheck.upper_back.library import Library, library, pulls, to_film

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from formcheck.upper_back.balance import SideDifference, UpperLower
    from formcheck.upper_back.cues import CueTable
    from formcheck.upper_back.evidence import CueEvidence, Evidence
    from formcheck.upper_back.library import Plan, When

MIN_SHARE = 0.2
"""A cue with less than this share of its weight gets no advice: it may be noise (judgement)."""
MAX_PLANS = 3
MAX_EXERCISES = 3
MAX_WARM_UPS = 2
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
    name, why, dose, cues
        In plain words; the dose is None when there is none.
    swaps
        Names of movements that can take its place.
    """

    kind: Kind
    id: str
    name: str
    why: str
    dose: str | None = None
    cues: tuple[str, ...] = ()
    swaps: tuple[str, ...] = ()


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
    shin_explains
        Whether upright shins explain a forward lean.
    pain
        Whether the lifter said that something hurts.
    """

    balance: UpperLower | None = None
    sides: tuple[SideDifference, ...] = ()
    shin_explains: bool = False
    pain: bool = False

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
        At most three exercises, two warm-ups, three technique lines and one thing
        to film. With pain only the safety text.
    """
    texts = texts or library()
    table = table or cue_table()
    if context.pain:
        return Guidance((), (), safety_text(pain=True, texts=texts))
    filming = _filming(evidence, texts, table)
    if evidence.grade is Finding.INSUFFICIENT:
        return Guidance((filming,), (), safety_text(texts=texts))
    plans = _plans(evidence, context, texts)
    exercises = _exercises(plans, texts, lower_first=context.lower_first)
    warm_ups = _in_turn([p.warm_up for p in plans], MAX_WARM_UPS)
    planned = {i for p in plans for i in _strength(p, texts, lower_first=context.lower_first)}
    items = [
        *(_movement(Kind.EXERCISE, i, texts, partner=i not in planned) for i in exercises),
        *(_movement(Kind.WARM_UP, i, texts) for i in warm_ups),
        *(_technique(p, texts) for p in plans),
        filming,
    ]
    routine = tuple(
        r.text for r in texts.routine if exercises and (not r.only or {*r.only} & {*exercises})
    )
    return Guidance(tuple(items), routine, safety_text(texts=texts))


def safety_text(*, pain: bool = False, texts: Library | None = None) -> tuple[str, ...]:
    """The fixed safety wording, in paragraphs."""
    safety = (texts or library()).safety
    words = (safety.short, safety.see_someone, safety.ask_first)
    return (safety.pain, *words) if pain else words


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
        else:
            rank = max((points.get(c, 0.0) for c in plan.cues), default=0.0)
        if rank > 0 and plan.when in kinds:
            ranked.append((rank, plan))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    by_technique: dict[str, Plan] = {}
    for _, plan in ranked:
        by_technique.setdefault(plan.technique, plan)
    return list(by_technique.values())[:MAX_PLANS]


def _squat_plans(clear: Iterable[CueEvidence], leading: Hypothesis | None) -> When:
    """Whose plans fit a lift whose reason depends on the other cues."""
    if leading is Hypothesis.LOWER_BACK:
        return "always"
    pulls_show = any(c.exercise in pulls() and c.counted for c in clear)
    return "upper_back" if pulls_show and leading is not Hypothesis.LEGS else "legs"


def _strength(plan: Plan, texts: Library, *, lower_first: bool) -> tuple[str, ...]:
    """A plan's exercises; while the lower back needs work first, those that spare it."""
    easier = {i: texts.movements[i].easier_on_back for i in plan.strength}
    return tuple((lower_first and easier[i]) or i for i in plan.strength)


def _exercises(plans: Sequence[Plan], texts: Library, *, lower_first: bool) -> list[str]:
    """Up to three exercises, upper back and lower back both among them."""
    wanted = _in_turn([_strength(p, texts, lower_first=lower_first) for p in plans], MAX_EXERCISES)
    if not wanted:
        return []
    chosen: list[str] = []
    for position, identifier in enumerate(wanted):
        room = MAX_EXERCISES - len(chosen)
        missing = _missing_partners([*chosen, identifier], texts)
        if position == 0 or room > len(missing):
            chosen.append(identifier)
    for region in _missing_partners(chosen, texts):
        partner = (texts.partner_upper if region == "upper_back" else texts.partner_lower)[0]
        easier = texts.movements[partner].easier_on_back
        chosen.append((lower_first and easier) or partner)
    return chosen


def _missing_partners(chosen: Iterable[str], texts: Library) -> list[str]:
    regions = {texts.movements[i].region for i in chosen}
    return [r for r in ("upper_back", "lower_back") if r not in regions]


def _in_turn(lists: Sequence[tuple[str, ...]], most: int) -> list[str]:
    """First of each list, then second of each, without repeats."""
    longest = max((len(own) for own in lists), default=0)
    ordered = [own[place] for place in range(longest) for own in lists if place < len(own)]
    return list(dict.fromkeys(ordered))[:most]


def _movement(kind: Kind, identifier: str, texts: Library, *, partner: bool = False) -> Advice:
    movement = texts.movements[identifier]
    reason = texts.partner_why[movement.region] if partner else ""
    why = f"{movement.why} {reason}".strip()
    return Advice(
        kind,
        movement.id,
        movement.name,
        why,
        movement.dose,
        movement.cues,
        tuple(texts.movements[i].name for i in movement.swaps),
    )


def _technique(plan: Plan, texts: Library) -> Advice:
    return Advice(Kind.TECHNIQUE, plan.id, texts.names.technique, plan.why, cues=(plan.technique,))


def _filming(evidence: Evidence, texts: Library, table: CueTable) -> Advice:
    """What footage would say most: a missing lift, or what separates the explanations."""
    filming = texts.filming
    if evidence.grade is Finding.INSUFFICIENT:
        return Advice(Kind.FILMING, "filming", filming.name, filming.whole_set, cues=filming.how)
    missing = [text for lift, text in to_film().items() if lift not in evidence.exercises]
    alternative = evidence.alternative
    if alternative is Hypothesis.LEGS and {*pulls()} & {*evidence.exercises}:
        alternative = None  # the pulls that tell legs from back are there already
    reasons = [] if alternative is None else [table.explanations[alternative].film]
    asks_for_pull = alternative is Hypothesis.LEGS
    if missing and not (reasons and (asks_for_pull or len(evidence.exercises) > 1)):
        reasons.append(missing[0])
    why = " ".join(reasons) or filming.again
    return Advice(Kind.FILMING, "filming", filming.name, why, cues=filming.how)
