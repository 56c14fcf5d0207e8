"""Which way a body stands in the picture."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.pose.track import PoseTrack
from formcheck.pose.upright import quarter_turns
from tests.helpers.skeleton import LIFTS, even_set


def turned(track: PoseTrack, turns: int) -> PoseTrack:
    """The track of the same pictures, turned by so many quarters clockwise."""
    width, height = track.frame_wh
    xy = track.xy_px
    for _ in range(turns):
        xy = np.stack([height - xy[..., 1], xy[..., 0]], axis=-1)
        width, height = height, width
    return PoseTrack(
        track.t_s, xy, track.world_m, track.visibility, (width, height), track.certainty
    )


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("lift", ["squat", "pull_up"])
def test_a_lift_stands_after_the_turns_that_are_told(lift: str, turns: int) -> None:
    assert quarter_turns(turned(LIFTS[lift](even_set(3)), turns)) == turns


def test_a_bent_over_row_is_not_turned() -> None:
    assert quarter_turns(LIFTS["bent_over_row"](even_set(3))) == 0


def test_nobody_is_not_turned() -> None:
    track = LIFTS["squat"](even_set(3))
    empty = track.with_arrays(xy_px=np.full_like(track.xy_px, np.nan))
    assert quarter_turns(empty) == 0
