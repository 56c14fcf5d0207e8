"""Series say truly on which parts of the body they rest."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.kinematics.angles import AngleSource, best_angles, compute_angles
from formcheck.kinematics.belief import PARTS
from formcheck.kinematics.motion import Motion, measure_motion
from formcheck.kinematics.series import SERIES
from formcheck.pose.cleaning import clean
from formcheck.pose.landmarks import MOUTH, NOSE, SIDES, index
from tests.helpers.skeleton import SIDE, Camera, even_set, squat

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from formcheck.pose.track import PoseTrack

FRONT = Camera(azimuth_deg=0.0)
MORE = {
    "head": (NOSE, *MOUTH),
    "wrist": tuple(index(name, side) for name in ("pinky", "index") for side in SIDES),
}
"""Landmarks of a part beside those that say whether it is believed."""
STILL = frozenset({"arm_seen", "one_arm", "overhead"})
"""Series that tell of the whole clip, or that are 0 in a squat, and do not move."""
ACROSS = {"shoulder", "hip"}
"""They say which way is forward for world landmarks, and how long the trunk is."""
FROM_FRONT = frozenset({"grip_width", "hip_shift", "knee_separation"})
"""Series that mean something from the front only, where widths are seen."""
IN_SPACE = frozenset(
    {
        "wrist_ahead",
        "wrist_away",
        "ankle_stride",
        "hip_height_3d",
        "shoulder_height_3d",
        "wrist_along_trunk",
    }
)
LENGTH = {
    "ankle_stride": {"hip", "knee"},
    "hip_height_3d": {"hip", "knee"},
    "shoulder_height_3d": {"hip", "knee"},
}
"""Parts that give a series its unit: a median over the clip, which hardly moves."""


@pytest.fixture(scope="module")
def moved() -> Callable[..., Motion]:
    """The same squats with a part of the body shaking."""

    @cache
    def shaking(part: str | None, camera: Camera) -> Motion:
        motion = measure_motion(clean(squat(even_set(2), camera=camera)))
        if part is not None:
            marks = [index(name, side) for name in PARTS[part] for side in SIDES]
            marks += MORE.get(part, ())
            rng = np.random.default_rng(0)
            xy_px, world_m = motion.track.xy_px.copy(), motion.track.world_m.copy()
            shape = (len(xy_px), len(marks))
            xy_px[:, marks] += rng.normal(scale=0.05 * motion.trunk_px, size=(*shape, 2))
            world_m[:, marks] += rng.normal(scale=0.03, size=(*shape, 3))
            shaken = motion.track.with_arrays(xy_px=xy_px, world_m=world_m)
            motion = rebuilt(motion, shaken)
        return motion

    return shaking


def rebuilt(motion: Motion, shaken: PoseTrack) -> Motion:
    """The movement with these landmarks, its view, lengths and working arm kept."""
    world = compute_angles(shaken, motion.view, AngleSource.WORLD)
    angles = best_angles(shaken, motion.view, world, None)
    clean_track = replace(motion.clean, track=shaken)
    return replace(motion, clean=clean_track, angles=angles, world_angles=world)


def differs(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    return not np.allclose(first, second, rtol=0, atol=1e-6, equal_nan=True)


@pytest.mark.parametrize("name", sorted(SERIES.keys() - STILL))
def test_a_series_moves_with_its_parts_and_with_no_other(
    name: str, moved: Callable[..., Motion]
) -> None:
    camera = FRONT if name in FROM_FRONT else SIDE
    calm = moved(None, camera).series(name)
    follows = {part for part in PARTS if differs(calm, moved(part, camera).series(name))}
    parts = set(SERIES[name].parts)
    assert follows >= parts
    space = name.endswith("_3d") or name in IN_SPACE
    assert follows - parts <= (ACROSS if space else set()) | LENGTH.get(name, set())
