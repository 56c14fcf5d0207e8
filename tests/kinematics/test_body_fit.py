"""The body fit on a stick figure that squats in front of a pinhole camera."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.kinematics.draws import DEPTH_SHARE, beyond_seen
from formcheck.kinematics.fit import BodyFit, Contacts, FitSettings, fit_body
from formcheck.kinematics.fit.skeleton import BONES, COUNT, JOINTS, TIMES_TOLD, joint
from formcheck.kinematics.fit.system import NormalEquations, Term, minimize
from formcheck.kinematics.fit.terms import (
    Layout,
    axes,
    bone_term,
    depth_term,
    image_term,
    symmetry_terms,
)
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from formcheck.pose.track import PoseTrack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RATE_HZ, SECONDS = 30.0, 9.0
WIDTH, HEIGHT, FOCAL_PX, DISTANCE_M = 720, 1280, 1150.0, 3.6
TRUNK, THIGH, SHANK, UPPER_ARM, FOREARM = 0.50, 0.42, 0.42, 0.29, 0.25
HIP_HALF, SHOULDER_HALF, STANCE_HALF = 0.09, 0.18, 0.15
DEG = np.pi / 180
TIMES = np.arange(0.0, SECONDS, 1 / RATE_HZ)


def squat() -> tuple[Floats, dict[str, Floats]]:
    """Joints (T, J, 3) as left, up, forward of the lifter, and angles (T,): three squats."""
    depth = 0.5 - 0.5 * np.cos(2 * np.pi * TIMES / 3.0)
    shin, thigh, lean = (4 + 28 * depth) * DEG, (88 - 86 * depth) * DEG, (4 + 36 * depth) * DEG
    body = np.zeros((len(TIMES), COUNT, 3))
    zero = np.zeros_like(TIMES)
    knee = SHANK * np.stack([np.cos(shin), np.sin(shin)], 1) + (0.08, 0.0)
    hip = knee + THIGH * np.stack([np.sin(thigh), -np.cos(thigh)], 1)
    shoulder = hip + TRUNK * np.stack([np.cos(lean), np.sin(lean)], 1)
    elbow = shoulder + UPPER_ARM * np.array([-np.sin(0.3), np.cos(0.3)])
    wrist = elbow + FOREARM * np.array([np.sin(0.4), np.cos(0.4)])
    flat = {
        "shoulder": (shoulder, SHOULDER_HALF),
        "elbow": (elbow, SHOULDER_HALF),
        "wrist": (wrist, SHOULDER_HALF),
        "hip": (hip, HIP_HALF),
        "knee": (knee, STANCE_HALF),
        "ankle": (np.stack([zero + 0.08, zero], 1), STANCE_HALF),
        "heel": (np.stack([zero + 0.01, zero - 0.05], 1), STANCE_HALF),
        "foot_index": (np.stack([zero + 0.01, zero + 0.18], 1), STANCE_HALF + 0.02),
    }
    for name, (points, half) in flat.items():
        for side, sign in (("left", 1.0), ("right", -1.0)):
            body[:, joint(name, side), 1:] = points
            body[:, joint(name, side), 0] = sign * half
    thigh_3d = body[:, joint("knee", "left")] - body[:, joint("hip", "left")]
    shank_3d = body[:, joint("ankle", "left")] - body[:, joint("knee", "left")]
    cosine = (thigh_3d * shank_3d).sum(1)
    cosine /= np.linalg.norm(thigh_3d, axis=1) * np.linalg.norm(shank_3d, axis=1)
    angles = {
        "trunk_lean": lean / DEG,
        "shin_inclination": shin / DEG,
        "thigh_elevation": thigh / DEG,
        "hip_flexion": 90 - thigh / DEG + lean / DEG,
        "knee_flexion": np.degrees(np.arccos(cosine)),
    }
    return body, angles


def film(yaw_deg: float, *, noise_m: float = 0.01, seed: int = 0) -> PoseTrack:
    """The squat seen `yaw_deg` from the side, with landmarks that wander."""
    body, _ = squat()
    rng = np.random.default_rng(seed)
    # A side view of the left side: the lifter's left points at the camera.
    turned = axes(np.radians(yaw_deg - 90.0), 0.0)
    camera = body @ turned
    camera = camera - camera.mean(axis=(0, 1)) + (0.0, 0.05, DISTANCE_M)
    seen = camera[..., :2] / camera[..., 2:] * FOCAL_PX + (WIDTH / 2, HEIGHT / 2)
    wander = np.cumsum(rng.normal(size=seen.shape), axis=0)
    wander -= np.linspace(0, 1, len(seen))[:, None, None] * wander[-1]
    wander *= 0.7 * noise_m / wander.std(axis=0)
    jitter = 0.7 * noise_m * rng.normal(size=seen.shape)
    xy = np.full((len(TIMES), landmarks.COUNT, 2), WIDTH / 2.0)
    world = np.zeros((len(TIMES), landmarks.COUNT, 3))
    xy[:, JOINTS] = seen + (wander + jitter) * FOCAL_PX / DISTANCE_M
    hips = camera[:, [joint("hip", "left"), joint("hip", "right")]].mean(axis=1, keepdims=True)
    guess = camera - hips
    guess[..., 2] = 0.8 * guess[..., 2] + rng.normal(scale=0.05, size=(1, COUNT))
    world[:, JOINTS] = guess
    visibility = np.full((len(TIMES), landmarks.COUNT), 0.95)
    return PoseTrack(TIMES, xy, world, visibility, (WIDTH, HEIGHT))


def fitted(track: PoseTrack) -> BodyFit:
    fit = fit_body(clean(track), Contacts.FEET)
    assert fit is not None
    return fit


@cache
def fit_from(yaw_deg: float, seed: int = 0) -> BodyFit:
    """The fit of the usual film, which several tests look at."""
    return fitted(film(yaw_deg, seed=seed))


def deviation(fit: BodyFit, name: str, side: str) -> Floats:
    """Degrees off the truth, frames without a body left out."""
    full = name if name == "trunk_lean" else f"{name}_{side}"
    off = fit.angles[full] - squat()[1][name]
    return np.asarray(off[np.isfinite(off)])


BOUNDS = {
    "trunk_lean": 4.0,
    "shin_inclination": 4.0,
    "thigh_elevation": 4.0,
    "hip_flexion": 5.0,
    "knee_flexion": 6.0,
}


@pytest.mark.parametrize("yaw", [0.0, 45.0, 80.0, 135.0])
@pytest.mark.parametrize("side", landmarks.SIDES)
def test_angles_are_recovered(yaw: float, side: str) -> None:
    fit = fit_from(yaw)
    assert fit.ok
    # From the front a sagittal angle is all depth: about three times worse.
    share = 3.0 if yaw == 80.0 else 1.0
    for name, bound in BOUNDS.items():
        off = deviation(fit, name, side)
        assert len(off) == len(TIMES)
        assert np.sqrt(np.mean(off**2)) < share * bound, name


def test_the_errors_are_about_right() -> None:
    inside = []
    for seed in range(3):
        for yaw in (0.0, 45.0):
            fit = fit_from(yaw, seed)
            for name in BOUNDS:
                full = name if name == "trunk_lean" else f"{name}_left"
                inside.append(np.abs(deviation(fit, name, "left")) < 2 * fit.errors[full])
    assert np.mean(inside) > 0.9


def test_the_camera_and_the_body_are_recovered() -> None:
    fit = fitted(film(45.0, noise_m=0.004))
    assert fit.yaw_deg == pytest.approx(45.0, abs=8.0)
    assert fit.bones_m["thigh"] / fit.bones_m["shank"] == pytest.approx(THIGH / SHANK, abs=0.06)
    assert fit.bones_m["trunk"] / fit.bones_m["thigh"] == pytest.approx(TRUNK / THIGH, abs=0.12)


def test_a_gap_is_not_made_up() -> None:
    track = film(45.0)
    xy = track.xy_px.copy()
    xy[120:165] = np.nan
    fit = fitted(track.with_arrays(xy_px=xy))
    assert np.isnan(fit.joints_m[125:160]).all()
    assert np.isnan(fit.angles["trunk_lean"][125:160]).all()
    assert np.isnan(fit.errors["trunk_lean"][125:160]).all()
    assert np.sqrt(np.mean(deviation(fit, "knee_flexion", "left") ** 2)) < 6.0


def test_a_limb_that_is_never_seen() -> None:
    track = film(45.0)
    xy = track.xy_px.copy()
    xy[:, [landmarks.index(name, "right") for name in ("knee", "ankle", "heel")]] = np.nan
    fit = fitted(track.with_arrays(xy_px=xy))
    # The leg that nobody sees may lie anywhere and takes the bone lengths with it.
    for side in landmarks.SIDES:
        assert np.sqrt(np.mean(deviation(fit, "knee_flexion", side) ** 2)) < 13.0
        assert np.sqrt(np.mean(deviation(fit, "thigh_elevation", side) ** 2)) < 8.0
    assert np.sqrt(np.mean(deviation(fit, "trunk_lean", "left") ** 2)) < 4.0


def test_a_leg_that_jumps_to_the_other_one() -> None:
    track = film(45.0)
    xy = track.xy_px.copy()
    legs = [landmarks.index(name, "left") for name in ("knee", "ankle", "heel", "foot_index")]
    other = [landmarks.MIRROR[mark] for mark in legs]
    # Both legs are drawn on the right one for half a second: no swap to undo.
    xy[np.ix_(range(60, 75), legs)] = xy[np.ix_(range(60, 75), other)]
    fit = fitted(track.with_arrays(xy_px=xy))
    assert np.sqrt(np.mean(deviation(fit, "knee_flexion", "left") ** 2)) < 7.0


def test_a_landmark_that_is_stated_to_be_off_pulls_less() -> None:
    track = film(45.0)
    knee, off = landmarks.index("knee", "left"), slice(45, 135)
    xy = track.xy_px.copy()
    xy[off, knee] += (25.0, 0.0)
    cleaned = clean(track.with_arrays(xy_px=xy))
    told = cleaned.error_px.copy()
    told[off, knee] = 0.5 * cleaned.trunk_px
    errors = []
    for error_px in (cleaned.error_px, told):
        fit = fit_body(replace(cleaned, error_px=error_px), Contacts.FEET)
        assert fit is not None
        errors.append(np.sqrt(np.mean(deviation(fit, "knee_flexion", "left")[off] ** 2)))
    assert errors[1] < 0.8 * errors[0]


def test_frames_in_which_the_feet_are_elsewhere_show_no_body() -> None:
    track = film(0.0)
    xy = track.xy_px.copy()
    xy[150:170] += (0.0, 300.0)
    fit = fitted(track.with_arrays(xy_px=xy))
    assert np.isnan(fit.joints_m[156:164, 0, 0]).all()
    assert np.isfinite(fit.joints_m[:140, 0, 0]).all()


def test_legs_that_do_not_mirror_each_other() -> None:
    track = film(0.0)
    xy = track.xy_px.copy()
    right = [landmarks.index(name, "right") for name in ("knee", "ankle", "heel", "foot_index")]
    xy[:, right] += (220.0, -150.0)
    fit = fitted(track.with_arrays(xy_px=xy))
    assert fit.misfit > 2 * fit_from(0.0).misfit
    assert not fit.ok


def test_too_little_to_fit() -> None:
    track = film(45.0)
    assert fit_body(clean(track.select(slice(0, 6))), Contacts.FEET) is None
    nobody = track.with_arrays(xy_px=np.full_like(track.xy_px, np.nan))
    assert fit_body(clean(nobody), Contacts.FEET) is None


def test_points_fit_the_landmark_numbers() -> None:
    fit = fit_from(45.0)
    space, plane = fit.space_points(), fit.sagittal_points()
    assert space.shape == (len(TIMES), landmarks.COUNT, 3)
    assert plane.shape == (len(TIMES), landmarks.COUNT, 2)
    assert np.isnan(space[:, landmarks.NOSE]).all()
    toe, heel = (landmarks.index(name, "left") for name in ("foot_index", "heel"))
    assert (plane[:, toe, 0] > plane[:, heel, 0]).all()
    shoulder, hip = (landmarks.index(name, "left") for name in ("shoulder", "hip"))
    assert (plane[:, shoulder, 1] > plane[:, hip, 1]).all()


@pytest.mark.parametrize("contacts", list(Contacts))
def test_every_kind_of_contact(contacts: Contacts) -> None:
    fit = fit_body(clean(film(45.0)), contacts, settings=FitSettings(steps=3))
    assert fit is not None
    assert np.isfinite(fit.joints_m).any()


def test_derivatives_agree_with_differences() -> None:
    rng = np.random.default_rng(1)
    layout = Layout(4)
    unknowns = rng.normal(size=layout.total)
    unknowns[layout.at[..., 2]] += 4.0
    pixels, world = rng.normal(size=(4, COUNT, 2)), rng.normal(size=(4, COUNT, 3))
    terms: list[Term] = [
        image_term(layout, pixels, np.ones((4, COUNT)), np.inf),
        bone_term(layout, 0.1),
        depth_term(layout, world, np.ones(4), np.inf),
        *symmetry_terms(layout, np.ones((COUNT // 2, 3)), np.inf),
    ]
    step = 1e-6 * rng.normal(size=layout.total)
    for term in terms:
        _, slopes = term.evaluate(unknowns)
        change = term.evaluate(unknowns + step)[0] - term.evaluate(unknowns - step)[0]
        np.testing.assert_allclose((slopes * step[term.columns]).sum(1), change / 2, atol=1e-9)


def test_normal_equations_solve_like_a_dense_matrix() -> None:
    rng = np.random.default_rng(2)
    local, total, rows, width = 12, 15, 40, 4
    first = rng.integers(0, local - width + 1, size=rows)
    columns = np.stack([first, first + 1, first + 3, rng.integers(local, total, size=rows)], 1)
    jacobian, target = rng.normal(size=(rows, width)), rng.normal(size=rows)

    def evaluate(unknowns: Floats) -> tuple[Floats, Floats]:
        return (unknowns[columns] * jacobian).sum(1) - target, jacobian

    equations = NormalEquations([Term(columns, evaluate)], local, total, width)
    solution, _ = minimize(equations, np.zeros(total), steps=30, tolerance=1e-15)
    dense = np.zeros((rows, total))
    np.put_along_axis(dense, columns, jacobian, axis=1)
    expected = np.linalg.lstsq(dense, target, rcond=None)[0]
    np.testing.assert_allclose(dense @ solution, dense @ expected, atol=1e-6)


def test_every_difference_of_depth_counts_once() -> None:
    """Bones that join the same joints in rings tell no more than a tree of them would."""
    assert (1 / TIMES_TOLD[BONES[:, 2]]).sum() == pytest.approx(COUNT - 1)


def test_the_fit_doubts_what_wrong_landmarks_would_move() -> None:
    """As far as refits move whose knee is off by its error along one axis after the other."""
    track = clean(film(45.0))
    knee = landmarks.index("knee", "left")
    error_px = np.zeros_like(track.error_px)
    error_px[:, knee] = 0.08 * track.trunk_px
    doubting = fit_body(replace(track, error_px=error_px), Contacts.FEET)
    assert doubting is not None
    off_px = beyond_seen(error_px, track.trunk_px)[:, knee]
    px_per_m = FOCAL_PX / DISTANCE_M
    moves = []
    for axis in range(3):
        xy, world = track.track.xy_px.copy(), track.track.world_m.copy()
        if axis < 2:
            xy[:, knee, axis] += off_px
        else:
            world[:, knee, axis] += DEPTH_SHARE * off_px / px_per_m
        moved = track.track.with_arrays(xy_px=xy, world_m=world)
        refit = fit_body(replace(track, track=moved, error_px=error_px), Contacts.FEET)
        assert refit is not None
        moves.append(refit)
    for name in ("knee_flexion_left", "shin_inclination_left"):
        change = np.sqrt(sum((m.angles[name] - doubting.angles[name]) ** 2 for m in moves))
        assert np.mean(doubting.doubts[name]) == pytest.approx(np.mean(change), rel=0.3)
    assert doubting.doubts["trunk_lean"].max() < 0.3 * doubting.doubts["knee_flexion_left"].max()
    sure = fit_body(replace(track, error_px=np.zeros_like(error_px)), Contacts.FEET)
    assert sure is not None
    assert max(doubt.max() for doubt in sure.doubts.values()) == 0.0
