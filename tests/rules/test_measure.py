"""Measurements of stick figures against what they were told to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.data_files import parse_data
from formcheck.kinematics.motion import measure_motion
from formcheck.lifter import NOBODY_ASKED
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from formcheck.reps.engine import find_reps
from formcheck.rules.book import built_in_book
from formcheck.rules.computed import SetContext
from formcheck.rules.measure import NOT_SEEN, Measured, measure_rep
from formcheck.rules.schema import RuleSet
from tests.helpers.skeleton import (
    BACK,
    FOOT,
    FRONT,
    HANGING,
    HINGED,
    HIP_HALF,
    PULLED_UP,
    ROW_TOP,
    SHANK,
    SIDE,
    SQUAT_BOTTOM,
    STANDING,
    THIGH,
    TRUNK,
    Camera,
    Move,
    Posture,
    clock,
    eased,
    even_set,
    film,
    mix,
    pull_up,
    row,
    share_of,
    squat,
    with_noise,
    without,
)

if TYPE_CHECKING:
    from formcheck.pose.track import PoseTrack

MOVES = even_set(3, hold_s=0.4)
T_S = clock(MOVES[-1].end_s + 1.0)
SHARE = share_of(T_S, MOVES)


def measured(
    track: PoseTrack, exercise: str, own: str | None = None, *, noise_px: float = 0.05
) -> list[dict[str, Measured]]:
    """Measurements of every repetition, by the built-in rules or by one's own measurement."""
    motion = measure_motion(clean(with_noise(track, noise_px)))
    definition = built_in_book().exercise(exercise)
    rules = built_in_book().rules[exercise]
    if own is not None:
        head = f'exercise = "{exercise}"\nrule = []\n[[measurement]]\nname = "own"\ntitle = "Own"\n'
        rules = parse_data(head + own, "own.toml", RuleSet)
    reps = find_reps(motion, definition)
    context = SetContext(motion, definition, reps, NOBODY_ASKED)
    return [measure_rep(context, rep, rules) for rep in reps]


def numbers(reps: list[dict[str, Measured]], name: str) -> list[float]:
    found = [rep[name] for rep in reps]
    assert len(found) == len(MOVES)
    assert all(m.valid and m.reason is None and m.error > 0 for m in found)
    return [m.value for m in found]


def values(track: PoseTrack, exercise: str, name: str, own: str | None = None) -> list[float]:
    return numbers(measured(track, exercise, own), name)


@pytest.mark.parametrize("camera", [SIDE, Camera(270.0)])
@pytest.mark.parametrize(
    "bottom",
    [
        SQUAT_BOTTOM,
        Posture(shin=22.0, thigh=25.0, trunk=30.0, arm=75.0),
        Posture(shin=38.0, thigh=-10.0, trunk=55.0, arm=75.0),
    ],
)
def test_squat_angles(bottom: Posture, camera: Camera) -> None:
    reps = measured(squat(MOVES, bottom=bottom, camera=camera), "squat")
    known = {
        "thigh_elevation_bottom": bottom.thigh,
        "knee_flexion_bottom": bottom.knee,
        "hip_flexion_bottom": bottom.hip,
        "trunk_lean_bottom": bottom.trunk,
        "trunk_lean_max": bottom.trunk,
        "shin_inclination_bottom": bottom.shin,
    }
    for name, degrees in known.items():
        assert numbers(reps, name) == pytest.approx([float(np.asarray(degrees))] * 3, abs=1.0), name


def test_every_repetition_has_its_own_value() -> None:
    moves = [Move(1.0, size=1.0), Move(5.0, size=0.9), Move(9.0, size=0.8)]
    depths = [m["thigh_elevation_bottom"].value for m in measured(squat(moves), "squat")]
    assert depths == pytest.approx([0.0, 8.9, 17.8], abs=1.0)


@pytest.mark.parametrize("extra", [0.0, 8.0, 15.0])
def test_extra_lean_on_the_way_up(extra: float) -> None:
    """The trunk leans further by that much all the way up, at the same hip height."""
    body = mix(STANDING, SQUAT_BOTTOM, SHARE)
    knots = [(0.0, 0.0)]
    for move in MOVES:
        low = move.start_s + move.first_half_s
        knots += [
            (low, 0.0),
            (low + move.hold_s, extra),
            (move.end_s, extra),
            (move.end_s + 0.3, 0),
        ]
    leaning = Posture(
        shin=body.shin, thigh=body.thigh, trunk=np.asarray(body.trunk) + eased(T_S, knots), arm=30.0
    )
    found = values(film(T_S, leaning, SIDE), "squat", "lean_gain_ascent")
    assert found == pytest.approx([extra] * 3, abs=0.8)


@pytest.mark.parametrize("extra", [0.0, 10.0])
def test_what_a_pull_starts_with_is_its_concentric_half(extra: float) -> None:
    """The trunk is lower while the weight goes down again, at the same height of the hands."""
    knots = [(0.0, 0.0)]
    for move in MOVES:
        top = move.start_s + move.first_half_s
        knots += [
            (top, 0.0),
            (top + move.hold_s, extra),
            (move.end_s, extra),
            (move.end_s + 0.3, 0.0),
        ]
    body = mix(HINGED, ROW_TOP, SHARE)
    swaying = replace(body, trunk=np.asarray(body.trunk) + eased(T_S, knots))
    own = 'unit = "deg"\nconcentric_minus_eccentric = "trunk_lean"'
    found = values(film(T_S, swaying, SIDE), "bent_over_row", "own", own)
    assert found == pytest.approx([-extra] * 3, abs=1.5)


@pytest.mark.parametrize("camera", [FRONT, BACK])
@pytest.mark.parametrize("inwards", [-0.02, 0.0, 0.03, 0.06])
def test_knee_separation_at_the_bottom(inwards: float, camera: Camera) -> None:
    body = mix(STANDING, Posture(shin=30.0, thigh=0.0, trunk=40.0, knee_in=inwards), SHARE)
    found = values(film(T_S, body, camera), "squat", "knee_separation")
    assert found == pytest.approx([1 - inwards / HIP_HALF] * 3, abs=0.03)


@pytest.mark.parametrize("rise_m", [0.0, 0.05, 0.10])
def test_heel_rise(rise_m: float) -> None:
    body = mix(STANDING, Posture(shin=30.0, thigh=0.0, trunk=40.0, heel=rise_m), SHARE)
    found = values(film(T_S, body), "squat", "heel_rise")
    assert found == pytest.approx([rise_m / FOOT] * 3, abs=0.08)


@pytest.mark.parametrize("name", ["descent_s", "ascent_s"])
def test_times(name: str) -> None:
    moves = even_set(3, first_half_s=1.6, hold_s=0.2, second_half_s=0.8)
    known = {"descent_s": 1.7, "ascent_s": 0.9}
    found = [m[name] for m in measured(squat(moves), "squat")]
    assert [m.value for m in found] == pytest.approx([known[name]] * 3, abs=0.25)
    assert all(0.02 < m.error < 0.15 for m in found)


@pytest.mark.parametrize("camera", [SIDE, Camera(270.0)])
@pytest.mark.parametrize("heave", [0.0, 10.0, 25.0])
def test_row_hinge_and_heave(heave: float, camera: Camera) -> None:
    top = Posture(shin=6.0, thigh=66.0, trunk=62.0 - heave, arm=-80.0, elbow=100.0)
    reps = measured(row(MOVES, top=top, camera=camera), "bent_over_row")
    near = 0.5 + 0.06 * heave  # a repetition begins where the movement is first visible
    assert numbers(reps, "trunk_lean_start") == pytest.approx([62.0] * 3, abs=near)
    assert numbers(reps, "torso_swing") == pytest.approx([heave] * 3, abs=near)


@pytest.mark.parametrize("past", [-25.0, 0.0, 20.0])
def test_row_top(past: float) -> None:
    top = Posture(shin=6.0, thigh=66.0, trunk=62.0, arm=-62.0 - past, elbow=95.0)
    reps = measured(row(MOVES, top=top), "bent_over_row")
    assert numbers(reps, "elbow_flexion_top") == pytest.approx([95.0] * 3, abs=2.0)
    found = numbers(reps, "elbow_past_trunk_top")
    assert found == pytest.approx([np.sin(np.radians(past))] * 3, abs=0.03)


@pytest.mark.parametrize("camera", [FRONT, BACK])
@pytest.mark.parametrize("bend", [4.0, 30.0])
def test_pull_up_hang(bend: float, camera: Camera) -> None:
    """Arms in the plane of the picture, so that it shows the elbow as it is."""
    hang = Posture(thigh=88.0, trunk=0.0, arm=178.0 - bend, elbow=bend, arm_plane=90.0)
    top = Posture(thigh=88.0, trunk=-5.0, arm=50.0, elbow=128.0, arm_plane=90.0)
    found = values(
        pull_up(MOVES, hang=hang, top=top, camera=camera), "pull_up", "elbow_flexion_hang"
    )
    assert found == pytest.approx([bend] * 3, abs=3.0)


@pytest.mark.parametrize("bend", [5.0, 30.0, 50.0])
def test_pull_up_kip(bend: float) -> None:
    """Hips flexed on the way up by that much, straight again in the hang."""
    top = Posture(thigh=80.0 - bend, shin=-10.0, trunk=-10.0, arm=50.0, elbow=128.0, arm_plane=60.0)
    hang = Posture(thigh=80.0, shin=-10.0, trunk=-10.0, arm=178.0, elbow=4.0, arm_plane=60.0)
    found = values(pull_up(MOVES, hang=hang, top=top, camera=SIDE), "pull_up", "hip_swing")
    assert found == pytest.approx([bend] * 3, abs=0.1 * bend + 0.5)  # 5th to 95th percentile


@pytest.mark.parametrize(
    ("exercise", "track"),
    [("bent_over_row", row(MOVES)), ("pull_up", pull_up(MOVES))],
)
def test_the_amplitude_is_that_of_the_signal(exercise: str, track: PoseTrack) -> None:
    motion = measure_motion(clean(track))
    signal = motion.series(built_in_book().exercise(exercise).signal.series)
    found = [m["range"] for m in measured(track, exercise)]
    assert [m.value for m in found] == pytest.approx([float(np.ptp(signal))] * 3, rel=0.03)
    assert {m.unit for m in found} == {"arm"}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ('unit = "deg"\nfeature = { series = "trunk_lean", stat = "at_turn" }', 40.0),
        ('unit = "deg"\nfeature = { series = "trunk_lean", stat = "at_turn" }\nscale = -2', -80.0),
        (
            'unit = "deg"\nfeature = { series = "trunk_lean", stat = "at_turn" }\n'
            'minus = { series = "shin_inclination", stat = "at_turn" }',
            10.0,
        ),
        (
            'unit = "ratio"\nfeature = { series = "knee_flexion", stat = "at_turn" }\n'
            'over = { series = "trunk_lean", stat = "at_turn" }',
            3.0,
        ),
    ],
)
def test_own_measurements(own: str, expected: float) -> None:
    assert values(squat(MOVES), "squat", "own", own) == pytest.approx([expected] * 3, rel=0.03)


def test_a_ratio_to_nothing_is_not_measured() -> None:
    for rep in measured(squat(MOVES, camera=SIDE), "squat", noise_px=0.0):
        assert not rep["knee_separation"].valid


def test_an_error_is_scaled_with_its_value() -> None:
    plain = 'unit = "deg"\nfeature = { series = "trunk_lean", stat = "at_turn" }'
    (one, *_), (ten, *_) = (
        measured(squat(MOVES), "squat", text) for text in (plain, f"{plain}\nscale = -10")
    )
    assert ten["own"].error == pytest.approx(10 * one["own"].error)
    ratio = 'unit = "ratio"\nfeature = { series = "trunk_lean", stat = "at_turn" }\n'
    (over, *_) = measured(
        squat(MOVES), "squat", f'{ratio}over = {{ series = "knee_flexion", stat = "at_turn" }}'
    )
    assert over["own"].error < one["own"].error / 100


@pytest.mark.parametrize(
    ("stat", "window", "when"),
    [("at_start", "rep", "start_s"), ("at_turn", "rep", "turn_s"), ("max", "rep", "turn_s")],
)
def test_when_it_was_read(stat: str, window: str, when: str) -> None:
    own = (
        f'unit = "deg"\nfeature = {{ series = "trunk_lean", stat = "{stat}", window = "{window}" }}'
    )
    for rep, move in zip(measured(squat(MOVES), "squat", own), MOVES, strict=True):
        assert rep["own"].at_s == pytest.approx(getattr(move, when), abs=0.3)


@pytest.mark.parametrize(("share", "valid"), [(0.0, True), (0.1, True), (0.5, False), (1.0, False)])
def test_too_little_seen_is_not_measured(share: float, valid: bool) -> None:
    """The near arm is hidden for part of the second pull-up; the legs do not matter."""
    move = MOVES[1]
    track = pull_up(MOVES, camera=SIDE)
    length = move.end_s - move.start_s
    middle = move.start_s + 0.25 * length
    marks = [landmarks.index(n, s) for n in ("hip", "knee") for s in landmarks.SIDES]
    hidden = without(track, middle, middle + share * length, marks)
    found = measured(hidden, "pull_up")[1]["hip_swing"]
    assert found.valid is valid
    assert (found.reason is None) is valid
    if not valid:
        assert found.reason == NOT_SEEN


def test_hidden_all_the_time() -> None:
    marks = [landmarks.index(n, s) for n in ("knee", "ankle") for s in landmarks.SIDES]
    for rep in measured(without(pull_up(MOVES, camera=SIDE), 0.0, 99.0, marks), "pull_up"):
        assert np.isnan(rep["hip_swing"].value)
        assert not rep["hip_swing"].valid
        assert rep["elbow_flexion_hang"].valid


@pytest.mark.parametrize("noise_px", [1.0, 3.0])
@pytest.mark.parametrize(
    ("name", "value"),
    [("thigh_elevation_bottom", 0.0), ("trunk_lean_bottom", 40.0), ("lean_gain_ascent", 0.0)],
)
def test_stated_errors_hold_under_noise(name: str, value: float, noise_px: float) -> None:
    """Half a centimetre and one and a half on every landmark."""
    moves = even_set(6)
    for rep in measured(squat(moves), "squat", noise_px=noise_px):
        assert abs(rep[name].value - value) < 2.5 * rep[name].error


@pytest.mark.parametrize("lag", [0.0, 0.2, 0.38, 0.5])
def test_shoulders_that_lag_behind_the_hips(lag: float) -> None:
    """The trunk tips just so much that the shoulders rise that much slower than the hips."""
    body = mix(STANDING, SQUAT_BOTTOM, SHARE)
    thigh, shin = np.radians(np.asarray(body.thigh)), np.radians(np.asarray(body.shin))
    hips = THIGH * np.sin(thigh) + SHANK * np.cos(shin)
    trunk = np.array(body.trunk, dtype=float)
    for move in MOVES:
        up = (move.turn_s <= T_S) & (move.end_s >= T_S)
        start = int(np.flatnonzero(up)[0])
        rise = hips[up] - hips[start]
        cosine = np.cos(np.radians(trunk[start])) - lag * rise / TRUNK
        early = rise <= 0.5 * rise.max()
        trunk[np.flatnonzero(up)[early]] = np.degrees(np.arccos(cosine[early]))
    tipped = Posture(shin=body.shin, thigh=body.thigh, trunk=trunk, arm=75.0)
    found = values(film(T_S, tipped, SIDE), "squat", "shoulder_lag")
    assert found == pytest.approx([lag] * 3, abs=0.06)


@pytest.mark.parametrize("drop_m", [0.0, 0.02, 0.04])
def test_shoulders_move_before_the_elbows(drop_m: float) -> None:
    """The girdle comes down in the first quarter second of the pull."""
    hang = Posture(**{**HANGING.__dict__, "shrug": 0.05})
    body = mix(hang, Posture(**{**PULLED_UP.__dict__, "shrug": 0.05}), SHARE)
    knots = [(0.0, 0.05)]
    for move in MOVES:
        knots += [(move.start_s, 0.05), (move.start_s + 0.25, 0.05 - drop_m)]
        knots += [(move.end_s, 0.05 - drop_m), (move.end_s + 0.3, 0.05)]
    girdle = Posture(**{**body.__dict__, "shrug": eased(T_S, knots)})
    found = values(film(T_S, girdle, BACK, from_bar=True), "pull_up", "shoulders_down_start")
    assert found == pytest.approx([drop_m / TRUNK] * 3, abs=0.02)


@pytest.mark.parametrize("degrees", [0.0, 12.0, 25.0])
def test_elbows_that_swing_back(degrees: float) -> None:
    bottom = Posture(shin=30.0, thigh=0.0, trunk=40.0, arm=10.0 - 40.0 + 3.0 - degrees)
    found = values(film(T_S, mix(STANDING, bottom, SHARE), SIDE), "squat", "elbow_move")
    assert found == pytest.approx([degrees] * 3, abs=2.0)


@pytest.mark.parametrize("degrees", [-10.0, 0.0, 15.0])
def test_head_against_standing(degrees: float) -> None:
    body = mix(STANDING, Posture(shin=30.0, thigh=0.0, trunk=40.0, neck=degrees), SHARE)
    found = values(film(T_S, body, SIDE), "squat", "head_fold")
    assert found == pytest.approx([degrees] * 3, abs=2.0)


def test_a_negative_goes_down_many_times_as_long_as_up() -> None:
    for moves, least, most in (
        (even_set(3, first_half_s=0.6, second_half_s=6.0), 3.5, 10.0),
        (MOVES, 0.7, 1.0),
    ):
        found = measured(pull_up(moves), "pull_up")
        assert all(least < ratio < most for ratio in numbers(found, "lowering_over_pull"))
        down, up = numbers(found, "lowering_s"), numbers(found, "pull_s")
        assert numbers(found, "lowering_over_pull") == pytest.approx(np.divide(down, up))


def test_half_repetitions_lack_something_only_in_front_of_whole_ones() -> None:
    sizes = [1.0, 0.45, 0.45, 1.0, 1.0, 0.45]
    moves = [Move(1.0 + 4.0 * n, size=size) for n, size in enumerate(sizes)]
    found = measured(pull_up(moves), "pull_up")
    ranges = [rep["range"].value for rep in found]
    lacks = [1 - ranges[1] / ranges[0], 1 - ranges[2] / ranges[0]]
    assert min(lacks) > 0.3
    own = [rep["short_of_later_reps"].value for rep in found]
    assert own == pytest.approx([0.0, *lacks, 0.0, 0.0, 0.0], abs=0.05)


def test_hands_that_let_go_of_the_bar_come_down() -> None:
    """Let go at the very end, at first slowly, as what falls does; a hang from then on stays."""
    track = pull_up(MOVES)
    own = numbers(measured(track, "pull_up"), "hands_come_down")
    assert own == pytest.approx([0.0] * 3, abs=0.05)
    for late_s, comes_down in ((-0.1, True), (0.5, False)):
        since_s = np.clip(track.t_s - MOVES[-1].end_s - late_s, 0.0, None)
        motion = measure_motion(clean(track))
        fallen = track.xy_px.copy()
        fallen[..., 1] += (4.0 * motion.arm_px * np.minimum(since_s, 0.4))[:, None]
        found = numbers(measured(track.with_arrays(xy_px=fallen), "pull_up"), "hands_come_down")
        assert found[:2] == pytest.approx([0.0] * 2, abs=0.05)
        assert (found[2] > 0.3) == comes_down


def test_an_extreme_beside_a_gap_may_not_be_the_extreme() -> None:
    """Without the pictures of the top, how high the chin was there is not known."""
    motion = measure_motion(clean(pull_up(even_set(3, hold_s=0.1))))
    exercise, rules = built_in_book().exercise("pull_up"), built_in_book().rules["pull_up"]
    reps = find_reps(motion, exercise)
    chin = motion.series("chin_over_bar")
    assert all(np.isfinite(chin[rep.cycle.turn]) for rep in reps)
    turn = reps[1].cycle.turn
    chin.flags.writeable = True
    chin[turn - 4 : turn + 5] = np.nan
    context = SetContext(motion, exercise, reps, NOBODY_ASKED)
    found = [measure_rep(context, rep, rules)["chin_over_bar"] for rep in reps]
    assert [one.valid for one in found] == [True, False, True]
    assert found[1].reason == NOT_SEEN
