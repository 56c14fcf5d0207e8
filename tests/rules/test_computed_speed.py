"""Speeds of stick figures that move along half cosines of known time and height."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.kinematics.motion import measure_motion
from formcheck.lean.needed import TRUNK_PER_HEIGHT
from formcheck.lifter import NOBODY_ASKED, Lifter
from formcheck.pipeline import analyze_track
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from formcheck.reasons import Reason, ReasonCode
from formcheck.reps.engine import find_reps
from formcheck.rules.book import built_in_book
from formcheck.rules.computed import COMPUTED, Computed, SetContext
from formcheck.rules.computed.speed import RepSpeed, compared, summarise_speed, velocity_loss
from formcheck.words.lean_speed import speed_sentence
from tests.helpers.skeleton import (
    ARM,
    BACK,
    FRONT,
    HANGING,
    PULLED_UP,
    TRUNK,
    Camera,
    Move,
    clock,
    eased,
    even_set,
    film,
    mix,
    pull_up,
    row,
    squat,
    with_noise,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.pose.track import PoseTrack

MOVES = even_set(3, first_half_s=1.2, hold_s=0.2, second_half_s=1.0)
HEIGHT_M = TRUNK / TRUNK_PER_HEIGHT
"""Of the stick figure, by its trunk."""


def context_of(
    track: PoseTrack, exercise: str = "squat", lifter: Lifter = NOBODY_ASKED
) -> SetContext:
    motion = measure_motion(clean(with_noise(track, 0.05)))
    definition = built_in_book().exercise(exercise)
    reps = [rep for rep in find_reps(motion, definition) if rep.counts]
    return SetContext(motion, definition, reps, lifter)


def computed(name: str, context: SetContext) -> list[Computed]:
    return [COMPUTED[name].formula(context, rep) for rep in context.reps]


def shoulder_rise_m(track: PoseTrack) -> float:
    """From the bottom to the top of the set, true."""
    shoulders = [landmarks.index("shoulder", side) for side in landmarks.SIDES]
    return float(np.ptp(track.xy_px[:, shoulders, 1].mean(axis=1))) / Camera().px_per_m


@pytest.mark.parametrize("camera", [Camera(90.0), FRONT])
def test_mean_speed_of_a_squat_at_the_shoulders(camera: Camera) -> None:
    track = squat(MOVES, camera=camera)
    context = context_of(track)
    # The turn lies in the middle of the stay: half of it belongs to the way up.
    true = shoulder_rise_m(track) / 1.1
    found = computed("concentric_speed", context)
    assert len(found) == 3
    for speed in found:
        assert speed.reason is None
        metres = speed.value * context.motion.arm_px / camera.px_per_m
        assert metres == pytest.approx(true, rel=0.12)
        assert speed.error < 0.15 * speed.value


def test_metres_per_second_need_the_height() -> None:
    track = squat(MOVES)
    without_height = computed("mean_velocity", context_of(track))
    assert all(math.isnan(v.value) for v in without_height)
    assert [v.reason for v in without_height] == [Reason(ReasonCode.NO_HEIGHT)] * 3
    told = computed("mean_velocity", context_of(track, lifter=Lifter(height_m=HEIGHT_M)))
    assert all(v.value == pytest.approx(shoulder_rise_m(track) / 1.1, rel=0.15) for v in told)
    taller = computed("mean_velocity", context_of(track, lifter=Lifter(height_m=1.1 * HEIGHT_M)))
    assert [v.value for v in taller] == pytest.approx([1.1 * v.value for v in told])


def velocity(context: SetContext) -> float:
    return float(np.median([v.value for v in computed("mean_velocity", context)]))


def test_a_trunk_that_points_at_the_camera_does_not_make_it_faster() -> None:
    """From the back a bent-over trunk looks short; the legs then give the scale."""
    told = Lifter(height_m=HEIGHT_M)
    side, back = (
        velocity(context_of(track, "bent_over_row", told))
        for track in (row(MOVES), row(MOVES, camera=BACK))
    )
    assert back == pytest.approx(side, rel=0.15)


@pytest.mark.parametrize("camera", [BACK, FRONT])
def test_a_pull_up_is_read_at_the_shoulders(camera: Camera) -> None:
    moves = even_set(3, first_half_s=1.2, hold_s=0.2, second_half_s=2.4)
    track = pull_up(moves, camera=camera)
    context = context_of(track, "pull_up")
    for speed in computed("concentric_speed", context):
        metres = speed.value * context.motion.arm_px / camera.px_per_m
        assert metres == pytest.approx(shoulder_rise_m(track) / 1.3, rel=0.12)


SMOOTH = [(0, 0), (1, 0), (2.2, 1), (2.4, 1), (4.0, 0), (5.0, 0)]
STALLING = [(0, 0), (1, 0), (1.8, 0.75), (2.8, 0.85), (3.4, 1), (3.6, 1), (5.2, 0), (6.0, 0)]


def pulled(knots: Sequence[tuple[float, float]]) -> PoseTrack:
    """A pull-up whose shoulders are exactly at the eased share of the way up."""
    t_s = clock(knots[-1][0])
    shares = np.linspace(0, 1, 400)
    still = film(np.arange(400) / 30, mix(HANGING, PULLED_UP, shares), BACK, from_bar=True)
    shoulders = [landmarks.index("shoulder", side) for side in landmarks.SIDES]
    level = -still.xy_px[:, shoulders, 1].mean(axis=1)
    level = (level - level[0]) / (level[-1] - level[0])
    bent = np.interp(eased(t_s, knots), np.maximum.accumulate(level), shares)
    return film(t_s, mix(HANGING, PULLED_UP, bent), BACK, from_bar=True)


def test_a_smooth_repetition_keeps_half_of_its_speed_at_the_top() -> None:
    """Half-cosine: 0.552 (reference, appendix A)."""
    (share,) = computed("top_speed_share", context_of(pulled(SMOOTH), "pull_up"))
    assert share.value == pytest.approx(0.552, abs=0.06)
    assert 0 < share.error < 0.2


def test_holding_the_top_is_no_stall() -> None:
    held = [*SMOOTH[:3], (4.2, 1), (5.8, 0), (6.8, 0)]
    (share,) = computed("top_speed_share", context_of(pulled(held), "pull_up"))
    assert share.value == pytest.approx(0.552, abs=0.06)


def test_a_stall_at_the_top_shows() -> None:
    (share,) = computed("top_speed_share", context_of(pulled(STALLING), "pull_up"))
    assert share.value < 0.25


@pytest.mark.parametrize(
    ("speeds", "loss"),
    [
        ([], None),
        ([0.5, 0.4], None),
        ([0.5, math.nan, 0.4], None),
        ([0.5, 0.6, 0.45], 0.25),
        ([0.4, 0.5, 0.5], 0.0),
        ([math.nan, 0.4, 0.5, 0.3], 0.4),
    ],
)
def test_velocity_loss(speeds: list[float], loss: float | None) -> None:
    found = [RepSpeed(speed, 0.01, travel=1.0) for speed in speeds]
    assert velocity_loss(found) == (None if loss is None else pytest.approx(loss))


def test_speeds_are_compared_of_repetitions_that_move_as_far() -> None:
    """The last one is half a repetition, and slow for that alone."""
    travels, speeds = [1.0, 1.1, 0.95, 1.0, 0.5], [0.5, 0.5, 0.49, 0.48, 0.25]
    found = [RepSpeed(v, 0.01, travel=d) for v, d in zip(speeds, travels, strict=True)]
    assert compared(found) == [0, 1, 2, 3]
    assert velocity_loss(found) == pytest.approx(0.04)
    summary = summarise_speed("shoulders", found, [])
    assert summary is not None
    told = speed_sentence(summary) or ""
    assert "the last rep 4% slower than the fastest (velocity loss" in told
    assert told.endswith("Not compared: rep 5, which moves much less or more than the others.")
    assert "Not compared: rep 6, " in (speed_sentence(summary, reps=[1, 2, 3, 4, 6]) or "")
    whole = [replace(one, travel=1.0) for one in found]
    assert velocity_loss(whole) == pytest.approx(0.5)


def slowing(times_s: list[float]) -> PoseTrack:
    moves, first = [], 1.0
    for second_half_s in times_s:
        moves.append(Move(first, first_half_s=1.2, hold_s=0.1, second_half_s=second_half_s))
        first = moves[-1].end_s + 0.6
    return squat(moves)


def test_the_loss_over_a_set_that_slows() -> None:
    track = with_noise(slowing([1.0, 1.0, 1.2, 1.5, 2.0]), 0.05)
    found = analyze_track(track, exercise="squat", lifter=Lifter(height_m=HEIGHT_M))
    assert found.speed_loss == pytest.approx(0.5, abs=0.08)
    assert len(found.speeds) == len(found.velocities) == 5
    summary = summarise_speed("shoulders", found.speeds, found.velocities)
    assert summary is not None
    assert summary.metric
    told = speed_sentence(summary) or ""
    assert told.startswith("Lifting speed (mean concentric velocity at the shoulders): ")
    assert re.search(r" in the last, \d+% slower \(velocity loss\)\.$", told)
    seen = found.upper_back.observations
    assert all(one.challenged for one in seen if one.cue.startswith("squat"))


def test_a_steady_set_is_not_called_slower() -> None:
    found = analyze_track(with_noise(slowing([1.0] * 4), 0.05), exercise="squat")
    summary = summarise_speed("shoulders", found.speeds, found.velocities)
    assert summary is not None
    assert not summary.metric
    assert summary.unit == "arm/s"
    assert speed_sentence(summary) is None  # steady, and in no unit that anyone knows


def test_the_height_is_not_asked_for_where_it_would_not_help() -> None:
    found = analyze_track(with_noise(slowing([1.0, 1.2, 1.5, 2.0]), 0.05), exercise="squat")
    summary = summarise_speed("shoulders", found.speeds, found.velocities)
    assert summary is not None
    assert "tell formcheck your height" in (speed_sentence(summary) or "")
    told = speed_sentence(summary, ask_height=False) or ""
    assert told.endswith(" slower than the fastest (velocity loss).")
    unsure = replace(
        summary, speeds=tuple(replace(s, error=0.25 * s.value) for s in summary.speeds)
    )
    assert speed_sentence(unsure) == told


def test_no_series_no_speed() -> None:
    found = [RepSpeed(1.0, 0.1)] * 3
    assert summarise_speed(None, found, found) is None
    assert summarise_speed("hands", [RepSpeed(math.nan, math.nan)] * 3, []) is None


def test_arms_are_the_unit() -> None:
    context = context_of(squat(MOVES))
    assert context.motion.arm_px == pytest.approx(ARM * Camera().px_per_m, rel=0.02)
