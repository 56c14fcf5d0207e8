"""How far a landmark may be off: from the heat map and from its path."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.pose.belief import landmark_errors
from formcheck.pose.cleaning import clean
from formcheck.pose.landmarks import COUNT, index
from tests.helpers.skeleton import even_set, squat, with_noise

HIP, KNEE = index("hip", "left"), index("knee", "left")


def errors(certainty: float, noise_px: float = 0.2) -> np.ndarray:
    """Errors in trunk lengths of a squat whose hip is so certain and the rest is seen."""
    track = with_noise(squat(even_set(2)), noise_px)
    told = np.full((len(track), COUNT), 0.85)
    told[:, HIP] = certainty
    found = clean(track.with_arrays(certainty=told))
    return found.error_px / found.trunk_px


def test_a_guess_errs_more_than_what_stands_out() -> None:
    medians = [float(np.median(errors(c)[:, HIP])) for c in (0.9, 0.7, 0.5, 0.3, 0.1)]
    assert medians == sorted(medians)
    assert medians[-1] > 4 * medians[0]


def test_only_that_landmark_is_in_doubt() -> None:
    sure, unsure = errors(0.85), errors(0.2)
    assert np.allclose(sure[:, KNEE], unsure[:, KNEE])
    assert (unsure[:, HIP] > 2 * sure[:, HIP]).all()


def test_a_restless_path_is_believed_less() -> None:
    assert np.median(errors(0.8, noise_px=4.0)) > 2 * np.median(errors(0.8, noise_px=0.2))


def test_what_is_missing_has_no_error_and_an_engine_that_tells_nothing_has_one() -> None:
    track = squat(even_set(2))
    xy = track.xy_px.copy()
    xy[:, KNEE] = np.nan
    found = landmark_errors(track, xy, trunk_px=100.0)
    assert np.isnan(track.certainty).all()
    assert np.isnan(found[:, KNEE]).all()
    assert (found[:, HIP] > 0).all()


def test_an_error_is_in_pixels_of_the_body() -> None:
    track = with_noise(squat(even_set(2)), 0.5)
    smooth = clean(track).track.xy_px
    small = landmark_errors(track, smooth, trunk_px=100.0)
    width, height = track.frame_wh
    larger = replace(track, xy_px=track.xy_px * 2, frame_wh=(2 * width, 2 * height))
    assert landmark_errors(larger, smooth * 2, trunk_px=200.0) == pytest.approx(small * 2)


def test_nobody_sees_what_lies_outside_of_the_picture() -> None:
    track = squat(even_set(2))
    inside = landmark_errors(track, track.xy_px, trunk_px=100.0)
    left = track.with_arrays(xy_px=track.xy_px - [track.xy_px[:, KNEE, 0].max() + 30.0, 0.0])
    found = landmark_errors(left, left.xy_px, trunk_px=100.0)
    beyond = -left.xy_px[:, KNEE, 0]
    assert (beyond >= 30).all()
    assert found[:, KNEE] == pytest.approx(np.maximum(inside[:, KNEE], 10.0) + beyond)


def test_an_end_of_the_body_at_the_edge_is_taken_for_one_outside() -> None:
    """Heads and feet that the frame cuts are drawn just within it; hands are not."""
    track = squat(even_set(2))
    xy = track.xy_px.copy()
    ear, wrist = index("ear", "left"), index("wrist", "left")
    for mark in (ear, wrist, HIP):
        xy[:, mark, 1] = 0.08 * 100
    told = np.full((len(track), COUNT), 0.99)
    found = landmark_errors(track.with_arrays(xy_px=xy, certainty=told), xy, trunk_px=100.0)
    assert (found[:, ear] > 0.10 * 100).all()
    assert (found[:, [wrist, HIP]] < 0.05 * 100).all()
    xy[:, ear, 1] = 0.12 * 100
    found = landmark_errors(track.with_arrays(xy_px=xy, certainty=told), xy, trunk_px=100.0)
    assert (found[:, ear] < 0.05 * 100).all()
