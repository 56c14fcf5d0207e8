"""What is said of how a body is filmed that was filmed in a known way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from formcheck.filming import (
    DARK,
    Filming,
    Mark,
    Point,
    Topic,
    Verdict,
    gives_score,
    judge_filming,
    judged_from,
)
from formcheck.inspection import inspect_glimpses
from formcheck.kinematics.belief import MOST_ERROR, PARTS, Belief, Trust, believe
from formcheck.kinematics.motion import Motion, measure_motion
from formcheck.pipeline import analyze_track
from formcheck.pose.cleaning import clean
from formcheck.pose.glimpses import Glimpses
from formcheck.pose.landmarks import index
from formcheck.rules.book import built_in_book
from formcheck.video.light import Light
from formcheck.words.filming import finding, headline, times
from formcheck.words.tracking import trust_sentence
from tests.helpers.skeleton import BACK, FRONT, SIDE, Camera, even_set, pull_up, squat, without

if TYPE_CHECKING:
    from formcheck.pose.track import PoseTrack

RULES = built_in_book().rules["squat"].for_variant(None).rule
CLEAR = Light(brightness=0.45, contrast=0.2, burnt=0.0, blur_px=1.0)
LARGE = Camera(90.0, 400.0, (1080, 1080))


def motion_of(track: PoseTrack) -> Motion:
    return measure_motion(clean(track), fitted=False)


def judged(motion: Motion, **how: Any) -> Filming:
    return judge_filming(motion, believe(motion, ()), **how)


def point(filming: Filming, topic: Topic) -> Point:
    return next(one for one in filming.points if one.topic is topic)


def marked(filming: Filming) -> dict[Topic, Mark]:
    """What is not fine."""
    return {p.topic: p.mark for p in filming.points if p.mark is not Mark.OK}


def doubted(motion: Motion, *parts: str, share: float = 1.0) -> Motion:
    """The same motion, of which some parts of both sides are not believed for a share of it."""
    error_px = np.array(motion.clean.error_px)
    marks = [index(part, side) for part in parts for side in ("left", "right")]
    error_px[: round(share * len(error_px)), marks] = 2 * MOST_ERROR * motion.trunk_px
    return replace(motion, clean=replace(motion.clean, error_px=error_px))


@pytest.fixture(scope="module")
def side() -> Motion:
    return motion_of(squat(even_set(3), camera=LARGE))


def test_nothing_is_to_be_changed_in_a_clear_clip(side: Motion) -> None:
    found = judged(side, light=CLEAR, rules=RULES)
    assert (found.verdict, found.first, marked(found)) == (Verdict.GOOD, None, {})
    assert headline(found) == "Filmed well: nothing to change."


def test_feet_below_the_frame_are_named_and_the_camera_goes_back() -> None:
    track = squat(even_set(3), camera=LARGE)
    height = int(track.point("knee", "left")[:, 1].min())
    found = judged(motion_of(replace(track, frame_wh=(1080, height))))
    frame = point(found, Topic.FRAME)
    assert found.first is frame
    assert (found.verdict, frame.mark) == (Verdict.AGAIN, Mark.CHANGE)  # 3 of 8 parts
    assert set(frame.parts[:3]) == {"knee", "ankle", "foot"}  # at the bottom hips are cut off, too
    assert headline(found).startswith("Film it again. Change first: move the camera back")
    assert "ankle" in headline(found)


def test_feet_that_leave_the_frame_for_a_while_are_told_with_when() -> None:
    track = squat(even_set(3), camera=LARGE)
    outside = track.xy_px.copy()
    feet = [index(name, side) for name in ("heel", "foot_index") for side in ("left", "right")]
    away = (track.t_s >= 2) & (track.t_s <= 4)
    outside[np.flatnonzero(away)[:, None], feet] += (0, 1080)
    found = judged(motion_of(track.with_arrays(xy_px=outside)))
    frame = point(found, Topic.FRAME)
    assert frame.parts == ("foot",)
    assert frame.value == pytest.approx(away.mean(), abs=0.05)
    start, end = (float(one[2:]) for one in times(frame, found.belief.hidden).split(" to "))
    assert (start, end) == pytest.approx((2.0, 4.0), abs=0.35)  # and the jump's unrest
    assert (found.belief.trust, found.verdict) == (Trust.GOOD, Verdict.GOOD)  # one part, briefly
    assert headline(found).startswith("Filmed well. Better still: move the camera back")


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        (("hip",), Verdict.PARTLY),
        (("hip", "knee"), Verdict.PARTLY),
        (("hip", "knee", "ankle"), Verdict.AGAIN),
    ],
)
def test_hidden_parts_are_named(side: Motion, parts: tuple[str, ...], verdict: Verdict) -> None:
    found = judged(doubted(side, *parts), light=CLEAR)
    assert marked(found) == {Topic.CLEAR: Mark.CHANGE}
    assert (found.verdict, set(point(found, Topic.CLEAR).parts)) == (verdict, set(parts))
    assert all(part in headline(found) for part in parts)


def test_a_little_doubt_of_every_part_is_a_change_as_well(side: Motion) -> None:
    every = ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
    found = judged(doubted(side, *every, share=0.099), light=CLEAR)
    assert found.verdict is Verdict.GOOD
    found = judged(doubted(side, *every, share=0.15), light=CLEAR)
    assert (found.verdict, marked(found)) == (Verdict.PARTLY, {Topic.CLEAR: Mark.CHANGE})


def test_where_a_part_is_outside_for_a_little_the_camera_is_to_be_moved_back(side: Motion) -> None:
    away = dict.fromkeys(PARTS, 0.0) | {"head": 0.08}
    belief = Belief(Trust.PARTLY, 0.8, (), doubted=away, outside=away)
    found = judge_filming(side, belief, light=CLEAR)
    assert marked(found) == {Topic.FRAME: Mark.CHANGE}
    assert "until your whole body, head included, is in the frame" in headline(found)
    words = finding(point(found, Topic.FRAME), "side_left")
    assert words == "Your head is at the edge of the frame or outside 8% of the time."


def test_where_no_part_is_doubted_none_is_said_to_be_hidden(side: Motion) -> None:
    nothing = dict.fromkeys(PARTS, 0.0)
    belief = Belief(Trust.PARTLY, 0.8, (), doubted=nothing, outside=nothing)
    found = judge_filming(side, belief, light=CLEAR)
    assert (found.verdict, marked(found)) == (Verdict.GOOD, {})
    assert "hidden" not in trust_sentence(found)
    belief = replace(belief, trust=Trust.POOR, share=0.4)
    found = judge_filming(side, belief, light=CLEAR)
    assert (found.verdict, marked(found)) == (Verdict.AGAIN, {Topic.CLEAR: Mark.CHANGE})
    words = finding(point(found, Topic.CLEAR), "side_left")
    assert words == "formcheck could not follow you well enough to judge all of it."


@pytest.mark.parametrize(
    ("light", "topic", "advice"),
    [
        (replace(CLEAR, brightness=DARK / 2), Topic.LIGHT, "turn on more light"),
        (replace(CLEAR, burnt=0.8), Topic.LIGHT, "less light"),
        (replace(CLEAR, contrast=0.02), Topic.LIGHT, "wear something"),
        (replace(CLEAR, blur_px=30.0), Topic.SHARPNESS, "hold the camera still"),
    ],
)
def test_bad_light_is_the_cause_where_tracking_suffers_and_else_a_remark(
    side: Motion, light: Light, topic: Topic, advice: str
) -> None:
    found = judged(side, light=light)
    assert (found.verdict, marked(found)) == (Verdict.GOOD, {topic: Mark.NOTE})
    assert advice in headline(found)
    found = judged(doubted(side, "hip", "knee"), light=light)
    assert found.verdict is Verdict.PARTLY
    assert marked(found) == {topic: Mark.CHANGE, Topic.CLEAR: Mark.CHANGE}
    assert "Change first: " in headline(found)
    assert advice in headline(found)


def test_a_small_body_is_told_in_pixels() -> None:
    far = motion_of(squat(even_set(2), camera=Camera(90.0, 100.0, (640, 640))))
    size = point(judged(far), Topic.SIZE)
    assert size.mark is Mark.NOTE
    assert size.value == pytest.approx(174, rel=0.1)  # a body of about 1.74 m
    assert "pixels" in finding(size, "side_left")


def test_the_view_has_to_fit_the_rules() -> None:
    front = motion_of(squat(even_set(3), camera=replace(LARGE, azimuth_deg=0.0)))
    assert judged(front).verdict is Verdict.GOOD  # good for something
    found = judged(front, rules=RULES)
    assert (found.verdict, found.first) == (Verdict.PARTLY, point(found, Topic.VIEW))
    assert headline(found).endswith("Change first: film from the side or at about 45 degrees.")
    assert not gives_score(front.view, RULES)
    assert 0 < len(judged_from(front.view, RULES)) < len(RULES)
    only_side = [rule for rule in RULES if rule.views == ("side",)]
    assert judged(front, rules=only_side).verdict is Verdict.AGAIN


def test_a_view_that_shows_less_comes_before_few_pictures_a_second() -> None:
    oblique = motion_of(squat(even_set(3), camera=replace(LARGE, azimuth_deg=45.0)))
    found = judged(oblique, rules=RULES, rate_hz=12.0)
    view = point(found, Topic.VIEW)
    assert marked(found) == {Topic.VIEW: Mark.NOTE, Topic.RATE: Mark.CHANGE}
    assert (found.verdict, found.first) == (Verdict.PARTLY, view)
    assert headline(found).endswith("Change first: film from the side.")
    assert finding(view, oblique.view.label).endswith("more can be judged from the side.")


def test_pictures_a_second_and_people(side: Motion) -> None:
    found = judged(side, rate_hz=12.0, people=3)
    assert marked(found) == {Topic.RATE: Mark.CHANGE, Topic.PEOPLE: Mark.NOTE}
    assert (found.verdict, found.first) == (Verdict.PARTLY, point(found, Topic.RATE))
    assert finding(point(found, Topic.RATE), "side_left").startswith("Only 12 frames per second")


@pytest.mark.parametrize("pictures", [1, 2, 20])
def test_a_photograph_or_a_moment_tells_too_little(side: Motion, pictures: int) -> None:
    found = judged(motion_of(side.track.select(slice(0, pictures))), rate_hz=30.0)
    assert (found.verdict, found.first) == (Verdict.AGAIN, point(found, Topic.PRESENCE))
    assert headline(found) == "Film it again. Change first: film one whole repetition or more."
    assert "less than a second" in finding(found.points[0], "side_left")


@pytest.mark.parametrize("camera", [FRONT, BACK])
@pytest.mark.parametrize("roll_deg", [0.0, -3.0, 8.0])
def test_a_crooked_camera_is_told_from_the_front_and_back(camera: Camera, roll_deg: float) -> None:
    track = pull_up(even_set(2), camera=camera)
    angle = np.radians(roll_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array(track.frame_wh) / 2
    rolled = (track.xy_px - middle) @ turn.T + middle
    level = point(judged(motion_of(track.with_arrays(xy_px=rolled))), Topic.LEVEL)
    assert level.value == pytest.approx(roll_deg, abs=0.5)
    assert level.mark is (Mark.NOTE if roll_deg == 8.0 else Mark.OK)


def test_from_the_side_no_tilt_is_told(side: Motion) -> None:
    assert Topic.LEVEL not in {one.topic for one in judged(side).points}


def test_a_camera_that_walks_around_is_noticed() -> None:
    first, second = squat(even_set(2), camera=SIDE), squat(even_set(2), camera=FRONT)
    frames = len(first)
    both = first.with_arrays(
        xy_px=np.concatenate([first.xy_px[: frames // 2], second.xy_px[frames // 2 :]]),
        world_m=np.concatenate([first.world_m[: frames // 2], second.world_m[frames // 2 :]]),
    )
    spans = [(0, frames // 2 - 1), (frames // 2, frames - 1)]
    steady = point(judged(motion_of(first), spans=spans), Topic.STEADY)
    assert (steady.mark, steady.value) == (Mark.OK, 0.0)
    moved = point(judged(motion_of(both), spans=spans), Topic.STEADY)
    assert moved.mark is Mark.CHANGE


def test_who_is_rarely_there_is_told() -> None:
    track = squat(even_set(3), camera=LARGE)
    gone = motion_of(without(track, 0.0, 0.5 * float(track.t_s[-1])))
    there = np.flatnonzero(gone.track.tracked)
    found = judge_filming(gone, believe(gone, [(int(there[0]), int(there[-1]))]))
    assert point(found, Topic.PRESENCE).mark is Mark.NOTE
    assert point(found, Topic.PRESENCE).value == pytest.approx(0.5, abs=0.05)
    assert found.verdict is Verdict.GOOD


def test_from_the_side_a_part_that_is_not_seen_is_looked_for_from_in_front(side: Motion) -> None:
    found = judged(doubted(side, "shoulder", "hip", "knee"))
    assert "such as a step further to the front" in headline(found)
    for camera in (FRONT, Camera(68.0)):  # from 22 degrees beside it, the camera is there already
        motion = motion_of(squat(even_set(3), camera=camera))
        assert motion.view.is_side == (camera is not FRONT)
        there = judged(doubted(motion, "shoulder", "hip", "knee"))
        assert headline(there).endswith(
            "try another angle to show your shoulder, hip and knee better."
        )


def test_parts_that_a_lift_does_without_do_not_count_where_it_is_named() -> None:
    track = pull_up(even_set(3), camera=FRONT)
    certainty = np.full((len(track), 33), 0.9)
    for part in ("ankle", "heel", "foot_index"):
        certainty[:, [index(part, side) for side in ("left", "right")]] = 0.01
    spans = ((0, len(track) - 1),)
    seen = Glimpses(track.with_arrays(certainty=certainty), spans, 1, 30.0, None)
    named = analyze_track(seen.track, exercise="pull_up")
    assert named.rep_count == 3
    assert point(inspect_glimpses(seen, named, light=None), Topic.CLEAR).mark is Mark.OK
    still = seen.track.select(slice(0, 12))  # no repetition: nothing tells what is needed
    unknown = analyze_track(still)
    found = inspect_glimpses(replace(seen, track=still), unknown, light=None)
    assert {"ankle", "foot"} <= set(point(found, Topic.CLEAR).parts)


def test_a_look_judges_the_repetitions_that_it_sees() -> None:
    track = squat(even_set(3), camera=LARGE)
    certainty = np.full((len(track), 33), 0.9)
    for part in ("elbow", "wrist"):
        certainty[:, [index(part, side) for side in ("left", "right")]] = 0.01
    seen = Glimpses(track.with_arrays(certainty=certainty), ((0, len(track) - 1),), 1, 30.0, None)
    analysis = analyze_track(seen.track)
    found = inspect_glimpses(seen, analysis, light=None)
    assert (analysis.exercise, found.belief) == ("squat", analysis.belief)
    assert found.verdict is Verdict.GOOD  # what no verdict of a squat needs


def test_parts_are_named_in_one_order_wherever_they_are(side: Motion) -> None:
    """The headline, the reason and the list: what is hidden longest is named first."""
    motion = doubted(doubted(doubted(side, "elbow"), "hip", share=0.6), "shoulder", share=0.8)
    found = judged(motion, light=CLEAR)
    assert found.parts == ("elbow", "shoulder", "hip") == point(found, Topic.CLEAR).parts
    assert "elbow, shoulder and hip" in headline(found)
    assert "could not follow your elbow, shoulder and hip well enough" in trust_sentence(found)


def test_before_the_set_there_are_no_numbers_to_rely_on(side: Motion) -> None:
    poor = judged(doubted(side, "hip", "knee", "ankle"), light=CLEAR)
    assert trust_sentence(poor).startswith(
        "Do not rely on the numbers of this clip: formcheck could"
    )
    assert trust_sentence(poor, before=True).startswith("Most of it would be a guess: formcheck")
