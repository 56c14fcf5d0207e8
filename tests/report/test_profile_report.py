"""What several reports say together, and the upper-back part of one."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from formcheck.lifter import Lifter
from formcheck.present.page.render import profile_page
from formcheck.present.reading import uneven
from formcheck.present.terminal.report import terminal_profile, terminal_report
from formcheck.reasons import ReasonCode
from formcheck.report.build_upper_back import build_profile, upper_back_part
from formcheck.report.model import Profile, Report, SidesPart, UpperBackPart
from formcheck.upper_back import Footage, judge_clip
from formcheck.upper_back.balance import judge_sides
from formcheck.words.severity import Severity
from tests.upper_back.test_clip import GOOD, verdict
from tests.upper_back.test_texts import ALARM, FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.rules.verdicts import SetCheck
    from formcheck.upper_back.balance import SideDifference

NO_SIDES = SidesPart(compared=False, summary=None, variables=[])


def printed(what: Any) -> str:
    screen = io.StringIO()
    Console(file=screen, width=80, color_system=None).print(what)
    return "\n".join(line.rstrip() for line in screen.getvalue().splitlines())


def section(text: str, title: str) -> str:
    return " ".join(text.partition(f"\n{title}\n")[2].partition("\n\n")[0].split())


def clip(
    base: Report,
    exercise: str,
    checks: Sequence[SetCheck],
    *,
    video: str = "",
    sides: Sequence[SideDifference] = (),
    footage: Footage = GOOD,
    **told: Any,
) -> Report:
    """A report on another lift, with the finding that its verdicts give."""
    lifter = told.pop("lifter", Lifter())
    found = judge_clip(checks, footage, lifter=lifter, sides=sides, **told)
    name = video or exercise
    settings = base.formcheck.settings | {"pain": lifter.pain}
    return base.model_copy(
        update={
            "formcheck": base.formcheck.model_copy(update={"settings": settings}),
            "video": base.video.model_copy(update={"path": f"{name}.mp4", "sha256": name}),
            "exercise": base.exercise.model_copy(
                update={"id": exercise, "title": exercise.replace("_", " "), "variant_title": None}
            ),
            "rep_count": 8,
            "count_range": (8, 8),
            "upper_back": upper_back_part(found),
        }
    )


def side_of(values: list[float], off_front_deg: float = 2.0) -> SideDifference:
    return judge_sides("range", values, off_front_deg=off_front_deg, visibility=0.9)


@pytest.fixture
def clips(squat_report: Report) -> list[Report]:
    """A squat that pitches, rows that fall short on the left, pull-ups below the bar."""
    short = [
        verdict("bent_over_row.top_range", -0.4, Severity.SEVERE, reps=8),
        verdict("bent_over_row.range_loss", 0.25, Severity.MODERATE, reps=8),
        verdict("bent_over_row.heave", 3.0, Severity.OK, reps=8),
    ]
    low = [
        verdict("pull_up.chin", -0.3, Severity.SEVERE),
        verdict("pull_up.shrug", 0.0, Severity.SEVERE),
        verdict("pull_up.kip", 5.0, Severity.OK),
    ]
    pitch = [verdict("squat.hips_first", 10.0, Severity.MODERATE)]
    left = [side_of([14.0] * 8)]
    return [
        clip(squat_report, "squat", pitch),
        clip(squat_report, "bent_over_row", short, speed_loss=0.3, sides=left),
        clip(squat_report, "pull_up", low, speed_loss=0.3, sides=[side_of([20.0] * 6)]),
    ]


def test_lifts_without_a_comparison_have_no_section_for_it(squat_report: Report) -> None:
    pitch = [verdict("squat.hips_first", 10.0, Severity.MODERATE)]
    profile = build_profile([clip(squat_report, "squat", pitch)])
    assert profile.upper_back.balance.left_right is None
    assert "Left against right" not in printed(terminal_profile(profile))


def test_a_report_without_codes_still_has_its_reasons(squat_report: Report) -> None:
    """As version 0.1.0 wrote them."""
    row = clip(squat_report, "bent_over_row", [], sides=[side_of([20.0] * 8, off_front_deg=80.0)])
    old = Report.model_validate(_without(row.model_dump(mode="json"), "reason_code"))
    (side,) = (build_profile([old]).upper_back.balance.left_right or NO_SIDES).variables
    assert side.reason == "left and right can only be compared from straight in front or behind"
    assert side.reason_code is ReasonCode.NOT_MEASURED


def _without(content: Any, name: str) -> Any:
    if isinstance(content, dict):
        return {key: _without(value, name) for key, value in content.items() if key != name}
    return [_without(value, name) for value in content] if isinstance(content, list) else content


def test_a_profile_says_what_how_sure_and_why(clips: list[Report]) -> None:
    profile = build_profile(clips)
    assert profile.upper_back.finding == "likely"
    text = printed(terminal_profile(profile))
    assert "pull_up.mp4: pull up, filmed from the left side, 8 reps" in section(text, "Clips")
    back = section(text, "Upper back")
    assert back.startswith("Signs in more than one lift: your upper back is likely the weak link.")
    stated = profile.upper_back.stated
    assert stated.startswith("Row: 2 of the 3 signs that could be checked, clear in 8 of 8 reps;")
    assert stated.endswith("How sure this is: medium, from three lifts.")
    assert stated not in back  # among the page's details
    assert "Other possible causes" in back
    assert "shorter than your first ones. (over the set, moderate.)" in back
    assert "(clear in 8 of 8 reps, severe.)" in back
    for lift in ("Row:", "Pull-up:", "Squat:"):
        assert lift in back
    across = section(text, "Across lifts")
    assert across.startswith("Signs show in three lifts: row, pull-up and squat.")
    assert "The end of the pull is the hard part" in across
    clean = section(text, "Evidence against it")
    assert "No sign of this in 8 row reps: torso swings up" in clean
    sides = section(text, "Left against right")
    assert "Your left arm travels less than your right arm in 6 of 6 repetitions." in sides
    assert "The same in 2 of the 2 clips" in sides
    assert "Train these on two or three days" in section(text, "What to train this week")


def test_a_report_that_is_read_back_gives_the_same_profile(clips: list[Report]) -> None:
    again = [Report.model_validate_json(c.model_dump_json()) for c in clips]
    profile = build_profile(clips)
    assert build_profile(again) == profile
    assert Profile.model_validate_json(profile.model_dump_json()) == profile


def test_a_count_that_is_not_sure_is_a_range(squat_report: Report) -> None:
    unsure = squat_report.model_copy(update={"rep_count": 1, "count_range": (1, 3)})
    profile = build_profile([unsure])
    assert ", 1 to 3 reps" in " ".join(printed(terminal_profile(profile)).split())
    assert "<td>1 to 3</td>" in profile_page(profile)


def test_the_same_video_counts_once(clips: list[Report]) -> None:
    row = clips[1]
    twice, once = build_profile([row, row]), build_profile([row])
    assert twice.upper_back == once.upper_back
    assert len(twice.clips) == 1
    assert twice.left_out == [
        "bent_over_row.mp4 is the same video as one before it and was counted once."
    ]
    assert "counted once" in section(printed(terminal_profile(twice)), "Clips")


def part_of(report: Report, start_s: float, end_s: float | None) -> Report:
    settings = report.formcheck.settings | {"start_s": start_s, "end_s": end_s}
    provenance = report.formcheck.model_copy(update={"settings": settings})
    return report.model_copy(update={"formcheck": provenance})


@pytest.mark.parametrize(
    ("spans", "kept"),
    [
        ([(0.0, 20.0), (20.0, None)], 2),
        ([(0.0, 20.0), (15.0, None)], 1),
        ([(0.0, None), (5.0, 9.0)], 1),
    ],
)
def test_two_sets_of_one_video_are_two(
    clips: list[Report], spans: list[tuple[float, float | None]], kept: int
) -> None:
    assert len(build_profile([part_of(clips[1], *span) for span in spans]).clips) == kept


def test_context_of_the_clips_is_kept(squat_report: Report) -> None:
    """A near maximum counts half, and a hard set's clean cues fully, over clips too."""
    checks = [verdict("bent_over_row.top_range", -0.4, Severity.SEVERE, reps=8)]
    calm, hard = (
        build_profile([clip(squat_report, "bent_over_row", checks, lifter=Lifter(rpe=rpe))])
        for rpe in (8.0, 9.5)
    )
    assert hard.upper_back.evidence == pytest.approx(calm.upper_back.evidence / 2, abs=0.01)
    (kept,) = hard.upper_back.observations
    assert (kept.discount, kept.challenged) == (0.5, True)


def test_shins_that_explain_a_lean_are_kept(squat_report: Report) -> None:
    checks = [verdict("squat.hips_first", 20.0, Severity.SEVERE, reps=8)]
    profile = build_profile([clip(squat_report, "squat", checks, shin_explains=True)])
    assert profile.upper_back.shin_explains
    assert any("small plates" in " ".join(a.cues) for a in profile.upper_back.advice)


def test_sides_that_contradict_each_other_give_no_advice(squat_report: Report) -> None:
    row = [verdict("bent_over_row.top_range", 0.3, Severity.OK, reps=8)]
    both = [
        clip(squat_report, "bent_over_row", row, video=str(n), sides=[side_of([v] * 6)])
        for n, v in enumerate((20.0, -14.0))
    ]
    profile = build_profile(both)
    assert "it may be chance" in section(printed(terminal_profile(profile)), "Left against right")
    assert not any(a.name == "One-arm row" for a in profile.upper_back.advice)
    one = build_profile(both[:1])
    assert any(a.name == "One-arm row" for a in one.upper_back.advice)


def test_what_is_missing_is_said(squat_report: Report) -> None:
    squat = [verdict("squat.hips_first", 0.0, Severity.OK, reps=8)]
    text = printed(terminal_profile(build_profile([clip(squat_report, "squat", squat)])))
    wanted = section(text, "Still missing")
    assert "Add a bent-over row filmed from the side" in wanted
    assert "to compare left and right" in wanted


def test_somebody_in_pain_is_shown_no_exercise(clips: list[Report], squat_report: Report) -> None:
    row = [verdict("bent_over_row.top_range", -0.4, Severity.SEVERE, reps=8)]
    hurt = clip(squat_report, "bent_over_row", row, video="hurt", lifter=Lifter(pain=True))
    text = printed(terminal_profile(build_profile([*clips, hurt])))
    assert "You said that something hurts" in text
    for title in ("What to train this week", "Still missing"):
        assert f"\n{title}\n" not in text
    assert "You said that something hurts" not in printed(terminal_profile(build_profile(clips)))


def test_a_report_of_an_earlier_version_can_be_read(clips: list[Report]) -> None:
    old = clips[0].model_dump(mode="json")
    for name in ("stated", "routine", "posture", "shin_explains"):
        del old["upper_back"][name]
    for seen in old["upper_back"]["observations"]:
        del seen["discount"], seen["challenged"]
    old["upper_back"]["balance"]["left_right"] = None
    report = Report.model_validate(old)
    points = [build_profile([r]).upper_back.evidence for r in (report, clips[0])]
    assert points[0] == points[1] > 0
    assert "Upper back" in printed(terminal_report(report))


def test_no_clip_that_says_anything(squat_report: Report) -> None:
    unknown = clip(squat_report, "unknown", [])
    profile = build_profile([unknown])
    assert profile.upper_back.finding == "insufficient"
    assert profile.lifts == []
    assert "Too little was seen" in printed(terminal_profile(profile))


@pytest.mark.parametrize("pattern", [p for p in FORBIDDEN + ALARM if p != r"diagnos"])
def test_no_profile_claims_what_a_camera_cannot_know(clips: list[Report], pattern: str) -> None:
    text = printed(terminal_profile(build_profile(clips)))
    told = text.partition("\nformcheck describes")[0]
    assert not re.search(pattern, told, re.IGNORECASE)


def test_one_report_says_left_against_right_in_a_line(clips: list[Report]) -> None:
    row = printed(terminal_report(clips[1]))
    assert "Your left arm travels less" in section(row, "Left against right")
    blind = side_of([14.0] * 8, off_front_deg=90.0)
    part = clips[1].upper_back.balance.model_copy(
        update={"left_right": clip_sides(clips[0], blind)}
    )
    report = clips[1].model_copy(
        update={"upper_back": clips[1].upper_back.model_copy(update={"balance": part})}
    )
    line = section(printed(terminal_report(report)), "Left against right")
    assert line == (
        "Not compared: left and right can only be compared from straight in front or behind."
    )
    assert "Left against right" not in printed(terminal_report(clips[0]))


def clip_sides(base: Report, side: SideDifference) -> Any:
    return clip(base, "bent_over_row", [], sides=[side]).upper_back.balance.left_right


def test_level_sides_are_said_to_be_level(squat_report: Report) -> None:
    part = clip_sides(squat_report, side_of([1.0] * 6))
    assert part.compared
    assert part.summary == "No clear difference between left and right."
    assert [v.grade for v in part.variables] == ["ok"]


def test_the_part_names_why_standing_was_not_looked_at(squat_report: Report) -> None:
    posture = squat_report.upper_back.posture
    assert posture is not None
    assert (posture.start_s, posture.checks) == (None, [])
    assert posture.reason is not None
    assert "stand still for three seconds" in posture.reason
    assert "Standing still" not in printed(terminal_report(squat_report))
    assert UpperBackPart.model_validate(squat_report.upper_back.model_dump()).posture == posture


def shallow(report: Report, number: int, cost: float) -> Report:
    """A clip whose depth costs so many points; 0 is deep enough."""
    checks = [
        c.model_copy(update={"cost": cost, "severity": "moderate" if cost else "ok"})
        if c.rule == "squat.depth"
        else c
        for c in report.checks
    ]
    video = report.video.model_copy(update={"sha256": f"{number:064x}", "path": f"{number}.mp4"})
    return report.model_copy(update={"checks": checks, "video": video})


def test_a_fault_that_most_clips_show_has_work_of_its_own(squat_report: Report) -> None:
    """Not one that half of them show: it may be over, or have been chance."""

    def things(*costs: float) -> list[str]:
        clips = [shallow(squat_report, n, cost) for n, cost in enumerate(costs)]
        return [a.name for a in build_profile(clips).upper_back.advice if a.kind != "filming"]

    assert any("squat" in name.lower() for name in things(12.0, 12.0, 0.0))
    often = [shallow(squat_report, n, 12.0) for n in range(2)]
    page = profile_page(build_profile(often))
    assert "This week:</strong> Squat with a pause, light (3 sets of 5 to 8)." in page
    rarely = profile_page(build_profile([shallow(squat_report, 0, 0.0)]))
    assert "This week:</strong> Carry on: nothing that could be judged needs work" in rarely
    assert things(12.0, 12.0, 0.0, 0.0) == things(0.0, 0.0)


def test_a_difference_that_few_clips_show_is_told_but_gives_no_work(squat_report: Report) -> None:
    row = [verdict("bent_over_row.heave", 5.0, Severity.OK)]

    def profile(*values: float) -> UpperBackPart:
        made = [
            clip(squat_report, "bent_over_row", row, video=str(n), sides=[side_of([v] * 6)])
            for n, v in enumerate(values)
        ]
        return build_profile(made).upper_back

    often, rarely = profile(20.0, 20.0, 1.0), profile(20.0, 1.0)
    for finding in (often, rarely):
        assert "travels less" in str((finding.balance.left_right or NO_SIDES).variables[0].message)
    assert any(advice.name == "One-arm row" for advice in often.advice)
    assert not any(advice.name == "One-arm row" for advice in rarely.advice)
    assert uneven(often).startswith("Your left arm travels less")
    assert uneven(rarely) == ""
