"""Has a measurement changed over the sessions, or is it noise? Pure functions.

Two questions are asked of each measurement:

latest
    Does the latest session differ from the weighted mean of the earlier ones?
trend
    Does a weighted straight line through all sessions rise or fall, from the first
    to the last?

A change is called one only when it passes two bars. It must be larger than the stated
standard errors explain (normal distribution), and larger than the lifter's own scatter
from session to session explains (t distribution; the scatter is taken around what is
fitted). So neither a camera that stood elsewhere, which the stated errors cover, nor a
lifter who varies from day to day makes a change. Sessions are weighted by both: by
their stated variance plus what the scatter shows beyond it (Paule and Mandel).
`LEVEL` is the chance that anything at all is called in a family of measurements without
a change: every one of its tests gets an equal part of it (Bonferroni).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import optimize, special

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL = 0.05
"""Chance of calling any change in a family where there is none."""
FEWEST = 5
"""Sessions needed to call anything: three degrees of freedom for the lifter's own scatter.
With fewer it cannot be told, and for times it is often larger than the stated error."""
QUESTIONS = 2

Kind = Literal["latest", "trend"]
Basis = Literal["stated", "scatter"]


@dataclass(frozen=True)
class Session:
    """A measurement on one day, with one standard error (above 0)."""

    day: date
    value: float
    error: float


@dataclass(frozen=True)
class Change:
    """The answer to one of the two questions.

    Attributes
    ----------
    kind
        The question.
    size
        Latest minus earlier, or last minus first along the line.
    error
        One standard error of it: the larger of what the stated errors and the
        lifter's own scatter give.
    needed
        Size above which it is called a change.
    since
        Day of the first session.
    basis
        The higher bar: the stated errors, or the lifter's own scatter.
    """

    kind: Kind
    size: float
    error: float
    needed: float
    since: date
    basis: Basis

    @property
    def called(self) -> bool:
        """Whether it is larger than noise."""
        return abs(self.size) > self.needed


@dataclass(frozen=True)
class Trend:
    """A measurement over the sessions.

    Attributes
    ----------
    sessions
        In order, at most one a day.
    centre
        Weighted mean of all sessions but the latest: middle of the noise band.
    changes
        Both answers; empty with fewer than `FEWEST` sessions.
    line
        Value of the fitted line at the first and the last session.
    """

    sessions: tuple[Session, ...]
    centre: float | None = None
    changes: tuple[Change, ...] = ()
    line: tuple[float, float] | None = None

    @property
    def band(self) -> float | None:
        """Half the width of the noise band: a latest session within it is no change."""
        return next((c.needed for c in self.changes if c.kind == "latest"), None)

    @property
    def called(self) -> Change | None:
        """The clearest change that is larger than noise, None without one."""
        found = [change for change in self.changes if change.called]
        return max(found, key=lambda c: abs(c.size) / c.needed, default=None)


def one_a_day(sessions: Sequence[Session], /) -> tuple[Session, ...]:
    """Sets of one day as one session, in order.

    Sets of a day share the camera's place, the clothes and the lifter's day, so they
    are no independent evidence: their values are averaged, their error is not made
    smaller (root mean square).
    """
    days: dict[date, list[Session]] = {}
    for session in sorted(sessions, key=lambda s: s.day):
        days.setdefault(session.day, []).append(session)
    return tuple(
        Session(
            day,
            float(np.mean([s.value for s in own])),
            float(np.sqrt(np.mean([s.error**2 for s in own]))),
        )
        for day, own in days.items()
    )


def judge_family(
    family: Sequence[Sequence[Session]], /, *, level: float = LEVEL
) -> tuple[Trend, ...]:
    """Judge all measurements that are looked at together.

    Parameters
    ----------
    family
        The sessions of each measurement, at most one a day, in order.
    level
        Chance of calling any change where there is none.

    Raises
    ------
    ValueError
        If an error is not above 0.
    """
    tests = QUESTIONS * sum(len(sessions) >= FEWEST for sessions in family)
    return tuple(_judge(tuple(sessions), level / max(tests, 1)) for sessions in family)


def _judge(sessions: tuple[Session, ...], level: float) -> Trend:
    if not all(session.error > 0 for session in sessions):
        raise ValueError("expected errors above 0")
    if len(sessions) < FEWEST:
        return Trend(sessions)
    values = np.array([s.value for s in sessions])
    errors = np.array([s.error for s in sessions])
    days = np.array([float(s.day.toordinal()) for s in sessions])
    since = sessions[0].day

    level_only = np.ones((len(values) - 1, 1))
    earlier = _fit(level_only, values[:-1], errors[:-1])
    centre = float(earlier.fitted[0])
    latest = _change(
        "latest",
        float(values[-1]) - centre,
        np.append(-earlier.part(np.ones(1)), 1.0),
        errors,
        earlier,
        since,
        level,
    )
    span = float(days[-1] - days[0])
    line = _fit(np.column_stack([np.ones_like(days), (days - days[0]) / span]), values, errors)
    ends = float(line.fitted[0]), float(line.fitted[-1])
    part = line.part(np.array([0.0, 1.0]))
    trend = _change("trend", ends[1] - ends[0], part, errors, line, since, level)
    return Trend(sessions, centre, (latest, trend), ends)


@dataclass(frozen=True, eq=False)
class _Fit:
    """A weighted fit.

    `extra` is the variance beyond the stated errors, `scatter` the residuals' size in
    expected ones (1, or less where even the stated errors are not used up).
    """

    fitted: Floats
    solver: Floats
    extra: float
    scatter: float
    freedom: int

    def part(self, wanted: Floats) -> Floats:
        """Share of each session in a combination of the fitted numbers."""
        return np.asarray(wanted @ self.solver)


def _fit(design: Floats, values: Floats, errors: Floats) -> _Fit:
    """Least squares, weighted by the stated variance plus what scatters beyond it."""
    freedom = design.shape[0] - design.shape[1]

    def at(extra: float) -> tuple[Floats, Floats, float]:
        weights = 1 / (errors**2 + extra)
        normal = (design.T * weights) @ design
        solver = np.asarray(np.linalg.solve(normal, design.T * weights), dtype=np.float64)
        fitted = np.asarray(design @ (solver @ values), dtype=np.float64)
        return fitted, solver, float(weights @ (values - fitted) ** 2)

    extra, largest = 0.0, float(np.ptp(values)) ** 2 * len(values)
    if at(0.0)[2] > freedom:
        extra = float(optimize.brentq(lambda v: at(v)[2] - freedom, 0.0, largest))
    fitted, solver, chi2 = at(extra)
    return _Fit(fitted, solver, extra, math.sqrt(chi2 / freedom), freedom)


def _change(
    kind: Kind,
    size: float,
    part: Floats,
    errors: Floats,
    fit: _Fit,
    since: date,
    level: float,
) -> Change:
    """A difference, sum of `part` times the sessions, with the size that it needs."""
    stated = float(np.linalg.norm(part * errors))
    own = float(np.linalg.norm(part * np.sqrt(errors**2 + fit.extra))) * fit.scatter
    # `special` has the quantiles of `scipy.stats`, which takes most of a second to import.
    bars: dict[Basis, float] = {
        "stated": -float(special.ndtri(level / 2)) * stated,
        "scatter": -float(special.stdtrit(fit.freedom, level / 2)) * own,
    }
    basis = max(bars, key=lambda name: bars[name])
    return Change(kind, size, max(stated, own), bars[basis], since, basis)
