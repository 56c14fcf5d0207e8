"""MediaPipe's own pose landmarker as an engine, to compare formcheck's with.

It needs ``formcheck[mediapipe]``. Versions before 0.10.30 want OpenCV's contrib package,
those from 0.10.35 on report their use to the network: neither is taken.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from formcheck.errors import MissingLibraryError
from formcheck.pose.engine import KEEP_FOLLOWING, LOOK_EVERY_S, MOST_PEOPLE, Followed, quiet_stderr
from formcheck.pose.subject import Person, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.pose.model import PoseModel
    from formcheck.pose.subject import PersonPath
    from formcheck.video.picture import Picture

MAX_SIDE = 1280
"""Larger pictures are scaled down first: the network sees 256 px of a person."""


def import_mediapipe() -> Any:
    """The `mediapipe` module.

    Raises
    ------
    MissingLibraryError
        If it, or a system library it loads, is not installed.
    """
    os.environ.setdefault("GLOG_minloglevel", "3")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import mediapipe  # noqa: PLC0415 - only who asks for it pays for loading it
        from mediapipe.tasks.python import vision  # noqa: F401, PLC0415
    except ModuleNotFoundError as error:
        raise MissingLibraryError.of_extra("The engine mediapipe", "mediapipe") from error
    except (ImportError, OSError) as error:
        raise MissingLibraryError(
            f"A system library that MediaPipe needs is missing ({error}). On Debian or Ubuntu "
            "run: sudo apt-get install -y libegl1 libgles2"
        ) from error
    return mediapipe


class MediaPipeEngine:
    """Follows bodies with MediaPipe's Tasks.

    Parameters
    ----------
    model
        The pose bundle.

    Notes
    -----
    Landmarks are smoothed by MediaPipe when it follows one body, and not when it
    follows several.
    """

    def __init__(self, model: PoseModel) -> None:
        self._mediapipe = import_mediapipe()
        self._model = model

    def follow(self, pictures: Iterable[Picture], /) -> Followed:
        """Follow whoever is found first, and look at times for everybody else."""
        sightings, looks = [], []
        next_look_s = -np.inf
        with (
            _Landmarker(self._mediapipe, self._model) as tracker,
            _Landmarker(self._mediapipe, self._model, people=MOST_PEOPLE, video=False) as scout,
        ):
            for picture in pictures:
                image = picture.rgb(MAX_SIDE)
                sightings.append(tracker.detect(picture, image))
                if picture.t_s >= next_look_s:
                    looks.append(scout.detect(picture, image))
                    next_look_s = picture.t_s + LOOK_EVERY_S
        return Followed(sightings, looks, len(sightings))

    def follow_lifter(
        self,
        pictures: Iterable[Picture],
        lifter: PersonPath,  # noqa: ARG002 - MediaPipe cannot be told whom to follow
        people: int,
        /,
    ) -> Followed:
        """Follow so many people."""
        most = min(people, MOST_PEOPLE)
        with _Landmarker(self._mediapipe, self._model, people=most) as tracker:
            seen = [tracker.detect(picture, picture.rgb(MAX_SIDE)) for picture in pictures]
        return Followed(seen, (), len(seen))


class _Landmarker:
    """Context manager around the native pose landmarker.

    Parameters
    ----------
    mediapipe
        The module.
    model
        The pose bundle.
    people
        Most people to look for.
    video
        True: follow bodies from picture to picture (times must increase).
        False: look at each picture afresh.
    """

    def __init__(
        self, mediapipe: Any, model: PoseModel, *, people: int = 1, video: bool = True
    ) -> None:
        self._mediapipe = mediapipe
        self._model = model
        self._people = people
        self._video = video
        self._landmarker: Any = None
        self._last_ms = -1
        self._seen_anybody = False

    def __enter__(self) -> Self:
        tasks = self._mediapipe.tasks
        mode = tasks.vision.RunningMode.VIDEO if self._video else tasks.vision.RunningMode.IMAGE
        options = tasks.vision.PoseLandmarkerOptions(
            base_options=tasks.BaseOptions(model_asset_path=str(self._model.path)),
            running_mode=mode,
            num_poses=self._people,
            min_pose_presence_confidence=KEEP_FOLLOWING,
            min_tracking_confidence=KEEP_FOLLOWING,
        )
        with quiet_stderr():
            self._landmarker = tasks.vision.PoseLandmarker.create_from_options(options)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._landmarker.close()

    def detect(self, picture: Picture, image: Any) -> Sighting:
        """Everybody seen in one picture, in pixels of the displayed picture."""
        native = self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=image)
        if self._seen_anybody:
            found = self._run(native, picture.t_s)
        else:
            with quiet_stderr():  # each network chatters when it first runs
                found = self._run(native, picture.t_s)
            self._seen_anybody = bool(found.pose_landmarks)
        bodies = zip(found.pose_landmarks, found.pose_world_landmarks, strict=True)
        people = tuple(_person(body, world, picture.size) for body, world in bodies)
        return Sighting(picture.t_s, people)

    def _run(self, native: Any, t_s: float) -> Any:
        if not self._video:
            return self._landmarker.detect(native)
        self._last_ms = max(self._last_ms + 1, round(t_s * 1000))
        return self._landmarker.detect_for_video(native, self._last_ms)


def _person(body: Any, world: Any, size: tuple[int, int]) -> Person:
    return Person(
        xy_px=np.array([(mark.x, mark.y) for mark in body]) * size,
        world_m=np.array([(mark.x, mark.y, mark.z) for mark in world]),
        visibility=np.array([mark.visibility for mark in body]),
    )
