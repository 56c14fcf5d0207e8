"""One parameter file -> video and truth."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sample_videos.generator import truth
from sample_videos.generator.body import build_skeleton
from sample_videos.generator.camera import Camera
from sample_videos.generator.encode import encode
from sample_videos.generator.exercises import movement
from sample_videos.generator.figure import Figure, build_figure
from sample_videos.generator.gl import Finish, Item, Material, Mesh, Renderer
from sample_videos.generator.idle import bystander_pose
from sample_videos.generator.measures import SINCE_FIRST
from sample_videos.generator.rig import Posed, Rig
from sample_videos.generator.scene import (
    LIGHTS,
    PropMeshes,
    build_obstacle,
    build_pull_up_bar,
    build_room,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sample_videos.generator.motion import Movement, Shot
    from sample_videos.generator.spec import BodySpec, ClipSpec, VideoSpec
    from sample_videos.generator.vec import Array

CLOCK = 90_000
"""Ticks a second of the time stamps."""
_LONG_SHARE, _DROP_SHARE = 0.25, 0.08
_SUBFRAMES = 6
"""Pictures that a blurred frame is the mean of: fast hands move 2 px between them."""


@lru_cache(maxsize=4)
def _figure(spec: BodySpec) -> Figure:
    return build_figure(spec)


def frame_ticks(video: VideoSpec, duration: float, seed: int) -> list[int]:
    """Time stamps of the frames, in 1/90000 s.

    A variable rate lengthens a quarter of the intervals (a phone in poor
    light) and drops every twelfth frame or so.
    """
    step = CLOCK / Fraction(video.fps).limit_denominator(1001)
    count = round(duration * video.fps)
    if not video.variable_rate:
        return [round(n * step) for n in range(count)]
    rng = np.random.default_rng(seed)
    ticks, now = [], 0.0
    while now < duration * CLOCK:
        ticks.append(round(now))
        draw = rng.random()
        slower = (
            2.0 if draw < _DROP_SHARE else rng.uniform(1.15, 1.5) if draw < _LONG_SHARE else 1.0
        )
        now += float(step) * slower
    return ticks


class _Stage:
    """The renderer with everything that moves in it."""

    def __init__(self, spec: ClipSpec, figure: Figure, first: Shot, renderer: Renderer) -> None:
        self._spec, self._renderer = spec, renderer
        build_room(renderer, spec.scene)
        if spec.scene.obstacle:
            build_obstacle(renderer, spec.scene.obstacle, spec.camera)
        self._lifter = _add_figure(renderer, figure)
        self._props = PropMeshes(renderer, first.props, spec.equipment)
        if spec.exercise == "pull_up" and first.bar is not None:
            build_pull_up_bar(renderer, first.bar, spec.equipment)
        self._figure = figure
        self._other: tuple[Figure, Rig, list[Item]] | None = None
        if spec.scene.bystander:
            other = _figure(spec.scene.bystander.body)
            self._other = (other, Rig(other.skeleton), _add_figure(renderer, other))

    def picture(self, shot: Shot, t: float, duration: float) -> Array:
        _move_figure(self._renderer, self._figure, self._lifter, shot.posed)
        self._props.move(shot.props)
        if self._other and self._spec.scene.bystander:
            figure, rig, items = self._other
            posed = bystander_pose(rig, self._spec.scene.bystander, t, duration)
            _move_figure(self._renderer, figure, items, posed)
        return self._renderer.draw(_dark_spots(shot.posed))


def _add_figure(renderer: Renderer, figure: Figure) -> list[Item]:
    items = []
    for part in figure.parts:
        material = Material(0, part.shine, part.gloss, part.skin, part.noise)
        mesh = Mesh(
            part.vertices,
            part.triangles,
            part.colour,
            material,
            keep=part.keep,
            closed=part.closed,
        )
        items.append(renderer.add(mesh))
    return items


def _move_figure(renderer: Renderer, figure: Figure, items: list[Item], posed: Posed) -> None:
    matrices = posed.matrices()
    for part, item in zip(figure.parts, items, strict=True):
        renderer.move(item, part.posed(matrices))


def _dark_spots(posed: Posed) -> list[Array]:
    points = posed.points
    names = ("knee_l", "knee_r", "ankle_l", "ankle_r", "elbow_l", "elbow_r")
    trunk = [points["mid_hip"], (points["mid_hip"] + points["mid_shoulder"]) / 2]
    return trunk + [points[name] for name in names]


class Clip:
    """A clip ready to be rendered.

    Parameters
    ----------
    spec
        What it shows.
    """

    def __init__(self, spec: ClipSpec) -> None:
        self.spec = spec
        self._movement: Movement = movement(spec, build_skeleton(spec.body))
        self.duration = self._movement.timeline.duration
        self.ticks = frame_ticks(spec.video, self.duration, spec.motion.seed)
        self._camera = Camera(spec.camera, (spec.video.width, spec.video.height))
        self.shots = [self._movement.shot(tick / CLOCK) for tick in self.ticks]

    def document(self) -> dict[str, Any]:
        """Truth of the clip."""
        points = truth.joint_columns([shot.posed.points for shot in self.shots])
        bars = [shot.bar for shot in self.shots if shot.bar is not None]
        timeline = self._movement.timeline
        recording = truth.Recording(
            np.array(self.ticks) / CLOCK,
            points,
            {name: self._camera.project(value) for name, value in points.items()},
            np.array(bars) if len(bars) == len(self.shots) else None,
            [
                {"start_s": rep.start, "turn_s": (rep.far + rep.leave) / 2, "end_s": rep.end}
                for rep in timeline.reps
            ],
            [self._doses(number) for number in range(len(timeline.reps))],
        )
        about = {
            "spec": self.spec.name,
            "note": self.spec.note,
            "view": {
                "label": self._camera.view_label(),
                "yaw_deg": round(self._camera.yaw_deg(), 2),
            },
            "camera": self._camera.describe(),
            "video": {
                "fps": None if self.spec.video.variable_rate else self.spec.video.fps,
                "rotated": self.spec.video.rotate,
            },
            "body": {"stature_m": self.spec.body.stature_m},
        }
        return truth.document_of(self.spec.exercise, recording, about)

    def _doses(self, number: int) -> frozenset[str]:
        motion = self.spec.motion
        names = set(motion.faults)
        if number == 0:
            names -= set(SINCE_FIRST)
        chosen = motion.fault_reps
        return frozenset(names if chosen is None or number + 1 in chosen else ())

    def pictures(self, only: list[int] | None = None) -> Iterator[Array]:
        """Frames as uint8 (height, width, 3); `only` some of them if given."""
        video = self.spec.video
        finish = Finish(video.vignette, video.grain, video.exposure)
        light = LIGHTS[self.spec.scene.light]
        with Renderer(self._camera, light, finish) as renderer:
            stage = _Stage(self.spec, _figure(self.spec.body), self.shots[0], renderer)
            for number in range(len(self.shots)) if only is None else only:
                seen = [stage.picture(s, t, self.duration) for t, s in self._exposed(number)]
                yield renderer.filmed(seen, number)

    def _exposed(self, number: int) -> list[tuple[float, Shot]]:
        """What is there while the shutter is open; the frame's time is the middle of it."""
        t, video = self.ticks[number] / CLOCK, self.spec.video
        if not video.shutter:
            return [(t, self.shots[number])]
        steps = (np.arange(_SUBFRAMES) + 0.5) / _SUBFRAMES - 0.5
        times = np.clip(t + steps * video.shutter / video.fps, 0, self.duration)
        return [(float(one), self._movement.shot(float(one))) for one in times]

    def write(self, folder: Path) -> None:
        """Write video and truth into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        truth.save(self.document(), folder / f"{self.spec.name}.json")
        target = folder / f"{self.spec.name}.mp4"
        encode(target, self.pictures(), self.ticks, CLOCK, self.spec.video)
