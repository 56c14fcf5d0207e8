"""Write a clip again with everything drawn on it that the analysis found."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formcheck.errors import UsageError
from formcheck.pose import landmarks
from formcheck.present.video.body import FaceBlur, body_points, lifter_box
from formcheck.present.video.canvas import OF, SKY_BLUE, Box
from formcheck.present.video.figure import NOT_JUDGED, Figure, FigureStyle
from formcheck.present.video.panels import (
    Whereabouts,
    arrange,
    draw_headline,
    draw_messages,
    draw_replay,
    text_size,
)
from formcheck.present.video.replay import Replays
from formcheck.present.video.story import choose_measures, tell
from formcheck.video import VideoReader
from formcheck.video.ahead import ahead
from formcheck.video.sound import SoundReader
from formcheck.video.writer import VideoWriter, WriterSettings
from formcheck.words.severity import ORDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formcheck.analysis import AnalysedClip
    from formcheck.kinematics.motion import Motion
    from formcheck.pose.tracker import Progress
    from formcheck.present.video.story import Story

    Image = NDArray[np.uint8]
    Mask = NDArray[np.bool_]
    Floats = NDArray[np.float64]

LOWEST, HIGHEST = 120, 4320
"""Heights that a picture may be asked to have, pixels."""
FEWEST_FPS, MOST_FPS = 1.0, 240.0
HIPS = ("left_hip", "right_hip")


@dataclass(frozen=True)
class AnnotateSettings:
    """What an annotated video looks like.

    Attributes
    ----------
    height
        Of the picture, pixels; None for the clip's own.
    sound
        Whether the clip's sound is kept.
    slow_faults
        Whether the worst moments are seen again, slowly.
    blur_face
        Whether the lifter's head is made unrecognisable.

    Raises
    ------
    UsageError
        If the height makes no sense.
    """

    height: int | None = None
    sound: bool = False
    slow_faults: bool = False
    blur_face: bool = False

    def __post_init__(self) -> None:
        if self.height is not None and not LOWEST <= self.height <= HIGHEST:
            raise UsageError(
                f"--video-height: expected {LOWEST} to {HIGHEST} pixels, got {self.height}."
            )


def check_output(clip: Path, out: Path, /) -> None:
    """Refuse an output that cannot be, before any work is done.

    Raises
    ------
    UsageError
        If it would replace the clip, or is not named as an mp4 file.
    """
    if out.suffix.lower() != ".mp4":
        raise UsageError(f"{out.name}: expected a name that ends in .mp4.")
    if out.exists() and clip.exists() and out.samefile(clip):
        raise UsageError(f"{out} is the clip itself; choose another file with --out.")


def write_annotated(
    clip: AnalysedClip,
    out: Path,
    /,
    *,
    settings: AnnotateSettings | None = None,
    progress: Progress | None = None,
) -> None:
    """Write an annotated copy of the part of a clip that was analysed.

    Parameters
    ----------
    clip
        The analysed clip; its file is read again.
    out
        The mp4 file. It appears whole or not at all.
    settings
        What it looks like.
    progress
        Called with seconds done and in all.

    Raises
    ------
    UsageError
        If the file would replace the clip, or is not named as an mp4 file.
    VideoError
        If the clip cannot be read again.
    OutputError
        If the file cannot be written.
    """
    how, video = settings or AnnotateSettings(), clip.tracked.video
    source = Path(video.path)
    check_output(source, out)
    width, height = output_size((video.width, video.height), how.height)
    start_s, end_s = clip.settings.start_s, clip.settings.end_s
    total_s = min(end_s, video.duration_s) - start_s
    artist = Artist(clip, (width, height), how)
    fps = min(MOST_FPS, max(FEWEST_FPS, video.mean_fps))
    with ExitStack() as files:
        reader = files.enter_context(VideoReader.again(video, max_side=_max_side(clip, height)))
        sound = None
        if how.sound and video.pace == 1:  # of slow motion the sound is slow, but not the copy
            sound = files.enter_context(SoundReader(source, start_s=start_s, end_s=end_s))
        writer = VideoWriter(out, WriterSettings(width, height, fps), sound=sound)
        output = files.enter_context(writer)
        replays = Replays(artist.story.replays if how.slow_faults else ())
        first_s: float | None = None
        late_s = 0.0
        pictures = reader.frames(start_s=start_s, end_s=end_s)
        for frame in files.enter_context(ahead(pictures)):
            first_s = frame.t_s if first_s is None else first_s
            image = _fitted(frame.image, width, height)
            for again in replays.due(frame.t_s):
                length_s = again.duration_s
                output.hold_sound(length_s)
                for shown in again.frames():
                    drawn = artist.draw(shown.image, shown.t_s, replay=True)
                    output.write(drawn, shown.later_s + late_s + again.begins_s - first_s)
                late_s += length_s
            replays.keep(frame.t_s, image)
            output.write(artist.draw(image, frame.t_s), frame.t_s - first_s + late_s)
            if progress is not None:
                progress(frame.t_s - start_s, total_s)


def output_size(displayed: tuple[int, int], height: int | None) -> tuple[int, int]:
    """Even width and height for a displayed size; `height` None keeps it.

    >>> output_size((1080, 1920), 720), output_size((641, 361), None)
    ((404, 720), (640, 360))
    """
    if height is None:
        return max(2, displayed[0] // 2 * 2), max(2, displayed[1] // 2 * 2)
    width = displayed[0] * height / displayed[1]
    return max(2, round(width / 2) * 2), height // 2 * 2


def _max_side(clip: AnalysedClip, height: int) -> int | None:
    """The longer side to decode at; None when the picture is not made smaller."""
    video = clip.tracked.video
    if height >= video.height - 1:
        return None
    return math.ceil(max(video.width, video.height) * height / video.height)


def _fitted(image: Image, width: int, height: int) -> Image:
    """A picture of exactly this size that may be drawn on; an odd line is cut off."""
    if image.shape[0] - height in (0, 1) and image.shape[1] - width in (0, 1):
        return np.ascontiguousarray(image[:height, :width])
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


class Artist:
    """Draws everything on the pictures of one clip.

    Parameters
    ----------
    clip
        The analysed clip.
    size
        Width and height of the pictures, pixels.
    settings
        What they look like.

    Attributes
    ----------
    story
        What is said.
    layout
        Where it is said.
    """

    def __init__(
        self, clip: AnalysedClip, size: tuple[int, int], settings: AnnotateSettings
    ) -> None:
        analysis, video = clip.analysis, clip.tracked.video
        motion = analysis.motion
        scale = size[1] / (video.height // 2 * 2)
        text = text_size(*size)
        self.story: Story = tell(analysis, start_s=clip.settings.start_s)
        colour = NOT_JUDGED if analysis.definition is None else SKY_BLUE
        style = FigureStyle.of(motion.trunk_px, scale, text)
        self._figure = Figure(motion, choose_measures(analysis), style, colour=colour)
        self._face = None
        if settings.blur_face:
            self._face = FaceBlur(
                clip.tracked.track, motion.clean.breaks, trunk_px=motion.trunk_px, scale=scale
            )
        lifting = _lifting(clip)
        shown = [(m.start_s, m.end_s) for m in self.story.messages]
        self.layout = arrange(
            self.story,
            size,
            text,
            lifting=_whereabouts(motion, lifting, scale),
            at_messages=_whereabouts(motion, _during(motion.t_s, shown), scale),
        )

    def draw(self, image: Image, t_s: float, *, replay: bool = False) -> Image:
        """Draw on a picture, in place, and return it.

        Parameters
        ----------
        image
            Shape (height, width, 3), uint8 RGB.
        t_s
            Seconds of the clip.
        replay
            Whether it is part of a replay.
        """
        messages = self.story.shown(t_s)
        if self._face is not None:
            self._face.cover(image, t_s)
        worst_last = sorted(messages, key=lambda m: ORDER(m.severity))
        colours = {part: OF[m.severity] for m in worst_last for part in m.parts}
        self._figure.draw(image, t_s, colours)
        draw_headline(image, self.story, t_s, self.layout.reps, self.layout.text)
        if self.layout.messages is not None:
            draw_messages(image, messages, self.layout.messages, self.layout.text)
        if replay:
            draw_replay(image, self.layout.replay, self.layout.text)
        return image


def _lifting(clip: AnalysedClip) -> Mask:
    """Samples from the first to the last repetition; all without any."""
    t_s = clip.analysis.motion.t_s
    reps = [r.rep for r in clip.analysis.reps if r.rep.counts]
    if not reps:
        return np.ones(len(t_s), dtype=bool)
    return _during(t_s, [(reps[0].start_s, reps[-1].end_s)])


def _during(t_s: Floats, spans: Sequence[tuple[float, float]]) -> Mask:
    inside = np.zeros(len(t_s), dtype=bool)
    for start_s, end_s in spans:
        inside |= (t_s >= start_s) & (t_s <= end_s)
    return inside


def _whereabouts(motion: Motion, frames: Mask, scale: float) -> Whereabouts:
    box = lifter_box(motion.track, frames, motion.trunk_px)
    if box is not None:
        box = Box(*(scale * edge for edge in (box.left, box.top, box.right, box.bottom)))
    points, hips = (
        body_points(motion.track, frames, names) * scale for names in (landmarks.NAMES, HIPS)
    )
    return Whereabouts(box, points, hips)
