"""Which exercise stick figures do. (Rendered clips: ``tests/test_pipeline.py``.)"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.exercises.detect import Detection, detect_exercise, rate_exercise
from formcheck.kinematics.motion import measure_motion
from formcheck.pose.cleaning import clean
from formcheck.rules.book import built_in_book
from tests.helpers.skeleton import (
    BACK,
    FRONT,
    HINGED,
    LIFTS,
    SIDE,
    SQUAT_BOTTOM,
    STANDING,
    Camera,
    Posture,
    clock,
    even_set,
    film,
    mix,
    pull_up,
    row,
    share_of,
    squat,
    walk,
    with_noise,
    without,
)

if TYPE_CHECKING:
    from formcheck.pose.track import PoseTrack

MOVES = even_set(3)
T_S = clock(MOVES[-1].end_s + 1.0)
AROUND = [Camera(azimuth) for azimuth in (0.0, 15.0, 75.0, 90.0, 105.0, 165.0, 180.0, 270.0)]
"""No view at an angle: there a body is fitted first, which takes seconds (see below)."""


def detected(track: PoseTrack, *, noise_px: float = 1.0) -> Detection:
    return detect_exercise(
        measure_motion(clean(with_noise(track, noise_px))), built_in_book().exercises
    )


def between(rest: Posture, turn: Posture, camera: Camera = SIDE) -> PoseTrack:
    return film(T_S, mix(rest, turn, share_of(T_S, MOVES)), camera)


@pytest.mark.parametrize("camera", AROUND)
def test_squat(camera: Camera) -> None:
    assert detected(squat(MOVES, camera=camera)).id == "squat"


@pytest.mark.parametrize("camera", AROUND)
def test_pull_up(camera: Camera) -> None:
    assert detected(pull_up(MOVES, camera=camera)).id == "pull_up"


@pytest.mark.parametrize(
    "camera",
    [
        pytest.param(
            camera,
            marks=pytest.mark.xfail(reason="a bent trunk seen end-on is taken for a short one"),
        )
        if camera.azimuth_deg % 180 == 0
        else camera
        for camera in AROUND
    ],
)
def test_row(camera: Camera) -> None:
    assert detected(row(MOVES, camera=camera)).id == "bent_over_row"


@pytest.mark.parametrize(
    ("name", "azimuth"), [("squat", 45.0), ("bent_over_row", 225.0), ("pull_up", 135.0)]
)
def test_at_an_angle(name: str, azimuth: float) -> None:
    assert detected(LIFTS[name](even_set(1), camera=Camera(azimuth))).id == name


@pytest.mark.parametrize("lean", [45.0, 60.0, 80.0])
def test_row_at_any_hinge(lean: float) -> None:
    hang = Posture(shin=6.0, thigh=70.0, trunk=lean, arm=0.0, elbow=5.0)
    top = Posture(shin=6.0, thigh=70.0, trunk=lean, arm=-lean - 10.0, elbow=100.0)
    assert detected(row(MOVES, hang=hang, top=top)).id == "bent_over_row"


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize("name", LIFTS)
def test_any_number_of_repetitions(name: str, count: int) -> None:
    assert detected(LIFTS[name](even_set(count))).id == name


@pytest.mark.parametrize("noise_px", [0.0, 3.0, 5.0])
@pytest.mark.parametrize("name", LIFTS)
def test_noise(name: str, noise_px: float) -> None:
    """Up to two and a half centimetres."""
    assert detected(LIFTS[name](MOVES), noise_px=noise_px).id == name


LUNGE = Posture(
    shin=np.array([[25.0], [-60.0]]), thigh=np.array([[5.0], [95.0]]), trunk=5.0, arm=10.0
)
OTHERS = {
    "deadlift": (STANDING, Posture(shin=8.0, thigh=60.0, trunk=75.0, arm=3.0)),
    "stiff-legged deadlift": (STANDING, Posture(shin=2.0, thigh=78.0, trunk=80.0, arm=0.0)),
    "lunge": (STANDING, LUNGE),
    "landmine press": (Posture(arm=50.0, elbow=130.0), Posture(arm=125.0, elbow=4.0)),
    "curl": (STANDING, Posture(arm=5.0, elbow=140.0)),
    "front raise": (STANDING, Posture(arm=90.0)),
    "bow": (STANDING, Posture(trunk=35.0, arm=0.0)),
}


@pytest.mark.parametrize("camera", [SIDE, Camera(15.0)])
@pytest.mark.parametrize("name", OTHERS)
def test_other_movements_are_unknown(name: str, camera: Camera) -> None:
    assert detected(between(*OTHERS[name], camera)).id == "unknown"


@pytest.mark.parametrize("camera", [SIDE, FRONT, BACK])
def test_no_exercise_at_all(camera: Camera) -> None:
    assert detected(film(T_S, STANDING, camera)).id == "unknown"
    assert detected(film(T_S, HINGED, camera)).id == "unknown"
    place = 0.3 * T_S - 1.5
    walking = film(T_S, walk(T_S, place), Camera(camera.azimuth_deg, 150.0), place_m=place)
    assert detected(walking).id == "unknown"


def test_nobody() -> None:
    found = detect_exercise(
        measure_motion(clean(without(squat(MOVES), 0.0, 99.0))), built_in_book().exercises
    )
    assert found.id == "unknown"


def test_candidates_are_ranked_and_complete() -> None:
    found = detected(squat(MOVES))
    assert sorted(c.id for c in found.candidates) == sorted(e.id for e in built_in_book().exercises)
    best = found.candidates[0]
    assert best.id == "squat"
    assert best.score == max(c.score for c in found.candidates)
    assert 0.0 <= found.confidence <= 1.0
    assert best.explained_s == pytest.approx(sum(m.end_s - m.start_s for m in MOVES), rel=0.15)
    assert best.purity == pytest.approx(1.0)


def test_movements_that_do_not_fit_lower_the_purity() -> None:
    """Three squats, then eight lunges."""
    lifts = even_set(8, first_s=MOVES[-1].end_s + 1.0)
    t_s = clock(lifts[-1].end_s + 1.0)
    squats = mix(STANDING, SQUAT_BOTTOM, share_of(t_s, MOVES))
    body = mix(squats, LUNGE, share_of(t_s, lifts))
    mixed = rate_exercise(
        measure_motion(clean(with_noise(film(t_s, body), 1.0))), built_in_book().exercise("squat")
    )
    assert mixed.purity < 0.7


def test_a_choice_of_one() -> None:
    motion = measure_motion(clean(squat(MOVES)))
    assert detect_exercise(motion, [built_in_book().exercise("squat")]).id == "squat"
