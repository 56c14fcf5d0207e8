"""Judge measurements by rules: per repetition, then over the set.

A verdict has three outcomes: fine, a graded fault, or *not assessed* with the
reason. A deviation smaller than its own error is not a fault but "too close
to call".
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from formcheck.reasons import Reason, ReasonCode
from formcheck.rules.changes import change_of
from formcheck.rules.verdicts import Check, Second, SetCheck
from formcheck.words.severity import GRADES, ORDER, SHARES, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from formcheck.kinematics.view import View
    from formcheck.rules.measure import Measured
    from formcheck.rules.schema import Also, Limits, OverSet, Rule, RuleSet

NOISE_GATE = 1.0
"""A deviation from the first limit must exceed this many standard errors."""
MOST_SCATTER = 1.0
"""Nothing is judged when landmarks that are not seen well move a measurement by more than
this share of the way from the first limit to the last (judgement)."""
ONE_GRADE = 0.5
"""The same way is two grades long."""
UNSEEN = frozenset({ReasonCode.HIDDEN, ReasonCode.NOT_SEEN, ReasonCode.NO_LENGTHS})
"""Why a verdict is missing that a lifter who is seen well would have."""
MIN_PERSISTENT = 2
"""A set of three or more repetitions is flagged when at least this many are."""
PERSISTENT_SHARE = 1 / 3
"""A set whose median is fine is mildly flagged when this share of it is flagged."""
CRITICAL_SHARE = 0.6
"""No score when fewer of the critical rules than this could be assessed."""
POINTS = 25.0
"""What a severe fault of a rule with full weight costs (reference 3.6)."""


Verdict = TypeVar("Verdict", Check, SetCheck)


def grade(value: float, limits: Limits, better: str, /) -> Severity:
    """Grade of a value without regard to its error."""
    value, sign = _directed(value, better)
    for severity, limit in (
        (Severity.SEVERE, limits.severe),
        (Severity.MODERATE, limits.moderate),
        (Severity.MILD, limits.mild),
    ):
        if sign * (value - limit) > 0:
            return severity
    return Severity.OK


def _directed(value: float, better: str) -> tuple[float, float]:
    """The value to compare with limits, and 1 when more of it is worse, else -1."""
    if better == "zero":
        return abs(value), 1.0
    return value, 1.0 if better == "low" else -1.0


def beyond(value: float, limits: Limits, better: str, /) -> float:
    """How far a value is from the first limit, to whichever side."""
    return abs(_directed(value, better)[0] - limits.mild)


def severity_share(value: float, limits: Limits, better: str, /) -> float:
    """Continuous severity: 0 at the first limit, then `SHARES` at the grades' far ends."""
    value, sign = _directed(value, better)
    edges = sign * np.array([limits.mild, limits.moderate, limits.severe])
    last = edges[2] + (edges[2] - edges[1])
    return float(np.interp(sign * value, [*edges, last], list(SHARES.values())))


def fault_share(check: Check | SetCheck, /) -> float:
    """Continuous severity of a verdict, 0..1: no more than its grade allows.

    Only a rule with a second condition can have a grade milder than its value.
    """
    if not check.severity.is_fault:
        return 0.0
    return min(
        SHARES[check.severity], severity_share(check.value, check.rule.limits, check.rule.better)
    )


def view_problem(rule: Rule, view: View, /) -> Reason | None:
    """Why a rule cannot be judged from a view; None when it can."""
    if view.label.group in rule.views:
        return None
    return Reason(ReasonCode.WRONG_VIEW, view=view.label.value, views=tuple(rule.views))


def hidden_problem(measured: Measured, limits: Limits, /) -> Reason | None:
    """Why nothing can be said: what is hidden may turn one grade into another."""
    if measured.scatter > MOST_SCATTER * abs(limits.severe - limits.mild):
        return measured.hidden or Reason(ReasonCode.HIDDEN)
    return None


def sure_grade(value: float, limits: Limits, better: str, scatter: float, /) -> Severity:
    """Grade of a value whose landmarks are not all seen well.

    Beyond mild a fault has only the grade that is left when the value is nearer to fine by
    its scatter.
    """
    severity = grade(value, limits, better)
    if severity is Severity.OK or not scatter > 0:
        return severity
    size, sign = _directed(value, better)
    left = grade(size - sign * scatter, limits, "low" if sign > 0 else "high")
    return min(severity, max(left, Severity.MILD, key=ORDER), key=ORDER)


def judge(
    value: float, error: float, rule: Rule, /, scatter: float = 0.0
) -> tuple[Severity, Reason | None]:
    """Grade a value, or say why it is too close to call.

    Parameters
    ----------
    value, error
        What was measured, and one standard error.
    rule
        The rule.
    scatter
        The part of the error that comes from landmarks that are not seen well.
    """
    severity = sure_grade(value, rule.limits, rule.better, scatter)
    if severity is Severity.OK:
        return severity, None
    if math.isfinite(error) and beyond(value, rule.limits, rule.better) < NOISE_GATE * error:
        return Severity.NOT_ASSESSED, Reason(ReasonCode.TOO_CLOSE)
    return severity, None


def check_rep(measured: Mapping[str, Measured], rules: RuleSet, view: View, /) -> list[Check]:
    """Judge one repetition by every rule that judges single repetitions."""
    return [_check(measured, r, rules, view) for r in rules.rule if r.over_set is None]


def _check(found: Mapping[str, Measured], rule: Rule, rules: RuleSet, view: View) -> Check:
    measured = found[rule.measurement]
    second = None if rule.also is None else found[rule.also.measurement]
    reasons = [
        view_problem(rule, view),
        measured.reason,
        second.reason if second else None,
        hidden_problem(measured, rule.limits),
        _spoiled(found, rule),
    ]
    problem = next((reason for reason in reasons if reason is not None), None)
    if problem is not None:
        return Check(rule, Severity.NOT_ASSESSED, math.nan, math.nan, measured.unit, None, problem)
    severity, reason = judge(measured.value, measured.error, rule, measured.scatter)
    decided_by = None
    if rule.also is not None and second is not None and severity.is_fault:
        also = sure_grade(second.value, rule.also.limits, rule.also.better, second.scatter)
        if ORDER(also) < ORDER(severity):
            severity, decided_by = also, _second(second, rule.also, rules)
    return Check(
        rule,
        severity,
        measured.value,
        measured.error,
        measured.unit,
        measured.at_s,
        reason,
        measured.scatter,
        decided_by,
    )


def _second(measured: Measured, also: Also, rules: RuleSet) -> Second:
    title = rules.named(also.measurement).named_short
    return Second(title, measured.value, measured.error, measured.unit, also.limits, also.better)


def held_share(checks: Sequence[Check], /) -> float | None:
    """Share of the verdicts that hold whatever is hidden; None when nothing is judged.

    A verdict holds when landmarks that are not seen well move its measurement by less than
    `ONE_GRADE`. What is not judged for other reasons does not count.
    """
    found = [
        math.isfinite(check.value)
        and check.scatter < ONE_GRADE * abs(check.rule.limits.severe - check.rule.limits.mild)
        for check in checks
        if math.isfinite(check.value) or (check.reason and check.reason.code in UNSEEN)
    ]
    return sum(found) / len(found) if found else None


def cautious(checks: Sequence[Verdict], /) -> tuple[Verdict, ...]:
    """Verdicts on a clip whose tracking cannot be relied on: no fault is more than mild."""
    return tuple(
        replace(check, severity=Severity.MILD) if check.severity.is_fault else check
        for check in checks
    )


def _spoiled(found: Mapping[str, Measured], rule: Rule) -> Reason | None:
    """Why another measurement of the repetition makes the rule's own worthless."""
    if rule.unless is None or not found[rule.unless.measurement].value > rule.unless.above:
        return None
    return Reason(ReasonCode.EXCLUDED, text=rule.unless.reason)


def check_set(
    measured: Sequence[Mapping[str, Measured]],
    checks: Sequence[Sequence[Check]],
    numbers: Sequence[int],
    rules: RuleSet,
    view: View,
    /,
) -> list[SetCheck]:
    """Judge the whole set by every rule.

    Parameters
    ----------
    measured, checks
        Of the counted repetitions.
    numbers
        Their repetition numbers.
    rules, view
        The rule set and the camera's view.
    """
    found = []
    for rule in rules.rule:
        problem = view_problem(rule, view)
        unit = rules.named(rule.measurement).unit
        if problem is None and len(numbers) < rule.min_reps:
            problem = Reason(ReasonCode.TOO_FEW_REPS, needed=rule.min_reps, got=len(numbers))
        if problem is not None:
            found.append(_unassessed(rule, unit, problem))
        elif rule.over_set is not None:
            found.append(_set_change(measured, rule, rule.over_set, numbers))
        else:
            own = [next(c for c in rep if c.rule.id == rule.id) for rep in checks]
            found.append(_set_median(own, rule, unit, numbers))
    return found


def _unassessed(rule: Rule, unit: str, reason: Reason) -> SetCheck:
    return SetCheck(rule, Severity.NOT_ASSESSED, math.nan, math.nan, unit, (), 0, reason)


def _set_median(checks: Sequence[Check], rule: Rule, unit: str, numbers: Sequence[int]) -> SetCheck:
    """The median repetition decides, unless too few repetitions show the fault."""
    seen = [(c, n) for c, n in zip(checks, numbers, strict=True) if math.isfinite(c.value)]
    if not seen:
        return _unassessed(rule, unit, _why_none([c.reason for c in checks], numbers))
    values = np.array([c.value for c, _ in seen])
    value = float(np.median(values))
    error = float(np.median([c.error for c, _ in seen]))
    flagged = tuple(n for c, n in seen if c.severity.is_fault)
    severity, reason = judge(value, error, rule, float(np.median([c.scatter for c, _ in seen])))
    if rule.also is not None and severity.is_fault:
        grades = sorted((c.severity for c, _ in seen if c.severity in GRADES), key=ORDER)
        severity = min(severity, grades[(len(grades) - 1) // 2] if grades else severity, key=ORDER)
    if severity.is_fault and len(seen) > MIN_PERSISTENT and len(flagged) < MIN_PERSISTENT:
        # Either the second condition makes the repetitions fine, or most are too close to call.
        close = rule.also is None
        severity = Severity.NOT_ASSESSED if close else Severity.OK
        reason = Reason(ReasonCode.TOO_CLOSE) if close else None
    persistent = len(flagged) >= max(MIN_PERSISTENT, PERSISTENT_SHARE * len(seen))
    of_flagged = not severity.is_fault and persistent
    if of_flagged:
        severity, reason = Severity.MILD, None
        value = float(np.median([c.value for c, _ in seen if c.severity.is_fault]))
    decided_by = None
    if severity in GRADES and ORDER(severity) < ORDER(grade(value, rule.limits, rule.better)):
        decided_by = _middle_second([c for c, _ in seen])
    return SetCheck(
        rule, severity, value, error, unit, flagged, len(seen), reason, decided_by, of_flagged
    )


def _middle_second(checks: Sequence[Check]) -> Second | None:
    """The second condition of the middle repetition among those that it decided."""
    own = sorted(
        (check.decided_by for check in checks if check.decided_by is not None),
        key=lambda second: second.value,
    )
    return own[len(own) // 2] if own else None


def _why_none(reasons: Sequence[Reason | None], numbers: Sequence[int]) -> Reason:
    """Why no repetition could be judged: what most of them say."""
    if not reasons:
        return Reason(ReasonCode.NO_REPS)
    most, _ = Counter(reason and reason.code for reason in reasons).most_common(1)[0]
    same = [
        (r, n) for r, n in zip(reasons, numbers, strict=True) if r is not None and r.code == most
    ]
    if not same:
        return Reason(ReasonCode.NOT_MEASURED)
    if most is not ReasonCode.HIDDEN:
        return same[0][0]
    whens = {reason.when for reason, _ in same}
    return replace(
        same[0][0],
        parts=_in_half(reason.parts for reason, _ in same),
        when=whens.pop() if len(whens) == 1 else "",
        outside=_in_half(reason.outside for reason, _ in same),
        reps=tuple(number for _, number in same),
    )


def _in_half(named: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Body parts that at least half of several lists name."""
    lists = list(named)
    counts = Counter(part for parts in lists for part in parts)
    return tuple(part for part, count in counts.items() if count >= len(lists) / 2)


def _set_change(
    measured: Sequence[Mapping[str, Measured]], rule: Rule, kind: OverSet, numbers: Sequence[int]
) -> SetCheck:
    """How a measurement changes from the first to the last repetitions."""
    own = [(m[rule.measurement], n) for m, n in zip(measured, numbers, strict=True)]
    unit = own[0][0].unit if kind == "growth" else "ratio"
    unseen = next((m.reason for m, _ in own if m.reason is not None), None)
    of = len(own)
    own = [(m, n) for m, n in own if m.valid]
    if len(own) < rule.min_reps:
        problem = Reason(ReasonCode.TOO_FEW_MEASURED, needed=rule.min_reps, got=len(own), of=of)
        return _unassessed(rule, unit, problem if own else unseen or problem)
    value, error, last = change_of(
        kind,
        np.array([m.value for m, _ in own]),
        float(np.median([m.change_error for m, _ in own])),
    )
    if math.isnan(value):
        return _unassessed(rule, unit, Reason(ReasonCode.NOT_MEASURED))
    severity, reason = judge(value, error, rule)
    flagged = tuple(n for _, n in own[-last:]) if severity.is_fault else ()
    return SetCheck(rule, severity, value, error, unit, flagged, len(own), reason)


def score(checks: Sequence[Check | SetCheck], /) -> float | None:
    """0..100, or None when too few of the critical rules could be assessed.

    Every flagged rule costs 25 points times its weight times its severity,
    which grows from 0 at the first limit to 1 well beyond the last.
    """
    critical = [c for c in checks if c.rule.critical]
    assessed = [c for c in critical if c.severity is not Severity.NOT_ASSESSED]
    if not critical or len(assessed) < CRITICAL_SHARE * len(critical):
        return None
    return max(0.0, round(100.0 - sum(map(cost, checks)), 1))


def cost(check: Check | SetCheck, /) -> float:
    """Points that a verdict costs; 0 for what is no fault."""
    return check.rule.weight * POINTS * fault_share(check)
