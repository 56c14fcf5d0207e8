from __future__ import annotations

import pytest

from formcheck import Bar, Lifter
from formcheck.errors import UsageError


def test_the_bar_may_be_told_by_its_name() -> None:
    assert Lifter(bar="high").bar is Bar.HIGH  # type: ignore[arg-type]
    assert Lifter(bar=Bar.LOW).bar is Bar.LOW
    assert Lifter().bar is None


@pytest.mark.parametrize("wrong", ["hihg", "", 3])
def test_another_bar_is_refused(wrong: object) -> None:
    with pytest.raises(UsageError) as caught:
        Lifter(bar=wrong)  # type: ignore[arg-type]
    told = f"bar: expected one of high, low, front, goblet, none, got {wrong!r}."
    assert str(caught.value) == told


@pytest.mark.parametrize("height_m", [178, 0.5, 5.9])
def test_a_height_in_other_units_is_refused(height_m: float) -> None:
    with pytest.raises(UsageError, match=f"expected 1 to 2.5 metres, got {height_m:g}"):
        Lifter(height_m=height_m)


def test_a_weight_is_held_somewhere() -> None:
    with pytest.raises(UsageError, match="bar: expected where the weight is held"):
        Lifter(bar=Bar.NONE, load_kg=60.0)
    assert not Lifter(bar=Bar.NONE, load_kg=0.0).lifts_weight
