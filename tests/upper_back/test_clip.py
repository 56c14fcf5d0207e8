"""From a set's verdicts to the finding of one clip."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from formcheck.lifter import Bar, Lifter
from formcheck.reasons import Reason, ReasonCode
from formcheck.rules.book import built_in_book
from formcheck.rules.verdicts import SetCheck
from formcheck.upper_back import Finding, Footage, judge_clip, judge_lifter
from formcheck.upper_back.clip import observe
from formcheck.upper_back.cues import cue_table
from formcheck.words.severity import Severity

if TYPE_CHECKING:
    from formcheck.upper_back import UpperBack
    from formcheck.upper_back.observations import CueObservation

GOOD = Footage(view_share=1.0, visibility=0.95, rate_hz=30.0)
SEVERE = {"squat.hips_first": 20.0, "bent_over_row.top_range": -0.6, "pull_up.chin": -0.6}
LIFTS = ("squat", "bent_over_row", "pull_up")


def verdict(rule_id: str, value: float, severity: Severity, *, reps: int = 6) -> SetCheck:
    rule = built_in_book().rule(rule_id)
    flagged = tuple(range(1, reps + 1)) if severity.is_fault else ()
    assessed = 0 if severity is Severity.NOT_ASSESSED else reps
    return SetCheck(rule, severity, value, 1.0, "deg", flagged, assessed, None)


def test_an_unknown_exercise_is_insufficient_and_asks_for_footage() -> None:
    found = judge_clip((), GOOD)
    assert found.evidence.grade is Finding.INSUFFICIENT
    assert [a.kind.value for a in found.guidance.items] == ["filming"]
    assert found.guidance.safety


def test_where_the_view_shows_no_sign_another_one_is_asked_for() -> None:
    rules = ("squat.hips_first", "squat.lean_growth")
    front = Reason(ReasonCode.WRONG_VIEW, view="front", views=("side", "oblique"))
    unseen = [replace(verdict(r, math.nan, Severity.NOT_ASSESSED), reason=front) for r in rules]
    assert judge_clip(unseen, GOOD).context.film_from == ("side", "oblique")
    one_seen = [verdict(rules[0], 1.0, Severity.OK), unseen[1]]
    assert judge_clip(one_seen, GOOD).context.film_from == ()


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
    rules = [r.id for r in built_in_book().rules_of(lift)]
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
    assert {a.kind.value for a in together.guidance.items} == {"exercise", "warm_up", "filming"}


def test_several_squats_alone_are_never_likely() -> None:
    clip = judge_clip([verdict("squat.hips_first", 20.0, Severity.SEVERE)], GOOD)
    together = judge_lifter([*clip.observations] * 4)
    assert together.evidence.grade in (Finding.NONE, Finding.WATCH)


# --- what else is known about the set -------------------------------------------------


def verdict_in(reps: tuple[int, ...], rule: str = "bent_over_row.top_range") -> SetCheck:
    """A severe fault in these repetitions of twelve."""
    seen = verdict(rule, SEVERE[rule], Severity.SEVERE, reps=12)
    return replace(seen, reps_flagged=reps)


def only(checks: list[SetCheck], cue: str, **told: Any) -> CueObservation:
    found = judge_clip(checks, GOOD, **told)
    return next(o for o in found.observations if o.cue == cue)


@pytest.mark.parametrize(
    ("reps", "left"), [((9, 10, 11, 12), 0.6), ((8, 11, 12), 1.0), (tuple(range(1, 13)), 1.0)]
)
def test_what_only_the_end_of_a_set_shows_counts_less(reps: tuple[int, ...], left: float) -> None:
    assert only([verdict_in(reps)], "RW_TOP").discount == pytest.approx(left)


def test_a_change_over_the_set_is_not_counted_less_for_being_late() -> None:
    check = replace(
        verdict("bent_over_row.range_loss", 0.3, Severity.MODERATE, reps=12),
        reps_flagged=(10, 11, 12),
    )
    assert only([check], "RW_ROMLOSS").discount == 1.0


@pytest.mark.parametrize(("rpe", "left"), [(8.5, 1.0), (9.0, 0.5), (None, 1.0)])
def test_a_near_maximum_counts_half(rpe: float | None, left: float) -> None:
    check = verdict("bent_over_row.top_range", -0.6, Severity.SEVERE)
    assert only([check], "RW_TOP", lifter=Lifter(rpe=rpe)).discount == left


def test_upright_shins_explain_a_forward_lean_in_part() -> None:
    squat = verdict("squat.hips_first", 20.0, Severity.SEVERE)
    plain, explained = (only([squat], "SQ_PITCH", shin_explains=s) for s in (False, True))
    assert (plain.discount, explained.discount) == (1.0, 0.5)
    row = verdict("bent_over_row.top_range", -0.6, Severity.SEVERE)
    assert only([row], "RW_TOP", shin_explains=True).discount == 1.0
    assert judge_clip([squat], GOOD, shin_explains=True).context.shin_explains


def test_elbows_that_follow_the_hips_count_half() -> None:
    drop = verdict("squat.elbows_drop", 40.0, Severity.SEVERE)
    calm = verdict("squat.hips_first", 0.0, Severity.OK)
    first = verdict("squat.hips_first", 20.0, Severity.SEVERE)
    front = Lifter(bar=Bar.FRONT)
    assert only([drop, calm], "FS_ELBOW", lifter=front).discount == 1.0
    assert only([drop, first], "FS_ELBOW", lifter=front).discount == 0.5


@pytest.mark.parametrize(("bar", "cues"), [(Bar.FRONT, ["FS_ELBOW"]), (Bar.HIGH, []), (None, [])])
def test_dropping_elbows_are_a_sign_only_with_the_bar_in_front(
    bar: Bar | None, cues: list[str]
) -> None:
    drop = verdict("squat.elbows_drop", 40.0, Severity.SEVERE)
    found = judge_clip([drop], GOOD, lifter=Lifter(bar=bar))
    assert [o.cue for o in found.observations] == cues


@pytest.mark.parametrize(("speed_loss", "rpe"), [(0.3, None), (None, 8.0)])
def test_clean_pulls_of_a_hard_set_speak_louder(
    speed_loss: float | None, rpe: float | None
) -> None:
    clean = [verdict("bent_over_row.top_range", 0.3, Severity.OK)]
    easy = judge_clip(clean, GOOD)
    hard = judge_clip(clean, GOOD, speed_loss=speed_loss, lifter=Lifter(rpe=rpe))
    assert hard.evidence.counter == pytest.approx(2 * easy.evidence.counter)
    again = judge_lifter(hard.observations)
    assert again.evidence.counter == hard.evidence.counter > 0


def test_a_set_that_lost_speed_or_range_was_hard_whatever_else_is_known() -> None:
    clean = verdict("pull_up.chin", 0.1, Severity.OK)
    for rule in ("pull_up.speed_loss", "pull_up.range_loss"):
        for severity, tired in ((Severity.SEVERE, True), (Severity.OK, False)):
            found = judge_clip([clean, verdict(rule, 0.7, severity)], GOOD)
            assert {seen.challenged for seen in found.observations} == {tired}


@pytest.mark.parametrize("order", [1, -1])
def test_two_rules_of_one_cue_are_one_observation(order: int) -> None:
    """The more severe one counts, whichever comes first; they are not two clips."""
    shrug = verdict("pull_up.shrug", 0.04, Severity.MILD)
    rounding = verdict("pull_up.rounding", -0.6, Severity.SEVERE, reps=5)
    alone = judge_clip([rounding], GOOD)
    both = judge_clip([shrug, rounding][::order], GOOD)
    assert [o.cue for o in both.observations] == ["PU_SHRUGTOP"]
    assert both.observations == alone.observations
    assert both.flagged == {"PU_SHRUGTOP": rounding.reps_flagged}
    assert both.evidence.points == alone.evidence.points > 0


def test_somebody_in_pain_gets_the_safety_text_only() -> None:
    row = verdict("bent_over_row.top_range", -0.6, Severity.SEVERE)
    found = judge_clip([row], GOOD, lifter=Lifter(pain=True))
    assert found.guidance.items == ()
    assert found.guidance.safety[0].startswith("You said that something hurts")
    assert judge_lifter(found.observations, pain=True).guidance.items == ()
    assert judge_lifter(found.observations).guidance.items


# --- several lifts of one lifter ---------------------------------------------------------


def weak_link() -> list[UpperBack]:
    """Pitches forward, rows short, stalls near the top of the pull-up."""
    return [
        judge_clip([verdict("squat.hips_first", 10.0, Severity.MODERATE)], GOOD),
        judge_clip(
            [
                verdict("bent_over_row.top_range", -0.4, Severity.SEVERE, reps=8),
                verdict("bent_over_row.range_loss", 0.25, Severity.MODERATE, reps=8),
            ],
            GOOD,
            speed_loss=0.3,
        ),
        judge_clip(
            [
                verdict("pull_up.top_stall", 0.1, Severity.SEVERE),
                verdict("pull_up.shrug", 0.0, Severity.SEVERE),
            ],
            GOOD,
            speed_loss=0.3,
        ),
    ]


def test_pitch_short_rows_and_stalled_pull_ups_are_likely() -> None:
    found = judge_lifter(o for clip in weak_link() for o in clip.observations)
    assert found.evidence.grade is Finding.LIKELY
    assert found.evidence.confidence.value == "medium"
    assert found.evidence.leading is not None
    assert found.evidence.leading.value == "upper_back"


def test_the_same_lifter_with_easy_clean_pulls_is_not() -> None:
    """Counter-evidence from another day's rows and pull-ups takes it back."""
    rules = [r for lift in LIFTS[1:] for r in built_in_book().rules_of(lift)]
    sound = judge_clip([verdict(r.id, r.limits.mild, Severity.OK, reps=8) for r in rules], GOOD)
    clips = [*weak_link()[:1], sound]
    found = judge_lifter(o for clip in clips for o in clip.observations)
    assert found.evidence.counter > 0
    assert found.evidence.grade is Finding.NONE


@pytest.mark.parametrize("explained", [True, False])
def test_long_thighs_alone_are_not_a_weak_link(*, explained: bool) -> None:
    """They lean a lot, going down as much as coming up: no rule of the upper back."""
    lean = [
        verdict("squat.lean", 70.0, Severity.SEVERE, reps=8),
        verdict("squat.hips_first", 1.0, Severity.OK, reps=8),
    ]
    found = judge_clip(lean, GOOD, shin_explains=explained)
    assert found.evidence.grade is Finding.NONE
    assert found.evidence.points == 0
    together = judge_lifter([*found.observations, *found.observations], shin_explains=explained)
    assert together.evidence.grade is Finding.NONE
    plans = [a.plan for a in together.guidance.items]
    assert ("shin" in plans) is explained


def test_cues_of_the_whole_set_are_fed_by_rules_over_the_set() -> None:
    for cue in cue_table().cue:
        kinds = {
            rule.over_set is not None
            for lift in ("squat", "bent_over_row", "pull_up", "posture")
            for rule in built_in_book().rules_of(lift)
            if rule.id in cue.rules
        }
        assert kinds <= {cue.whole_set}, cue.id


def test_signs_that_the_view_hides_are_named_as_not_checked() -> None:
    hidden = verdict("pull_up.chin", 0.0, Severity.NOT_ASSESSED)
    found = judge_clip([hidden, verdict("pull_up.kip", 5.0, Severity.OK)], GOOD)
    assert found.unchecked == ("PU_NOCHIN",)
    assert not found.is_thorough


def test_what_another_clip_shows_is_checked() -> None:
    hidden = judge_clip([verdict("pull_up.chin", 0.0, Severity.NOT_ASSESSED)], GOOD)
    seen = judge_clip([verdict("pull_up.chin", 0.1, Severity.OK)], GOOD)
    both = [hidden, seen]
    together = judge_lifter(
        (o for clip in both for o in clip.observations),
        unchecked=(name for clip in both for name in clip.unchecked),
    )
    assert hidden.unchecked == ("PU_NOCHIN",)
    assert together.unchecked == ()


def test_finding_nothing_means_something_where_a_pull_was_seen_well() -> None:
    rules = ("bent_over_row.top_range", "bent_over_row.shrug", "bent_over_row.heave")
    row = judge_clip([verdict(rule, 0.0, Severity.OK, reps=8) for rule in rules], GOOD)
    squat = judge_clip([verdict("squat.hips_first", 1.0, Severity.OK, reps=8)], GOOD)
    assert row.is_thorough
    assert not squat.is_thorough  # no pull: an indirect test at best


@pytest.mark.parametrize("reps", [5, 8])
def test_lifts_that_agree_do_not_lower_the_confidence(reps: int) -> None:
    row = judge_clip([verdict("bent_over_row.top_range", -0.3, Severity.SEVERE, reps=reps)], GOOD)
    pull = judge_clip([verdict("pull_up.chin", -0.3, Severity.SEVERE, reps=reps)], GOOD)
    squat = judge_clip([verdict("squat.hips_first", 10.0, Severity.MODERATE, reps=reps)], GOOD)
    order = ["low", "medium", "high"]
    known = 0
    for count in (1, 2, 3):
        clips = [row, pull, squat][:count]
        found = judge_lifter(o for clip in clips for o in clip.observations)
        level = order.index(found.evidence.confidence.value)
        assert level >= known
        known = level


def test_what_a_clip_shows_is_what_its_advice_is_for() -> None:
    shallow = verdict("squat.depth", 30.0, Severity.SEVERE)
    found = judge_clip([shallow, verdict("squat.hips_first", 1.0, Severity.OK)], GOOD)
    assert {a.plan for a in found.guidance.items if a.plan is not None} == {"depth"}
