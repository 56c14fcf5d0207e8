"""What a body fit sees: landmarks on an even, slower grid, and how far to trust them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.kinematics.draws import beyond_seen
from formcheck.kinematics.fit import skeleton
from formcheck.kinematics.fit.skeleton import BONES, JOINTS, joint
from formcheck.pose import landmarks
from formcheck.signals import at_times, running_median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.pose.cleaning import CleanTrack
    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]
    Mask = NDArray[np.bool_]

WELL_SEEN_TRUNKS = 0.03
"""Error of a landmark, trunk lengths, up to which it pulls with its full weight: half of those
in clear clips. The figures of the fit were measured with it (``docs/accuracy.md``)."""
RATE_HZ = 10.0
"""Knots per second. Joints in lifts move below 3 Hz; between knots a cubic spline is drawn."""
FOCAL_SIDES = 0.9
"""Focal length over the picture's long side; phones film with 0.7 to 1.0."""
LOST_M = 0.06
"""Held joints this far from their place tell that the model has lost the body."""
PLACE_S = 4.0
"""Their place is the running median over this time."""
RESTING_M_S = 0.25
"""A joint that seems faster than this in the picture does not rest."""


@dataclass(frozen=True, eq=False)
class Observations:
    """Landmarks on the fit's own times.

    Attributes
    ----------
    t_s
        Shape (T,), evenly spaced seconds.
    step_s
        Spacing of the times, seconds.
    pixels
        Shape (T, J, 2), from the picture's middle; NaN where not seen.
    world
        Shape (T, J, 3), metres, scaled to the stature of `skeleton`; NaN where not seen.
    error_px
        Shape (T, J): how far landmarks may be off, one standard error; NaN where not seen.
    usual_px
        What of that a landmark has that is seen well.
    doubt_px
        Shape (T, J): what of that the usual errors of angles do not hold.
    doubt
        Shape (T,): 1 for pictures to trust; larger numbers stretch the errors.
    resting
        Shape (T - 1, C): whether the held joints rest between a picture and the next.
    held
        Shape (C,): joints in contact.
    focal_px, distance_m, px_per_m
        First guesses of the camera.
    yaw_rad
        First guess of the direction from the lifter's right to left, see `terms.axes`.
    """

    t_s: Floats
    step_s: float
    pixels: Floats
    world: Floats
    error_px: Floats
    usual_px: float
    doubt_px: Floats
    doubt: Floats
    resting: Mask
    held: Ints
    focal_px: float
    distance_m: float
    px_per_m: float
    yaw_rad: float

    def start(self) -> Floats:
        """Shape (T, J, 3): joints on their rays, as deep as the pose model says."""
        world, pixels = (_filled(_other_side(values)) for values in (self.world, self.pixels))
        hips = [joint("hip", side) for side in landmarks.SIDES]
        depth = world[..., 2:] - world[:, hips, 2:].mean(axis=1, keepdims=True) + self.distance_m
        return np.concatenate([pixels / self.focal_px * depth, depth], axis=-1)


def observe(clean: CleanTrack, held_names: tuple[str, ...]) -> Observations | None:
    """Observations of a clean track; None when there is too little to fit.

    Parameters
    ----------
    clean
        The landmarks.
    held_names
        Names of the joints in contact with floor or bar.
    """
    track = clean.track
    known = np.flatnonzero(np.isfinite(track.xy_px[:, JOINTS, 0]).mean(axis=1) > 0.5)
    if len(known) < 8 or track.t_s[known[-1]] - track.t_s[known[0]] < 5 / RATE_HZ:
        return None
    step = 1.0 / RATE_HZ
    times = np.arange(track.t_s[known[0]], track.t_s[known[-1]] + step, step)
    centre = np.array(track.frame_wh) / 2
    pixels = at_times(track.t_s, track.xy_px[:, JOINTS], times) - centre
    world = at_times(track.t_s, track.world_m[:, JOINTS], times)
    for gap in clean.gaps:  # a line from one side to the other is no observation
        between = (times > track.t_s[gap - 1]) & (times < track.t_s[gap])
        pixels[between] = world[between] = np.nan
    unseen = np.isnan(pixels[..., 0]).all(axis=0).reshape(-1, 2)
    if unseen.all(axis=1).any():
        return None
    whole = _other_side(world)
    held = np.array([joint(n, s) for n in held_names for s in landmarks.SIDES], dtype=np.intp)
    focal = FOCAL_SIDES * max(track.frame_wh)
    px_per_m = _px_per_m(track, clean.trunk_px)
    doubt, resting = _contact_evidence(pixels[:, held] / px_per_m, step)
    error_px = at_times(track.t_s, clean.error_px[:, JOINTS], times)
    return Observations(
        t_s=times,
        step_s=step,
        pixels=pixels,
        world=world * _world_scale(whole),
        error_px=error_px,
        usual_px=WELL_SEEN_TRUNKS * clean.trunk_px,
        doubt_px=beyond_seen(error_px, clean.trunk_px),
        doubt=doubt,
        resting=resting,
        held=held,
        focal_px=focal,
        distance_m=focal / px_per_m,
        px_per_m=px_per_m,
        yaw_rad=_yaw(whole),
    )


def _px_per_m(track: PoseTrack, trunk_px: float) -> float:
    """Scale at the body, from the trunk and from the legs, whichever looks larger.

    A bent or leaning trunk is foreshortened in views from the front.
    """
    size = skeleton.LENGTH_M[skeleton.KINDS.index("trunk")]
    found = [trunk_px / size]
    for side in landmarks.SIDES:
        for first, second, kind in (("hip", "knee", "thigh"), ("knee", "ankle", "shank")):
            length = np.linalg.norm(track.point(first, side) - track.point(second, side), axis=1)
            length = length[np.isfinite(length)]
            if len(length):
                bone = skeleton.LENGTH_M[skeleton.KINDS.index(kind)]
                found.append(float(np.percentile(length, 90)) / bone)
    return float(np.median(found))


def _world_scale(world: Floats) -> float:
    """Factor that gives the world landmarks the long bones of `skeleton`."""
    long = np.isin(BONES[:, 2], [skeleton.KINDS.index(k) for k in ("trunk", "thigh", "shank")])
    ends = BONES[long]
    lengths = np.linalg.norm(world[:, ends[:, 0]] - world[:, ends[:, 1]], axis=-1)
    total = float(np.nanmedian(lengths.sum(axis=1)))
    return float(skeleton.LENGTH_M[ends[:, 2]].sum()) / total if total > 0 else 1.0


def _yaw(world: Floats) -> float:
    pairs = [
        world[:, joint(name, "left")] - world[:, joint(name, "right")]
        for name in ("shoulder", "hip")
    ]
    across = np.nanmedian(np.mean(pairs, axis=0), axis=0)
    return float(np.arctan2(across[2], across[0]))


def _contact_evidence(places: Floats, step_s: float) -> tuple[Floats, Mask]:
    """Doubt (T,) and rest (T - 1, C) from the pixels of held joints in metres (T, C, 2)."""
    frames = len(places)
    if places.shape[1] == 0:
        return np.ones(frames), np.zeros((frames - 1, 0), dtype=bool)
    filled = _filled(places)
    window = max(3, round(PLACE_S / step_s) | 1)
    usual = running_median(filled, window)
    off = np.median(np.linalg.norm(filled - usual, axis=-1), axis=1)
    speed = np.linalg.norm(np.diff(usual, axis=0), axis=-1) / step_s
    return 1.0 + (off / LOST_M) ** 2, speed < RESTING_M_S


def _other_side(values: Floats) -> Floats:
    """Joints (T, J, D) that are never seen take the place of the other side's."""
    never = np.flatnonzero(np.isnan(values[..., 0]).all(axis=0))
    values = values.copy()
    values[:, never] = values[:, never ^ 1]
    return values


def _filled(values: Floats) -> Floats:
    """Linear interpolation in time over NaN, constant at the ends."""
    flat = values.reshape(len(values), -1).copy()
    index = np.arange(len(flat))
    for column in flat.T:
        known = np.isfinite(column)
        if not known.all():
            column[:] = np.interp(index, index[known], column[known]) if known.any() else 0.0
    return flat.reshape(values.shape)
