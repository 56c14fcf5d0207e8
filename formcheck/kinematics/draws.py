"""Other movements that the same clip may show: landmarks moved within their errors.

What is measured on several of them scatters as much as the landmarks' errors make it, by
whatever way they enter: through angles, lengths, extremes or differences.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.angles import AngleSource, best_angles, compute_angles
from formcheck.pose import landmarks
from formcheck.pose.cleaning import TRUNK_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from formcheck.kinematics.fit import BodyFit
    from formcheck.kinematics.motion import Motion

    Floats = NDArray[np.float64]

DRAWS = 8
"""A scatter from so many is good to a quarter."""
LASTS_S = 0.3
"""A landmark that is off stays off about so long: draws have a knot so often."""
DEPTH_SHARE = 1.5
"""Errors of world landmarks along the line of sight, against those across it."""
SEEN_TRUNKS = 0.045
"""Error of a landmark that is seen well, trunk lengths: what is stated anyhow holds it."""
TAIL = 1.7
"""Stated errors of landmarks that are not seen well hold two thirds of them, but for 95 % within
two they have to be so many times as large (clips with things pasted in, ``docs/belief.md``)."""


def draws(motion: Motion, /) -> Iterator[Motion]:
    """Movements with landmarks moved within their errors, always the same ones."""
    track = motion.track
    error_px = doubt_px(motion)
    for number in range(DRAWS):
        noise = lasting_noise(track.t_s, number)
        shift_px = noise[..., :2] * error_px[..., None]
        shift_m = noise * error_px[..., None] * (TRUNK_M / motion.trunk_px)
        shift_m[..., 2] *= DEPTH_SHARE
        drawn = track.with_arrays(xy_px=track.xy_px + shift_px, world_m=track.world_m + shift_m)
        world = compute_angles(drawn, motion.view, AngleSource.WORLD)
        fit = None if motion.fit is None else _moved(motion.fit, noise)
        angles = best_angles(drawn, motion.view, world, fit)
        yield replace(
            motion,
            clean=replace(motion.clean, track=drawn),
            angles=angles,
            world_angles=world,
            fit=fit,
        )


def doubt_px(motion: Motion, /) -> Floats:
    """Shape (T, 33): landmarks' errors beyond those of one that is seen well, pixels; never NaN."""
    return beyond_seen(motion.clean.error_px, motion.trunk_px)


def beyond_seen(error_px: Floats, trunk_px: float, /) -> Floats:
    """Landmarks' errors beyond those of one that is seen well, pixels; 0 where they are NaN."""
    return TAIL * excess(np.nan_to_num(error_px), SEEN_TRUNKS * trunk_px)


def excess(error: Floats, usual: Floats | float, /) -> Floats:
    """What has to be added in quadrature to the usual error to give this one."""
    return np.asarray(np.sqrt(np.maximum(0.0, error**2 - usual**2)))


def lasting_noise(t_s: Floats, number: int, /) -> Floats:
    """Noise of unit variance that lasts `LASTS_S`, shape (T, 33, 3); the same for a number."""
    place = (t_s - t_s[0]) / LASTS_S
    knots = np.random.default_rng(number).standard_normal((int(place[-1]) + 2, landmarks.COUNT, 3))
    before = place.astype(int)
    share = (place - before)[:, None, None]
    mixed = (1 - share) * knots[before] + share * knots[before + 1]
    return np.asarray(mixed / np.hypot(1 - share, share))


def _moved(fit: BodyFit, noise: Floats) -> BodyFit:
    """A fitted body whose angles are off by what its landmarks' errors make of them."""
    angles = {
        name: values + fit.doubts[name] * noise[:, number, 0]
        for number, (name, values) in enumerate(fit.angles.items())
    }
    return replace(fit, angles=angles)
