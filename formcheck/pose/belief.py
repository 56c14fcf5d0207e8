"""How far a landmark may be off, from how it stands out and how steadily it moves.

The pose network says of hidden hips that they are visible. What does tell is its heat map,
which is flat where a landmark is guessed, and the path, which is restless there
(``docs/belief.md`` has the measurements). Nobody sees what lies outside of the picture, and a
body that the edge cuts is drawn just within it, steadily and with a sharp heat map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]

CERTAINTY_POWER, UNREST_POWER, SCALE = -0.45, 0.55, 1.05
LEAST_UNREST = 0.002
"""Trunk lengths below which a path is as steady as paths are."""
UNTOLD = 0.9
"""Certainty of an engine that tells none: that of a landmark that is seen."""
EXTREME = 1e-3
"""Certainties nearer to 0 or 1 are taken as this near."""
OUTSIDE_TRUNKS = 0.10
"""Least error of a landmark outside of the picture, where the network only continues a body,
trunk lengths, to which the way to the edge is added (judgement: it is not believed)."""
EDGE_TRUNKS = 0.10
"""A landmark of head or foot that is drawn nearer to the edge than this, trunk lengths, is taken
for one outside: on clips cut there one in two was, of hands one in ten (``docs/belief.md``)."""
ENDS = np.array([*range(11), *range(27, 33)])
"""Landmarks of the head, the ankles and the feet: where a picture's edge cuts a body."""
UNREST_S = 0.25
"""Unrest is the mean over this time to both sides."""


def landmark_errors(raw: PoseTrack, smooth_px: Floats, /, *, trunk_px: float) -> Floats:
    """One standard error of every landmark in every frame, beyond what it has when seen.

    Parameters
    ----------
    raw
        Landmarks before smoothing, left and right already told apart.
    smooth_px
        Shape (T, 33, 2), the same smoothed, pixels.
    trunk_px
        Length of the trunk in the picture, pixels.

    Returns
    -------
    ndarray
        Shape (T, 33), pixels; NaN where the landmark is missing.
    """
    certainty = np.where(np.isnan(raw.certainty), UNTOLD, raw.certainty)
    certainty = np.clip(certainty, EXTREME, 1 - EXTREME)
    restless = np.linalg.norm(raw.xy_px - smooth_px, axis=2) / trunk_px
    unrest = np.sqrt(_around(raw.t_s, restless**2)) + LEAST_UNREST
    odds = certainty / (1 - certainty)
    error = SCALE * odds**CERTAINTY_POWER * unrest**UNREST_POWER * trunk_px
    beyond_px = beyond_edge(smooth_px, raw.frame_wh, trunk_px=trunk_px)
    outside = np.maximum(error, OUTSIDE_TRUNKS * trunk_px) + beyond_px
    error = np.where(beyond_px > 0, outside, error)
    return np.asarray(np.where(np.isnan(smooth_px[..., 0]), np.nan, error))


def beyond_edge(xy_px: Floats, frame_wh: tuple[int, int], /, *, trunk_px: float) -> Floats:
    """How far landmarks are beyond the edge of the picture, pixels; negative within.

    Of those in `ENDS`, beyond a line that is `EDGE_TRUNKS` within it.

    Parameters
    ----------
    xy_px
        Shape (T, 33, 2).
    frame_wh, trunk_px
        Size of the picture, and length of the trunk in it, pixels.

    Returns
    -------
    ndarray
        Shape (T, 33); NaN where the landmark is missing.
    """
    beyond_px = np.maximum(-xy_px, xy_px - np.asarray(frame_wh)).max(axis=2)
    beyond_px[:, ENDS] += EDGE_TRUNKS * trunk_px
    return np.asarray(beyond_px)


def _around(t_s: Floats, values: Floats) -> Floats:
    """Mean over `UNREST_S` to both sides, shape (T, M); NaN is left out."""
    known = np.isfinite(values)
    sums = np.vstack([np.zeros(values.shape[1]), np.cumsum(np.where(known, values, 0.0), axis=0)])
    counts = np.vstack([np.zeros(values.shape[1]), np.cumsum(known, axis=0)])
    first = np.searchsorted(t_s, t_s - UNREST_S)
    last = np.searchsorted(t_s, t_s + UNREST_S, side="right")
    return np.asarray((sums[last] - sums[first]) / np.maximum(counts[last] - counts[first], 1))
