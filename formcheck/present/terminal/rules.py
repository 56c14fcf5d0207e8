"""The rules in a terminal: tables, one rule in plain words, and all as a TOML file to edit."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, get_args

from rich.console import Console
from rich.table import Table
from rich.text import Text

from formcheck.kinematics.series import SERIES
from formcheck.rules.book import Origin, built_in_book
from formcheck.rules.computed import COMPUTED
from formcheck.rules.evaluate import CRITICAL_SHARE, POINTS, severity_share
from formcheck.rules.merge import exercise_of
from formcheck.rules.schema import OWN, ViewGroup
from formcheck.words.terms import filmed_from
from formcheck.words.text import counted, printable

if TYPE_CHECKING:
    from formcheck.rules.book import RuleBook
    from formcheck.rules.schema import Also, Limits, Rule

EVIDENCE = {
    "V": "published source {number} of docs/sources.md",
    "S": "simulated lifts",
    "D": "a calculation",
    "J": "our judgement: no study gives the numbers",
    OWN: "your custom rule",
}
"""What the tags of a rule's evidence mean; ``V`` is followed by the source's number."""
OVER_SET = {
    "loss": "share lost from your first reps to your last",
    "fall": "share lost from your best rep to your last",
    "growth": "change from your first reps to your last",
}
UNITS = {
    "deg": "degrees",
    "s": "seconds",
    "m/s": "metres a second",
    "arm/s": "arm lengths a second",
}
"""Units in words; the others are lengths of a body part, or none."""
_DIRECTION = {"low": "less", "high": "more", "zero": "closer to 0"}
_BEYOND = {"low": "above", "high": "below", "zero": "further from 0 than"}
WIDE = 250
"""Width where nobody looks at a terminal: one line for each rule."""
WIDEST_TEXT = 100
"""Longer lines are hard to read."""
HEADS = ("Rule", "Title", "Measures", "Unit", "Mild / moderate / severe", "Views", "State", "From")
HEAD = """\
# formcheck's rules, to be changed. Use this file with --rules; "formcheck rules check"
# says whether it is in order. What you leave out stays as it comes with formcheck, so
# keep what you change and delete the rest. docs/rules.md explains every line.
"""


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


def unit_words(unit: str, title: str, /) -> str:
    """The unit of a measurement after its title; nothing for a plain number or if it is told.

    >>> unit_words("deg", "Trunk lean"), unit_words("trunk", "Shrug")
    (', in degrees', ', in trunk lengths')
    >>> unit_words("trunk", "Shrug, in trunk lengths"), unit_words("ratio", "Knee width")
    ('', '')
    """
    if unit == "ratio" or f"in {unit}" in title:
        return ""
    return f", in {UNITS.get(unit, f'{unit} lengths')}"


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
    change = None if rule.over_set is None else OVER_SET[rule.over_set]
    measures = (
        f"{what.title} ({what.name}){unit_words(unit, what.title)}: "
        f"{change or f'{direction(rule)} is better'}"
    )
    state = "off" if rule in book.off else "on"
    filmed, anywhere = filmed_from(rule.views), "any of these views works"
    if set(rule.views) == set(get_args(ViewGroup)):
        filmed, anywhere = "from any view", "any view works"
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
        ("Filmed", filmed),
        ("How to film", rule.film or anywhere),
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


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    return console


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=bool(heads))
    for number, head in enumerate(heads):
        table.add_column(Text(head), overflow="fold", no_wrap=number == 0)
    return table


def _add(table: Table, *cells: str) -> None:
    table.add_row(*(Text(printable(cell)) for cell in cells))


def print_rules(book: RuleBook, exercise: str | None, /) -> None:
    """A table of the rules of one exercise or of all.

    Raises
    ------
    RuleError
        If there is no such exercise.
    """
    table = _table(*HEADS)
    for identifier, _ in book.headings(exercise):
        for rule in book.rules_of(identifier):
            _add(table, *_cells(book, rule))
    _console().print(table)


def _cells(book: RuleBook, rule: Rule) -> tuple[str, ...]:
    limits = rule.limits
    return (
        rule.id,
        rule.title,
        rule.measurement,
        book.unit(rule),
        f"{limits.mild:g} / {limits.moderate:g} / {limits.severe:g}",
        ", ".join(rule.views),
        "off" if rule in book.off else "on",
        book.origin(rule),
    )


def print_rule(book: RuleBook, identifier: str, /) -> None:
    """Everything about one rule.

    Raises
    ------
    RuleError
        If there is no such rule.
    """
    table = _table()
    rule = book.rule(identifier)
    for head, words in [("Rule", rule.id), *rule_rows(book, rule)]:
        _add(table, head, words)
    console = Console(highlight=False)
    console.width = min(console.width, WIDEST_TEXT)
    console.print(table)


def summary(book: RuleBook, /) -> str:
    """How a book differs from the built-in one, in few words."""
    origins = list(book.origins.values())
    before = built_in_book()
    exercises = len(book.exercises) - len(before.exercises)
    measurements = sum(len(rules.measurement) for rules in book.rules.values()) - sum(
        len(rules.measurement) for rules in before.rules.values()
    )
    changed = origins.count(Origin.CHANGED)
    parts = [
        f"{counted(changed, '{n} rule', '{n} rules')} changed",
        f"{origins.count(Origin.OWN)} added",
    ]
    off, off_before = ({rule.id for rule in b.off} for b in (book, before))
    for switched, word in ((off - off_before, "off"), (off_before - off, "on")):
        if switched:
            parts.append(f"{len(switched)} switched {word}")
    for number, one, several in (
        (measurements, "{n} measurement added", "{n} measurements added"),
        (exercises, "{n} exercise added", "{n} exercises added"),
    ):
        if number:
            parts.append(counted(number, one, several))
    return ", ".join(parts)


def print_series() -> None:
    """What rule files may name in ``series`` and ``built_in``."""
    plain = _table("Series", "Unit", "Meaning")
    for name, info in sorted(SERIES.items()):
        _add(plain, name, info.unit, info.meaning)
    built_in = _table("Computed (built_in)", "Unit", "Meaning")
    for name, formula in sorted(COMPUTED.items()):
        _add(built_in, name, formula.unit or "the signal's", formula.meaning)
    console = _console()
    console.print(plain)
    console.print()
    console.print(built_in)


def export_text(book: RuleBook, exercise: str | None = None, /) -> str:
    """All rules, each as a change of itself.

    Parameters
    ----------
    book
        Where the rules are.
    exercise
        Only those of this one.

    Raises
    ------
    RuleError
        If there is no such exercise.
    """
    parts = [HEAD]
    for identifier, title in book.headings(exercise):
        parts.append(f"\n# --- {title} ---\n")
        parts += [_rule(book, rule) for rule in book.rules_of(identifier)]
    return "".join(parts)


def _rule(book: RuleBook, rule: Rule) -> str:
    what = book.measured_by(rule)
    comments = [
        f"{what.title}: {direction(rule)} is better.",
        *([] if rule.also is None else [f"And also: {also_words(book, rule, rule.also)}."]),
        *([f"Off as it comes: {rule.off}"] if rule.off else []),
        f"Source: {rule.source}",
        f"Evidence {rule.evidence}: {evidence_words(rule.evidence)}.",
    ]
    values = {
        "enabled": _bool(rule not in book.off),
        "title": _string(rule.title),
        "limits": _limits(rule.limits),
        "unit": _string(book.unit(rule)),
        "views": f"[{', '.join(map(_string, rule.views))}]",
        "min_reps": str(rule.min_reps),
        "critical": _bool(rule.critical),
        "weight": repr(rule.weight),
        "message": _string(rule.message),
        "film": _string(rule.film),
    }
    lines = [f"# {' '.join(comment.split())}" for comment in comments]
    lines.append(f"[change.{_string(rule.id)}]")
    lines += [f"{key} = {value}" for key, value in values.items()]
    return "\n" + "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """A basic string: what JSON escapes, TOML reads."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _limits(limits: Limits) -> str:
    pairs = (f"{name} = {_number(value)}" for name, value in limits)
    return f"{{ {', '.join(pairs)} }}"


def _number(value: float) -> str:
    """Without a needless ``.0``.

    >>> _number(5.0), _number(0.12)
    ('5', '0.12')
    """
    return repr(int(value)) if value.is_integer() else repr(value)
