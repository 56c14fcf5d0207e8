from __future__ import annotations

import re
from importlib import resources

import pytest

from formcheck.data_files import parse_data
from formcheck.errors import RuleError
from formcheck.upper_back.cues import CueTable, Hypothesis, cue_table

TEXT = (resources.files("formcheck.upper_back") / "data" / "cues.toml").read_text(encoding="utf-8")


def test_a_cap_spares_a_cue_alone_and_cuts_cues_of_one_kind() -> None:
    """Signs of the same thing do not add up to a finding."""
    table = cue_table()
    for group in table.group:
        weights = [cue.weight for cue in table.cue if cue.group == group.id]
        assert weights, group.id
        assert max(weights) <= group.cap, group.id
        assert len(weights) == 1 or sum(weights) > group.cap, group.id


def test_what_is_not_counted_speaks_for_another_part_of_the_body() -> None:
    table = cue_table()
    counted = {group.id: group.counted for group in table.group}
    assert set(counted.values()) == {True, False}
    for cue in table.cue:
        largest = max(Hypothesis, key=cue.shares.of)
        assert counted[cue.group] or largest is not Hypothesis.UPPER_BACK, cue.id


def test_the_upper_back_is_never_the_only_explanation() -> None:
    for cue in cue_table().cue:
        shares = [cue.shares.of(what) for what in Hypothesis]
        assert sum(shares) == pytest.approx(1.0), cue.id
        assert cue.shares.of(Hypothesis.UPPER_BACK) <= 0.65, cue.id
        assert cue.other_explanations, cue.id


def test_every_cue_is_told_with_its_rivals_and_source() -> None:
    for cue in cue_table().cue:
        assert cue.message.endswith("."), cue.id
        assert cue.source
        assert cue.evidence.endswith("J"), f"{cue.id}: weights are judgement"
        assert all(not text.endswith(".") for text in cue.other_explanations)


def test_rules_are_named_by_exercise() -> None:
    table = cue_table()
    for cue in table.cue:
        assert {r.split(".")[0] for r in cue.rules} == {table.exercise(cue)}


def test_cues_fed_by_a_rule() -> None:
    table = cue_table()
    assert [c.id for c in table.fed_by("bent_over_row.top_range")] == ["RW_TOP"]
    assert [c.id for c in table.fed_by("pull_up.rounding")] == ["PU_SHRUGTOP"]
    assert table.fed_by("squat.knees_in") == ()


@pytest.mark.parametrize(
    ("rule", "bar", "cues"),
    [
        ("squat.elbows_drop", "front", ["FS_ELBOW"]),
        ("squat.elbows_drop", "high", []),
        ("squat.elbows_drop", None, []),
        ("squat.elbows_lift", "low", ["BS_ELBOW"]),
        ("squat.hips_first", None, ["SQ_PITCH"]),
    ],
)
def test_some_cues_need_to_know_the_bar(rule: str, bar: str | None, cues: list[str]) -> None:
    assert [c.id for c in cue_table().fed_by(rule, bar=bar)] == cues


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("weight = 1.5", "weight = 1.5\ncolour = 3", r"cue.7.colour: not permitted"),
        ("upper_back = 0.55, ", "upper_back = 0.65, ", r"cue.3.shares: .*sum to 1, got 1.1"),
        ("legs = 0.40", "leg = 0.40", r"cue.0.shares.leg: not permitted"),
        ('group = "P2"\nweight = 1.0', 'group = "P9"\nweight = 1.0', "unknown group 'P9'"),
        ('id = "RW_HEAVE"\ngroup', 'id = "RW_TOP"\ngroup', "cue 'RW_TOP' is defined twice"),
        ('id = "mobility"', 'id = "stars"', "explanation.3.id"),
        ("weight = 1.5", "weight = -1.5", r"cue.7.weight: .*greater than 0"),
        ('unless = ["SQ_UPFLEX"]', 'unless = ["SQ_UP"]', "lower SQ_PITCH: unknown cue 'SQ_UP'"),
        ("watch = 0.08", "watch = 0.2", r"side.1: .*watch < clear, got 0.2 and 0.12"),
        ("Your {side} arm", "Your {arm} arm", r"side.0: .*unknown placeholder.*arm"),
        ("[[cue]]\n", "[[cue]\n", "not valid TOML"),
    ],
)
def test_wrong_files_are_refused_with_the_place(old: str, new: str, complaint: str) -> None:
    assert old in TEXT
    with pytest.raises(RuleError, match=complaint) as raised:
        parse_data(TEXT.replace(old, new, 1), "mine.toml", CueTable)
    assert re.match(r"mine\.toml(, line \d+)?: ", str(raised.value))


def test_an_explanation_may_not_be_missing() -> None:
    start = TEXT.index('[[explanation]]\nid = "load"')
    end = TEXT.index("# --- groups")
    with pytest.raises(RuleError, match="no explanation 'load'"):
        parse_data(TEXT[:start] + TEXT[end:], "mine.toml", CueTable)
