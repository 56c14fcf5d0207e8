"""The times of a clip's pictures, from the stamps that their container gives them.

Stamps are seconds on the file's own clock, which may start anywhere, leap, start anew, go
astray for a picture or be missing. A clip's clock starts at 0 with its first picture and
only ever goes on: where the file's leaps or starts anew it is joined, a usual step on, and
what follows keeps the intervals that the file gives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from formcheck.signals import RunningMedian

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Item = TypeVar("Item")

LEAP_S = 600.0
"""Nobody pauses for longer within a set: a clock that leaps so far was set, not waited for."""
LEAP_STEPS = 100
"""Nor is it a leap unless it is so many times longer than from picture to picture."""
RESTART_S = 1.0
"""A clock that goes back so far and on from there was started anew; less is disorder."""


@dataclass(frozen=True)
class Piece:
    """A part of a clip in which the file's clock runs on.

    Attributes
    ----------
    t_s
        Clip seconds at its first picture.
    file_s
        The file's clock there, seconds.
    """

    t_s: float
    file_s: float


class Clock:
    """Turns stamps into strictly increasing seconds from 0.

    Parameters
    ----------
    fallback_step_s
        From picture to picture while no stamps tell, file seconds.
    pace
        Seconds of the file that pass in one of the clip: 4 where the file shows four times as
        slowly what was filmed.

    Attributes
    ----------
    last_s
        Time of the last picture, clip seconds; None before the first.
    intervals
        Those between two good stamps, clip seconds.
    rebuilt
        Pictures whose stamps told nothing.
    file_s
        The file's clock at the last picture, seconds; None before a stamp was good.
    pieces
        Parts in which the file's clock runs on; more than one where it was joined.
    """

    def __init__(self, fallback_step_s: float, pace: float = 1.0) -> None:
        self.pace = pace
        self.last_s: float | None = None
        self.intervals: list[float] = []
        self.rebuilt = 0
        self.pieces: list[Piece] = []
        self.file_s: float | None = None
        self._usual = RunningMedian()
        self._step_s = fallback_step_s / pace

    def timed(self, stamped: Iterable[tuple[float | None, Item]]) -> Iterator[tuple[float, Item]]:
        """Items with clip seconds instead of their stamps; each waits for the one after it."""
        waiting: tuple[float | None, Item] | None = None
        for now in stamped:
            if waiting is not None:
                yield self.tick(waiting[0], now[0]), waiting[1]
            waiting = now
        if waiting is not None:
            yield self.tick(waiting[0]), waiting[1]

    def tick(self, stamp: float | None, after: float | None = None, /) -> float:
        """Clip seconds of the next picture.

        Parameters
        ----------
        stamp
            Its stamp, file seconds; None if it has none.
        after
            The stamp of the picture after it, which tells a clock that was set from a
            stamp that went astray.
        """
        last_s, file_s = self.last_s, self.file_s
        step_s = self._step_before(after)
        now_s = 0.0 if last_s is None else last_s + step_s
        if stamp is None:
            self.rebuilt += 1
            self.file_s = None if file_s is None else file_s + step_s * self.pace
        elif file_s is None or last_s is None:
            self._join(now_s, stamp)
        elif self._is_astray(stamp - file_s, None if after is None else after - file_s):
            self.rebuilt += 1
            self.file_s = file_s + step_s * self.pace
        elif self._is_set(stamp - file_s):
            self._step_s, self._usual = self.step_s, RunningMedian()
            self._join(now_s, stamp)
        else:
            passed_s = (stamp - file_s) / self.pace
            now_s = last_s + passed_s
            self.intervals.append(passed_s)
            self._usual.add(passed_s)
            self.file_s = stamp
        self.last_s = now_s
        return now_s

    def _step_before(self, after: float | None) -> float:
        """A usual step, but at most half the way to the stamp of the picture after the next."""
        if after is None or self.file_s is None or after <= self.file_s:
            return self.step_s
        return min(self.step_s, (after - self.file_s) / self.pace / 2)

    def _join(self, now_s: float, stamp: float) -> None:
        self.pieces.append(Piece(now_s, stamp))
        self.file_s = stamp

    def _is_set(self, forward_s: float) -> bool:
        """Whether the file's clock did not run from one good stamp to the next."""
        return forward_s <= 0 or forward_s > max(LEAP_S, LEAP_STEPS * self.step_s * self.pace)

    def _is_astray(self, forward_s: float, after_s: float | None) -> bool:
        """Whether a stamp, so far beyond the last good one, is wrong, and the next one is not."""
        if forward_s > 0:
            return after_s is not None and 0 < after_s < forward_s
        goes_on = after_s is None or forward_s < after_s <= 0
        return not (goes_on and -forward_s > RESTART_S)

    @property
    def step_s(self) -> float:
        """Usual time between two pictures, clip seconds."""
        return self._usual.value if self._usual else self._step_s

    @property
    def duration_s(self) -> float:
        """From the first to the end of the last picture so far, clip seconds."""
        return (self.last_s or 0.0) + self.step_s
