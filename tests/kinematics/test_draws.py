"""Movements that a clip may show as well, and what is believed of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.kinematics.belief import MOST_ERROR, Trust, believe, part_doubts
from formcheck.kinematics.draws import DRAWS, SEEN_TRUNKS, TAIL, draws, excess, lasting_noise
from formcheck.kinematics.errors import angle_errors
from formcheck.kinematics.motion import Motion, measure_motion
from formcheck.pose.cleaning import clean
from formcheck.pose.landmarks import SIDES, index
from tests.helpers.skeleton import even_set, squat


@pytest.fixture(scope="module")
def motion() -> Motion:
    found = measure_motion(clean(squat(even_set(3))))
    return with_errors(found, 0.0)


def with_errors(motion: Motion, trunks: float, *marks: int) -> Motion:
    """A movement with so large errors of some landmarks, and none of the others."""
    error_px = np.zeros_like(motion.clean.error_px)
    error_px[:, list(marks)] = trunks * motion.trunk_px
    return replace(motion, clean=replace(motion.clean, error_px=error_px))


def test_what_is_seen_well_stays_where_it_is(motion: Motion) -> None:
    for drawn in draws(with_errors(motion, SEEN_TRUNKS, *range(33))):
        assert np.array_equal(drawn.track.xy_px, motion.track.xy_px)
        assert np.array_equal(drawn.angles["trunk_lean"], motion.angles["trunk_lean"])


def test_angles_scatter_as_far_as_their_landmarks_are_off(motion: Motion) -> None:
    """A shank of 0.85 trunk lengths whose knee is off by 0.1: about seven degrees."""
    side = motion.view.near_side
    unsure = with_errors(motion, 0.1, index("knee", side))
    found = [drawn.angles[f"shin_inclination_{side}"] for drawn in draws(unsure)]
    assert len(found) == DRAWS
    off = np.std(found, axis=0).mean()
    shank = np.linalg.norm(
        motion.track.point("knee", side) - motion.track.point("ankle", side), axis=1
    ).mean()
    expected = np.degrees(TAIL * excess(np.array(0.1), SEEN_TRUNKS) * motion.trunk_px / shank)
    assert off == pytest.approx(expected, rel=0.25)
    lean = np.std([d.angles["trunk_lean"] for d in draws(unsure)], axis=0)
    assert lean.max() < 1e-9


def test_draws_are_always_the_same_and_noise_has_unit_variance() -> None:
    t_s = np.arange(0, 60, 1 / 30)
    noise = lasting_noise(t_s, 3)
    assert np.array_equal(noise, lasting_noise(t_s, 3))
    assert not np.array_equal(noise, lasting_noise(t_s, 4))
    assert noise.std() == pytest.approx(1.0, abs=0.03)
    assert np.corrcoef(noise[:-1].ravel(), noise[1:].ravel())[0, 1] > 0.9  # it lasts


def test_hidden_parts_are_named_and_tracking_is_trusted_less(motion: Motion) -> None:
    side = motion.view.near_side
    everything = [(0, len(motion.t_s) - 1)]
    assert believe(motion, everything).trust is Trust.GOOD
    unsure = with_errors(motion, 2 * MOST_ERROR, index("hip", side), index("knee", side))
    found = believe(unsure, everything)
    assert found.trust is Trust.PARTLY
    assert found.share == pytest.approx(1 - 2 / 8)
    assert {one.part for one in found.hidden} == {"hip", "knee"}
    assert all(one.end_s > one.start_s for one in found.hidden)
    doubts = part_doubts(unsure, slice(0, 50))
    assert {part for part, doubt in doubts.items() if doubt.share == 1} == {"hip", "knee"}
    assert doubts["hip"].error == pytest.approx(2 * MOST_ERROR)
    assert not doubts["hip"].outside


def test_the_far_side_does_not_count_from_the_side(motion: Motion) -> None:
    far = "right" if motion.view.near_side == "left" else "left"
    assert believe(with_errors(motion, 1.0, index("hip", far)), ()).trust is Trust.GOOD


def test_what_lies_outside_of_the_frame_is_not_believed(motion: Motion) -> None:
    track = motion.track
    cut = replace(track, frame_wh=(track.frame_wh[0], int(track.middle("ankle")[:, 1].min()) - 5))
    outside = measure_motion(clean(cut))
    assert {"ankle", "foot"} <= {one.part for one in believe(outside, ()).hidden}


def test_what_lies_outside_of_the_frame_makes_the_angles_in_the_table_less_sure(
    motion: Motion,
) -> None:
    side, track = motion.view.near_side, motion.track
    edge_px = int(track.middle("knee")[:, 1].max()) + 5
    cut = replace(track, frame_wh=(track.frame_wh[0], edge_px))
    before, after = angle_errors(motion), angle_errors(measure_motion(clean(cut)))
    assert (after[f"shin_inclination_{side}"] > 1.5 * before[f"shin_inclination_{side}"]).all()
    thigh = f"thigh_elevation_{side}"
    np.testing.assert_allclose(after[thigh], before[thigh], atol=1e-3)


def test_only_parts_that_are_judged_count_as_hidden(motion: Motion) -> None:
    unsure = with_errors(motion, 1.0, *(index("hip", side) for side in SIDES))
    found = believe(unsure, (), ("shoulder", "wrist"), 1.0)
    assert found.trust is Trust.GOOD
    assert found.hidden == ()
    assert believe(unsure, (), ("hip",), 0.6).trust is Trust.PARTLY
    assert believe(unsure, (), ("hip",), 0.4).trust is Trust.POOR
