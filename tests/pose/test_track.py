from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from formcheck.pose import landmarks
from formcheck.pose.track import PoseTrack
from tests.helpers.skeleton import STANDING, clock, film, without

FRAMES = 6
T_S = np.arange(FRAMES) / 30


def track_of(**changes: object) -> PoseTrack:
    random = np.random.default_rng(0)
    arrays: dict[str, object] = {
        "t_s": T_S.copy(),
        "xy_px": random.uniform(0, 100, (FRAMES, 33, 2)),
        "world_m": random.normal(size=(FRAMES, 33, 3)),
        "visibility": random.uniform(size=(FRAMES, 33)),
        "frame_wh": (100, 80),
    }
    return PoseTrack(**(arrays | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"xy_px": np.zeros((FRAMES, 33, 3))}, r"xy_px: expected shape \(6, 33, 2\)"),
        ({"xy_px": np.zeros((FRAMES - 1, 33, 2))}, "xy_px"),
        ({"world_m": np.zeros((FRAMES, 32, 3))}, "world_m"),
        ({"visibility": np.zeros((FRAMES, 33, 1))}, "visibility"),
        ({"t_s": T_S[:, None]}, "t_s: expected shape"),
        ({"t_s": T_S[::-1].copy()}, "strictly increasing"),
        ({"t_s": np.array([0.0, 1.0, 1.0, 2.0, 3.0, 4.0])}, "strictly increasing"),
        ({"t_s": np.array([0.0, 1.0, np.nan, 2.0, 3.0, 4.0])}, "finite"),
        ({"t_s": np.array([0.0, 1.0, 2.0, 3.0, 4.0, np.inf])}, "finite"),
        ({"frame_wh": (0, 80)}, "frame_wh"),
        ({"frame_wh": (100, -1)}, "frame_wh"),
    ],
)
def test_what_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        track_of(**changes)


def test_read_only() -> None:
    track = track_of()
    for name in ("t_s", "xy_px", "world_m", "visibility"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(track, name)[0] = 1.0
    with pytest.raises(FrozenInstanceError):
        track.frame_wh = (1, 1)  # type: ignore[misc]


def test_the_callers_arrays_stay_the_callers() -> None:
    xy = np.zeros((2 * FRAMES, 33, 2))
    track = track_of(xy_px=xy[:FRAMES])
    xy[:] = 7.0
    assert (track.xy_px == 0.0).all()
    own = np.zeros((FRAMES, 33, 2))
    track_of(xy_px=own)
    own[0] = 1.0


def test_a_read_only_view_of_what_others_write_to_is_copied() -> None:
    xy = np.zeros((FRAMES, 33, 2))
    view = xy.view()
    view.flags.writeable = False
    held = bytearray(np.zeros((FRAMES, 33, 2)).tobytes())
    buffer = np.frombuffer(held).reshape((FRAMES, 33, 2))
    buffer.flags.writeable = False
    tracks = track_of(xy_px=view), track_of(xy_px=buffer)
    xy[:] = 7.0
    held[:] = np.full((FRAMES, 33, 2), 7.0).tobytes()
    assert all((track.xy_px == 0.0).all() for track in tracks)


def test_what_nobody_writes_to_is_shared() -> None:
    track = track_of()
    assert np.shares_memory(track.select(slice(2, 4)).xy_px, track.xy_px)


@pytest.mark.parametrize("frames", [0, 1])
def test_very_short(frames: int) -> None:
    track = track_of().select(slice(0, frames))
    assert len(track) == frames
    assert np.isnan(track.rate_hz)


def test_rate_is_the_usual_one() -> None:
    times = np.cumsum([0.0, 0.04, 0.04, 0.9, 0.04, 0.04])
    assert track_of(t_s=times).rate_hz == pytest.approx(25.0)


def test_points_by_name() -> None:
    track = track_of()
    np.testing.assert_array_equal(track.point("nose"), track.xy_px[:, 0])
    np.testing.assert_array_equal(track.point("hip", "right"), track.xy_px[:, 24])
    np.testing.assert_allclose(track.middle("hip"), track.xy_px[:, [23, 24]].mean(axis=1))
    with pytest.raises(KeyError):
        track.point("hip")


def test_tracked_frames() -> None:
    track = without(film(clock(2.0), STANDING), 0.5, 1.0)
    gone = (track.t_s >= 0.5) & (track.t_s < 1.0)
    np.testing.assert_array_equal(track.tracked, ~gone)
    one_hidden = without(film(clock(2.0), STANDING), 0.5, 1.0, [landmarks.NOSE])
    assert one_hidden.tracked.all()


def test_select_and_replace() -> None:
    track = track_of()
    odd = track.select(np.arange(FRAMES) % 2 == 1)
    np.testing.assert_array_equal(odd.t_s, T_S[1::2])
    np.testing.assert_array_equal(odd.visibility, track.visibility[1::2])
    moved = track.with_arrays(xy_px=track.xy_px + 1)
    np.testing.assert_array_equal(moved.xy_px, track.xy_px + 1)
    np.testing.assert_array_equal(moved.world_m, track.world_m)
    with pytest.raises(ValueError, match="xy_px"):
        track.with_arrays(xy_px=track.xy_px[:2])


def test_mirror_pairs() -> None:
    mirror = np.array(landmarks.MIRROR)
    np.testing.assert_array_equal(mirror[mirror], np.arange(landmarks.COUNT))
    assert mirror[landmarks.NOSE] == landmarks.NOSE
    assert (mirror == np.arange(landmarks.COUNT)).sum() == 1
    for name in ("ear", "shoulder", "wrist", "hip", "foot_index"):
        assert mirror[landmarks.index(name, "left")] == landmarks.index(name, "right")
