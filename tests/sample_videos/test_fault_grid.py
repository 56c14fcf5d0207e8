"""The fault grid's clips are well defined; what was rendered once keeps its name."""

from __future__ import annotations

import pytest

from benchmarks.fault_grid_specs import FAULTS, SOUND, grid
from benchmarks.fault_grid_truth import TRUE_VALUES
from formcheck.lifter import Bar

CLIPS = {clip.spec.name: clip for clip in grid()}


def test_names_are_different() -> None:
    assert len(CLIPS) == len(grid())


@pytest.mark.parametrize(
    "name",
    [
        "squat_sound_front_b_7ab8b59c20",
        "bent_over_row_heave_large_side_a_023c60d214",
        "pull_up_chin_medium_oblique_b_ff09facbea",
    ],
)
def test_options_that_came_later_do_not_rename_older_clips(name: str) -> None:
    assert name in CLIPS


def test_every_fault_has_a_truth() -> None:
    assert {fault.rule for fault in FAULTS} <= set(TRUE_VALUES)


def test_bars_are_told_only_of_squats() -> None:
    told = {clip.bar for clip in grid()} - {None}
    assert {Bar(bar) for bar in told if bar is not None} == {Bar.HIGH, Bar.FRONT, Bar.NONE}
    assert all(clip.spec.exercise == "squat" for clip in grid() if clip.bar)


def test_every_exercise_has_sound_clips() -> None:
    assert {clip.rule for clip in grid() if clip.size == SOUND} == {
        rule.split(".")[0] for rule in TRUE_VALUES
    }
