"""The same numbers as MediaPipe's, as far as MediaPipe itself means them.

What MediaPipe answers when the picture becomes one grey level lighter or darker, which
nobody sees, says how far its numbers can be meant. formcheck's chain differs from it by
no more than that on the same RGB picture. What is sampled from the planes also differs
by FFmpeg's conversion: its usual one repeats chroma samples and darkens by a grey level,
and MediaPipe answers to that by more than it differs from formcheck.

Distances are in pixels of the crop, of 256.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
import pytest
from av.video.reformatter import Interpolation

from formcheck.pose.blazepose.smooth import (
    PICTURE_EDGE_HZ,
    PICTURE_RISE,
    WORLD_EDGE_HZ,
    WORLD_RISE,
    one_euro,
)
from formcheck.pose.model import load_model
from formcheck.pose.reference import _Landmarker, import_mediapipe
from tests.conftest import SAMPLES
from tests.helpers.pictures import of_rgb, pictures_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formcheck.pose.blazepose.detector import Detector
    from formcheck.pose.blazepose.landmarker import Body, Landmarker
    from formcheck.pose.subject import Person
    from formcheck.video.picture import Picture

    Floats = NDArray[np.float64]
    Image = NDArray[np.uint8]

CLIPS = ("squat_side_good", "row_side_good", "pull_up_back_good")
SINGLE = range(3, 200, 16)
"""Pictures of each clip that are looked at alone: 39 in all."""
FOLLOWED = range(30, 50)
CROP = 256
MEDIAN, RARE = 1.5, 2.0
"""So many times MediaPipe's own answer to a grey level may the median and the 95th
percentile of the difference be. Measured: 0.9 (0.068 of 0.074 px) and 1.1 (0.47 of 0.42)."""
BEST = (
    Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
    | Interpolation.FULL_CHR_H_INP
)  # fmt: skip
"""FFmpeg's conversion with interpolated chroma and exact rounding."""


@dataclass
class Answers:
    """Differences of landmarks (px), world landmarks (mm) and visibility, by what was compared."""

    px: dict[str, list[Floats]] = field(default_factory=dict)
    mm: dict[str, list[Floats]] = field(default_factory=dict)
    visibility: dict[str, list[Floats]] = field(default_factory=dict)

    def add(self, what: str, one: Person | Body, other: Person | Body, scale: float) -> None:
        """Compare two bodies; `scale` is pixels of the crop for one of the picture."""
        apart = np.linalg.norm(one.xy_px - other.xy_px, axis=-1) * scale
        self.px.setdefault(what, []).append(apart)
        apart = np.linalg.norm(one.world_m - other.world_m, axis=-1) * 1000
        self.mm.setdefault(what, []).append(apart)
        apart = np.abs(one.visibility - other.visibility)
        self.visibility.setdefault(what, []).append(apart)


def assert_within(
    found: Floats | Sequence[Floats], own: Floats | Sequence[Floats], most: tuple[float, float]
) -> None:
    """Median and 95th percentile are at most so many times those of what is MediaPipe's own."""
    for percent, times in zip((50, 95), most, strict=True):
        assert np.percentile(found, percent) <= times * np.percentile(own, percent)


def shifted(image: Image, levels: int) -> Image:
    return np.asarray(np.clip(image.astype(int) + levels, 0, 255), np.uint8)


def best(picture: Picture) -> Image:
    """A picture as RGB, converted as well as FFmpeg can."""
    return np.ascontiguousarray(picture._frame.to_ndarray(format="rgb24", interpolation=BEST))


def afresh(picture: Picture, detector: Detector, landmarker: Landmarker) -> tuple[Body, float]:
    """The body in a single picture, and pixels of its crop for one of the picture."""
    region = detector.find(picture)[0].region
    assert region is not None
    return landmarker.measure(picture, region), CROP / region.side


@pytest.fixture(scope="module")
def alone(detector: Detector, landmarker: Landmarker) -> Answers:
    """Single pictures, each looked at afresh."""
    answers = Answers()
    pictures = [p for clip in CLIPS for p in pictures_of(SAMPLES / f"{clip}.mp4", SINGLE)]
    with _Landmarker(import_mediapipe(), load_model(), video=False) as mediapipe:
        for picture, level in zip(pictures, cycle((1, -1)), strict=False):

            def answer(image: Image, picture: Picture = picture) -> Person:
                (person,) = mediapipe.detect(picture, image).people
                return person

            image, better = picture.rgb(), best(picture)
            expected, expected_better = answer(image), answer(better)
            from_rgb, scale = afresh(of_rgb(image), detector, landmarker)
            from_planes, _ = afresh(picture, detector, landmarker)
            answers.add("rgb", from_rgb, expected, scale)
            answers.add("planes", from_planes, expected_better, scale)
            answers.add("conversion", expected, expected_better, scale)
            answers.add("level", answer(shifted(image, level)), expected, scale)
    return answers


def test_on_the_same_rgb_picture_landmarks_are_mediapipes(alone: Answers) -> None:
    assert len(alone.px["rgb"]) == 39
    assert_within(alone.px["rgb"], alone.px["level"], (MEDIAN, RARE))


def test_on_the_same_rgb_picture_world_landmarks_are_mediapipes(alone: Answers) -> None:
    assert_within(alone.mm["rgb"], alone.mm["level"], (MEDIAN, RARE))


def test_on_the_same_rgb_picture_visibility_is_mediapipes(alone: Answers) -> None:
    """Measured: 95th percentile 0.006 of 0.005."""
    assert np.percentile(alone.visibility["rgb"], 95) < 0.015
    assert_within(alone.visibility["rgb"], alone.visibility["level"], (2 * MEDIAN, RARE))


def test_what_is_sampled_from_planes_differs_less_than_two_conversions_do(alone: Answers) -> None:
    """Measured: median 0.19 of 0.36 px, 95th percentile 1.2 of 1.7 px."""
    assert_within(alone.px["planes"], alone.px["conversion"], (0.8, 1.0))
    assert_within(alone.mm["planes"], alone.mm["conversion"], (0.8, 1.0))


@pytest.mark.parametrize("clip", CLIPS[::2])
def test_a_body_that_is_followed_and_smoothed_is_mediapipes(
    detector: Detector, landmarker: Landmarker, clip: str
) -> None:
    """Measured: 0.1 px each; 0.8 without smoothing, 0.6 with an edge that rises half as fast."""
    images = [(p.t_s, p.rgb()) for p in pictures_of(SAMPLES / f"{clip}.mp4", FOLLOWED)]
    pictures = [of_rgb(image, t_s - images[0][0]) for t_s, image in images]
    mediapipes = []
    for levels in (0, 1, -1):
        with _Landmarker(import_mediapipe(), load_model()) as mediapipe:
            seen = [mediapipe.detect(p, shifted(p.rgb(), levels)).people[0] for p in pictures]
        mediapipes.append((np.array([s.xy_px for s in seen]), np.array([s.world_m for s in seen])))
    region = detector.find(pictures[0])[0].region
    bodies, sides = [], []
    for picture in pictures:
        assert region is not None
        sides.append(region.side)
        bodies.append(landmarker.measure(picture, region))
        region = bodies[-1].region
    t_s, side = np.array([p.t_s for p in pictures]), float(np.median(sides))
    ours = (
        one_euro(
            t_s,
            np.array([body.xy_px for body in bodies]),
            edge_hz=PICTURE_EDGE_HZ,
            rise=PICTURE_RISE,
            unit=side,
        ),
        one_euro(
            t_s,
            np.array([body.world_m for body in bodies]),
            edge_hz=WORLD_EDGE_HZ,
            rise=WORLD_RISE,
        ),
    )
    for mine, expected, *others in zip(ours, *mediapipes, strict=True):
        found, *own = (
            np.linalg.norm(positions - expected, axis=-1) for positions in (mine, *others)
        )
        assert_within(found, np.concatenate(own), (2.0, 2.0))
