"""Cleaning takes out what was put in and leaves the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.pose import landmarks
from formcheck.pose.cleaning import (
    clean,
    drop_outliers,
    fill_gaps,
    low_pass,
    repair_swaps,
    segment_noise,
    trunk_length,
)
from tests.helpers.skeleton import (
    HINGED,
    LIFTS,
    SIDE,
    STANDING,
    Camera,
    Posture,
    clock,
    eased,
    even_set,
    film,
    squat,
    uneven_clock,
    with_noise,
    with_swaps,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]
    Lift = Callable[..., PoseTrack]

MOVES = even_set(2)
LEGS = ("knee", "ankle", "heel", "foot_index")
ARMS = ("elbow", "wrist", "pinky", "index", "thumb")
OBLIQUE = Camera(60.0)


# --- left and right --------------------------------------------------------------


@pytest.mark.parametrize(
    "frames",
    [[40], [40, 41, 42], list(range(30, 70)), [10, 12, 14, 16], [0], [200]],
    ids=["one", "three", "long", "flicker", "first", "late"],
)
@pytest.mark.parametrize("names", [LEGS, ARMS, ("shoulder", "hip")])
def test_swaps_are_undone(names: tuple[str, ...], frames: list[int]) -> None:
    track = squat(MOVES, camera=OBLIQUE)
    repaired, count = repair_swaps(with_swaps(track, frames, names), trunk_px=trunk_length(track))
    np.testing.assert_array_equal(repaired.xy_px, track.xy_px)
    np.testing.assert_array_equal(repaired.world_m, track.world_m)
    assert count == len(frames)


@pytest.mark.parametrize("limb", [LEGS, ARMS], ids=["legs", "arms"])
def test_limbs_do_not_stay_crossed_under_the_trunk(limb: tuple[str, ...]) -> None:
    """A whole body turns in one frame and back, but a pair of limbs first slides over."""
    track = squat(MOVES, camera=OBLIQUE)
    first, last = len(track) - 60, len(track) - 25
    turned = with_swaps(track, list(range(first, last)), (*LEGS, *ARMS, "shoulder", "hip"))
    slid = np.array(turned.xy_px)
    marks = [landmarks.index(name, side) for name in limb for side in landmarks.SIDES]
    before = slice(first - 10, first)
    share = np.linspace(0, 1, 10)[:, None, None]
    slid[before, marks] += share * (slid[first, marks] - slid[before, marks])
    turned = turned.with_arrays(xy_px=slid)
    repaired, _ = repair_swaps(turned, trunk_px=trunk_length(turned))
    np.testing.assert_array_equal(repaired.xy_px[first:], track.xy_px[first:])


def test_visibility_goes_with_the_landmark() -> None:
    track = squat(MOVES, camera=OBLIQUE)
    visibility = np.array(track.visibility)
    visibility[:, landmarks.index("knee", "right")] = 0.4
    track = track.with_arrays(visibility=visibility)
    repaired, _ = repair_swaps(with_swaps(track, [50, 51], LEGS), trunk_px=trunk_length(track))
    np.testing.assert_array_equal(repaired.visibility, track.visibility)


@pytest.mark.parametrize("camera", [SIDE, OBLIQUE, Camera(0.0), Camera(200.0)])
@pytest.mark.parametrize("lift", LIFTS.values(), ids=LIFTS)
def test_movement_is_not_taken_for_a_swap(lift: Lift, camera: Camera) -> None:
    fast = even_set(4, first_half_s=0.4, second_half_s=0.4, hold_s=0.0)
    track = with_noise(lift(fast, camera=camera), 2.0)
    repaired, count = repair_swaps(track, trunk_px=trunk_length(track))
    assert count == 0
    np.testing.assert_array_equal(repaired.xy_px, track.xy_px)


def test_turning_round_is_not_undone() -> None:
    """Legs that cross the picture slowly stay what they are."""
    t_s = clock(4.0)
    first, last = (film(t_s, STANDING, Camera(a)) for a in (0.0, 180.0))
    share = eased(t_s, [(0, 0), (1, 0), (3, 1), (4, 1)])[:, None, None]
    turning = first.with_arrays(xy_px=first.xy_px + share * (last.xy_px - first.xy_px))
    repaired, count = repair_swaps(turning, trunk_px=trunk_length(turning))
    assert count == 0
    np.testing.assert_array_equal(repaired.xy_px, turning.xy_px)


# --- outliers and gaps -------------------------------------------------------------


@pytest.mark.parametrize("mark", [landmarks.NOSE, landmarks.index("wrist", "left")])
@pytest.mark.parametrize("frames", [[50], [50, 51], [20, 80, 140]])
def test_spikes_are_dropped(mark: int, frames: list[int]) -> None:
    track = with_noise(squat(MOVES), 1.0)
    xy = np.array(track.xy_px)
    xy[frames, mark] += (60.0, -45.0)
    kept, count = drop_outliers(track.with_arrays(xy_px=xy), trunk_px=trunk_length(track))
    assert count == len(frames)
    assert np.argwhere(np.isnan(kept[..., 0])).tolist() == [[f, mark] for f in frames]


@pytest.mark.parametrize("lift", LIFTS.values(), ids=LIFTS)
def test_fast_movement_is_no_spike(lift: Lift) -> None:
    fast = even_set(4, first_half_s=0.4, second_half_s=0.4, hold_s=0.0)
    track = with_noise(lift(fast), 2.0)
    _, count = drop_outliers(track, trunk_px=trunk_length(track))
    assert count == 0


@pytest.mark.parametrize(
    ("gap", "filled"), [(1, True), (4, True), (6, True), (7, False), (12, False), (40, False)]
)
def test_gaps_up_to_a_quarter_second_are_filled(gap: int, filled: bool) -> None:
    t_s = clock(3.0)
    line = 5.0 + 2.0 * t_s
    holed = line.copy()
    holed[30 : 30 + gap] = np.nan
    result = fill_gaps(t_s, holed, max_gap_s=0.25)
    np.testing.assert_allclose(result, line if filled else holed)


def test_gaps_are_measured_in_time_not_frames() -> None:
    t_s = np.array([0.0, 0.1, 0.2, 0.24, 0.3, 1.0, 2.0, 3.0])
    values = np.array([0.0, 1.0, np.nan, np.nan, 3.0, np.nan, 20.0, 30.0])
    result = fill_gaps(t_s, values, max_gap_s=0.25)
    np.testing.assert_allclose(result, [0, 1, 2, 2.4, 3, np.nan, 20, 30])


def test_what_is_missing_at_the_ends_stays_missing() -> None:
    values = np.array([np.nan, 1.0, np.nan, 3.0, np.nan])
    result = fill_gaps(np.arange(5) / 30, values, max_gap_s=0.25)
    np.testing.assert_allclose(result, [np.nan, 1, 2, 3, np.nan])


def test_each_column_has_its_own_gaps() -> None:
    values = np.arange(24.0).reshape(6, 2, 2)
    holed = values.copy()
    holed[2, 0, 1] = holed[4, 1, 0] = np.nan
    np.testing.assert_allclose(fill_gaps(np.arange(6) / 30, holed, max_gap_s=0.25), values)


# --- filter ------------------------------------------------------------------------


@pytest.mark.parametrize("rate_hz", [24.0, 30.0, 60.0])
@pytest.mark.parametrize(
    ("hz", "lowest", "highest"), [(0.5, 0.99, 1.01), (1.0, 0.98, 1.01), (11.0, 0.0, 0.12)]
)
def test_low_pass_keeps_slow_and_removes_fast(
    hz: float, lowest: float, highest: float, rate_hz: float
) -> None:
    t_s = clock(8.0, rate_hz)
    result = low_pass(t_s, np.sin(2 * np.pi * hz * t_s), cutoff_hz=6.0)
    middle = (t_s > 1.0) & (t_s < 7.0)
    assert lowest <= np.abs(result[middle]).max() <= highest


@pytest.mark.parametrize("t_s", [clock(8.0), clock(8.0, 24.0), uneven_clock(8.0)])
def test_low_pass_has_no_lag(t_s: Floats) -> None:
    bump = np.exp(-(((t_s - 4.0) / 0.5) ** 2))
    result = low_pass(t_s, bump, cutoff_hz=6.0)
    assert np.average(t_s, weights=result) == pytest.approx(
        np.average(t_s, weights=bump), abs=0.005
    )
    np.testing.assert_allclose(result, bump, atol=0.04)


def test_low_pass_leaves_gaps_and_does_not_reach_across_them() -> None:
    t_s = clock(4.0)
    values = np.where(t_s < 2.0, 0.0, 100.0)
    values[(t_s > 1.9) & (t_s < 2.1)] = np.nan
    result = low_pass(t_s, values, cutoff_hz=6.0)
    np.testing.assert_array_equal(np.isnan(result), np.isnan(values))
    np.testing.assert_allclose(result, values, atol=1e-9)


@pytest.mark.parametrize("frames", [1, 2, 7, 8, 11, 12, 13, 20])
def test_low_pass_of_short_clips(frames: int) -> None:
    t_s = clock(1.0)[:frames]
    np.testing.assert_allclose(low_pass(t_s, np.full(frames, 3.0), cutoff_hz=6.0), 3.0)


def test_low_pass_of_a_short_stretch_at_a_higher_rate() -> None:
    """A phone that mostly takes 15 pictures a second, and 30 while it has light."""
    t_s = np.concatenate([clock(4.0, 15.0), 4.0 + clock(0.45, 30.0), 5.0 + clock(4.0, 15.0)])
    values = np.ones(len(t_s))
    values[(t_s > 3.5) & (t_s < 3.99)] = np.nan
    values[(t_s > 4.46) & (t_s < 5.3)] = np.nan
    result = low_pass(t_s, values, cutoff_hz=6.0)
    np.testing.assert_allclose(result[np.isfinite(values)], 1.0)


# --- noise ---------------------------------------------------------------------------


@pytest.mark.parametrize("lift", LIFTS.values(), ids=LIFTS)
@pytest.mark.parametrize("noise_px", [0.5, 2.0, 5.0])
def test_noise_is_estimated(lift: Lift, noise_px: float) -> None:
    """The filtered landmarks' own noise, whatever the lifter does."""
    true = lift(even_set(3))
    cleaned = clean(with_noise(true, noise_px))
    middle = slice(30, -30)
    left = np.std((cleaned.track.xy_px - clean(true).track.xy_px)[middle])
    assert cleaned.noise_px == pytest.approx(float(left), rel=0.3)
    assert cleaned.noise_cm == pytest.approx(cleaned.noise_px / 200 * 100, rel=0.08)


def test_raw_noise() -> None:
    still = with_noise(film(clock(30.0), STANDING), 2.0)
    assert segment_noise(still) == pytest.approx(2.0, rel=0.15)


def test_less_than_a_second_has_no_noise_estimate() -> None:
    assert np.isnan(segment_noise(film(clock(0.9), STANDING)))


# --- all of it -------------------------------------------------------------------------


@pytest.mark.parametrize("lift", LIFTS.values(), ids=LIFTS)
def test_clean_keeps_a_perfect_track(lift: Lift) -> None:
    track = lift(MOVES)
    cleaned = clean(track)
    np.testing.assert_allclose(cleaned.track.xy_px, track.xy_px, atol=1.5)  # under a centimetre
    np.testing.assert_array_equal(cleaned.track.t_s, track.t_s)
    np.testing.assert_array_equal(cleaned.track.visibility, track.visibility)
    assert (cleaned.swaps, cleaned.outliers) == (0, 0)
    assert cleaned.trunk_px == pytest.approx(100.0, abs=0.5)


def test_clean_brings_a_spoilt_track_back() -> None:
    true = squat(MOVES, camera=OBLIQUE)
    spoilt = with_swaps(with_noise(true, 2.0), [20, 21, 90], LEGS)
    xy = np.array(spoilt.xy_px)
    xy[70, landmarks.index("hip", "left")] += 80.0
    spoilt = without(spoilt.with_arrays(xy_px=xy), 2.0, 2.15)
    cleaned = clean(spoilt)
    assert (cleaned.swaps, cleaned.outliers) == (3, 1)
    assert np.isfinite(cleaned.track.xy_px).all()
    before, after = (
        np.linalg.norm(track.xy_px - true.xy_px, axis=2) for track in (spoilt, cleaned.track)
    )
    assert np.median(after) < 0.75 * np.nanmedian(before)
    assert np.percentile(after, 99) < 6.0 < np.nanmax(before)


def test_clean_leaves_a_long_gap() -> None:
    track = without(squat(MOVES), 2.0, 3.0)
    np.testing.assert_array_equal(clean(track).track.tracked, track.tracked)


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 9, 13])
def test_clean_of_very_short_clips(frames: int) -> None:
    track = squat(MOVES).select(slice(0, frames))
    np.testing.assert_allclose(clean(track).track.xy_px, track.xy_px, atol=0.5)


def test_clean_of_nobody() -> None:
    cleaned = clean(without(squat(MOVES), 0.0, 99.0))
    assert not cleaned.track.tracked.any()
    assert np.isnan(cleaned.noise_px)


def test_trunk_length_is_that_of_the_upright_trunk() -> None:
    """Seen from the front, a bent trunk looks short."""
    t_s = clock(6.0)
    bent = film(t_s, Posture(trunk=np.where(t_s < 2.0, 0.0, 70.0)), Camera(0.0))
    assert trunk_length(bent) == pytest.approx(100.0, abs=1.0)
    assert trunk_length(film(t_s, HINGED, SIDE)) == pytest.approx(100.0, abs=1.0)
