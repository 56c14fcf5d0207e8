"""What the advice file may say, and what the lifts' own files say of the upper back."""

from __future__ import annotations

from collections import Counter
from functools import cached_property, lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from formcheck.data_files import built_in, read_data
from formcheck.exercises.schema import Strict
from formcheck.rules.book import built_in_book
from formcheck.rules.merge import STANDING
from formcheck.upper_back.cues import Words, cue_table
from formcheck.words.language import _, later
from formcheck.words.text import in_small

FILE = "advice.toml"
BALANCES = 4
Region = Literal["upper_back", "lower_back", "legs", "whole"]
Trigger = Literal["lower_leads", "shin", "sides"]
When = Literal["always", "upper_back", "legs"]


class Movement(Strict):
    """An exercise or warm-up drill.

    Attributes
    ----------
    region
        What it trains; "whole" for preparation.
    also
        What else it trains.
    why, dose
        Why it helps and how much of it.
    cues
        How to do it, in plain words.
    swaps
        Movements that can take its place.
    easier_on_back
        Movement that replaces it while the lower back needs work first.
    checks
        Words of the rules that formcheck can check when it is filmed.
    evidence, source
        Evidence tag (``docs/sources.md``) and where it comes from.
    """

    id: str
    name: Words
    region: Region
    also: tuple[Region, ...] = ()
    why: Words
    dose: Words
    cues: Annotated[tuple[Words, ...], Field(min_length=1)]
    swaps: tuple[str, ...] = ()
    easier_on_back: str | None = None
    checks: tuple[str, ...] = ()
    evidence: Words
    source: Words

    @property
    def trains(self) -> tuple[Region, ...]:
        """All that it trains."""
        return (self.region, *self.also)


class Plan(Strict):
    """What to do about cues, about faults that are no cues, or about another finding.

    Exactly one of `cues`, `faults` (identifiers of rules) and `trigger` is given. `when` narrows
    a plan for cues: "upper_back" when pulls show cues too and legs do not explain more, "legs"
    otherwise; neither is followed when the lower back explains most.
    """

    id: str
    cues: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    trigger: Trigger | None = None
    when: When = "always"
    warm_up: tuple[str, ...] = ()
    strength: tuple[str, ...] = ()
    technique: Words
    why: Words
    source: Words

    @model_validator(mode="after")
    def _one_reason(self) -> Plan:
        if [bool(self.cues), bool(self.faults), self.trigger is not None].count(True) != 1:
            raise ValueError("expected exactly one of cues, faults and trigger")
        if not self.cues and self.when != "always":
            raise ValueError("only a plan for cues has a when")
        return self


class Routine(Strict):
    """A sentence on how much and how often.

    `only` names the movements that it is about; empty for all. The text may name those of them
    that are advised at ``{movements}``.
    """

    text: Words
    only: tuple[str, ...] = ()
    source: Words


class Filming(Strict):
    """What to film next, and how."""

    name: Words
    again: Words
    whole_set: Words
    other_view: Words
    most_direct: Words
    how: Annotated[tuple[Words, ...], Field(min_length=1)]
    source: Words


class Safety(Strict):
    """Fixed texts; none may be left out. `one_line` stands where a page beside it has them all."""

    one_line: Words
    short: Words
    see_someone: Words
    ask_first: Words
    pain: Words
    source: Words


class Names(Strict):
    """Headings of advice that is not a movement."""

    technique: Words
    warm_up: Words


class Library(Strict):
    """The whole advice file."""

    partner_upper: tuple[str, ...]
    partner_lower: tuple[str, ...]
    start_side: dict[str, Words]
    partner_why: dict[Region, Words]
    names: Names
    movement: tuple[Movement, ...]
    plan: tuple[Plan, ...]
    routine: tuple[Routine, ...]
    balance: dict[Literal["upper", "lower", "both", "level"], Words]
    filming: Filming
    safety: Safety

    @model_validator(mode="after")
    def _resolves(self) -> Library:
        for what, ids in (
            ("movement", [m.id for m in self.movement]),
            ("plan", [p.id for p in self.plan]),
        ):
            twice = [name for name, times in Counter(ids).items() if times > 1]
            if twice:
                raise ValueError(f"{what} {twice[0]!r} is defined twice")
        self._check_movements()
        known = set(cue_table().cues)
        rules = {rule.id for lift in built_in_book().rules.values() for rule in lift.rule}
        for plan in self.plan:
            unknown = [c for c in plan.cues if c not in known]
            if unknown:
                raise ValueError(f"plan {plan.id}: unknown cue {unknown[0]!r}")
            unknown = [r for r in plan.faults if r not in rules]
            if unknown:
                raise ValueError(f"plan {plan.id}: unknown rule {unknown[0]!r}")
        if len(self.balance) != BALANCES:
            raise ValueError(f"balance: expected {BALANCES} texts, got {len(self.balance)}")
        return self

    def _check_movements(self) -> None:
        known = self.movements
        places = [("partner_upper", self.partner_upper), ("partner_lower", self.partner_lower)]
        places += [(f"plan {p.id}", (*p.warm_up, *p.strength)) for p in self.plan]
        places += [("routine", r.only) for r in self.routine]
        for movement in self.movement:
            easier = (movement.easier_on_back,) if movement.easier_on_back else ()
            places.append((f"movement {movement.id}", (*movement.swaps, *easier)))
        for place, ids in places:
            unknown = [i for i in ids if i not in known]
            if unknown:
                raise ValueError(f"{place}: unknown movement {unknown[0]!r}")
        for region, ids in (("upper_back", self.partner_upper), ("lower_back", self.partner_lower)):
            if region not in self.partner_why:
                raise ValueError(f"partner_why: no words for {region!r}")
            if not ids or any(known[i].region != region for i in ids):
                raise ValueError(f"expected partners that train the {region.replace('_', ' ')}")

    @cached_property
    def movements(self) -> dict[str, Movement]:
        """Movements by identifier."""
        return {m.id: m for m in self.movement}


@lru_cache(maxsize=1)
def library() -> Library:
    """The advice that comes with formcheck."""
    return read_data(built_in("upper_back", FILE), Library)


STANDING_WORD = later("standing")


@lru_cache(maxsize=1)
def pulls() -> tuple[str, ...]:
    """The lifts that load the upper back directly, in the order of their files."""
    return tuple(e.id for e in built_in_book().exercises if e.upper_back.pull)


@lru_cache(maxsize=1)
def to_film() -> dict[str, str]:
    """Lifts that are asked for, the most telling first, each with what to tell the lifter."""
    asked = [e for e in built_in_book().exercises if e.upper_back.film_next is not None]
    asked.sort(key=lambda e: e.upper_back.film_rank)
    return {e.id: e.upper_back.film_next or "" for e in asked}


def lift_name(identifier: str, /) -> str:
    """An exercise in a sentence; the identifier itself when it is a user's.

    >>> lift_name("bent_over_row"), lift_name("posture")
    ('row', 'standing')
    """
    if identifier == STANDING:
        return _(STANDING_WORD)
    found = (e for e in built_in_book().exercises if e.id == identifier)
    own = next(found, None)
    if own is None:
        return identifier
    return _(own.called) if own.called else in_small(_(own.title))
