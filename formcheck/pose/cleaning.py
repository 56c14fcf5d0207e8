"""From raw landmarks to a clean track: swaps, outliers, gaps, noise.

Pure functions on `PoseTrack`. Times are kept: what is filtered on an even grid
is brought back to the clip's own frame times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.pose import landmarks
from formcheck.pose.belief import landmark_errors
from formcheck.pose.subject import jump_frames
from formcheck.signals import at_times, butterworth, running_median, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formcheck.pose.track import PoseTrack

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

CUTOFF_HZ = 6.0
"""Low-pass for positions; 6 to 10 Hz is usual for lifts [V73]."""
MAX_GAP_S = 0.25
"""Longer gaps stay missing."""
GAP_STEPS = 2.5
"""Of a clip with few pictures a second, gaps are this many times longer than its usual step."""
OUTLIER_WINDOW_S = 0.25
OUTLIER_SIZES = 0.25
"""A landmark this many trunk lengths away from its running median is an outlier."""
SWAP_GAIN = 0.5
"""A left/right swap is undone when that shortens the summed jump by this share."""
SWAP_MIN_SIZES = 0.15
"""Jumps below this many trunk lengths per landmark are never taken for a swap."""
SHORTEST_RUN = 12
"""Samples below which a stretch is too short to filter."""
MOST_AT_ONCE = 200_000
"""Numbers that are filtered together."""
TRUNK_M = 0.50
"""Hip to shoulder in metres when the lifter's height is unknown (0.288 of 1.74 m)."""

_LIMBS = {
    "arms": ("elbow", "wrist", "pinky", "index", "thumb"),
    "legs": ("knee", "ankle", "heel", "foot_index"),
    "trunk": ("shoulder", "hip"),
}
_HANGS = {"arms": ("shoulder", "elbow"), "legs": ("hip", "knee")}
"""Where a pair of limbs hangs from the trunk, and its next joint."""


@dataclass(frozen=True, eq=False)
class CleanTrack:
    """A cleaned track and what cleaning found.

    Attributes
    ----------
    track
        Same times as the raw track. NaN where a gap was too long.
    noise_px
        One standard deviation of a landmark coordinate, pixels, from how much
        rigid segments change their length; NaN when too little was seen.
    noise_cm
        The same in centimetres, with the trunk taken as 50 cm.
    trunk_px
        The trunk's length in pixels (90th percentile).
    swaps
        Frames in which left and right were exchanged.
    outliers
        Landmark samples that were thrown out.
    breaks
        Frames at which the picture cuts or the body jumps to another place, and the first
        ones after a time without pictures: nothing is repaired, filled or smoothed across them.
    gaps
        Those of them that come after a time without pictures.
    error_px
        Shape (T, 33): how far each landmark may be off, one standard error in pixels.
    """

    track: PoseTrack
    noise_px: float
    noise_cm: float
    trunk_px: float
    swaps: int
    outliers: int
    error_px: Floats
    breaks: tuple[int, ...] = ()
    gaps: tuple[int, ...] = ()


def clean(track: PoseTrack, /, *, cutoff_hz: float = CUTOFF_HZ) -> CleanTrack:
    """Repair swaps, drop outliers, fill short gaps, and low-pass a raw track.

    Parameters
    ----------
    track
        Raw landmarks.
    cutoff_hz
        Low-pass edge of the second-order zero-lag Butterworth filter. Clips
        sampled below 2.5 times this rate are filtered at 0.4 times their rate.

    Notes
    -----
    Visibility is kept as the model gave it. World landmarks are treated like
    the image's, so that both show the same body.
    """
    trunk_px = trunk_length(track)
    gaps = gap_frames(track.t_s)
    breaks = sorted({*break_frames(track), *gaps})
    parts: list[tuple[PoseTrack, Floats, Floats]] = []
    swaps = outliers = 0
    for first, end in pairwise([0, *breaks, len(track)]):
        part, swapped = repair_swaps(track.select(slice(first, end)), trunk_px=trunk_px)
        xy, dropped = drop_outliers(part, trunk_px=trunk_px)
        world = np.where(np.isnan(xy[..., :1]), np.nan, part.world_m)
        t_s = part.t_s
        parts.append((part, _smooth(t_s, xy, cutoff_hz), _smooth(t_s, world, cutoff_hz)))
        swaps, outliers = swaps + swapped, outliers + dropped
    track = track.with_arrays(
        xy_px=np.concatenate([part.xy_px for part, _, _ in parts]),
        world_m=np.concatenate([part.world_m for part, _, _ in parts]),
        visibility=np.concatenate([part.visibility for part, _, _ in parts]),
        certainty=np.concatenate([part.certainty for part, _, _ in parts]),
    )
    cleaned = track.with_arrays(
        xy_px=np.concatenate([xy for _, xy, _ in parts]),
        world_m=np.concatenate([world for _, _, world in parts]),
    )
    noise = segment_noise(cleaned)
    noise_cm = 100 * TRUNK_M * noise / trunk_px
    error_px = landmark_errors(track, cleaned.xy_px, trunk_px=trunk_px)
    marks = tuple(breaks), tuple(gaps)
    return CleanTrack(cleaned, noise, noise_cm, trunk_px, swaps, outliers, error_px, *marks)


def _smooth(t_s: Floats, values: Floats, cutoff_hz: float) -> Floats:
    return low_pass(t_s, fill_gaps(t_s, values, max_gap_s=MAX_GAP_S), cutoff_hz=cutoff_hz)


def break_frames(track: PoseTrack, /) -> list[int]:
    """Frames at which the clip cuts to another shot or the body leaps to another place."""
    cuts = {int(np.searchsorted(track.t_s, cut)) for cut in track.cuts_s}
    return sorted((cuts | set(jump_frames(track))) - {0, len(track)})


def gap_frames(t_s: Floats, /) -> list[int]:
    """Frames before which there were no pictures for longer than nothing can happen in.

    >>> gap_frames(np.array([0.0, 0.04, 0.08, 1.08, 1.12]))
    [3]
    >>> gap_frames(np.array([0.0, 0.5, 1.0, 1.5]))  # two a second, but evenly
    []
    """
    if len(t_s) < 2:
        return []
    steps_s = np.diff(t_s)
    longest_s = max(MAX_GAP_S, GAP_STEPS * float(np.median(steps_s)))
    return [int(n) + 1 for n in np.flatnonzero(steps_s > longest_s)]


def trunk_length(track: PoseTrack) -> float:
    """Hip-to-shoulder distance in pixels: the 90th percentile, so foreshortening matters little."""
    lengths = np.linalg.norm(track.middle("shoulder") - track.middle("hip"), axis=1)
    lengths = lengths[np.isfinite(lengths)]
    return max(1.0, float(np.percentile(lengths, 90))) if len(lengths) else 1.0


def repair_swaps(track: PoseTrack, *, trunk_px: float) -> tuple[PoseTrack, int]:
    """Undo exchanges of left and right, for arms, legs and trunk apart.

    A limb pair is exchanged when that brings it much nearer to where it was in
    the frame before (`SWAP_GAIN`), which happens in views from the side. Where the network turns
    a whole body and back, one of both turns may be missed of a pair: it does not stay crossed
    under the trunk (`_out_of_step`).

    Returns
    -------
    PoseTrack
        With the exchanges undone.
    int
        Frames in which something was exchanged.
    """
    xy, world = track.xy_px.copy(), track.world_m.copy()
    visibility, certainty = track.visibility.copy(), track.certainty.copy()
    pairs = {limb: _pair(names) for limb, names in _LIMBS.items()}
    found = {
        limb: _swapped_frames(xy[:, pair], len(pair) // 2, trunk_px) for limb, pair in pairs.items()
    }
    for limb, ends in _HANGS.items():
        found[limb] ^= _out_of_step(track, found[limb] ^ found["trunk"], ends, trunk_px)
    touched = np.zeros(len(track), dtype=bool)
    for limb, pair in pairs.items():
        swapped, mirrored = found[limb], np.roll(pair, len(pair) // 2)
        for values in (xy, world, visibility, certainty):
            values[np.ix_(swapped, pair)] = values[np.ix_(swapped, mirrored)]
        touched |= swapped
    repaired = track.with_arrays(
        xy_px=xy, world_m=world, visibility=visibility, certainty=certainty
    )
    return repaired, int(touched.sum())


def _pair(names: tuple[str, ...]) -> NDArray[np.intp]:
    """Landmarks of the left, then of the right."""
    return np.array([landmarks.index(name, side) for side in landmarks.SIDES for name in names])


def _out_of_step(track: PoseTrack, apart: Mask, ends: tuple[str, str], trunk_px: float) -> Mask:
    """Frames in which a limb pair was not exchanged by itself.

    Parameters
    ----------
    track
        Raw landmarks.
    apart
        Shape (T,): where either the pair is to be exchanged or the trunk.
    ends
        Where the pair hangs from the trunk, and its next joint.
    trunk_px
        The trunk's length.
    """
    root, joint = (track.point(end, "left") - track.point(end, "right") for end in ends)
    alike = (root * joint).sum(axis=1)
    wrong = np.zeros(len(track), dtype=bool)
    for first, last in runs(apart):
        seen = alike[first:last][np.isfinite(alike[first:last])]
        # The network's own body is whole, left over left: exchanging half of it would cross it.
        wrong[first:last] = len(seen) > 0 and np.median(seen) > (SWAP_MIN_SIZES * trunk_px) ** 2
    return wrong


def _swapped_frames(xy: Floats, half: int, trunk_px: float) -> Mask:
    """Which frames have the two halves of `xy` (T, 2*half, 2) exchanged."""
    swapped = np.zeros(len(xy), dtype=bool)
    seen = np.flatnonzero(np.isfinite(xy).all(axis=(1, 2)))
    points, last = xy[seen[1:]], xy[seen[:-1]]
    order = np.r_[half : 2 * half, 0:half]
    stays = np.linalg.norm(points - last, axis=2).sum(axis=1)
    crosses = np.linalg.norm(points[:, order] - last, axis=2).sum(axis=1)
    least = SWAP_MIN_SIZES * trunk_px * 2 * half
    before = False
    for number, *ways in zip(seen[1:], stays, crosses, strict=True):
        # After an exchanged frame, staying as it is means to cross over.
        kept, crossed = reversed(ways) if before else ways
        before = kept > least and crossed < (1 - SWAP_GAIN) * kept
        swapped[number] = before
    # A "swap" that never swaps back is the model correcting itself, or a turn.
    return swapped if swapped.mean() < 0.5 else ~swapped


def drop_outliers(track: PoseTrack, *, trunk_px: float) -> tuple[Floats, int]:
    """Image landmarks with lone spikes set to NaN, and how many there were."""
    window = max(3, round(OUTLIER_WINDOW_S * track.rate_hz) | 1) if len(track) > 3 else 0
    xy = track.xy_px.copy()
    if not window:
        return xy, 0
    far = np.zeros(xy.shape[:2], dtype=bool)
    for mark in range(xy.shape[1]):
        known = np.isfinite(xy[:, mark, 0])
        if known.sum() < window:
            continue
        for axis in range(2):
            values = np.interp(track.t_s, track.t_s[known], xy[known, mark, axis])
            median = running_median(values, window)
            far[:, mark] |= known & (np.abs(values - median) > OUTLIER_SIZES * trunk_px)
    xy[far] = np.nan
    return xy, int(far.sum())


def fill_gaps(t_s: Floats, values: Floats, *, max_gap_s: float) -> Floats:
    """Linear interpolation over gaps no longer than `max_gap_s`; others stay NaN.

    Parameters
    ----------
    t_s
        Shape (T,), seconds.
    values
        Shape (T, ...), NaN where missing. Leading and trailing gaps stay.
    """
    flat = values.reshape(len(values), -1).copy()
    for column in flat.T:
        known = np.flatnonzero(np.isfinite(column))
        if len(known) < 2:
            continue
        for gap in np.flatnonzero(np.diff(known) > 1):
            left, right = known[gap : gap + 2]
            if t_s[right] - t_s[left] <= max_gap_s:
                inside = slice(left + 1, right)
                column[inside] = np.interp(t_s[inside], t_s[[left, right]], column[[left, right]])
    return flat.reshape(values.shape)


def low_pass(
    t_s: Floats, values: Floats, *, cutoff_hz: float, breaks: Sequence[int] = ()
) -> Floats:
    """Zero-lag second-order Butterworth low-pass on each unbroken stretch.

    Parameters
    ----------
    t_s
        Shape (T,), seconds, not necessarily even.
    values
        Shape (T, ...). NaN stays NaN; a stretch too short to filter is kept.
    cutoff_hz
        Half-amplitude frequency of one pass.
    breaks
        Frames that start a new stretch.
    """
    flat = values.reshape(len(values), -1).copy()
    if len(t_s) < 8:
        return flat.reshape(values.shape)
    step = float(np.median(np.diff(t_s)))
    edge = min(cutoff_hz * step, 0.4)
    known = np.isfinite(flat)
    same: dict[bytes, list[int]] = {}
    for column in range(flat.shape[1]):  # usually all are known at the same times
        same.setdefault(known[:, column].tobytes(), []).append(column)
    for alike in same.values():
        for first, last in runs(known[:, alike[0]], breaks):
            if last - first < SHORTEST_RUN:
                continue
            # An hour's columns one by one, a short clip's all at once: little memory, little time.
            pieces = math.ceil(len(alike) * (last - first) / MOST_AT_ONCE)
            for some in np.array_split(alike, pieces):
                flat[first:last, some] = _filter_run(
                    t_s[first:last], flat[first:last, some], edge, step
                )
    return flat.reshape(values.shape)


def _filter_run(t_s: Floats, values: Floats, edge: float, step: float) -> Floats:
    even = np.arange(t_s[0], t_s[-1] + step, step)
    if len(even) < SHORTEST_RUN:
        return values
    return at_times(even, butterworth(at_times(t_s, values, even), edge=edge), t_s)


def segment_noise(track: PoseTrack, /) -> float:
    """Noise of one landmark coordinate in pixels, from the lengths of rigid segments.

    Shank and trunk keep their length in the body; in the picture the length
    also changes slowly with perspective. What remains after removing changes
    slower than about a second is noise of the two ends: SD / sqrt(2). The
    quieter side of the body is used. NaN with less than a second of data.
    """
    found = []
    for upper, lower in (("shoulder", "hip"), ("knee", "ankle")):
        sides = []
        for side in landmarks.SIDES:
            ends = track.point(upper, side) - track.point(lower, side)
            length = np.linalg.norm(ends, axis=1)
            known = np.isfinite(length)
            if known.sum() < 30:
                continue
            slow = low_pass(track.t_s[known], length[known], cutoff_hz=0.8)
            sides.append(float(np.std(length[known] - slow)) / np.sqrt(2))
        if sides:
            found.append(min(sides))
    return float(np.mean(found)) if found else float("nan")
