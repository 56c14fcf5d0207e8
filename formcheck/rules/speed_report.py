"""A set's speed: what stands for the bar, and what is lost from the best repetition."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from formcheck.rules.computed.speed import velocity_loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.rules.computed.registry import Computed


@dataclass(frozen=True)
class SpeedSummary:
    """The upward speed of a set.

    Attributes
    ----------
    part
        What stands for the bar ("shoulders", "hands").
    speeds
        Of each repetition, m/s or arm lengths per second.
    metric
        Whether they are metres per second.
    loss, loss_error
        Share of the fastest speed that the last repetition lacks, and its standard
        error; None with fewer than three repetitions.
    """

    part: str
    speeds: tuple[Computed, ...]
    metric: bool
    loss: float | None
    loss_error: float | None

    @property
    def unit(self) -> Literal["m/s", "arm/s"]:
        """Unit of the speeds."""
        return "m/s" if self.metric else "arm/s"


def summarise_speed(
    read_at: str | None, speeds: Sequence[Computed], velocities: Sequence[Computed], /
) -> SpeedSummary | None:
    """The speed of a set, None where it means nothing or was not seen.

    Parameters
    ----------
    read_at
        What stands for the bar; None where speed means nothing.
    speeds, velocities
        Of each repetition, arm lengths and metres per second.
    """
    known = [s for s in speeds if math.isfinite(s.value)]
    if read_at is None or not known:
        return None
    metric = any(math.isfinite(v.value) for v in velocities)
    loss = velocity_loss([s.value for s in speeds])
    best = max(known, key=lambda s: s.value)
    error = None if loss is None else math.hypot(known[-1].error, best.error) / best.value
    return SpeedSummary(read_at, tuple(velocities if metric else speeds), metric, loss, error)
