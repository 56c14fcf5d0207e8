"""The finding in words."""

from __future__ import annotations

import math
from importlib import resources

import pytest

from formcheck.data_files import parse_data
from formcheck.errors import RuleError
from formcheck.upper_back.balance import SideDifference, judge_sides
from formcheck.upper_back.cues import Finding
from formcheck.upper_back.evidence import combine
from formcheck.upper_back.observations import CueObservation
from formcheck.upper_back.summary import (
    SummaryWords,
    against,
    agreed,
    agreement,
    answer,
    looked_at,
    missing,
    stated,
)

ROW, PULLS = {"bent_over_row": True}, {"bent_over_row": True, "pull_up": True}


def seen(
    cue: str, severity: float, share: float = 1.0, reps: int = 8, *, challenged: bool = False
) -> CueObservation:
    shown = share if severity else 0.0
    return CueObservation(cue, severity, shown, 0.9, reps=reps, challenged=challenged)


def test_the_finding_in_one_sentence() -> None:
    row = [seen("RW_TOP", 1, 0.75), seen("RW_ROMLOSS", 0.7), seen("RW_SHRUG", 0, reps=4)]
    found = combine([*row, seen("SQ_PITCH", 0), seen("SQ_HEAD", 0)], ROW)
    assert stated(found) == (
        "Row: 2 of the 3 signs that could be checked, clear in 6 of 8 reps; "
        "squat: 0 of the 2 signs that could be checked. How sure this is: medium, from two lifts."
    )


def test_nothing_found_is_stated_with_what_was_looked_for() -> None:
    found = combine([seen("PU_NOCHIN", 0), seen("PU_KIP", 0)], PULLS)
    words = (
        "Pull-up: 0 of the 2 signs that could be checked. How sure this is: medium, from one lift."
    )
    assert stated(found) == words


def test_a_change_over_the_set_is_not_counted_in_repetitions() -> None:
    found = combine([seen("RW_ROMLOSS", 1)], ROW)
    assert stated(found).startswith("Row: 1 of the 1 signs that could be checked. ")


@pytest.mark.parametrize("cues", [[], [seen("PO_HEAD", 1)], [seen("RW_TOP", 1, reps=2)]])
def test_too_little_is_told_without_numbers(cues: list[CueObservation]) -> None:
    found = combine(cues, {})
    assert stated(found) == ""
    assert (
        answer(found, thorough=False)
        == "Too little was seen to say anything about your upper back."
    )


def test_signs_that_are_too_few_are_not_called_none() -> None:
    few = combine([seen("RW_HEAVE", 0.7), seen("RW_TOP", 0)], ROW)
    none = combine([seen("RW_HEAVE", 0), seen("RW_TOP", 0)], ROW)
    assert few.grade is none.grade is Finding.NONE
    assert answer(few, thorough=True).endswith("what was seen has other likely causes.")
    assert answer(none, thorough=True) == "No clear sign that your upper back is the weak link."
    assert answer(none, thorough=False).endswith(", in what could be checked.")


def test_what_was_checked_is_told_lift_by_lift_and_what_was_not() -> None:
    row = [seen("RW_TOP", 0), seen("RW_HEAVE", 0), seen("RW_HINGE", 0)]
    assert looked_at(combine(row, ROW), ["RW_SHRUG"]) == (
        "Checked: elbows reaching the body and the torso staying still.",
        "Not checked: shoulders away from the ears; the shape of your back itself (rounding), "
        "which formcheck can't see.",
    )
    checked, *_ = looked_at(combine([*row, seen("PU_KIP", 0)], PULLS), ())
    assert checked.startswith("Checked in the row: elbows reaching the body and ")


def test_where_nothing_was_checked_the_shape_of_the_back_still_is_not() -> None:
    (only,) = looked_at(combine([], {}), ())
    assert "rounding" in only


def test_lifts_that_agree_are_named_with_what_is_the_same() -> None:
    found = combine([seen("RW_SHRUG", 1), seen("PU_SHRUGTOP", 1), seen("RW_TOP", 1)], PULLS)
    assert agreement(found) == (
        "Signs show in two lifts: row and pull-up.",
        "The shoulders stay up or forward in the row and in the pull-up.",
    )


def test_signs_of_one_lift_do_not_agree_with_anything() -> None:
    found = combine([seen("PU_NOCHIN", 1), seen("PU_TOP", 1), seen("PO_HEAD", 1)], PULLS)
    assert agreement(found) == (
        "Signs show in one lift only, the pull-up: another lift would tell more.",
    )
    assert agreement(combine([seen("RW_TOP", 0)], ROW)) == ()


def test_clean_pulls_are_named_and_whether_they_were_easy() -> None:
    hard = [seen("RW_TOP", 0, challenged=True), seen("RW_HEAVE", 0, reps=6, challenged=True)]
    found = combine([*hard, seen("PU_KIP", 0, reps=5), seen("RW_SHRUG", 0.5)], ROW)
    row, pull_up = against(found)
    assert row == (
        "No sign of this in 8 row reps: elbows stop short of the body. "
        "No sign of this in 6 row reps: torso swings up to help the row."
    )
    assert pull_up.startswith("No sign of this in 5 pull-up reps: ")
    assert pull_up.endswith("The set did not look hard, so this counts half.")


def test_a_clean_squat_speaks_against_nothing() -> None:
    assert against(combine([seen("SQ_PITCH", 0)], {})) == ()


def differences(
    values: list[float], *, off_front_deg: float = 3.0, variable: str = "range"
) -> SideDifference:
    return judge_sides(variable, values, off_front_deg=off_front_deg, visibility=0.9)


def test_missing_footage_is_named() -> None:
    side = differences([1.0] * 6, off_front_deg=90.0)
    wanted = missing(combine([seen("RW_TOP", 0, reps=4)], ROW), [side])
    assert "pull-ups filmed" in wanted[0]
    assert "squat filmed from the side" in wanted[1]
    assert "fewer could be judged in the row" in wanted[2]
    assert "left and right" in wanted[3]
    assert len(wanted) == 4


def test_what_was_filmed_too_poorly_is_not_asked_for_as_if_it_were_not_there() -> None:
    evidence = combine([seen("RW_TOP", 0, reps=6)], ROW)
    wanted = missing(evidence, (), {"squat"})
    assert any(text.startswith("The squat that you filmed could not be judged") for text in wanted)
    assert not any("Add a squat" in text for text in wanted)
    assert any("squat" in text.lower() for text in missing(evidence, ()))


def test_nothing_is_missing_when_all_was_seen() -> None:
    cues = [seen(c, 0) for c in ("RW_TOP", "PU_NOCHIN", "SQ_PITCH")]
    assert missing(combine(cues, PULLS), [differences([1.0] * 6)]) == ()


LESS, MORE, LEVEL = [12.0] * 6, [-12.0] * 6, [1.0] * 6


@pytest.mark.parametrize(
    ("clips", "side", "note"),
    [
        ([LESS], "left", None),
        ([LESS, LESS], "left", "The same in 2 of the 2 clips that could be compared."),
        ([LEVEL, LESS], "left", "The same in 1 of the 2 clips that could be compared."),
        ([[20.0] * 6, MORE], "left", "it may be chance"),
        ([LEVEL, LEVEL], None, None),
    ],
)
def test_sides_over_several_clips(
    clips: list[list[float]], side: str | None, note: str | None
) -> None:
    (found,) = agreed([differences(values)] for values in clips)
    assert found.difference.side == side
    assert found.clips == len(clips)
    assert (found.note is None) if note is None else (note in (found.note or ""))


def test_a_clip_that_could_not_be_compared_does_not_count() -> None:
    blind = differences(LESS, off_front_deg=80.0)
    (found,) = agreed([[blind], [differences(LESS)], [blind]])
    assert (found.clips, found.difference.side, found.note) == (1, "left", None)
    (none,) = agreed([[blind]])
    assert none.clips == 0
    assert math.isnan(none.difference.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('watch = "keep an eye on it"\n', ""),
        (', "three lifts"]', "]"),
        ("easy_set = ", "hard_set = "),
        ("never = ", "ever = "),
    ],
)
def test_incomplete_words_are_refused(old: str, new: str) -> None:
    file = resources.files("formcheck.upper_back") / "data" / "summary.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    with pytest.raises(RuleError):
        parse_data(text.replace(old, new), "summary.toml", SummaryWords)
