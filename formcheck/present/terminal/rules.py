"""What the commands of ``formcheck rules`` print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from formcheck.kinematics.series import SERIES
from formcheck.present.terminal.rule_words import rule_rows
from formcheck.rules.book import Origin, built_in_book
from formcheck.rules.computed import COMPUTED
from formcheck.words.text import printable

if TYPE_CHECKING:
    from formcheck.rules.book import RuleBook
    from formcheck.rules.schema import Rule

WIDE = 250
"""Width where nobody looks at a terminal: one line for each rule."""
WIDEST_TEXT = 100
"""Longer lines are hard to read."""
HEADS = ("Rule", "Title", "Measures", "Unit", "Mild / moderate / severe", "Views", "State", "From")


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
        f"{changed} {'rule' if changed == 1 else 'rules'} changed",
        f"{origins.count(Origin.OWN)} added",
    ]
    off, off_before = ({rule.id for rule in b.off} for b in (book, before))
    for switched, word in ((off - off_before, "off"), (off_before - off, "on")):
        if switched:
            parts.append(f"{len(switched)} switched {word}")
    for count, word in ((measurements, "measurement"), (exercises, "exercise")):
        if count:
            parts.append(f"{count} {word}{'' if count == 1 else 's'} added")
    return ", ".join(parts)


def print_series() -> None:
    """What rule files may name in ``series``, ``ways`` and ``built_in``."""
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
