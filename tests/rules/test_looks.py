"""What a measurement looks at."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.kinematics.belief import PARTS
from formcheck.kinematics.series import SERIES
from formcheck.kinematics.view import View, ViewLabel
from formcheck.reps.cycles import Cycle
from formcheck.rules.book import built_in_book
from formcheck.rules.looks import judged_parts, looks

T_S = np.arange(80) / 16
CYCLE = Cycle(20, 40, 60, 1.0, "eccentric")


def test_series_name_parts_that_there_are() -> None:
    assert {part for info in SERIES.values() for part in info.parts} <= PARTS.keys()


@pytest.mark.parametrize(
    ("lift", "measurement", "expected"),
    [
        ("squat", "hip_flexion_bottom", [("turn", {"shoulder", "hip", "knee"}, (40, 40))]),
        ("squat", "heel_rise", [("turn", {"foot"}, (34, 46)), ("rest", {"foot"}, (20, 60))]),
        ("squat", "descent_s", [("eccentric", {"hip", "ankle"}, (20, 40))]),
        ("pull_up", "pull_s", [("concentric", {"shoulder", "wrist"}, (40, 60))]),
        ("pull_up", "chin_over_bar", [("turn", {"head", "wrist"}, (34, 46))]),
    ],
)
def test_which_parts_and_when(
    lift: str, measurement: str, expected: list[tuple[str, set[str], tuple[int, int]]]
) -> None:
    book = built_in_book()
    what = book.rules[lift].named(measurement)
    found = [
        (look.when, set(look.parts), (look.frames[0], look.frames[-1]))
        for look in looks(T_S, CYCLE, what, book.exercise(lift))
    ]
    assert found == expected


def test_feet_are_not_needed_to_judge_a_pull_up_from_the_front() -> None:
    book = built_in_book()
    rules, exercise = book.rules["pull_up"], book.exercise("pull_up")

    def needed(label: ViewLabel) -> set[str]:
        view = View(label, 0.0, 8.0, 1.0, "left", 1)
        return set(judged_parts(T_S, CYCLE, rules, exercise, view))

    assert needed(ViewLabel.FRONT) == {"head", "shoulder", "elbow", "wrist"}
    assert needed(ViewLabel.SIDE_LEFT) == {"shoulder", "wrist", "hip", "knee"}
