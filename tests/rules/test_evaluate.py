"""From measured numbers to verdicts: limits, errors, views, sets, score."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.kinematics.view import View, ViewLabel
from formcheck.reasons import Reason, ReasonCode
from formcheck.rules.evaluate import (
    check_rep,
    check_set,
    grade,
    held_share,
    judge,
    score,
    severity_share,
    sure_grade,
    view_problem,
)
from formcheck.rules.measure import Measured
from formcheck.rules.schema import Limits, Measurement, Rule, RuleSet
from formcheck.rules.verdicts import Check, SetCheck
from formcheck.words.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

LOW = Limits(mild=5, moderate=10, severe=20)
HIGH = Limits(mild=0.9, moderate=0.8, severe=0.6)
OK, MILD, MODERATE, SEVERE, UNSURE = (
    Severity.OK,
    Severity.MILD,
    Severity.MODERATE,
    Severity.SEVERE,
    Severity.NOT_ASSESSED,
)


def rule_of(name: str = "lean", **changes: object) -> Rule:
    facts: dict[str, object] = {
        "id": f"squat.{name}",
        "title": name,
        "measurement": name,
        "better": "low",
        "limits": LOW,
        "message": "Do it right.",
        "source": "test",
        "evidence": "J",
    }
    return Rule.model_validate(facts | changes)


def rules_of(*rules: Rule) -> RuleSet:
    measurements = tuple(
        Measurement(name=name, title=name, unit="deg", built_in="amplitude")
        for name in sorted({r.measurement for r in rules})
    )
    return RuleSet(exercise="squat", measurement=measurements, rule=rules)


def seen_from(label: ViewLabel) -> View:
    return View(label, 0.0, 8.0, 1.0, "left", 1)


NOT_SEEN = Reason(ReasonCode.NOT_SEEN)
SIDE = seen_from(ViewLabel.SIDE_LEFT)


def number(value: float, error: float = 0.1, *, reason: Reason | None = None) -> Measured:
    return Measured("lean", "deg", value, error, reason is None, reason, 1.5, error)


def set_of(
    values: Sequence[float], *, error: float = 0.1, rule: Rule | None = None, view: View = SIDE
) -> SetCheck:
    """The verdict on a set in which the rule's measurement had these values; NaN = not seen."""
    rule = rule or rule_of()
    rules = rules_of(rule)
    reps = [
        {rule.measurement: number(v, error, reason=NOT_SEEN if math.isnan(v) else None)}
        for v in values
    ]
    checks = [check_rep(rep, rules, view) for rep in reps]
    (found,) = check_set(reps, checks, list(range(1, len(values) + 1)), rules, view)
    return found


# --- one value -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (-100.0, OK),
        (4.9, OK),
        (5.0, OK),
        (5.1, MILD),
        (10.0, MILD),
        (10.1, MODERATE),
        (20.0, MODERATE),
        (20.1, SEVERE),
        (500.0, SEVERE),
    ],
)
def test_grades_when_low_is_better(value: float, expected: Severity) -> None:
    assert grade(value, LOW, "low") is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2.0, OK),
        (0.9, OK),
        (0.89, MILD),
        (0.8, MILD),
        (0.79, MODERATE),
        (0.6, MODERATE),
        (0.5, SEVERE),
    ],
)
def test_grades_when_high_is_better(value: float, expected: Severity) -> None:
    assert grade(value, HIGH, "high") is expected


@pytest.mark.parametrize(
    ("limits", "better", "value", "share"),
    [
        (LOW, "low", 0.0, 0.0),
        (LOW, "low", 5.0, 0.0),
        (LOW, "low", 7.5, 0.17),
        (LOW, "low", 10.0, 0.34),
        (LOW, "low", 20.0, 0.67),
        (LOW, "low", 30.0, 1.0),
        (LOW, "low", 99.0, 1.0),
        (HIGH, "high", 1.2, 0.0),
        (HIGH, "high", 0.85, 0.17),
        (HIGH, "high", 0.6, 0.67),
        (HIGH, "high", 0.1, 1.0),
    ],
)
def test_severity_grows_steadily(limits: Limits, better: str, value: float, share: float) -> None:
    """0 at the first limit, 0.34 and 0.67 at the next two (reference 3)."""
    assert severity_share(value, limits, better) == pytest.approx(share)


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [
        (4.0, 99.0, OK),  # nothing to doubt
        (6.0, 0.9, MILD),
        (6.0, 1.1, UNSURE),
        (12.0, 6.9, MODERATE),
        (12.0, 7.1, UNSURE),
        (25.0, 19.0, SEVERE),
        (25.0, 21.0, UNSURE),
        (6.0, math.nan, MILD),  # no error known
    ],
)
def test_deviations_within_the_error_are_too_close_to_call(
    value: float, error: float, expected: Severity
) -> None:
    severity, reason = judge(value, error, rule_of())
    assert severity is expected
    assert reason == (Reason(ReasonCode.TOO_CLOSE) if expected is UNSURE else None)


# --- views ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("views", "may"),
    [
        (("side",), {ViewLabel.SIDE_LEFT, ViewLabel.SIDE_RIGHT}),
        (("front",), {ViewLabel.FRONT, ViewLabel.BACK}),
        (("oblique",), {ViewLabel.OBLIQUE_FRONT, ViewLabel.OBLIQUE_BACK}),
        (("side", "oblique", "front"), set(ViewLabel) - {ViewLabel.UNKNOWN}),
    ],
)
def test_views(views: tuple[str, ...], may: set[ViewLabel]) -> None:
    rule = rule_of(views=views)
    for label in ViewLabel:
        problem = view_problem(rule, seen_from(label))
        wrong = Reason(ReasonCode.WRONG_VIEW, view=label.value, views=views)
        assert problem == (None if label in may else wrong)


def test_a_rule_that_cannot_be_seen_gives_no_number() -> None:
    rules = rules_of(rule_of(views=("front",)))
    (check,) = check_rep({"lean": number(50.0)}, rules, SIDE)
    assert check.severity is UNSURE
    assert math.isnan(check.value)
    assert check.reason == Reason(ReasonCode.WRONG_VIEW, view="side_left", views=("front",))
    found = set_of([50.0, 50.0, 50.0], rule=rule_of(views=("front",)))
    assert (found.severity, found.reps_assessed, found.reps_flagged) == (UNSURE, 0, ())
    assert found.reason == check.reason


def test_what_was_not_measured_is_not_judged() -> None:
    (check,) = check_rep({"lean": number(50.0, reason=NOT_SEEN)}, rules_of(rule_of()), SIDE)
    assert (check.severity, check.reason) == (UNSURE, NOT_SEEN)


def test_a_check_says_what_when_and_how_sure() -> None:
    (check,) = check_rep({"lean": number(12.0, 1.0)}, rules_of(rule_of()), SIDE)
    assert (check.severity, check.value, check.error) == (MODERATE, 12.0, 1.0)
    assert (check.unit, check.at_s, check.reason) == ("deg", 1.5, None)


# --- sets ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "severity", "value", "flagged"),
    [
        ([3.0, 3.0, 3.0], OK, 3.0, ()),
        ([7.0, 8.0, 9.0], MILD, 8.0, (1, 2, 3)),
        ([7.0, 12.0, 30.0], MODERATE, 12.0, (1, 2, 3)),
        ([25.0, 30.0], SEVERE, 27.5, (1, 2)),
        ([12.0], MODERATE, 12.0, (1,)),
        ([3.0], OK, 3.0, ()),
        # one bad repetition among several is not a habit
        ([3.0, 3.0, 30.0], OK, 3.0, (3,)),
        ([3.0, 3.0, 3.0, 3.0, 12.0], OK, 3.0, (5,)),
        # what was not seen does not count
        ([math.nan, 12.0, 13.0, math.nan], MODERATE, 12.5, (2, 3)),
    ],
)
def test_the_median_repetition_decides(
    values: list[float], severity: Severity, value: float, flagged: tuple[int, ...]
) -> None:
    found = set_of(values)
    assert found.severity is severity
    assert found.value == pytest.approx(value)
    assert found.reps_flagged == flagged
    assert found.reps_assessed == sum(not math.isnan(v) for v in values)


def test_a_fault_in_part_of_the_set_is_mild() -> None:
    """The median is fine, yet two of five repetitions are not."""
    found = set_of([2.0, 3.0, 4.0, 12.0, 14.0])
    assert found.severity is MILD
    assert found.reps_flagged == (4, 5)


def test_a_set_never_seen() -> None:
    found = set_of([math.nan, math.nan])
    assert (found.severity, found.reps_assessed, found.reason) == (UNSURE, 0, NOT_SEEN)
    assert math.isnan(found.value)


def test_a_set_too_close_to_call() -> None:
    found = set_of([5.5, 6.0, 6.5], error=3.0)
    assert found.severity is UNSURE
    assert found.reps_flagged == ()
    assert found.reason == Reason(ReasonCode.TOO_CLOSE)


def test_a_worse_set_is_never_judged_better() -> None:
    """Two clear faults in five: mild with the others fine, so at least that with them in doubt."""
    assert set_of([4.0, 4.0, 4.0, 20.0, 20.0], error=3.0).severity is MILD
    assert set_of([6.0, 6.0, 6.0, 20.0, 20.0], error=3.0).severity.is_fault


@pytest.mark.parametrize(("count", "severity"), [(1, UNSURE), (2, UNSURE), (3, MODERATE)])
def test_a_rule_may_need_several_repetitions(count: int, severity: Severity) -> None:
    found = set_of([12.0] * count, rule=rule_of(min_reps=3))
    assert found.severity is severity
    if severity is UNSURE:
        assert found.reason == Reason(ReasonCode.TOO_FEW_REPS, needed=3, got=count)


LOSS = rule_of(
    over_set="loss",
    min_reps=4,
    limits=Limits(mild=0.12, moderate=0.20, severe=0.30),
)


@pytest.mark.parametrize(
    ("values", "loss", "severity"),
    [
        ([1.0, 1.0, 1.0, 1.0], 0.0, OK),
        ([1.0, 1.0, 1.1, 1.1], -0.1, OK),
        # the mean of the first two and the last two of up to five
        ([1.0, 0.9, 0.8, 0.7], 1 - 0.75 / 0.95, MODERATE),
        ([1.0, 1.0, 0.9, 0.85, 0.85], 0.15, MILD),
        ([2.0, 2.0, 1.5, 1.2, 1.2], 0.40, SEVERE),
        # of the first three and the last three from six on
        ([1.0, 1.0, 1.0, 0.9, 0.7, 0.8], 0.20, MILD),
        ([1.0, 1.0, 1.0, 0.5, 1.0, 1.0, 1.0], 0.0, OK),
    ],
)
def test_loss_over_the_set(values: list[float], loss: float, severity: Severity) -> None:
    found = set_of(values, error=0.001, rule=LOSS)
    assert found.value == pytest.approx(loss)
    assert found.severity is severity
    assert found.unit == "ratio"
    assert found.reps_assessed == len(values)
    if severity.is_fault:
        group = 3 if len(values) >= 6 else 2
        assert found.reps_flagged == tuple(range(len(values) - group + 1, len(values) + 1))
    else:
        assert found.reps_flagged == ()


@pytest.mark.parametrize(
    ("values", "error", "severity"),
    [
        ([1.0, 1.0, 0.8, 0.8], 0.05, MODERATE),
        ([1.0, 1.0, 0.8, 0.8], 0.12, UNSURE),
    ],
)
def test_loss_within_its_error(values: list[float], error: float, severity: Severity) -> None:
    """Two means of two differ by an error of one value's."""
    found = set_of(np.subtract(values, [0, 0, 1e-9, 1e-9]).tolist(), error=error, rule=LOSS)
    assert found.error == pytest.approx(error)
    assert found.severity is severity


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([1.0, 1.0, 0.5], Reason(ReasonCode.TOO_FEW_REPS, needed=4, got=3)),
        (
            [1.0, math.nan, 1.0, 0.5],
            Reason(ReasonCode.TOO_FEW_MEASURED, needed=4, got=3, of=4),
        ),
    ],
)
def test_loss_needs_enough_repetitions(values: list[float], reason: Reason) -> None:
    found = set_of(values, rule=LOSS)
    assert found.severity is UNSURE
    assert found.reason == reason


def test_loss_does_not_judge_single_repetitions() -> None:
    assert check_rep({"lean": number(12.0)}, rules_of(LOSS), SIDE) == []


GROWTH = rule_of(over_set="growth", min_reps=4, limits=Limits(mild=4, moderate=7, severe=10))
FALL = rule_of(over_set="fall", min_reps=3, limits=Limits(mild=0.25, moderate=0.4, severe=0.55))


@pytest.mark.parametrize(
    ("values", "growth", "severity"),
    [
        ([40.0, 42.0, 44.0, 46.0, 48.0], 8.0, MODERATE),
        ([40.0, 40.0, 40.0, 40.0], 0.0, OK),
        ([48.0, 46.0, 44.0, 42.0], -6.0, OK),
        ([40.0, 42.0, 70.0, 46.0, 48.0], 8.0, MODERATE),  # one wild value bends no line
    ],
)
def test_growth_over_the_set(values: list[float], growth: float, severity: Severity) -> None:
    found = set_of(values, rule=GROWTH)
    assert found.value == pytest.approx(growth)
    assert found.severity is severity
    assert found.unit == "deg"


@pytest.mark.parametrize("rule", [LOSS, FALL], ids=["loss", "fall"])
@pytest.mark.parametrize("base", [0.0, -1.0])
def test_a_share_of_nothing_is_not_told(rule: Rule, base: float) -> None:
    found = set_of([base] * 5, error=0.1, rule=rule)
    assert found.severity is UNSURE
    assert found.reason == Reason(ReasonCode.NOT_MEASURED)


def test_growth_within_its_error() -> None:
    """A line through four values with an error of 3 each: 3 * 3 / sqrt(5)."""
    found = set_of([40.0, 42.0, 44.0, 46.0], error=3.0, rule=GROWTH)
    assert found.error == pytest.approx(9 / math.sqrt(5))
    assert found.severity is UNSURE


def test_fall_from_the_best_repetition() -> None:
    found = set_of([0.9, 1.0, 0.8, 0.5], error=0.01, rule=FALL)
    assert found.value == pytest.approx(0.5)
    assert found.severity is MODERATE
    assert found.reps_flagged == (4,)


@pytest.mark.parametrize(
    ("value", "severity"), [(4.0, OK), (-4.0, OK), (6.0, MILD), (-12.0, MODERATE), (25.0, SEVERE)]
)
def test_limits_to_both_sides_of_zero(value: float, severity: Severity) -> None:
    found = set_of([value] * 3, rule=rule_of(better="zero"))
    assert found.severity is severity
    assert found.value == pytest.approx(value)


def test_sides_that_alternate_cancel() -> None:
    assert set_of([12.0, -12.0, 12.0, -12.0], rule=rule_of(better="zero")).value == 0.0


@pytest.mark.parametrize(
    ("first", "second", "severity"),
    [(25.0, 1.0, OK), (25.0, 7.0, MILD), (7.0, 25.0, MILD), (25.0, 25.0, SEVERE), (1.0, 25.0, OK)],
)
def test_the_milder_of_two_measurements_decides(
    first: float, second: float, severity: Severity
) -> None:
    rule = rule_of(also={"measurement": "lag", "better": "low", "limits": LOW})
    rules = rules_of(rule, rule_of("lag"))
    measured = {"lean": number(first), "lag": number(second)}
    checks = [check_rep(measured, rules, SIDE) for _ in range(3)]
    assert checks[0][0].severity is severity
    found = check_set([measured] * 3, checks, [1, 2, 3], rules, SIDE)[0]
    assert found.severity is severity


@pytest.mark.parametrize(("swing", "severity"), [(10.0, SEVERE), (20.0, UNSURE)])
def test_a_measurement_that_spoils_another(swing: float, severity: Severity) -> None:
    rule = rule_of(unless={"measurement": "lag", "above": 15.0, "reason": "too much swing"})
    measured = {"lean": number(25.0), "lag": number(swing)}
    check = check_rep(measured, rules_of(rule, rule_of("lag")), SIDE)[0]
    assert check.severity is severity
    spoiled = Reason(ReasonCode.EXCLUDED, text="too much swing")
    assert check.reason == (spoiled if severity is UNSURE else None)


def test_a_second_measurement_that_is_not_seen() -> None:
    rule = rule_of(also={"measurement": "lag", "better": "low", "limits": LOW})
    measured = {"lean": number(25.0), "lag": number(math.nan, reason=NOT_SEEN)}
    check = check_rep(measured, rules_of(rule, rule_of("lag")), SIDE)[0]
    assert (check.severity, check.reason) == (UNSURE, NOT_SEEN)


# --- score ---------------------------------------------------------------------------


def check_of(severity: Severity, value: float, **rule: object) -> Check:
    return Check(rule_of(**rule), severity, value, 0.1, "deg", 1.0, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("checks", "points"),
    [
        ([(OK, 0.0, 1.0)], 100.0),
        ([(MILD, 7.5, 1.0)], 100 - 25 * 0.17),
        ([(MODERATE, 10.0, 1.0)], 100 - 25 * 0.34),
        ([(SEVERE, 20.0, 1.0)], 100 - 25 * 0.67),
        ([(SEVERE, 90.0, 1.0)], 75.0),
        ([(SEVERE, 90.0, 0.5)], 87.5),
        ([(SEVERE, 90.0, 0.0)], 100.0),
        ([(SEVERE, 90.0, 1.0), (SEVERE, 90.0, 1.0)], 50.0),
        ([(SEVERE, 90.0, 1.0)] * 5, 0.0),
        ([(OK, 0.0, 1.0), (OK, 0.0, 1.0), (UNSURE, math.nan, 1.0)], 100.0),
    ],
)
def test_score(checks: list[tuple[Severity, float, float]], points: float) -> None:
    given = [check_of(s, v, weight=w, critical=True) for s, v, w in checks]
    assert score(given) == pytest.approx(points, abs=0.06)


@pytest.mark.parametrize(
    ("assessed", "unknown", "given"),
    [(1, 0, True), (1, 1, False), (2, 1, True), (3, 2, True), (1, 2, False), (0, 3, False)],
)
def test_no_score_when_too_few_critical_rules_were_assessed(
    assessed: int, unknown: int, given: bool
) -> None:
    """Sixty in a hundred are needed; rules that are not critical do not help."""
    checks = [check_of(OK, 1.0, critical=True)] * assessed
    checks += [check_of(UNSURE, math.nan, critical=True)] * unknown
    checks += [check_of(OK, 1.0)] * 10
    assert (score(checks) is not None) is given


def test_no_score_without_critical_rules() -> None:
    assert score([check_of(OK, 1.0)]) is None
    assert score([]) is None


def test_faults_of_other_rules_count_too() -> None:
    checks = [check_of(OK, 1.0, critical=True), check_of(SEVERE, 90.0, weight=0.5)]
    assert score(checks) == pytest.approx(87.5)


# --- landmarks that are not seen well ------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "scatter", "severity"),
    [
        (30.0, 0.0, Severity.SEVERE),
        (30.0, 2.0, Severity.SEVERE),
        (30.0, 8.0, Severity.MODERATE),
        (30.0, 29.0, Severity.MILD),
        (1.0, 29.0, Severity.OK),
    ],
)
def test_a_fault_has_the_grade_that_is_left_without_its_scatter(
    value: float, scatter: float, severity: Severity
) -> None:
    limits = Limits(mild=5.0, moderate=14.0, severe=25.0)
    assert sure_grade(value, limits, "low", scatter) is severity
    assert (
        sure_grade(-value, Limits(mild=-5, moderate=-14, severe=-25), "high", scatter) is severity
    )
    assert sure_grade(-value, limits, "zero", scatter) is severity


@pytest.mark.parametrize(
    ("scatters", "reasons", "share"),
    [
        ([0.0, 7.0, 8.0, 14.0], [None] * 4, 0.5),  # from mild to severe are 15: a grade is 7.5
        ([0.0, 0.0], [None, ReasonCode.TOO_CLOSE], 1.0),
        ([0.0, math.nan], [None, ReasonCode.HIDDEN], 0.5),
        ([0.0, math.nan], [None, ReasonCode.WRONG_VIEW], 1.0),
        ([math.nan], [ReasonCode.WRONG_VIEW], None),
        ([math.nan], [ReasonCode.NOT_SEEN], 0.0),
    ],
)
def test_a_verdict_holds_when_what_is_hidden_cannot_move_it_by_a_grade(
    scatters: list[float], reasons: list[ReasonCode | None], share: float | None
) -> None:
    checks = [
        replace(
            check_of(OK, math.nan if math.isnan(scatter) else 2.0),
            scatter=0.0 if math.isnan(scatter) else scatter,
            reason=None if code is None else Reason(code),
        )
        for scatter, code in zip(scatters, reasons, strict=True)
    ]
    assert held_share(checks) == share


def test_a_set_says_in_which_repetitions_something_is_hidden() -> None:
    hidden = Reason(ReasonCode.HIDDEN, parts=("hip",), when="bottom")
    both, other = replace(hidden, parts=("hip", "knee")), Reason(ReasonCode.NOT_SEEN)
    measured = [{"lean": number(math.nan, reason=r)} for r in (hidden, other, both, hidden)]
    rules = rules_of(rule_of())
    checks = [check_rep(found, rules, SIDE) for found in measured]
    (verdict,) = check_set(measured, checks, [1, 2, 3, 4], rules, SIDE)
    assert verdict.reason == replace(hidden, reps=(1, 3, 4))
