"""What finds and follows bodies in pictures, which there are, and how native code is kept quiet.

`formcheck.pose.follow` is formcheck's own; `formcheck.pose.reference` asks MediaPipe
and is there to be compared with.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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


_ONE_AT_A_TIME = threading.Lock()
"""Of two threads that swap the descriptor at once, one would put the sink back."""


def mute_native_stderr() -> None:
    """Send what native code writes to file descriptor 2 to nowhere, for good.

    For programs that own their process: native threads may log at any
    time, also while it is being shut down. Python's own standard error keeps
    its way out through a copy of the descriptor. Does nothing where standard
    error has been replaced, as in tests.
    """
    own = sys.__stderr__
    if own is None or sys.stderr is not own:
        return
    own.flush()
    copy = os.fdopen(os.dup(2), "w", buffering=1, encoding=own.encoding, errors=own.errors)
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 2)
    os.close(sink)
    sys.stderr = copy


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Drop what native code writes to file descriptor 2 in the meantime.

    LiteRT and MediaPipe log start-up chatter before any of their own switches
    can silence it. Python exceptions are not affected.
    """
    with _ONE_AT_A_TIME, ExitStack() as restored:
        if sys.stderr is not None:
            sys.stderr.flush()
        with suppress(OSError):  # where standard error is closed there is nothing to drop
            saved = os.dup(2)
            restored.callback(os.close, saved)
            restored.callback(os.dup2, saved, 2)
            sink = os.open(os.devnull, os.O_WRONLY)
            restored.callback(os.close, sink)
            os.dup2(sink, 2)
        yield
