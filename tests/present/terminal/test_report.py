"""The terminal report for all the ways a clip may end."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from formcheck.present.page.cards import fine_cards
from formcheck.present.reading import closest, main_point
from formcheck.present.terminal.report import terminal_report
from formcheck.reasons import ReasonCode
from formcheck.report.model import CandidatePart, NotesPart, PassedPart, Report, WarningPart
from formcheck.words.terms import filmed

if TYPE_CHECKING:
    from collections.abc import Sequence


def shown(report: Report, width: int = 80, **options: Any) -> str:
    screen = io.StringIO()
    console = Console(file=screen, width=width, color_system=None)
    console.print(terminal_report(report, width=width, **options))
    return "\n".join(line.rstrip() for line in screen.getvalue().splitlines())


def section(text: str, title: str) -> str:
    """The lines below a heading, on one line."""
    return " ".join(text.partition(f"\n{title}\n")[2].partition("\n\n")[0].split())


def judged(report: Report, rule: str, severities: Sequence[str], values: Sequence[float]) -> Report:
    """The report with other verdicts of one rule, one for each repetition and the worst last."""
    reps = [
        rep.model_copy(
            update={
                "checks": [
                    check.model_copy(
                        update={
                            "severity": severity,
                            "value": value,
                            "error": 3.0,
                            "at_s": rep.turn_s,
                            "reason": None,
                        }
                    )
                    if check.rule == rule
                    else check
                    for check in rep.checks
                ]
            }
        )
        for rep, severity, value in zip(report.reps, severities, values, strict=True)
    ]
    flagged = [r.index for r, s in zip(reps, severities, strict=True) if s != "ok"]
    checks = [
        check.model_copy(
            update={"severity": severities[-1], "reps_flagged": flagged, "reason": None}
        )
        if check.rule == rule
        else check.model_copy(update={"severity": "ok", "reason": None})
        for check in report.checks
    ]
    return report.model_copy(update={"reps": reps, "checks": checks})


def test_a_fault_says_what_when_and_how_far_off(squat_report: Report) -> None:
    report = judged(squat_report, "squat.lean", ["ok", "mild", "moderate"], [40.0, 56.0, 64.0])
    limit = next(c.limits.mild for c in report.reps[0].checks if c.rule == "squat.lean")
    text = shown(report)
    assert text.splitlines()[1].startswith("Main thing to fix: you lean further")
    fix = section(text, "What to fix")
    assert fix.startswith("1. Forward lean (moderate): You lean further")
    assert "Reps 2 and 3 of 3: excess lean typically" in fix
    assert "most in rep 3 at 0:0" in fix
    assert f": 64° ±3 (aim for {limit:.0f}° or less)" in fix
    assert "64° ±3 !!" in text
    assert "56° ±3 !\n" in text.replace(" !  ", " !\n")


def test_how_far_to_rely_on_a_clip_is_said_once_before_the_numbers(squat_report: Report) -> None:
    told = "Do not rely on the numbers of this clip: your wrist was not seen well enough."
    warnings = [
        WarningPart(code="hidden", message=told),
        WarningPart(code="several_people", message="There are several people in the frame."),
    ]
    text = shown(squat_report.model_copy(update={"warnings": warnings}))
    assert text.count(told) == 1
    assert text.index(told) < text.index("Rep   Start")
    assert section(text, "Keep in mind") == "There are several people in the frame."


def test_the_worst_fault_comes_first(squat_report: Report) -> None:
    report = judged(squat_report, "squat.lean", ["mild"] * 3, [56.0] * 3)
    tempo = judged(squat_report, "squat.tempo", ["severe"] * 3, [0.4] * 3)
    checks = [
        next(c for c in source.checks if c.rule == check.rule)
        for check in report.checks
        for source in [tempo if check.rule == "squat.tempo" else report]
    ]
    fix = section(shown(tempo.model_copy(update={"checks": checks})), "What to fix")
    assert fix.index("Descent (severe)") < fix.index("Forward lean (mild)")


def test_nothing_to_fix(squat_report: Report) -> None:
    text = shown(judged(squat_report, "squat.lean", ["ok"] * 3, [40.0] * 3))
    assert "Nothing to fix in the" in text
    assert "What to fix" not in text
    assert "Forward lean" in section(text, "No fault found")


@pytest.mark.parametrize(
    ("kind", "better", "value", "mild", "words", "aim"),
    [
        ("loss", "low", 0.2, 0.12, "20% ±4 less than at the start", "aim for at most 12% less"),
        ("loss", "low", -0.02, 0.12, "2% ±4 more than at the start", "aim for at most 12% less"),
        ("fall", "low", 0.2, 0.25, "20% ±4 less than in the best", "aim for at most 25% less"),
        ("growth", "low", 0.2, 0.05, "20% ±4 more than at the start", "aim for at most 5% more"),
        ("growth", "high", -0.2, -0.06, "20% ±4 less than at the start", "aim for at most 6% less"),
    ],
)
def test_a_change_over_the_set_is_told_with_its_way(
    squat_report: Report, kind: str, better: str, value: float, mild: float, words: str, aim: str
) -> None:
    one = squat_report.checks[0]
    given = {"over_set": kind, "better": better, "value": value, "error": 0.04, "unit": "ratio"}
    limits = one.limits.model_copy(update={"mild": mild})
    check = one.model_copy(update=given | {"severity": "ok", "limits": limits})
    (card,) = fine_cards(squat_report.model_copy(update={"checks": [check]}))
    assert words in str(card.value)
    assert card.limit == aim


def test_what_is_not_assessed_in_a_repetition_has_its_sign(squat_report: Report) -> None:
    rep = squat_report.reps[1]
    unknown = {"value": None, "severity": "not_assessed", "reason": "hidden"}
    checks = [c.model_copy(update=unknown) for c in rep.checks]
    reps = [squat_report.reps[0], rep.model_copy(update={"checks": checks})]
    row = next(
        line
        for line in shown(squat_report.model_copy(update={"reps": reps})).splitlines()
        if line.split()[:1] == ["2"]
    )
    assert row.count("?") > 2
    assert "-" not in row


def test_the_same_reason_is_said_once(squat_report: Report) -> None:
    dark = {"severity": "not_assessed", "reason": "the light was out", "reason_code": "not_seen"}
    checks = [c.model_copy(update=dark) for c in squat_report.checks]
    dark_report = squat_report.model_copy(update={"checks": checks, "score": None})
    text = shown(dark_report)
    assert "This clip could not be judged" in text
    assert "No score" in text
    missed = section(text, "Not assessed")
    assert "The light was out. Film from the front" in missed
    assert "Film from the side" not in missed  # where it is filmed from
    aside = squat_report.view.model_copy(update={"label": "oblique_front"})
    missed = section(shown(dark_report.model_copy(update={"view": aside})), "Not assessed")
    assert missed.count("The light was out. Film from the side.") == 1


HIDDEN = {
    "severity": "not_assessed",
    "value": None,
    "reason": "your hip was hidden",
    "reason_code": "hidden",
}


def poorly_seen(report: Report, hidden: int) -> Report:
    """The report of a poor clip in which so many of the rules that were judged are not."""
    assert report.filming is not None
    points = [
        p.model_copy(update={"mark": "change", "advice": "film from a little in front."})
        if p.topic == "clear"
        else p
        for p in report.filming.points
    ]
    told = {"verdict": "again", "headline": "Film it again. Change first: so.", "points": points}
    judged = [c.rule for c in report.checks if c.severity == "ok"]
    checks = [
        c.model_copy(update=HIDDEN if c.rule in judged[:hidden] else {}) for c in report.checks
    ]
    update = {
        "filming": report.filming.model_copy(update=told),
        "tracking": report.tracking.model_copy(update={"trust": "poor"}),
        "checks": checks,
        "score": None,
    }
    return report.model_copy(update=update)


def test_a_clip_of_which_little_was_judged_could_not_be_judged(squat_report: Report) -> None:
    judged = sum(c.severity == "ok" for c in squat_report.checks)
    for hidden in (judged, judged - 1):
        report = poorly_seen(squat_report, hidden)
        point = "This clip could not be judged: film from a little in front."
        assert main_point(report) == point
        text = shown(report)
        assert point in text
        assert "Film it again" not in text  # which that says already
        assert "Nothing to fix" not in text


def test_nothing_of_a_poor_clip_is_called_fine(squat_report: Report) -> None:
    ok = [c.title.lower() for c in squat_report.checks if c.severity == "ok" and c.weight > 0]
    poor = poorly_seen(squat_report, 1)
    sure, unseen = main_point(poor).removesuffix(".").split(". ")
    assert sure == "Nothing could be judged for sure"
    assert unseen == f"Not judged, as formcheck could not follow you well enough: {ok[0]}"
    assert "No fault found" in shown(squat_report)
    assert "No fault found" not in shown(poor)
    assert "Film it again" in shown(poor)


def test_a_terminal_names_the_option_and_a_page_does_not(squat_report: Report) -> None:
    assert squat_report.speed is not None
    assert squat_report.speed.sentence is None  # steady
    asks = "Lifting speed: 12% slower (tell formcheck your height to get speed in m/s)."
    speed = squat_report.speed.model_copy(update={"sentence": asks})
    text = " ".join(shown(squat_report.model_copy(update={"speed": speed})).split())
    assert "12% slower (say your height with --height to get speed" in text


def test_how_to_film_is_said_only_where_it_helps(squat_report: Report) -> None:
    close = {"severity": "not_assessed", "reason": "borderline", "reason_code": "too_close"}
    checks = [c.model_copy(update=close) for c in squat_report.checks]
    text = shown(squat_report.model_copy(update={"checks": checks}))
    missed = section(text, "Not assessed")
    assert missed.count("Borderline.") == 1
    assert "Film" not in missed


@pytest.mark.parametrize(
    ("kind", "words"),
    [("partial", "(it counts)"), ("failed", "does not count"), ("invalid", "does not count")],
)
def test_repetitions_that_are_not_full(squat_report: Report, kind: str, words: str) -> None:
    last = squat_report.reps[-1].model_copy(
        update={"kind": kind, "reason": "the feet left their place", "checks": []}
    )
    text = shown(squat_report.model_copy(update={"reps": [*squat_report.reps[:-1], last]}))
    line = next(line for line in text.splitlines() if line.startswith(f"  Rep {last.index} "))
    assert words in line
    assert "the feet left their place" in " ".join(text.split())


def test_arms_that_take_turns_are_told(squat_report: Report) -> None:
    reps = [
        rep.model_copy(update={"side": side})
        for rep, side in zip(squat_report.reps, ("left", "right", "left"), strict=False)
    ]
    text = shown(squat_report.model_copy(update={"reps": reps}))
    assert "Your arms take turns: 2 reps with the left, 1 rep with the right one." in text
    assert "Your right arm is on the far side" in " ".join(text.split())
    assert "arms take turns" not in shown(squat_report)


def test_one_arm_alone_is_told(squat_report: Report) -> None:
    reps = [rep.model_copy(update={"side": "left"}) for rep in squat_report.reps]
    text = shown(squat_report.model_copy(update={"reps": reps}))
    assert "Your left arm works alone." in text
    assert "far side" not in text


def test_a_count_that_is_not_sure_is_a_range_with_its_reason(squat_report: Report) -> None:
    assert f"left side: {squat_report.rep_count} reps" in shown(squat_report)
    unsure = {"count_range": (8, 9), "count_unsure": "the last one is cut off"}
    text = " ".join(shown(squat_report.model_copy(update=unsure)).split())
    assert "left side: 8 or 9 reps (the last one is cut off)" in text
    old = {"count_range": None, "count_unsure": None}
    assert f"{squat_report.rep_count} reps" in shown(squat_report.model_copy(update=old))


def test_what_could_have_been_a_repetition_is_told(squat_report: Report) -> None:
    cut = PassedPart(
        start_s=14.2, end_s=15.0, reason="it was cut off", reason_code=ReasonCode.CUT_OFF
    )
    walk = PassedPart(start_s=1, end_s=2, reason="you walked", reason_code=ReasonCode.EXCLUDED)
    text = shown(squat_report.model_copy(update={"not_counted": [walk, cut]}))
    assert "Not counted, 0:14.2 to 0:15.0: it was cut off." in text
    assert "you walked" not in text


def test_of_parts_seen_from_elsewhere_the_view_is_the_one_of_most(squat_report: Report) -> None:
    assert "several angles" not in shown(squat_report)
    filming = squat_report.filming
    assert filming is not None
    points = [
        p.model_copy(update={"value": 0.3}) if p.topic == "steady" else p for p in filming.points
    ]
    moved = filming.model_copy(update={"points": points})
    text = shown(squat_report.model_copy(update={"filming": moved}))
    view = filmed(squat_report.view.label)
    assert f"filmed from several angles, mostly {view}" in " ".join(text.split())


def test_no_repetition(squat_report: Report) -> None:
    text = shown(squat_report.model_copy(update={"reps": [], "rep_count": 0, "score": None}))
    assert "0 reps" in text
    assert "No complete rep was found." in text
    missed = section(text, "Not assessed")
    assert "Rounding of your back" in missed
    assert "Depth" not in missed


@pytest.mark.parametrize("source", ["detected", "given"])
def test_without_a_repetition_only_a_detected_exercise_is_doubted(
    squat_report: Report, source: str
) -> None:
    exercise = squat_report.exercise.model_copy(update={"source": source})
    update = {"exercise": exercise, "reps": [], "rep_count": 0, "score": None}
    said = " ".join(shown(squat_report.model_copy(update=update)).split())
    assert "the camera still" in said
    assert ("name it with --exercise" in said) == (source == "detected")


SEATED = CandidatePart(id="squat", score=0.0, likeness=0.84, reason="the trunk leaned back")
JUMPED = CandidatePart(id="squat", score=0.0, likeness=1.0, reason="the feet left the floor")
PULLED = CandidatePart(id="pull_up", score=0.7, likeness=0.7)
ROWED = CandidatePart(id="upright_row", score=0.62, likeness=0.62)
FAINT = CandidatePart(id="bent_over_row", score=0.45, likeness=0.45)


@pytest.mark.parametrize(
    ("candidates", "said"),
    [
        (
            [SEATED, PULLED, ROWED, FAINT],
            "Some of it moves like a pull-up or an upright row, but not clearly enough.",
        ),
        ([JUMPED, FAINT], "Not a squat: it looks as if the feet left the floor."),
        ([FAINT], ""),
    ],
)
def test_unknown_exercise(squat_report: Report, candidates: list[CandidatePart], said: str) -> None:
    exercise = squat_report.exercise.model_copy(update={"id": "unknown", "candidates": candidates})
    report = squat_report.model_copy(update={"exercise": exercise, "reps": []})
    assert closest(report) == said
    text = " ".join(shown(report).split())
    assert "not recognised" in text
    assert said in text
    assert "match" not in text
    assert "--exercise" in text


def test_an_unsure_exercise(squat_report: Report) -> None:
    exercise = squat_report.exercise.model_copy(update={"confidence": 0.4})
    assert "Not sure this is a squat" in shown(
        squat_report.model_copy(update={"exercise": exercise})
    )


def test_file_names_are_not_markup(squat_report: Report) -> None:
    text = shown(squat_report, folder=Path("a/[red]b[/]\x1b"))
    assert "\n  report.json and angles.csv are in\n    a/[red]b[/]?\n" in text


def test_the_last_lines_say_what_to_fix_and_where_the_page_is(squat_report: Report) -> None:
    report = judged(squat_report, "squat.lean", ["mild"] * 3, [14.0] * 3)
    files = report.files.model_copy(update={"html": "report.html"})
    text = shown(report.model_copy(update={"files": files}), folder=Path("here"))
    end = text.partition("\nIn short\n")[2]
    assert end.startswith("  Fix first: forward lean (mild).\n  Upper back: no clear sign")
    assert "  The page:\n    here/report.html\n  Beside it: report.json and angles.csv.\n" in end
    (notice,) = end.partition("\n\n")[2].splitlines()
    assert "no medical advice" in notice


def test_without_a_page_the_whole_notice_is_printed(squat_report: Report) -> None:
    assert squat_report.files.html is None
    assert squat_report.upper_back.disclaimer.split()[-1] in shown(squat_report).split()
    hurt = squat_report.upper_back.model_copy(update={"notice": ""})  # as when pain was told
    files = squat_report.files.model_copy(update={"html": "report.html"})
    text = shown(squat_report.model_copy(update={"upper_back": hurt, "files": files}))
    assert "see a doctor" in text.lower()


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_widths(squat_report: Report, width: int) -> None:
    report = judged(squat_report, "squat.lean", ["severe"] * 3, [71.9] * 3)
    text = shown(report, width)
    assert max(map(len, text.splitlines())) <= width
    row = next(line for line in text.splitlines() if line.startswith("    1  0:0"))
    assert "72° ±3 !!!" in row  # a flagged measurement is always in the table


def test_a_sound_squat_says_nothing_against_the_upper_back(squat_report: Report) -> None:
    assert squat_report.upper_back.finding in ("none", "insufficient")
    text = section(shown(squat_report), "Upper back")
    assert "Other possible causes" not in text
    assert text.startswith(("No clear sign", "Too little was seen"))
    assert "(rounding)" in text


def test_notes_are_told_in_short_and_as_text(squat_report: Report) -> None:
    notes = NotesPart(clip="**Knees** out.\n- [bold]slow\n" + "so " * 200, folder="Week 3\x1b[31m")
    text = shown(squat_report.model_copy(update={"notes": notes}))
    told = section(text, "Coach's notes")
    assert told.startswith("Knees out. - [bold]slow so so")
    assert "so ... Week 3?[31m" in told
    assert len(told) < 300
    assert "Coach's notes" not in shown(squat_report)


def test_what_has_no_room_in_the_table_is_named(squat_report: Report) -> None:
    narrow, wide = (shown(squat_report, width) for width in (40, 200))
    told = " ".join(narrow.split()).partition("lack of width: ")[2].partition(".")[0]
    table = narrow.partition("Rep ")[2].partition("ok = fine")[0]
    assert "back vs shins" in told
    assert "Back vs" in wide
    assert "Back vs" not in table
    assert "lack of width" not in wide
