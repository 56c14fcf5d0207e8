"""Run the pose model over a video.

The usual clip shows one person, and then the model's own frame-to-frame
tracking is both the fastest and the steadiest. But it may have locked on to a
bystander, so every `SCOUT_EVERY_S` an independent look for everybody in the
picture is taken. When those looks find more than one person, the lifter is
chosen over the whole clip (`formcheck.pose.subject`), and only if the fast
track did not follow that lifter is the clip tracked again for several people.
"""

from __future__ import annotations

import math
import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from formcheck.errors import NobodyFoundError, UsageError
from formcheck.pose import landmarks, subject
from formcheck.pose.native import import_mediapipe, quiet_stderr
from formcheck.pose.subject import Person, Sighting
from formcheck.pose.track import PoseTrack
from formcheck.video import VideoInfo, VideoReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from formcheck.pose.model import PoseModel
    from formcheck.video import Frame

    Progress = Callable[[float, float | None], None]

TRACKER_VERSION = 2
"""Raised whenever the same video and settings would give another track."""
DEFAULT_RATE_HZ = 30.0
MAX_SIDE = 1280
"""Larger pictures are scaled down first: the model sees 256 px of a person."""
SCOUT_EVERY_S = 0.75
MAX_PEOPLE = 4
FOLLOWED = 0.85
"""Share of the looks in which the fast track must be on the lifter to be kept."""
KEEP_FOLLOWING = 0.2
"""Confidence below which a followed body counts as lost. Lower than the model's
own 0.5: behind a plate the body is often still followed rightly, while looking
for it afresh finds somebody else (0.78 to 0.94 of the frames of such a clip).
"""
QUEUE_FRAMES = 4


@dataclass(frozen=True)
class TrackSettings:
    """Everything, besides video and model, that a track depends on.

    Attributes
    ----------
    rate_hz
        About how many pictures a second are tracked.
    start_s, end_s
        Part of the clip, seconds; `end_s` may be infinite.
    """

    rate_hz: float = DEFAULT_RATE_HZ
    start_s: float = 0.0
    end_s: float = math.inf


@dataclass(frozen=True, eq=False)
class TrackedVideo:
    """A video and the lifter found in it.

    Attributes
    ----------
    video
        What was read.
    track
        The lifter's raw landmarks.
    people
        Most people seen at once, small ones in the background left out.
    switches
        How often the tracked body jumped to another place.
    """

    video: VideoInfo
    track: PoseTrack
    people: int
    switches: int


class PoseTracker:
    """Context manager around the native pose landmarker.

    Parameters
    ----------
    model
        The pose bundle.
    people
        Most people to look for.
    video
        True: follow bodies from picture to picture (times must increase).
        False: look at each picture afresh.
    """

    def __init__(self, model: PoseModel, *, people: int = 1, video: bool = True) -> None:
        self._model = model
        self._people = people
        self._video = video
        self._landmarker: Any = None
        self._last_ms = -1
        self._seen_anybody = False

    def __enter__(self) -> Self:
        self._mediapipe = import_mediapipe()
        tasks = self._mediapipe.tasks
        mode = tasks.vision.RunningMode.VIDEO if self._video else tasks.vision.RunningMode.IMAGE
        options = tasks.vision.PoseLandmarkerOptions(
            base_options=tasks.BaseOptions(model_asset_path=str(self._model.path)),
            running_mode=mode,
            num_poses=self._people,
            min_pose_presence_confidence=KEEP_FOLLOWING,
            min_tracking_confidence=KEEP_FOLLOWING,
        )
        with quiet_stderr():
            self._landmarker = tasks.vision.PoseLandmarker.create_from_options(options)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._landmarker.close()

    def detect(self, frame: Frame) -> list[Person]:
        """Everybody seen in one picture, in pixels of that picture."""
        picture = self._mediapipe.Image(
            image_format=self._mediapipe.ImageFormat.SRGB, data=frame.image
        )
        if self._seen_anybody:
            found = self._run(picture, frame.t_s)
        else:
            with quiet_stderr():  # each network chatters when it first runs
                found = self._run(picture, frame.t_s)
            self._seen_anybody = bool(found.pose_landmarks)
        height, width = frame.image.shape[:2]
        return [
            _person(image, world, (width, height))
            for image, world in zip(found.pose_landmarks, found.pose_world_landmarks, strict=True)
        ]

    def _run(self, picture: Any, t_s: float) -> Any:
        if not self._video:
            return self._landmarker.detect(picture)
        self._last_ms = max(self._last_ms + 1, round(t_s * 1000))
        return self._landmarker.detect_for_video(picture, self._last_ms)


def _person(image: Any, world: Any, size: tuple[int, int]) -> Person:
    xy = np.array([(mark.x, mark.y) for mark in image]) * size
    return Person(
        xy_px=xy,
        world_m=np.array([(mark.x, mark.y, mark.z) for mark in world]),
        visibility=np.array([mark.visibility for mark in image]),
    )


def track_video(
    path: Path,
    model: PoseModel,
    settings: TrackSettings | None = None,
    *,
    progress: Progress | None = None,
) -> TrackedVideo:
    """Find and follow the lifter through a video.

    Parameters
    ----------
    path
        The video file.
    model
        The pose bundle.
    settings
        Sampling rate and part of the clip.
    progress
        Called with the seconds done and the expected total (or None).

    Raises
    ------
    VideoError
        If the video cannot be read.
    NobodyFoundError
        If nobody is seen in it.
    UsageError
        If the clip has no picture in the asked part.
    """
    settings = settings or TrackSettings()
    sightings, looks, info, scale = _fast_pass(path, model, settings, progress)
    people = subject.significant_people(looks)
    if people == 0:
        # What the fast pass may have followed is a shape that no fresh look confirms.
        raise NobodyFoundError(f"Nobody was found in {path.name}.")
    if people > 1:
        lifter = subject.choose_lifter(subject.link(looks))
        sightings = subject.follow(sightings, lifter)
        if np.mean([bool(s.people) for s in sightings]) < FOLLOWED:
            crowd = _crowd_pass(path, model, settings, min(people, MAX_PEOPLE), progress)
            sightings = subject.follow(crowd, lifter)
    track = _to_track(sightings, scale, (info.width, info.height))
    if not track.tracked.any():
        raise NobodyFoundError(f"Nobody was found in {path.name}.")
    return TrackedVideo(info, track, people, len(subject.jump_frames(track)))


def _fast_pass(
    path: Path, model: PoseModel, settings: TrackSettings, progress: Progress | None
) -> tuple[list[Sighting], list[Sighting], VideoInfo, float]:
    """Single-person tracking, with regular looks for everybody else."""
    sightings, looks = [], []
    next_look = -math.inf
    with (
        VideoReader(path, max_side=MAX_SIDE) as reader,
        PoseTracker(model) as tracker,
        PoseTracker(model, people=MAX_PEOPLE, video=False) as scout,
    ):
        for frame in _decoded_ahead(reader, settings):
            sightings.append(Sighting(frame.t_s, tuple(tracker.detect(frame))))
            if frame.t_s >= next_look:
                looks.append(Sighting(frame.t_s, tuple(scout.detect(frame))))
                next_look = frame.t_s + SCOUT_EVERY_S
            scale = reader.display_wh[0] / frame.image.shape[1]
            _report(progress, reader, frame.t_s, settings)
        info = reader.info()
    if not sightings:
        raise UsageError(
            f"{path.name} lasts {info.duration_s:.1f} s: there is no picture in the part asked for."
        )
    return sightings, looks, info, scale


def _crowd_pass(
    path: Path,
    model: PoseModel,
    settings: TrackSettings,
    people: int,
    progress: Progress | None,
) -> list[Sighting]:
    with (
        VideoReader(path, max_side=MAX_SIDE) as reader,
        PoseTracker(model, people=people) as tracker,
    ):
        sightings = []
        for frame in _decoded_ahead(reader, settings):
            sightings.append(Sighting(frame.t_s, tuple(tracker.detect(frame))))
            _report(progress, reader, frame.t_s, settings)
    return sightings


def _report(
    progress: Progress | None, reader: VideoReader, t_s: float, settings: TrackSettings
) -> None:
    if progress is not None:
        total = reader.estimated_duration_s()
        end = settings.end_s if total is None else min(total, settings.end_s)
        span = end - settings.start_s
        progress(t_s - settings.start_s, span if math.isfinite(span) else None)


def _decoded_ahead(reader: VideoReader, settings: TrackSettings) -> Iterator[Frame]:
    """Decode in a second thread, a few pictures ahead of the tracker."""
    ready: queue.Queue[Frame | BaseException | None] = queue.Queue(QUEUE_FRAMES)
    stop = threading.Event()

    def offer(item: Frame | BaseException | None) -> None:
        while not stop.is_set():
            try:
                return ready.put(item, timeout=0.1)
            except queue.Full:
                continue
        return None

    def decode() -> None:
        try:
            for frame in reader.frames(
                rate_hz=settings.rate_hz, start_s=settings.start_s, end_s=settings.end_s
            ):
                offer(frame)
                if stop.is_set():
                    return
            offer(None)
        except BaseException as error:  # noqa: BLE001 - raised again in the consumer
            offer(error)

    thread = threading.Thread(target=decode, name="decode", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        thread.join()


def _to_track(sightings: list[Sighting], scale: float, frame_wh: tuple[int, int]) -> PoseTrack:
    frames = len(sightings)
    xy = np.full((frames, landmarks.COUNT, 2), np.nan)
    world = np.full((frames, landmarks.COUNT, 3), np.nan)
    visibility = np.zeros((frames, landmarks.COUNT))
    for number, sighting in enumerate(sightings):
        if sighting.people:
            person = sighting.people[0]
            xy[number] = person.xy_px * scale
            world[number] = person.world_m
            visibility[number] = person.visibility
    return PoseTrack(np.array([s.t_s for s in sightings]), xy, world, visibility, frame_wh)
