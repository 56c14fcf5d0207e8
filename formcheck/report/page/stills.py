"""Stills of a clip at given moments, with the tracked lifter drawn on them."""

from __future__ import annotations

import base64
import itertools
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formcheck.errors import VideoError
from formcheck.pose import landmarks
from formcheck.video import VideoReader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from formcheck.pipeline import ClipAnalysis
    from formcheck.pose.track import PoseTrack

    Image = NDArray[np.uint8]

LONG_SIDE_PX = 480
QUALITY = 72
MOST = 12
"""Stills on a page."""
SEEN = 0.4
"""Landmarks that the model believes in less than this are not drawn."""
OPACITY = 0.75
_LIMBS = (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle", "heel", "foot_index", "ankle"))
BONES = tuple(
    (landmarks.index(first, side), landmarks.index(second, side))
    for side in landmarks.SIDES
    for limb in (*_LIMBS, ("shoulder", "hip"))
    for first, second in itertools.pairwise(limb)
) + tuple(
    (landmarks.index(part, "left"), landmarks.index(part, "right")) for part in ("shoulder", "hip")
)


def stills(clip: ClipAnalysis, times_s: Iterable[float], /) -> dict[float, str]:
    """Pictures of the clip as ``data:`` addresses, by the time asked for.

    Parameters
    ----------
    clip
        The analysed clip, whose file is read once more.
    times_s
        Moments, clip seconds; the first dozen is taken.

    Returns
    -------
    dict
        Without moments that cannot be read any more.
    """
    track = clip.analysis.motion.track
    wanted: dict[int, list[float]] = {}
    for t_s in list(dict.fromkeys(times_s))[:MOST]:
        wanted.setdefault(int(np.argmin(np.abs(track.t_s - t_s))), []).append(t_s)
    if not wanted:
        return {}
    found: dict[float, str] = {}
    rate_hz, start_s = clip.settings.rate_hz, clip.settings.start_s
    last_s = float(track.t_s[max(wanted)])
    try:
        with VideoReader(clip.tracked.video.path, max_side=LONG_SIDE_PX) as reader:
            # Sampled as when it was tracked, so that pictures and landmarks belong together.
            for picture in reader.frames(rate_hz=rate_hz, start_s=start_s, end_s=last_s + 1e-6):
                frame = int(np.argmin(np.abs(track.t_s - picture.t_s)))
                for t_s in wanted.pop(frame, ()):
                    found[t_s] = data_address(with_skeleton(picture.image, track, frame))
    except VideoError:  # the file went away meanwhile: the page does without
        return found
    return found


def with_skeleton(image: Image, track: PoseTrack, frame: int, /) -> Image:
    """A copy of a picture, shape (H, W, 3) RGB, with the landmarks of a frame joined."""
    height, width = image.shape[:2]
    scale = np.array([width, height]) / np.array(track.frame_wh)
    points = track.xy_px[frame] * scale
    seen = np.isfinite(points).all(axis=1) & (track.visibility[frame] > SEEN)
    drawn = image.copy()
    thin = max(1, round(max(height, width) / 240))
    for colour, thickness in (((20, 24, 32), thin + 2), ((255, 255, 255), thin)):
        for first, second in BONES:
            if seen[first] and seen[second]:
                ends = [tuple(int(v) for v in np.rint(points[i])) for i in (first, second)]
                cv2.line(drawn, ends[0], ends[1], colour, thickness, cv2.LINE_AA)
    mixed = cv2.addWeighted(drawn, OPACITY, image, 1 - OPACITY, 0)
    return np.asarray(mixed, dtype=np.uint8)


def data_address(image: Image, /) -> str:
    """An RGB picture as a ``data:`` address (WebP)."""
    flat = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".webp", flat, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    return "data:image/webp;base64," + base64.b64encode(encoded.tobytes()).decode("ascii")
