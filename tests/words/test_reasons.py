"""Reasons in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from formcheck.kinematics.view import ViewLabel
from formcheck.lifter import Bar
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.engine import RepKind
from formcheck.rules.evaluate import severity_share
from formcheck.rules.schema import Limits
from formcheck.words.reasons import sentence, wants_filming_hint
from formcheck.words.severity import ORDER, SIGNS, WORDS, Severity, grade_of
from formcheck.words.terms import GROUPS, filmed, held
from formcheck.words.tracking import no_score

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_has_a_sentence_to_put_after_a_colon(code: ReasonCode) -> None:
    reason = Reason(
        code,
        view="back",
        views=("side",),
        needed=3,
        got=1,
        of=2,
        share=0.6,
        exercise="Pull-up",
        pace="fast",
    )
    words = sentence(reason)
    assert re.fullmatch(r"[a-z0-9][^{}]*[^.{}]", words), words
    assert "None" not in words


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            Reason(ReasonCode.WRONG_VIEW, view="oblique_back", views=("side", "front")),
            "can't be judged at an angle from behind; film from the side or from the front or back",
        ),
        (
            Reason(ReasonCode.TOO_FEW_MEASURED, needed=5, got=2, of=3),
            "needs at least 5 reps that can be measured, got 2 of 3",
        ),
        (
            Reason(ReasonCode.SHORT_TRAVEL, share=0.614),
            "61% of the range of motion expected of a full rep",
        ),
        (
            Reason(ReasonCode.OTHER_MOVEMENT, exercise="Back squat"),
            "does not look like a back squat",
        ),
        (Reason(ReasonCode.EXCLUDED, text="the {torso} swings"), "the {torso} swings"),
    ],
)
def test_the_data_are_in_the_sentence(reason: Reason, words: str) -> None:
    assert sentence(reason) == words


def test_a_filming_hint_is_not_given_twice_nor_where_it_does_not_help() -> None:
    """Words that say how to film, or ask for another set or option, stand alone."""
    for code in ReasonCode:
        words = sentence(Reason(code, view="back", views=("side",), needed=3, got=1, share=0.5))
        if any(said in words for said in ("film", "needs at least", "--", "too close")):
            assert not wants_filming_hint(code), code
    assert wants_filming_hint(ReasonCode.NOT_SEEN)
    assert wants_filming_hint(None)


def test_every_code_is_documented() -> None:
    table = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    documented = {code for row in rows for code in re.findall(r"`(\w+)`", row)}
    assert {code.value for code in ReasonCode} <= documented


def test_views_and_their_groups_have_words() -> None:
    assert len({filmed(label.value) for label in ViewLabel}) == len(ViewLabel)
    assert {label.group for label in ViewLabel} == {*GROUPS, None} - {"unknown"}
    assert ViewLabel.BACK.group == ViewLabel.FRONT.group == "front"
    assert ViewLabel.OBLIQUE_BACK.group == "oblique"


@pytest.mark.parametrize("bar", Bar)
def test_every_place_of_the_weight_has_words(bar: Bar) -> None:
    assert held([bar]).startswith("with ")
    assert held([bar, Bar.FRONT]).endswith("bar in front")


def test_one_scale_of_severities() -> None:
    assert list(SIGNS) == list(WORDS) == list(Severity)
    assert max(Severity.MILD, Severity.SEVERE, Severity.OK, key=ORDER) is Severity.SEVERE
    assert [g for g in Severity if g.is_fault] == [
        Severity.MILD,
        Severity.MODERATE,
        Severity.SEVERE,
    ]


@pytest.mark.parametrize(
    ("value", "grade"),
    [(5.0, "ok"), (6.0, "mild"), (11.0, "moderate"), (21.0, "severe"), (90.0, "severe")],
)
def test_the_continuous_scale_has_the_same_grades(value: float, grade: str) -> None:
    limits = Limits(mild=5, moderate=10, severe=20)
    assert grade_of(severity_share(value, limits, "low")) == grade


def test_full_and_partial_repetitions_count() -> None:
    assert [kind for kind in RepKind if kind.counts] == [RepKind.FULL, RepKind.PARTIAL]


def test_why_there_is_no_score_depends_on_what_can_be_relied_on() -> None:
    assert (
        no_score("poor")
        == "No score: formcheck could not follow you well enough to rely on the numbers."
    )
    for trust in ("good", "partly", None):
        assert no_score(trust) == "No score: too few of the key points could be judged."
