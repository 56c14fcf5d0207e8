"""The video and the stills that a page shows: beside it, or inside."""

from __future__ import annotations

import base64
import itertools
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import cv2
import numpy as np

from formcheck.errors import VideoError, reason_of
from formcheck.pose import landmarks
from formcheck.video import VideoReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from formcheck.analysis import AnalysedClip
    from formcheck.pose.track import PoseTrack
    from formcheck.report.model import Report

    Image = NDArray[np.uint8]

KINDS = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/mp4",
    ".webm": "video/webm",
    ".mkv": "video/webm",
}
"""Containers that browsers play; a phone's .mov is an mp4 to them, and Matroska a WebM file."""
CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1"})
"""HEVC plays in some browsers; where it does not, the page says so."""
TIMES_REBUILT = frozenset({"timestamps_rebuilt", "timestamps_reordered", "timestamps_ignored"})
"""Warnings of clips whose pictures browsers show at other times than formcheck does."""
LONG_SIDE_PX = 480
QUALITY = 72
MOST = 12
"""Stills of a clip."""
THUMBNAIL_PX = 320
THUMBNAIL_BYTES = 15_000
THUMBNAIL_QUALITIES = (72, 60, 48, 36, 24, 12)
"""The first of these with which it is small enough is taken."""
ROOM = 1.3
"""Size of a thumbnail's cut-out, as a share of the lifter's."""
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


@dataclass(frozen=True)
class Player:
    """A video for the page.

    Attributes
    ----------
    address
        Relative to the page, or a ``data:`` address.
    annotated
        Whether it shows what was measured.
    """

    address: str
    annotated: bool = False


def find_player(report: Report, clip: Path, folder: Path, /, *, embed: bool) -> Player | None:
    """The annotated video if there is one, else the clip if browsers play it.

    Parameters
    ----------
    report
        The report: names the annotated video and the clip's codec.
    clip, folder
        The video file and where the page will be.
    embed
        Put the whole video into the page.

    Raises
    ------
    VideoError
        If a video to embed cannot be read.
    """
    name = report.files.annotated_video
    file = clip if name is None else folder / name
    kind = KINDS.get(file.suffix.lower())
    if kind is None or (name is None and not _plays(report)):
        return None
    if embed:
        try:
            content = base64.b64encode(file.read_bytes()).decode("ascii")
        except OSError as error:
            raise VideoError(f"Cannot read {file}: {reason_of(error)}.") from error
        return Player(f"data:{kind};base64,{content}", name is not None)
    return Player(relative_address(file, folder), name is not None)


def _plays(report: Report) -> bool:
    """Whether browsers show a clip's pictures, and at the times that they were told."""
    lies = any(warning.code in TIMES_REBUILT for warning in report.warnings)
    return report.video.codec in CODECS and not lies


def relative_address(file: Path, folder: Path, /) -> str:
    """The address of a file as seen from a page in a folder.

    >>> from pathlib import Path
    >>> relative_address(Path("/clips/set 1#.mp4"), Path("/clips/out"))
    '../set%201%23.mp4'
    """
    way = os.path.relpath(os.path.realpath(file), os.path.realpath(folder))
    return quote(os.fsencode(way.replace(os.sep, "/")))


def stills(clip: AnalysedClip, times_s: Iterable[float], /) -> dict[float, Image]:
    """Pictures of the clip with the tracked lifter, by the time asked for.

    Parameters
    ----------
    clip
        The analysed clip, whose file is read once more.
    times_s
        Moments, clip seconds; the first dozen is taken.

    Returns
    -------
    dict
        Each shape (H, W, 3) RGB; without moments that cannot be read any more.
    """
    track = clip.analysis.motion.track
    wanted: dict[int, list[float]] = {}
    for t_s in list(dict.fromkeys(times_s))[:MOST]:
        wanted.setdefault(int(np.argmin(np.abs(track.t_s - t_s))), []).append(t_s)
    if not wanted:
        return {}
    found: dict[float, Image] = {}
    try:
        for frame, image in _pictures(clip, sorted(wanted)):
            drawn = with_skeleton(image, track, frame)
            found |= dict.fromkeys(wanted[frame], drawn)
    except VideoError:  # the file went away meanwhile: the page does without
        return found
    return found


def _pictures(clip: AnalysedClip, frames: list[int]) -> Iterator[tuple[int, Image]]:
    """The pictures of a track's frames: quickly where it works, else by reading all."""
    t_s = clip.analysis.motion.track.t_s
    missing = dict.fromkeys(frames)
    with VideoReader.again(clip.tracked.video, max_side=LONG_SIDE_PX) as reader:
        for picture in reader.frames_at(float(t_s[frame]) for frame in frames):
            frame = int(np.argmin(np.abs(t_s - picture.t_s)))
            del missing[frame]
            yield frame, picture.image
    if not missing:
        return
    rate_hz, start_s = clip.settings.rate_hz, clip.settings.start_s
    last_s = float(t_s[max(missing)]) + 1e-6
    with VideoReader.again(clip.tracked.video, max_side=LONG_SIDE_PX) as reader:
        # Sampled as when it was tracked, so that pictures and landmarks belong together.
        for picture in reader.frames(rate_hz=rate_hz, start_s=start_s, end_s=last_s):
            frame = int(np.argmin(np.abs(t_s - picture.t_s)))
            if frame in missing:
                del missing[frame]
                yield frame, picture.image


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


def middle_s(track: PoseTrack, /) -> float:
    """The middle of the time in which the lifter was tracked, clip seconds."""
    seen = np.flatnonzero(track.tracked)
    return float(track.t_s[seen[len(seen) // 2]] if len(seen) else track.t_s[len(track) // 2])


def thumbnail(image: Image, track: PoseTrack, t_s: float, /) -> bytes:
    """The lifter cut out of a still, small, as a WebP file.

    Parameters
    ----------
    image
        The still, shape (H, W, 3) RGB.
    track, t_s
        Tells where the lifter is at that moment, clip seconds.
    """
    part = _around_lifter(image, track, int(np.argmin(np.abs(track.t_s - t_s))))
    height, width = part.shape[:2]
    factor = min(1.0, THUMBNAIL_PX / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    tries = (_webp(small, quality) for quality in THUMBNAIL_QUALITIES)
    return next((data for data in tries if len(data) <= THUMBNAIL_BYTES), _webp(small, 1))


def _around_lifter(image: Image, track: PoseTrack, frame: int) -> Image:
    """A square around the lifter, as far as the picture reaches."""
    height, width = image.shape[:2]
    points = track.xy_px[frame] * (np.array([width, height]) / np.array(track.frame_wh))
    seen = points[np.isfinite(points).all(axis=1) & (track.visibility[frame] > SEEN)]
    if not len(seen):
        return image
    low, high = seen.min(axis=0), seen.max(axis=0)
    side = round(ROOM * float((high - low).max()))
    (left, right), (top, bottom) = (
        _stretch((low[axis] + high[axis]) / 2, side, end) for axis, end in ((0, width), (1, height))
    )
    return image[top:bottom, left:right]


def _stretch(middle: float, size: int, end: int) -> tuple[int, int]:
    """A stretch of a size around a middle, moved and cut to lie within 0 and an end."""
    size = max(1, min(size, end))
    start = min(max(0, round(middle - size / 2)), end - size)
    return start, start + size


def data_address(image: Image, /) -> str:
    """An RGB picture as a ``data:`` address (WebP)."""
    return "data:image/webp;base64," + base64.b64encode(_webp(image, QUALITY)).decode("ascii")


def _webp(image: Image, quality: int) -> bytes:
    flat = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".webp", flat, [cv2.IMWRITE_WEBP_QUALITY, quality])
    return bytes(encoded.tobytes())
