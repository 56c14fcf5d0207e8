"""Brightness, contrast and blur of pictures that were made so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from formcheck.video import VideoReader
from formcheck.video.light import edge_width, light_of
from tests.helpers.clips import Encoding, encode

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.video.light import Light

CORNERS = np.array([[60, 20], [180, 20], [180, 220], [60, 220]], dtype=float)
"""Of the body in the pictures."""


@pytest.mark.parametrize("sigma", [1.0, 2.0, 4.0, 8.0])
@pytest.mark.parametrize("height", [0.1, 0.8])
def test_width_of_a_blurred_edge(sigma: float, height: float) -> None:
    grey = np.zeros((256, 256), np.float32)
    grey[:, 128:] = height
    blurred = np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.float32)
    found = edge_width(blurred, np.ones(grey.shape, bool))
    assert found == pytest.approx(sigma, abs=0.3)  # slopes are those of pixels


def test_a_picture_without_edges_has_no_width() -> None:
    assert np.isnan(edge_width(np.full((64, 64), 0.5, np.float32), np.ones((64, 64), bool)))


def seen(path: Path, image: np.ndarray) -> Light:
    clip = encode(path, [image.astype(np.uint8)] * 3, Encoding(options={"crf": "1"}))
    with VideoReader(clip) as reader:
        found = light_of((picture, CORNERS) for picture in reader.pictures())
    assert found is not None
    return found


def test_only_the_body_is_looked_at(tmp_path: Path) -> None:
    image = np.full((240, 240, 3), 250)
    image[:, 40:200] = 40
    found = seen(tmp_path / "dark.mp4", image)
    assert found.brightness == pytest.approx(40 / 255, abs=0.02)
    assert found.contrast < 0.02
    assert found.burnt == 0.0
    white = seen(tmp_path / "white.mp4", np.full((240, 240, 3), 255))
    assert white.burnt == 1.0
    assert white.brightness == pytest.approx(1.0, abs=0.02)


def test_contrast_and_blur_of_stripes(tmp_path: Path) -> None:
    image = np.zeros((240, 240, 3))
    image[:, np.arange(240) % 40 < 20] = 200
    sharp = seen(tmp_path / "sharp.mp4", image)
    assert sharp.contrast == pytest.approx(100 / 255, abs=0.05)
    soft = seen(tmp_path / "soft.mp4", cv2.GaussianBlur(image, (0, 0), 3.0))
    assert sharp.blur_px < 1.5
    assert soft.blur_px == pytest.approx(3.0, rel=0.25)


def test_no_picture_has_no_light() -> None:
    assert light_of([]) is None
