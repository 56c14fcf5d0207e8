"""Markers against bodies whose every joint is known: in place, upright, not mirrored."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.export.markers import MARKERS, marker_set
from formcheck.kinematics.geometry import flexion, lean
from formcheck.kinematics.motion import measure_motion
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from tests.conftest import SAMPLES
from tests.helpers import skeleton as sk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.export.markers import MarkerSet
    from formcheck.export.source import Source
    from formcheck.kinematics.motion import Motion
    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]

MOVES = sk.even_set(2)
BOTTOM_S = MOVES[0].turn_s
ASYMMETRIC = replace(sk.SQUAT_BOTTOM, shift=0.06)
"""Hips pushed to the lifter's left: a mirrored body would have them to the right."""


def places(found: MarkerSet) -> dict[str, Floats]:
    return {name: found.places_m[:, number] for number, name in enumerate(found.names)}


def moving(track: PoseTrack) -> Motion:
    return measure_motion(clean(track))


@cache
def squat_from(azimuth: float) -> Motion:
    return moving(sk.squat(MOVES, camera=sk.Camera(azimuth)))


@cache
def squat_markers(azimuth: float) -> MarkerSet:
    return marker_set(squat_from(azimuth))


def at(found: MarkerSet, when_s: float) -> int:
    return int(np.argmin(np.abs(found.t_s - when_s)))


@pytest.mark.parametrize("azimuth", [90, -90, 45, -45, 135, -135, 0, 180])
def test_a_squat_from_any_side_faces_x_upright_with_left_on_the_left(azimuth: float) -> None:
    found = squat_markers(azimuth)
    assert (found.source, found.held, found.scaled) == ("fit", "feet", False)
    body = places(found)
    across = body["RShoulder"] - body["LShoulder"]
    assert np.abs(across[:, :2]).max() < 0.02
    assert across[:, 2].min() > 0.30
    for side in "LR":
        toes = body[f"{side}BigToe"] - body[f"{side}Heel"]
        assert toes[:, 0].min() > 0.18
        bottom = at(found, BOTTOM_S)
        assert body[f"{side}Knee"][bottom, 0] > body[f"{side}Hip"][bottom, 0] + 0.3
        assert body[f"{side}Knee"][bottom, 0] > body[f"{side}Ankle"][bottom, 0] + 0.1
    heights = [body[name][0, 1] for name in ("Nose", "LShoulder", "LHip", "LKnee", "LAnkle")]
    assert heights == sorted(heights, reverse=True)
    assert abs(min(body[f"{side}{part}"][0, 1] for side in "LR" for part in ("Heel", "BigToe"))) < (
        0.02 if abs(azimuth) == 90 else 0.1
    )
    assert abs(float(np.median((body["LAnkle"] + body["RAnkle"])[:, 2]))) < 1e-6


@pytest.mark.parametrize(("azimuth", "error_deg"), [(90, 4), (-90, 4), (45, 4), (-135, 4), (0, 12)])
def test_angles_between_markers_are_those_of_the_body(azimuth: float, error_deg: float) -> None:
    found = squat_markers(azimuth)
    posture = sk.mix(sk.STANDING, sk.SQUAT_BOTTOM, sk.share_of(found.t_s, MOVES))
    body = places(found)
    for side in "LR":
        knee = flexion(*(body[f"{side}{joint}"] for joint in ("Hip", "Knee", "Ankle")))
        assert np.abs(knee - posture.knee).max() < error_deg
    trunk = (body["LShoulder"] + body["RShoulder"] - body["LHip"] - body["RHip"])[:, :2]
    assert np.abs(lean(trunk) - np.asarray(posture.trunk)).max() < error_deg


def test_bones_keep_their_length_and_feet_their_place() -> None:
    body = places(marker_set(moving(sk.with_noise(sk.squat(MOVES, camera=sk.Camera(45)), 1.0))))
    for first, second, metres in (
        ("Hip", "Knee", sk.THIGH),
        ("Knee", "Ankle", sk.SHANK),
        ("Shoulder", "Hip", np.hypot(sk.TRUNK, sk.SHOULDER_HALF - sk.HIP_HALF)),
    ):
        for side in "LR":
            length = np.linalg.norm(body[side + first] - body[side + second], axis=1)
            assert length.mean() == pytest.approx(metres, rel=0.04)  # a stature of 1.74 m
            assert length.std() < 0.004
    assert np.ptp(body["LAnkle"], axis=0).max() < 0.02
    sunk = np.ptp((body["LHip"] + body["RHip"])[:, 1]) / 2
    posture = sk.mix(sk.STANDING, sk.SQUAT_BOTTOM, np.array([0.0, 1.0]))
    heights = sk.SHANK * np.cos(np.radians(posture.shin)) + sk.THIGH * np.sin(
        np.radians(posture.thigh)
    )
    assert sunk == pytest.approx(float(np.ptp(heights)), abs=0.02)


@pytest.mark.parametrize("azimuth", [0, 180])
def test_hips_pushed_to_the_left_are_left_from_the_front_and_the_back(azimuth: float) -> None:
    found = marker_set(moving(sk.squat(MOVES, camera=sk.Camera(azimuth), bottom=ASYMMETRIC)))
    body, bottom = places(found), at(found, BOTTOM_S)
    hips = (body["LHip"] + body["RHip"] - body["LAnkle"] - body["RAnkle"])[bottom, 2] / 2
    assert hips < -0.025


def test_a_hanging_body_moves_under_hands_that_stay() -> None:
    found = marker_set(moving(sk.pull_up(MOVES, camera=sk.Camera(135))))
    assert found.held == "hands"
    body = places(found)
    hands = (body["LWrist"] + body["RWrist"]) / 2
    assert np.ptp(hands, axis=0).max() < 0.02
    assert np.median(hands[:, [0, 2]], axis=0) == pytest.approx([0, 0], abs=1e-6)
    top = at(found, BOTTOM_S)
    assert body["LShoulder"][top, 1] > body["LShoulder"][0, 1] + 0.3
    assert (body["RHip"] - body["LHip"])[:, 2].min() > 0.1


def test_slow_tops_do_not_make_a_pull_up_stand() -> None:
    moves = sk.even_set(2, hold_s=3.0)
    found = marker_set(moving(sk.pull_up(moves)))
    assert (found.source, found.held) == ("fit", "hands")


@pytest.mark.parametrize("azimuth", [45, -45, 135, -135])
def test_without_a_good_fit_the_models_own_guess_stands_on_its_feet(azimuth: float) -> None:
    """The stick figure's world landmarks have no error: every marker is where it should be."""
    motion = squat_from(azimuth)
    found = marker_set(replace(motion, fit=None))
    assert (found.source, found.held) == ("world", "feet")
    truth = sk.film(
        motion.t_s, sk.mix(sk.STANDING, sk.SQUAT_BOTTOM, sk.share_of(motion.t_s, MOVES)), sk.SIDE
    )
    # Seen from the left: x is backward, y down, z to the right.
    expected = truth.world_m * (-1.0, -1.0, 1.0)
    marks = [landmarks.index(name) for name in MARKERS.values()]
    ankles = expected[:, [landmarks.index("ankle", side) for side in ("left", "right")]]
    expected = (expected - ankles.mean(axis=1, keepdims=True))[:, marks]
    expected[..., 1] += sk.ANKLE_HEIGHT
    assert np.abs(found.places_m - expected).max() < 0.02


def test_what_is_not_seen_is_missing_and_no_more() -> None:
    gone = [landmarks.index("wrist", "left")]
    track = sk.without(sk.squat(MOVES, camera=sk.Camera(45)), 2.0, 2.6, gone)
    found = marker_set(moving(track))
    body = places(found)
    hidden = np.isnan(body["LWrist"]).all(axis=1)
    assert found.t_s[hidden].min() == pytest.approx(2.0, abs=0.04)
    assert found.t_s[hidden].max() == pytest.approx(2.6, abs=0.04)
    del body["LWrist"]
    assert not any(np.isnan(values).any() for values in body.values())


def test_height_sets_the_scale(oblique: Source) -> None:
    motion = oblique.movement("")
    plain, tall = marker_set(motion), marker_set(motion, height_m=1.90)
    assert tall.scaled
    assert np.allclose(tall.places_m, plain.places_m * 1.90 / 1.74)
    guess = replace(motion, fit=None)
    ratio = marker_set(guess, height_m=1.80).places_m / marker_set(guess, height_m=1.50).places_m
    assert np.nanmedian(ratio) == pytest.approx(1.80 / 1.50)


def test_told_her_height_a_rendered_lifter_is_where_she_was(oblique: Source) -> None:
    truth = json.loads((SAMPLES / "squat_oblique_good.json").read_text())
    found = marker_set(oblique.movement(""), height_m=truth["body"]["stature_m"])
    body = places(found)
    errors = []
    for part in ("Shoulder", "Elbow", "Hip", "Knee", "Ankle"):
        for letter, side in (("L", "left"), ("R", "right")):
            columns = truth["joints"][f"{side}_{part.lower()}"]["tenth_mm"]
            left, up, front = (np.interp(found.t_s, truth["t_s"], _full(c, truth)) for c in columns)
            errors.append(body[letter + part] - np.stack([front, up, -left], axis=1) / 1e4)
    own = np.array(errors)
    own = own - own.mean(axis=(0, 1)) * (1, 0, 1)  # the floor's middle is a choice, its height not
    assert np.sqrt((own**2).mean(axis=(0, 1))).max() < 0.05
    assert np.sqrt((own**2).sum(axis=2).mean()) < 0.06


def _full(column: list[float] | float, truth: dict[str, list[float]]) -> Floats:
    return np.broadcast_to(np.asarray(column, dtype=float), len(truth["t_s"]))
