"""Standing still, on stick figures whose head is where it is told to be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.kinematics.motion import measure_motion
from formcheck.pipeline import analyze_track
from formcheck.pose import landmarks
from formcheck.pose.cleaning import clean
from formcheck.rules.book import built_in_book, load_book
from formcheck.upper_back import Footage, judge_clip
from formcheck.upper_back.cues import Finding
from formcheck.upper_back.posture import NOT_STANDING, Posture, find_still, judge_posture
from formcheck.words.severity import Severity
from tests.helpers import skeleton as s

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.pose.track import PoseTrack

GOOD = Footage(1.0, 0.95, 30.0)
STILL = s.Posture(arm=2.0, elbow=5.0, neck=12.0)


def seen(track: PoseTrack) -> Posture:
    motion = measure_motion(clean(s.with_noise(track, 0.2)))
    return judge_posture(motion, built_in_book().rules["posture"])


def standing(posture: s.Posture = STILL, seconds: float = 4.0, **view: float) -> PoseTrack:
    return s.film(s.clock(seconds), posture, s.Camera(view.get("azimuth", 90.0)))


def verdicts(track: PoseTrack) -> dict[str, tuple[Severity, float]]:
    return {c.rule.id: (c.severity, c.value) for c in seen(track).checks}


@pytest.mark.parametrize("azimuth", [90.0, 270.0])
@pytest.mark.parametrize("neck", [-5.0, 10.0, 27.0, 40.0])
def test_the_head_is_where_it_was_put(neck: float, azimuth: float) -> None:
    """The ear leans with the trunk (3 degrees) and the neck."""
    _, value = verdicts(standing(replace(STILL, neck=neck), azimuth=azimuth))["posture.head"]
    assert value == pytest.approx(3.0 + neck, abs=1.0)


@pytest.mark.parametrize(
    ("neck", "severity"),
    [
        (12.0, Severity.OK),
        (21.0, Severity.NOT_ASSESSED),  # beyond the limit, but by less than the error
        (30.0, Severity.MODERATE),
        (40.0, Severity.SEVERE),
    ],
)
def test_the_head_is_judged_with_its_error(neck: float, severity: Severity) -> None:
    assert verdicts(standing(replace(STILL, neck=neck)))["posture.head"][0] is severity


def with_shoulders(track: PoseTrack, trunks: float) -> PoseTrack:
    """Shoulders and arms moved forward, which is to the right, by trunk lengths."""
    xy, world = np.array(track.xy_px), np.array(track.world_m)
    metres = trunks * s.TRUNK
    for name in ("shoulder", "elbow", "wrist", "pinky", "index", "thumb"):
        for side in landmarks.SIDES:
            mark = landmarks.index(name, side)
            xy[:, mark, 0] += metres * 200.0
            world[:, mark, 0] += metres
    return track.with_arrays(xy_px=xy, world_m=world)


@pytest.mark.parametrize(
    ("forward", "severity"), [(0.0, Severity.OK), (0.10, Severity.OK), (0.24, Severity.SEVERE)]
)
def test_shoulders_in_front_of_the_line_from_hip_to_ear(forward: float, severity: Severity) -> None:
    """With neck 0 and trunk 0 the line is upright and the shoulder on it."""
    upright = replace(STILL, neck=0.0, trunk=0.0)
    facing_right = s.film(s.clock(4.0), upright, s.Camera(270.0))
    found = verdicts(with_shoulders(facing_right, forward))["posture.shoulders"]
    assert found[1] == pytest.approx(forward, abs=0.015)
    assert found[0] is severity


def test_the_stretch_is_found_within_a_set() -> None:
    moves = s.even_set(3, first_s=5.0)
    track = s.squat(moves)
    arms = replace(s.STANDING, arm=3.0)
    bottom = replace(s.SQUAT_BOTTOM, arm=60.0)
    share = s.share_of(track.t_s, moves)
    found = seen(s.film(track.t_s, s.mix(arms, bottom, share)))
    assert found.start_s == pytest.approx(0.0, abs=0.1)
    assert found.end_s == pytest.approx(5.0, abs=0.4)
    assert found.seconds in (4, 5)


@pytest.mark.parametrize(
    "track",
    [
        standing(seconds=2.8),
        standing(azimuth=70.0),
        standing(azimuth=0.0),
        standing(replace(STILL, arm=90.0)),
        standing(replace(STILL, trunk=25.0)),
        standing(replace(STILL, thigh=65.0, shin=12.0)),
    ],
    ids=["too short", "at an angle", "from the front", "arms up", "leaning", "knees bent"],
)
def test_what_is_not_standing_still(track: PoseTrack) -> None:
    assert seen(track) == NOT_STANDING


def test_somebody_who_moves_about_does_not_stand_still() -> None:
    t_s = s.clock(8.0)
    sway = s.film(t_s, STILL, place_m=0.25 * np.sin(2 * np.pi * t_s / 3.0))
    assert seen(sway) == NOT_STANDING


def test_a_cut_ends_the_stretch() -> None:
    motion = measure_motion(clean(s.with_noise(s.moved(standing(), 2.0, 150.0), 0.2)))
    assert motion.clean.breaks
    assert find_still(motion) is None


def test_it_is_looked_for_when_the_exercise_is_unknown() -> None:
    found = analyze_track(s.with_noise(standing(replace(STILL, neck=40.0)), 0.2))
    assert found.exercise == "unknown"
    assert found.upper_back.posture.seconds == 3
    assert [o.cue for o in found.upper_back.observations] == ["PO_HEAD", "PO_SHOULDER"]


def test_posture_alone_is_too_little_to_go_by() -> None:
    posture = seen(standing(replace(STILL, neck=40.0), seconds=9.0))
    found = judge_clip((), GOOD, posture=posture)
    head = next(o for o in found.observations if o.cue == "PO_HEAD")
    assert (head.severity, head.persistence, head.reps) == (1.0, 1.0, posture.seconds)
    assert found.evidence.grade is Finding.INSUFFICIENT
    assert found.evidence.points <= 0.5


def test_rules_of_standing_are_the_users_too(tmp_path: Path) -> None:
    """A limit that nobody keeps flags every stance."""
    file = tmp_path / "own.toml"
    file.write_text(
        '[change."posture.head"]\nlimits = { mild = -40, moderate = -30, severe = -20 }\n'
    )
    track = s.with_noise(standing(), 0.2)
    found = analyze_track(track, book=load_book([file])).upper_back.posture
    assert [c.severity for c in found.checks if c.rule.id == "posture.head"] == [Severity.SEVERE]
