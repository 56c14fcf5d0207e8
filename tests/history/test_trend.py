"""What is called a change: known answers, and how often chance alone is called one."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from formcheck.history.trend import FEWEST, LEVEL, QUESTIONS, Session, judge_family, one_a_day

if TYPE_CHECKING:
    from collections.abc import Sequence

START = date(2026, 3, 2)
ERROR = 4.0


def sessions(values: Sequence[float], errors: Sequence[float] | float = ERROR) -> list[Session]:
    spread = [errors] * len(values) if isinstance(errors, float) else errors
    return [
        Session(START + timedelta(weeks=i), float(v), float(e))
        for i, (v, e) in enumerate(zip(values, spread, strict=True))
    ]


def test_too_few_sessions_call_nothing() -> None:
    (trend,) = judge_family([sessions([0, 0, 0, 900.0])])
    assert len(trend.sessions) == 4 < FEWEST
    assert (trend.changes, trend.band, trend.called) == ((), None, None)


def test_the_band_of_still_sessions_is_that_of_the_stated_errors() -> None:
    """Five alike: error of a sixth against their mean, at the level shared by two tests."""
    (trend,) = judge_family([sessions([50.0] * 6)])
    expected = stats.norm.isf(LEVEL / QUESTIONS / 2) * ERROR * math.sqrt(1 + 1 / 5)
    assert trend.band == pytest.approx(expected)
    assert trend.centre == pytest.approx(50)
    assert trend.called is None
    assert [change.basis for change in trend.changes] == ["stated", "stated"]


def test_just_inside_and_just_outside_the_band() -> None:
    band = judge_family([sessions([50.0] * 6)])[0].band
    assert band is not None
    for share, called in ((0.99, False), (1.01, True)):
        (trend,) = judge_family([sessions([50.0] * 5 + [50 + share * band])])
        latest = trend.changes[0]
        assert (latest.kind, latest.called) == ("latest", called)
        assert latest.size == pytest.approx(share * band)
        assert latest.error == pytest.approx(ERROR * math.sqrt(1.2))


def test_a_line_is_the_weighted_least_squares_line() -> None:
    rng = np.random.default_rng(1)
    errors = rng.uniform(3, 8, 9)
    values = 40 + 2.5 * np.arange(9) + rng.normal(0, 0.5, 9)
    (trend,) = judge_family([sessions([*values], [*errors])])
    slope, level = np.polyfit(np.arange(9.0), values, 1, w=1 / errors)
    assert trend.line == pytest.approx((level, level + 8 * slope))
    change = trend.called
    assert change is not None
    assert (change.kind, change.since) == ("trend", START)
    assert change.size == pytest.approx(8 * slope)
    normal = np.linalg.inv(
        np.array([np.ones(9), np.arange(9)]) * errors**-2 @ np.vander(range(9), 2)[:, ::-1]
    )
    assert change.error == pytest.approx(8 * math.sqrt(normal[1, 1]))


def test_own_scatter_widens_the_band() -> None:
    """A lifter who varies by 20 with a stated error of 1 is judged by his own scatter."""
    values = [30.0, 70, 35, 65, 40, 60, 50]
    (trend,) = judge_family([sessions(values, 1.0)])
    latest = trend.changes[0]
    assert latest.basis == "scatter"
    sd = np.std(values[:-1], ddof=1)
    expected = stats.t.isf(LEVEL / QUESTIONS / 2, 5) * sd * math.sqrt(1 + 1 / 6)
    assert latest.needed == pytest.approx(expected, rel=1e-3)
    assert latest.error == pytest.approx(sd * math.sqrt(1 + 1 / 6), rel=1e-3)


BENT = (0.62, 0.12, 0.07, 0.02, -0.09, -0.18)
"""Falls with every session, most of it at once: no straight line."""


def test_a_steady_fall_is_no_scatter() -> None:
    """However large the fall, and although a straight line does not fit it."""
    others = [sessions([50.0] * 6)] * 6
    for size in (1.0, 3.0):
        (trend, *_) = judge_family([sessions([size * v for v in BENT], 0.1), *others])
        change = trend.called
        assert change is not None
        assert (change.kind, change.basis) == ("trend", "stated")
        assert change.size < -0.6 * size


def test_the_same_values_in_another_order_are_scatter() -> None:
    shuffled = [BENT[at] for at in (2, 0, 4, 5, 1, 3)]
    (trend,) = judge_family([sessions(shuffled, 0.1)])
    assert trend.called is None


def test_a_steady_fall_within_the_errors_is_no_change() -> None:
    (trend,) = judge_family([sessions([*BENT], 0.5)])
    assert trend.called is None


def test_the_more_is_looked_at_the_more_is_needed() -> None:
    alone = judge_family([sessions([50.0] * 6)])[0].band
    among = judge_family([sessions([50.0] * 6)] * 10)[0].band
    short = judge_family([sessions([50.0] * 6), sessions([50.0] * 2)])[0].band
    assert alone is not None
    assert among is not None
    assert among > 1.3 * alone
    assert short == alone  # what cannot be tested takes no share


def test_sets_of_one_day_are_one_session_without_a_smaller_error() -> None:
    same = [Session(START, 40.0, 3.0), Session(START, 50.0, 5.0)]
    later = Session(START + timedelta(days=1), 1.0, 2.0)
    first, second = one_a_day([later, *same])
    assert (first.day, first.value) == (START, 45.0)
    assert first.error == pytest.approx(math.sqrt(17))
    assert second == later


def test_an_error_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="errors above 0"):
        judge_family([sessions([1.0] * 6, 0.0)])


# --- chance ---------------------------------------------------------------------------

ATHLETES, FEWER, MEASUREMENTS = 250, 80, 4
"""Fewer where a change is real: what is found is far from what is asked."""


def share_called(
    seed: int,
    *,
    count: int = 10,
    own: float = 0.0,
    repeats: float = 0.0,
    uneven: float = 0.0,
    step: float = 0.0,
    slope: float = 0.0,
) -> float:
    """Share of simulated athletes of whom anything is called.

    Parameters
    ----------
    seed
        Of the random numbers.
    count
        Sessions.
    own
        The lifter's own scatter, in measuring errors.
    repeats
        Share of the measuring variance that is the same in all sessions.
    uneven
        Standard deviation of the logarithm of the errors.
    step, slope
        A real change of the first measurement, in the width of its noise band (from
        its middle): of the latest session, or from the first to the last.
    """
    rng = np.random.default_rng(seed)
    tests = QUESTIONS * MEASUREMENTS
    band = stats.norm.isf(LEVEL / tests / 2) * ERROR * math.sqrt(1 + 1 / (count - 1))
    called, athletes = 0, FEWER if step or slope else ATHLETES
    for _ in range(athletes):
        family = []
        for number in range(MEASUREMENTS):
            errors = ERROR * np.exp(rng.normal(0, uneven, count))
            values = rng.normal(0, 1, count) * errors * math.sqrt(1 - repeats)
            values += rng.normal(0, ERROR * math.sqrt(repeats)) + rng.normal(0, own * ERROR, count)
            if number == 0:
                values += slope * band * np.linspace(0, 1, count)
                values[-1] += step * band
            family.append(sessions([*values], [*errors]))
        trends = judge_family(family)
        changed = trends[:1] if step or slope else trends
        called += any(trend.called for trend in changed)
    return called / athletes


@pytest.mark.parametrize(
    "nature",
    [
        {},
        {"count": FEWEST, "own": 3.0},
        {"count": 6, "own": 8.0},
        {"own": 1.0},
        {"own": 3.0, "uneven": 0.3},
        {"repeats": 0.8, "own": 0.3},
    ],
)
def test_without_a_change_hardly_anything_is_called(nature: dict[str, float]) -> None:
    """At most the level, within what so few athletes can tell (two standard errors)."""
    most = LEVEL + 2 * math.sqrt(LEVEL * (1 - LEVEL) / ATHLETES)
    assert share_called(11, **nature) <= most  # type: ignore[arg-type]


def test_real_changes_are_found_the_larger_the_oftener() -> None:
    steps = [share_called(12, step=size) for size in (1.0, 2.0, 3.0)]
    assert steps[0] > 0.2
    assert steps[0] < steps[1] < steps[2]
    assert steps[2] > 0.95
    slopes = [share_called(13, slope=size) for size in (1.0, 2.0)]
    assert slopes[0] > 0.15
    assert slopes[1] > 0.8
