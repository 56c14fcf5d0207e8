"""What an annotated video says, and when: repetitions, faults, moments to see again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.rules.evaluate import fault_share
from formcheck.words.severity import ORDER, Severity, verdict_words
from formcheck.words.text import amount, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.analysis import Analysis, RepAnalysis
    from formcheck.rules.evaluate import Check, SetCheck
    from formcheck.rules.schema import Rule

BEFORE_S, MESSAGE_S = 0.1, 1.6
"""A message appears this long before its moment, and stays in all."""
MOST_AT_ONCE = 2
MOST_REPLAYS = 3
APART_S = 1.5
"""Moments nearer to each other than this are seen again together."""


@dataclass(frozen=True)
class Message:
    """A fault at its moment.

    Attributes
    ----------
    at_s, start_s, end_s
        When it happens and when it is shown, seconds of the clip.
    title, detail
        Two lines.
    severity
        Grade.
    parts
        Parts of the body that it is seen in.
    """

    at_s: float
    start_s: float
    end_s: float
    title: str
    detail: str
    severity: Severity
    parts: frozenset[str]


@dataclass(frozen=True)
class Headline:
    """The repetition panel at a time: up to three lines and a grade, None if undecided."""

    lines: tuple[str, ...]
    severity: Severity | None


@dataclass(frozen=True, eq=False)
class Story:
    """Everything that is said over a clip.

    Attributes
    ----------
    title
        The exercise.
    reps
        Those that count, in order.
    messages
        In order of time, never more than `MOST_AT_ONCE` at once.
    replays
        Moments to see again, in order of time, seconds.
    first_up
        Whether a repetition begins on the way up.
    """

    title: str
    reps: tuple[RepAnalysis, ...]
    messages: tuple[Message, ...]
    replays: tuple[float, ...]
    grades: tuple[Severity, ...]
    first_up: bool

    def headline(self, t_s: float) -> Headline:
        """What the repetition panel shows at a time."""
        begun = [n for n, r in enumerate(self.reps) if r.rep.start_s <= t_s]
        if not begun:
            total = count(len(self.reps), "rep")
            return Headline((self.title, total) if self.reps else (self.title,), None)
        number = begun[-1]
        rep = self.reps[number].rep
        top = f"Rep {number + 1} / {len(self.reps)}"
        tempo = self._tempo(rep.start_s, rep.turn_s, min(t_s, rep.end_s))
        if t_s > rep.end_s:
            grade = self.grades[number]
            return Headline((top, verdict_words(grade), tempo), grade)
        phase = next((p.name for p in rep.phases if p.start_s <= t_s <= p.end_s), "")
        return Headline((top, phase, tempo), None)

    def _tempo(self, start_s: float, turn_s: float, now_s: float) -> str:
        out, back = ("up", "down") if self.first_up else ("down", "up")
        text = f"{out} {max(0.0, min(now_s, turn_s) - start_s):.1f} s"
        return text if now_s <= turn_s else f"{text}   {back} {now_s - turn_s:.1f} s"

    def widest(self) -> tuple[str, ...]:
        """Lines as long as any that the panel shows."""
        phases = {p.name for r in self.reps for p in r.rep.phases}
        words = {verdict_words(grade) for grade in self.grades}
        total = len(self.reps)
        tempo = "down 88.8 s   up 88.8 s" if self.reps else ""
        return (f"Rep {total} / {total}", self.title, tempo, *phases, *words)

    def shown(self, t_s: float) -> list[Message]:
        """Messages to show at a time."""
        return [m for m in self.messages if m.start_s <= t_s < m.end_s]


def tell(analysis: Analysis, /, *, start_s: float = 0.0) -> Story:
    """The story of an analysis.

    Parameters
    ----------
    analysis
        Of the clip.
    start_s
        First second that is shown.

    Notes
    -----
    A fault is shown in a repetition when the rule is flagged for the whole set,
    so the video says what the report says.
    """
    reps = tuple(r for r in analysis.reps if r.rep.counts)
    flagged = {c.rule.id: c for c in analysis.checks if c.severity.is_fault and c.rule.weight > 0}
    messages = [
        _message(check.rule, check, _moment(check, rep))
        for rep in reps
        for check in rep.checks
        if check.rule.id in flagged and check.severity.is_fault
    ]
    messages += [
        _message(check.rule, check, by_number[check.reps_flagged[-1]].rep.end_s)
        for by_number in [{r.rep.index: r for r in reps}]
        for check in flagged.values()
        if check.rule.over_set is not None and check.reps_flagged
    ]
    definition = analysis.definition
    return Story(
        title="Exercise not recognised" if definition is None else definition.title,
        reps=reps,
        messages=_few_at_once(messages),
        replays=_replays(reps, list(flagged.values()), start_s),
        grades=tuple(_worst(r, flagged) for r in reps),
        first_up=definition is not None and not definition.starts_down,
    )


def _moment(check: Check, rep: RepAnalysis) -> float:
    at_s = check.at_s
    return rep.rep.turn_s if at_s is None or not math.isfinite(at_s) else at_s


def _message(rule: Rule, check: Check | SetCheck, at_s: float) -> Message:
    value = amount(check.value, check.unit, with_part=False)
    start = at_s - BEFORE_S
    detail = f"{check.severity.value}, {value}"
    return Message(
        at_s, start, start + MESSAGE_S, rule.title, detail, check.severity, frozenset(rule.body)
    )


def _few_at_once(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The worst first, as long as there is room; then in order of time."""
    kept: list[Message] = []
    for message in sorted(messages, key=lambda m: (-ORDER(m.severity), m.start_s)):
        beside = [m for m in kept if m.start_s < message.end_s and message.start_s < m.end_s]
        if len(beside) < MOST_AT_ONCE:
            kept.append(message)
    return tuple(sorted(kept, key=lambda m: m.start_s))


def _worst(rep: RepAnalysis, flagged: dict[str, SetCheck]) -> Severity:
    judged = [c for c in rep.checks if c.severity is not Severity.NOT_ASSESSED]
    if not judged:
        return Severity.NOT_ASSESSED
    faults = [c.severity for c in judged if c.rule.id in flagged]
    return max(faults, key=ORDER, default=Severity.OK)


def _replays(
    reps: Sequence[RepAnalysis], flagged: Sequence[SetCheck], start_s: float
) -> tuple[float, ...]:
    """The worst moment of each of the worst rules; near ones are one."""
    moments: list[float] = []
    for verdict in sorted(flagged, key=lambda c: -c.rule.weight * fault_share(c)):
        own = [
            (fault_share(c), _moment(c, r))
            for r in reps
            for c in r.checks
            if c.rule.id == verdict.rule.id and c.severity.is_fault
        ]
        at_s = max(own, default=(0.0, math.nan))[1]
        near = any(abs(at_s - other) < APART_S for other in moments)
        if math.isfinite(at_s) and at_s >= start_s and not near:
            moments.append(at_s)
    return tuple(sorted(moments[:MOST_REPLAYS]))
