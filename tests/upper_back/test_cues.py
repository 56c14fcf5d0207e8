from __future__ import annotations

import re
from importlib import resources

import pytest

from formcheck.data_files import parse_data
from formcheck.errors import RuleError
from formcheck.upper_back.cues import CueTable, Hypothesis, cue_table

TEXT = (resources.files("formcheck.upper_back") / "data" / "cues.toml").read_text(encoding="utf-8")

# Reference 4.1: group, weight, shares (upper back, legs, lower back,
# mobility, load).
REFERENCE = {
    "SQ_PITCH": ("S1", 1.0, (0.25, 0.40, 0.15, 0.05, 0.15)),
    "SQ_LEANGROW": ("S1", 0.6, (0.25, 0.25, 0.20, 0.00, 0.30)),
    "SQ_FWDLOAD": ("S1", 0.5, (0.25, 0.20, 0.20, 0.20, 0.15)),
    "SQ_UPFLEX": ("S2", 0.8, (0.55, 0.00, 0.10, 0.25, 0.10)),
    "FS_ELBOW": ("S2", 1.2, (0.50, 0.15, 0.05, 0.20, 0.10)),
    "BS_ELBOW": ("S2", 0.4, (0.30, 0.05, 0.00, 0.50, 0.15)),
    "SQ_HEAD": ("S2", 0.3, (0.25, 0.00, 0.00, 0.35, 0.40)),
    "RW_TOP": ("R1", 1.5, (0.60, 0.00, 0.05, 0.10, 0.25)),
    "RW_ROMLOSS": ("R1", 1.2, (0.60, 0.00, 0.10, 0.00, 0.30)),
    "RW_SHRUG": ("R2", 0.9, (0.60, 0.00, 0.00, 0.15, 0.25)),
    "RW_HEAVE": ("R3", 0.8, (0.40, 0.00, 0.20, 0.00, 0.40)),
    "RW_HINGE": ("R4", 0.6, (0.05, 0.00, 0.70, 0.15, 0.10)),
    "PU_TOP": ("P1", 1.2, (0.60, 0.00, 0.00, 0.05, 0.35)),
    "PU_NOCHIN": ("P1", 1.0, (0.50, 0.00, 0.00, 0.05, 0.45)),
    "PU_SHRUGTOP": ("P2", 1.0, (0.65, 0.00, 0.00, 0.20, 0.15)),
    "PU_INIT": ("P2", 0.5, (0.60, 0.00, 0.00, 0.20, 0.20)),
    "PU_KIP": ("P3", 0.5, (0.35, 0.00, 0.05, 0.00, 0.60)),
    "PU_ECC": ("P3", 0.5, (0.40, 0.00, 0.00, 0.00, 0.60)),
    "PO_HEAD": ("O1", 0.4, (0.40, 0.00, 0.00, 0.60, 0.00)),
    "PO_SHOULDER": ("O1", 0.4, (0.40, 0.00, 0.00, 0.60, 0.00)),
}
CAPS = {
    "S1": 1.2, "S2": 1.2, "R1": 1.8, "R2": 0.9, "R3": 0.8,
    "R4": 0.6, "P1": 1.6, "P2": 1.2, "P3": 0.6, "O1": 0.5,
}  # fmt: skip


def test_the_table_is_that_of_the_reference() -> None:
    table = cue_table()
    found = {
        c.id: (c.group, c.weight, tuple(c.shares.of(h) for h in Hypothesis)) for c in table.cue
    }
    assert found == REFERENCE
    assert {g.id: g.cap for g in table.group} == CAPS
    assert [g.id for g in table.group if not g.counted] == ["R4"]


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
