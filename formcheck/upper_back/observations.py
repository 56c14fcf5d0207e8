"""One cue as seen in clips, and how much it is worth before its weight (reference 4.3)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FULL_PERSISTENCE = 0.6
"""Share of repetitions from which a cue counts fully."""
SINGLE_REP = 0.3
"""What a cue of a clip with one repetition counts."""
MIN_POSITIVE = 2
GOOD_REPS = 5
HARD_SPEED_LOSS = 0.20
HARD_RPE = 7.0
LATE_ONLY = 0.6
NEAR_MAX = 0.5
EXPLAINED = 0.5


@dataclass(frozen=True)
class CueObservation:
    """One cue as seen in one or more clips of an exercise.

    Attributes
    ----------
    cue
        Identifier in the cue table.
    severity
        Of the set's median, 0..1; 0 = measured and fine.
    persistence
        Share of the valid repetitions that show it, 0..1.
    quality
        How well it was measured, 0..1 (`quality`); 0 = not measured.
    discount
        What is left after context explains it in part, 0..1 (`discount`).
    reps, clips
        Valid repetitions and clips behind it.
    challenged
        Whether the set was hard enough for clean repetitions to mean something
        (`was_challenging`).
    """

    cue: str
    severity: float
    persistence: float
    quality: float
    discount: float = 1.0
    reps: int = 1
    clips: int = 1
    challenged: bool = False

    def __post_init__(self) -> None:
        for name in ("severity", "persistence", "quality", "discount"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ValueError(f"{self.cue}: expected {name} in 0..1, got {value}")
        if self.reps < 0 or self.clips < 1:
            raise ValueError(f"{self.cue}: expected reps >= 0 and clips >= 1")

    @property
    def effective_persistence(self) -> float:
        """0..1: full from 60 % of the repetitions; two must show it unless there is one."""
        if self.persistence * self.reps >= MIN_POSITIVE - 1e-9:
            return min(1.0, self.persistence / FULL_PERSISTENCE)
        return SINGLE_REP if self.reps == 1 and self.severity > 0 else 0.0


def quality(
    view_ok: float, visibility: float, rate_hz: float, reps: int, /, *, needs_speed: bool = True
) -> float:
    """How well a cue was measured, 0..1.

    Parameters
    ----------
    view_ok
        1 in a view that shows it, 0.6 when corrected for the yaw, 0.4 when only
        changes within the clip can be read, 0 otherwise.
    visibility
        Mean visibility of the landmarks it needs, 0..1; NaN counts as unseen.
    rate_hz
        Sampling rate: full from 24 Hz, 0.7 from 15 Hz, nothing below.
    reps
        Valid repetitions: full from five.
    needs_speed
        Whether it is read from speeds or durations; the rate matters only then.
    """
    seen = float(np.interp(visibility, [0.5, 0.9], [0.0, 1.0])) if visibility > 0 else 0.0
    rate = 1.0 if rate_hz >= 24 or not needs_speed else 0.7 if rate_hz >= 15 else 0.0
    return view_ok * seen * rate * min(1.0, reps / GOOD_REPS)


def discount(*, late_only: bool = False, near_max: bool = False, explained: bool = False) -> float:
    """What is left of a cue when context explains it in part, 0..1.

    Parameters
    ----------
    late_only
        It appears only in the last third of the set.
    near_max
        The lifter called the set a near maximum (RPE 9 or more).
    explained
        Mobility, build or style tested positive as its reason.
    """
    factors = ((late_only, LATE_ONLY), (near_max, NEAR_MAX), (explained, EXPLAINED))
    return math.prod(factor for applies, factor in factors if applies)


def was_challenging(speed_loss: float | None, rpe: float | None = None, /) -> bool:
    """Whether a set was hard enough for clean repetitions to mean something.

    Parameters
    ----------
    speed_loss
        Loss of upward speed over the set (0.2 = a fifth); None when unknown.
    rpe
        The lifter's rating of the effort, 1..10; None when unknown.
    """
    return (speed_loss is not None and speed_loss >= HARD_SPEED_LOSS) or (
        rpe is not None and rpe >= HARD_RPE
    )


def merge_clips(observations: Iterable[CueObservation], /) -> tuple[CueObservation, ...]:
    """One observation per cue from those of several clips.

    Severity, persistence, quality and discount are means weighted by quality, so
    that a poor clip does not water down a good one; clips that did not measure a
    cue are left out.
    """
    by_cue: dict[str, list[CueObservation]] = {}
    for observation in observations:
        if observation.quality > 0:
            by_cue.setdefault(observation.cue, []).append(observation)
    return tuple(_merged(cue, own) for cue, own in by_cue.items())


def _merged(cue: str, own: Sequence[CueObservation]) -> CueObservation:
    weights = [o.quality for o in own]

    def mean(name: str) -> float:
        values = [getattr(o, name) for o in own]
        return float(np.clip(np.average(values, weights=weights), min(values), max(values)))

    return CueObservation(
        cue,
        severity=mean("severity"),
        persistence=mean("persistence"),
        quality=mean("quality"),
        discount=mean("discount"),
        reps=sum(o.reps for o in own),
        clips=sum(o.clips for o in own),
        challenged=any(o.challenged for o in own),
    )
