"""Follow the lifter through a few short parts of a clip: enough to see how it is filmed.

How restless a landmark's path is tells whether it is believed (`formcheck.pose.belief`), so
single pictures say little: each part is followed as a clip is, picture by picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import NobodyFoundError
from formcheck.pose.engine import Engine, Followed, load_engine
from formcheck.pose.subject import Sighting
from formcheck.pose.tracker import DEFAULT_RATE_HZ, QUEUE_PICTURES, lifter_of, nobody, to_track
from formcheck.video import VideoReader
from formcheck.video.ahead import ahead
from formcheck.video.light import light_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from formcheck.edits import Spot
    from formcheck.pose.model import PoseModel
    from formcheck.pose.subject import PersonPath
    from formcheck.pose.track import PoseTrack
    from formcheck.pose.tracker import Progress
    from formcheck.video.light import Light
    from formcheck.video.picture import Picture

PARTS, PART_S = 2, 6.0
"""So many parts, so long that a whole repetition lies in each: what hides a body part counts
while something is judged. A clip up to twelve seconds is looked at as a whole."""
LIT = 6
"""So many pictures are looked at for their light."""


@dataclass(frozen=True, eq=False)
class Glimpses:
    """What was seen of a clip in a few short parts.

    Attributes
    ----------
    track
        The lifter's raw landmarks. Between two parts lies one frame without anybody, so
        that nothing is smoothed from one to the next.
    spans
        First and last frame of each part.
    people
        Most people seen at once, small ones in the background left out.
    rate_hz
        Pictures a second by the clip's own time stamps, sampled or not.
    duration_s
        What the file says it lasts; None if it does not.
    """

    track: PoseTrack
    spans: tuple[tuple[int, int], ...]
    people: int
    rate_hz: float
    duration_s: float | None


def glimpse(
    path: Path,
    model: PoseModel,
    /,
    *,
    engine: Engine = Engine.LITERT,
    progress: Progress | None = None,
    lifter_at: Spot | None = None,
) -> Glimpses:
    """Find and follow the lifter in a few short parts of a clip.

    Parameters
    ----------
    path
        The video file.
    model
        The pose bundle.
    engine
        What runs the networks.
    progress
        Called with the seconds looked at and those in all.
    lifter_at
        Where whom to follow is seen, which is looked at; None to tell by who lifts.

    Raises
    ------
    VideoError
        If the video cannot be read.
    NobodyFoundError
        If nobody is seen in it, or nobody where the lifter should be.
    """
    runner = load_engine(engine, model)
    at_s = None if lifter_at is None else lifter_at.t_s
    seen = _Parts.of(path, runner.follow, progress, at_s)

    def again(lifter: PersonPath, people: int) -> Followed:
        def follow(pictures: Iterable[Picture]) -> Followed:
            return runner.follow_lifter(pictures, lifter, people)

        return _Parts.of(path, follow, progress, at_s).joined()

    people, followed = lifter_of(seen.joined(), again, lifter_at)
    track = to_track(followed.sightings, seen.frame_wh)
    if not track.tracked.any():
        raise NobodyFoundError(nobody(lifter_at, path.name, seen.frame_wh, seen.duration_s))
    return Glimpses(track, seen.spans(), people, seen.rate_hz, seen.duration_s)


@dataclass(frozen=True, eq=False)
class _Parts:
    """What was followed in each part, and what the file says of itself."""

    found: Sequence[Followed]
    frame_wh: tuple[int, int]
    rate_hz: float
    duration_s: float | None

    @classmethod
    def of(
        cls,
        path: Path,
        follow: Callable[[Iterable[Picture]], Followed],
        progress: Progress | None,
        at_s: float | None,
    ) -> _Parts:
        """Go through a clip's parts; through its beginning where they cannot be reached."""
        with VideoReader(path) as reader:
            duration_s = reader.estimated_duration_s()
            found = []
            for number, (start_s, end_s) in enumerate(parts_of(duration_s, at_s)):
                if progress is not None:
                    progress(number * PART_S, PARTS * PART_S)
                with ahead(
                    reader.part(start_s, end_s, rate_hz=DEFAULT_RATE_HZ), most=QUEUE_PICTURES
                ) as pictures:
                    found.append(follow(pictures))
            found = [part for part in found if part.sightings]
            if not found:
                found = [follow(reader.pictures(rate_hz=DEFAULT_RATE_HZ, end_s=PARTS * PART_S))]
            return cls(found, reader.display_wh, reader.rate_hz, duration_s)

    def joined(self) -> Followed:
        """All parts, with a sighting of nobody between two of them."""
        sightings: list[Sighting] = []
        for part in self.found:
            if sightings:
                between_s = (sightings[-1].t_s + part.sightings[0].t_s) / 2
                sightings.append(Sighting(between_s, ()))
            sightings += part.sightings
        looks = [look for part in self.found for look in part.looks]
        return Followed(sightings, looks, sum(part.measured for part in self.found))

    def spans(self) -> tuple[tuple[int, int], ...]:
        """First and last frame of each part when they are joined."""
        ends = np.cumsum([len(part.sightings) + 1 for part in self.found]) - 2
        starts = [0, *(ends[:-1] + 2)]
        return tuple((int(a), int(b)) for a, b in zip(starts, ends, strict=True))


def parts_of(duration_s: float | None, at_s: float | None = None, /) -> list[tuple[float, float]]:
    """Start and end of each part, seconds: spread evenly, or all of a short clip.

    A time that has to be among them moves the nearest part as far as it takes.

    >>> parts_of(5.0)
    [(0.0, inf)]
    >>> parts_of(60.0)
    [(12.0, 18.0), (42.0, 48.0)]
    >>> parts_of(60.0, 0.0), parts_of(60.0, 35.0)
    ([(0.0, 6.0), (42.0, 48.0)], [(12.0, 18.0), (35.0, 41.0)])
    """
    if duration_s is None:
        return [(0.0, PARTS * PART_S)]
    if duration_s <= PARTS * PART_S:
        return [(0.0, math.inf)]
    starts = [(number + 0.5) * duration_s / PARTS - PART_S / 2 for number in range(PARTS)]
    if at_s is not None:
        reach = [min(max(start, at_s - PART_S), at_s) for start in starts]
        nearest = min(range(PARTS), key=lambda number: abs(reach[number] - starts[number]))
        starts[nearest] = reach[nearest]
    return [(start, start + PART_S) for start in starts]


def look_at_light(clip: VideoReader, track: PoseTrack, /) -> Light | None:
    """How the body looks in a few pictures; None where they cannot be read singly."""
    return None if not track.tracked.any() else _light_at(clip, track, _spread(track))


def _spread(track: PoseTrack) -> Sequence[int]:
    known = np.flatnonzero(np.isfinite(track.xy_px).all(axis=(1, 2)))
    places = (np.arange(LIT) + 0.5) * len(known) / LIT
    return sorted({int(known[int(place)]) for place in places})


def _light_at(clip: VideoReader, track: PoseTrack, frames: Sequence[int]) -> Light | None:
    by_time = {float(track.t_s[frame]): track.xy_px[frame] for frame in frames}
    with clip as reader:
        pictures = reader.pictures_at(by_time)
        return light_of((picture, by_time[picture.t_s]) for picture in pictures)
