from __future__ import annotations

from importlib import resources

import pytest

from formcheck.data_files import parse_data
from formcheck.errors import RuleError
from formcheck.upper_back.advice import Context, Guidance, Kind, advise, safety_text
from formcheck.upper_back.balance import Part, UpperLower, judge_sides
from formcheck.upper_back.cues import Finding, cue_table
from formcheck.upper_back.evidence import Evidence, combine
from formcheck.upper_back.library import Library, library, to_film
from formcheck.upper_back.observations import CueObservation

TEXT = (resources.files("formcheck.upper_back") / "data" / "advice.toml").read_text(
    encoding="utf-8"
)
LOWER = UpperLower(0.2, 1.6, Part.LOWER)


def evidence(reps: int = 8, /, **severities: float) -> Evidence:
    observations = [
        CueObservation(cue, s, 1.0 if s else 0.0, 0.85, 1.0, reps, 1)
        for cue, s in severities.items()
    ]
    return combine(observations, {"bent_over_row": True, "pull_up": True})


def ids(guidance: Guidance, kind: Kind) -> list[str]:
    return [item.id for item in guidance.items if item.kind is kind]


def plans(guidance: Guidance) -> list[str]:
    """Plans that are followed, in order."""
    return list(dict.fromkeys(item.plan for item in guidance.items if item.plan is not None))


def trained(guidance: Guidance) -> set[str]:
    movements = library().movements
    return {part for i in ids(guidance, Kind.EXERCISE) for part in movements[i].trains}


def test_a_row_that_falls_short() -> None:
    guidance = advise(evidence(RW_TOP=0.67))
    assert ids(guidance, Kind.EXERCISE) == ["row_with_hold", "reverse_fly"]
    assert ids(guidance, Kind.WARM_UP) == ["band_pull_apart"]
    row = guidance.items[0]
    assert row.why.startswith("Your pull stopped short. ")
    assert row.cues[0] == "Use a weight you can hold at your ribs for one second."
    assert len(ids(guidance, Kind.FILMING)) == 1
    assert guidance.routine


@pytest.mark.parametrize("cue", cue_table().cues)
def test_every_cue_leads_to_advice_that_says_why(cue: str) -> None:
    severities = {"RW_SHRUG": 0.0, "PU_INIT": 0.0, cue: 1.0}
    guidance = advise(evidence(**severities))
    by_id = {plan.id: plan for plan in library().plan}
    assert any(cue in by_id[name].cues for name in plans(guidance))
    for item in guidance.items:
        if item.plan is not None:
            assert item.why.startswith(by_id[item.plan].why)


def test_at_most_three_things_the_strongest_first() -> None:
    everything = dict.fromkeys(cue_table().cues, 1.0)
    guidance = advise(evidence(**everything))
    things = [item for item in guidance.items if item.kind is not Kind.FILMING]
    assert len(things) == 3
    assert plans(guidance)[0] == "row_range"
    assert len(ids(guidance, Kind.EXERCISE)) == 2
    assert len(ids(guidance, Kind.WARM_UP)) == 1
    assert {"upper_back", "lower_back"} <= trained(guidance)


def test_hips_first_with_clean_pulls_is_trained_with_the_legs() -> None:
    guidance = advise(evidence(SQ_PITCH=1.0, RW_TOP=0, PU_TOP=0))
    assert plans(guidance) == ["pitch_legs"]
    assert ids(guidance, Kind.EXERCISE)[0] == "split_squat"


def test_hips_first_with_weak_pulls_is_trained_with_rows() -> None:
    guidance = advise(evidence(SQ_PITCH=0.67, RW_TOP=1.0))
    assert plans(guidance) == ["row_range", "pitch_back"]
    assert ids(guidance, Kind.EXERCISE) == ["row_with_hold", "bent_over_row"]


def test_work_for_a_weak_upper_back_comes_with_some_for_the_lower() -> None:
    found = evidence(PU_TOP=1.0, PU_NOCHIN=1.0)
    assert found.grade is Finding.WATCH
    guidance = advise(found)
    assert ids(guidance, Kind.EXERCISE) == ["top_hold", "romanian_deadlift"]
    assert guidance.items[1].why.startswith("So that your lower back keeps up")
    assert {"upper_back", "lower_back"} <= trained(guidance)


def test_without_a_finding_advice_answers_what_was_shown_and_no_more() -> None:
    found = evidence(PU_ECC=1.0, RW_TOP=0.0)
    assert found.grade is Finding.NONE
    assert ids(advise(found), Kind.EXERCISE) == ["slow_lower"]
    assert plans(advise(found)) == ["pull_up_lowering"]


def test_when_the_lower_back_leads_the_rows_spare_it() -> None:
    shown = evidence(RW_HINGE=1.0, RW_TOP=0.3)
    guidance = advise(shown, Context(balance=LOWER))
    assert plans(guidance)[0] == "lower_leads"
    assert "hinge" not in plans(guidance)  # the same advice once
    assert ids(guidance, Kind.EXERCISE)[0] == "romanian_deadlift"
    assert not {"bent_over_row", "row_with_hold"} & set(ids(guidance, Kind.EXERCISE))
    assert {"upper_back", "lower_back"} <= trained(guidance)


def test_a_pitch_is_not_blamed_on_legs_or_upper_back_when_the_lower_back_leads() -> None:
    shown = evidence(SQ_PITCH=0.67, RW_HINGE=1.0, RW_HEAVE=0.67, RW_TOP=0)
    assert not {"pitch_back", "pitch_legs"} & set(plans(advise(shown)))


def test_a_fault_that_is_no_sign_has_its_own_work() -> None:
    clean = evidence(PU_ECC=0, PU_NOCHIN=0)
    assert [i.kind for i in advise(clean).items] == [Kind.FILMING]
    guidance = advise(clean, Context(faults={"pull_up.hang": 0.5}))
    assert ids(guidance, Kind.EXERCISE) == ["active_hang", "assisted_pull_up"]
    assert guidance.items[0].why.startswith("You did not start each pull from straight arms.")


@pytest.mark.parametrize(("hang", "first"), [(0.9, "full_hang"), (0.1, "pull_up_top")])
def test_the_larger_fault_comes_first(hang: float, first: str) -> None:
    shown = evidence(PU_NOCHIN=0.67)
    assert plans(advise(shown, Context(faults={"pull_up.hang": hang})))[0] == first


def test_routines_fit_the_exercises() -> None:
    rows, pull_ups = advise(evidence(RW_TOP=1.0)), advise(evidence(PU_TOP=1.0))
    slower = next(r.text for r in library().routine if "quarter slower" in r.text)
    assert slower not in rows.routine
    assert slower in pull_ups.routine


def test_upright_shins_come_first() -> None:
    guidance = advise(evidence(SQ_PITCH=1.0), Context(shin_explains=True))
    assert plans(guidance)[0] == "shin"


def test_sides_bring_a_one_arm_row() -> None:
    short = judge_sides("range", [20.0] * 6, off_front_deg=3, visibility=0.9)
    guidance = advise(evidence(RW_TOP=0, PU_TOP=0), Context(sides=(short,)))
    assert ids(guidance, Kind.EXERCISE)[0] == "one_arm_row"


def test_pain_leaves_nothing_but_the_safety_text() -> None:
    guidance = advise(evidence(RW_TOP=1.0), Context(pain=True))
    assert guidance.items == ()
    assert guidance.routine == ()
    assert guidance.safety == safety_text(pain=True)
    assert guidance.safety[0] == library().safety.pain


def test_safety_comes_with_every_report() -> None:
    for found in (evidence(), evidence(RW_TOP=0), evidence(RW_TOP=1.0)):
        assert advise(found).safety == safety_text()


def test_insufficient_data_leads_to_filming_only() -> None:
    guidance = advise(evidence(2, RW_TOP=1.0))
    assert [i.kind for i in guidance.items] == [Kind.FILMING]


@pytest.mark.parametrize(
    ("context", "said", "unsaid"),
    [
        (Context(), "five or more", "from the side:"),
        (Context(whole_set=True), "test the upper back most directly", "five or more"),
        (Context(film_from=("side", "oblique")), "same lift from the side or", "five or more"),
    ],
)
def test_too_little_asks_for_what_is_missing(context: Context, said: str, unsaid: str) -> None:
    (item,) = advise(evidence(), context).items
    assert said in item.why
    assert unsaid not in item.why


@pytest.mark.parametrize(
    ("severities", "words"),
    [
        ({}, library().filming.whole_set),
        ({"RW_TOP": 0.0}, to_film()["pull_up"]),
        ({"RW_TOP": 0.0, "PU_TOP": 0.0}, to_film()["squat"]),
        ({"RW_TOP": 0.0, "PU_TOP": 0.0, "SQ_PITCH": 0.0}, library().filming.again),
        ({"SQ_PITCH": 1.0}, "Film a row from the side or a pull-up"),
        ({"SQ_PITCH": 1.0, "RW_TOP": 0.0}, to_film()["pull_up"]),
        ({"SQ_PITCH": 1.0, "RW_TOP": 0.0, "PU_TOP": 0.0}, library().filming.again),
        ({"RW_HINGE": 1.0, "SQ_HEAD": 0.0}, "Film a whole row set from the side"),
        ({"RW_TOP": 1.0}, "Film a fresh set"),
    ],
)
def test_what_to_film_next(severities: dict[str, float], words: str) -> None:
    (item,) = [i for i in advise(evidence(**severities)).items if i.kind is Kind.FILMING]
    assert words in item.why


def test_faint_cues_get_no_advice() -> None:
    guidance = advise(evidence(RW_TOP=0.2))
    assert [i.kind for i in guidance.items] == [Kind.FILMING]
    assert guidance.routine == ()


def test_every_movement_is_used() -> None:
    texts = library()
    used = {*texts.partner_upper, *texts.partner_lower}
    for plan in texts.plan:
        used |= {*plan.warm_up, *plan.strength}
    for movement in texts.movement:
        used |= {*movement.swaps, movement.easier_on_back or ""}
    assert {m.id for m in texts.movement} <= used


def test_the_articles_exercises_are_there() -> None:
    assert {"bent_over_row", "pull_up", "upright_row", "reverse_fly", "face_pull"} <= set(
        library().movements
    )


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"scapular_row"]', '"scapular_raw"]', "plan row_range: unknown movement 'scapular_raw'"),
        ('["squat.depth"]', '["squat.deep"]', "plan depth: unknown rule 'squat.deep'"),
        ('cues = ["RW_HEAVE"]', 'cues = ["RW_HEAP"]', "plan heave: unknown cue 'RW_HEAP'"),
        ('trigger = "shin"', "", "plan.17: .*exactly one of cues, faults and trigger"),
        ('trigger = "shin"', 'trigger = "moon"', "plan.17.trigger"),
        ('region = "upper_back"', 'area = "upper_back"', "movement.0.area: not permitted"),
        ('dose = "2 sets of 8"', 'dose = ""', "at least 1 character"),
        ('id = "heave"', 'id = "shrug"', "plan 'shrug' is defined twice"),
        ("partner_lower = [", 'partner_lower = ["face_pull", ', "train the lower back"),
        ('only = ["pull_up"', 'only = ["pull"', "routine: unknown movement 'pull'"),
        ("level = ", "flat = ", "balance.flat"),
        ("[safety]\n", "[safety]\nlong = 'x'\n", "safety.long: not permitted"),
        ("ask_first = ", "# ", "safety.ask_first: required"),
    ],
)
def test_wrong_files_are_refused_with_the_place(old: str, new: str, complaint: str) -> None:
    assert old in TEXT
    with pytest.raises(RuleError, match=complaint):
        parse_data(TEXT.replace(old, new, 1), "mine.toml", Library)
