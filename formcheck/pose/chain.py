"""Follow one body from picture to picture, and look at times for everybody.

A chain has a link every `LINK_S`: where a body is looked for in one link comes from the
link before. What lies between two links is a `Gap`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose.engine import KEEP_FOLLOWING, LOOK_EVERY_S, MOST_PEOPLE
from formcheck.pose.subject import NEAR, Person, Sighting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from formcheck.pose.blazepose.detector import Detection, Detector
    from formcheck.pose.blazepose.landmarker import Body, Landmarker
    from formcheck.pose.blazepose.region import Region
    from formcheck.video.picture import Picture

LINK_S = 0.11
"""A picture is a link of the chain when so much time has passed since the last: every
fourth at 30 Hz. A lifter moves by a tenth of the region in it at most."""
OFF_CENTRE = 0.03
"""A body that left the middle of its region by more than this share is measured again, from
where it is. A region that lags behind a moving body makes the way up look unlike the way
down: with 0.12 lean gained on the way up scattered by 3.4 degrees on rendered squats,
with this by 1.1 (MediaPipe, which lags by a picture: 1.4)."""
LEAST_PRESENCE = 0.5
"""Presence from which somebody found by a fresh look counts (the model's own)."""
SAME_BODY = 0.15
"""Two regions whose middles lie within this share of their side hold the same body."""
ELSEWHERE = 0.5
"""Two regions further apart than this share of their side are of two scenes: what lies
between them in time lies not between them in the picture."""


@dataclass(eq=False)
class Seen:
    """A picture's time and, once known, the body in it.

    `skipped` pictures are not looked at. One that `begins_shot` has nothing in common with
    the one before.
    """

    t_s: float
    body: Body | None = None
    later: Future[Body | None] | None = None
    skipped: bool = False
    begins_shot: bool = False

    def settle(self) -> None:
        """Wait for a body that another core measures."""
        if self.later is not None:
            self.body, self.later = self.later.result(), None


@dataclass(frozen=True, eq=False)
class Gap:
    """The pictures between two links of the chain, the second of which may be missing."""

    pictures: Sequence[Picture]
    before: Seen
    after: Seen | None

    def region_at(self, t_s: float) -> Region | None:
        """Where the body is at a time, as far as it was seen at the ends."""
        ends = [
            (seen.t_s, seen.body.region)
            for seen in (self.before, self.after)
            if seen is not None and seen.body is not None and seen.body.region is not None
        ]
        if len(ends) < 2:
            return ends[0][1] if ends else None
        (start_s, start), (end_s, end) = ends
        if not same_place(start, end, ELSEWHERE):
            return start if t_s - start_s < end_s - t_s else end
        return start.between(end, (t_s - start_s) / (end_s - start_s))


def anybody(person: Person, t_s: float) -> float:  # noqa: ARG001 - any will do
    """How far somebody is from whom to follow, when that may be anybody."""
    return 0.0


@dataclass(eq=False)
class Chain:
    """One body followed from picture to picture, and looks at everybody.

    Attributes
    ----------
    distance
        How far a person at a time is from whom to follow, in body sizes; from
        `subject.NEAR` on it is somebody else.
    """

    detector: Detector
    landmarker: Landmarker
    distance: Callable[[Person, float], float]
    look_every_s: float = LOOK_EVERY_S
    next_look_s: float = -np.inf
    links: list[Seen] = field(default_factory=list)
    looks: list[Sighting] = field(default_factory=list)

    def gaps(self, pictures: Iterable[Picture]) -> Iterator[Gap]:
        """Follow a chain through pictures; what lies between its links is given out.

        While the body is not seen, every picture is a link. When it was lost between
        two links, the pictures between them become links too. Nobody is followed into
        another shot.
        """
        waiting: list[Picture] = []
        last = Seen(-np.inf)
        for picture in pictures:
            if picture.begins_shot:
                yield Gap(waiting, last, None)
                waiting, last = [], self._linked(picture, self.step(picture, afresh=True))
                continue
            if last.body is not None and picture.t_s - last.t_s < LINK_S:
                waiting.append(picture)
                continue
            body = self.step(picture)
            if body is None and waiting:
                for missed in (*waiting, picture):
                    last = self._linked(missed, self.step(missed))
            else:
                link = self._linked(picture, body)
                yield Gap(waiting, last, link)
                last = link
            waiting = []
        yield Gap(waiting, last, None)

    def _linked(self, picture: Picture, body: Body | None) -> Seen:
        self.links.append(Seen(picture.t_s, body, begins_shot=picture.begins_shot))
        return self.links[-1]

    def step(self, picture: Picture, *, afresh: bool = False) -> Body | None:
        """The body in the next picture, where it was last seen unless looked for afresh."""
        due = afresh or picture.t_s >= self.next_look_s
        looking = self.look_every_s < np.inf and due
        last = self.links[-1].body if self.links and not afresh else None
        region = None if last is None else last.region
        body = None if region is None else self._followed(picture, region)
        found = self.detector.find(picture) if body is None or looking else []
        if body is None:
            body = self._afresh(picture, found)
        if looking:
            self.looks.append(Sighting(picture.t_s, tuple(self._everybody(picture, found, body))))
            self.next_look_s = picture.t_s + self.look_every_s
        return body

    def _followed(self, picture: Picture, region: Region) -> Body | None:
        """The body in a region, which is moved after it if it has gone far."""
        body = self._accepted(picture, region)
        if body is None or body.region is None or same_place(region, body.region, OFF_CENTRE):
            return body
        return self._accepted(picture, body.region) or body

    def _accepted(self, picture: Picture, region: Region) -> Body | None:
        body = self.landmarker.measure(picture, region)
        there = body.presence >= KEEP_FOLLOWING
        return body if there and self._distance(body, picture.t_s) < NEAR else None

    def _distance(self, body: Body, t_s: float) -> float:
        return self.distance(person_of(body), t_s)

    def _afresh(self, picture: Picture, found: Sequence[Detection]) -> Body | None:
        """The body to follow among those that were detected: the nearest, then the surest."""
        bodies = [
            body
            for detection in found[: self._tries]
            if detection.region is not None
            and (body := self._accepted(picture, detection.region)) is not None
        ]
        return min(bodies, key=lambda b: self._distance(b, picture.t_s), default=None)

    @property
    def _tries(self) -> int:
        return 1 if self.distance is anybody else MOST_PEOPLE

    def _everybody(
        self, picture: Picture, found: Sequence[Detection], followed: Body | None
    ) -> Iterator[Person]:
        """Who was detected; a body that is known already is not measured again."""
        known = [] if followed is None else [followed]
        told = 0
        for detection in found[:MOST_PEOPLE]:
            region = detection.region
            if region is None:
                continue
            same = next((b for b in known if b.region and same_place(region, b.region)), None)
            if same is None:
                body = self.landmarker.measure(picture, region)
                if body.presence < LEAST_PRESENCE:
                    continue
                known.append(body)
                yield person_of(body)
            elif same is followed and not told:
                told += 1
                yield person_of(same)


def same_place(one: Region, other: Region, share: float = SAME_BODY) -> bool:
    """Whether two regions' middles lie within a share of their side."""
    apart = float(np.linalg.norm(one.centre - other.centre))
    return apart < share * max(one.side, other.side)


def person_of(body: Body) -> Person:
    """A body as the stages after tracking know it."""
    return Person(body.xy_px, body.world_m, body.visibility, body.certainty)
