"""Who in the picture is the lifter? Pure functions on what was seen.

A *sighting* is everybody found in one picture. Sightings are linked into
paths, one per person, and the lifter is the one whose body goes up and down or
whose arms pull, who is large in the picture and who stays: chosen once, over
the whole clip, never frame by frame.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose import landmarks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formcheck.edits import Spot
    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]

BACKGROUND = 0.4
"""People smaller than this share of the largest person do not count."""
REPEATED = 0.15
"""Share of the looks in which a second person must be there to count."""
SAME_PLACE = 1.0
"""Two sightings within this many body sizes can be the same person."""
NEAR = 0.6
"""A sighting further than this many body sizes from the lifter's path is somebody else."""
FOLLOWED_GAIN = 1.25
"""Somebody else must score so many times as much as who was followed already."""
AROUND = 0.25
"""So many body sizes around the landmarks' box belong to a body: hair, hands, shoes."""
UNSEEN_S = 1.6
"""So long before and after it was seen a body is taken to be where it was: two looks."""
JUMP = 0.6
"""A body centre that moves further than this many body sizes between two
neighbouring frames has jumped."""

_TORSO = [landmarks.index(name, side) for name in ("shoulder", "hip") for side in landmarks.SIDES]
_HIPS = [landmarks.index("hip", side) for side in landmarks.SIDES]
_SHOULDERS = [landmarks.index("shoulder", side) for side in landmarks.SIDES]
_WRISTS = [landmarks.index("wrist", side) for side in landmarks.SIDES]


@dataclass(frozen=True, eq=False)
class Person:
    """One person in one picture.

    `xy_px` (33, 2), `world_m` (33, 3), `visibility` and `certainty` (33,); an engine that
    tells no certainty leaves it NaN.
    """

    xy_px: Floats
    world_m: Floats
    visibility: Floats
    certainty: Floats = field(default_factory=lambda: np.full(landmarks.COUNT, np.nan))

    @property
    def centre(self) -> Floats:
        """Middle of the torso, shape (2,), pixels."""
        return np.asarray(self.xy_px[_TORSO].mean(axis=0))

    @property
    def size(self) -> float:
        """Diagonal of the box around the torso and head, pixels.

        Limbs are left out, so that it changes little during a repetition.
        """
        torso = self.xy_px[[landmarks.NOSE, *_TORSO]]
        return float(np.linalg.norm(np.ptp(torso, axis=0)))


@dataclass(frozen=True, eq=False)
class Sighting:
    """Everybody seen at one time."""

    t_s: float
    people: tuple[Person, ...]


@dataclass(eq=False)
class PersonPath:
    """One person over several sightings.

    Attributes
    ----------
    seen
        Sighting number to the person as seen there.
    clock
        Times of all sightings, seconds.
    """

    seen: dict[int, Person]
    clock: Floats

    def nearest(self, number: int) -> Person:
        """The person as last (or first) seen around a sighting number."""
        return self.seen[min(self.seen, key=lambda other: abs(other - number))]

    def expected(self, t_s: float) -> tuple[Floats, float]:
        """Where the torso should be at a time, and how large: centre (2,) and size, pixels."""
        numbers = sorted(self.seen)
        times = self.clock[numbers]
        centres = np.array([self.seen[n].centre for n in numbers])
        sizes = np.array([self.seen[n].size for n in numbers])
        centre = np.array([np.interp(t_s, times, centres[:, axis]) for axis in range(2)])
        return centre, float(np.interp(t_s, times, sizes))

    def distance(self, person: Person, t_s: float) -> float:
        """How far somebody is from where this person should be at a time, in body sizes.

        Before the first and after the last sighting the person may have moved: a distance
        counts half there.
        """
        seen_s = self.clock[[min(self.seen), max(self.seen)]]
        known = 1.0 if seen_s[0] <= t_s <= seen_s[1] else 0.5
        return known * _apart(person.centre, person.size, *self.expected(t_s))

    def away(self, point: Floats, t_s: float) -> float:
        """How far a point (2,) is from the torso at a time, in body sizes.

        Infinite outside of the box around the body, and while the person was not seen for long.
        """
        t_s = max(t_s, float(self.clock[0]))
        number = min(self.seen, key=lambda other: abs(self.clock[other] - t_s))
        if abs(self.clock[number] - t_s) > UNSEEN_S:
            return np.inf
        centre, size = self.expected(t_s)
        own = self.seen[number]
        body = own.xy_px + (centre - own.centre)
        margin = AROUND * size
        inside = (body.min(axis=0) - margin <= point) & (point <= body.max(axis=0) + margin)
        return float(np.linalg.norm(point - centre)) / max(size, 1e-6) if inside.all() else np.inf


def significant_people(looks: Sequence[Sighting]) -> int:
    """How many people, not counting the background, repeatedly share the picture."""
    counts = []
    for look in looks:
        sizes = [person.size for person in look.people]
        if sizes:
            counts.append(sum(size >= BACKGROUND * max(sizes) for size in sizes))
    if not counts:
        return 0
    several = [count for count in counts if count > 1]
    return max(several) if len(several) >= max(2, REPEATED * len(counts)) else 1


def link(looks: Sequence[Sighting]) -> list[PersonPath]:
    """Join sightings into one path per person, in the order of their first sighting."""
    clock = np.array([s.t_s for s in looks])
    paths: list[PersonPath] = []
    for number, sighting in enumerate(looks):
        people = list(sighting.people)
        for path, person in _pairs(paths, people, number):
            path.seen[number] = person
            people.remove(person)
        paths.extend(PersonPath({number: person}, clock) for person in people)
    return paths


def follow(sightings: Sequence[Sighting], lifter: PersonPath) -> list[Sighting]:
    """The same sightings with only the lifter left in them.

    Of the people in each, the one nearest to where the lifter's path passes is
    kept, if near enough; otherwise nobody.
    """
    kept = []
    for sighting in sightings:
        options = [
            (lifter.distance(person, sighting.t_s), order)
            for order, person in enumerate(sighting.people)
        ]
        near = [order for apart, order in sorted(options)[:1] if apart < NEAR]
        kept.append(Sighting(sighting.t_s, tuple(sighting.people[order] for order in near)))
    return kept


def _pairs(
    paths: Sequence[PersonPath], people: Sequence[Person], number: int
) -> list[tuple[PersonPath, Person]]:
    if not paths or not people:
        return []
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to load, rarely used

    cost = np.array([[_distance(path.nearest(number), p) for p in people] for path in paths])
    rows, columns = linear_sum_assignment(cost)
    return [
        (paths[row], people[column])
        for row, column in zip(rows, columns, strict=True)
        if cost[row, column] < SAME_PLACE
    ]


def _distance(first: Person, second: Person) -> float:
    return _apart(first.centre, first.size, second.centre, second.size)


def _apart(centre: Floats, size: float, other: Floats, other_size: float) -> float:
    """Distance of two torsos in body sizes, a difference of size included."""
    larger, smaller = max(size, other_size, 1e-6), max(min(size, other_size), 1e-6)
    apart = float(np.linalg.norm(centre - other)) / larger
    return apart + 0.5 * float(np.log(larger / smaller))


def choose_lifter(paths: Sequence[PersonPath], followed: Sequence[Sighting] = ()) -> PersonPath:
    """The path of the person who lifts.

    Parameters
    ----------
    paths
        Everybody.
    followed
        Sightings of the body that was followed already. Of two who lift about as much,
        it is kept.

    Notes
    -----
    The score is the product of how long the person is there, how large, and
    how much body and arms move up and down. One who walks through or watches
    may be larger or move more, but rarely scores on all three.
    """
    largest = max(_median_size(path) for path in paths)
    longest = max(len(path.seen) for path in paths)

    def score(path: PersonPath) -> float:
        size = _median_size(path) / largest
        known = FOLLOWED_GAIN if _is_followed(path, followed) else 1.0
        return known * len(path.seen) / longest * size * (0.1 + _lifting_motion(path))

    return max(paths, key=score)


def choose_at(paths: Sequence[PersonPath], spot: Spot) -> PersonPath | None:
    """The path of the person who is at a point of the picture; None if nobody is.

    Of several whose boxes hold the point, the one whose torso is nearest.
    """
    point = np.array([spot.x_px, spot.y_px])
    near = [(path, path.away(point, spot.t_s)) for path in paths]
    path, away = min(near, key=lambda one: one[1], default=(None, np.inf))
    return path if away < np.inf else None


def _is_followed(path: PersonPath, followed: Sequence[Sighting]) -> bool:
    """Whether a path is that of the body that was followed, most of the time."""
    near = [path.distance(s.people[0], s.t_s) < NEAR for s in followed if s.people]
    return bool(near) and sum(near) > len(near) / 2


def _median_size(path: PersonPath) -> float:
    return float(np.median([person.size for person in path.seen.values()]))


def _lifting_motion(path: PersonPath) -> float:
    """Vertical travel of hips, shoulders and wrists-to-shoulders, in body sizes (at most 1.5)."""
    people = [path.seen[number] for number in sorted(path.seen)]
    if len(people) < 3:
        return 0.0
    heights = np.array(
        [
            (
                person.xy_px[_HIPS, 1].mean(),
                person.xy_px[_SHOULDERS, 1].mean(),
                person.xy_px[_WRISTS, 1].mean() - person.xy_px[_SHOULDERS, 1].mean(),
            )
            for person in people
        ]
    )
    low, high = np.percentile(heights, [10, 90], axis=0)
    return min(1.5, float((high - low).max()) / max(_median_size(path), 1e-6))


def jump_frames(track: PoseTrack) -> list[int]:
    """Frames at which the tracked body has leapt to another place since the frame before."""
    centre = track.xy_px[:, _TORSO].mean(axis=1)
    size = np.linalg.norm(np.ptp(track.xy_px[:, [landmarks.NOSE, *_TORSO]], axis=1), axis=1)
    known = np.flatnonzero(np.isfinite(centre).all(axis=1))
    if len(known) < 2:
        return []
    steps = np.linalg.norm(np.diff(centre[known], axis=0), axis=1)
    short = np.diff(track.t_s[known]) < 0.25
    reference = np.maximum(size[known][1:], size[known][:-1])
    return [int(n) for n in known[1:][(steps > JUMP * reference) & short]]
