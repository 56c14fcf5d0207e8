"""Which athlete needs attention first, and what makes their line."""

from __future__ import annotations

from itertools import pairwise

import pytest

from formcheck.batch.attention import AthleteLine, ClipVerdict, Outlook, athlete_line, latest


def line(
    name: str,
    *,
    finding: str = "none",
    severity: str = "ok",
    course: str = "open",
    uneven: str = "",
) -> AthleteLine:
    outlook = Outlook("p.html", finding, course, "", "", "", uneven)  # type: ignore[arg-type]
    return AthleteLine(name, 3, severity, None, "squat", outlook)


def test_the_order_is_that_of_the_docs() -> None:
    wanted = [
        line("likely", finding="likely"),
        line("severe", severity="severe"),
        line("moderate and worse", severity="moderate", course="worse"),
        line("b moderate and uneven", severity="moderate", uneven="Left travels less."),
        line("a moderate and watch", severity="moderate", finding="watch"),
        line("a moderate", severity="moderate", course="better"),
        line("mild", severity="mild"),
        line("unseen", severity="not_assessed", finding="insufficient"),
        line("fine", severity="ok", course="better"),
    ]
    assert all(a.urgency < b.urgency for a, b in pairwise(wanted))


def test_alike_athletes_are_in_order_of_their_names() -> None:
    assert line("anna").urgency < line("ben").urgency


def clip(lift: str, day: int | None, severity: str = "ok") -> ClipVerdict:
    when = None if day is None else f"2026-03-{day:02}T10:00:00+01:00"
    return ClipVerdict(lift, when, severity, f"{lift} {day}")


def test_only_the_latest_session_of_each_lift_counts() -> None:
    old, new, row = clip("squat", 1, "severe"), clip("squat", 8, "mild"), clip("row", 1, "moderate")
    undated = clip("squat", None)
    assert latest([old, new, row, undated]) == [new, row, undated]
    told = athlete_line("Anna", [old, new, row, undated], line("x").outlook)
    assert (told.clips, told.severity, told.fault, told.lift) == (4, "moderate", "row 1", "row")


@pytest.mark.parametrize("severity", ["severe", "not_assessed", "ok"])
def test_one_clip(severity: str) -> None:
    told = athlete_line("Anna", [clip("squat", 3, severity)], line("x").outlook)
    assert (told.severity, told.lift) == (severity, "squat")
