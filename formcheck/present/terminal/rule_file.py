"""The rules as a TOML file that a user can edit and give back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from formcheck.present.terminal.rule_words import also_words, direction, evidence_words

if TYPE_CHECKING:
    from formcheck.rules.book import RuleBook
    from formcheck.rules.schema import Limits, Rule

HEAD = """\
# formcheck's rules, to be changed. Use this file with --rules; "formcheck rules check"
# says whether it is in order. What you leave out stays as it comes with formcheck, so
# keep what you change and delete the rest. docs/rules.md explains every line.
"""


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
