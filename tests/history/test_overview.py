"""Which clips are compared with which, and what is said of a change."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from formcheck.compare.curves import set_median
from formcheck.errors import UsageError
from formcheck.history.clip import Clip, Verdict, clip_of, recorded_of
from formcheck.history.lifts import comparable_lifts
from formcheck.history.overview import athlete_history, direction
from formcheck.present.page.history import history_page
from formcheck.present.terminal.history import terminal_history
from tests.history.conftest import week

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.history.model import AthleteHistory, TrendPart
    from formcheck.report.model import Report
    from tests.history.conftest import Reports

LEAN = "trunk_shin"


def leaning(reports: Reports, values: Sequence[float]) -> AthleteHistory:
    """One session a week; `values` is how far the back leans past the shins."""
    clips = [
        clip_of("Anna", reports.of(n, measured={LEAN: value}), week(n), None)
        for n, value in enumerate(values)
    ]
    return athlete_history("Anna", clips)


def trend_of(found: AthleteHistory, name: str) -> TrendPart:
    (lift,) = found.lifts
    return next(trend for trend in lift.trends if trend.name == name)


def test_a_session_is_the_median_of_its_repetitions(reports: Reports) -> None:
    report = reports.of(1)
    found = athlete_history("Anna", [clip_of("Anna", report, week(0), None)])
    (lift,) = found.lifts
    assert (lift.exercise, lift.view, lift.variant) == ("squat", "side", "bodyweight")
    assert "knee_separation" not in {trend.name for trend in lift.trends}  # needs the front
    for trend in lift.trends:
        own = [rep.measurements[trend.name] for rep in report.reps]
        value, error = set_median([m.value or 0 for m in own], [m.error or 0 for m in own])
        (point,) = trend.points
        assert point.value == pytest.approx(value, abs=1e-4)
        assert point.error == pytest.approx(error, abs=1e-4)
        assert trend.verdict == "needs 5 sessions, has 1"
    depth = trend_of(found, "thigh_elevation_bottom")
    rule = next(c for c in report.checks if c.rule == "squat.depth")
    assert (depth.better, depth.limits, depth.unit) == ("low", rule.limits, "deg")


def printed(found: AthleteHistory, width: int = 100) -> str:
    console = Console(width=width, file=io.StringIO(), record=True)
    console.print(terminal_history(found, wide=False))
    return console.export_text()


def unsure(report: Report, name: str, error: float) -> Report:
    """The report with another error of one measurement."""
    reps = [
        rep.model_copy(
            update={
                "measurements": rep.measurements
                | {name: rep.measurements[name].model_copy(update={"error": error})}
            }
        )
        for rep in report.reps
    ]
    return report.model_copy(update={"reps": reps})


def test_what_is_less_sure_than_its_rule_can_tell_is_no_value(reports: Reports) -> None:
    """An error as wide as all grades, and of what no rule judges one that exceeds the value."""
    report = reports.of(1)
    limits = next(c for c in report.checks if c.measurement == LEAN).limits
    width = abs(limits.severe - limits.mild)
    for error, listed in ((0.9 * width, True), (1.1 * width, False)):
        clip = clip_of("Anna", unsure(report, LEAN, error), week(0), None)
        (lift,) = athlete_history("Anna", [clip]).lifts
        assert (LEAN in {trend.name for trend in lift.trends}) == listed
    speed = report.reps[0].measurements["concentric_speed"].value or 0.0
    for error, listed in ((0.5 * speed, True), (2 * speed, False)):
        clip = clip_of("Anna", unsure(report, "concentric_speed", error), week(0), None)
        (lift,) = athlete_history("Anna", [clip], measurements=["concentric_speed"]).lifts
        trends = {trend.name: trend for trend in lift.trends}
        assert ("concentric_speed" in trends) == listed
        if listed:
            assert trends["concentric_speed"].heading.endswith(", arm lengths a second")


def test_that_sessions_are_few_is_said_once(reports: Reports) -> None:
    found = leaning(reports, [10.0, 12.0])
    text = printed(found)
    assert text.count("5 sessions; now 2") == 1
    assert "has 2" not in text
    assert history_page(found, Path("page.html")).count("5 sessions; now 2") == 1


def test_one_session_is_a_line_for_each_clip_and_no_chart(reports: Reports) -> None:
    clips = [clip_of("A", reports.of(n, load_kg=40.0), week(0, hours=n), None) for n in range(2)]
    found = athlete_history("A", clips)
    lines = [line.strip() for line in printed(found).splitlines()]
    score = reports.real.score
    told = f"2 March 2026: 3 reps, 40 kg (88 lb), score {score:.0f}, "
    told += "upper back, this clip only: no clear sign."
    assert lines.count(told) == 2
    assert not any("Measurement" in line or line.startswith("Scores") for line in lines)
    page = history_page(found, Path("page.html"))
    assert page.count("<svg") == 0
    assert page.count("One session so far") == 1
    both = athlete_history("A", [*clips, clip_of("A", reports.of(2), week(1), None)])
    page = history_page(both, Path("page.html"))
    assert page.count("<svg") == 0
    assert page.count("First ") == len(both.lifts[0].trends) > 5


def test_a_narrow_screen_leaves_nothing_out(reports: Reports) -> None:
    found = leaning(reports, [10.0 + 4 * n for n in range(8)])
    narrow, broad = (" ".join(printed(found, width).split()) for width in (40, 200))
    for trend in found.lifts[0].trends:
        for text in (trend.heading, trend.verdict):
            assert text in narrow
            assert text in broad


def test_the_page_leads_to_what_to_do_this_week(reports: Reports) -> None:
    found = athlete_history("A", [clip_of("A", reports.of(1), week(0), None)])
    page = history_page(found, Path("page.html"), week="Row <b>.", profile="profile.html")
    assert 'This week:</strong> Row &lt;b&gt;. <a href="profile.html">' in page
    assert "This week" not in history_page(found, Path("page.html"))


def test_a_count_that_is_not_sure_is_a_range(reports: Reports) -> None:
    sure = reports.of(0)
    unsure = reports.of(1).model_copy(update={"count_range": (3, 5)})
    clips = [clip_of("A", r, week(n), None) for n, r in enumerate((sure, unsure))]
    found = athlete_history("A", clips)
    assert [clip.count_range for clip in found.lifts[0].clips] == [(3, 3), (3, 5)]
    assert "Reps: 3, 3 to 5" in printed(found)
    assert "<td>3 to 5</td>" in history_page(found, Path("page.html"))
    alone = printed(athlete_history("A", clips[1:]))
    assert ": 3 to 5 reps, score" in alone


def test_without_a_trend_there_is_no_empty_table(reports: Reports) -> None:
    found = athlete_history("Anna", [clip_of("Anna", reports.of(1, trust="poor"), week(0), None)])
    text = printed(found)
    assert found.lifts[0].trends == []
    assert "Measurement" not in text
    assert "Not in the trends: 1 clip" in text


def test_alike_sessions_show_no_change_and_a_large_one_is_called(reports: Reports) -> None:
    still = leaning(reports, [30.0] * 12)
    assert all(not trend.changes for trend in still.lifts[0].trends)
    assert trend_of(still, LEAN).verdict.startswith("no change beyond the error (±")
    band = trend_of(still, LEAN).band
    assert band is not None
    below = leaning(reports, [30.0] * 11 + [30.0 - 0.95 * band])
    assert trend_of(below, LEAN).changes == []
    above = trend_of(leaning(reports, [30.0] * 11 + [30.0 - 1.05 * band]), LEAN)
    (change,) = above.changes
    assert (change.kind, change.direction) == ("latest", "better")
    assert above.verdict.startswith(f"improved by {1.05 * band:.0f}° ±")
    assert "in the latest session (noise ±" in above.verdict


def test_a_growing_change_has_a_date_and_comes_first(reports: Reports) -> None:
    found = leaning(reports, [10.0 + 4 * n for n in range(12)])
    first = found.lifts[0].trends[0]
    assert first.name == LEAN
    assert first.verdict.startswith("got worse by 44° ±")
    assert "since 2 March (noise ±" in first.verdict
    assert [bool(trend.changes) for trend in found.lifts[0].trends].count(True) == 1


@pytest.mark.parametrize(
    ("better", "mild", "before", "after", "expected"),
    [
        ("low", 10, 30, 20, "better"),
        ("low", 10, 20, 30, "worse"),
        ("low", 10, 5, 12, "worse"),
        ("low", 10, 8, 2, "less"),
        ("high", 0.8, 0.5, 0.7, "better"),
        ("high", 0.8, 0.9, 1.4, "more"),
        ("high", 0.8, 0.9, 0.5, "worse"),
        ("zero", 0.1, -0.3, 0.05, "better"),
        ("zero", 0.1, -0.05, 0.3, "worse"),
        ("zero", 0.1, -0.05, 0.05, "more"),
    ],
)
def test_only_beyond_the_limit_is_a_change_good_or_bad(
    better: str, mild: float, before: float, after: float, expected: str
) -> None:
    rule = Verdict("r", "", "m", "", better, None, "side", "ok", 0, "deg", 1, mild, 2, 3)
    assert direction(before, after, rule) == expected


def test_without_a_rule_there_is_no_better(reports: Reports) -> None:
    clips = [
        clip_of("A", reports.of(n, measured={"hip_flexion_bottom": 60.0 + 9 * n}), week(n), None)
        for n in range(8)
    ]
    found = athlete_history("A", clips, measurements=["hip_flexion_bottom"])
    trend = trend_of(found, "hip_flexion_bottom")
    assert (trend.heading, trend.better, trend.limits) == ("Hip bend", None, None)
    assert trend.verdict.startswith("higher by 63° ±")
    assert "within the limits" not in trend.verdict
    with pytest.raises(UsageError, match="--measurement: no clip has 'hip_bend'; known are "):
        athlete_history("A", clips, measurements=["hip_bend"])


def test_a_users_rule_names_what_it_measures_even_where_it_cannot_judge(reports: Reports) -> None:
    report = reports.of(1)
    own = report.checks[0].model_copy(
        update={
            "rule": "squat.own",
            "measurement": "hip_flexion_bottom",
            "measures": "My hip",
            "needs_view": ["front"],
        }
    )
    report = report.model_copy(update={"checks": [*report.checks, own]})
    clips = [clip_of("A", report, week(0), None)]
    found = athlete_history("A", clips, measurements=["hip_flexion_bottom"])
    trend = trend_of(found, "hip_flexion_bottom")
    assert (trend.heading, trend.better) == ("My hip", None)


def test_only_like_is_compared_with_like(reports: Reports) -> None:
    made = [
        reports.of(1),
        reports.of(2, view="side_right"),
        reports.of(3, view="oblique_front"),
        reports.of(4, variant="back"),
        reports.of(5, bar="low", variant="back"),
        reports.of(6, view="oblique_front", variant=None),
    ]
    clips = [clip_of("A", report, week(n), None) for n, report in enumerate(made)]
    numbers = [
        sorted(int(clip.facts.video_sha256, 16) for clip in lift.clips)
        for lift in comparable_lifts(clips)
    ]
    assert numbers == [[3, 6], [5], [1, 2, 4]]  # what was only seen keeps no clips apart
    found = athlete_history("A", clips)
    assert "Filmed from both sides" in found.lifts[2].notes[-1]
    assert found.lifts[2].variant is None
    assert found.lifts[1].title.endswith("bar low on the back, filmed from the side")


@pytest.mark.parametrize("told", ["2026-03-02T10:00:00", "yesterday"])
def test_a_moment_without_a_zone_is_refused(reports: Reports, told: str) -> None:
    report = reports.of(1)
    video = report.video.model_copy(update={"recorded_at": told})
    with pytest.raises(UsageError, match="expected a moment with its time zone"):
        recorded_of(report.model_copy(update={"video": video}))


def test_views_of_the_front_and_the_back_are_named(reports: Reports) -> None:
    made = [reports.of(1, view="front"), reports.of(2, view="back")]
    clips = [clip_of("A", report, week(n), None) for n, report in enumerate(made)]
    (note,) = athlete_history("A", clips).lifts[0].notes
    assert note.startswith("Filmed from the front and from behind: ")


def test_the_year_of_a_change_is_told_if_it_is_another(reports: Reports) -> None:
    for first, since in ((-26, "1 September"), (-13, "1 December 2025")):
        clips = [
            clip_of("A", reports.of(n, measured={LEAN: 10.0 + 4 * n}), week(n + first), None)
            for n in range(12)
        ]
        assert f" since {since} (" in athlete_history("A", clips).lifts[0].trends[0].verdict


def test_clips_of_another_model_are_left_out_and_said(reports: Reports) -> None:
    clips = [
        clip_of("A", reports.of(n, model="old" if n < 2 else None), week(n), None) for n in range(4)
    ]
    (lift,) = athlete_history("A", clips).lifts
    assert len(lift.clips) == 2
    assert lift.notes == [
        "Left out: 2 clips measured with another version of formcheck or another pose model. "
        "Analyse and add them again to compare."
    ]


def test_a_heavier_bar_is_noted(reports: Reports) -> None:
    clips = [clip_of("A", reports.of(n, load_kg=60.0 + 20 * n), week(n), None) for n in range(3)]
    assert athlete_history("A", clips).lifts[0].notes == [
        "The weight ranged from 60 kg (132 lb) to 100 kg (220 lb), which can cause a change too."
    ]


def test_two_sets_of_a_day_are_one_session_but_two_points(reports: Reports) -> None:
    clips = [clip_of("A", reports.of(n), week(n // 2, hours=n % 2), None) for n in range(10)]
    (lift,) = athlete_history("A", clips).lifts
    assert lift.facts == "10 clips in 5 sessions, 2 March to 30 March 2026"
    assert {(len(t.points), len(t.sessions)) for t in lift.trends} == {(10, 5)}


def test_the_change_over_a_set_is_followed_as_well(reports: Reports) -> None:
    def clip(number: int) -> Clip:
        report = reports.of(number)
        checks = [
            c.model_copy(update={"value": 4.0 + number, "error": 1.0, "severity": "mild"})
            if c.rule == "squat.lean_growth"
            else c
            for c in report.checks
        ]
        return clip_of("A", report.model_copy(update={"checks": checks}), week(number), None)

    found = athlete_history("A", [clip(number) for number in range(9)])
    growth = trend_of(found, "squat.lean_growth")
    assert (growth.heading, growth.better) == ("Lean kept to the last rep", "low")
    assert growth.verdict.startswith("got worse by 8° ±1 since 2 March")
    lean = trend_of(found, "trunk_lean_bottom")  # its amount is not judged
    assert (lean.heading, lean.better) == ("Forward lean", None)


def test_an_unknown_exercise_is_counted_and_not_compared(reports: Reports) -> None:
    report = reports.of(1)
    unknown = report.exercise.model_copy(update={"id": "unknown", "title": "Unknown"})
    clip = clip_of("A", report.model_copy(update={"exercise": unknown}), week(0), None)
    found = athlete_history("A", [clip])
    assert (found.lifts, found.unknown, found.clips) == ([], 1, 1)


def test_a_session_of_poor_tracking_is_listed_and_makes_no_trend(reports: Reports) -> None:
    clips = [clip_of("Anna", reports.of(n, measured={LEAN: 30.0}), week(n), None) for n in range(6)]
    guess = reports.of(6, measured={LEAN: 80.0}, trust="poor")
    found = athlete_history("Anna", [*clips, clip_of("Anna", guess, week(6), None)])
    (lift,) = found.lifts
    assert [clip.trust for clip in lift.clips] == ["good"] * 6 + ["poor"]
    trend = trend_of(found, LEAN)
    assert [point.clip for point in trend.points] == [0, 1, 2, 3, 4, 5]
    assert trend.changes == []
    assert [note for note in lift.notes if "1 clip marked ✗" in note]
    believed = reports.of(6, measured={LEAN: 80.0}, trust="partly")
    told = athlete_history("Anna", [*clips, clip_of("Anna", believed, week(6), None)])
    assert trend_of(told, LEAN).changes
    only = athlete_history("Anna", [clip_of("Anna", guess, week(0), None)])
    assert only.lifts[0].trends == []
    assert "✗" in history_page(only, Path("page.html"))
