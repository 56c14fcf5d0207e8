"""What a measurement looks at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.kinematics.belief import PARTS
from formcheck.kinematics.motion import measure_motion
from formcheck.kinematics.series import SERIES
from formcheck.kinematics.view import View, ViewLabel
from formcheck.pose.cleaning import clean
from formcheck.pose.landmarks import SIDES, index
from formcheck.reasons import ReasonCode
from formcheck.reps.cycles import Cycle
from formcheck.reps.engine import find_reps
from formcheck.rules.book import built_in_book
from formcheck.rules.looks import hidden_reason, judged_parts, looks
from tests.helpers.skeleton import even_set, squat

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
        return set(judged_parts(rules, exercise, view))

    assert needed(ViewLabel.FRONT) == {"head", "shoulder", "elbow", "wrist"}
    assert needed(ViewLabel.SIDE_LEFT) == {"shoulder", "wrist", "hip", "knee"}


@pytest.mark.parametrize(
    ("parts", "from_s", "to_s", "measurement", "expected"),
    [
        (("hip",), 1.5, 3.0, "hip_flexion_bottom", (("hip",), "bottom")),
        (("hip", "ankle"), 1.5, 3.0, "hip_flexion_bottom", (("hip",), "bottom")),
        (("foot_index",), 0.0, 9.0, "heel_rise", (("foot",), "")),
        (("foot_index",), 1.5, 2.3, "heel_rise", (("foot",), "bottom")),
        (("hip",), 0.0, 9.0, "descent_s", (("hip",), "eccentric")),
        ((), 0.0, 9.0, "hip_flexion_bottom", None),
    ],
)
def test_a_reason_names_the_hidden_parts_of_the_measurement_and_when(
    parts: tuple[str, ...],
    from_s: float,
    to_s: float,
    measurement: str,
    expected: tuple[tuple[str, ...], str] | None,
) -> None:
    motion = measure_motion(clean(squat(even_set(1))))
    book = built_in_book()
    exercise, what = book.exercise("squat"), book.rules["squat"].named(measurement)
    cycle = find_reps(motion, exercise)[0].cycle
    error_px = np.full_like(motion.clean.error_px, 0.01 * motion.trunk_px)
    marks = [index(name, side) for name in parts for side in SIDES]
    then = (motion.t_s >= from_s) & (motion.t_s <= to_s)
    error_px[np.ix_(then, np.array(marks, dtype=int))] = 0.3 * motion.trunk_px
    unsure = replace(motion, clean=replace(motion.clean, error_px=error_px))
    reason = hidden_reason(unsure, cycle, what, exercise)
    assert reason.code is ReasonCode.HIDDEN
    assert not reason.outside
    if expected is None:  # the part that is known worst, as none is hidden
        assert len(reason.parts) == 1
    else:
        assert (reason.parts, reason.when) == expected
