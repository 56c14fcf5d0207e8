"""Follow one body through a clip with formcheck's own networks, on every core.

Where a body is looked for in one picture comes from the picture before, so following
seems to allow only one core. Here only a picture every tenth of a second is followed
so: a chain (`formcheck.pose.chain`). The pictures between two links are looked at where
the body stood in both, weighted by time. That needs no order, so other cores do it
meanwhile. What comes out is the same on any number of cores,
and the pictures between are framed without lag.

Where the body neither turns nor starts nor stops, two looks every `CALM_S` tell as much
as more of them; a picture between those two gets the body from between them.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.machine import usable_cores
from formcheck.pose import landmarks
from formcheck.pose.blazepose.detector import Detector
from formcheck.pose.blazepose.landmarker import Landmarker
from formcheck.pose.blazepose.network import Network
from formcheck.pose.blazepose.smooth import (
    PICTURE_EDGE_HZ,
    PICTURE_RISE,
    WORLD_EDGE_HZ,
    WORLD_RISE,
    smooth,
)
from formcheck.pose.chain import Chain, Seen, anybody, person_of
from formcheck.pose.engine import KEEP_FOLLOWING, Followed
from formcheck.pose.subject import NEAR, Person, Sighting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from formcheck.pose.blazepose.landmarker import Body
    from formcheck.pose.blazepose.region import Region
    from formcheck.pose.chain import Gap
    from formcheck.pose.model import PoseModel
    from formcheck.pose.subject import PersonPath
    from formcheck.video.picture import Picture

    Floats = NDArray[np.float64]

CALM_S = 0.07
"""Where the body moves evenly, looks lie so far apart: every second picture at 30 Hz, each
one up to 25 Hz."""
EVEN = 0.1
"""Share of `CALM_S` by which time stamps may be off."""
TURNING = 0.08
"""The body turns, starts or stops quickly where joints' paths bend, from link to link, by
so much of the region's side (its second difference: about 10 m/s^2; noise alone makes
0.01 to 0.03). Up to there, what lies between two looks `CALM_S` apart is off by a
thirty-second of this at most: 0.6 of the network's pixels, less than a landmark's noise."""
TOGETHER = 3
"""So many joints bend in a movement, those of a limb at least; fewer that jump are hidden
or mistaken, which more looks would not mend."""
WAITING = 8
"""Pictures that wait for a core before no more are taken: memory does not grow."""
JOINTS = [
    landmarks.index(name, side)
    for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    for side in landmarks.SIDES
]


def with_quick(gaps: Iterable[Gap]) -> Iterator[tuple[Gap, bool]]:
    """Gaps, each with whether the body turns, starts or stops at one of its ends."""
    held: Gap | None = None
    earlier: Seen | None = None
    for gap in gaps:
        if held is not None:
            yield held, _bends(earlier, held.before, held.after, gap.after)
            earlier = held.before
        held = gap
    if held is not None:
        yield held, _bends(earlier, held.before, held.after, None)


def _bends(earlier: Seen | None, before: Seen, after: Seen | None, later: Seen | None) -> bool:
    """Whether the body turns at one of the two inner links; unknown counts as yes."""
    chain = [None if seen is None else seen.body for seen in (earlier, before, after, later)]
    if chain[1] is None or chain[2] is None or chain[1].region is None:
        return True
    least = TURNING * chain[1].region.side
    for first, middle, last in (chain[:3], chain[1:]):
        if first is None or middle is None or last is None:
            continue
        bend = (first.xy_px - 2 * middle.xy_px + last.xy_px)[JOINTS]
        if np.sort(np.linalg.norm(bend, axis=1))[-TOGETHER] > least:
            return True
    return False


def enough(gap: Gap) -> set[int]:
    """Numbers of the pictures that are looked at when the body moves evenly.

    As few as leave no more than `CALM_S` between two looks.
    """
    if gap.after is None:
        return set(range(len(gap.pictures)))
    most_s = CALM_S * (1 + EVEN)
    wanted, looked_s = set(), gap.before.t_s
    times = [picture.t_s for picture in gap.pictures]
    for number, (t_s, next_s) in enumerate(pairwise([*times, gap.after.t_s])):
        if next_s - looked_s > most_s:
            wanted.add(number)
            looked_s = t_s
    return wanted


@dataclass(eq=False)
class Between:
    """Has the pictures of gaps measured, here or on other cores."""

    measure: Callable[[Picture, Region], Body | None]
    pool: Executor | None
    seen: list[Seen] = field(default_factory=list)
    unsettled: deque[Seen] = field(default_factory=deque)

    def fill(self, gap: Gap, *, quick: bool) -> None:
        """Measure the pictures of a gap: all of them, or enough of them."""
        wanted = set(range(len(gap.pictures))) if quick else enough(gap)
        for number, picture in enumerate(gap.pictures):
            seen = Seen(picture.t_s, skipped=number not in wanted)
            self.seen.append(seen)
            region = None if seen.skipped else gap.region_at(picture.t_s)
            if region is None:
                continue
            if self.pool is None:
                seen.body = self.measure(picture, region)
                continue
            seen.later = self.pool.submit(self.measure, picture, region)
            self.unsettled.append(seen)
            if len(self.unsettled) > WAITING:
                self.unsettled.popleft().settle()

    def settled(self) -> list[Seen]:
        """All of them, measured."""
        for seen in self.unsettled:
            seen.settle()
        return self.seen


def sightings(found: Sequence[Seen], distance: Callable[[Person, float], float]) -> list[Sighting]:
    """Of each picture the body, if it is the one to follow, smoothed over time."""
    people: list[Person | None] = []
    for seen in found:
        person = None if seen.body is None else person_of(seen.body)
        near = person is not None and distance(person, seen.t_s) < NEAR
        people.append(person if near else None)
    for number, seen in enumerate(found):
        if seen.skipped:
            people[number] = _between_looks(found, people, number)
    sides = [seen.body.region.side for seen in found if seen.body and seen.body.region]
    times = np.array([seen.t_s for seen in found])
    side = float(np.median(sides)) if sides else 1.0
    starts = [0, *(number for number, seen in enumerate(found) if number and seen.begins_shot)]
    people = [
        person
        for first, end in pairwise([*starts, len(found)])
        for person in _smoothed(times[first:end], people[first:end], side)
    ]
    return [
        Sighting(seen.t_s, () if person is None else (person,))
        for seen, person in zip(found, people, strict=True)
    ]


def _between_looks(
    found: Sequence[Seen], people: Sequence[Person | None], number: int
) -> Person | None:
    """The body in a picture that was skipped, from the looks before and after it."""
    before = next(n for n in range(number - 1, -1, -1) if not found[n].skipped)
    after = next(n for n in range(number + 1, len(found)) if not found[n].skipped)
    first, last = people[before], people[after]
    if first is None or last is None:
        return None
    start_s, end_s = found[before].t_s, found[after].t_s
    share = (found[number].t_s - start_s) / (end_s - start_s)
    return Person(
        first.xy_px + share * (last.xy_px - first.xy_px),
        first.world_m + share * (last.world_m - first.world_m),
        first.visibility + share * (last.visibility - first.visibility),
        first.certainty + share * (last.certainty - first.certainty),
    )


def _smoothed(t_s: Floats, people: Sequence[Person | None], side: float) -> list[Person | None]:
    nobody = np.full((landmarks.COUNT, 2), np.nan), np.full((landmarks.COUNT, 3), np.nan)
    places = [nobody if p is None else (p.xy_px, p.world_m) for p in people]
    if not places:
        return []
    xy, world = (np.array(part) for part in zip(*places, strict=True))
    xy = smooth(t_s, xy, edge_hz=PICTURE_EDGE_HZ, rise=PICTURE_RISE, unit=side)
    world = smooth(t_s, world, edge_hz=WORLD_EDGE_HZ, rise=WORLD_RISE)
    return [
        None
        if person is None
        else Person(xy[number], world[number], person.visibility, person.certainty)
        for number, person in enumerate(people)
    ]


MOST_CORES = 8
"""More gain nothing: the pictures that must come in order are the slowest part then."""


class Follower:
    """Finds and follows bodies (a `PoseEngine`).

    Parameters
    ----------
    model
        The pose bundle.
    cores
        On how many cores; None for those this process may use. The result does not
        depend on it.

    Raises
    ------
    MissingLibraryError
        If LiteRT is not installed.
    ModelError
        If the bundle's networks are not BlazePose's.
    """

    def __init__(self, model: PoseModel, *, cores: int | None = None) -> None:
        detector, self._landmarks = model.networks()
        self._detector = Detector(Network(detector))
        self._landmarker = Landmarker(Network(self._landmarks))
        self._cores = min(MOST_CORES, usable_cores()) if cores is None else cores
        self._own = threading.local()

    def follow(self, pictures: Iterable[Picture], /) -> Followed:
        """Follow whoever is found first, and look at times for everybody else."""
        chain = Chain(self._detector, self._landmarker, anybody)
        return self._through(pictures, chain)

    def follow_lifter(
        self,
        pictures: Iterable[Picture],
        lifter: PersonPath,
        people: int,  # noqa: ARG002 - only the lifter is followed
        /,
    ) -> Followed:
        """Follow the one of several people whose path is known from looks."""
        chain = Chain(self._detector, self._landmarker, lifter.distance, look_every_s=np.inf)
        return self._through(pictures, chain)

    def _through(self, pictures: Iterable[Picture], chain: Chain) -> Followed:
        with ExitStack() as stack:
            pool = None
            if self._cores > 1:
                pool = stack.enter_context(ThreadPoolExecutor(self._cores - 1, "pose"))
            between = Between(self._between, pool)
            for gap, quick in with_quick(chain.gaps(pictures)):
                between.fill(gap, quick=quick)
            found = sorted([*chain.links, *between.settled()], key=lambda seen: seen.t_s)
        measured = sum(not seen.skipped for seen in found)
        return Followed(sightings(found, chain.distance), chain.looks, measured)

    def _between(self, picture: Picture, region: Region) -> Body | None:
        """The body in a picture between two followed ones."""
        if not hasattr(self._own, "landmarker"):
            self._own.landmarker = Landmarker(Network(self._landmarks))
        body: Body = self._own.landmarker.measure(picture, region)
        return body if body.presence >= KEEP_FOLLOWING else None
