"""What finds and follows bodies in pictures, and which there are.

`formcheck.pose.follow` is formcheck's own; `formcheck.pose.reference` asks MediaPipe
and is there to be compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from formcheck.pose.model import PoseModel
    from formcheck.pose.subject import PersonPath, Sighting
    from formcheck.video.picture import Picture


class Engine(StrEnum):
    """What runs the networks.

    LITERT: formcheck itself, with LiteRT. MEDIAPIPE: MediaPipe (``formcheck[mediapipe]``),
    slower, as a reference.
    """

    LITERT = "litert"
    MEDIAPIPE = "mediapipe"


LOOK_EVERY_S = 0.75
"""How often everybody in the picture is looked for afresh."""
KEEP_FOLLOWING = 0.2
"""Presence below which a followed body counts as lost. Lower than the model's own 0.5:
behind a plate the body is often still followed rightly, while looking for it afresh
finds somebody else (0.78 to 0.94 of the frames of such a clip).
"""
MOST_PEOPLE = 4


@dataclass(frozen=True, eq=False)
class Followed:
    """One body through a clip.

    Attributes
    ----------
    sightings
        Of each picture, the body that was followed, if it was seen.
    looks
        Everybody in some of the pictures, looked for afresh.
    measured
        Pictures that the landmark network looked at. In the others, which lie between
        two of them, the body is where those two say.
    """

    sightings: Sequence[Sighting]
    looks: Sequence[Sighting]
    measured: int


class PoseEngine(Protocol):
    """Finds and follows bodies; all positions in pixels of the displayed picture."""

    def follow(self, pictures: Iterable[Picture], /) -> Followed:
        """Follow whoever is found first, and look at times for everybody else."""

    def follow_lifter(
        self, pictures: Iterable[Picture], lifter: PersonPath, people: int, /
    ) -> Followed:
        """Follow the one of several people whose path is known from looks.

        Sightings may hold others beside the lifter, and nobody is looked for afresh.
        """


def load_engine(engine: Engine, model: PoseModel) -> PoseEngine:
    """Get an engine ready.

    Raises
    ------
    MissingLibraryError
        If what it needs is not installed.
    ModelError
        If it cannot run the model.
    """
    if engine is Engine.MEDIAPIPE:
        from formcheck.pose.reference import MediaPipeEngine  # noqa: PLC0415 - rarely asked for

        return MediaPipeEngine(model)
    from formcheck.pose.follow import Follower  # noqa: PLC0415 - loads LiteRT

    return Follower(model)
