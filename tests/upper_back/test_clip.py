"""From a set's verdicts to the finding of one clip."""

from __future__ import annotations

import math

import pytest

from formcheck.rules.evaluate import SetCheck, Severity
from formcheck.rules.library import built_in_rules
from formcheck.upper_back import Finding, Footage, judge_clip, judge_lifter
from formcheck.upper_back.clip import observe

GOOD = Footage(view_share=1.0, visibility=0.95, rate_hz=30.0)
SEVERE = {"squat.hips_first": 20.0, "bent_over_row.top_range": -0.6, "pull_up.chin": -0.6}
LIFTS = ("squat", "bent_over_row", "pull_up")


def verdict(rule_id: str, value: float, severity: Severity, *, reps: int = 6) -> SetCheck:
    rules = built_in_rules(rule_id.split(".", maxsplit=1)[0])
    rule = next(r for r in rules.rule if r.id == rule_id)
    flagged = tuple(range(1, reps + 1)) if severity.is_fault else ()
    assessed = 0 if severity is Severity.NOT_ASSESSED else reps
    return SetCheck(rule, severity, value, 1.0, "deg", flagged, assessed, None)


def test_an_unknown_exercise_is_insufficient_and_asks_for_footage() -> None:
    found = judge_clip((), GOOD)
    assert found.evidence.grade is Finding.INSUFFICIENT
    assert [a.kind.value for a in found.guidance.items] == ["filming"]
    assert found.guidance.safety


@pytest.mark.parametrize("rule", SEVERE)
def test_one_clip_is_never_more_than_watch(rule: str) -> None:
    found = judge_clip([verdict(rule, SEVERE[rule], Severity.SEVERE)], GOOD)
    assert found.evidence.shown
    assert found.evidence.grade in (Finding.NONE, Finding.WATCH)


def test_a_severe_pitch_alone_names_another_explanation_first() -> None:
    found = judge_clip([verdict("squat.hips_first", 20.0, Severity.SEVERE)], GOOD)
    assert found.evidence.grade is Finding.WATCH
    assert found.evidence.leading is not None
    assert found.evidence.leading.value == "legs"


def test_rules_without_a_cue_say_nothing() -> None:
    found = judge_clip([verdict("squat.depth", 30.0, Severity.SEVERE)], GOOD)
    assert not found.evidence.cues


def test_what_was_not_assessed_is_no_observation() -> None:
    check = verdict("squat.hips_first", math.nan, Severity.NOT_ASSESSED)
    assert observe(check, "SQ_PITCH", GOOD) is None


def test_a_clean_verdict_is_an_observation_of_nothing() -> None:
    seen = observe(verdict("bent_over_row.top_range", 0.3, Severity.OK), "RW_TOP", GOOD)
    assert seen is not None
    assert (seen.severity, seen.persistence, seen.reps) == (0.0, 0.0, 6)


@pytest.mark.parametrize(
    ("footage", "worse"),
    [
        (GOOD, Footage(0.6, 0.95, 30.0)),
        (GOOD, Footage(1.0, 0.6, 30.0)),
    ],
)
def test_poorer_footage_weighs_less(footage: Footage, worse: Footage) -> None:
    check = [verdict("bent_over_row.top_range", -0.6, Severity.SEVERE)]
    assert judge_clip(check, worse).evidence.points < judge_clip(check, footage).evidence.points


@pytest.mark.parametrize("lift", LIFTS)
def test_every_cue_of_a_lift_with_a_rule_can_be_fed(lift: str) -> None:
    rules = [r.id for r in built_in_rules(lift).rule]
    checks = [verdict(r, 0.0, Severity.OK) for r in rules]
    assert judge_clip(checks, GOOD).evidence.cues


def test_two_lifts_that_agree_are_likely() -> None:
    """A lifter who pitches forward, falls short in rows and pulls, and fades."""
    clips = [
        judge_clip([verdict("squat.hips_first", 10.0, Severity.MODERATE)], GOOD),
        judge_clip(
            [
                verdict("bent_over_row.top_range", -0.3, Severity.SEVERE, reps=8),
                verdict("bent_over_row.range_loss", 0.3, Severity.MODERATE, reps=8),
            ],
            GOOD,
        ),
        judge_clip([verdict("pull_up.chin", -0.3, Severity.SEVERE)], GOOD),
    ]
    assert all(clip.evidence.grade is not Finding.LIKELY for clip in clips)
    together = judge_lifter(o for clip in clips for o in clip.observations)
    assert together.evidence.grade is Finding.LIKELY
    assert {a.kind.value for a in together.guidance.items} >= {"exercise", "warm_up", "technique"}


def test_several_squats_alone_are_never_likely() -> None:
    clip = judge_clip([verdict("squat.hips_first", 20.0, Severity.SEVERE)], GOOD)
    together = judge_lifter([*clip.observations] * 4)
    assert together.evidence.grade in (Finding.NONE, Finding.WATCH)
