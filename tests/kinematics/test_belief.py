"""Which landmarks are shown as a guess."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.kinematics.belief import MOST_ERROR, believed_by_second, doubted_marks
from formcheck.kinematics.motion import measure_motion
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from tests.helpers.skeleton import even_set, squat

WRIST, KNEE = landmarks.index("wrist", "left"), landmarks.index("knee", "left")


def test_what_is_shown_as_a_guess_does_not_flicker() -> None:
    motion = measure_motion(clean(squat(even_set(2))))
    t_s = motion.t_s
    error_px = np.zeros_like(motion.clean.error_px)
    doubt = 2 * MOST_ERROR * motion.trunk_px
    error_px[(t_s >= 1) & (t_s <= 2), WRIST] = doubt
    error_px[np.searchsorted(t_s, 1.5), WRIST] = 0.0
    error_px[(t_s >= 1) & (t_s <= 1.1), KNEE] = doubt
    found = doubted_marks(replace(motion, clean=replace(motion.clean, error_px=error_px)))
    np.testing.assert_array_equal(found[:, WRIST], (t_s >= 1) & (t_s <= 2))
    assert not found[:, KNEE].any()


def test_what_is_outside_of_the_picture_is_a_guess() -> None:
    track = squat(even_set(2))
    outside = track.xy_px.copy()
    outside[:, WRIST, 0] -= track.frame_wh[0]
    motion = measure_motion(clean(track.with_arrays(xy_px=outside)))
    found = doubted_marks(motion)
    assert found[:, WRIST].all()
    assert not found[:, KNEE].any()


def test_what_is_believed_in_each_second() -> None:
    motion = measure_motion(clean(squat(even_set(2))))
    error_px = np.zeros_like(motion.clean.error_px)
    doubted = (motion.t_s >= 1) & (motion.t_s < 1.5) | (motion.t_s >= 2) & (motion.t_s < 3)
    error_px[doubted, WRIST] = 2 * MOST_ERROR * motion.trunk_px
    error_px[motion.t_s >= 3, KNEE] = np.nan
    found = believed_by_second(replace(motion, clean=replace(motion.clean, error_px=error_px)))
    assert len(found) == 18
    seconds = int(motion.t_s[-1]) + 1
    np.testing.assert_allclose(found["left_wrist"], [1, 0.5, 0, *[1] * (seconds - 3)])
    np.testing.assert_allclose(found["left_knee"], [1, 1, 1, *[0] * (seconds - 3)])
    assert all(share.min() == 1 for name, share in found.items() if name.startswith("right"))
