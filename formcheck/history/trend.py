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

A steady rise or fall that is not straight would itself count as scatter around the line.
So the second bar of a trend is also passed by the order of the sessions alone, whatever
they scatter by: in chance order they hardly ever all rise or all fall (Mann and Kendall).

`LEVEL` is the chance that anything at all is called in a family of measurements without
a change: it is shared equally between both questions of each measurement, and of a trend
between both ways to pass its second bar (Bonferroni). The share of the orders goes to the
measurements that some order of their sessions would take over the first bar; which these
are does not depend on the order (Tarone).
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
WAYS = 2
"""A trend can pass its second bar by the scatter around the line, or by the order."""

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
        The higher bar: the stated errors, or the lifter's own scatter. The order of the
        sessions can take the place of the latter.
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
    if not all(session.error > 0 for sessions in family for session in sessions):
        raise ValueError("expected errors above 0")
    judged = max(1, sum(len(sessions) >= FEWEST for sessions in family))
    each = level / QUESTIONS / judged
    could = sum(_could_be_called(sessions, each) for sessions in family)
    chance = level / QUESTIONS / WAYS / max(1, could)
    return tuple(
        _judge(tuple(sessions), each, in_order=_order_p(sessions) <= chance) for sessions in family
    )


def _could_be_called(sessions: Sequence[Session], level: float) -> bool:
    """Whether the measuring errors leave room for a trend in some order of the values."""
    if len(sessions) < FEWEST:
        return False
    values, errors, days = _arrays(sessions)
    part = _fit(_straight(days), values, errors).part(np.array([0.0, 1.0]))
    return abs(float(part @ np.sort(values))) > _stated_bar(part, errors, level)


def _order_p(sessions: Sequence[Session]) -> float:
    """Chance of an order at least as much of a rise or fall, two-sided (Mann and Kendall).

    Of n values in chance order the number of pairs in falling order is that of the
    inversions of a permutation: n independent steps of 0 to i - 1.
    """
    values = np.array([s.value for s in sessions])
    later, earlier = np.tril_indices(len(values), -1)
    rising = float(np.sum(np.sign(values[later] - values[earlier])))
    orders = np.ones(1)
    for steps in range(2, len(values) + 1):
        orders = np.convolve(orders, np.full(steps, 1 / steps))
    most_falling = math.floor((len(later) - abs(rising)) / 2 + 0.5)  # a tie counts against
    return min(1.0, 2 * float(orders[: most_falling + 1].sum()))


def _arrays(sessions: Sequence[Session]) -> tuple[Floats, Floats, Floats]:
    """Values, errors and days."""
    return (
        np.array([s.value for s in sessions]),
        np.array([s.error for s in sessions]),
        np.array([float(s.day.toordinal()) for s in sessions]),
    )


def _straight(days: Floats) -> Floats:
    """Design of a line, by its start and its rise from the first to the last day."""
    return np.column_stack([np.ones_like(days), (days - days[0]) / (days[-1] - days[0])])


def _stated_bar(part: Floats, errors: Floats, level: float) -> float:
    # `special` has the quantiles of `scipy.stats`, which takes most of a second to import.
    return -float(special.ndtri(level / 2)) * float(np.linalg.norm(part * errors))


def _judge(sessions: tuple[Session, ...], level: float, *, in_order: bool) -> Trend:
    if len(sessions) < FEWEST:
        return Trend(sessions)
    values, errors, days = _arrays(sessions)
    since = sessions[0].day

    earlier = _fit(np.ones((len(values) - 1, 1)), values[:-1], errors[:-1])
    centre = float(earlier.fitted[0])
    part = np.append(-earlier.part(np.ones(1)), 1.0)
    bars = _bars(part, errors, earlier, level, level)
    latest = _change("latest", float(values[-1]) - centre, part, errors, earlier, since, bars)
    line = _fit(_straight(days), values, errors)
    ends = float(line.fitted[0]), float(line.fitted[-1])
    part = line.part(np.array([0.0, 1.0]))
    bars = _bars(part, errors, line, level, level / WAYS)
    if in_order:
        bars["scatter"] = 0.0
    trend = _change("trend", ends[1] - ends[0], part, errors, line, since, bars)
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


def _own(part: Floats, errors: Floats, fit: _Fit) -> float:
    """Standard error by the lifter's own scatter."""
    return float(np.linalg.norm(part * np.sqrt(errors**2 + fit.extra))) * fit.scatter


def _bars(
    part: Floats, errors: Floats, fit: _Fit, stated: float, scatter: float
) -> dict[Basis, float]:
    """How large a difference, sum of `part` times the sessions, must be for either level."""
    own = -float(special.stdtrit(fit.freedom, scatter / 2)) * _own(part, errors, fit)
    return {"stated": _stated_bar(part, errors, stated), "scatter": own}


def _change(
    kind: Kind,
    size: float,
    part: Floats,
    errors: Floats,
    fit: _Fit,
    since: date,
    bars: dict[Basis, float],
) -> Change:
    """A difference with its error and the higher bar."""
    error = max(float(np.linalg.norm(part * errors)), _own(part, errors, fit))
    basis = max(bars, key=lambda name: bars[name])
    return Change(kind, size, error, bars[basis], since, basis)
