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
from formcheck.rules.looks import cut_reason, hidden_reason, judged_parts, looks
from formcheck.words.reasons import sentence
from tests.helpers.skeleton import FRONT, even_set, pull_up, squat

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


@pytest.mark.parametrize("lost_trunks", [-0.3, 0.0, 0.05])
def test_a_chin_whose_head_is_cut_off_at_the_top_is_not_measured(lost_trunks: float) -> None:
    """The picture ends so far below the ears, or above them, at their highest."""
    track = pull_up(even_set(2), camera=FRONT)
    book = built_in_book()
    exercise, rules = book.exercise("pull_up"), book.rules["pull_up"]
    whole = measure_motion(clean(track))
    ears = whole.track.xy_px[:, index("ear", "left"), 1]
    up_px = np.array([0.0, ears.min() + lost_trunks * whole.trunk_px])
    cut = measure_motion(clean(track.with_arrays(xy_px=track.xy_px - up_px)))
    for rep in find_reps(whole, exercise):
        chin, hang = rules.named("chin_over_bar"), rules.named("elbow_flexion_hang")
        reason = cut_reason(cut, rep.cycle, chin, exercise, rep.cycle.turn)
        assert (reason is not None) == (lost_trunks > -0.1)
        assert cut_reason(cut, rep.cycle, hang, exercise, rep.cycle.start) is None
        if reason is not None:
            assert (reason.parts, reason.outside, reason.when) == (("head",), ("head",), "top")


def test_a_cut_off_foot_is_said_of_what_is_next_to_it_as_well() -> None:
    """The ankle is not seen well; what cures it is the whole body in the frame."""
    track = squat(even_set(1))
    low = track.xy_px[:, index("foot_index", "left"), 1].max() - track.frame_wh[1]
    motion = measure_motion(clean(track.with_arrays(xy_px=track.xy_px - np.array([0.0, low]))))
    error_px = np.array(motion.clean.error_px)
    error_px[:, [index("hip", side) for side in SIDES]] = 0.3 * motion.trunk_px
    unsure = replace(motion, clean=replace(motion.clean, error_px=error_px))
    book = built_in_book()
    exercise, what = book.exercise("squat"), book.rules["squat"].named("hip_flexion_bottom")
    reason = hidden_reason(unsure, find_reps(motion, exercise)[0].cycle, what, exercise)
    assert reason.parts == ("hip",)
    assert "foot" in reason.outside
    assert sentence(reason).endswith("film with your whole body in the frame")
