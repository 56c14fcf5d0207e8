from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.upper_back.cues import Finding, Hypothesis, cue_table
from formcheck.upper_back.evidence import Confidence, Evidence, combine
from formcheck.upper_back.observations import (
    CueObservation,
    discount,
    merge_clips,
    quality,
    was_challenging,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Values = tuple[float, float, float, float, int, int]
HARD = {"bent_over_row": True, "pull_up": True}
CLEAN = (0, 0, 0.85, 1, 6, 1)
SQUAT = dict.fromkeys(("SQ_PITCH", "SQ_LEANGROW", "SQ_UPFLEX"), CLEAN)
ROW = dict.fromkeys(("RW_TOP", "RW_ROMLOSS", "RW_SHRUG", "RW_HEAVE"), CLEAN)
PULL_UP = dict.fromkeys(("PU_TOP", "PU_NOCHIN", "PU_SHRUGTOP", "PU_ECC", "PU_KIP"), CLEAN)
ALL_CUES = tuple(cue_table().cues)
SQUAT_CUES = tuple(c for c in ALL_CUES if c.startswith(("SQ", "FS", "BS")))
POSTURE_CUES = ("PO_HEAD", "PO_SHOULDER")

# Reference, appendix B: observations, challenged lifts and what comes out:
# points, grade, confidence, its number, groups, explanations (upper back, legs, lower
# back, mobility, load), counter-evidence.
CASES: dict[str, tuple[dict[str, Values], dict[str, bool], str]] = {
    "A clean on all three": (
        {**SQUAT, **ROW, **PULL_UP},
        HARD,
        "0.0 none high 0.85 | S1 0 S2 0 R1 0 R2 0 R3 0 P1 0 P2 0 P3 0 | 0 0 0 0 0 | 2",
    ),
    "B severe squat pitch, clean pulls": (
        {
            **SQUAT,
            "SQ_PITCH": (1, 1, 0.85, 1, 6, 1),
            "SQ_LEANGROW": (0.67, 1, 0.85, 1, 6, 1),
            **ROW,
            **PULL_UP,
        },
        HARD,
        "0.0 none high 0.85 | S1 .95 S2 0 R1 0 R2 0 R3 0 P1 0 P2 0 P3 0 | .3 .43 .2 .04 .23 | 2",
    ),
    "C severe squat pitch, no pulls": (
        {
            "SQ_PITCH": (1, 1, 0.85, 1, 6, 1),
            "SQ_LEANGROW": (0.67, 1, 0.85, 1, 6, 1),
            "SQ_UPFLEX": CLEAN,
        },
        {},
        "0.95 watch medium 0.42 | S1 .95 S2 0 | .3 .43 .2 .04 .23 | 0",
    ),
    "D moderate row and pull-up, mild pitch": (
        {
            "SQ_PITCH": (0.34, 0.8, 0.8, 1, 6, 1),
            "RW_TOP": (0.67, 0.8, 0.85, 1, 8, 1),
            "RW_ROMLOSS": (0.67, 1, 0.85, 1, 8, 1),
            "RW_SHRUG": (0.67, 0.7, 0.7, 1, 8, 1),
            "PU_TOP": (0.67, 0.7, 0.85, 1, 6, 1),
            "PU_SHRUGTOP": (0.67, 0.7, 0.7, 1, 6, 1),
        },
        HARD,
        "2.91 likely medium 0.79 | S1 .27 R1 1.06 R2 .42 P1 .68 P2 .47 | 1.96 .11 .15 .29 .87 | 0",
    ),
    "E severe row only": (
        {
            "RW_TOP": (1, 1, 0.85, 1, 8, 1),
            "RW_ROMLOSS": (1, 1, 0.85, 1, 8, 1),
            "RW_SHRUG": (1, 1, 0.7, 1, 8, 1),
            "RW_HEAVE": (1, 1, 0.85, 1, 8, 1),
        },
        HARD,
        "2.89 watch medium 0.41 | R1 1.58 R2 .63 R3 .68 | 2.03 0 .3 .22 1.05 | 0",
    ),
    "F posture only": (
        {"PO_HEAD": (1, 1, 0.8, 1, 3, 1), "PO_SHOULDER": (1, 1, 0.8, 1, 3, 1)},
        {},
        "0.42 insufficient low 0.24 | O1 .42 | .26 0 0 .38 0 | 0",
    ),
    "G mild everywhere in a third of the repetitions": (
        {
            c: (0.34, 0.34, 0.8, 1, 6, 1)
            for c in ALL_CUES
            if c not in ("FS_ELBOW", "BS_ELBOW", "RW_HINGE")
        },
        HARD,
        "1.48 none high 0.8 | S1 .2 S2 .14 R1 .29 R2 .14 R3 .12 P1 .23 P2 .18 P3 .1 O1 .08"
        " | .98 .1 .13 .25 .56 | 0",
    ),
    "H near-maximal sets": (
        {
            "RW_TOP": (0.67, 0.8, 0.85, 0.5, 5, 1),
            "RW_HEAVE": (0.67, 1, 0.85, 0.5, 5, 1),
            "PU_TOP": (0.67, 0.8, 0.85, 0.5, 5, 1),
            "PU_NOCHIN": (0.67, 0.6, 0.85, 0.5, 5, 1),
            "SQ_PITCH": (0.67, 1, 0.85, 0.5, 5, 1),
        },
        HARD,
        "1.37 none high 0.85 | R1 .43 R3 .23 P1 .43 S1 .28 | .77 .11 .11 .09 .49 | 0",
    ),
    "I hinge drift and pitch, clean row tops": (
        {
            "SQ_PITCH": (0.67, 1, 0.85, 1, 6, 1),
            "RW_HINGE": (1, 1, 0.85, 1, 8, 1),
            **ROW,
            "RW_HEAVE": (0.67, 1, 0.85, 1, 8, 1),
        },
        HARD,
        "0.0 none medium 0.64 | S1 .57 R4 .51 R1 0 R2 0 R3 .46 | .35 .23 .53 .1 .32 | 1.44",
    ),
    "J front-squat elbows, pitch, row top": (
        {
            "FS_ELBOW": (1, 1, 0.85, 1, 5, 1),
            "SQ_PITCH": (0.67, 1, 0.85, 1, 5, 1),
            "SQ_UPFLEX": (0.67, 1, 0.6, 1, 5, 1),
            "RW_TOP": (0.67, 0.8, 0.85, 1, 8, 1),
            "RW_SHRUG": (0.34, 0.8, 0.7, 1, 8, 1),
        },
        HARD,
        "2.75 likely medium 0.58 | S2 1.12 S1 .57 R1 .85 R2 .21 | 1.47 .38 .21 .43 .49 | 0",
    ),
}


def observations(values: Mapping[str, Values]) -> list[CueObservation]:
    return [CueObservation(cue, *own) for cue, own in values.items()]


def weigh(values: Mapping[str, Values], challenged: dict[str, bool] | None = None) -> Evidence:
    return combine(observations(values), HARD if challenged is None else challenged)


@pytest.mark.parametrize("name", CASES)
def test_worked_cases_of_the_reference(name: str) -> None:
    values, challenged, printed = CASES[name]
    head, groups, shares, counter = (part.split() for part in printed.split(" | "))
    found = weigh(values, challenged)
    # Half a unit of the printed digit, and a hair where the digits end in 5.
    close = 0.0051
    assert found.points == pytest.approx(float(head[0]), abs=close)
    assert (found.grade, found.confidence) == (Finding(head[1]), Confidence(head[2]))
    assert found.data_confidence == pytest.approx(float(head[3]), abs=close)
    expected = {k: float(v) for k, v in zip(groups[::2], groups[1::2], strict=True)}
    assert found.groups == pytest.approx(expected, abs=close)
    assert [found.hypotheses[h] for h in Hypothesis] == pytest.approx(
        [float(s) for s in shares], abs=close
    )
    assert found.counter == pytest.approx(float(counter[0]), abs=close)


@pytest.mark.parametrize(
    ("name", "alternative"),
    [
        ("A", None),
        ("B", Hypothesis.LEGS),
        ("C", Hypothesis.LEGS),
        ("D", Hypothesis.LOAD),
        ("F", Hypothesis.MOBILITY),
        ("I", Hypothesis.LOWER_BACK),
    ],
)
def test_the_strongest_other_explanation_is_named(
    name: str, alternative: Hypothesis | None
) -> None:
    values, challenged, _ = next(c for n, c in CASES.items() if n.startswith(name))
    assert weigh(values, challenged).alternative is alternative


def test_cues_are_listed_strongest_first_with_their_points() -> None:
    found = weigh(CASES["D moderate row and pull-up, mild pitch"][0])
    assert [c.cue.id for c in found.shown][:2] == ["RW_TOP", "RW_ROMLOSS"]
    assert found.shown[0].points == pytest.approx(1.5 * 0.67 * 0.85)
    assert found.exercises == ("bent_over_row", "pull_up", "squat")
    assert found.leading is Hypothesis.UPPER_BACK
    assert found.tally == {"bent_over_row": (3, 3), "pull_up": (2, 2), "squat": (1, 1)}


def test_the_tally_leaves_out_what_does_not_count() -> None:
    shown: dict[str, Values] = {"RW_HINGE": (1, 1, 0.85, 1, 8, 1), "RW_TOP": CLEAN}
    assert weigh(shown).tally == {"bent_over_row": (0, 1)}


def random_squat(rng: np.random.Generator) -> dict[str, Values]:
    chosen = rng.choice(SQUAT_CUES + POSTURE_CUES, size=rng.integers(1, 10), replace=False)
    return {
        str(c): (
            float(rng.choice([0, 0.34, 0.67, 1])),
            float(rng.uniform()),
            float(rng.uniform(0.5, 1)),
            1.0,
            int(rng.integers(3, 12)),
            int(rng.integers(1, 4)),
        )
        for c in chosen
    }


def test_a_squat_alone_is_never_likely() -> None:
    rng = np.random.default_rng(4)
    grades = {weigh(random_squat(rng)).grade for _ in range(200)}
    assert Finding.LIKELY not in grades
    assert Finding.WATCH in grades


def test_standing_posture_does_not_count_as_a_second_lift() -> None:
    """The worst of every squat and posture cue, several clips: still one lift."""
    worst: dict[str, Values] = dict.fromkeys(SQUAT_CUES + POSTURE_CUES, (1, 1, 1, 1, 8, 3))
    found = weigh(worst)
    assert found.points > 2.5
    assert found.grade is Finding.WATCH


def test_likely_rests_on_a_row_or_a_pull_up() -> None:
    rng = np.random.default_rng(5)
    likely = 0
    for _ in range(200):
        chosen = rng.choice(ALL_CUES, size=rng.integers(3, 15), replace=False)
        values: dict[str, Values] = {
            str(c): (float(rng.choice([0.34, 0.67, 1])), float(rng.uniform(0.3, 1)), 0.9, 1, 8, 2)
            for c in chosen
        }
        found = weigh(values)
        if found.grade is Finding.LIKELY:
            likely += 1
            assert any(g[0] in "RP" and p >= 0.4 for g, p in found.groups.items())
    assert likely > 10


def test_a_back_squat_with_a_mild_row_is_not_likely() -> None:
    """Two lifts, but no direct test that is strong."""
    worst: dict[str, Values] = {c: (1, 1, 1, 1, 8, 3) for c in SQUAT_CUES if c != "FS_ELBOW"}
    found = weigh({**worst, "RW_TOP": (0.2, 0.5, 0.8, 1, 6, 1)})
    assert found.grade is Finding.WATCH


def test_leading_rival_forbids_likely() -> None:
    """Strong groups from two lifts, but weight and style explain more."""
    cues = ("SQ_PITCH", "SQ_LEANGROW", "PU_KIP", "PU_ECC", "RW_HEAVE")
    values: dict[str, Values] = dict.fromkeys(cues, (1, 1, 1, 1, 8, 3))
    found = weigh(values)
    assert found.points >= 2.5
    assert found.hypotheses[Hypothesis.LOAD] > found.hypotheses[Hypothesis.UPPER_BACK]
    assert found.grade is Finding.WATCH


def test_noise_alone_finds_nothing() -> None:
    """Every repetition of a sound lifter shows every cue by chance one time in ten."""
    rng = np.random.default_rng(7)
    cues = [c for c in ALL_CUES if c not in ("FS_ELBOW", "BS_ELBOW")]
    for _ in range(400):
        positive = rng.binomial(6, 0.1, size=len(cues))
        values: dict[str, Values] = {
            c: (0.34 if n >= 2 else 0.0, n / 6, 0.8, 1, 6, 1)
            for c, n in zip(cues, positive, strict=True)
        }
        assert weigh(values).grade is Finding.NONE


def test_clean_pulls_never_add_evidence() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        squat = random_squat(rng)
        assert weigh({**squat, **ROW, **PULL_UP}).points <= weigh(squat).points


def test_more_severe_is_never_less_evidence() -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        milder = random_squat(rng)
        worse: dict[str, Values] = {c: (1.0, *v[1:]) for c, v in milder.items()}
        assert weigh(worse).points >= weigh(milder).points


def test_clean_easy_sets_say_half_as_much() -> None:
    hard, easy = weigh(ROW), weigh(ROW, {})
    assert hard.counter == pytest.approx(0.4 * 4.4)
    assert easy.counter == pytest.approx(hard.counter / 2)


@pytest.mark.parametrize("changed", [(0, 0, 0.59, 1, 6, 1), (0, 0, 0.85, 1, 4, 1)])
def test_a_clean_row_must_be_well_measured_to_speak_against(changed: Values) -> None:
    assert weigh({"RW_TOP": changed}).counter == 0


def test_what_was_not_measured_changes_nothing() -> None:
    shown = CASES["D moderate row and pull-up, mild pitch"][0]
    assert weigh({**shown, "PU_KIP": (1, 1, 0, 1, 6, 1)}) == weigh(shown)


def test_too_few_repetitions_are_insufficient() -> None:
    values: dict[str, Values] = {"RW_TOP": (1, 1, 0.9, 1, 2, 1)}
    assert weigh(values).grade is Finding.INSUFFICIENT
    # Three seconds of standing still are not repetitions.
    assert weigh({**values, "PO_HEAD": (1, 1, 0.9, 1, 3, 1)}).grade is Finding.INSUFFICIENT


def test_nothing_at_all_is_insufficient() -> None:
    found = combine([], {})
    assert (found.grade, found.confidence, found.alternative) == (
        Finding.INSUFFICIENT,
        Confidence.LOW,
        None,
    )


@pytest.mark.parametrize(
    ("persistence", "reps", "severity", "effective"),
    [
        (1.0, 6, 1.0, 1.0),
        (0.6, 5, 1.0, 1.0),
        (0.3, 10, 1.0, 0.5),
        (1 / 6, 6, 1.0, 0.0),
        (1.0, 1, 1.0, 0.3),
        (0.0, 1, 0.0, 0.0),
        (2 / 3, 3, 0.5, 1.0),
    ],
)
def test_persistence(persistence: float, reps: int, severity: float, effective: float) -> None:
    seen = CueObservation("RW_TOP", severity, persistence, 1.0, 1.0, reps, 1)
    assert seen.effective_persistence == pytest.approx(effective)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((1.0, 0.95, 30, 6), 1.0),
        ((0.6, 0.9, 30, 5), 0.6),
        ((1.0, 0.7, 30, 5), 0.5),
        ((1.0, 0.9, 20, 5), 0.7),
        ((1.0, 0.9, 12, 5), 0.0),
        ((1.0, 0.9, 30, 3), 0.6),
        ((0.4, 0.8, 23, 4), 0.4 * 0.75 * 0.7 * 0.8),
        ((0.0, 0.9, 30, 5), 0.0),
        ((1.0, float("nan"), 30, 5), 0.0),
        ((1.0, 0.3, 30, 5), 0.0),
    ],
)
def test_quality(arguments: tuple[float, float, float, int], expected: float) -> None:
    assert quality(*arguments) == pytest.approx(expected)


def test_slow_sampling_harms_only_speeds() -> None:
    assert quality(1.0, 0.9, 12, 5, needs_speed=False) == pytest.approx(1.0)


def test_discounts_multiply() -> None:
    assert discount() == 1.0
    assert discount(late_only=True) == pytest.approx(0.6)
    assert discount(late_only=True, near_max=True, explained=True) == pytest.approx(0.15)


@pytest.mark.parametrize(
    ("speed_loss", "rpe", "hard"),
    [(0.2, None, True), (0.19, None, False), (None, 7, True), (0.1, 6, False), (None, None, False)],
)
def test_challenging_sets(speed_loss: float | None, rpe: float | None, hard: bool) -> None:
    assert was_challenging(speed_loss, rpe) is hard


def test_clips_are_merged_by_their_quality() -> None:
    good = CueObservation("RW_TOP", 1.0, 1.0, 0.9, 1.0, 6, 1)
    poor = CueObservation("RW_TOP", 0.0, 0.0, 0.3, 1.0, 4, 1)
    blind = CueObservation("RW_TOP", 0.0, 0.0, 0.0, 1.0, 5, 1)
    other = CueObservation("PU_TOP", 0.5, 0.5, 0.5, 0.6, 5, 1)
    merged = {o.cue: o for o in merge_clips([good, poor, blind, other])}
    assert merged["PU_TOP"] == other
    row = merged["RW_TOP"]
    assert row.severity == pytest.approx(0.75)
    assert row.persistence == pytest.approx(0.75)
    assert row.quality == pytest.approx(0.75)
    assert (row.reps, row.clips) == (10, 2)


def test_clips_that_agree_count_more_up_to_three() -> None:
    points = [
        weigh({"RW_TOP": (0.5, 1, 0.8, 1, 6, clips)}).shown[0].points for clips in (1, 2, 3, 4)
    ]
    assert np.array(points) / points[0] == pytest.approx([1, 1.15, 1.3, 1.3])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"severity": 1.2}, "expected severity in 0..1, got 1.2"),
        ({"quality": float("nan")}, "expected quality in 0..1"),
        ({"clips": 0}, "clips >= 1"),
        ({"reps": -1}, "reps >= 0"),
    ],
)
def test_impossible_observations_are_refused(change: dict[str, float], complaint: str) -> None:
    values: dict[str, float] = {"severity": 0.5, "persistence": 0.5, "quality": 0.5, **change}
    with pytest.raises(ValueError, match=re.escape(complaint)):
        CueObservation("RW_TOP", **values)  # type: ignore[arg-type]


def test_unknown_and_doubled_cues_are_refused() -> None:
    seen = CueObservation("RW_TOP", 0.5, 0.5, 0.5, 1.0, 5, 1)
    with pytest.raises(ValueError, match="given 2 times"):
        combine([seen, seen], {})
    with pytest.raises(ValueError, match="unknown cue 'RW_NOSUCH'"):
        combine([CueObservation("RW_NOSUCH", 0.5, 0.5, 0.5)], {})


def test_lower_back_parts_are_no_upper_back_cues() -> None:
    only = CueObservation("RF_HINGE", 1.0, 1.0, 0.9, 1.0, 6, 1)
    assert combine([only], {}).cues == ()
