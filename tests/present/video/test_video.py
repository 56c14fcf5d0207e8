"""Annotated videos: their times and sizes, and what is drawn where and when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from formcheck.errors import UsageError
from formcheck.pose.landmarks import SIDES, index
from formcheck.pose.tracker import TrackSettings
from formcheck.present.video import canvas
from formcheck.present.video.replay import AROUND_S, SLOWER
from formcheck.present.video.video import AnnotateSettings, Artist, write_annotated
from formcheck.video import VideoReader

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from formcheck import ClipAnalysis

    Image = NDArray[np.uint8]


def stamps(path: str | Path) -> list[float]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    return [float((f.pts - frames[0].pts) * f.time_base) for f in frames]  # type: ignore[operator]


def size_of(path: Path) -> tuple[int, int]:
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        return context.width, context.height


def artist(clip: ClipAnalysis, **how: bool) -> Artist:
    video = clip.tracked.video
    return Artist(clip, (video.width, video.height), AnnotateSettings(**how))


def blank(clip: ClipAnalysis) -> Image:
    return np.full((clip.tracked.video.height, clip.tracked.video.width, 3), 120, np.uint8)


def changed(image: Image, at: NDArray[np.float64], radius: int = 4) -> bool:
    x, y = (round(float(value)) for value in at)
    part = image[max(0, y - radius) : y + radius, max(0, x - radius) : x + radius]
    return bool((part != 120).any())


@pytest.fixture(scope="module")
def drawn(uneven: ClipAnalysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The row with what is drawn on it, alone in its folder."""
    out = tmp_path_factory.mktemp("drawn") / "out.mp4"
    write_annotated(uneven, out)
    return out


def test_every_picture_keeps_its_time(uneven: ClipAnalysis, drawn: Path) -> None:
    assert uneven.tracked.video.variable_frame_rate
    source = stamps(uneven.tracked.video.path)
    assert stamps(drawn) == pytest.approx(source, abs=1 / 90_000)
    assert [p.name for p in drawn.parent.iterdir()] == ["out.mp4"]


def test_a_clip_stored_sideways_is_upright(turned: ClipAnalysis, tmp_path: Path) -> None:
    write_annotated(turned, tmp_path / "out.mp4", settings=AnnotateSettings(height=320))
    assert size_of(tmp_path / "out.mp4") == (180, 320)


def test_only_the_part_that_was_tracked(faulty: ClipAnalysis, tmp_path: Path) -> None:
    part = replace(faulty, settings=TrackSettings(start_s=2.0, end_s=3.0))
    write_annotated(part, tmp_path / "out.mp4", settings=AnnotateSettings(height=240))
    times = stamps(tmp_path / "out.mp4")
    assert times[0] == 0
    assert times[-1] == pytest.approx(1.0, abs=0.05)


def test_replays_make_the_video_longer(faulty: ClipAnalysis, tmp_path: Path) -> None:
    how = AnnotateSettings(height=240, slow_faults=True)
    moments = artist(faulty).story.replays
    assert 1 <= len(moments) <= 3
    write_annotated(faulty, tmp_path / "out.mp4", settings=how)
    source, times = stamps(faulty.tracked.video.path), stamps(tmp_path / "out.mp4")
    longer = len(moments) * 2 * AROUND_S * SLOWER
    assert times[-1] - source[-1] == pytest.approx(longer, abs=0.5)
    assert np.diff(times).min() > 0
    assert np.diff(times).max() < 0.3


def test_the_clip_is_not_replaced(faulty: ClipAnalysis, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"precious")
    video = replace(faulty.tracked.video, path=str(clip))
    own = replace(faulty, tracked=replace(faulty.tracked, video=video))
    (tmp_path / "link.mp4").symlink_to(clip)
    for out in (clip, tmp_path / "link.mp4"):
        with pytest.raises(UsageError, match="clip itself"):
            write_annotated(own, out)
    assert clip.read_bytes() == b"precious"


def test_an_interrupted_run_leaves_nothing(faulty: ClipAnalysis, tmp_path: Path) -> None:
    def stop(done_s: float, _: float | None) -> None:
        if done_s > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_annotated(faulty, tmp_path / "sub" / "out.mp4", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_drawing_is_at_the_joints_and_nowhere_else(faulty: ClipAnalysis) -> None:
    one = artist(faulty)
    image, motion = blank(faulty), faulty.analysis.motion
    frame = next(n for n, t_s in enumerate(motion.t_s) if n >= 20 and not one.story.shown(t_s))
    one.draw(image, float(motion.t_s[frame]))
    for joint in ("hip", "knee", "ankle", "shoulder"):
        at = motion.track.point(joint, motion.view.near_side)[frame]
        assert changed(image, at), joint
    drawn = np.argwhere((image != 120).any(axis=2))
    panel = one.layout.reps.box.grown(2)
    body = motion.track.xy_px[frame]
    low, high = np.nanmin(body, axis=0) - 90, np.nanmax(body, axis=0) + 90
    for y, x in drawn[::7]:
        on_panel = panel.left <= x <= panel.right and panel.top <= y <= panel.bottom
        assert on_panel or (low[0] <= x <= high[0] and low[1] <= y <= high[1])


def test_nobody_tracked_nothing_drawn(faulty: ClipAnalysis) -> None:
    motion = faulty.analysis.motion
    gone = motion.track.xy_px.copy()
    gone[50:90] = np.nan
    clean = replace(motion.clean, track=motion.track.with_arrays(xy_px=gone))
    analysis = replace(faulty.analysis, motion=replace(motion, clean=clean))
    one, image = artist(replace(faulty, analysis=analysis)), blank(faulty)
    t_s = float(motion.t_s[70])
    box = one.layout.reps.box
    one.draw(image, t_s)
    image[int(box.top) - 1 : int(box.bottom) + 2, int(box.left) - 1 : int(box.right) + 2] = 120
    for message in one.layout.messages, one.layout.replay:
        if message is not None:
            b = message.box
            image[int(b.top) - 1 : int(b.bottom) + 2, int(b.left) - 1 : int(b.right) + 2] = 120
    assert (image == 120).all()


def test_messages_appear_only_around_their_moment(faulty: ClipAnalysis) -> None:
    one = artist(faulty)
    place = one.layout.messages
    assert place is not None
    box = place.box

    def filled(t_s: float) -> bool:
        image = blank(faulty)
        one.draw(image, t_s)
        part = image[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
        return float((part != 120).any(axis=2).mean()) > 0.2

    first = one.story.messages[0]
    assert "Back parallel to the shins" in {m.title for m in one.story.messages}
    assert not filled(first.at_s - 0.15)
    assert filled(first.at_s)
    assert filled(first.at_s + 1.4)
    last = max(m.end_s for m in one.story.messages)
    assert not filled(last + 0.05)


def test_the_head_is_made_unrecognisable(faulty: ClipAnalysis) -> None:
    one = artist(faulty, blur_face=True)
    rng = np.random.default_rng(0)
    motion = faulty.analysis.motion
    frame = 30
    noise = rng.integers(0, 256, blank(faulty).shape, dtype=np.uint8)
    image = noise.copy()
    assert one._face is not None
    one._face.cover(image, float(motion.t_s[frame]))
    ear = motion.track.point("ear", motion.view.near_side)[frame]
    x, y = (round(float(v)) for v in ear)
    head = (slice(y - 6, y + 6), slice(x - 6, x + 6))
    assert noise[head].std() > 60
    assert np.abs(np.diff(image[head].astype(int), axis=1)).max() < 8
    hip = motion.track.xy_px[frame, index("hip", "left")]
    x, y = (round(float(v)) for v in hip)
    legs = (slice(y - 6, y + 6), slice(x - 6, x + 6))
    assert (image[legs] == noise[legs]).all()


def test_the_head_stays_covered_near_gaps(faulty: ClipAnalysis) -> None:
    track = faulty.tracked.track
    xy = track.xy_px.copy()
    xy[60:] = np.nan
    tracked = replace(faulty.tracked, track=track.with_arrays(xy_px=xy))
    one = artist(replace(faulty, tracked=tracked), blur_face=True)
    assert one._face is not None
    end_s = float(track.t_s[59])
    for t_s, covered in ((end_s + 0.45, True), (end_s + 0.6, False)):
        image = np.random.default_rng(0).integers(0, 256, blank(faulty).shape, dtype=np.uint8)
        before = image.copy()
        one._face.cover(image, t_s)
        assert bool((image != before).any()) is covered


def test_pictures_that_were_drawn_on_differ_from_the_clip(
    uneven: ClipAnalysis, drawn: Path
) -> None:
    with VideoReader(uneven.tracked.video.path) as a, VideoReader(drawn) as b:
        pairs = list(zip(a.frames(), b.frames(), strict=True))
    first, second = pairs[60]
    difference = np.abs(first.image.astype(int) - second.image).max(axis=2)
    motion = uneven.analysis.motion
    frame = int(np.argmin(np.abs(motion.t_s - first.t_s)))
    x, y = (round(float(v)) for v in motion.track.point("hip", motion.view.near_side)[frame])
    assert difference[y - 5 : y + 5, x - 5 : x + 5].max() > 60
    assert np.median(difference) <= 4


def test_no_number_stands_at_a_limb_or_trunk_that_is_a_guess(
    faulty: ClipAnalysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    motion = faulty.analysis.motion
    turn = faulty.analysis.reps[0].rep.cycle.turn
    knee = f"{motion.angles[f'knee_flexion_{motion.view.near_side}'][turn]:.0f}°"

    def numbers(guess: str | None) -> set[str]:
        error_px = np.zeros_like(motion.clean.error_px)
        if guess is not None:
            error_px[:, [index(guess, side) for side in SIDES]] = 0.3 * motion.trunk_px
        moved = replace(motion, clean=replace(motion.clean, error_px=error_px))
        clip = replace(faulty, analysis=replace(faulty.analysis, motion=moved))
        drawer, words = artist(clip), set[str]()
        monkeypatch.setattr(canvas, "haloed", lambda *told, **_: words.add(told[1]))
        drawer.draw(blank(clip), float(motion.t_s[turn]))
        return {word for word in words if word.endswith("°")}

    sure = numbers(None)
    lean = {word for word in sure if word.startswith("lean")}
    assert knee in sure
    assert lean
    assert numbers("wrist") == sure
    assert numbers("ankle") == sure - {knee}
    assert not numbers("shoulder") & lean
    assert knee in numbers("shoulder")


def test_a_limb_that_is_not_believed_is_drawn_thin_and_faint(faulty: ClipAnalysis) -> None:
    motion = faulty.analysis.motion
    t_s = float(motion.t_s[0])
    side = motion.view.near_side
    ends = [motion.track.xy_px[0, index(name, side)] for name in ("knee", "ankle")]
    doubted = [index(name, s) for name in ("knee", "ankle") for s in SIDES]

    def shin(error_trunks: float) -> tuple[int, int]:
        """How many pixels of the shin's middle change clearly, and how much the most changed."""
        error_px = np.zeros_like(motion.clean.error_px)
        error_px[:, doubted] = error_trunks * motion.trunk_px
        moved = replace(motion, clean=replace(motion.clean, error_px=error_px))
        clip = replace(faulty, analysis=replace(faulty.analysis, motion=moved))
        image = artist(clip).draw(blank(clip), t_s)
        (x, y), reach = (ends[0] + ends[1]) / 2, 24
        part = image[int(y) - reach : int(y) + reach, int(x) - reach : int(x) + reach].astype(int)
        change = np.abs(part - 120).max(axis=2)
        return int((change > 40).sum()), int(change.max())

    (sure, clearly), (guess, faintly) = shin(0.03), shin(0.2)
    assert 0 < guess < 0.75 * sure  # the far shin is beside it
    assert faintly < 0.8 * clearly
