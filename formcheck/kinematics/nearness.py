"""How large the lifter is in the picture over time: cameras walk about, zoom, and cut.

Heights and distances are told in the lifter's own lengths. Where the picture of those grows or
shrinks, one length for the whole clip makes a bent trunk of an upright one, and a repetition of
a step towards the lifter.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose import landmarks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.pose.cleaning import CleanTrack
    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]

TRUNK = [landmarks.index(name, side) for name in ("shoulder", "hip") for side in landmarks.SIDES]
LASTS_S = 3.0
"""Size is the median over so long: no posture of a repetition is taken for a camera that moves."""
STEP_S = 0.25
MOVES = 1.25
"""Largest over smallest size (95th and 5th percentile) of a camera that moves. Of 90 real clips
those on a stand show up to 1.2, those carried round, zooming or cut up to 4."""
GUESSED_TRUNKS = 0.2
"""Trunks with a corner that may be off by more, in trunk lengths, tell no size."""
SEEN_MOSTLY = 0.6
"""Where fewer frames tell a size, none is told."""
LEAST_M = 0.05
"""Trunks that point at the camera, with corners nearer to their middle than this, tell no size."""


def sizes(clean: CleanTrack, /) -> Floats | None:
    """How large the lifter is in each frame, over how large he is in the middle of all.

    Parameters
    ----------
    clean
        The cleaned track.

    Returns
    -------
    (T,) array or None
        Relative sizes; None where the camera stays about as near.

    Notes
    -----
    World landmarks are as foreshortened as the picture's, so what leans towards the
    camera is not taken for small.
    """
    track = clean.track
    ratio = _spread(track.xy_px[:, TRUNK]) / _spread(track.world_m[:, TRUNK, :2], LEAST_M)
    error_px = np.nan_to_num(clean.error_px[:, TRUNK]).max(axis=1)
    ratio[error_px > GUESSED_TRUNKS * clean.trunk_px] = np.nan
    if np.isfinite(ratio).mean() < SEEN_MOSTLY:
        return None
    size = np.full(len(track), np.nan)
    for first, end in pairwise([0, *clean.breaks, len(track)]):
        size[first:end] = _lasting(track.t_s[first:end], ratio[first:end])
    known = np.isfinite(size)
    low, middle, high = np.percentile(size[known], [5, 50, 95])
    if high < MOVES * low:
        return None
    return np.asarray(np.interp(track.t_s, track.t_s[known], size[known]) / middle)


def seen_as_near(track: PoseTrack, size: Floats | None, /) -> PoseTrack:
    """The track as a camera would see it that stays as near as it is in the middle of the clip."""
    if size is None:
        return track
    centre = np.array(track.frame_wh) / 2
    return track.with_arrays(xy_px=centre + (track.xy_px - centre) / size[:, None, None])


def _spread(points: Floats, least: float = 0.0) -> Floats:
    """Shape (T,): root mean square distance of points from their middle; NaN below `least`."""
    away = points - points.mean(axis=1, keepdims=True)
    spread = np.sqrt((away**2).sum(axis=2).mean(axis=1))
    return np.where(spread > least, spread, np.nan)


def _lasting(t_s: Floats, values: Floats) -> Floats:
    """Median over `LASTS_S`, told every `STEP_S`, at each time; NaN where nothing is known."""
    known = np.isfinite(values)
    if not known.any():
        return np.full(len(values), np.nan)
    times, values = t_s[known], values[known]
    knots = np.arange(times[0], times[-1] + STEP_S, STEP_S)
    firsts = np.searchsorted(times, knots - LASTS_S / 2)
    ends = np.searchsorted(times, knots + LASTS_S / 2, "right")
    found = [(knot, values[a:b]) for knot, a, b in zip(knots, firsts, ends, strict=True) if a < b]
    return np.interp(t_s, [knot for knot, _ in found], [np.median(near) for _, near in found])
