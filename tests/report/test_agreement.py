"""Nothing that a clip's outputs say contradicts anything else that they say.

Measurements are drawn at random around their limits, of real repetitions; everything after
them is worked out as for any clip.
"""

from __future__ import annotations

import html
import io
import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.console import Console

from formcheck import analyze, build_report
from formcheck.analysis import RepAnalysis
from formcheck.pose.cache import TrackCache
from formcheck.present.one_rule import change_words, exception, when, worst_of
from formcheck.present.page.cards import fault_cards, fine_cards, rep_table
from formcheck.present.page.render import report_page
from formcheck.present.reading import faults, fine, main_point, unassessed
from formcheck.present.terminal.report import terminal_report
from formcheck.present.video.story import tell
from formcheck.present.which_reps import costs, flagged_reps, grade_told, judged_in
from formcheck.reasons import Reason, ReasonCode
from formcheck.rules.evaluate import check_rep, check_set, grade, score
from formcheck.rules.measure import Measured
from formcheck.rules.schema import Limits
from formcheck.upper_back import Footage, judge_clip
from formcheck.upper_back.cues import cue_table
from formcheck.words.severity import CLOSE_OR_UNSEEN, FAULTS, NO_VERDICT, ORDER, WORDS, Severity
from formcheck.words.text import amount, reps_named
from tests.conftest import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck import ClipAnalysis, Report
    from formcheck.report.model import LimitsPart, RepCheckPart, SetCheckPart
    from formcheck.rules.schema import Rule, RuleSet

CLIPS = ("weak_upper_back_row", "squat_side_lean", "pull_up_back_good")
SEEDS = range(12)


@pytest.fixture(scope="module", params=CLIPS)
def clip(request: pytest.FixtureRequest, shared_cache: Path) -> ClipAnalysis:
    return analyze(SAMPLES / f"{request.param}.mp4", cache=TrackCache(shared_cache))


def drawn(rng: np.random.Generator, name: str, unit: str, rules: list[Rule]) -> Measured:
    """A value around the limits of one of the rules that use it, or none."""
    edges = [limits for rule in rules for limits in limits_of(rule, name)]
    if not edges or rng.random() < 0.1:
        reason = Reason(ReasonCode.NOT_SEEN)
        return Measured(name, unit, math.nan, math.nan, False, reason, math.nan, math.nan)
    limits = edges[rng.integers(len(edges))]
    width = limits.severe - limits.mild
    value = limits.mild + width * rng.uniform(-1.5, 2.5)
    error = abs(width) * rng.uniform(0, 0.6)
    scatter = error * rng.uniform(0, 0.9) * (rng.random() < 0.3)
    return Measured(name, unit, value, error, True, None, math.nan, error, scatter)


def limits_of(rule: Rule, name: str) -> list[Limits]:
    found = [rule.limits] if rule.measurement == name and rule.over_set is None else []
    return [*found, rule.also.limits] if rule.also and rule.also.measurement == name else found


def measured(rng: np.random.Generator, rules: RuleSet) -> dict[str, Measured]:
    return {
        what.name: drawn(rng, what.name, what.unit, list(rules.rule)) for what in rules.measurement
    }


@pytest.fixture(params=SEEDS)
def other(request: pytest.FixtureRequest, clip: ClipAnalysis) -> ClipAnalysis:
    """The clip with other measurements."""
    rng, own = np.random.default_rng(request.param), clip.analysis
    assert own.rules is not None
    reps = []
    for rep in own.reps:
        values = measured(rng, own.rules)
        checks = tuple(check_rep(values, own.rules, own.motion.view)) if rep.rep.counts else ()
        reps.append(RepAnalysis(rep.rep, values, checks, score(checks) if checks else None))
    counted = [rep for rep in reps if rep.rep.counts]
    checks_of_set = tuple(
        check_set(
            [rep.measured for rep in counted],
            [rep.checks for rep in counted],
            [rep.rep.index for rep in counted],
            own.rules,
            own.motion.view,
        )
    )
    analysis = replace(
        own,
        reps=tuple(reps),
        checks=checks_of_set,
        score=score(checks_of_set),
        upper_back=judge_clip(checks_of_set, Footage(1.0, 1.0, 30.0)),
        lean=None,
    )
    return replace(clip, analysis=analysis)


@pytest.fixture
def report(other: ClipAnalysis) -> Report:
    return build_report(other)


def plain_grade(value: float, limits: LimitsPart, better: str) -> Severity:
    return grade(value, Limits(**limits.model_dump()), better)


def checks_of(report: Report, rule: str) -> list[RepCheckPart]:
    return [c for rep in report.reps for c in rep.checks if c.rule == rule]


def shown(report: Report) -> str:
    screen = io.StringIO()
    Console(file=screen, width=80, color_system=None).print(terminal_report(report))
    return screen.getvalue()


def section(text: str, title: str) -> str:
    return " ".join(text.partition(f"\n{title}\n")[2].partition("\n\n")[0].split())


def held(check: SetCheckPart | RepCheckPart, limits: LimitsPart, better: str) -> None:
    """A verdict against its own value: beyond the limit, or another condition is named."""
    if check.value is None:
        assert check.severity == Severity.NOT_ASSESSED
        return
    own = plain_grade(check.value, limits, better)
    severity = Severity(check.severity)
    if severity is Severity.OK and own is not Severity.OK:
        assert check.decided_by is not None, check
    elif severity.is_fault:
        assert own.is_fault, check
        assert ORDER(severity) <= ORDER(own), check


def test_every_verdict_fits_the_value_beside_it(report: Report) -> None:
    for check in report.checks:
        held(check, check.limits, check.better)
        for rep in checks_of(report, check.rule):
            held(rep, rep.limits, check.better)


def test_a_second_condition_that_decided_is_no_worse_than_the_verdict(report: Report) -> None:
    for rule in report.checks:
        for check in checks_of(report, rule.rule):
            if check.decided_by is not None:
                second = check.decided_by
                own = plain_grade(second.value, second.limits, second.better)
                assert ORDER(Severity(check.severity)) <= ORDER(own)


def test_a_rule_is_in_one_place_only(report: Report) -> None:
    text = shown(report)
    fix, none, unknown = (
        section(text, title) for title in ("What to fix", "No fault found", "Not assessed")
    )
    for check in report.checks:
        if check.weight == 0:
            continue
        listed = none.partition(f"{check.title}:")[0]
        places = [
            f"{check.title} (" in fix,
            re.search(rf"(^|, ){re.escape(check.title)}(,|$| )", listed) is not None,
            re.search(rf"(^|, |\. ){re.escape(check.title)}(, | )", unknown) is not None,
        ]
        assert places.count(True) == 1, (check.title, places)


def test_the_first_fault_is_the_main_point_everywhere(report: Report) -> None:
    found = faults(report)
    cards = fault_cards(report, {})
    assert [card.check.rule for card in cards] == [check.rule for check in found]
    if found:
        assert found[0].priority == max(check.priority for check in report.checks)
        assert found[0].message[1:] in main_point(report)
    else:
        assert "Main thing" not in main_point(report)


def test_the_worst_is_no_better_than_the_typical(report: Report) -> None:
    for check in faults(report):
        worst = worst_of(report, check)
        if worst is None or worst.value is None or check.value is None:
            continue
        size = (
            (lambda v: -v) if check.better == "high" else abs if check.better == "zero" else float
        )
        flagged = [c for c in checks_of(report, check.rule) if c.severity in FAULTS]
        assert worst.severity == min((c.severity for c in flagged), key=FAULTS.index)
        words = when(report, check)
        assert ("most in rep" in words) <= (size(worst.value) >= size(check.value))
        assert amount(worst.value, worst.unit, worst.error) in words
        assert amount(check.value, check.unit, check.error) in words


def unjudged(report: Report, check: SetCheckPart) -> int:
    return sum(c.severity == Severity.NOT_ASSESSED for c in checks_of(report, check.rule))


def test_no_repetition_without_a_verdict_is_told_as_fine(report: Report) -> None:
    for check in report.checks:
        if check.over_set is not None or check.severity == Severity.NOT_ASSESSED:
            continue
        words = flagged_reps(report, check) if check.reps_flagged else judged_in(report, check)
        without = unjudged(report, check)
        assert ("judged" in words) == (without > 0), words
        if without:
            told = [int(number) for number in re.findall(r"\d+", words)] + [1, 2]
            assert report.rep_count - without in told, words
        close = sum(c.reason_code == "too_close" for c in checks_of(report, check.rule))
        assert ("too close to call" in words) == (close > 0)


def test_a_grade_worse_than_the_sets_is_told_beside_it(report: Report) -> None:
    for check in faults(report):
        own = [c.severity for c in checks_of(report, check.rule) if c.severity in FAULTS]
        worst = min([*own, check.severity], key=FAULTS.index)
        told = grade_told(report, check)
        assert told.startswith(check.severity)
        assert worst in told
        assert html.escape(f"({told})") in html.escape(" ".join(shown(report).split()))


def test_what_is_too_close_to_call_says_where_it_is_not(report: Report) -> None:
    for check in report.checks:
        if check.reason_code != "too_close" or check.weight == 0:
            continue
        clear = check.reps_flagged
        titles = [title for group in unassessed(report) for title in group.titles]
        own = next(title for title in titles if title.startswith(check.title))
        assert own == check.title + (
            f" (a fault for sure only in {reps_named(clear)})" if clear else ""
        )


def test_points_of_faults_add_up_to_what_the_score_lacks(report: Report) -> None:
    if report.score is None:
        return
    lost = sum(check.cost for check in report.checks)
    assert report.score == pytest.approx(max(0.0, 100 - lost), abs=0.06)
    told = costs(report)
    assert {check.rule for check, _ in told} <= {check.rule for check in faults(report)}
    if told:
        assert sum(points for _, points in told) == 100 - round(report.score)
        assert all(abs(points - check.cost) < 1.5 for check, points in told)


def test_too_little_is_not_called_checked(report: Report) -> None:
    told = report.upper_back
    looked = " ".join(told.looked_at)
    assert ("Checked" in looked and told.finding == "insufficient") is False


def test_what_is_fine_names_the_repetitions_that_are_not(report: Report) -> None:
    for check in fine(report):
        flagged = [
            rep.index
            for rep in report.reps
            for c in rep.checks
            if c.rule == check.rule and c.severity in FAULTS
        ]
        assert check.reps_flagged == flagged
        words = exception(report, check)
        assert bool(words) == (bool(flagged) or bool(judged_in(report, check)))
        for index in flagged:
            assert str(index) in words
    bases = {card.check.rule: card.basis for card in fine_cards(report)}
    assert bases == {check.rule: exception(report, check) for check in fine(report)}


def test_page_and_terminal_show_the_same_verdicts(other: ClipAnalysis, report: Report) -> None:
    table, text = rep_table(report), shown(report)
    assert table is not None
    page = report_page(report, other)
    for row in table.rows:
        judged = {c.rule: c for c in row.rep.checks}
        rules = [c for c in report.checks if c.rule in judged and c.half is None]
        columns = [c for c in rules if any(x.value is not None for x in checks_of(report, c.rule))]
        assert [cell.severity for cell in row.cells] == [judged[c.rule].severity for c in columns]
    for check in faults(report):
        words = when(report, check) if check.over_set is None else change_words(check)
        assert html.escape(words[1:]) in page
        assert when(report, check).split(":")[0] in " ".join(text.split())


def test_the_video_shows_faults_of_the_report_alone(other: ClipAnalysis, report: Report) -> None:
    titles = {check.title for check in faults(report)}
    assert {message.title for message in tell(other.analysis).messages} <= titles


def test_signs_of_the_upper_back_are_faults_of_the_report(report: Report) -> None:
    flagged = {c.rule for c in report.checks if c.severity in FAULTS}
    table = cue_table()
    for cue in report.upper_back.cues:
        assert flagged & {*table.cues[cue.id].rules}, cue.id
    told = report.upper_back
    assert told.answer.startswith("No clear sign") == (told.finding == "none")
    assert ("other likely causes" in told.answer) <= bool(told.cues)
    if told.thorough:
        assert (told.finding == "none") <= (not told.cues)


def test_a_value_without_a_verdict_is_not_called_unassessed(
    other: ClipAnalysis, report: Report
) -> None:
    """It was measured: terminal and page say the same of it."""
    page = report_page(report, other)
    badge = f"</span> {NO_VERDICT}</span>"
    measured = [c for rep in report.reps for c in rep.checks if c.value is not None]
    if any(c.severity == Severity.NOT_ASSESSED for c in measured):
        assert badge in page
        assert f"? = {CLOSE_OR_UNSEEN}" in " ".join(shown(report).split())
    assert f"</span> {WORDS[Severity.NOT_ASSESSED]}</span>" not in page
