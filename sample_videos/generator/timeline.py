"""When each rep starts, turns and ends, and how far along it is at any time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_videos.generator.vec import smooth

if TYPE_CHECKING:
    from sample_videos.generator.spec import MotionSpec


@dataclass(frozen=True)
class Rep:
    """Times of one rep, s: start, arrival at and departure from the far end, end."""

    start: float
    far: float
    leave: float
    end: float


@dataclass(frozen=True)
class Moment:
    """Where in the set a time is.

    Attributes
    ----------
    phase
        0 at the start position, 1 at the far end.
    direction
        +1 on the way out, -1 on the way back, 0 at rest.
    rep
        Number of the rep, from 0; during rests that of the rep before.
    progress
        Share of the current way that has passed in time.
    """

    phase: float
    direction: int
    rep: int
    progress: float


class Timeline:
    """Reps with slightly varying tempo.

    Parameters
    ----------
    spec
        Tempo and number of reps.
    stall
        How much the last part of the way out is drawn out; from 1 on it only takes longer.
    stalled
        Reps (from 0) that stall.
    slowing
        Share of the speed on the way out that is lost from the first rep to the last.
    """

    def __init__(
        self,
        spec: MotionSpec,
        stall: float = 0.0,
        stalled: frozenset[int] = frozenset(),
        slowing: float = 0.0,
    ) -> None:
        rng = np.random.default_rng(spec.seed)
        self._stall, self._stalled = stall, stalled
        self.reps: list[Rep] = []
        now, tempo = spec.lead_s, spec.tempo
        for number in range(spec.reps):
            out, hold, back, rest = np.maximum(0.3, 1 + spec.tempo_jitter * rng.normal(size=4))
            slower = 1 + 0.8 * stall if number in stalled else 1.0
            slower /= 1 - slowing * number / max(spec.reps - 1, 1)
            far = now + tempo.out * out * slower
            leave = far + tempo.hold * hold
            end = leave + tempo.back * back
            self.reps.append(Rep(now, far, leave, end))
            now = end + tempo.rest * rest
        self.duration = self.reps[-1].end + spec.lead_s

    def at(self, t: float) -> Moment:
        """State at a time, s."""
        current = 0
        for number, rep in enumerate(self.reps):
            if t < rep.start:
                break
            current = number
            if t < rep.far:
                u = (t - rep.start) / (rep.far - rep.start)
                return Moment(self._way_out(u, number), 1, number, u)
            if t < rep.leave:
                return Moment(1.0, 0, number, 0.0)
            if t < rep.end:
                u = (t - rep.leave) / (rep.end - rep.leave)
                return Moment(1 - smooth(u), -1, number, u)
        return Moment(0.0, 0, current, 0.0)

    def _way_out(self, u: float, rep: int) -> float:
        if rep not in self._stalled:
            return smooth(u)
        longer = max(1.0, self._stall)
        start = 0.35 / longer
        quick = smooth(u * longer / 0.55)
        slow = 0.72 * quick + 0.28 * smooth((u - start) / (1 - start))
        share = min(1.0, self._stall)
        return (1 - share) * smooth(u) + share * slow
