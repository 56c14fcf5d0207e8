"""Which exercise stick figures do. (Rendered clips: ``tests/test_pipeline.py``.)"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.exercises.detect import Candidate, Detection, detect_exercise, rate_exercise
from formcheck.kinematics.motion import measure_motion
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from formcheck.present.reading import UNSURE
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
    Move,
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


@pytest.mark.parametrize("camera", AROUND)
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
THRUSTER = {"shin": 30.0, "thigh": 10.0, "trunk": 30.0}
HINGE = {"shin": 6.0, "thigh": 70.0, "trunk": 65.0}
PLANK = {"shin": 74.0, "thigh": 164.0, "trunk": 78.0}
SEATED = {"shin": 0.0, "thigh": 3.0}
OTHERS = {
    "deadlift": (STANDING, Posture(shin=8.0, thigh=60.0, trunk=75.0, arm=3.0)),
    "stiff-legged deadlift": (STANDING, Posture(shin=2.0, thigh=78.0, trunk=80.0, arm=0.0)),
    "lunge": (STANDING, LUNGE),
    "landmine press": (Posture(arm=50.0, elbow=130.0), Posture(arm=125.0, elbow=4.0)),
    "deadlift with low hips": (STANDING, Posture(shin=20.0, thigh=25.0, trunk=50.0, elbow=3.0)),
    "bent-over face pull": (
        Posture(**HINGE, elbow=5.0),
        Posture(**HINGE, arm=60.0, arm_plane=60.0, elbow=120.0),
    ),
    "renegade row": (Posture(**PLANK, elbow=5.0), Posture(**PLANK, arm=-80.0, elbow=100.0)),
    "push-up": (
        Posture(**PLANK, elbow=5.0),
        Posture(shin=80.0, thigh=170.0, trunk=86.0, arm=-75.0, elbow=95.0),
    ),
    "seated cable row": (
        Posture(**SEATED, trunk=10.0, arm=70.0, elbow=5.0),
        Posture(**SEATED, trunk=-5.0, arm=-35.0, elbow=100.0),
    ),
    "lat pulldown": (
        Posture(**SEATED, trunk=-8.0, arm=170.0, elbow=5.0),
        Posture(**SEATED, trunk=-15.0, arm=20.0, elbow=140.0),
    ),
    "glute bridge": (
        Posture(shin=5.0, thigh=-30.0, trunk=-90.0, arm=-90.0),
        Posture(shin=5.0, thigh=20.0, trunk=-110.0, arm=-90.0),
    ),
    "curl": (STANDING, Posture(arm=5.0, elbow=140.0)),
    "front raise": (STANDING, Posture(arm=90.0)),
    "bow": (STANDING, Posture(trunk=35.0, arm=0.0)),
}


@pytest.mark.parametrize("camera", [SIDE, Camera(15.0)])
@pytest.mark.parametrize("name", OTHERS)
def test_other_movements_are_unknown(name: str, camera: Camera) -> None:
    assert detected(between(*OTHERS[name], camera)).id == "unknown"


@pytest.mark.parametrize("camera", AROUND)
def test_an_inverted_row_is_no_pull_up(camera: Camera) -> None:
    hang = Posture(shin=-62.0, thigh=28.0, trunk=-62.0, arm=180.0, elbow=5.0)
    top = Posture(shin=-52.0, thigh=38.0, trunk=-52.0, arm=245.0, elbow=115.0)
    found = detected(film(T_S, mix(hang, top, share_of(T_S, MOVES)), camera, from_bar=True))
    assert found.id == "unknown"


@pytest.mark.parametrize("camera", AROUND)
def test_a_reverse_fly_is_no_row(camera: Camera) -> None:
    """Straight arms go to the side; in a row forearms hang below the elbows."""
    hang = Posture(**HINGE, elbow=15.0)
    out = Posture(**HINGE, arm=82.0, arm_plane=90.0, elbow=15.0)
    assert detected(between(hang, out, camera)).id == "reverse_fly"


@pytest.mark.parametrize("camera", [SIDE, FRONT, BACK])
def test_a_pull_up_held_at_the_top(camera: Camera) -> None:
    assert detected(pull_up(even_set(2, hold_s=4.0), camera=camera)).id == "pull_up"


@pytest.mark.parametrize("camera", [SIDE, FRONT, BACK])
def test_a_thruster_is_no_squat_and_says_why(camera: Camera) -> None:
    racked, low = (Posture(**legs, arm=60.0, elbow=130.0) for legs in ({}, THRUSTER))
    presses = [Move(move.end_s - 0.5, 0.5, 0.1, 0.5) for move in MOVES]
    up = share_of(T_S, presses)
    body = replace(mix(racked, low, share_of(T_S, MOVES)), arm=60 + 115 * up, elbow=130 - 125 * up)
    found = detected(film(T_S, body, camera))
    assert found.id == "unknown"
    why_not = next(one.why_not for one in found.candidates if one.id == "squat")
    assert why_not is not None
    assert why_not.text.startswith("the hands went up over the head")


@pytest.mark.parametrize("lift", ["bent_over_row", "pull_up"])
def test_a_camera_that_comes_nearer(lift: str) -> None:
    """Everything grows by two thirds over the set."""
    track = LIFTS[lift](even_set(5), camera=Camera(90.0))
    growth = (1 + track.t_s / track.t_s[-1] * 2 / 3)[:, None, None]
    centre = np.array(track.frame_wh) / 2
    nearer = track.with_arrays(xy_px=centre + (track.xy_px - centre) * growth)
    motion = measure_motion(clean(with_noise(nearer, 1.0)))
    assert motion.size is not None
    assert detect_exercise(motion, built_in_book().exercises).id == lift


def guessed_knees(track: PoseTrack) -> PoseTrack:
    """Knees that wander to and fro and of which the network is not certain."""
    marks = [landmarks.index("knee", side) for side in landmarks.SIDES]
    way = np.sin(2 * np.pi * track.t_s / 1.5)[:, None, None] * np.array([1.0, 0.0])
    xy_px, world_m = track.xy_px.copy(), track.world_m.copy()
    xy_px[:, marks] += 40.0 * way
    world_m[:, marks, :2] += 0.2 * way
    certainty = np.full(xy_px.shape[:2], 0.95)
    certainty[:, marks] = 0.01
    return track.with_arrays(xy_px=xy_px, world_m=world_m, certainty=certainty)


def test_a_guess_speaks_less_against_a_lift_than_what_is_seen() -> None:
    guessed = guessed_knees(with_noise(row(MOVES), 1.0))
    seen = guessed.with_arrays(certainty=np.full_like(guessed.certainty, 0.95))
    lift = built_in_book().exercise("bent_over_row")
    of_guess, of_seen = (
        rate_exercise(measure_motion(clean(track)), lift).likeness for track in (guessed, seen)
    )
    assert of_guess > of_seen + 0.05


def jumps(camera: Camera) -> tuple[PoseTrack, PoseTrack]:
    """A squat, and the same with feet that leave the floor on the way up."""
    moves = even_set(3, rest_s=1.0)
    track = squat(moves, camera=camera)
    off_m = np.zeros(len(track))
    for move in moves:
        share = (track.t_s - move.end_s + 0.05) / 0.45
        off_m += np.where((share > 0) & (share < 1), 1.2 * share * (1 - share), 0.0)
    xy_px = track.xy_px - np.array([0.0, camera.px_per_m]) * off_m[:, None, None]
    return track, track.with_arrays(xy_px=xy_px)


@pytest.mark.parametrize("camera", [SIDE, FRONT])
def test_a_jump_is_no_squat_and_says_why(camera: Camera) -> None:
    track, jumping = jumps(camera)
    assert detected(track).id == "squat"
    found = detected(jumping)
    assert found.id == "unknown"
    closest = max(found.candidates, key=lambda one: one.likeness)
    assert closest.id == "squat"
    assert closest.likeness > 0.9
    assert closest.why_not is not None
    assert closest.why_not.text == "the feet left the floor, as in a jump"


def test_what_is_rather_another_lift_that_is_none_is_not_the_next_best() -> None:
    own = built_in_book().exercise("squat")
    half = own.detect[0].model_copy(update={"min": 999.0, "max": None, "tolerance": 999.0})
    next_best = own.model_copy(
        update={"id": "next_best", "exclusion": [], "detect": [*own.detect, half]}
    )
    squatting, jumping = (measure_motion(clean(track)) for track in jumps(SIDE))
    alone = rate_exercise(jumping, next_best)
    assert alone.fits
    assert alone.likeness < rate_exercise(jumping, own).likeness
    assert detect_exercise(squatting, [own, next_best]).id == "squat"
    assert detect_exercise(jumping, [next_best]).id == "next_best"
    assert detect_exercise(jumping, [own, next_best]).id == "unknown"


def test_one_repetition_alone_must_fit_better() -> None:
    assert Candidate("any", 0.8, 9.0, 1.0, cycles=2).fits
    assert not Candidate("any", 0.8, 9.0, 1.0, cycles=1).fits
    assert Candidate("any", 0.85, 9.0, 1.0, cycles=1).fits


def test_how_sure_it_is_falls_with_a_close_rival_and_with_other_movement() -> None:
    alone = detected(squat(even_set(3))).confidence
    assert UNSURE < 0.9 < alone < 1.0
    lift = built_in_book().exercise("squat")
    motion = measure_motion(clean(with_noise(squat(even_set(3)), 1.0)))
    rival = lift.model_copy(update={"id": "rival"})
    assert detect_exercise(motion, [lift, rival]).confidence < alone - 0.02
    lunges = even_set(3, first_s=MOVES[-1].end_s + 1.0)
    t_s = clock(lunges[-1].end_s + 1.0)
    squats = mix(STANDING, SQUAT_BOTTOM, share_of(t_s, MOVES))
    mixed = detected(film(t_s, mix(squats, LUNGE, share_of(t_s, lunges))))
    assert mixed.id == "squat"
    assert mixed.confidence < UNSURE


def test_what_is_mostly_something_else_must_fit_the_better() -> None:
    assert Candidate("any", 0.85, 9.0, 1.0).fits
    assert not Candidate("any", 0.85, 9.0, 0.4).fits
    assert Candidate("any", 0.99, 9.0, 0.4).fits
    assert not Candidate("any", 0.99, 9.0, 0.2).fits


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
