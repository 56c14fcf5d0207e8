"""Whom to follow is pointed at, where two lift side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck import Edits, Quality, Spot, TrackCache, TrackSettings, analyze, build_report
from formcheck.errors import NobodyFoundError
from formcheck.inspection import inspect
from formcheck.pose.cache import track_key
from formcheck.pose.engine import LOOK_EVERY_S
from formcheck.pose.glimpses import glimpse
from formcheck.pose.model import load_model
from formcheck.pose.subject import UNSEEN_S, choose_at, choose_lifter, link
from formcheck.pose.tracker import track_video
from tests.conftest import SAMPLES
from tests.helpers.clips import Encoding, encode
from tests.helpers.pictures import pictures_of
from tests.helpers.skeleton import squat, with_noise, without
from tests.pose.test_subject import LOOK_EVERY, MOVES, T_S, looks, onlooker

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck import PoseTrack

PAIRED = 40
WIDTH = 360
"""Of each half of the clip, pixels."""
LEFT, RIGHT = "squat_front_knees_in", "upright_row_front"


# --- stick figures -----------------------------------------------------------------------


def pointed_at(spot: Spot, *tracks: PoseTrack) -> int | None:
    """Which of the tracks belongs to who is at a point."""
    path = choose_at(link(looks(*tracks)), spot)
    if path is None:
        return None
    number, seen = next(iter(path.seen.items()))
    same = [np.array_equal(seen.xy_px, t.xy_px[number * LOOK_EVERY]) for t in tracks]
    return same.index(True)


def middle(track: PoseTrack, t_s: float) -> tuple[float, float]:
    x, y = track.xy_px[int(np.argmin(np.abs(track.t_s - t_s)))].mean(axis=0)
    return float(x), float(y)


def test_it_is_who_is_there_and_not_who_lifts() -> None:
    lifter, other = with_noise(squat(MOVES, t_s=T_S), 2.0), onlooker(0.5, 200.0)
    for t_s in (0.0, 1.1, 4.0):
        assert pointed_at(Spot(*middle(lifter, t_s), t_s), lifter, other) == 0
        assert pointed_at(Spot(*middle(other, t_s), t_s), lifter, other) == 1
    assert choose_lifter(link(looks(lifter, other))) is not None
    assert pointed_at(Spot(0.0, 0.0), lifter, other) is None


def test_a_hand_or_a_head_will_do() -> None:
    lifter, other = with_noise(squat(MOVES, t_s=T_S), 2.0), onlooker(1.0, 260.0)
    for mark in (0, 15, 16, 31):  # nose, wrists, a toe
        x, y = lifter.xy_px[0, mark]
        assert pointed_at(Spot(float(x), float(y)), other, lifter) == 1


def test_of_two_who_overlap_the_nearer_torso_counts() -> None:
    lifter, other = with_noise(squat(MOVES, t_s=T_S), 2.0), onlooker(1.0, 60.0)
    (x, y), (other_x, _) = middle(lifter, 0.0), middle(other, 0.0)
    assert pointed_at(Spot(x + 0.2 * (other_x - x), y), lifter, other) == 0
    assert pointed_at(Spot(x + 0.8 * (other_x - x), y), lifter, other) == 1


def test_who_is_not_there_yet_is_not_pointed_at() -> None:
    lifter = with_noise(squat(MOVES, t_s=T_S), 2.0)
    late = without(onlooker(1.0, 200.0), 0.0, 5.0)
    point = middle(onlooker(1.0, 200.0), 0.0)
    assert pointed_at(Spot(*point, 0.0), lifter, late) is None
    assert pointed_at(Spot(*point, 6.0), lifter, late) == 1
    assert pointed_at(Spot(*point, T_S[-1] + 5.0), lifter, late) is None
    assert UNSEEN_S > 2 * LOOK_EVERY_S


def test_before_the_first_picture_counts_as_that() -> None:
    lifter = with_noise(squat(MOVES, t_s=T_S), 2.0)
    part = [s for s in looks(lifter) if s.t_s > 4.0]
    (path,) = link(part)
    assert choose_at([path], Spot(*middle(lifter, part[0].t_s))) is path


# --- a clip ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two lifters side by side."""
    left, right = (
        [picture.rgb() for picture in pictures_of(SAMPLES / f"{name}.mp4", range(PAIRED))]
        for name in (LEFT, RIGHT)
    )
    both = [np.hstack(pair) for pair in zip(left, right, strict=True)]
    how = Encoding(fps=25, options={"crf": "12"})
    return encode(tmp_path_factory.mktemp("two") / "two.mp4", both, how)


def followed_x(clip: Path, x_px: float, t_s: float = 0.0) -> float:
    settings = TrackSettings(rate_hz=10, lifter_at=Spot(x_px, 330.0, t_s))
    found = track_video(clip, load_model(Quality.FAST), settings)
    assert found.track.tracked.mean() > 0.9
    return float(np.nanmedian(found.track.xy_px[..., 0]))


def test_the_one_who_is_pointed_at_is_followed(two_people: Path) -> None:
    assert followed_x(two_people, 0.5 * WIDTH) < WIDTH
    assert followed_x(two_people, 1.5 * WIDTH) > WIDTH
    assert followed_x(two_people, 1.5 * WIDTH, 1.2) > WIDTH


def test_a_look_before_the_set_follows_whom_the_analysis_would(two_people: Path) -> None:
    for side in (0.5, 1.5):
        spot = Spot(side * WIDTH, 330.0)
        seen = glimpse(two_people, load_model(Quality.FAST), lifter_at=spot)
        assert (np.nanmedian(seen.track.xy_px[..., 0]) > WIDTH) == (side > 1)
    with pytest.raises(NobodyFoundError, match=r"^Nobody was found at 5000,330 at 0 s in two\.mp4"):
        inspect(two_people, edits=Edits(lifter_at=Spot(5000, 330)), model="fast")


def test_nobody_there_is_one_sentence(two_people: Path) -> None:
    with pytest.raises(NobodyFoundError) as caught:
        followed_x(two_people, 5000.0)
    assert str(caught.value) == (
        "Nobody was found at 5000,330 at 0 s in two.mp4 (720 x 640 pixels, 1.6 s)."
    )


def test_the_report_says_so_and_the_track_is_kept_apart(two_people: Path, tmp_path: Path) -> None:
    settings, cache = TrackSettings(rate_hz=10), TrackCache(tmp_path)
    found = analyze(two_people, settings=settings, model="fast", cache=cache)
    assert found.tracked.people == 2
    (warning,) = [w for w in build_report(found).warnings if w.code == "several_people"]
    right = np.nanmedian(found.tracked.track.xy_px[..., 0]) > WIDTH
    assert f"followed the one on the {'right' if right else 'left'} at 0:0" in warning.message
    edits = Edits(lifter_at=Spot(1.5 * WIDTH, 330.0))
    told = analyze(two_people, edits=edits, settings=settings, model="fast", cache=cache)
    assert len([*tmp_path.iterdir()]) == 2
    report = build_report(told)
    assert report.by_hand == ["lifter"]
    assert report.formcheck.settings["lifter_at"] == {"x_px": 540.0, "y_px": 330.0, "t_s": 0.0}
    (warning,) = [w for w in report.warnings if w.code == "several_people"]
    assert warning.message.endswith("formcheck followed the one pointed at.")
    again = analyze(two_people, settings=told.settings, model="fast", cache=cache)
    assert len([*tmp_path.iterdir()]) == 2
    assert again.analysis.edits == edits


def test_tracks_without_a_point_are_found_as_before() -> None:
    """The key of a track that an earlier version kept."""
    assert "lifter_at" not in TrackSettings().facts()
    assert TrackSettings(lifter_at=Spot(1, 2)).facts()["lifter_at"]["x_px"] == 1
    keys = {track_key("v", "m", TrackSettings(lifter_at=at)) for at in (None, Spot(1, 2))}
    assert len(keys) == 2
