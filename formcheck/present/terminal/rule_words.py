"""What a rule says, in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from formcheck.rules.evaluate import CRITICAL_SHARE, POINTS, severity_share
from formcheck.rules.merge import exercise_of
from formcheck.rules.user import OWN
from formcheck.words.views import filmed_from

if TYPE_CHECKING:
    from formcheck.rules.book import RuleBook
    from formcheck.rules.schema import Also, Rule

EVIDENCE = {
    "V": "published source {number} of docs/sources.md",
    "S": "simulated lifts",
    "D": "a calculation",
    "J": "our judgement: no study gives the numbers",
    OWN: "your custom rule",
}
"""What the tags of a rule's evidence mean; ``V`` is followed by the source's number."""
OVER_SET = {
    "loss": "drop from your first reps to your last",
    "fall": "drop from your best rep to your last",
    "growth": "growth over the set",
}
_DIRECTION = {"low": "less", "high": "more", "zero": "closer to 0"}
_BEYOND = {"low": "above", "high": "below", "zero": "further from 0 than"}


def direction(rule: Rule, /) -> str:
    """The direction of better values."""
    return _DIRECTION[rule.better]


def evidence_words(tags: str, /) -> str:
    """What evidence tags mean.

    >>> evidence_words("V1+J")
    'published source 1 of docs/sources.md; our judgement: no study gives the numbers'
    """
    return "; ".join(_tag_words(tag) for tag in tags.split("+"))


def _tag_words(tag: str) -> str:
    numbered = re.fullmatch(r"V(\d+)", tag)
    if numbered is not None:
        return EVIDENCE["V"].format(number=numbered[1])
    return EVIDENCE.get(tag, tag)


def limit_words(judged: Rule | Also, unit: str, /) -> str:
    """Where the grades begin."""
    beyond, limits = _BEYOND[judged.better], judged.limits
    first = f"{limits.mild:g}" if unit == "ratio" else f"{limits.mild:g} {unit}"
    return (
        f"mild {beyond} {first}, moderate {beyond} {limits.moderate:g}, "
        f"severe {beyond} {limits.severe:g}"
    )


def also_words(book: RuleBook, rule: Rule, also: Also, /) -> str:
    """The second condition of a rule."""
    second = book.rules[exercise_of(rule.id)].named(also.measurement)
    limits = limit_words(also, second.unit)
    return f"{second.title}: {limits}; the milder grade of both counts"


def cost_words(rule: Rule, /) -> str:
    """How much a fault costs in the score."""
    limits = rule.limits
    full = rule.weight * POINTS
    if not full:
        return "nothing, its weight is 0"
    steps = ", ".join(
        f"{full * severity_share(value, limits, rule.better):.1f} at {value:g}"
        for value in (limits.moderate, limits.severe)
    )
    last = 2 * limits.severe - limits.moderate
    return f"nothing at {limits.mild:g}, {steps}, at most {full:.1f} points at {last:g} and beyond"


def rule_rows(book: RuleBook, rule: Rule, /) -> list[tuple[str, str]]:
    """Everything about a rule: what it is, and its words."""
    what = book.measured_by(rule)
    unit = book.unit(rule)
    measures = f"{what.title} ({what.name}), in {unit}: {direction(rule)} is better"
    if rule.over_set is not None:
        measures = f"{what.title}, in {unit}: {OVER_SET[rule.over_set]}"
    state = "off" if rule in book.off else "on"
    rows = [
        ("Title", rule.title),
        ("State", f"{state}, {book.origin(rule)}"),
        ("Measures", measures),
        ("Limits", limit_words(rule, unit)),
    ]
    if rule.off:
        rows.insert(2, ("Why off" if rule in book.off else "Was off", rule.off))
    if rule.also is not None:
        rows.append(("And also", also_words(book, rule, rule.also)))
    if rule.variants:
        rows.append(("Variants", ", ".join(rule.variants)))
    return [
        *rows,
        ("Filmed", filmed_from(rule.views)),
        ("How to film", rule.film or "any of these views works"),
        ("Repetitions", f"{rule.min_reps} or more to judge the set"),
        ("Costs", cost_words(rule)),
        ("Critical", _critical_words(rule)),
        ("Message", rule.message),
        ("Source", rule.source),
        ("Evidence", f"{rule.evidence}: {evidence_words(rule.evidence)}"),
    ]


def _critical_words(rule: Rule) -> str:
    if not rule.critical:
        return "no, there is a score without it"
    return f"yes: no score when fewer than {CRITICAL_SHARE:.0%} of such rules could be assessed"
