"""Follow one body through a clip with formcheck's own networks, on every core.

Where a body is looked for in one picture comes from the picture before, so following
seems to allow only one core. Here only a picture every tenth of a second is followed
so: a chain (`formcheck.pose.chain`). The pictures between two links are looked at where
the body stood in both, weighted by time. That needs no order, so other cores do it
meanwhile (`formcheck.pose.between`). What comes out is the same on any number of cores,
and the pictures between are framed without lag.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import numpy as np

from formcheck.machine import usable_cores
from formcheck.pose.between import Between, sightings, with_quick
from formcheck.pose.blazepose.detector import Detector
from formcheck.pose.blazepose.landmarker import Landmarker
from formcheck.pose.blazepose.network import Network
from formcheck.pose.chain import Chain, anybody
from formcheck.pose.engine import KEEP_FOLLOWING, Followed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.pose.blazepose.landmarker import Body
    from formcheck.pose.blazepose.region import Region
    from formcheck.pose.model import PoseModel
    from formcheck.pose.subject import PersonPath
    from formcheck.video.picture import Picture

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
