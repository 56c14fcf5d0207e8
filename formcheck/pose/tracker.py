"""Run the pose networks over a video.

The usual clip shows one person, and then following that body from picture to picture
is both the fastest and the steadiest. But it may be a bystander's, so every
`LOOK_EVERY_S` an independent look for everybody in the picture is taken. When those
looks find more than one person, the lifter is chosen over the whole clip
(`formcheck.pose.subject`), and only if another body was followed is the clip gone
through again.
"""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from formcheck.errors import NobodyFoundError, UsageError
from formcheck.pose import landmarks, subject
from formcheck.pose.engine import MOST_PEOPLE, Engine, load_engine
from formcheck.pose.subject import Sighting
from formcheck.pose.track import PoseTrack
from formcheck.video import VideoInfo, VideoReader
from formcheck.video.ahead import ahead
from formcheck.video.shots import Shots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from formcheck.edits import Spot
    from formcheck.pose.engine import Followed
    from formcheck.pose.model import PoseModel
    from formcheck.pose.subject import PersonPath
    from formcheck.video.picture import Picture

    Progress = Callable[[float, float | None], None]

TRACKER_VERSION = 6
"""Raised whenever the same video and settings would give another track."""
DEFAULT_RATE_HZ = 30.0
FOLLOWED = 0.95
"""Share of the looks in which the fast track must be on the lifter to be kept."""
QUEUE_PICTURES = 4


@dataclass(frozen=True)
class TrackSettings:
    """Everything, besides video and model, that a track depends on.

    Attributes
    ----------
    rate_hz
        About how many pictures a second are tracked.
    start_s, end_s
        Part of the clip, seconds; `end_s` may be infinite.
    engine
        What runs the networks.
    lifter_at
        Where whom to follow is seen; None to tell by who lifts.
    slow_motion
        How many times as slow as what was filmed the clip plays; None for what the file tells.
    turned
        Quarter turns counter-clockwise that pictures need beyond what the file tells.
    """

    rate_hz: float = DEFAULT_RATE_HZ
    start_s: float = 0.0
    end_s: float = math.inf
    engine: Engine = Engine.LITERT
    lifter_at: Spot | None = None
    slow_motion: float | None = None
    turned: int = 0

    def facts(self) -> dict[str, Any]:
        """All of it as plain data; what was not there in earlier versions only where it is set."""
        facts = asdict(self)
        for name, unset in (("lifter_at", None), ("slow_motion", None), ("turned", 0)):
            if facts[name] == unset:
                del facts[name]
        return facts


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
    measured
        Pictures of the track that the landmark network looked at; the others lie between
        two of them.
    """

    video: VideoInfo
    track: PoseTrack
    people: int
    switches: int
    measured: int


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
        Sampling rate, part of the clip and engine.
    progress
        Called with the seconds done and the expected total (or None).

    Raises
    ------
    VideoError
        If the video cannot be read.
    NobodyFoundError
        If nobody is seen in it, or nobody where the lifter should be.
    UsageError
        If the clip has no picture in the asked part.
    """
    settings = settings or TrackSettings()
    engine = load_engine(settings.engine, model)
    with _Pictures(path, settings, progress) as pictures:
        followed = engine.follow(pictures)
        info, cuts_s = pictures.reader.info(), pictures.shots.cuts_s
    if not followed.sightings:
        raise UsageError(
            f"{path.name} lasts {info.duration_s:.1f} s: there is no frame in the part asked for."
        )

    def again(lifter: PersonPath, people: int) -> Followed:
        with _Pictures(path, settings, progress) as pictures:
            return engine.follow_lifter(pictures, lifter, people)

    spot = settings.lifter_at
    if spot is not None and settings.turned:
        spot = _turned(spot, settings.turned, (info.width, info.height))
    people, followed = lifter_of(followed, again, spot)
    track = to_track(followed.sightings, (info.width, info.height), cuts_s=cuts_s)
    if not track.tracked.any():
        size = info.width, info.height
        raise NobodyFoundError(nobody(settings.lifter_at, path.name, size, info.duration_s))
    switches = len(subject.jump_frames(track))
    return TrackedVideo(info, track, people, switches, followed.measured)


def _turned(spot: Spot, turns: int, size: tuple[int, int]) -> Spot:
    """A point of a picture that was turned so many quarters counter-clockwise to this size."""
    width, height = size
    x_px, y_px = {
        1: (spot.y_px, height - spot.x_px),
        2: (width - spot.x_px, height - spot.y_px),
        3: (width - spot.y_px, spot.x_px),
    }[turns % 4]
    return replace(spot, x_px=max(0.0, x_px), y_px=max(0.0, y_px))


def lifter_of(
    followed: Followed,
    again: Callable[[PersonPath, int], Followed],
    spot: Spot | None = None,
    /,
) -> tuple[int, Followed]:
    """How many people there are, and the lifter followed; nobody if no fresh look shows a body.

    Parameters
    ----------
    followed
        Whoever was followed first.
    again
        Goes through the clip again and follows the lifter among so many people.
    spot
        Where the lifter is seen; None to tell by who lifts.
    """
    people = subject.significant_people(followed.looks)
    if people == 1 and spot is None:
        return 1, followed
    lifter = None
    if people > 0:  # otherwise what was followed is a shape
        paths = subject.link(followed.looks)
        lifts = subject.choose_lifter(paths, followed.sightings)
        lifter = lifts if spot is None else subject.choose_at(paths, spot)
    if lifter is None:
        nobody = [Sighting(s.t_s, ()) for s in followed.sightings]
        return people, replace(followed, sightings=nobody)
    sightings = subject.follow(followed.sightings, lifter)
    if np.mean([bool(s.people) for s in sightings]) < FOLLOWED:
        # Whom somebody points at may be small, and one of those who do not count.
        followed = again(lifter, people if spot is None else MOST_PEOPLE)
        sightings = subject.follow(followed.sightings, lifter)
    return people, replace(followed, sightings=sightings)


def nobody(spot: Spot | None, name: str, size: tuple[int, int], duration_s: float | None, /) -> str:
    """That nobody is in a clip, or nobody at a point of it."""
    if spot is None:
        return f"Nobody could be followed in {name}."
    lasts = "" if duration_s is None else f", {duration_s:.1f} s"
    return (
        f"Nobody was found at {spot.x_px:g},{spot.y_px:g} at {spot.t_s:g} s in {name} "
        f"({size[0]} x {size[1]} pixels{lasts})."
    )


class _Pictures:
    """Context manager: a clip's sampled pictures, decoded ahead in a second thread."""

    def __init__(self, path: Path, settings: TrackSettings, progress: Progress | None) -> None:
        self.reader = VideoReader(path, pace=settings.slow_motion, turned=settings.turned)
        self.shots = Shots()
        self._settings = settings
        self._progress = progress
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(self.reader)
        pictures = self.reader.pictures(
            rate_hz=self._settings.rate_hz,
            start_s=self._settings.start_s,
            end_s=self._settings.end_s,
        )
        passing = self.shots.passing(pictures)
        self._ready = self._stack.enter_context(ahead(passing, most=QUEUE_PICTURES))
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stack.close()

    def __iter__(self) -> Iterator[Picture]:
        for picture in self._ready:
            yield picture
            self._report(picture.t_s)

    def _report(self, t_s: float) -> None:
        if self._progress is None:
            return
        total, settings = self.reader.estimated_duration_s(), self._settings
        end = settings.end_s if total is None else min(total, settings.end_s)
        span = end - settings.start_s
        self._progress(t_s - settings.start_s, span if math.isfinite(span) else None)


def to_track(
    sightings: Sequence[Sighting],
    frame_wh: tuple[int, int],
    /,
    *,
    cuts_s: tuple[float, ...] = (),
) -> PoseTrack:
    """The track of who was followed."""
    frames = len(sightings)
    xy = np.full((frames, landmarks.COUNT, 2), np.nan)
    world = np.full((frames, landmarks.COUNT, 3), np.nan)
    visibility = np.zeros((frames, landmarks.COUNT))
    certainty = np.full((frames, landmarks.COUNT), np.nan)
    for number, sighting in enumerate(sightings):
        if sighting.people:
            person = sighting.people[0]
            xy[number] = person.xy_px
            world[number] = person.world_m
            visibility[number] = person.visibility
            certainty[number] = person.certainty
    times = np.array([s.t_s for s in sightings])
    return PoseTrack(times, xy, world, visibility, frame_wh, certainty, cuts_s)
